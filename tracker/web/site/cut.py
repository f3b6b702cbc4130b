"""What a site is of: the filters, the log position and the day that all its pages share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.registers.names import resolve_issue_group, resolve_party
from tracker.domain.terms.vocabulary import Attribution
from tracker.presenting.filters import Filters

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Cut:
    """The question that every page of a site answers, with all that could move written out."""

    on: date
    position: int
    """The log's last entry that is in it."""
    hash: str
    parties: tuple[str, ...] = ()
    """Codes; none for all. The issues are paths of issues and groups."""
    issues: tuple[str, ...] = ()
    attribution: frozenset[Attribution] | None = None
    published_by: date | None = None

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """The filters and cut-offs as an address holds them."""
        found = [("party", party) for party in self.parties] + [("issue", issue) for issue in self.issues]
        if self.attribution:
            found.append(("attribution", ",".join(sorted(self.attribution))))
        found.append(("known_at", f"@{self.position}"))
        if self.published_by is not None:
            found.append(("published_by", self.published_by.isoformat()))
        return found

    @property
    def is_narrowed(self) -> bool:
        """Whether anything that was recorded by then is left out, so that the whole log may not show."""
        return len(self.pairs) > 1

    def has_party(self, party: str) -> bool:
        """Whether a party's own page belongs to the site."""
        return not self.parties or party in self.parties

    def has_issue(self, issue: str) -> bool:
        """Whether an issue's own page belongs to the site."""
        return not self.issues or any(f"{issue}/".startswith(f"{one}/") for one in self.issues)


def cut_of(snapshot: "Snapshot", filters: Filters, on: date | None) -> Cut:
    """Pin a question: today where it names no day, the log's head where it names no moment.

    Names are those known at the cut-off, so that they mean the same later. Raises TrackerError.
    """
    head = snapshot.head_at(filters.known_at)
    known = snapshot.registers(known_at=head.position)
    return Cut(
        on or snapshot.today,
        head.position,
        head.hash.hex(),
        tuple(dict.fromkeys(resolve_party(name, known.parties, known.issues) for name in filters.parties)),
        tuple(dict.fromkeys(resolve_issue_group(name, known.issues) for name in filters.issues)),
        filters.attribution or None,
        filters.published_by,
    )

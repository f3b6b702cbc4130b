"""The filters and cut-offs of a question as people wrote them, sorted out of all that they gave."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.domain.terms.scope import WHOLE_LIST, KnownAt, Listing, Query
from tracker.domain.terms.vocabulary import Attribution

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters and cut-offs of a query as the user wrote them."""

    parties: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    attribution: frozenset[Attribution] | None = None
    known_at: KnownAt | None = None
    published_by: date | None = None

    def narrowed(self, party: str | None, issue: str | None) -> "Filters":
        """The filters with one more party and issue."""
        parties = (*self.parties, party) if party else self.parties
        return replace(self, parties=parties, issues=(*self.issues, issue) if issue else self.issues)

    def query(self, snapshot: "Snapshot") -> Query:
        """The query with its names resolved against today's registers. Raises TrackerError for an unknown one."""
        given: Any = {"parties": self.parties, "issues": self.issues, "attributions": self.attribution}
        filters = {name: names for name, names in given.items() if names}
        return snapshot.query(**filters, known_at=self.known_at, published_by=self.published_by)


def take_filters(given: MutableMapping[str, Any]) -> Filters:
    """Take the filters and cut-offs out of the values of a question's parameters, by keyword."""
    return Filters(**{name: given.pop(name, default) for name, default in _FILTERS.items()})


def take_listing(given: MutableMapping[str, Any]) -> Listing:
    """Take what an answer lists out of the values of a question's parameters, by keyword."""
    return Listing(**{name: given.pop(name, None) or default for name, default in _LISTED.items()})


_FILTERS: Mapping[str, Any] = {field.name: field.default for field in fields(Filters)}
_LISTED: Mapping[str, Any] = {field.name: getattr(WHOLE_LIST, field.name) for field in fields(Listing)}

"""What was learned since an earlier report, as people read it: chains of corrections in one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from tracker.domain.log.kind_registry import Revision
from tracker.domain.report.context_revisions import LateContext
from tracker.domain.report.learned import LateEntry
from tracker.domain.timeline.statement import Value
from tracker.reports.names import CODES, Names
from tracker.reports.report.items import difference_text, occurrence_words
from tracker.reports.report.occurrences import OccurrenceGroup, group_key
from tracker.reports.report.revisions import RevisionChain, revision_chains
from tracker.reports.wording import (
    day_text,
    held_text,
    positions_text,
    stated_text,
    statement_marks,
    when_text,
    with_voice,
)

# --- of positions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PairLearned:
    """Late entries about one pair, and its stance as an earlier report knew it and as known now."""

    rows: tuple[LateEntry, ...]

    @property
    def chains(self) -> list[RevisionChain]:
        """The entries, with corrections of corrections in one."""
        return revision_chains(self.rows)

    @property
    def issue(self) -> str:
        """The issue."""
        return self.rows[0].statement.issue

    @property
    def party(self) -> str:
        """The party."""
        return self.rows[0].statement.party

    @property
    def from_value(self) -> Value | None:
        """The value as the earlier report knew it."""
        return held.value if (held := self.rows[0].before) else None

    @property
    def to_value(self) -> Value | None:
        """The value as known now."""
        return held.value if (held := self.rows[0].after) else None

    @property
    def signs(self) -> str:
        """The marks of both, for the legend."""
        held = (self.rows[0].before, self.rows[0].after)
        return "".join(statement_marks(one.attribution, one.standing) for one in held if one)

    @property
    def before(self) -> str:
        """The stance as the earlier report knew it, with its marks."""
        row = self.rows[0]
        return held_text(row.before, reworded=row.from_reworded, unit=row.unit)

    @property
    def after(self) -> str:
        """The stance as known now, with its marks."""
        row = self.rows[0]
        return held_text(row.after, reworded=row.reworded, unit=row.unit)


def learned_pairs(rows: Iterable[LateEntry]) -> Iterator[PairLearned]:
    """Gather late entries by pair."""
    ordered = sorted(rows, key=lambda row: row.pair)
    for _, found in groupby(ordered, key=lambda row: row.pair):
        yield PairLearned(tuple(found))


def learned_text(chain: RevisionChain) -> str:
    """An entry recorded since an earlier report, or a chain of corrections, in words."""
    row = chain.net
    assert isinstance(row, LateEntry)
    its = "" if row.of == "statement" else f"its {row.of} "
    stated, day = row.statement.stated_on, stated_text(row.statement.stated_on)
    match row.kind:
        case Revision.STATED | Revision.WITHDRAWN:
            what = f"{row.kind} {when_text(stated)}, recorded {day_text(row.entry.recorded_at.date())}"
        case Revision.LEFT_OUT:
            what = f"stated {when_text(stated)}, not public by that report's cut-off"
        case Revision.CORROBORATED:
            what = f"statement of {day} corroborated"
        case Revision.RETRACTED:
            what = f"statement of {day}: {its}retracted{chain.steps} ({chain.reasons})"
        case _:
            changed = difference_text(row.difference, row.unit)
            what = f"statement of {day}: {its}corrected, {changed}{chain.steps} ({chain.reasons})"
    return f"{what}: {with_voice(row.statement)}"


# --- of occurrences -------------------------------------------------------------------------------


class LearnedOccurrence(NamedTuple):
    """A late record of an occurrence or a chain of its revisions; or late records of members of a bloc on one day."""

    chains: tuple[RevisionChain, ...]

    @property
    def rows(self) -> list[LateContext]:
        """All entries."""
        return [row for chain in self.chains for row in chain.rows if isinstance(row, LateContext)]

    @property
    def places(self) -> str:
        """The log positions."""
        return positions_text([row.entry.position for row in self.rows])

    def text(self, names: Names = CODES) -> str:
        """The day, what happened, and how it was learned, in words."""
        happened = OccurrenceGroup(tuple(_net(chain).occurrence for chain in self.chains))
        words = happened.text(names) if len(happened.rows) > 1 else occurrence_words(happened.first, names)
        return f"{day_text(happened.first.on)}: {words} ({_how(self.chains[0])})"


def learned_occurrences(rows: Sequence[LateContext]) -> list[LearnedOccurrence]:
    """Gather what was learned of occurrences: chains of revisions, and members of a bloc on one day learned alike."""
    groups: dict[object, list[RevisionChain]] = {}
    for chain in revision_chains(rows):
        row = _net(chain)
        key = row.entry.id if _is_revision(row) else (group_key(row.occurrence), _how(chain))
        groups.setdefault(key, []).append(chain)
    return [LearnedOccurrence(tuple(chains)) for chains in groups.values()]


def _net(chain: RevisionChain) -> LateContext:
    row = chain.net
    assert isinstance(row, LateContext)
    return row


def _is_revision(row: LateContext) -> bool:
    return row.kind in (Revision.CORRECTED, Revision.RETRACTED)


def _how(chain: RevisionChain) -> str:
    """How an occurrence of earlier days came to be learned: recorded, corrected, retracted or public since."""
    row = _net(chain)
    if row.kind is Revision.LEFT_OUT:
        return "not public by that report's cut-off"
    if not _is_revision(row):
        return f"recorded {day_text(row.entry.recorded_at.date())}"
    changed = f", {difference_text(row.difference, row.occurrence.unit)}" if row.kind is Revision.CORRECTED else ""
    return f"{row.occurrence.noun} {row.kind}{changed}{chain.steps}: {chain.reasons}"

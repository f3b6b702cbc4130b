"""The change report in sections for readers: outcomes first, then who moved and how.

This is the one list of the sections. Formats differ in how they show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, takewhile
from typing import Any, NamedTuple

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.answers.learned import LateEntry
from tracker.domain.answers.relations import Relations, RelationShift
from tracker.domain.answers.report import Report
from tracker.domain.terms.numbers import counted
from tracker.domain.timeline.statement import WITHDRAWN, Statement, Value
from tracker.reports.answers import NARROW, most_rows
from tracker.reports.wording import day_text, stance_before

_MOVES = {Kind.REVERSED, Kind.TOWARDS, Kind.AWAY, Kind.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class PairBrief:
    """The changes of one pair: the first, the last, those worth reading, and the others.

    `conditions` has the conditions that statements state, by event id.
    """

    issue: str
    party: str
    first: Change
    last: Change
    steps: tuple[Change, ...]
    reaffirmed: tuple[Change, ...]
    conditions: Mapping[str, tuple[str, ...]]

    @property
    def from_value(self) -> Value | None:
        """The value before the changes."""
        return self.first.from_value

    @property
    def before(self) -> str:
        """The stance before the changes, with its marks."""
        return stance_before(self.first.from_value, self.first.from_attribution, reworded=self.first.from_reworded)

    @property
    def anchor(self) -> str:
        """The section of the pair: it is under moved if it moved at all."""
        kinds = {step.kind for step in self.steps}
        if not kinds:
            return "reaffirmed"
        return "moved" if kinds & _MOVES else "new" if Kind.NEW in kinds else "amended"


@dataclass(frozen=True, slots=True)
class PairLearned:
    """Late entries about one pair, and its stance as an earlier report knew it and as known now."""

    issue: str
    party: str
    from_value: Value | None
    to_value: Value | None
    rows: tuple[LateEntry, ...]

    @property
    def before(self) -> str:
        """The stance as the earlier report knew it."""
        return stance_before(self.from_value)


class RelationBrief(NamedTuple):
    """The changes of a party's relations to others that stayed where they were; or that of two that both moved."""

    shifts: tuple[RelationShift, ...]

    @property
    def now(self) -> tuple[Statement, ...]:
        """The statements of all parties on the last day, the mover's first."""
        both = [mover_first(shift) for shift in self.shifts]
        return (both[0][0][1], *(other[1] for _, other in both))


class Section(NamedTuple):
    """A section that is not empty: its anchor, its heading, its items, and a word for one of them and for several.

    Of many items `rows` has the first ones; there are `more`.
    """

    anchor: str
    heading: str
    rows: Sequence[Any]
    one: str
    several: str
    more: int = 0

    @property
    def number(self) -> int:
        """The number of all items."""
        return len(self.rows) + self.more

    @property
    def cut(self) -> str:
        """A sentence on the items that are not shown; empty if all are."""
        return f"Only the first {len(self.rows):,} of {self.number:,} are shown. {NARROW}" if self.more else ""


def sections(report: Report) -> list[Section]:
    """The sections of a report that are not empty, in reading order; each pair with changes is in one."""
    pairs: dict[str, list[PairBrief]] = {"moved": [], "amended": [], "new": [], "reaffirmed": []}
    for _, rows in groupby(report.changes, key=lambda change: (change.issue, change.party)):
        pair = _pair(tuple(rows), report.conditions)
        pairs[pair.anchor].append(pair)
    since = f"Learned since log position {report.known_from} about the days up to {day_text(report.from_day)}"
    found = (
        Section("outcomes", "Outcomes", [row for row in report.context if row.kind == "closed"], "outcome", "outcomes"),
        Section("moved", "Moved", pairs["moved"], "position moved", "positions moved"),
        Section("amended", "Amended conditions", pairs["amended"], "amended", "amended"),
        Section("new", "New on record", pairs["new"], "new", "new"),
        Section("reaffirmed", "Reaffirmed only", pairs["reaffirmed"], "reaffirmed", "reaffirmed"),
        Section(
            "relations",
            "Relations that changed",
            _relation_briefs(report.relations),
            "change of relations",
            "changes of relations",
        ),
        Section(
            "learned",
            since,
            [*_learned(report.learned or ()), *(report.learned_context or ())],
            "learned late",
            "learned late",
        ),
        Section(
            "corrections",
            "Our corrections (no party moved)",
            report.corrections,
            "correction of ours",
            "corrections of ours",
        ),
        Section(
            "context",
            "Context",
            [row for row in report.context if row.kind != "closed"],
            "event of context",
            "events of context",
        ),
    )
    return [_first_items(section) for section in found if section.rows]


def _first_items(section: Section) -> Section:
    """Leave out the items of a section beyond the number of lines that people are shown, but not the first one."""
    lines = accumulate(map(_lines, section.rows))
    shown = max(1, sum(1 for _ in takewhile(lambda number: number <= most_rows(_COLUMNS), lines)))
    return section._replace(rows=section.rows[:shown], more=len(section.rows) - shown)


_COLUMNS = 3
"""A line of a report has a day, a word and a text."""


def _lines(item: Any) -> int:
    match item:
        case PairBrief():
            return 1 + len(item.steps) + len(item.reaffirmed)
        case PairLearned():
            return 1 + len(item.rows)
        case RelationBrief():
            return len(item.now)
        case _:
            return 1


def counts_text(found: Sequence[Section]) -> str:
    """The first line of a report: how much is in each section, positions counted by party and issue."""
    counts = (counted(section.number, section.one, section.several) for section in found)
    return ", ".join(counts) or "Nothing changed."


def _pair(rows: Sequence[Change], conditions: Mapping[str, tuple[str, ...]]) -> PairBrief:
    steps = tuple(row for row in rows if not _repeats(row))
    others = tuple(row for row in rows if _repeats(row))
    return PairBrief(rows[0].issue, rows[0].party, rows[0], rows[-1], steps, others, conditions)


def _repeats(row: Change) -> bool:
    """Whether a step changes nothing: a reaffirmation, or a withdrawal where there was no stance."""
    return row.kind is Kind.REAFFIRMED or (row.kind is Kind.WITHDRAWN and row.from_value in (None, WITHDRAWN))


def _learned(rows: Sequence[LateEntry]) -> Iterator[PairLearned]:
    ordered = sorted(rows, key=lambda row: (row.issue, row.party))
    for (issue, party), found in groupby(ordered, key=lambda row: (row.issue, row.party)):
        first, *others = found
        yield PairLearned(issue, party, first.from_value, first.to_value, (first, *others))


def mover_first(shift: RelationShift) -> tuple[tuple[Statement, Statement], tuple[Statement, Statement]]:
    """The statements of both parties on both days; of two parties the one that moved alone comes first."""
    alone = shift.one[0].value is shift.one[1].value and shift.other[0].value is not shift.other[1].value
    return (shift.other, shift.one) if alone else (shift.one, shift.other)


def _relation_briefs(relations: Relations) -> list[RelationBrief]:
    """Gather the changes that one party's move made, the same way, on one issue."""
    found: dict[tuple[object, ...], list[RelationShift]] = {}
    for shift in relations:
        mover, other = mover_first(shift)
        both = other[1].party if other[0].value is not other[1].value else None
        key = (shift.issue, mover[1].party, both, shift.from_relation, shift.to_relation)
        found.setdefault(key, []).append(shift)
    return [RelationBrief(tuple(shifts)) for shifts in found.values()]

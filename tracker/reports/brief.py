"""The change report as a reader wants it: outcomes first, then who moved and how, what is new, and what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.corrections import Correction
from tracker.domain.answers.learned import LateContext, LateEntry
from tracker.domain.answers.relations import Relations
from tracker.domain.answers.report import Report
from tracker.domain.timeline.statement import WITHDRAWN, Value

MOVES = (Kind.REVERSED, Kind.TOWARDS, Kind.AWAY, Kind.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class PairBrief:
    """What one party did on one issue: where it stood, its last step, the steps worth reading, the rest counted."""

    issue: str
    party: str
    from_value: Value | None
    last: Change
    steps: tuple[Change, ...]
    reaffirmed: int


@dataclass(frozen=True, slots=True)
class PairLearned:
    """What was learned late about one pair: its stance as an earlier report knew it and as known now, and why."""

    issue: str
    party: str
    from_value: Value | None
    to_value: Value | None
    rows: tuple[LateEntry, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The parts of a change report in reading order; each pair that did something stands in one of them."""

    outcomes: tuple[ContextRow, ...]
    moved: tuple[PairBrief, ...]
    amended: tuple[PairBrief, ...]
    new: tuple[PairBrief, ...]
    reaffirmed: tuple[PairBrief, ...]
    relations: Relations
    learned: tuple[PairLearned, ...]
    learned_context: tuple[LateContext, ...]
    corrections: tuple[Correction, ...]
    milestones: tuple[ContextRow, ...]


def brief(report: Report) -> Brief:
    """Sort a report's rows for reading: a pair that moved at all stands under moved, with every step it took."""
    pairs = [_pair(list(rows)) for _, rows in groupby(report.changes, key=lambda change: (change.issue, change.party))]
    return Brief(
        outcomes=tuple(row for row in report.context if row.kind == "closed"),
        moved=_with(pairs, MOVES, ()),
        amended=_with(pairs, (Kind.AMENDED,), (*MOVES, Kind.NEW)),
        new=_with(pairs, (Kind.NEW,), MOVES),
        reaffirmed=tuple(pair for pair in pairs if not pair.steps),
        relations=report.relations,
        learned=_learned(report.learned or ()),
        learned_context=report.learned_context or (),
        corrections=report.corrections,
        milestones=tuple(row for row in report.context if row.kind == "milestone"),
    )


def _pair(rows: Sequence[Change]) -> PairBrief:
    steps = tuple(row for row in rows if not repeats(row))
    first, last = rows[0], rows[-1]
    return PairBrief(first.issue, first.party, first.from_value, last, steps, len(rows) - len(steps))


def repeats(row: Change) -> bool:
    """Whether a step leaves things as they were: a reaffirmation, or the withdrawal of what was no stance any more."""
    return row.kind is Kind.REAFFIRMED or (row.kind is Kind.WITHDRAWN and row.from_value in (None, WITHDRAWN))


def _learned(rows: Sequence[LateEntry]) -> tuple[PairLearned, ...]:
    ordered = sorted(rows, key=lambda row: (row.issue, row.party))
    grouped = ((pair, tuple(found)) for pair, found in groupby(ordered, key=lambda row: (row.issue, row.party)))
    return tuple(
        PairLearned(issue, party, found[0].from_value, found[0].to_value, found) for (issue, party), found in grouped
    )


def _with(pairs: Iterable[PairBrief], kinds: Sequence[Kind], without: Sequence[Kind]) -> tuple[PairBrief, ...]:
    return tuple(
        pair
        for pair in pairs
        if any(step.kind in kinds for step in pair.steps) and not any(step.kind in without for step in pair.steps)
    )

"""The timelines of pairs, and the stance in effect on a day (DESIGN section 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

from tracker.domain.log.events import PositionEvent
from tracker.domain.terms.dates import days_before
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import CONTEST_DAYS
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.public_evidence import PublicEvidence
from tracker.domain.timeline.replay import Replay, is_public, published_days
from tracker.domain.timeline.state import Cell, cell_of, contests
from tracker.domain.timeline.statement import Pair, Statement

Timeline = Sequence[Statement]
"""The counting statements of one pair, in order. A query may hold only the part that its answer needs."""


class Timelines(NamedTuple):
    """The timelines of a query, by pair in order, and how many statements were left out as no dated source has them."""

    by_pair: Mapping[Pair, Timeline]
    undated: int = 0


def timelines(history: Replay, scope: Scope, *, up_to: date, published_by: date | None = None) -> Timelines:
    """Return the statements that took effect up to a day (inclusive), in scope and public by a day, by pair.

    Each has the evidence that was public by then.
    """
    published = {} if published_by is None else published_days(history)
    evidence = PublicEvidence(history, published_by)
    by_pair: dict[Pair, list[Statement]] = {}
    undated = 0
    for version in history.counting:
        if not isinstance(version.event, PositionEvent):
            continue
        statement = version.statement
        if not statement.is_in(scope) or statement.on > up_to:
            continue
        public_on = published.get(version.rank)
        if published_by is not None and public_on is None:
            undated += 1
        if is_public(public_on, published_by):
            by_pair.setdefault(statement.pair, []).append(evidence.of(statement))
    return Timelines({pair: tuple(in_order(by_pair[pair])) for pair in sorted(by_pair)}, undated)


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Sort statements in the order of a timeline: by effective day, then sequence, then rank."""
    return sorted(statements, key=attrgetter("place"))


@dataclass(frozen=True, slots=True)
class StanceInEffect:
    """The stance in effect on a day, and the unbroken run of equal stances that it ends.

    `run` holds the run's statements, the last first; `conditions_from` is the statement that states the conditions in
    force; `contested_by` holds the recent differing statements by other speakers.
    """

    statement: Statement
    run: tuple[Statement, ...]
    conditions_from: Statement | None
    contested_by: tuple[Statement, ...]

    @property
    def since(self) -> date:
        """The effective day of the first statement in the run."""
        return self.run[-1].on

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions in force."""
        return (self.conditions_from.conditions or ()) if self.conditions_from else ()

    def cell(self, around: Circumstances) -> Cell:
        """Build the cell of the state, with what holds beside positions on that day."""
        return cell_of(
            self.statement,
            first=self.run[-1],
            statements=len(self.run),
            conditions_from=self.conditions_from,
            contested_by=self.contested_by,
            around=around,
        )


def last_on(timeline: Timeline, on: date) -> Statement | None:
    """Return the statement in effect on a day (inclusive), or None if nothing was on record by then."""
    return next((statement for statement in reversed(timeline) if statement.on <= on), None)


def in_effect(timeline: Timeline, on: date) -> StanceInEffect | None:
    """Return the stance in effect on a day (inclusive), or None if nothing was on record by then."""
    known = [statement for statement in timeline if statement.on <= on]
    if not known:
        return None
    last = known[-1]
    run = tuple(takewhile(lambda statement: statement.value is last.value, reversed(known)))
    conditions_from = next((statement for statement in run if statement.conditions is not None), None)
    return StanceInEffect(last, run, conditions_from, _contesting(known[:-1], last))


def _contesting(earlier: Timeline, last: Statement) -> tuple[Statement, ...]:
    since = days_before(last.first_day, CONTEST_DAYS)
    recent = takewhile(lambda statement: statement.on >= since, reversed(earlier))
    return tuple(statement for statement in recent if contests(statement, last))

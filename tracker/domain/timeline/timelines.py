"""The timelines of pairs: their statements, and what orders them (DESIGN section 6)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.log.events import PositionEvent
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.counting import Replay
from tracker.domain.timeline.publication import PublicEvidence, is_public, published_days
from tracker.domain.timeline.statement import Pair, Statement

Timeline = Sequence[Statement]
"""The counting statements of one pair, in order. A query may hold only the part that its answer needs."""

Place = tuple[date, int, int]
"""A place on the timeline of a pair: effective day, sequence, rank."""


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


def place_of(statement: Statement) -> Place:
    """Return the place of a statement on its pair's timeline."""
    return statement.on, statement.sequence, statement.rank


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Sort statements in the order of a timeline: by effective day, then sequence, then rank."""
    return sorted(statements, key=place_of)


def last_on(timeline: Timeline, on: date) -> Statement | None:
    """Return the statement in effect on a day (inclusive), or None if nothing was on record by then."""
    return next((statement for statement in reversed(timeline) if statement.on <= on), None)

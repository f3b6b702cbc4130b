"""The timeline of one pair, and the order of its statements: effective day, sequence, rank (DESIGN section 6).

SQL has the same order from `order` and `place_in` in `storage/projections/counting.py`.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.domain.timeline.statement import Statement

Timeline = Sequence[Statement]
"""The counting statements of one pair, in order. A query may hold only the part that its answer needs."""

Place = tuple[date, int, int]
"""A place on the timeline of a pair: effective day, sequence, rank."""


def place_of(statement: Statement) -> Place:
    """Return the place of a statement on its pair's timeline."""
    return statement.on, statement.sequence, statement.rank


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Sort statements in the order of a timeline: by effective day, then sequence, then rank."""
    return sorted(statements, key=place_of)


def last_on(timeline: Timeline, on: date) -> Statement | None:
    """Return the statement in effect on a day (inclusive), or None if nothing was on record by then."""
    return next((statement for statement in reversed(timeline) if statement.on <= on), None)

"""Which versions of entries count at a cut-off, and which are of a rank, as SQL."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, FromClause, and_, literal, or_

from tracker.storage.schema import log

root = log.alias("root")
"""The first entry of a chain of corrections, whose position is the rank of each of its versions."""


def counts(table: FromClause, known_at: int | None = None) -> ColumnElement[bool]:
    """Whether a row counted when the log ended at a position (today, without one)."""
    if known_at is None:
        return table.c.ended_at.is_(None)
    return counts_at(table, literal(known_at))


def counts_at(table: FromClause, known_at: ColumnElement[int]) -> ColumnElement[bool]:
    """As `counts`, at a position that is itself worked out."""
    return and_(table.c.position <= known_at, or_(table.c.ended_at.is_(None), table.c.ended_at > known_at))


def of_rank(table: FromClause, test: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Whether a version's rank passes a test: the first of a chain by its position, the others by an index of few."""
    return or_(test(table.c.position), and_(test(table.c.rank), table.c.rank != table.c.position))

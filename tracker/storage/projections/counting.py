"""SQL conditions on versions: those that count at a cut-off, and those of a rank."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, FromClause, and_, literal, or_

from tracker.storage.schema import log

root = log.alias("root")
"""The first entry in a chain of corrections."""


def counts(table: FromClause, known_at: int | None = None) -> ColumnElement[bool]:
    """Return the condition that a row counts at a log position (today by default)."""
    if known_at is None:
        return table.c.ended_at.is_(None)
    return counts_at(table, literal(known_at))


def counts_at(table: FromClause, known_at: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition of `counts`, at a position that is an SQL expression."""
    return and_(table.c.position <= known_at, or_(table.c.ended_at.is_(None), table.c.ended_at > known_at))


def of_rank(table: FromClause, test: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the condition that a version's rank passes a test.

    The first version of a chain is found by its position, corrections by a small partial index.
    """
    return or_(test(table.c.position), and_(test(table.c.rank), table.c.rank != table.c.position))

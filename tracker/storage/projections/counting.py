"""SQL on versions: their lines, those that count at a cut-off or have a rank, and their order (DESIGN section 6)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, literal_column, or_, select, tuple_

from tracker.storage.backends.compiled_query import parameter
from tracker.storage.schema import log, statement

root = log.alias("root")
"""The first entry in a chain of corrections."""


def stored_lines(table: FromClause) -> Select[Any]:
    """Select versions as they are stored: the line, the rank, and the type of the first entry in the chain."""
    return (
        select(log.c.line, table.c.rank, root.c.type)
        .join_from(table, log, log.c.position == table.c.position)
        .join(root, root.c.position == table.c.rank)
    )


def counts(table: FromClause, known_at: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """Return the condition that a row counts at a log position (today by default)."""
    if known_at is None:
        return table.c.ended_at.is_(None)
    return and_(table.c.position <= known_at, or_(table.c.ended_at.is_(None), table.c.ended_at > known_at))


def of_rank(table: FromClause, test: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the condition that a version's rank passes a test.

    The first version of a chain is found by its position, corrections by a small partial index.
    """
    return or_(test(table.c.position), and_(test(table.c.rank), table.c.rank != table.c.position))


def order(table: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that sort a pair's timeline."""
    return table.c.effective_on, table.c.sequence, table.c.rank


def latest_first(table: FromClause) -> list[ColumnElement[Any]]:
    """Return the columns that sort a pair's timeline, the latest first."""
    return [column.desc() for column in order(table)]


def place_in(table: FromClause) -> Any:
    """Return a statement's place on its pair's timeline."""
    return tuple_(*order(table))


def has_value(table: FromClause, value: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a statement has the value of a parameter.

    SQLite compiles a query anew each time that it runs (100 µs) if it compares a parameter with a column that a partial
    index names, so this is an expression: the index might hold for one value and not for another.
    """
    return table.c.value.concat(literal_column("''")) == value


def place_parameters(prefix: str = "") -> Any:
    """Return a place whose parts are parameters, with the names of their columns after a prefix."""
    return tuple_(*(parameter(column, f"{prefix}{column.key}") for column in order(statement)))


HERE = place_parameters()

"""Read the log's entries in order, a chunk at a time."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, and_, select

from tracker.domain.log.entries import Entry, entry_of
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, Rows, parameter
from tracker.storage.schema import log

CHUNK = 1_000
"""Number of entries per read or write."""
Progress = Callable[[int], None]
"""Callback with the number of entries processed since the last call."""


def entries(connection: Connection) -> Iterator[Entry]:
    """Yield the entries in order. Raises LogDamaged for one that cannot be read."""
    return (entry_of(row.line, row.position) for row in rows(connection))


def rows(connection: Connection, *, after: int = 0) -> Iterator[Any]:
    """Yield the log's rows after a position, in order, a chunk at a time."""
    wanted = select(log).order_by(log.c.position).limit(CHUNK)
    while chunk := connection.execute(wanted.where(log.c.position > after)).all():
        yield from chunk
        after = chunk[-1].position


def hashed_lines(connection: AnyConnection, *, after: int = 0) -> Iterator[tuple[int, str, bytes]]:
    """Yield the position, line and hash of the entries after a position, in order, a chunk at a time."""
    while chunk := _HASHED_LINES.rows(connection, {"after": after}):
        yield from chunk
        after = chunk[-1][0]


def hashed_lines_between(connection: AnyConnection, after: int, up_to: int) -> Rows:
    """Return the position, line and hash of the entries after a position and up to another, in order."""
    return _HASHED_LINES_BETWEEN.rows(connection, {"after": after, "up_to": up_to})


def rows_backwards(connection: Connection) -> Iterator[Any]:
    """Yield the log's rows from the last one on, a chunk at a time."""
    wanted = select(log).order_by(log.c.position.desc()).limit(CHUNK)
    chunk = connection.execute(wanted).all()
    while chunk:
        yield from chunk
        chunk = connection.execute(wanted.where(log.c.position < chunk[-1].position)).all()


def lines_between(connection: AnyConnection, after: int, up_to: int) -> Rows:
    """Return the position, id and line of the entries after a position and up to another, in order."""
    return _LINES_BETWEEN.rows(connection, {"after": after, "up_to": up_to})


_BETWEEN = and_(
    log.c.position > parameter(log.c.position, "after"), log.c.position <= parameter(log.c.position, "up_to")
)
_HASHED_LINES_BETWEEN = CompiledQuery(
    select(log.c.position, log.c.line, log.c.hash).where(_BETWEEN).order_by(log.c.position)
)
_HASHED_LINES = CompiledQuery(
    select(log.c.position, log.c.line, log.c.hash)
    .where(log.c.position > parameter(log.c.position, "after"))
    .order_by(log.c.position)
    .limit(CHUNK)
)
_LINES_BETWEEN = CompiledQuery(select(log.c.position, log.c.id, log.c.line).where(_BETWEEN).order_by(log.c.position))

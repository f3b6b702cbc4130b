"""Read the log's entries in order, a chunk at a time."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from tracker.domain.log.entries import Entry, entry_of
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, parameter
from tracker.storage.schema import log

CHUNK = 1_000
"""Number of entries per read or write."""
Progress = Callable[[int], None]
"""Callback with the number of entries processed since the last call."""


def entries(connection: Connection, *, after: int = 0, up_to: int | None = None) -> Iterator[Entry]:
    """Yield the entries after a position, in order. Raises LogDamaged for one that cannot be read."""
    return (entry_of(row.line, row.position) for row in rows(connection, after=after, up_to=up_to))


def rows(connection: Connection, *, after: int = 0, up_to: int | None = None) -> Iterator[Any]:
    """Yield the log's rows after a position, in order, a chunk at a time."""
    wanted = select(log).order_by(log.c.position).limit(CHUNK)
    if up_to is not None:
        wanted = wanted.where(log.c.position <= up_to)
    while chunk := connection.execute(wanted.where(log.c.position > after)).all():
        yield from chunk
        after = chunk[-1].position


def lines(connection: AnyConnection, *, after: int = 0) -> Iterator[tuple[int, str, str]]:
    """Yield the position, id and line of every entry after a position, in order, a chunk at a time."""
    while chunk := _LINES.rows(connection, {"after": after}):
        yield from chunk
        after = chunk[-1][0]


_LINES = CompiledQuery(
    select(log.c.position, log.c.id, log.c.line)
    .where(log.c.position > parameter(log.c.position, "after"))
    .order_by(log.c.position)
    .limit(CHUNK)
)

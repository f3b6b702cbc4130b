"""Read the log itself, within one snapshot."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.domain.log.entries import Entry, entry_of
from tracker.errors import UnknownEntry
from tracker.storage.log.reader import rows


class LogRow(NamedTuple):
    """An entry and its hash in the chain."""

    entry: Entry
    hash: bytes


def log_rows(connection: Connection, *, after: int = 0, limit: int | None = None) -> Iterator[LogRow]:
    """The entries after a log position, in order, read as they are consumed. Raises LogDamaged."""
    for row in islice(rows(connection, after=after), limit):
        yield LogRow(entry_of(row.line, row.position), row.hash)


def recorded_on(connection: Connection, position: int) -> date:
    """The day (UTC) on which the entry at a position was recorded. Raises UnknownEntry."""
    found = next(log_rows(connection, after=position - 1, limit=1), None)
    if found is None or found.entry.position != position:
        raise UnknownEntry(f"@{position}")
    return found.entry.recorded_at.date()

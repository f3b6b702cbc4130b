"""The entries of the log with their hashes, forwards and backwards."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice, takewhile
from typing import Any, NamedTuple

from tracker.domain.log.entries import Entry, LogLine, entry_of, log_line
from tracker.errors import UnknownEntry
from tracker.questions.paged_rows import PagedRows
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.log import event_log
from tracker.storage.log.reader import CHUNK, hashed_lines_between, rows, rows_backwards


class LogRow(NamedTuple):
    """An entry and its hash in the chain."""

    entry: Entry
    hash: bytes


Test = Callable[[Entry], bool]


def entries_after(log: Transaction, after: int, where: Test | None = None) -> Iterator[LogRow]:
    """Yield the entries after a position that pass a test, in order. Raises PositionAhead or LogDamaged."""
    event_log.head(log, at=after)
    return _passing(rows(log.core, after=after), where)


def last_entries(log: Transaction, number: int, *, after: int, where: Test | None = None) -> list[LogRow]:
    """Return the last entries after a position that pass a test, in order. Raises PositionAhead or LogDamaged."""
    event_log.head(log, at=after)
    newer = takewhile(lambda row: row.position > after, rows_backwards(log.core))
    return list(islice(_passing(newer, where), number))[::-1]


def recorded_on(log: Transaction, position: int) -> date:
    """Return the day (UTC) on which an entry was recorded. Raises PositionAhead or UnknownEntry."""
    event_log.head(log, at=position)
    found = next(entries_after(log, position - 1), None)
    if found is None or found.entry.position != position:
        raise UnknownEntry(f"@{position}")
    return found.entry.recorded_at.date()


def _passing(stored: Iterable[Any], where: Test | None) -> Iterator[LogRow]:
    for row in stored:
        entry = entry_of(row.line, row.position)
        if where is None or where(entry):
            yield LogRow(entry, row.hash)


def log_rows(log: Transaction, after: int, limit: int | None) -> PagedRows[LogLine]:
    """Return the entries after a log position as a list shows them, `limit` of them at most. Raises PositionAhead."""
    event_log.head(log, at=after)
    head = event_log.head(log)
    end = head.position if limit is None else min(after + limit, head.position)
    ranges = ((first, min(first + CHUNK, end)) for first in range(after, end, CHUNK))
    return PagedRows(log, head, _read_lines, ranges)


def _read_lines(log: Transaction, page: tuple[int, int]) -> Iterable[LogLine]:
    after, up_to = page
    lines = hashed_lines_between(log, after, up_to)
    return [log_line(line, chain_hash, position) for position, line, chain_hash in lines]

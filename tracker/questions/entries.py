"""The entries of the log with their hashes, forwards and backwards."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, takewhile
from typing import Any, NamedTuple

from tracker.domain.log.chain import LogHead
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


LOOKED_THROUGH = 20_000
"""How many entries a page of the log is looked for among at most."""
ShowsLine = Callable[[LogLine], bool]


class StoredLine(NamedTuple):
    """An entry's line in a list of the log, and its canonical line."""

    line: LogLine
    stored: str

    @property
    def entry(self) -> Entry:
        """The entry with its event. Raises LogDamaged."""
        return entry_of(self.stored, self.line.position)


class LogPage(NamedTuple):
    """The entries of a page of the log, in order, of those after a position and up to another.

    `head` is the log's last entry. More may be found before and after the positions that were looked through.
    """

    found: Sequence[StoredLine]
    after: int
    up_to: int
    head: LogHead

    @property
    def lines(self) -> list[LogLine]:
        """The entries as a list shows them."""
        return [one.line for one in self.found]


def page_after(log: Transaction, after: int, limit: int, where: ShowsLine | None = None) -> LogPage:
    """Return the first entries after a position that pass a test. Raises PositionAhead or LogDamaged."""
    event_log.head(log, at=after)
    head = event_log.head(log)
    end, found, seen = min(after + LOOKED_THROUGH, head.position), list[StoredLine](), after
    while seen < end and len(found) < limit:
        up_to = min(seen + (CHUNK if where else min(CHUNK, limit)), end)
        for one in _stored(log, seen, up_to, where):
            found.append(one)
            if len(found) == limit:
                up_to = one.line.position
                break
        seen = up_to
    return LogPage(found, after, seen, head)


def page_before(
    log: Transaction, before: int | None, limit: int, where: ShowsLine | None = None, *, after: int = 0
) -> LogPage:
    """Return the last entries before a position (all by default) and after another that pass a test.

    Raises PositionAhead or LogDamaged.
    """
    event_log.head(log, at=after)
    head = event_log.head(log)
    up_to = head.position if before is None else min(before - 1, head.position)
    least, found, seen = max(after, up_to - LOOKED_THROUGH), list[StoredLine](), max(up_to, after)
    while seen > least and len(found) < limit:
        first = max(seen - (CHUNK if where else min(CHUNK, limit)), least)
        for one in reversed(_stored(log, first, seen, where)):
            found.append(one)
            if len(found) == limit:
                first = one.line.position - 1
                break
        seen = first
    return LogPage(found[::-1], seen, max(up_to, after), head)


def _stored(log: Transaction, after: int, up_to: int, where: ShowsLine | None) -> list[StoredLine]:
    read = hashed_lines_between(log, after, up_to)
    lines = (StoredLine(log_line(line, chain_hash, position), line) for position, line, chain_hash in read)
    return [one for one in lines if where is None or where(one.line)]


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

"""Read the log in batches for a rebuild: projection rows derived from most entries, the others as they are stored."""

from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from functools import cache
from itertools import compress, islice

from sqlalchemy import Connection, Engine

from tracker.domain.log.entries import entry_of
from tracker.domain.log.upcasting import upcast
from tracker.errors import TrackerError
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.sqlite import SQLite
from tracker.storage.backends.transactions import open_database, reading
from tracker.storage.log.event_log import head
from tracker.storage.log.reader import CHUNK, lines
from tracker.storage.maintenance.stored_entries import UNREADABLE, StoredEntry, stored_entries, targets_of
from tracker.storage.projections.rows import DerivedRow, row_from
from tracker.workers import map_ordered

DerivedBatch = tuple[Sequence[int], Sequence[DerivedRow | None], Sequence[StoredEntry]]
"""Entries in order: their positions, the rows derived from them, and the stored entries of those that have none.

An entry has none if it is about another one, or if another one of the batch is about it.
"""


def read_derived(connection: Connection, backend: Backend) -> Generator[DerivedBatch, None, None]:
    """Yield all entries of the log; closing the generator ends the workers. Raises LogDamaged.

    Workers read a SQLite file on connections of their own, where they see the same committed entries. After a batch
    that does not end where it should, because its entries are not committed yet or a worker could not read them, this
    connection reads on. A server would ask for the password again, and has processors of its own.
    """
    after = 0
    if backend.file is not None:
        tasks = ((str(backend.file), start) for start in range(0, head(connection).position, CHUNK))
        with closing(map_ordered(read_committed, tasks, locally=lambda _, start: _read(connection, start))) as batches:
            for batch in batches:
                if not batch[0]:
                    break
                yield batch
                expected, after = after + CHUNK, batch[0][-1]
                if after != expected:
                    break
    while (batch := _read(connection, after))[0]:
        yield batch
        after = batch[0][-1]


def read_committed(path: str, after: int) -> DerivedBatch:
    """Read a batch of a SQLite file in a worker; nothing if that fails, as the caller then says why."""
    with suppress(TrackerError):
        engine, backend = _opened(path)
        with reading(engine, backend) as begun, backend.in_bulk(begun.core):
            return _read(begun.core, after)
    return (), (), ()


@cache
def _opened(path: str) -> tuple[Engine, Backend]:
    backend = SQLite(path)
    return open_database(backend, as_it_is=True), backend


def _read(connection: Connection, after: int) -> DerivedBatch:
    rows = list(islice(lines(connection, after=after), CHUNK))
    try:
        entries = stored_entries(rows)
        targets = targets_of(entries)
        derived = [None if one.id in targets else row_from(one.kind, upcast(one.type, one.data)) for one in entries]
    except UNREADABLE:
        for position, _, line in rows:
            entry_of(line, position)  # names the entry that cannot be read, if one cannot
        raise
    others = list(compress(entries, [row is None for row in derived]))
    return [one.position for one in entries], derived, others

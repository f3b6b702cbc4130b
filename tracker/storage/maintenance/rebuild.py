"""Derive the projections again from the log, whose entries worker processes read and derive rows from."""

from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import compress

from sqlalchemy import Connection

from tracker.domain.log.entries import entry_of
from tracker.domain.log.upcasting import upcast
from tracker.errors import LogDamaged
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.in_worker import read_in_worker
from tracker.storage.log.event_log import head
from tracker.storage.log.reader import CHUNK, Progress, read_lines
from tracker.storage.maintenance.stored_entries import (
    UNREADABLE,
    ReplayedEntry,
    StoredEntry,
    replay_entries,
    stored_entries,
    targets_of,
    unreadable_entry,
)
from tracker.storage.projections.projection_writer import ProjectionWriter, reset_projections
from tracker.storage.projections.registrations import SOURCE
from tracker.storage.projections.rows import DerivedRow, StatementRow, row_from
from tracker.workers import map_ordered

DerivedBatch = tuple[Sequence[int], Sequence[DerivedRow | None], Sequence[StoredEntry]]
"""Entries in order: their positions, the rows derived from them, and the stored entries of those that have none.

An entry has none if it is about another one, or if another one of the batch is about it.
"""


def rebuild(connection: Connection, backend: Backend, *, progress: Progress = lambda _: None) -> int:
    """Empty the projections and derive them again. Returns the number of entries. Raises LogDamaged."""
    done = 0
    with backend.in_bulk(connection):
        reset_projections(connection)
        writer = ProjectionWriter(connection, backend, from_nothing=True, indexes_late=True)
        with closing(_read_derived(connection, backend)) as batches:
            for batch in batches:
                _project(connection, batch, writer)
                writer.flush()
                done += len(batch[0])
                progress(len(batch[0]))
        writer.finish()
    return done


def _project(connection: Connection, batch: DerivedBatch, writer: ProjectionWriter) -> None:
    """Project entries: most by rows that are derived from them alone, those in chains of corrections as versions."""
    positions, rows, others = batch
    replayed = list(replay_entries(connection, others, projected=False))
    statements = [row for row in rows if isinstance(row, StatementRow)]
    writer.prefetch([row.pair for row in statements])
    sources = {row.source for row in statements}.union(
        one.version.source for one in replayed if isinstance(one, ReplayedEntry)
    )
    writer.registrations.prefetch([(SOURCE, source) for source in sources if source is not None])
    following = iter(replayed)
    for position, row in zip(positions, rows, strict=True):
        if row is not None:
            writer.add(row, position)
        elif isinstance(one := next(following), LogDamaged):
            raise one
        else:
            try:
                writer.project(one.version, one.target, statement_rank=one.statement_rank)
            except UNREADABLE as error:
                raise unreadable_entry(position, error) from error


def _read_derived(connection: Connection, backend: Backend) -> Generator[DerivedBatch, None, None]:
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
    return read_in_worker(path, lambda log: _read(log.core, after)) or ((), (), ())


def _read(connection: Connection, after: int) -> DerivedBatch:
    rows = read_lines(connection, after=after)
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

"""Derive the projections again from the log, whose entries worker processes read and derive rows from."""

from collections.abc import Sequence
from contextlib import closing
from itertools import compress

from sqlalchemy import Connection

from tracker.domain.log.entries import entry_of
from tracker.domain.log.upcasting import upcast
from tracker.errors import LogDamaged
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.in_worker import read_in_worker
from tracker.storage.log.event_log import head
from tracker.storage.log.reader import Progress, lines_between
from tracker.storage.maintenance.ranges import in_ranges
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

DerivedBatch = tuple[Sequence[int], Sequence[DerivedRow | None], Sequence[StoredEntry]]
"""Entries in order: their positions, the rows derived from them, and the stored entries of those that have none.

An entry has none if it is about another one, or if another one of the batch is about it.
"""


def rebuild(connection: Connection, backend: Backend, *, progress: Progress = lambda _: None) -> int:
    """Empty the projections and derive them again. Returns the number of entries. Raises LogDamaged."""
    done, last = 0, head(connection).position
    with backend.in_bulk(connection):
        reset_projections(connection)
        writer = ProjectionWriter(connection, backend, from_nothing=True, indexes_late=True)
        batches = in_ranges(connection, backend, read_committed, _read, up_to=last, shares=False, progress=progress)
        with closing(batches):
            for batch in batches:
                _project(connection, batch, writer)
                writer.flush()
                done += len(batch[0])
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


def read_committed(path: str, after: int, up_to: int) -> DerivedBatch | None:
    """Read a range of a SQLite file in a worker; None if not all of it is committed, or it cannot be read there."""
    batch = read_in_worker(path, lambda log: _read(log.core, after, up_to))
    return batch if batch is not None and len(batch[0]) == up_to - after else None


def _read(connection: Connection, after: int, up_to: int) -> DerivedBatch:
    rows = lines_between(connection, after, up_to)
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

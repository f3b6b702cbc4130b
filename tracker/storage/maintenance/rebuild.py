"""Derive the projections again from the log."""

from contextlib import closing

from sqlalchemy import Connection

from tracker.domain.log.kinds import SOURCE_REGISTERED
from tracker.errors import LogDamaged
from tracker.storage.backends.backend import Backend
from tracker.storage.log.reader import Progress
from tracker.storage.maintenance.derived_rows import DerivedBatch, read_derived
from tracker.storage.maintenance.stored_entries import UNREADABLE, ReplayedEntry, replay_entries, unreadable_entry
from tracker.storage.projections.projection_writer import ProjectionWriter, reset_projections
from tracker.storage.projections.rows import FactRow, StatementRow
from tracker.storage.queries.registrations import SOURCE, Registrations


def rebuild(connection: Connection, backend: Backend, *, progress: Progress = lambda _: None) -> int:
    """Empty the projections and derive them again from the log in one stream. Returns the number of entries.

    Raises LogDamaged.
    """
    done = 0
    with backend.in_bulk(connection):
        reset_projections(connection)
        writer = ProjectionWriter(connection, backend, from_nothing=True, indexes_late=True)
        registrations = Registrations(connection, writer.flush)
        with closing(read_derived(connection, backend)) as batches:
            for batch in batches:
                _project(connection, batch, writer, registrations)
                writer.flush()
                done += len(batch[0])
                progress(len(batch[0]))
        writer.finish()
    return done


def _project(
    connection: Connection, batch: DerivedBatch, writer: ProjectionWriter, registrations: Registrations
) -> None:
    """Project entries: most by rows that are derived from them alone, those in chains of corrections as versions."""
    positions, rows, others = batch
    replayed = list(replay_entries(connection, others, projected=False))
    statements = [row for row in rows if isinstance(row, StatementRow)]
    writer.prefetch([row.pair for row in statements])
    sources = {row.source for row in statements}.union(
        one.version.source for one in replayed if isinstance(one, ReplayedEntry)
    )
    registrations.prefetch([(SOURCE, source) for source in sources if source is not None])
    following = iter(replayed)
    for position, row in zip(positions, rows, strict=True):
        match row:
            case None:
                _project_version(next(following), writer, registrations)
            case StatementRow():
                writer.add(row, position, public_on=registrations.published_on(row.source))
            case FactRow():
                writer.add(row, position)
                if row.family == SOURCE_REGISTERED:
                    registrations.note((SOURCE, row.key), position, row.day, revised=False)


def _project_version(
    replayed: ReplayedEntry | LogDamaged, writer: ProjectionWriter, registrations: Registrations
) -> None:
    if isinstance(replayed, LogDamaged):
        raise replayed
    version, target = replayed.version, replayed.target
    about = version if target is None else target
    try:
        public_on = registrations.published_on(version.source)
        writer.project(version, target, statement_rank=replayed.statement_rank, public_on=public_on)
        if about.data is not None and about.kind.name == SOURCE_REGISTERED:
            key = (SOURCE, about.data["source"])
            registrations.note(key, version.rank, about.data.get("published_on"), revised=target is not None)
    except UNREADABLE as error:
        raise unreadable_entry(version.position, error) from error

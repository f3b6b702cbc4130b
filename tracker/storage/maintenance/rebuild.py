"""Derive the projections again from the log."""

from contextlib import closing

from sqlalchemy import Connection

from tracker.errors import LogDamaged
from tracker.storage.backends.backend import Backend
from tracker.storage.log.reader import Progress
from tracker.storage.maintenance.log_outlines import OutlinedBatch, read_outlines
from tracker.storage.maintenance.stored_entries import UNREADABLE, Recounted, told, unreadable
from tracker.storage.projections.outlines import StepOutline
from tracker.storage.projections.projection_writer import ProjectionWriter, make_empty
from tracker.storage.projections.sayings import REGISTERED_SOURCE
from tracker.storage.queries.registrations import SOURCE, Registrations


def rebuild(connection: Connection, backend: Backend, *, progress: Progress = lambda _: None) -> int:
    """Empty the projections and derive them again from the log in one stream. Returns the number of entries.

    Raises LogDamaged.
    """
    done = 0
    with backend.in_bulk(connection):
        make_empty(connection)
        writer = ProjectionWriter(connection, backend, from_nothing=True, indexes_late=True)
        registrations = Registrations(connection, writer.flush)
        with closing(read_outlines(connection, backend)) as batches:
            for batch in batches:
                _project(connection, batch, writer, registrations)
                writer.flush()
                done += len(batch[0])
                progress(len(batch[0]))
        writer.finish()
    return done


def _project(
    connection: Connection, batch: OutlinedBatch, writer: ProjectionWriter, registrations: Registrations
) -> None:
    """Project a batch of entries: most from their outlines, the others from their stored data."""
    positions, outlines, others = batch
    recounted = list(told(connection, others, projected=False))
    steps = [outline for outline in outlines if isinstance(outline, StepOutline)]
    writer.prefetch([outline[:2] for outline in steps])
    sources = {outline.source for outline in steps}.union(map(_source, recounted))
    registrations.prefetch([(SOURCE, source) for source in sources if source is not None])
    following = iter(recounted)
    for position, outline in zip(positions, outlines, strict=True):
        if outline is None:
            _project_other(next(following), writer, registrations)
        elif isinstance(outline, StepOutline):
            writer.add(outline, position, public_on=registrations.published_on(outline.source))
        else:
            writer.add(outline, position)
            if outline.family == REGISTERED_SOURCE:
                registrations.note((SOURCE, outline.key), position, outline.day, revised=False)


def _project_other(one: Recounted | LogDamaged, writer: ProjectionWriter, registrations: Registrations) -> None:
    if isinstance(one, LogDamaged):
        raise one
    says, chain = one.says, one.chain
    about = says if chain is None else chain
    try:
        public_on = registrations.published_on(_source(one))
        writer.project(says, chain, statement_rank=one.statement_rank, public_on=public_on)
        if about.data is not None and about.type.startswith(REGISTERED_SOURCE):
            key = (SOURCE, about.data["source"])
            registrations.note(key, says.rank, about.data.get("published_on"), revised=chain is not None)
    except UNREADABLE as error:
        raise unreadable(says.position, error) from error


def _source(one: Recounted | LogDamaged) -> str | None:
    """The source of a statement or withdrawal."""
    if isinstance(one, LogDamaged) or not one.says.is_position or not one.says.data:
        return None
    found: str | None = one.says.data.get("source")
    return found

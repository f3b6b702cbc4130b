"""The condition of a database: versions, settings, schema, the log's head and whether the projections are current."""

import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.safe_text import plain
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.transactions import backend_of, open_database, reading, revision_of
from tracker.storage.log.event_log import head, stamp_ahead, utc_now
from tracker.storage.log.reader import rows
from tracker.storage.maintenance.migrate import migrations_folder
from tracker.storage.maintenance.structure import missing_tables
from tracker.storage.schema import REVISION, VERSIONS

_LIBRARIES = ("SQLAlchemy", "alembic", "pydantic", "click", "orjson")


@dataclass(frozen=True, slots=True)
class Health:
    """The result of `examine`.

    `pending` are the schema revisions that `tracker upgrade` would apply; `projections` is the last log position in the
    projections, None where they are missing; `last_recorded_at` is an instant in UTC.
    """

    database: str
    versions: Mapping[str, str]
    settings: Mapping[str, str]
    schema: str
    pending: tuple[str, ...]
    log: LogHead
    last_recorded_at: str | None
    projections: int | None
    warnings: tuple[str, ...]


def examine(url: str, *, clock: Callable[[], datetime] = utc_now) -> Health:
    """Examine a database without changing it, an older release's too.

    It reads only the ends of the log; `tracker verify` reads all of it. Raises TrackerError if it cannot be opened.
    """
    backend = backend_of(url)
    engine = open_database(backend, as_it_is=True)
    try:
        with reading(engine, backend) as begun:
            return _health(begun.core, backend, clock())
    finally:
        engine.dispose()


def _health(connection: Connection, backend: Backend, now: datetime) -> Health:
    revision = revision_of(connection, backend)
    pending = tuple(_pending(revision))
    log = head(connection)
    last = next(rows(connection, after=log.position - 1), None)
    known = _last_projected(connection)
    ahead = stamp_ahead(connection, now)
    description = backend.describe(connection)
    return Health(
        database=plain(backend.place),
        versions={
            "tracker": version("negotiation-tracker"),
            "Python": platform.python_version(),
            **{library: version(library) for library in _LIBRARIES},
            **description.versions,
        },
        settings=description.settings,
        schema=revision,
        pending=pending,
        log=log,
        last_recorded_at=last.recorded_at if last else None,
        projections=known,
        warnings=(
            *description.warnings,
            *_warnings(revision, pending, log.position, known),
            *([str(ahead)] if ahead else []),
        ),
    )


def _pending(revision: str) -> Iterator[str]:
    scripts = ScriptDirectory(str(migrations_folder()))
    known = [script.revision for script in scripts.walk_revisions()][::-1]
    yield from known[known.index(revision) + 1 :] if revision in known else []


def _last_projected(connection: Connection) -> int | None:
    """Return the last position in the projections: every entry has a row there, or ends another's."""
    if missing_tables(connection, VERSIONS):
        return None
    ends = (func.max(column) for table in VERSIONS for column in (table.c.position, table.c.ended_at))
    return max((connection.scalar(select(end)) or 0 for end in ends), default=0)


def _warnings(revision: str, pending: tuple[str, ...], position: int, known: int | None) -> Iterator[str]:
    if pending:
        yield f"The schema is {revision}, this release's is {REVISION}: run `tracker upgrade`."
    elif revision != REVISION:
        yield f"The schema {revision} is not one that this release knows: upgrade the tracker."
    if known != position:
        upto = "are missing" if known is None else f"know the log up to position {known}, it ends at {position}"
        yield f"The projections {upto}: run `tracker verify`, then `tracker rebuild`."

"""Create a database, or upgrade an older one to this release's schema and rules, with Alembic."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from tracker.domain.terms.rules import RULES
from tracker.errors import DatabaseNewer
from tracker.storage.backends.backend import WAIT_SECONDS, Backend
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.backends.transactions import (
    Origin,
    backend_of,
    migrating,
    open_database,
    origin_of,
    reading,
)
from tracker.storage.log.reader import Progress
from tracker.storage.maintenance.rebuild import rebuild
from tracker.storage.maintenance.structure import require_what_it_says
from tracker.storage.projections.projection_writer import reset_projections
from tracker.storage.schema import REVISION


def create_database(url: str, *, fill: Callable[[Connection], None] = lambda _: None) -> bool:
    """Create a database and `fill` it, as a whole or not at all; leave an existing one of this schema as it is.

    Returns whether it was created. Raises as `open_database` and `fill`, and DatabaseUnavailable.
    """
    backend = backend_of(url)
    if not backend.is_missing():
        open_database(backend).dispose()
        return False

    def build(connection: Connection) -> None:
        _migrate(connection)
        reset_projections(connection)
        fill(connection)

    return backend.create(build)


def upgrade_database(
    url: str,
    *,
    wait_seconds: float = WAIT_SECONDS,
    before: Callable[[Transaction, Backend, Origin], None] = lambda *_: None,
    progress: Progress = lambda _: None,
) -> Origin:
    """Migrate to this release's schema, and derive the projections again by its rules, in one transaction.

    Waits up to `wait_seconds` for another writer. Returns what had made the database. If there is anything to do,
    `before` is called first, with a snapshot. Raises DatabaseMissing, DatabaseNewer, NotATrackerDatabase or
    DatabaseUnavailable.
    """
    backend = backend_of(url)
    engine = open_database(backend, wait_seconds=wait_seconds, as_it_is=True)
    try:
        with reading(engine, backend) as begun:
            made = origin_of(begun, backend)
            if made.schema > REVISION:
                raise DatabaseNewer(backend.place, f"schema {made.schema}")
            require_what_it_says(begun.core, backend)
            if made.schema == REVISION and (made.rules or 0) > RULES:
                raise DatabaseNewer(backend.place, f"rules {made.rules}")
            if made == Origin(REVISION, RULES):
                return made
            before(begun, backend, made)
        with migrating(engine, backend) as connection:
            _migrate(connection)
            rebuild(connection, backend, progress=progress)
    finally:
        engine.dispose()
    return made


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


_ONE_AT_A_TIME = Lock()
"""Alembic's migration context is global to the process."""


def migrations_folder() -> Path:
    """Return the folder of the migrations: inside the installed package, or beside it in a checkout."""
    inside = Path(str(files("tracker"))) / "_migrations"
    return inside if inside.exists() else inside.parent.parent / "migrations"

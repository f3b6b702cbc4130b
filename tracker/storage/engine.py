"""Open a database from what the user gives: a URL or a plain path, with the pragmas that the log relies on."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from tracker.errors import (
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnavailable,
    NotATrackerDatabase,
    UnsupportedDatabase,
)
from tracker.storage.schema import APPLICATION_ID, REVISION

WAIT_SECONDS = 30
"""How long a writer waits for another one before it gives up."""


def database_path(url: str) -> Path:
    """The file behind a `sqlite:///` URL or a plain path. Raises UnsupportedDatabase for anything else."""
    if "://" not in url:
        return Path(url)
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnsupportedDatabase(url) from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise UnsupportedDatabase(parsed.render_as_string(hide_password=True))
    return Path(parsed.database)


def open_database(url: str) -> Engine:
    """Open an existing database of this release's schema.

    Raises DatabaseMissing, DatabaseOlder, DatabaseNewer, NotATrackerDatabase or DatabaseUnavailable.
    """
    path = database_path(url)
    if not path.exists():
        raise DatabaseMissing(str(path))
    engine = connect(path)
    with database_errors(path):
        with reading(engine) as connection:
            revision = stored_revision(connection, path)
        if revision is None or revision < REVISION:
            raise DatabaseOlder(str(path))
        if revision > REVISION:
            raise DatabaseNewer(str(path), revision)
    return engine


def connect(path: Path) -> Engine:
    """An engine on a SQLite file whose transactions begin exactly when SQLAlchemy's do."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, so that reads have a snapshot too
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("tracker_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one snapshot and writes nothing."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, *, keep: bool = True) -> Iterator[Connection]:
    """A transaction that holds the one writer's lock from its start; it commits at the end, or leaves nothing."""
    with engine.connect().execution_options(tracker_writes=True) as connection, connection.begin() as transaction:
        yield connection
        if not keep:
            transaction.rollback()


def stored_revision(connection: Connection, path: Path) -> str | None:
    """The schema revision that a database says it has; None for an empty file. Raises NotATrackerDatabase."""
    tables = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
    marked = connection.scalar(text("PRAGMA application_id"))
    if not tables and marked in (0, APPLICATION_ID):
        return None
    if marked != APPLICATION_ID or "alembic_version" not in tables:
        raise NotATrackerDatabase(str(path), "it is the database of another program")
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Say what the operating system or SQLite refuses in a sentence, with what to do about it."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        refusal = _refusal(path, reason)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(path: Path, reason: BaseException | None) -> Exception | None:
    code = getattr(reason, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return NotATrackerDatabase(str(path), "the file is not a SQLite database")
    if code == sqlite3.SQLITE_CORRUPT or "Could not decode" in str(reason):
        return DatabaseUnavailable(
            str(path), "is damaged", "Run `tracker verify` to see where, and restore it from a backup or an export."
        )
    if code == sqlite3.SQLITE_BUSY:
        waited = f"is in use by another writer, which did not finish within {WAIT_SECONDS} seconds"
        return DatabaseUnavailable(str(path), waited, "Nothing was recorded; try again.")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM) or isinstance(reason, PermissionError):
        return DatabaseUnavailable(str(path), "cannot be written", f"Make it and its folder {_folder(path)} writable.")
    if code == sqlite3.SQLITE_FULL or getattr(reason, "errno", None) == errno.ENOSPC:
        return DatabaseUnavailable(str(path), "has no space left on its disk", "Nothing was recorded; make room.")
    if code == sqlite3.SQLITE_CANTOPEN or isinstance(reason, OSError):
        advice = f"Check that the folder {_folder(path)} exists and that you may write in it."
        return DatabaseUnavailable(str(path), "cannot be opened", advice)
    if code == sqlite3.SQLITE_IOERR:
        return DatabaseUnavailable(str(path), "cannot be read or written (disk error)", "Check the disk.")
    return None


def _folder(path: Path) -> Path:
    return path.absolute().parent

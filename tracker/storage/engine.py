"""Open a database from what the user gives: a URL or a plain path, with the pragmas that the log relies on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from tracker.errors import (
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnavailable,
    NotATrackerDatabase,
    TrackerError,
    UnsupportedDatabase,
)
from tracker.storage.schema import APPLICATION_ID, REVISION

WAIT_SECONDS = 30.0
"""How long a writer waits for another one before it gives up, unless it is told otherwise."""


def database_path(url: str) -> Path:
    """The file behind a `sqlite:///` URL or a plain path. Raises UnsupportedDatabase for anything else."""
    if not url.strip() or url == ":memory:":
        raise UnsupportedDatabase(url)
    if "://" not in url:
        return Path(url)
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnsupportedDatabase(url) from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise UnsupportedDatabase(parsed.render_as_string(hide_password=True))
    return Path(parsed.database)


def open_database(url: str, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """Open an existing database of this release's schema.

    Raises DatabaseMissing, DatabaseOlder, DatabaseNewer, NotATrackerDatabase or DatabaseUnavailable.
    """
    path = database_path(url)
    if is_missing(path):
        raise DatabaseMissing(str(path))
    engine = connect(path, wait_seconds=wait_seconds)
    with database_errors(path):
        with reading(engine) as connection:
            revision = stored_revision(connection, path)
        if revision < REVISION:
            raise DatabaseOlder(str(path))
        if revision > REVISION:
            raise DatabaseNewer(str(path), revision)
    return engine


def is_missing(path: Path) -> bool:
    """Whether there is nothing at a path yet; an empty file is nothing too. Raises DatabaseUnavailable for a folder."""
    if path.is_dir():
        raise DatabaseUnavailable(str(path), "is a folder", "Name a file in it.")
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def connect(path: Path, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """An engine on a SQLite file whose transactions begin exactly when SQLAlchemy's do."""
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": wait_seconds})

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


def stored_revision(connection: Connection, path: Path) -> str:
    """The schema revision that a database says it has. Raises NotATrackerDatabase."""
    tables = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
    marked = connection.scalar(text("PRAGMA application_id"))
    if marked != APPLICATION_ID or "alembic_version" not in tables:
        raise NotATrackerDatabase(str(path), "it is the database of another program")
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if not isinstance(revision, str):
        raise NotATrackerDatabase(str(path), "its schema revision is missing")
    return revision


@contextmanager
def damaged_text(connection: Connection) -> Iterator[None]:
    """Fetch text that is none with its bad bytes escaped, instead of failing: damage must be found, not met."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    usual = driver.text_factory
    driver.text_factory = lambda stored: stored.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = usual


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Say what SQLite, or the operating system below it, refuses in a sentence, with what to do about it."""
    try:
        yield
    except (OperationalError, DatabaseError, sqlite3.DatabaseError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(reason, sqlite3.ProgrammingError | sqlite3.InterfaceError | sqlite3.IntegrityError):
            raise
        raise _refusal(path, reason) from error


def _refusal(path: Path, reason: BaseException | None) -> TrackerError:
    code = getattr(reason, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return NotATrackerDatabase(str(path), "the file is not a SQLite database")
    if code == sqlite3.SQLITE_CORRUPT or "Could not decode" in str(reason):
        return DatabaseUnavailable(
            str(path), "is damaged", "Run `tracker verify` to see where, and restore it from a backup or an export."
        )
    if code == sqlite3.SQLITE_BUSY:
        waited = "is in use by another writer, which did not finish in the time set (--wait)"
        return DatabaseUnavailable(str(path), waited, "Nothing was recorded; try again.")
    if "no such table" in str(reason):
        return DatabaseUnavailable(str(path), "lacks a projection", "Run `tracker rebuild`.")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return DatabaseUnavailable(str(path), "cannot be written", f"Make it and its folder {_folder(path)} writable.")
    if code == sqlite3.SQLITE_FULL:
        return DatabaseUnavailable(str(path), "has no space left on its disk", "Nothing was recorded; make room.")
    if code == sqlite3.SQLITE_CANTOPEN:
        advice = f"SQLite writes beside it even to read: copy it to a folder where you may write. Now: {_folder(path)}."
        return DatabaseUnavailable(str(path), "cannot be opened", advice)
    if code == sqlite3.SQLITE_IOERR:
        return DatabaseUnavailable(str(path), "cannot be read or written (disk error)", "Check the disk.")
    return DatabaseUnavailable(str(path), f"refused: {reason}", "If this comes again, run `tracker verify`.")


def _folder(path: Path) -> Path:
    return path.absolute().parent

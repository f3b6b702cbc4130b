"""SQLite: one file, WAL, and a writer's lock from the first statement of a transaction on."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from tracker.domain.visible import names_a_file
from tracker.errors import DatabaseMissing, DatabaseUnavailable, NotATrackerDatabase, TrackerError, UnsupportedDatabase
from tracker.storage.backend import WAIT_SECONDS
from tracker.storage.schema import APPLICATION_ID, LOG_TRIGGERS


class SQLite:
    """A SQLite file. Raises UnsupportedDatabase for what names none."""

    def __init__(self, url: str) -> None:
        self.path = database_path(url)
        self.place = str(self.path)

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        """An engine whose transactions begin exactly when SQLAlchemy's do."""
        engine = create_engine(URL.create("sqlite", database=self.place), connect_args={"timeout": wait_seconds})

        @event.listens_for(engine, "connect")
        def _prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None  # we say BEGIN ourselves, so that reads have a snapshot too
            connection.execute("PRAGMA synchronous = FULL")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            writes = connection.get_execution_options().get("tracker_writes", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    def require(self) -> None:
        if self.is_missing():
            raise DatabaseMissing(self.place)

    def is_missing(self) -> bool:
        """Whether there is nothing at the path yet; an empty file is nothing too."""
        try:
            if self.path.is_dir():
                raise DatabaseUnavailable(self.place, "is a folder", "Name a file in it.")
            return not self.path.exists() or (self.path.is_file() and self.path.stat().st_size == 0)
        except OSError as error:
            raise DatabaseUnavailable(self.place, f"cannot be reached ({error.strerror})", "Check its path.") from error

    def revision(self, connection: Connection) -> str:
        tables = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
        marked = connection.scalar(text("PRAGMA application_id"))
        if marked != APPLICATION_ID or "alembic_version" not in tables:
            raise NotATrackerDatabase(self.place, "it is the database of another program")
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if not isinstance(revision, str):
            raise NotATrackerDatabase(self.place, "its schema revision is missing")
        return revision

    def create(self, migrate: Callable[[Connection], None]) -> bool:
        """Make the database aside and put it in its place.

        Nobody meets half a database, and of several who create it at once one does.
        """
        if self.path.is_symlink() and not self.path.exists():
            raise DatabaseUnavailable(self.place, "is a link that leads nowhere", "Remove it, or name the file itself.")
        try:
            folder = self.path.absolute().parent
            with TemporaryDirectory(dir=folder, prefix=".tracker-", ignore_cleanup_errors=True) as aside:
                made = Path(aside) / "new.db"
                SQLite(str(made))._make(migrate)
                return self._put_in_place(made)
        except FileNotFoundError as error:
            missing = f"The folder {self.path.parent} does not exist; make it."
            raise DatabaseUnavailable(self.place, "cannot be created", missing) from error
        except OSError as error:
            refused = f"cannot be created ({error.strerror})"
            advice = f"Check that you may write in the folder {self.path.absolute().parent}."
            raise DatabaseUnavailable(self.place, refused, advice) from error

    def _make(self, migrate: Callable[[Connection], None]) -> None:
        engine = self.connect()
        try:
            with self.errors():
                with engine.connect() as connection:
                    # What SQLite keeps in the file and does not change inside a transaction.
                    driver = connection.connection.driver_connection
                    assert driver is not None
                    driver.execute("PRAGMA journal_mode = WAL")
                    driver.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                with (
                    engine.connect().execution_options(tracker_writes=True) as connection,
                    connection.begin(),
                ):
                    migrate(connection)
        finally:
            engine.dispose()  # the last connection to close takes the -wal and -shm files along

    def _put_in_place(self, made: Path) -> bool:
        if self.path.exists() and self.is_missing():  # an empty file
            made.replace(self.path)
            return True
        try:
            os.link(made, self.path)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            made.replace(self.path)
        return True

    def insert(self, connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
        connection.execute(insert(table), rows)

    def structure_damage(self, connection: Connection) -> Iterator[str]:
        for (message,) in connection.execute(text("PRAGMA integrity_check(20)")).all():
            if message != "ok":
                yield f"the database file is damaged: {message}"
        triggers = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'")
        for missing in sorted(set(LOG_TRIGGERS["sqlite"]) - set(connection.scalars(triggers))):
            yield f"the trigger {missing}, which keeps the log append-only, is missing"

    @contextmanager
    def damaged_text(self, connection: Connection) -> Iterator[None]:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        usual = driver.text_factory
        driver.text_factory = lambda stored: stored.decode(errors="surrogateescape")
        try:
            yield
        finally:
            driver.text_factory = usual

    @contextmanager
    def errors(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, DatabaseError, sqlite3.DatabaseError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            if isinstance(reason, sqlite3.ProgrammingError | sqlite3.InterfaceError | sqlite3.IntegrityError):
                raise
            raise self._refusal(reason) from error

    def _refusal(self, reason: BaseException | None) -> TrackerError:
        code = getattr(reason, "sqlite_errorcode", 0) & 0xFF
        folder = self.path.absolute().parent
        if code == sqlite3.SQLITE_NOTADB:
            return NotATrackerDatabase(self.place, "the file is not a SQLite database")
        if code == sqlite3.SQLITE_CORRUPT or "Could not decode" in str(reason):
            return DatabaseUnavailable(
                self.place,
                "is damaged",
                "Run `tracker verify` to see where, and restore it from a backup or an export.",
            )
        if code == sqlite3.SQLITE_BUSY:
            waited = "is in use by another writer, which did not finish in the time set (--wait)"
            return DatabaseUnavailable(self.place, waited, "Nothing was recorded; try again.")
        if "no such table" in str(reason):
            return DatabaseUnavailable(self.place, "lacks a projection", "Run `tracker rebuild`.")
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            return DatabaseUnavailable(self.place, "cannot be written", f"Make it and its folder {folder} writable.")
        if code == sqlite3.SQLITE_FULL:
            return DatabaseUnavailable(self.place, "has no space left on its disk", "Nothing was recorded; make room.")
        if code == sqlite3.SQLITE_CANTOPEN:
            advice = f"SQLite writes beside it even to read: copy it to a folder where you may write. Now: {folder}."
            return DatabaseUnavailable(self.place, "cannot be opened", advice)
        if code == sqlite3.SQLITE_IOERR:
            return DatabaseUnavailable(self.place, "cannot be read or written (disk error)", "Check the disk.")
        return DatabaseUnavailable(self.place, f"refused: {reason}", "If this comes again, run `tracker verify`.")


def database_path(url: str) -> Path:
    """The file behind a `sqlite:///` URL or a plain path. Raises UnsupportedDatabase for anything else."""
    if not url.strip() or url == ":memory:" or not names_a_file(url):
        raise UnsupportedDatabase(url)
    if "://" not in url:
        return Path(url)
    try:
        parsed = make_url(url)
        place = parsed.render_as_string(hide_password=True)
    except (ArgumentError, ValueError):  # a ValueError is a port that is no number, or bytes that are no text
        raise UnsupportedDatabase(url) from None
    named = parsed.database or ""
    if parsed.get_backend_name() != "sqlite" or named in ("", ":memory:") or not names_a_file(named):
        raise UnsupportedDatabase(place)
    return Path(named)

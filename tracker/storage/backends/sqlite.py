"""SQLite: one file in WAL mode, with a writer lock that a write transaction holds from its start."""

import errno
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, make_url, text
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from tracker.domain.terms.safe_text import is_file_path
from tracker.errors import DatabaseUnavailable, NotATrackerDatabase, UnsupportedDatabase
from tracker.storage.backends.backend import POOL, WAIT_SECONDS, DatabaseDescription
from tracker.storage.backends.compiled_query import AnyConnection, Rows, Sql, driver_connection, fetch
from tracker.storage.backends.new_file import COMPANIONS, has_content, new_file
from tracker.storage.backends.sqlite_errors import not_writable, refusal
from tracker.storage.backends.sqlite_lock import SQLiteConnection, WriterLock
from tracker.storage.schema import APPLICATION_ID, metadata, trigger_damage

_READERS_WAIT = 5.0
"""How long to wait, in seconds, while SQLite recovers or checkpoints."""

_CACHE_KIB = 65_536
"""Page cache of a connection: SQLite's default of 2 MiB is read again for each answer."""

_BULK_CACHE_KIB = 16_384
"""Page cache for bulk writes; SQLite sorts within the same amount when it creates an index."""


class SQLite:
    """A SQLite file. Raises UnsupportedDatabase for a URL that names no file."""

    makes_indexes_late = True
    _is_immutable = False

    def __init__(self, url: str) -> None:
        self.path = database_path(url)
        self.file = self.path.absolute()
        self.place = str(self.path)

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        self._is_immutable = cannot_change(self.file)
        engine = create_engine(
            URL.create("sqlite", database=self.file.as_uri(), query=_IMMUTABLE)
            if self._is_immutable
            else URL.create("sqlite", database=self.place),
            connect_args={"timeout": max(wait_seconds, _READERS_WAIT), "factory": SQLiteConnection},
            **POOL,
        )
        self._lock = WriterLock(wait_seconds, readers_wait_seconds=max(wait_seconds, _READERS_WAIT))

        @event.listens_for(engine, "connect")
        def _prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None  # transactions are begun explicitly, so that reads have a snapshot too
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = {-_CACHE_KIB}")

        return engine

    def is_writable(self, reading: object) -> bool:  # noqa: ARG002 (the file system knows)
        return not self._is_immutable and os.access(self.file, os.W_OK)

    def begin_snapshot(self, driver: SQLiteConnection) -> None:
        self._lock.restore_busy_timeout(driver)
        driver.execute("BEGIN")

    def lock_for_writing(self, driver: SQLiteConnection, queries: Sequence[Sql] = ()) -> list[Rows]:
        if self._is_immutable:
            raise not_writable(self.path)
        self._lock.acquire(driver)
        return driver.fetch(queries)

    def lock_for_migration(self, connection: Connection) -> None:
        self.lock_for_writing(_driver(connection))

    def is_missing(self) -> bool:
        """Return whether the file is missing or empty."""
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError as error:
            advice = f"Check the path, and that you may read the folder {self.file.parent}."
            raise DatabaseUnavailable(self.place, f"cannot be inspected ({error.strerror})", advice) from error
        if stat.S_ISDIR(found.st_mode):
            raise DatabaseUnavailable(self.place, "is a folder", "Name a file in it.")
        return stat.S_ISREG(found.st_mode) and found.st_size == 0

    def tables(self, connection: AnyConnection) -> set[str]:
        named, ((marked,),) = fetch(connection, [_TABLES, _MARK])
        tables = {name for (name,) in named}
        if not tables & {"alembic_version", "log"} or (marked != APPLICATION_ID and not tables >= set(metadata.tables)):
            raise NotATrackerDatabase(self.place, "it is the database of another program")
        return tables

    def create(self, migrate: Callable[[Connection], None]) -> bool:
        """Create the database under another name, then move it into place.

        Nobody meets half a database, and of several processes that create it at once one succeeds.
        """
        if self.path.is_symlink() and not self.path.exists():
            raise DatabaseUnavailable(self.place, "is a link that leads nowhere", "Remove it, or name the file itself.")
        try:
            with new_file(self.path) as made, self.errors():
                SQLite(str(made))._make(migrate)
            return True
        except FileExistsError:
            return False
        except FileNotFoundError as error:
            missing = f"The folder {self.path.parent} does not exist; make it."
            raise DatabaseUnavailable(self.place, "cannot be created", missing) from error
        except OSError as error:
            refused = f"cannot be created ({error.strerror})"
            advice = f"Check that you may write in the folder {self.file.parent}, and that there is room."
            raise DatabaseUnavailable(self.place, refused, advice) from error

    def _make(self, migrate: Callable[[Connection], None]) -> None:
        engine = self.connect()
        try:
            with engine.connect() as connection:
                # Settings that SQLite keeps in the file and cannot change inside a transaction.
                driver = _driver(connection)
                driver.execute("PRAGMA journal_mode = WAL")
                driver.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                with connection.begin():
                    self.lock_for_migration(connection)
                    migrate(connection)
                # Closing would move the WAL into the file too, but report nothing if the disk is full.
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            engine.dispose()  # the last connection to close takes the -wal and -shm files along

    @contextmanager
    def in_bulk(self, connection: Connection) -> Iterator[None]:
        driver = _driver(connection)
        driver.execute(f"PRAGMA cache_size = {-_BULK_CACHE_KIB}")
        try:
            yield
        finally:
            with suppress(sqlite3.ProgrammingError):  # already closed, if the command was terminated
                driver.execute(f"PRAGMA cache_size = {-_CACHE_KIB}")

    def insert(self, connection: AnyConnection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        driver_connection(connection).execute_many(_insertion(table), rows)

    def copy(self, connection: Connection, path: Path) -> bool:
        """Use SQLite's online backup, in one step, of the connection's snapshot."""
        copied = sqlite3.connect(path)
        try:
            _driver(connection).backup(copied)
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF in _OF_THE_COPY:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise
        finally:
            copied.close()
        return True

    def describe(self, connection: Connection) -> DatabaseDescription:
        pragmas = ("journal_mode", "synchronous", "application_id", "page_size", "page_count", "wal_autocheckpoint")
        found = {name: str(connection.scalar(text(f"PRAGMA {name}"))) for name in pragmas}
        found["synchronous"] = _SYNCHRONOUS.get(found["synchronous"], found["synchronous"])
        if self._is_immutable:  # SQLite then uses no journal, and names none
            found["journal_mode"] = "none: opened to be read only"
        warnings = _warnings("wal" if self._is_immutable else found["journal_mode"])
        return DatabaseDescription({"SQLite": sqlite3.sqlite_version}, found, tuple(warnings))

    def structure_damage(self, connection: Connection) -> Iterator[str]:
        for (message,) in connection.execute(text("PRAGMA integrity_check(20)")).all():
            if message != "ok":
                yield f"the database file is damaged: {message}"
        if (marked := connection.scalar(text("PRAGMA application_id"))) != APPLICATION_ID:
            yield f"the file's application id is {marked}, not {APPLICATION_ID}"
        triggers = connection.execute(
            text("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        ours = {row.name: row.sql for row in triggers if row.tbl_name in metadata.tables}
        yield from trigger_damage("sqlite", ours)

    @contextmanager
    def damaged_text(self, connection: Connection) -> Iterator[None]:
        driver = _driver(connection)
        usual = driver.text_factory
        driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
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
            if isinstance(reason, sqlite3.ProgrammingError | sqlite3.InterfaceError):
                raise  # a bug in this program
            raise refusal(self.path, reason) from error
        except UnicodeDecodeError as error:  # from SQLite's message about a name that is not text
            raise refusal(self.path, error) from error


_TABLES: Sql = ("SELECT name FROM sqlite_master WHERE type = 'table'", ())
_MARK: Sql = ("PRAGMA application_id", ())


@cache
def _insertion(table: Table) -> str:
    return str(insert(table).compile(dialect=sqlite_dialect()))


def cannot_change(file: Path) -> bool:
    """Return whether a database lies on read-only media, or in a folder that takes no files, and nobody has it open.

    SQLite keeps files beside a database even to read it, unless it is opened as immutable. Then it does not look at
    them either: one in which entries wait for their place in the database must not be there.
    """
    real = Path(os.path.realpath(file))
    wal, shm, journal = (real.with_name(real.name + ending) for ending in COMPANIONS)
    return not os.access(real.parent, os.W_OK) and not (shm.exists() or has_content(wal) or has_content(journal))


_IMMUTABLE = {"uri": "true", "mode": "ro", "immutable": "1"}


def _driver(connection: Connection) -> SQLiteConnection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, SQLiteConnection)
    return driver


def _warnings(journal_mode: str) -> Iterator[str]:
    if journal_mode != "wal":
        yield f"The journal mode is {journal_mode}, not wal: readers and writers block each other."
    if (3, 7, 0) <= sqlite3.sqlite_version_info < (3, 51, 3):
        yield (
            f"SQLite {sqlite3.sqlite_version}, like all from 3.7.0 to 3.51.2, has a bug that can, very rarely, corrupt "
            "a database in WAL mode on which several connections write at once (sqlite.org/wal.html). "
            "Where several people record, keep backups, use 3.51.3 or later, or PostgreSQL."
        )


_SYNCHRONOUS = {"0": "off", "1": "normal", "2": "full", "3": "extra"}
_OF_THE_COPY = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""Error codes that concern the file of the copy, not the database."""


def database_path(url: str) -> Path:
    """Return the file of a `sqlite:///` URL or a plain path, in which ~ is the user's own folder.

    Raises UnsupportedDatabase for anything else.
    """
    if not url.strip() or url == ":memory:" or not is_file_path(url):
        raise UnsupportedDatabase(url)
    if "://" not in url:
        return _expanded(url)
    try:
        parsed = make_url(url)
        place = parsed.render_as_string(hide_password=True)
    except (ArgumentError, ValueError):  # ValueError: a port that is not a number, or bytes that are not text
        raise UnsupportedDatabase(url) from None
    named = parsed.database or ""
    if parsed.get_backend_name() != "sqlite" or named in ("", ":memory:") or not is_file_path(named):
        raise UnsupportedDatabase(place)
    return _expanded(named)


def _expanded(path: str) -> Path:
    return Path(os.path.expanduser(path))  # noqa: PTH111 (Path.expanduser raises for a ~ that is nobody's)

"""PostgreSQL: one writer at a time by a row lock, readers on snapshots, bulk rows by COPY."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError

from tracker.errors import (
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseUnavailable,
    NotATrackerDatabase,
    TrackerError,
    UnsupportedDatabase,
)
from tracker.storage.backend import (
    MAKE_ROOM,
    MEND_PROJECTIONS,
    NOTHING,
    POOL,
    WAIT_SECONDS,
    Described,
    stored_revision,
)
from tracker.storage.schema import metadata, trigger_damage

_SETTINGS = (
    "server_version",
    "server_encoding",
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
)
"""What `tracker doctor` shows of the server."""

_COPY_FROM = 50
"""From how many rows on COPY is worth its round trips."""

_CONNECTION = {
    "connect_timeout": 10,
    "client_encoding": "utf8",
    "application_name": "tracker",
    "prepare_threshold": None,  # a pooler may give each transaction another connection, without what was prepared
}

_SECRETS = ("password", "sslpassword")
"""Parts of a URL's query that no message may show."""


class PostgreSQL:
    """A database on a PostgreSQL server. Raises UnsupportedDatabase for a URL that cannot be read."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url).set(drivername="postgresql+psycopg")
            shown = self.url.set(drivername="postgresql").difference_update_query(_SECRETS)
            self.place = shown.render_as_string(hide_password=True)
        except (ArgumentError, ValueError):  # a ValueError is a port that is no number, or bytes that are no text
            raise UnsupportedDatabase(url) from None
        if "@" in (self.url.host or ""):
            raise UnsupportedDatabase(url)

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        """An engine whose reading transactions are snapshots, and whose writing ones hold the row of `log_head`.

        A connection that the server ended meanwhile, perhaps in a restart, is noticed and replaced before it is used.
        """
        try:
            engine = create_engine(
                self.url, connect_args=_CONNECTION, pool_pre_ping=True, use_native_hstore=False, **POOL
            )
        except (NoSuchModuleError, ModuleNotFoundError):
            advice = "Install it with `pip install 'negotiation-tracker[postgres]'`."
            raise DatabaseUnavailable(self.place, "needs the PostgreSQL driver", advice) from None
        # Positions are read after the lock is taken: a snapshot from before it, the default on some servers, is stale.
        writes = (
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
            f"SET LOCAL lock_timeout = {max(1, round(wait_seconds * 1000))}; SET LOCAL synchronous_commit = on; "
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            options = connection.get_execution_options()
            if options.get("tracker_migrates", False):
                connection.exec_driver_sql(f"{writes}SELECT pg_advisory_xact_lock(hashtext('negotiation-tracker'))")
                _lock_what_is_there(connection)
            elif options.get("tracker_writes", False):
                connection.exec_driver_sql(f"{writes}{_TURN}")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

        return engine

    def require(self) -> None:
        """Connecting makes nothing here; a database without a tracker is found by its revision."""

    def is_missing(self) -> bool:
        """Whether the server's database holds no tracker yet."""
        engine = self.connect()
        try:
            with self.errors(), engine.connect() as connection, connection.begin():
                return not self._tables(connection) & _OURS
        finally:
            engine.dispose()

    def revision(self, connection: Connection) -> object:
        tables = self._tables(connection)
        if not tables & _OURS:
            raise DatabaseMissing(self.place)
        if "log" not in tables:
            raise NotATrackerDatabase(self.place, "it holds the tables of another program")
        return stored_revision(connection) if "alembic_version" in tables else None

    def create(self, migrate: Callable[[Connection], None]) -> bool:
        """Make the tables in one transaction; of several who do it at once one does."""
        engine = self.connect()
        try:
            with (
                self.errors(),
                engine.connect().execution_options(tracker_migrates=True) as connection,
                connection.begin(),
            ):
                tables = self._tables(connection)
                if tables & _OURS:
                    return False
                self._require_fit(connection, tables)
                migrate(connection)
                return True
        finally:
            engine.dispose()

    def _require_fit(self, connection: Connection, tables: set[str]) -> None:
        """Refuse to make a tracker where not every character can be kept, or where its tables are another program's."""
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            advice = "Make one with `createdb --encoding UTF8 --template template0`."
            raise DatabaseUnavailable(self.place, f"keeps text as {encoding}, which lacks characters", advice)
        if theirs := sorted(tables & set(metadata.tables)):
            raise NotATrackerDatabase(self.place, f"it holds another program's table {theirs[0]!r}")

    def _tables(self, connection: Connection) -> set[str]:
        """The tables that this user finds. Raises DatabaseUnavailable for one who may not even look."""
        if connection.scalar(text("SELECT current_schema()")) is None:
            raise DatabaseUnavailable(self.place, *_REFUSALS["3F000"])
        return set(inspect(connection).get_table_names())

    def insert(self, connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
        if len(rows) < _COPY_FROM:
            connection.execute(insert(table), rows)
            return
        columns = list(rows[0])
        named = ", ".join(f'"{column}"' for column in columns)
        driver: Any = connection.connection.driver_connection
        command = f'COPY "{table.name}" ({named}) FROM STDIN'
        try:
            with driver.cursor() as cursor, cursor.copy(command) as copy:
                for row in rows:
                    copy.write_row([row[column] for column in columns])
        except connection.dialect.loaded_dbapi.Error as error:  # which SQLAlchemy does not get to see
            raise DBAPIError(command, None, error, connection_invalidated=driver.closed) from error

    def copy(self, connection: Connection, path: Path) -> bool:  # noqa: ARG002 (no database here is a file)
        return False

    def describe(self, connection: Connection) -> Described:
        settings = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names) ORDER BY name")
        found = {row.name: row.setting for row in connection.execute(settings, {"names": list(_SETTINGS)})}
        found["replica"] = "yes" if connection.scalar(text("SELECT pg_is_in_recovery()")) else "no"
        off = [name for name in ("fsync", "full_page_writes") if found.get(name) == "off"]
        warnings = [f"The server runs with {name} = off: a power cut may cost acknowledged entries." for name in off]
        if (encoding := found.get("server_encoding")) != "UTF8":
            warnings.append(f"The database's encoding is {encoding}, which has not every character; UTF8 has.")
        driver = connection.dialect.dbapi
        versions = {
            "PostgreSQL": found.pop("server_version", "unknown"),
            "psycopg": getattr(driver, "__version__", "unknown"),
        }
        return Described(versions, found, tuple(warnings))

    def structure_damage(self, connection: Connection) -> Iterator[str]:
        enabled = text(
            "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = 'log'::regclass AND tgenabled IN ('O', 'A') AND tgqual IS NULL AND NOT tgisinternal"
        )
        schema = text(
            "SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
            "WHERE pg_class.oid = 'log'::regclass"
        )
        there = {row.tgname: row.prosrc for row in connection.execute(enabled)}
        yield from trigger_damage("postgresql", there, log=f"{connection.scalar(schema)}.log")

    @contextmanager
    def damaged_text(self, connection: Connection) -> Iterator[None]:  # noqa: ARG002 (the server stores valid text only)
        yield

    @contextmanager
    def errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            state = str(getattr(error.orig, "sqlstate", None) or "")
            misused = isinstance(error, InterfaceError) and not error.connection_invalidated
            if misused or (state[:2] == "42" and state not in _REFUSALS):
                raise  # a mistake in this program
            raise self._refusal(state, error) from error
        except UnicodeError as error:
            if "idna" not in str(error):
                raise
            raise self._unreachable("its host is no host's name") from None

    def _refusal(self, state: str, error: DBAPIError) -> TrackerError:
        reason = next(iter(str(error.orig).strip().splitlines()), "no reason given")
        known = _REFUSALS.get(state) or _REFUSALS.get(state[:2])
        if known is None and error.connection_invalidated:
            known = _REFUSALS["08"]
        if known is not None:
            what, advice = known
            refusal = DatabaseDamaged if state[:2] == "XX" or state in _MISSING else DatabaseUnavailable
            return refusal(self.place, what.format(reason=reason), advice)
        if state:
            return DatabaseUnavailable(
                self.place, f"refused: {reason}", "Nothing was recorded. Ask who runs the server."
            )
        return self._unreachable(reason)

    def _unreachable(self, reason: str) -> TrackerError:
        """A server that does not let us in says why in words alone, in the language that it was set to."""
        for words, state in _AT_THE_DOOR.items():
            if re.search(words, reason):
                return DatabaseUnavailable(self.place, *_REFUSALS[state])
        return DatabaseUnavailable(
            self.place, f"cannot be reached ({reason})", "Check that the server runs, and its host and port."
        )


def _lock_what_is_there(connection: Connection) -> None:
    """Take the writer's turn on whatever schema there is: its row, before 0003 the log, in a new one nothing."""
    for table, lock in (("log_head", _TURN), ("log", "LOCK TABLE log IN EXCLUSIVE MODE")):
        ours = text("SELECT to_regclass('alembic_version') IS NOT NULL AND to_regclass(:table) IS NOT NULL")
        if connection.scalar(ours, {"table": table}):
            connection.exec_driver_sql(lock)
            return


_TURN = "SELECT 1 / count(*) FROM (SELECT id FROM log_head FOR UPDATE) AS turn"
"""Lock the one row that is the writer's turn; without the row it is a division by zero, as nothing would be locked."""

_OURS = {"alembic_version", "log_head"}
"""Tables by which a database is known as a tracker's, or as another program's that uses Alembic too."""

_REFUSALS = {
    "23": ("refused what was to be written: {reason}", MEND_PROJECTIONS),
    "P0001": ("refused what was to be written: {reason}", MEND_PROJECTIONS),
    "55P03": ("is in use by another writer, which did not finish in the time set (--wait)", NOTHING),
    "57014": ("cancelled the command (its statement timeout, or an administrator)", NOTHING),
    "22012": (
        "has lost the row of log_head, which is the writer's lock",
        "Nothing was recorded; run `tracker verify`.",
    ),
    "25006": ("is read-only, perhaps a replica", "Nothing was recorded; name the primary server with --db."),
    "25P03": ("ended the connection, which idled too long", NOTHING),
    "25P04": ("ended the connection, as the command took too long", NOTHING),
    "28P01": ("refuses the user or the password", "Check both in the URL, or PGPASSWORD and ~/.pgpass."),
    "28": ("refuses this user", "Ask who runs the server for access (docs/postgresql.md)."),
    "3D000": ("does not exist on the server", "Create it with `createdb`, then run `tracker init`."),
    "3F000": ("shows this user no schema", "Ask who runs the server for USAGE on it (docs/postgresql.md)."),
    "42P01": ("lacks a table ({reason})", "Run `tracker rebuild`; if the log itself is missing, restore a backup."),
    "42703": ("lacks a column ({reason})", "Run `tracker rebuild`; if the log's own is missing, restore a backup."),
    "42501": (
        "does not allow this user to do that ({reason})",
        "Nothing was recorded; ask who runs the server for a role that may (docs/postgresql.md).",
    ),
    "53100": ("has no space left on its disk", MAKE_ROOM),
    "53": ("has no connection or memory left", NOTHING),
    "57P01": ("ended the connection (a restart, or an administrator)", NOTHING),
    "57P02": ("ended the connection, as one of its processes failed", NOTHING),
    "57P05": ("ended the connection, which idled too long", NOTHING),
    "57": ("is shutting down or starting up", NOTHING),
    "08": ("was lost during the command", NOTHING),
    "40": ("asks to try again (a conflict between transactions)", NOTHING),
    "58": ("cannot read or write its files ({reason})", "Nothing was recorded. Ask who runs the server."),
    "XX": ("is damaged ({reason})", "Run `tracker verify`, and restore it from a backup or an export."),
}
"""What SQLSTATEs (PostgreSQL, appendix A) and their classes mean to a user, and what to do."""

_MISSING = ("42P01", "42703")
"""SQLSTATEs of a database that lacks what it should have."""

_AT_THE_DOOR = {
    "authentication failed|no password supplied": "28P01",
    "role .* does not exist|not permitted to log in|permission denied for database|no pg_hba.conf entry": "28",
    "database .* does not exist": "3D000",
    "too many (clients|connections)|remaining connection slots": "53",
    "the database system is": "57",
    "server closed the connection|consuming input failed": "08",
}
"""Words with which servers refuse a connection, and the SQLSTATE that the driver does not hand on."""

"""PostgreSQL: one writer at a time by a row lock, readers on snapshots, bulk rows by COPY."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError

from tracker.errors import DatabaseMissing, DatabaseUnavailable, NotATrackerDatabase, TrackerError, UnsupportedDatabase
from tracker.storage.backend import WAIT_SECONDS
from tracker.storage.schema import LOG_TRIGGERS, metadata

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
        except (ArgumentError, ValueError):  # a ValueError is a port that is no number
            raise UnsupportedDatabase(url) from None
        if "@" in (self.url.host or ""):
            raise UnsupportedDatabase(url)
        shown = self.url.set(drivername="postgresql").difference_update_query(_SECRETS)
        self.place = shown.render_as_string(hide_password=True)

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        """An engine whose reading transactions are snapshots, and whose writing ones hold the row of `log_head`.

        A connection that the server ended meanwhile, perhaps in a restart, is noticed and replaced before it is used.
        """
        try:
            engine = create_engine(self.url, connect_args=_CONNECTION, pool_pre_ping=True, use_native_hstore=False)
        except (NoSuchModuleError, ModuleNotFoundError):
            advice = "Install it with `pip install 'negotiation-tracker[postgres]'`."
            raise DatabaseUnavailable(self.place, "needs the PostgreSQL driver", advice) from None
        # Committed entries of the writer before must be seen once the turn is had: no snapshot from before the wait.
        writes = (
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on; "
            f"SET LOCAL lock_timeout = {max(1, round(wait_seconds * 1000))}; "
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
                return "alembic_version" not in self._tables(connection)
        finally:
            engine.dispose()

    def revision(self, connection: Connection) -> str:
        tables = self._tables(connection)
        if "alembic_version" not in tables:
            raise DatabaseMissing(self.place)
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if "log" not in tables or not isinstance(revision, str):
            raise NotATrackerDatabase(self.place, "it holds the tables of another program")
        return revision

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
                if "alembic_version" in tables:
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

    def structure_damage(self, connection: Connection) -> Iterator[str]:
        enabled = text(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'log'::regclass AND tgenabled IN ('O', 'A') "
            "AND NOT tgisinternal"
        )
        for missing in sorted(set(LOG_TRIGGERS["postgresql"]) - set(connection.scalars(enabled))):
            yield f"the trigger {missing}, which keeps the log append-only, is missing or disabled"

    @contextmanager
    def damaged_text(self, connection: Connection) -> Iterator[None]:  # noqa: ARG002 (the server stores valid text only)
        yield

    @contextmanager
    def errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            state = str(getattr(error.orig, "sqlstate", None) or "")
            programming = state[:2] in ("23", "42") and state not in ("42P01", "42501")
            if programming or (isinstance(error, InterfaceError) and not error.connection_invalidated):
                raise
            raise self._refusal(state, error) from error

    def _refusal(self, state: str, error: DBAPIError) -> TrackerError:
        known = _REFUSALS.get(state) or _REFUSALS.get(state[:2])
        if known is None and error.connection_invalidated:
            known = _REFUSALS["08"]
        if known is not None:
            return DatabaseUnavailable(self.place, *known)
        reason = next(iter(str(error.orig).strip().splitlines()), "no reason given")
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


_TURN = "SELECT 1 FROM log_head FOR UPDATE"
_NOTHING = "Nothing was recorded; try again."
_REFUSALS = {
    "55P03": ("is in use by another writer, which did not finish in the time set (--wait)", _NOTHING),
    "57014": ("cancelled the command (its statement timeout, or an administrator)", _NOTHING),
    "25006": ("is read-only, perhaps a replica", "Nothing was recorded; name the primary server with --db."),
    "25P03": ("ended the connection, which idled too long", _NOTHING),
    "25P04": ("ended the connection, as the command took too long", _NOTHING),
    "28P01": ("refuses the user or the password", "Check both in the URL, or PGPASSWORD and ~/.pgpass."),
    "28": ("refuses this user", "Ask who runs the server for access (docs/postgresql.md)."),
    "3D000": ("does not exist on the server", "Create it with `createdb`, then run `tracker init`."),
    "3F000": ("shows this user no schema", "Ask who runs the server for USAGE on it (docs/postgresql.md)."),
    "42P01": ("lacks a table", "Run `tracker rebuild`; if the log itself is missing, restore a backup."),
    "42501": (
        "does not allow this user to do that",
        "Nothing was recorded; ask who runs the server for a role that may (docs/postgresql.md).",
    ),
    "53100": ("has no space left on its disk", "Nothing was recorded; make room."),
    "53": ("has no connection or memory left", _NOTHING),
    "57P01": ("ended the connection (a restart, or an administrator)", _NOTHING),
    "57P05": ("ended the connection, which idled too long", _NOTHING),
    "57": ("is shutting down or starting up", _NOTHING),
    "08": ("was lost during the command", _NOTHING),
    "40": ("asks to try again (a conflict between transactions)", _NOTHING),
    "XX": ("is damaged", "Run `tracker verify`, and restore it from a backup or an export."),
}
"""What SQLSTATEs (PostgreSQL, appendix A) and their classes mean to a user, and what to do."""

_AT_THE_DOOR = {
    "authentication failed|no password supplied": "28P01",
    "role .* does not exist|not permitted to log in|permission denied for database|no pg_hba.conf entry": "28",
    "database .* does not exist": "3D000",
    "too many (clients|connections)|remaining connection slots": "53",
    "the database system is": "57",
    "server closed the connection|consuming input failed": "08",
}
"""Words with which servers refuse a connection, and the SQLSTATE that the driver does not hand on."""

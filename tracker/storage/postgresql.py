"""PostgreSQL: one writer at a time by a row lock, readers on snapshots, bulk rows by COPY."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError

from tracker.errors import DatabaseMissing, DatabaseUnavailable, NotATrackerDatabase, TrackerError, UnsupportedDatabase
from tracker.storage.backend import (
    MAKE_ROOM,
    MEND_PROJECTIONS,
    NOTHING,
    POOL,
    WAIT_SECONDS,
    Described,
    stored_revision,
)
from tracker.storage.schema import trigger_damage

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

_CONNECT_SECONDS = 10


class PostgreSQL:
    """A database on a PostgreSQL server. Raises UnsupportedDatabase for a URL that cannot be read."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url).set(drivername="postgresql+psycopg")
        except ArgumentError:
            raise UnsupportedDatabase(url) from None
        self.place = self.url.set(drivername="postgresql").render_as_string(hide_password=True)

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        """An engine whose reading transactions are snapshots, and whose writing ones hold the row of `log_head`."""
        try:
            options = {"connect_timeout": _CONNECT_SECONDS, "client_encoding": "utf8", "application_name": "tracker"}
            engine = create_engine(self.url, connect_args=options, pool_pre_ping=True, **POOL)
        except (NoSuchModuleError, ModuleNotFoundError):
            advice = "Install it with `pip install 'negotiation-tracker[postgres]'`."
            raise DatabaseUnavailable(self.place, "needs the PostgreSQL driver", advice) from None
        # Positions are read after the lock is taken: a snapshot from before it, the default on some servers, is stale.
        fresh = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
        locking = (
            f"{fresh}SET LOCAL lock_timeout = {max(1, round(wait_seconds * 1000))}; "
            "SET LOCAL synchronous_commit = on; SELECT 1 FROM log_head FOR UPDATE"
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            options = connection.get_execution_options()
            if options.get("tracker_migrates", False):
                connection.exec_driver_sql(f"{fresh}SELECT pg_advisory_xact_lock(hashtext('negotiation-tracker'))")
            elif options.get("tracker_writes", False):
                connection.exec_driver_sql(locking)
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
                return not _ours(connection)
        finally:
            engine.dispose()

    def revision(self, connection: Connection) -> object:
        tables = _ours(connection)
        if not tables:
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
                if _ours(connection):
                    return False
                migrate(connection)
                return True
        finally:
            engine.dispose()

    def insert(self, connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
        if len(rows) < _COPY_FROM:
            connection.execute(insert(table), rows)
            return
        columns = list(rows[0])
        named = ", ".join(f'"{column}"' for column in columns)
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({named}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([row[column] for column in columns])

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
        except _errors_of_the_driver() as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            state = str(getattr(reason, "sqlstate", None) or "")
            misused = isinstance(error, InterfaceError) and not error.connection_invalidated
            if misused or (state[:2] == "42" and state not in _REFUSALS):
                raise  # a mistake in this program
            raise self._refusal(state, reason) from error

    def _refusal(self, state: str, reason: BaseException | None) -> TrackerError:
        first = str(reason).strip().splitlines()[0] if str(reason).strip() else "no reason given"
        if found := _REFUSALS.get(state) or _REFUSALS.get(state[:2]):
            what, advice = found
            return DatabaseUnavailable(self.place, what.format(reason=first), advice)
        if not state:
            return self._unreachable(first)
        return DatabaseUnavailable(self.place, f"refused: {first}", "Nothing was recorded. Ask who runs the server.")

    def _unreachable(self, reason: str) -> TrackerError:
        if "password" in reason or "authentication" in reason:
            return DatabaseUnavailable(self.place, *_REFUSALS["28P01"])
        if "does not exist" in reason and "database" in reason:
            return DatabaseUnavailable(self.place, *_REFUSALS["3D000"])
        if "server closed the connection" in reason or "consuming input failed" in reason or "lost" in reason:
            return DatabaseUnavailable(self.place, *_REFUSALS["08"])
        return DatabaseUnavailable(
            self.place, f"cannot be reached ({reason})", "Check that the server runs, and its host and port."
        )


def _ours(connection: Connection) -> set[str]:
    """Which of the tables are there that say that a database is a tracker's, or another program's."""
    return {"alembic_version", "log", "log_head"} & set(inspect(connection).get_table_names())


def _errors_of_the_driver() -> tuple[type[Exception], ...]:
    """As SQLAlchemy passes them on, and as they come where it does not stand in between: in COPY."""
    try:
        from psycopg import Error  # noqa: PLC0415 (an optional dependency)
    except ModuleNotFoundError:
        return (DBAPIError,)
    return (DBAPIError, Error)


_WHOLE_OR_NOT = "What was to be recorded is there whole or not at all: see `tracker log`, then run the command again."
_REFUSALS = {
    "23": ("refused what was to be written: {reason}", MEND_PROJECTIONS),
    "P0001": ("refused what was to be written: {reason}", MEND_PROJECTIONS),
    "55P03": ("is in use by another writer, which did not finish in the time set (--wait)", NOTHING),
    "57014": ("cancelled the command (its statement timeout, or an administrator)", NOTHING),
    "25006": ("is read-only, perhaps a replica", "Name the primary server with --db."),
    "25P03": ("ended the connection, which idled too long", NOTHING),
    "28P01": ("refuses the user or the password", "Check both in the URL, or PGPASSWORD and ~/.pgpass."),
    "28000": ("refuses this user", "Ask who runs the server for access."),
    "3D000": ("does not exist on the server", "Create it with `createdb`, then run `tracker init`."),
    "42P01": ("lacks a table ({reason})", "Run `tracker rebuild`; if the log itself is missing, restore a backup."),
    "42703": ("lacks a column ({reason})", "Run `tracker rebuild`; if the log's own is missing, restore a backup."),
    "42501": (
        "does not allow this user to do that ({reason})",
        "Ask who runs the server for the role that may (docs/reliability.md).",
    ),
    "53100": ("has no space left on its disk", MAKE_ROOM),
    "53": ("has no resources left (memory or connections)", NOTHING),
    "57P03": ("is shutting down or starting up", NOTHING),
    "57": ("was shut down during the command, or one of its processes failed", _WHOLE_OR_NOT),
    "08": ("was lost during the command", _WHOLE_OR_NOT),
    "40": ("asks to try again (a conflict between transactions)", NOTHING),
    "58": ("cannot read or write its files ({reason})", "Nothing was recorded. Ask who runs the server."),
    "XX": ("is damaged ({reason})", "Run `tracker verify`, and restore it from a backup or an export."),
}
"""What SQLSTATEs (PostgreSQL, appendix A) and their classes mean to a user, and what to do."""

"""PostgreSQL: one writer at a time by a row lock, readers on snapshots, bulk rows by COPY."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError

from tracker.errors import DatabaseMissing, DatabaseUnavailable, NotATrackerDatabase, TrackerError, UnsupportedDatabase
from tracker.storage.backend import WAIT_SECONDS
from tracker.storage.schema import LOG_TRIGGERS

_COPY_FROM = 50
"""From how many rows on COPY is worth its round trips."""

_CONNECT_SECONDS = 10


class PostgreSQL:
    """A database on a PostgreSQL server. Raises UnsupportedDatabase for a URL that cannot be read."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url).set(drivername="postgresql+psycopg")
            self.place = self.url.set(drivername="postgresql").render_as_string(hide_password=True)
        except (ArgumentError, ValueError):  # a ValueError is a port that is no number, or bytes that are no text
            raise UnsupportedDatabase(url) from None

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        """An engine whose reading transactions are snapshots, and whose writing ones hold the row of `log_head`."""
        try:
            options = {"connect_timeout": _CONNECT_SECONDS, "client_encoding": "utf8", "application_name": "tracker"}
            engine = create_engine(self.url, connect_args=options)
        except (NoSuchModuleError, ModuleNotFoundError):
            advice = "Install it with `pip install 'negotiation-tracker[postgres]'`."
            raise DatabaseUnavailable(self.place, "needs the PostgreSQL driver", advice) from None
        locking = (
            f"SET LOCAL lock_timeout = {max(1, round(wait_seconds * 1000))}; "
            "SET LOCAL synchronous_commit = on; SELECT 1 FROM log_head FOR UPDATE"
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            options = connection.get_execution_options()
            if options.get("tracker_migrates", False):
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('negotiation-tracker'))")
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
                return "alembic_version" not in inspect(connection).get_table_names()
        finally:
            engine.dispose()

    def revision(self, connection: Connection) -> str:
        tables = set(inspect(connection).get_table_names())
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
                if "alembic_version" in inspect(connection).get_table_names():
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
            raise self._refusal(state, error.orig) from error
        except UnicodeError as error:
            if "idna" not in str(error):
                raise
            raise self._unreachable("its host is no host's name") from None

    def _refusal(self, state: str, reason: BaseException | None) -> TrackerError:
        what, advice = _REFUSALS.get(state) or _REFUSALS.get(state[:2]) or (None, "")
        if what is None:
            first = str(reason).strip().splitlines()[0] if str(reason).strip() else "no reason given"
            return (
                self._unreachable(first)
                if not state
                else DatabaseUnavailable(
                    self.place, f"refused: {first}", "Nothing was recorded. Ask who runs the server."
                )
            )
        return DatabaseUnavailable(self.place, what, advice)

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


_NOTHING = "Nothing was recorded; try again."
_REFUSALS = {
    "55P03": ("is in use by another writer, which did not finish in the time set (--wait)", _NOTHING),
    "57014": ("cancelled the command (its statement timeout, or an administrator)", _NOTHING),
    "25006": ("is read-only, perhaps a replica", "Name the primary server with --db."),
    "25P03": ("ended the connection, which idled too long", _NOTHING),
    "28P01": ("refuses the user or the password", "Check both in the URL, or PGPASSWORD and ~/.pgpass."),
    "28000": ("refuses this user", "Ask who runs the server for access."),
    "3D000": ("does not exist on the server", "Create it with `createdb`, then run `tracker init`."),
    "42P01": ("lacks a table", "Run `tracker rebuild`; if the log itself is missing, restore a backup."),
    "42501": (
        "does not allow this user to do that",
        "Ask who runs the server for the role that may (docs/reliability.md).",
    ),
    "53100": ("has no space left on its disk", "Nothing was recorded; make room."),
    "53": ("has no resources left (memory or connections)", _NOTHING),
    "57P": ("is shutting down or starting up", _NOTHING),
    "57": ("is shutting down or starting up", _NOTHING),
    "08": ("was lost during the command", "Nothing was recorded unless it says so; run the command again."),
    "40": ("asks to try again (a conflict between transactions)", _NOTHING),
    "XX": ("is damaged", "Run `tracker verify`, and restore it from a backup or an export."),
}
"""What SQLSTATEs (PostgreSQL, appendix A) and their classes mean to a user, and what to do."""

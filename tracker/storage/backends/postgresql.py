"""PostgreSQL: one writer at a time by a row lock, readers on snapshots, bulk rows by COPY."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from tracker.errors import DatabaseMissing, DatabaseUnavailable, NotATrackerDatabase, UnsupportedDatabase
from tracker.storage.backends.backend import POOL, WAIT_SECONDS, DatabaseDescription
from tracker.storage.backends.compiled_query import (
    AnyConnection,
    Driver,
    Rows,
    Sql,
    Transaction,
    execute_many,
    fetch,
    on_driver,
)
from tracker.storage.backends.postgresql_errors import REFUSALS, is_ours, refusal, unreachable
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
"""Rows from which COPY is worth its round trips."""

_CONNECTION: dict[str, Any] = {
    "connect_timeout": 10,
    "client_encoding": "utf8",
    "application_name": "tracker",
    "prepare_threshold": None,  # a Session prepares queries itself; psycopg forgets its own at every rollback
}

_PREPARE = "prepare_threshold"
"""URL parameter; `none` turns prepared statements off, which some poolers lose."""

for _index in (index for table in metadata.tables.values() for index in table.indexes if "where" in index.info):
    _index.dialect_options["postgresql"]["where"] = text(_index.info["where"])

_MAY_APPEND = text("SELECT has_table_privilege('log', 'INSERT') AND NOT pg_is_in_recovery()")

_TOKENS_ARE_KEPT = text("SELECT relrowsecurity FROM pg_class WHERE oid = 'token'::regclass")

_SECRETS = ("password", "sslpassword")
"""URL parameters that no message may show."""


class PostgreSQL:
    """A database on a PostgreSQL server. Raises UnsupportedDatabase for a URL that cannot be read."""

    file = None
    makes_indexes_late = False

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url).set(drivername="postgresql+psycopg")
            shown = self.url.set(drivername="postgresql").difference_update_query(_SECRETS)
            self.place = shown.render_as_string(hide_password=True)
        except (ArgumentError, ValueError):  # ValueError: a port that is not a number, or bytes that are not text
            raise UnsupportedDatabase(url) from None
        if "@" in (self.url.host or ""):
            raise UnsupportedDatabase(url)
        self._prepares = self.url.query.get(_PREPARE) != "none"
        if not self._prepares:
            self.url = self.url.difference_update_query([_PREPARE])

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        """Return an engine whose connections are Sessions."""
        try:
            from tracker.storage.backends.postgresql_pipeline import Session  # noqa: PLC0415 (the driver may not be installed)

            engine = create_engine(self.url, connect_args=_CONNECTION, use_native_hstore=False, **POOL)
        except (NoSuchModuleError, ModuleNotFoundError):
            advice = "Install it with `pip install 'psycopg[binary]>=3.2,<4'`."
            raise DatabaseUnavailable(self.place, "needs the PostgreSQL driver", advice) from None
        self._wait = f"{max(1, round(wait_seconds * 1000))}ms"

        @event.listens_for(engine, "do_connect")
        def _connect(_dialect: object, _record: object, cargs: Any, cparams: Any) -> Session:
            session = Session.connect(*cargs, **cparams)
            session.prepares = self._prepares
            return session

        return engine

    def lock_for_migration(self, connection: Connection) -> None:
        """Take the lock of migrations and the writer lock: the row of log_head or, before schema 0003, the log."""
        fetch(connection, [_WRITE, (_SETTINGS_OF_A_WRITER, (self._wait,)), _MIGRATION])
        for table, lock in (("log_head", (_WRITER_LOCK, (self._wait,))), ("log", _LOCK_BEFORE_0003)):
            ours = text("SELECT to_regclass('alembic_version') IS NOT NULL AND to_regclass(:table) IS NOT NULL")
            if connection.scalar(ours, {"table": table}):
                fetch(connection, [lock])
                return

    def begin_snapshot(self, driver: Driver) -> None:
        driver.fetch([_READ])

    def lock_for_writing(self, driver: Driver, queries: Sequence[Sql] = ()) -> list[Rows]:
        return driver.fetch([_WRITE, (_WRITER_LOCK, (self._wait,)), *queries])[2:]

    def is_writable(self, reading: Callable[[], AbstractContextManager[Transaction]]) -> bool:
        with reading() as begun:
            return bool(begun.core.scalar(_MAY_APPEND))

    def is_missing(self) -> bool:
        """Return whether the database holds no tracker yet."""
        with self._connected() as connection:
            return not self._tables(connection) & _OURS

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Open a transaction on a connection of its own."""
        engine = self.connect()
        try:
            with self.errors(), engine.connect() as connection, connection.begin():
                yield connection
        finally:
            engine.dispose()

    def tables(self, connection: AnyConnection) -> set[str]:
        tables = self._tables(connection)
        if not tables & _OURS:
            raise DatabaseMissing(self.place)
        if len(tables & set(metadata.tables)) < _MOST_TABLES:
            raise NotATrackerDatabase(self.place, "it holds the tables of another program")
        return tables

    def create(self, migrate: Callable[[Connection], None]) -> bool:
        """Create the tables in one transaction; of several processes that do it at once one succeeds."""
        with self._connected() as connection:
            self.lock_for_migration(connection)
            tables = self._tables(connection)
            if tables & _OURS:
                return False
            self._require_fit(connection, tables)
            migrate(connection)
            return True

    def _require_fit(self, connection: Connection, tables: set[str]) -> None:
        """Refuse a database whose encoding lacks characters, or that has another program's tables of the same names."""
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            advice = "Make one with `createdb --encoding UTF8 --template template0`."
            raise DatabaseUnavailable(self.place, f"keeps text as {encoding}, which lacks characters", advice)
        if theirs := sorted(tables & set(metadata.tables)):
            raise NotATrackerDatabase(self.place, f"it holds another program's table {theirs[0]!r}")

    def _tables(self, connection: AnyConnection) -> set[str]:
        """Return the tables that this user sees. Raises DatabaseUnavailable if the user sees no schema."""
        ((schema, names),) = fetch(connection, [_TABLES])[0]
        if schema is None:
            raise DatabaseUnavailable(self.place, *REFUSALS["3F000"])
        return set(names)

    def in_bulk(self, connection: Connection) -> AbstractContextManager[None]:  # noqa: ARG002 (the server decides)
        return nullcontext()

    def insert(self, connection: AnyConnection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        if len(rows) < _COPY_FROM:
            execute_many(connection, _insertion(table), rows)
            return
        command = f"COPY {_columns_of(table)} FROM STDIN"

        def copy_rows(driver: Any) -> None:
            with driver.cursor() as cursor, cursor.copy(command) as copy:
                for row in rows:
                    copy.write_row(row)

        on_driver(connection, command, copy_rows)

    def copy(self, connection: Connection, path: Path) -> bool:  # noqa: ARG002 (no database here is a file)
        return False

    def describe(self, connection: Connection) -> DatabaseDescription:
        settings = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names) ORDER BY name")
        found = {row.name: row.setting for row in connection.execute(settings, {"names": list(_SETTINGS)})}
        found["replica"] = "yes" if connection.scalar(text("SELECT pg_is_in_recovery()")) else "no"
        off = [name for name in ("fsync", "full_page_writes") if found.get(name) == "off"]
        warnings = [f"The server runs with {name} = off: a power cut may cost acknowledged entries." for name in off]
        if (encoding := found.get("server_encoding")) != "UTF8":
            warnings.append(f"The database's encoding is {encoding}, which cannot store every character; UTF8 can.")
        driver = connection.dialect.dbapi
        versions = {
            "PostgreSQL": found.pop("server_version", "unknown"),
            "psycopg": getattr(driver, "__version__", "unknown"),
        }
        return DatabaseDescription(versions, found, tuple(warnings))

    def structure_damage(self, connection: Connection) -> Iterator[str]:
        enabled = text(
            "SELECT tgname AS name, tgtype || prosrc AS does FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = 'log'::regclass AND tgenabled IN ('O', 'A') AND tgqual IS NULL AND tgattr::text = '' "
            "AND NOT tgisinternal "
            "UNION ALL SELECT tgname, '' FROM pg_trigger WHERE tgrelid = ANY(CAST(:others AS regclass[])) "
            "AND NOT tgisinternal "
            "UNION ALL SELECT rulename, '' FROM pg_rewrite WHERE ev_class = ANY(CAST(:ours AS regclass[]))"
        )
        tables = self._tables(connection)
        ours = [name for name in metadata.tables if name in tables]
        others = [name for name in ours if name != "log"]
        schema = text(
            "SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
            "WHERE pg_class.oid = 'log'::regclass"
        )
        there = {row.name: row.does for row in connection.execute(enabled, {"ours": ours, "others": others})}
        yield from trigger_damage("postgresql", there, log=f"{connection.scalar(schema)}.log")
        unkept = text(
            "SELECT relname FROM pg_class WHERE oid = ANY(CAST(:ours AS regclass[])) AND relpersistence <> 'p' "
            "ORDER BY relname"
        )
        for name in connection.scalars(unkept, {"ours": ours}):
            yield f"the table {name} is unlogged: a crash of the server would empty it"
        if not connection.scalar(_TOKENS_ARE_KEPT):
            yield "row security of the table token is off: whoever only reads could see the hashes of tokens"

    def damaged_text(self, connection: Connection) -> AbstractContextManager[None]:  # noqa: ARG002 (it has none)
        return nullcontext()

    @contextmanager
    def errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if is_ours(error):
                raise
            raise refusal(self.place, error) from error
        except UnicodeError as error:
            if "idna" not in str(error):
                raise
            raise unreachable(self.place, "its host name is not valid") from None


@cache
def _insertion(table: Table) -> str:
    values = ", ".join(f"${number}" for number in range(1, len(table.c) + 1))
    return f"INSERT INTO {_columns_of(table)} VALUES ({values})"


def _columns_of(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    return f'"{table.name}" ({columns})'


_READ: Sql = ("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", ())
_WRITE: Sql = ("BEGIN ISOLATION LEVEL READ COMMITTED", ())
"""Positions are read after the lock is taken: a snapshot from before it, as some servers prefer, would be stale."""
_TABLES: Sql = (
    "SELECT current_schema(), ARRAY(SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') "
    "AND relpersistence <> 't' AND relnamespace = to_regnamespace(quote_ident(current_schema())))",
    (),
)
_MIGRATION: Sql = ("SELECT pg_advisory_xact_lock(hashtext('negotiation-tracker'))", ())
_LOCK_BEFORE_0003: Sql = ("LOCK TABLE log IN EXCLUSIVE MODE", ())
_SET = "set_config('lock_timeout', $1, true) IS NOT NULL AND set_config('synchronous_commit', 'on', true) IS NOT NULL"
_SETTINGS_OF_A_WRITER = f"SELECT {_SET}"
_WRITER_LOCK = f"SELECT 1 / count(*) FROM (SELECT id FROM log_head WHERE {_SET} FOR UPDATE) AS locked"
"""Lock the one row of log_head, whose condition first sets how long to wait; a missing row is a division by zero."""

_MOST_TABLES = 3
"""With so many of its tables a database is a tracker's, even if some are lost."""

_OURS = {"alembic_version", "log_head"}
"""Tables that show a tracker's database, or that of another program that uses Alembic."""

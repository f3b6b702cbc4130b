"""Open a database of this release, and its three kinds of transactions."""

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from logging import NullHandler, getLogger
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from tracker.domain.terms.rules import RULES
from tracker.errors import DatabaseMissing, DatabaseNewer, DatabaseOlder, NotATrackerDatabase, OutcomeUnknown
from tracker.storage.backends.backend import WAIT_SECONDS, Backend
from tracker.storage.backends.compiled_query import (
    AnyConnection,
    CompiledQuery,
    Rows,
    Sql,
    Transaction,
    fetch,
    wrap_driver_error,
)
from tracker.storage.backends.sqlite import SQLite
from tracker.storage.schema import REVISION, rules

T = TypeVar("T")

# They log what they cannot clean up after a failure, on standard error without a handler. The failure is raised too.
for _noisy in ("sqlalchemy.pool", "psycopg"):
    getLogger(_noisy).addHandler(NullHandler())


def backend_of(url: str) -> Backend:
    """Return the back end of a path, a `sqlite:///` URL or a `postgresql://` URL. Raises UnsupportedDatabase."""
    if not url.startswith(_POSTGRESQL):
        return SQLite(url)
    from tracker.storage.backends.postgresql import PostgreSQL  # noqa: PLC0415 (its dialect takes time that SQLite does not need)

    return PostgreSQL(url)


_POSTGRESQL = ("postgresql:", "postgres:", "postgresql+psycopg:")


def open_database(backend: Backend, *, wait_seconds: float = WAIT_SECONDS, as_it_is: bool = False) -> Engine:
    """Open an existing database of this release's schema, or of any with `as_it_is`.

    Raises DatabaseMissing, DatabaseOlder, DatabaseNewer, NotATrackerDatabase or DatabaseUnavailable.
    """
    if backend.file is not None and backend.is_missing():  # connecting would create the file
        raise DatabaseMissing(backend.place)
    engine = backend.connect(wait_seconds=wait_seconds)
    try:
        if not as_it_is:
            with reading(engine, backend) as begun:
                require_this_release(begun, backend)
    except BaseException:
        engine.dispose()
        raise
    return engine


def require_this_release(connection: AnyConnection, backend: Backend) -> None:
    """Refuse a database of another schema or other rules. Raises as `require_this_schema`."""
    tables = backend.tables(connection)
    revision = _revision(connection, backend, tables)
    _require_this_revision(revision, backend)
    number = _rules(connection, tables, revision)
    if number is not None and number > RULES:
        raise DatabaseNewer(backend.place, f"rules {number}")
    if number is not None and number < RULES:
        raise DatabaseOlder(backend.place)


def require_this_schema(connection: AnyConnection, backend: Backend) -> None:
    """Refuse a database of another schema. Raises as `revision_of`, and DatabaseOlder or DatabaseNewer."""
    _require_this_revision(revision_of(connection, backend), backend)


def revision_of(connection: AnyConnection, backend: Backend) -> str:
    """Return the schema revision that a database says it has. Raises NotATrackerDatabase or DatabaseMissing."""
    return _revision(connection, backend, backend.tables(connection))


class Origin(NamedTuple):
    """What made a database: its schema revision, and the rules by which its projections were derived."""

    schema: str
    rules: int | None


def origin_of(connection: AnyConnection, backend: Backend) -> Origin:
    """Return what made a database; the rules are 1 in schemas to 0005, and None if they are missing.

    Raises as `revision_of`.
    """
    tables = backend.tables(connection)
    revision = _revision(connection, backend, tables)
    return Origin(revision, _rules(connection, tables, revision))


def stored_revision(connection: AnyConnection, tables: Set[str]) -> object:
    """Return the schema revision as stored, None unless there is one."""
    if "alembic_version" not in tables:
        return None
    (found,) = fetch(connection, [_REVISION])
    return found[0][0] if len(found) == 1 else None


_REVISION: Sql = ("SELECT version_num FROM alembic_version", ())


def _revision(connection: AnyConnection, backend: Backend, tables: Set[str]) -> str:
    stored = stored_revision(connection, tables)
    if not isinstance(stored, str):
        raise NotATrackerDatabase(backend.place, "its schema revision is missing")
    return stored


def _require_this_revision(revision: str, backend: Backend) -> None:
    if revision > REVISION:
        raise DatabaseNewer(backend.place, f"schema {revision}")
    if revision < REVISION:
        raise DatabaseOlder(backend.place)


def _rules(connection: AnyConnection, tables: Set[str], revision: str) -> int | None:
    if rules.name not in tables:
        return None if revision == REVISION else 1
    found = _RULES.row(connection)
    return found[0] if found else None


_RULES = CompiledQuery(select(rules.c.number))


@contextmanager
def reading(engine: Engine, backend: Backend) -> Iterator[Transaction]:
    """A read-only transaction that sees one snapshot."""
    with _transaction(engine, backend, backend.begin_snapshot) as (begun, _):
        begun.file = backend.file
        yield begun


@contextmanager
def writing(
    engine: Engine, backend: Backend, queries: Sequence[Sql] = (), *, keep: bool = True
) -> Iterator[tuple[Transaction, list[Rows]]]:
    """A transaction that holds the writer lock from its start; it commits at the end, or rolls back.

    It comes with the rows of `queries`, which run at its start in the same round trip. Raises OutcomeUnknown if the
    server is lost during the commit.
    """
    with _transaction(engine, backend, lambda driver: backend.lock_for_writing(driver, queries)) as (begun, found):
        yield begun, found
        driver = begun.driver
        try:
            driver.commit() if keep else driver.flush()
        except engine.dialect.loaded_dbapi.Error as error:
            failed = wrap_driver_error(engine.dialect, driver, "", error)
            if driver.outcome_unknown:
                begun.invalidate(failed)
                raise OutcomeUnknown from error
            raise failed from error


@contextmanager
def _transaction(engine: Engine, backend: Backend, begin: Callable[[Any], T]) -> Iterator[tuple[Transaction, T]]:
    """Roll back what is not committed at the end; a lost connection is replaced instead."""
    with backend.errors():
        begun, found = _begin(engine, begin)
        try:
            yield begun, found
        except DBAPIError as error:
            if error.connection_invalidated:
                begun.invalidate(error)
            raise
        finally:
            begun.close()


def _begin(engine: Engine, begin: Callable[[Any], T]) -> tuple[Transaction, T]:
    """Begin a transaction on the driver's own connection, for speed, and return the result of `begin` too.

    A connection that the server closed since its last use, perhaps in a restart, is replaced.
    """
    while True:
        try:
            pooled = engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error as error:
            raise wrap_driver_error(engine.dialect, None, "", error) from error
        begun = Transaction(engine, pooled)
        try:
            found = begin(begun.driver)
        except engine.dialect.loaded_dbapi.Error as error:
            failed = wrap_driver_error(engine.dialect, begun.driver, "", error)
            lost, was_used = failed.connection_invalidated, _USED in pooled.info
            if lost:
                begun.invalidate(failed)
            begun.close()
            if not (lost and was_used):
                raise failed from error
        except BaseException:
            begun.close()
            raise
        else:
            pooled.info[_USED] = True
            return begun, found


_USED = "tracker_used"


@contextmanager
def migrating(engine: Engine, backend: Backend) -> Iterator[Connection]:
    """A write transaction with the lock that an older schema has."""
    with backend.errors(), engine.connect() as connection, connection.begin():
        backend.lock_for_migration(connection)
        yield connection

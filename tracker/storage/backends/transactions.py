"""Open a database of this release, and its two kinds of transactions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from logging import NullHandler, getLogger
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tracker.errors import OutcomeUnknown
from tracker.storage.backends.backend import WAIT_SECONDS, Backend
from tracker.storage.backends.compiled_query import Rows, Sql, Transaction, wrap_driver_error
from tracker.storage.backends.sqlite import SQLite
from tracker.storage.backends.structure import require_this_release

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
    backend.require()
    engine = backend.connect(wait_seconds=wait_seconds)
    try:
        if not as_it_is:
            with backend.errors(), reading(engine, backend) as connection:
                require_this_release(connection, backend)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine, backend: Backend) -> Iterator[Connection]:
    """A read-only transaction that sees one snapshot."""
    with snapshot(engine, backend) as begun:
        yield begun.core


@contextmanager
def snapshot(engine: Engine, backend: Backend) -> Iterator[Transaction]:
    """The same for compiled queries, which need no connection of SQLAlchemy's."""
    begun, _ = _begin(engine, backend.begin_snapshot)
    with _ending(begun):
        yield begun


@contextmanager
def writing(
    engine: Engine, backend: Backend, queries: Sequence[Sql] = (), *, keep: bool = True
) -> Iterator[tuple[Transaction, list[Rows]]]:
    """A transaction that holds the writer lock from its start; it commits at the end, or rolls back.

    It comes with the rows of `queries`, which run at its start in the same
    round trip. Raises OutcomeUnknown if the server is lost during the commit.
    """
    begun, found = _begin(engine, lambda driver: backend.lock_for_writing(driver, queries))
    with _ending(begun):
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
def _ending(begun: Transaction) -> Iterator[None]:
    """Roll back what is not committed at the end; a lost connection is replaced instead."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated:
            begun.invalidate(error)
        raise
    finally:
        begun.close()


def _begin(engine: Engine, begin: Callable[[Any], T]) -> tuple[Transaction, T]:
    """Begin a transaction on the driver's own connection, for speed, and return the result of `begin` too.

    A connection that the server closed since its last use, perhaps in a
    restart, is replaced.
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
def migrating(engine: Engine) -> Iterator[Connection]:
    """A write transaction with the lock that an older schema has."""
    with engine.connect().execution_options(tracker_migrates=True) as connection, connection.begin():
        yield connection

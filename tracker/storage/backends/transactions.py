"""Open a database of this release, and its two kinds of transactions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from logging import NullHandler, getLogger
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tracker.errors import OutcomeUnknown
from tracker.storage.backends.backend import WAIT_SECONDS, Backend
from tracker.storage.backends.compiled_query import Rows, Statement, Transaction, wrap_driver_error
from tracker.storage.backends.sqlite import SQLite
from tracker.storage.backends.structure import require_this_release

T = TypeVar("T")

# They warn of what they cannot tidy up after a failure, on standard error if nobody listens. The failure is raised too.
for _noisy in ("sqlalchemy.pool", "psycopg"):
    getLogger(_noisy).addHandler(NullHandler())


def backend_of(url: str) -> Backend:
    """The database behind a path, a `sqlite:///` URL or a `postgresql://` URL. Raises UnsupportedDatabase."""
    if not url.startswith(_POSTGRESQL):
        return SQLite(url)
    from tracker.storage.backends.postgresql import PostgreSQL  # noqa: PLC0415 (whose dialect no SQLite file has to wait for)

    return PostgreSQL(url)


_POSTGRESQL = ("postgresql:", "postgres:", "postgresql+psycopg:")


def open_database(backend: Backend, *, wait_seconds: float = WAIT_SECONDS, as_it_is: bool = False) -> Engine:
    """Open an existing database of this release's schema, or of any, to look at it `as_it_is`.

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
    """A transaction that sees one snapshot and writes nothing."""
    with snapshot(engine, backend) as begun:
        yield begun.core


@contextmanager
def snapshot(engine: Engine, backend: Backend) -> Iterator[Transaction]:
    """As `reading`, for prepared statements, which need no connection of SQLAlchemy's."""
    begun, _ = _begin(engine, backend.begin_snapshot)
    with _ending(begun):
        yield begun


@contextmanager
def writing(
    engine: Engine, backend: Backend, asked: Sequence[Statement] = (), *, keep: bool = True
) -> Iterator[tuple[Transaction, list[Rows]]]:
    """A transaction that holds the one writer's lock from its start; it commits at the end, or leaves nothing.

    With it comes what it finds at its start of what it was `asked`, which needs
    no trip of its own to a server. Raises OutcomeUnknown if the server is lost
    just when it was asked to commit.
    """
    begun, found = _begin(engine, lambda driver: backend.lock_for_writing(driver, asked))
    with _ending(begun):
        yield begun, found
        driver = begun.driver
        try:
            driver.commit() if keep else driver.settle()
        except engine.dialect.loaded_dbapi.Error as error:
            failed = wrap_driver_error(engine.dialect, driver, "", error)
            if driver.in_doubt:
                begun.lose(failed)
                raise OutcomeUnknown from error
            raise failed from error


@contextmanager
def _ending(begun: Transaction) -> Iterator[None]:
    """What is not committed is rolled back at the end; a connection that is lost has nothing to roll back."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated:
            begun.lose(error)
        raise
    finally:
        begun.end()


def _begin(engine: Engine, begin: Callable[[Any], T]) -> tuple[Transaction, T]:
    """Begin a transaction, and return what beginning it found.

    It is begun and ended on the driver's own connection, for speed. One that
    the server closed since its last use, perhaps in a restart, is replaced.
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
                begun.lose(failed)
            begun.end()
            if not (lost and was_used):
                raise failed from error
        except BaseException:
            begun.end()
            raise
        else:
            pooled.info[_USED] = True
            return begun, found


_USED = "tracker_used"


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """As `writing`, with the lock that an older schema has."""
    with engine.connect().execution_options(tracker_migrates=True) as connection, connection.begin():
        yield connection

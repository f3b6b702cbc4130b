"""Open a database of this release, and its two kinds of transactions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from logging import NullHandler, getLogger
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

from tracker.errors import OutcomeUnknown
from tracker.storage.backend import WAIT_SECONDS, Backend
from tracker.storage.prepared import Rows, Snapshot, Statement, as_its_own, driver_of
from tracker.storage.sqlite import SQLite
from tracker.storage.structure import require_this_release

T = TypeVar("T")

# They warn of what they cannot tidy up after a failure, on standard error if nobody listens. The failure is raised too.
for _noisy in ("sqlalchemy.pool", "psycopg"):
    getLogger(_noisy).addHandler(NullHandler())


def backend_of(url: str) -> Backend:
    """The database behind a path, a `sqlite:///` URL or a `postgresql://` URL. Raises UnsupportedDatabase."""
    if not url.startswith(_POSTGRESQL):
        return SQLite(url)
    from tracker.storage.postgresql import PostgreSQL  # noqa: PLC0415 (whose dialect no SQLite file has to wait for)

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
    with _begun(engine, backend.begin_snapshot) as (pooled, _), _joined(engine, pooled) as connection:
        yield connection


@contextmanager
def snapshot(engine: Engine, backend: Backend) -> Iterator[Snapshot]:
    """As `reading`, for prepared statements alone."""
    with _begun(engine, backend.begin_snapshot) as (pooled, _):
        driver: Any = pooled.driver_connection
        yield Snapshot(driver, engine.dialect)


@contextmanager
def writing(
    engine: Engine, backend: Backend, asked: Sequence[Statement] = (), *, keep: bool = True
) -> Iterator[tuple[Connection, list[Rows]]]:
    """A transaction that holds the one writer's lock from its start; it commits at the end, or leaves nothing.

    With it comes what it finds at its start of what it was `asked`, which needs
    no trip of its own to a server. Raises OutcomeUnknown if the server is lost
    just when it was asked to commit.
    """
    with (
        _begun(engine, lambda driver: backend.take_turn(driver, asked)) as (pooled, found),
        _joined(engine, pooled) as connection,
    ):
        yield connection, found
        driver = driver_of(connection)
        try:
            with _as_sqlalchemys(engine, pooled):
                driver.commit() if keep else driver.settle()
        except DBAPIError as error:
            if driver.in_doubt:
                connection.invalidate(error)
                raise OutcomeUnknown from error
            raise


@contextmanager
def _begun(engine: Engine, begin: Callable[[Any], T]) -> Iterator[tuple[PoolProxiedConnection, T]]:
    """A connection on which a transaction was begun; what it does not commit is rolled back at the end.

    It is begun and ended on the driver's own connection, for speed. One that
    the server closed since its last use, perhaps in a restart, is replaced.
    """
    begun = None
    while begun is None:
        with _as_sqlalchemys(engine):
            pooled = engine.raw_connection()
        begun = _begin(engine, pooled, begin)
    try:
        yield pooled, begun[0]
    finally:
        pooled.close()


def _begin(engine: Engine, pooled: PoolProxiedConnection, begin: Callable[[Any], T]) -> tuple[T] | None:
    """Begin a transaction; None if the connection turns out to be lost that was of use before."""
    try:
        with _as_sqlalchemys(engine, pooled):
            begun = begin(pooled.driver_connection)
    except BaseException as error:
        was_used = _USED in pooled.info
        lost = isinstance(error, DBAPIError) and error.connection_invalidated
        if lost:
            pooled.invalidate(error)
        pooled.close()
        if lost and was_used:
            return None
        raise
    pooled.info[_USED] = True
    return (begun,)


_USED = "tracker_used"


@contextmanager
def _joined(engine: Engine, pooled: PoolProxiedConnection) -> Iterator[Connection]:
    """SQLAlchemy's connection, in the transaction that was begun; one that is lost has nothing to roll back."""
    with Connection(engine, connection=pooled) as connection:
        try:
            yield connection
        except DBAPIError as error:
            if error.connection_invalidated and not connection.invalidated:
                connection.invalidate(error)
            raise


@contextmanager
def _as_sqlalchemys(engine: Engine, pooled: PoolProxiedConnection | None = None) -> Iterator[None]:
    """Raise a driver's error as SQLAlchemy would have."""
    try:
        yield
    except engine.dialect.loaded_dbapi.Error as error:
        raise as_its_own(engine.dialect, pooled.driver_connection if pooled else None, "", error) from error


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """As `writing`, with the lock that an older schema has."""
    with engine.connect().execution_options(tracker_migrates=True) as connection, connection.begin():
        yield connection

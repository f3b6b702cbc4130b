"""Open a database of this release, and its two kinds of transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from logging import NullHandler, getLogger
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

from tracker.errors import OutcomeUnknown
from tracker.storage.backend import WAIT_SECONDS, Backend
from tracker.storage.prepared import Snapshot, as_its_own
from tracker.storage.sqlite import SQLite
from tracker.storage.structure import require_this_release

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
            with backend.errors(), reading(engine) as connection:
                require_this_release(connection, backend)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one snapshot and writes nothing."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def snapshot(engine: Engine, backend: Backend) -> Iterator[Snapshot]:
    """As `reading`, on the driver's own connection: SQLAlchemy's would take longer to begin than SQLite to answer."""
    with _pooled(engine) as pooled:
        with _as_sqlalchemys(engine, pooled):
            backend.begin_snapshot(pooled.driver_connection)
        yield Snapshot(pooled.driver_connection, engine.dialect)


@contextmanager
def writing(engine: Engine, backend: Backend, *, keep: bool = True) -> Iterator[Connection]:
    """A transaction that holds the one writer's lock from its start; it commits at the end, or leaves nothing.

    It is begun and ended on the driver's own connection, for speed; what is run
    through SQLAlchemy joins it. Raises OutcomeUnknown if the server is lost just
    when it was asked to commit.
    """
    with _pooled(engine) as pooled:
        driver: Any = pooled.driver_connection
        with _as_sqlalchemys(engine, pooled):
            backend.take_turn(driver)
        with Connection(engine, connection=pooled).execution_options(tracker_joins=True) as connection:
            yield connection
            if not keep:
                return
            try:
                with _as_sqlalchemys(engine, pooled):
                    driver.commit()
            except DBAPIError as error:
                if error.connection_invalidated:
                    connection.invalidate(error)
                    raise OutcomeUnknown from error
                raise


@contextmanager
def _pooled(engine: Engine) -> Iterator[PoolProxiedConnection]:
    """A connection of the driver; what it began and did not commit is rolled back at the end."""
    with _as_sqlalchemys(engine):
        pooled = engine.raw_connection()
    try:
        yield pooled
    finally:
        pooled.close()


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

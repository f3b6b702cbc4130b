"""Open a database of this release, and its two kinds of transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from logging import NullHandler, getLogger
from typing import Any

from sqlalchemy import Connection, Engine

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
    pooled = engine.raw_connection()
    try:
        backend.begin_snapshot(pooled.driver_connection)
        yield Snapshot(pooled.driver_connection, engine.dialect)
    finally:
        pooled.close()  # which rolls back


@contextmanager
def writing(engine: Engine, backend: Backend, *, keep: bool = True) -> Iterator[Connection]:
    """A transaction that holds the one writer's lock from its start; it commits at the end, or leaves nothing.

    It is begun and ended on the driver's own connection, for speed; what is run
    through SQLAlchemy joins it. Raises OutcomeUnknown if the server is lost just
    when it was asked to commit.
    """
    pooled = engine.raw_connection()
    with Connection(engine, connection=pooled).execution_options(tracker_joins=True) as connection:
        driver: Any = pooled.driver_connection
        error_of_driver = engine.dialect.loaded_dbapi.Error
        try:
            backend.take_turn(driver)
        except error_of_driver as error:
            raise as_its_own(connection, "BEGIN", error) from error
        yield connection
        if not keep:
            return
        try:
            driver.commit()
        except error_of_driver as error:
            if getattr(driver, "closed", False):
                raise OutcomeUnknown from error
            raise as_its_own(connection, "COMMIT", error) from error


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """As `writing`, with the lock that an older schema has."""
    with engine.connect().execution_options(tracker_migrates=True) as connection, connection.begin():
        yield connection

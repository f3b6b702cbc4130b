"""Open a database of this release, and its two kinds of transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from logging import NullHandler, getLogger
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tracker.errors import OutcomeUnknown
from tracker.storage.backend import WAIT_SECONDS, Backend
from tracker.storage.prepared import Snapshot
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
        driver: Any = pooled.driver_connection
        driver.execute(backend.begins_snapshot)
        yield Snapshot(driver, engine.dialect)
    finally:
        pooled.close()  # which rolls back


@contextmanager
def writing(engine: Engine, *, keep: bool = True, migrates: bool = False) -> Iterator[Connection]:
    """A transaction that holds the one writer's lock from its start; it commits at the end, or leaves nothing.

    One that `migrates` finds the lock that the older schema has. Raises OutcomeUnknown if the server is lost just
    when it was asked to commit.
    """
    options = {"tracker_writes": True, "tracker_migrates": migrates}
    with engine.connect().execution_options(**options) as connection, connection.begin() as transaction:
        yield connection
        if not keep:
            transaction.rollback()
            return
        try:
            transaction.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise OutcomeUnknown from error
            raise

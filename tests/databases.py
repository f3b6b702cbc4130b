"""Databases for tests, on both back ends: made once, and given out empty again and again."""

import os
import shutil
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, make_url

from tests.servers import OwnServer
from tracker.storage.maintenance.migrate import create_database
from tracker.storage.schema import metadata

SERVER = "TRACKER_TEST_POSTGRES"
"""Names an existing server (a URL whose user may create databases) to use instead of one of our own."""


class Databases(Protocol):
    def empty(self) -> Any:
        """A context manager that gives the URL of an empty tracker's database."""

    def own(self) -> Any:
        """The same for a test that changes its schema: nobody is given the database afterwards."""

    def holding(self, key: Hashable, fill: Callable[[str], None]) -> Any:
        """An empty one with what `fill` puts into it: it is called once for each key, and copied from then on."""


class SQLiteDatabases:
    """Copies of a file that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._held: dict[Hashable, Path] = {}
        self._empty = folder / "empty.db"
        create_database(str(self._empty))

    @contextmanager
    def empty(self) -> Iterator[str]:
        self._made += 1
        path = self._folder / f"{self._made}.db"
        shutil.copy(self._empty, path)
        yield str(path)
        path.unlink()

    own = empty

    @contextmanager
    def holding(self, key: Hashable, fill: Callable[[str], None]) -> Iterator[str]:
        if key not in self._held:
            self._held[key] = self._folder / f"held {len(self._held)}.db"
            shutil.copy(self._empty, self._held[key])
            fill(str(self._held[key]))
        with self.empty() as url:
            shutil.copy(self._held[key], url)
            yield url


class PostgreSQLDatabases:
    """Databases on a real server, emptied and used again; their user may create databases, and needs nothing more.

    `locale` is what `CREATE DATABASE` is to say of their order of text.
    """

    def __init__(self, server: str, *, name: str = "tracker_test", locale: str = "") -> None:
        self._name, self._locale = name, locale
        self._server = make_url(server).set(drivername="postgresql")
        self.server = written(self._server)
        self._first: str | None = None
        self._numbers = count()
        self._free: list[str] = []
        self._made: list[str] = []
        self._held: dict[Hashable, dict[str, bytes]] = {}
        self._kept: dict[str, Any] = {}

    @contextmanager
    def empty(self) -> Iterator[str]:
        url = self._free.pop() if self._free else self._make()
        yield url
        with self._connected(url) as connection:
            _wipe(connection)
        self._free.append(url)

    @contextmanager
    def own(self) -> Iterator[str]:
        url = self._make()
        made = self._made[-1]
        yield url
        self._drop(made)
        self._made.remove(made)

    @contextmanager
    def holding(self, key: Hashable, fill: Callable[[str], None]) -> Iterator[str]:
        with self.empty() as url:
            if key not in self._held:
                fill(url)
            with self._connected(url) as connection:
                if key in self._held:
                    _put(connection, self._held[key])
                else:
                    self._held[key] = _rows(connection)
            yield url

    def _make(self) -> str:
        """The URL of a new tracker's database, a copy of one that was migrated and is never given out."""
        if self._first is None:
            url = self.new_database(f"{self._name}_new", self._locale)
            create_database(url)
            self._first = self._made[-1]
        return self.new_database(f"{self._name}_{next(self._numbers)}", "STRATEGY file_copy", of=self._first)

    def new_database(self, name: str, more: str = "", *, of: str = "template0") -> str:
        """The URL of a database that has nothing in it yet; its name is this one and what makes it ours alone."""
        import psycopg

        own = f"{name}_{os.getpid()}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {own} TEMPLATE {of} {more}")
        self._made.append(own)
        return self.named(own)

    def named(self, name: str) -> str:
        """The URL of a database on the server, whether there is one or not."""
        return written(self._server.set(database=name))

    def drop(self) -> None:
        """Leave the server as it was."""
        self._drop(*self._made)

    def _drop(self, *names: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            for name in names:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def _connected(self, url: str) -> Iterator[Any]:
        """A transaction on a connection that stays open: to make one takes a server as long as what is done here."""
        import psycopg

        kept = self._kept.get(url)
        if kept is not None:
            with suppress(psycopg.OperationalError):  # a test may have ended it, or the whole server
                kept.execute("SELECT 1")
        if kept is None or kept.broken:
            self._kept[url] = kept = psycopg.connect(url, autocommit=True)
        with kept.transaction():
            yield kept


def _wipe(connection: Any) -> None:
    # The log's own triggers refuse to empty it; only the owner of a table can take them off. To delete a few rows
    # takes a server a tenth of the time of TRUNCATE, which gives every table and index a new file.
    emptying = [f"DELETE FROM {table}" for table in metadata.tables if table not in ("log_head", "rules")]
    connection.execute(
        "; ".join(("ALTER TABLE log DISABLE TRIGGER USER", *emptying, "ALTER TABLE log ENABLE TRIGGER USER"))
    )


_LENGTH_OF_NOTHING = 21
"""The bytes of a binary COPY of no rows: its head and its end."""


def _rows(connection: Any) -> dict[str, bytes]:
    """What those tables of a database hold that hold anything, in the form of COPY."""
    rows = {}
    with connection.cursor() as cursor:
        for name in metadata.tables:
            with cursor.copy(f"COPY {_columns(name)} TO STDOUT (FORMAT binary)") as copy:
                rows[name] = b"".join(copy)
    return {name: data for name, data in rows.items() if len(data) > _LENGTH_OF_NOTHING}


def _put(connection: Any, rows: dict[str, bytes]) -> None:
    """Put rows into an empty database, past the log's own triggers."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE log DISABLE TRIGGER USER; DELETE FROM log_head; DELETE FROM rules")
        for name, data in rows.items():
            with cursor.copy(f"COPY {_columns(name)} FROM STDIN (FORMAT binary)") as copy:
                copy.write(data)
        cursor.execute("ALTER TABLE log ENABLE TRIGGER USER")


def _columns(table: str) -> str:
    """A table with its columns by name: one that a rebuild made anew may have them in another order."""
    return f"{table} ({', '.join(metadata.tables[table].columns.keys())})"


def written(url: URL) -> str:
    """A URL as libpq reads it too: for it a plus is a plus."""
    address, mark, query = url.render_as_string(hide_password=False).partition("?")
    return address.replace(" ", "%20") + mark + query.replace("+", "%20")


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
    with OwnServer(durable=our_own, folder=folder) as server:
        yield server.url()

"""The interface of a database back end, SQLite or PostgreSQL."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table

from tracker.storage.backends.compiled_query import AnyConnection, Rows, Sql, Transaction

WAIT_SECONDS = 30.0
"""Default time that a writer waits for another one before it gives up."""
POOL = {"pool_size": 5, "max_overflow": -1}
"""Connections that an engine keeps; more are opened without limit, so that a writer waits for the lock alone."""

NOTHING = "Nothing was recorded; try again."
MAKE_ROOM = "Nothing was recorded; make room, then try again."
MEND_PROJECTIONS = (
    "Nothing was recorded; run `tracker verify`, and `tracker rebuild` if it says that the projections are damaged."
)
"""Advice for errors that both back ends have."""


@dataclass(frozen=True, slots=True)
class DatabaseDescription:
    """A database's versions, the settings that matter here, and warnings about them."""

    versions: Mapping[str, str]
    settings: Mapping[str, str]
    warnings: tuple[str, ...]


class Backend(Protocol):
    """One database.

    `place` names it in messages, without a password; `makes_indexes_late` says whether every user who may fill an
    empty log may create indexes too.
    """

    place: str
    makes_indexes_late: bool

    @property
    def file(self) -> Path | None:
        """The absolute path of the database's file; None on a server."""

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        """Return an engine whose transactions are begun by the three methods that follow."""

    def begin_snapshot(self, driver: Any) -> None:
        """Begin a read-only transaction on a driver's connection that sees one snapshot."""

    def lock_for_writing(self, driver: Any, queries: Sequence[Sql] = ()) -> list[Rows]:
        """Begin a transaction that holds the writer lock; return the rows of the queries, which run in it."""

    def lock_for_migration(self, connection: Connection) -> None:
        """Take the writer lock, in the form that an older schema has too, at the start of a transaction."""

    def is_writable(self, reading: Callable[[], AbstractContextManager[Transaction]]) -> bool:
        """Return whether entries may be written, by the permissions of the file or of this user of the server.

        Only a server has to be asked, in a transaction that `reading` opens.
        """

    def is_missing(self) -> bool:
        """Return whether there is no tracker database yet. Raises TrackerError."""

    def tables(self, connection: AnyConnection) -> set[str]:
        """Return the names of the database's tables. Raises DatabaseMissing or NotATrackerDatabase."""

    def create(self, migrate: Callable[[Connection], None]) -> bool:
        """Create the database with `migrate`, atomically; return whether this call created it."""

    def in_bulk(self, connection: Connection) -> AbstractContextManager[None]:
        """Use a small page cache: bulk work does not return to pages that it has left."""

    def insert(self, connection: AnyConnection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows, with values in the order of the table's columns, in the fastest way that fires triggers."""

    def copy(self, connection: Connection, path: Path) -> bool:
        """Copy the database, as the connection sees it, to a file; return False if it is none. Raises OSError."""

    def describe(self, connection: Connection) -> DatabaseDescription:
        """Return its versions and settings."""

    def structure_damage(self, connection: Connection) -> Iterator[str]:
        """Yield damage of the database as a whole: its file, and the triggers that keep the log append-only."""

    def damaged_text(self, connection: Connection) -> AbstractContextManager[None]:
        """Fetch text that is not UTF-8 with its bad bytes escaped, so that `verify` can report it."""

    def errors(self) -> AbstractContextManager[None]:
        """Raise errors of the database and its driver as TrackerError, with advice."""

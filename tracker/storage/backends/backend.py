"""What differs between the databases that the tracker runs on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table, text

from tracker.storage.backends.compiled_query import Asked, Rows, Statement

WAIT_SECONDS = 30.0
"""How long a writer waits for another one before it gives up, unless it is told otherwise."""
POOL = {"pool_size": 5, "max_overflow": -1}
"""Connections that an engine keeps, and no limit on those it opens: who waits, waits for the writer's lock alone."""

NOTHING = "Nothing was recorded; try again."
MAKE_ROOM = "Nothing was recorded; make room, then try again."
MEND_PROJECTIONS = (
    "Nothing was recorded; run `tracker verify`, and `tracker rebuild` if it says that the projections are damaged."
)
"""What to do about what any database may refuse."""


@dataclass(frozen=True, slots=True)
class DatabaseDescription:
    """What a database says of itself: its versions, the settings that matter here, and what is wrong with them."""

    versions: Mapping[str, str]
    settings: Mapping[str, str]
    warnings: tuple[str, ...]


class Backend(Protocol):
    """One database, in the terms of its engine.

    `place` names it in messages, without a password; `makes_indexes_late` says
    whether everybody who may fill an empty log may make indexes too.
    """

    place: str
    makes_indexes_late: bool

    @property
    def file(self) -> Path | None:
        """The file that it is, where it is one, by its absolute path: wherever this process goes, others find it."""

    def connect(self, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
        """An engine whose transactions see one snapshot, or hold the one writer's lock (see `engine`)."""

    def begin_snapshot(self, driver: Any) -> None:
        """Begin a transaction on a driver's connection that sees one snapshot and writes nothing."""

    def lock_for_writing(self, driver: Any, asked: Sequence[Statement] = ()) -> list[Rows]:
        """Begin a transaction on a driver's connection that holds the writer's lock, as soon as no other one does.

        Returns what it then finds of what it was asked.
        """

    def require(self) -> None:
        """Refuse to connect where that would make a database. Raises DatabaseMissing or DatabaseUnavailable."""

    def is_missing(self) -> bool:
        """Whether there is no tracker's database yet. Raises TrackerError."""

    def revision(self, connection: Connection) -> object:
        """The schema revision that the database says it has, as stored; None if it says none.

        Raises DatabaseMissing or NotATrackerDatabase.
        """

    def create(self, migrate: Callable[[Connection], None]) -> bool:
        """Make the database with `migrate`, whole or not at all; whether it was this call that made it."""

    def in_bulk(self, connection: Connection) -> AbstractContextManager[None]:
        """Keep little of the database in memory for a while: bulk work meets no page again that it has left."""

    def insert(self, connection: Asked, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write rows, with values in the order of the table's columns, in the fastest way that fires the triggers."""

    def copy(self, connection: Connection, path: Path) -> bool:
        """Write all that the connection sees to a new file, the database itself; False where none is a file.

        Raises OSError.
        """

    def describe(self, connection: Connection) -> DatabaseDescription:
        """Its versions and settings."""

    def structure_damage(self, connection: Connection) -> Iterator[str]:
        """What is wrong with the database as a whole: its file, and the triggers that keep the log append-only."""

    def damaged_text(self, connection: Connection) -> AbstractContextManager[None]:
        """Fetch text that is none with its bad bytes escaped, instead of failing: damage must be found, not met."""

    def errors(self) -> AbstractContextManager[None]:
        """Say what the database, or what lies below it, refuses in a sentence, with what to do about it."""


def stored_revision(connection: Connection) -> object:
    """What the one row of `alembic_version` holds; None if there is not one row."""
    found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return found[0] if len(found) == 1 else None

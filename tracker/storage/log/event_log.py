"""The log in one database: its transactions, its last entry, and the entries behind names and positions."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, and_, bindparam, literal_column, select

from tracker.domain.log.chain import GENESIS, LogHead
from tracker.domain.terms.dates import instant_text
from tracker.errors import AmbiguousName, UnknownEntry
from tracker.storage.backends import transactions as database
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, Transaction, chunks
from tracker.storage.queries.statement_cache import StatementCache
from tracker.storage.schema import log

if TYPE_CHECKING:
    from tracker.storage.log.writer import Writer, WriterCache
    from tracker.storage.projections.rows import StatementRow


class EventLog:
    """The log in one database."""

    def __init__(
        self, engine: Engine, backend: Backend, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self.backend = backend
        self._clock = clock
        self.cached = StatementCache()
        self._memory: WriterCache | None = None

    @contextmanager
    def reading(self, *, damaged: bool = False) -> Iterator[Connection]:
        """One snapshot of the log and its projections; text that is none can be fetched from a `damaged` one."""
        with (
            self.backend.errors(),
            database.reading(self._engine, self.backend) as connection,
            self.backend.damaged_text(connection) if damaged else nullcontext(),
        ):
            yield connection

    @contextmanager
    def writing(
        self, *, keep: bool = True, fills: bool = False, first: "StatementRow | None" = None
    ) -> Iterator["Writer"]:
        """A transaction with the writer's lock; it commits at the end, or leaves nothing (always, without `keep`).

        A writer that `fills` an empty log appends so much that its indexes are better made at the end. The neighbours
        of the `first` statement that will be appended are looked up with the lock, in the same trip to a server.
        """
        # These import the event models, which queries do without:
        from tracker.storage.log.writer import Writer  # noqa: PLC0415
        from tracker.storage.projections.runs import query_around_newest  # noqa: PLC0415

        dialect = self._engine.dialect
        asked = [LAST.bind(dialect), *([query_around_newest(first, dialect)] if first else [])]
        with (
            self.backend.errors(),
            database.writing(self._engine, self.backend, asked, keep=keep) as (connection, (last, *around)),
            self.backend.in_bulk(connection.core) if fills else nullcontext(),
        ):
            memory, self._memory = self._memory, None
            writer = Writer(connection, self.backend, self._clock, last, memory, fills=fills)
            if first:
                writer.knows_around(first, around[0])
            yield writer
            writer.finish()
        if keep:
            self._memory = writer.cache

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """As `reading`, for prepared statements alone, which is what a question that is asked often needs."""
        with self.backend.errors(), database.snapshot(self._engine, self.backend) as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


def head(connection: AnyConnection, *, at: int | None = None) -> LogHead:
    """The last entry at or before a position (the last of all, without one); position 0 if there is none."""
    row = LAST.row(connection) if at is None else _LAST_UP_TO.row(connection, {"at": at})
    return LogHead(row[0], row[1]) if row else LogHead(0, GENESIS)


def position_at(connection: AnyConnection, instant: datetime) -> int:
    """The last position recorded at or before an instant."""
    row = _RECORDED_BY.row(connection, {"instant": instant_text(instant)})
    return row[0] if row else 0


def entry_named(connection: Connection, name: str) -> str:
    """The full id behind an unambiguous prefix of it, or behind `@N`, its position.

    Raises UnknownEntry or AmbiguousName.
    """
    key = name.lower()
    if re.fullmatch(r"@\d{1,18}", name, re.ASCII):
        meant = log.c.position == int(name[1:])
    elif re.fullmatch(r"[0-9a-f-]{1,36}", key, re.ASCII):
        meant = and_(log.c.id >= key, log.c.id < f"{key}~")
    else:
        raise UnknownEntry(name)
    found: Sequence[str] = connection.scalars(select(log.c.id).where(meant).order_by(log.c.id).limit(9)).all()
    if not found:
        raise UnknownEntry(name)
    if len(found) > 1:
        raise AmbiguousName("The event", name, found, field="target")
    return found[0]


def positions(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The log positions of these entries."""
    found: dict[str, int] = {}
    for some in chunks(ids):
        wanted = select(log.c.id, log.c.position).where(log.c.id.in_(some))
        found.update((row.id, row.position) for row in connection.execute(wanted))
    return found


_last = select(log.c.position, log.c.hash, log.c.recorded_at).order_by(log.c.position.desc())
# Written out, as PostgreSQL plans anew each time for a limit that it is given: it takes any to be a tenth of the log.
LAST = CompiledQuery(_last.limit(literal_column("1")))
"""The position, the hash and the recorded time of the last entry, if there is one."""
_LAST_UP_TO = CompiledQuery(_last.where(log.c.position <= bindparam("at", type_=log.c.position.type)).limit(1))
_RECORDED_BY = CompiledQuery(
    select(log.c.position)
    .where(log.c.recorded_at <= bindparam("instant", type_=log.c.recorded_at.type))
    .order_by(log.c.recorded_at.desc(), log.c.position.desc())
    .limit(1)
)

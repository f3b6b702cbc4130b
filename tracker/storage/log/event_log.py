"""The log in one database: its transactions, its head, and lookups of ids and positions."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine, literal_column, select

from tracker.domain.log.chain import GENESIS, LogHead
from tracker.domain.log.clock import StampAhead, latest_stamp
from tracker.domain.terms.dates import instant_text
from tracker.domain.terms.scope import Cutoffs, KnownAt, Query
from tracker.errors import PositionAhead
from tracker.storage.backends import transactions as database
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, Transaction, in_list, parameter
from tracker.storage.queries.statement_cache import StatementCache
from tracker.storage.schema import log

if TYPE_CHECKING:
    from tracker.storage.log.writer import Writer, WriterCache
    from tracker.storage.projections.rows import StatementRow


def utc_now() -> datetime:
    """Read the machine's clock."""
    return datetime.now(UTC)


class EventLog:
    """The log in one database."""

    def __init__(self, engine: Engine, backend: Backend, *, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self.backend = backend
        self._clock = clock
        self.cached = StatementCache()
        self._writer_cache: WriterCache | None = None

    @contextmanager
    def reading(self, *, damaged: bool = False) -> Iterator[Transaction]:
        """Open one snapshot of the log and its projections; with `damaged`, invalid text can be fetched too."""
        with (
            database.reading(self._engine, self.backend) as begun,
            self.backend.damaged_text(begun.core) if damaged else nullcontext(),
        ):
            yield begun

    def is_writable(self) -> bool:
        """Return whether this user may append to the log, as far as can be known before trying."""
        return self.backend.is_writable(self.reading)

    @contextmanager
    def writing(
        self, *, keep: bool = True, fills: bool = False, first: "StatementRow | None" = None
    ) -> Iterator["Writer"]:
        """Open a transaction with the writer lock; it commits at the end, or rolls back on error or without `keep`.

        A writer that `fills` an empty log creates its indexes at the end, which is faster for many entries. The query
        for the neighbours of the `first` statement to be appended is sent with that for the lock, in one round trip.
        """
        # These import the event models, which queries do not need:
        from tracker.storage.log.writer import Writer  # noqa: PLC0415
        from tracker.storage.projections.runs import neighbours_query  # noqa: PLC0415

        engine, backend = self._engine, self.backend
        dialect = engine.dialect
        queries = [LAST.bind(dialect), *([neighbours_query(first, dialect)] if first else [])]
        with (
            database.writing(engine, backend, queries, keep=keep) as (connection, (last, *around)),
            backend.in_bulk(connection.core) if fills else nullcontext(),
        ):
            cache, self._writer_cache = self._writer_cache, None
            writer = Writer(connection, backend, self._clock, last, cache, fills=fills)
            if first:
                writer.keep_neighbours(first, around[0])
            yield writer
            writer.finish()
        if keep:
            self._writer_cache = writer.cache

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def head(connection: AnyConnection, *, at: int | None = None) -> LogHead:
    """Return the entry at a position (the last one by default); position 0 is before the first.

    Raises PositionAhead for a position that the log has not reached.
    """
    row = LAST.row(connection) if at is None else _LAST_UP_TO.row(connection, {"at": min(at, _GREATEST)})
    found = LogHead(row[0], row[1]) if row else LogHead(0, GENESIS)
    if at is not None and found.position < at:
        raise PositionAhead(at, found.position)
    return found


_GREATEST = 2**63 - 1
"""The greatest number that databases know."""


def cutoffs_of(connection: AnyConnection, query: Query) -> tuple[Cutoffs, LogHead]:
    """Return a query's cut-offs as a position and a day, and the last entry at the cut. Raises PositionAhead."""
    position = _position_of(connection, query.known_at) if query.known_at else None
    return Cutoffs(position, query.published_by), head(connection, at=position)


def position_at(connection: AnyConnection, known_at: KnownAt) -> int:
    """Return the position of a cut-off: for an instant, the last one recorded at or before it, or 0.

    Raises PositionAhead for a position that the log has not reached.
    """
    return head(connection, at=_position_of(connection, known_at)).position


def _position_of(connection: AnyConnection, known_at: KnownAt) -> int:
    if known_at.position is not None:
        return known_at.position
    assert known_at.instant is not None
    row = _RECORDED_BY.row(connection, {"instant": instant_text(known_at.instant)})
    return row[0] if row else 0


def stamp_ahead(connection: AnyConnection, now: datetime) -> StampAhead | None:
    """Return the first entry that is stamped ahead of the clock, if there is one."""
    row = _STAMPED_AFTER.row(connection, {"instant": latest_stamp(now)})
    return StampAhead(*row) if row else None


def positions(connection: AnyConnection, ids: Iterable[str]) -> dict[str, int]:
    """Return the log positions of these entries, by id."""
    return dict(_POSITIONS.rows_in(connection, "ids", ids))


_last = select(log.c.position, log.c.hash, log.c.recorded_at).order_by(log.c.position.desc())
# A literal: PostgreSQL replans for a limit parameter each time, and estimates it as a tenth of the log.
LAST = CompiledQuery(_last.limit(literal_column("1")))
"""The position, the hash and the recorded time of the last entry, if there is one."""
_LAST_UP_TO = CompiledQuery(_last.where(log.c.position <= parameter(log.c.position, "at")).limit(1))
_POSITIONS = CompiledQuery(select(log.c.id, log.c.position).where(in_list(log.c.id, name="ids")))
_RECORDED_BY = CompiledQuery(
    select(log.c.position)
    .where(log.c.recorded_at <= parameter(log.c.recorded_at, "instant"))
    .order_by(log.c.recorded_at.desc(), log.c.position.desc())
    .limit(1)
)
_STAMPED_AFTER = CompiledQuery(
    select(log.c.position, log.c.recorded_at)
    .where(log.c.recorded_at > parameter(log.c.recorded_at, "instant"))
    .order_by(log.c.recorded_at, log.c.position)
    .limit(1)
)

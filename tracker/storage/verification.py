"""Derive the projections again, and hold everything stored to what the log says."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, Table, func, select, type_coerce

from tracker.domain.admission import Admitted, Located
from tracker.domain.dates import instant_text
from tracker.domain.entries import GENESIS, Entry, LogHead, chain_hash, entry_of, stored_line
from tracker.domain.events import EntryCorrected, EntryRetracted, Event, Position, StatementCorroborated
from tracker.domain.timeline import Pair, said
from tracker.domain.visible import shown
from tracker.errors import LogDamaged, TrackerError
from tracker.storage.backend import Backend
from tracker.storage.event_log import CHUNK, entries, rows
from tracker.storage.log_view import StoredView
from tracker.storage.projections import ProjectionWriter, make_empty, row_of
from tracker.storage.schema import PROJECTIONS, VERSIONS, pair, statement, table_of
from tracker.storage.schema import log as stored_log
from tracker.storage.structure import missing_tables, structure_damage
from tracker.storage.versions import chunks

Progress = Callable[[int], None]
"""Called with how many entries were done since the last call."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something stored that is not what it should be.

    `position` is that of the entry concerned; 0 is the database as a whole.
    """

    position: int
    message: str


# --- rebuild --------------------------------------------------------------------------------------


def rebuild(connection: Connection, backend: Backend, *, progress: Progress = lambda _: None) -> int:
    """Empty the projections and derive them again from the log in one stream. Returns the number of entries."""
    make_empty(connection)
    writer = ProjectionWriter(connection, backend)
    view = StoredView(connection, writer.flush)
    done = 0
    stream = entries(connection)
    while chunk := list(islice(stream, CHUNK)):
        _prefetch(view, chunk)
        writer.prefetch((e.event.issue, e.event.party) for e in chunk if isinstance(e.event, Position))
        for entry in chunk:
            says, chain = _chained(entry, view)
            writer.project(entry, says, chain, statement_rank=_statement_rank(says, view))
            view.note(entry, Admitted(entry.event, says, chain))
        writer.flush()
        done += len(chunk)
        progress(len(chunk))
    return done


def _prefetch(view: StoredView, chunk: Sequence[Entry]) -> None:
    """Look up the earlier entries that a chunk targets; its own are noted as they come."""
    own = {entry.id for entry in chunk}
    view.prefetch_entries([target for target in _targets(chunk) if target not in own])


def _targets(chunk: Sequence[Entry]) -> list[str]:
    targeting = EntryCorrected | EntryRetracted | StatementCorroborated
    return [entry.event.target for entry in chunk if isinstance(entry.event, targeting)]


def _chained(entry: Entry, view: StoredView) -> tuple[Event | None, Located | None]:
    """What an entry says, and the entry whose chain it continues."""
    chain = None
    if isinstance(entry.event, EntryCorrected | EntryRetracted):
        chain = view.located(entry.event.target)
        if chain is None:
            raise ValueError(f"it targets {entry.event.target}, which is not in the log")
    return said(entry, chain.first_type if chain else entry.type), chain


def _statement_rank(says: Event | None, view: StoredView) -> int:
    if not isinstance(says, StatementCorroborated):
        return 0
    target = view.located(says.target)
    if target is None:
        raise ValueError(f"it corroborates {says.target}, which is not in the log")
    return target.rank


# --- verify ---------------------------------------------------------------------------------------


def verify_log(
    connection: Connection,
    backend: Backend,
    checkpoint: LogHead | None = None,
    *,
    progress: Progress = lambda _: None,
) -> Iterator[Damage]:
    """Re-hash every stored entry, read its columns again from its line, and look for a checkpoint's entry.

    The file's own structure and the triggers that guard the log come first:
    where an index is damaged, no later answer can be trusted.
    """
    for message in structure_damage(connection, backend):
        yield Damage(0, message)
    if not missing_tables(connection, [stored_log]):
        yield from entries_damage(connection, checkpoint, progress=progress)


def entries_damage(
    connection: Connection, checkpoint: LogHead | None = None, *, progress: Progress = lambda _: None
) -> Iterator[Damage]:
    """What is wrong with the entries of the log, and whether a checkpoint's is among them."""
    position, previous, recorded_at = 0, GENESIS, ""
    for row in rows(connection, after=-(2**63)):
        position += 1
        if row.position != position:
            yield Damage(position, f"the entry is missing: the next one stored is at position {row.position}")
            position = row.position
        yield from _row_damage(row, previous, recorded_at)
        if checkpoint is not None and checkpoint.position == position and checkpoint.hash != row.hash:
            yield Damage(position, "the hash differs from the checkpoint's: the log up to here was rewritten")
        previous = row.hash if isinstance(row.hash, bytes) else GENESIS
        recorded_at = str(row.recorded_at)
        if position % CHUNK == 0:
            progress(CHUNK)
    progress(position % CHUNK)
    known = _last_known(connection)
    if checkpoint is not None and checkpoint.position > position:
        yield Damage(position + 1, f"the log ends here, before the checkpoint's {checkpoint.position}: it was cut")
    elif known > position:
        yield Damage(position + 1, f"the log ends here, but the projections know entries up to {known}: it was cut")


def _last_known(connection: Connection) -> int:
    """The last position that the projections know of."""
    missing = missing_tables(connection, VERSIONS)
    there = (table for table in VERSIONS if table.name not in missing)
    last = (connection.scalar(select(func.max(table.c.position))) for table in there)
    return max((found for found in last if type(found) is int), default=0)


def _row_damage(row: Any, previous: bytes, recorded_before: str) -> Iterator[Damage]:
    try:
        entry = entry_of(row.line)
        if row.hash != chain_hash(previous, row.line):
            yield Damage(row.position, "the stored line, or one before it, does not give the stored hash")
    except (LogDamaged, UnicodeEncodeError, AttributeError) as error:
        yield Damage(row.position, f"the stored line cannot be read: {error}")
        return
    if stored_line(entry) != row.line:
        yield Damage(row.position, "the stored line is not in canonical form")
    read = {
        "position": entry.position,
        "id": entry.id,
        "type": entry.type,
        "recorded_at": instant_text(entry.recorded_at),
    }
    for column, value in read.items():
        if getattr(row, column) != value:
            stored = shown(getattr(row, column))
            yield Damage(row.position, f"the column {column} holds {stored}, the line says {value!r}")
    if instant_text(entry.recorded_at) < recorded_before:
        yield Damage(row.position, f"recorded_at {row.recorded_at} is earlier than that of the entry before it")


def verify_projections(connection: Connection, *, progress: Progress = lambda _: None) -> Iterator[Damage]:
    """Hold every projection row to the entry that it was derived from. Needs a log that verifies."""
    if missing := missing_tables(connection, PROJECTIONS):
        yield Damage(0, f"the projection {missing[0]} is missing")
        return
    view = StoredView(connection, lambda: None)
    targeting = last = 0
    stream = entries(connection)
    while chunk := list(islice(stream, CHUNK)):
        last = chunk[-1].position
        stored = _StoredRows(connection, chunk[0].position, last)
        try:
            view.prefetch_entries(_targets(chunk))
        except TrackerError:
            view.prefetch_entries([])  # looked up one by one below, so that the damage has its place
        for entry in chunk:
            try:
                says, chain = _chained(entry, view)
                statement_rank = _statement_rank(says, view)
            except (TrackerError, ValueError) as error:
                yield Damage(entry.position, f"the entry cannot be replayed on the projections: {error}")
                continue
            if says is not None:
                yield from stored.take_damage(entry, says, chain.rank if chain else entry.position, statement_rank)
            if chain is not None:
                targeting += 1
                if chain.ended_by is None or chain.ended_by[0] != entry.id:
                    yield Damage(chain.position, f"no projection says that {entry.id} ended this entry")
        yield from stored.left_over()
        progress(len(chunk))
    yield from _totals_damage(connection, last, targeting)


def _is_flag(column: Column[Any]) -> bool:
    """Whether it is yes or no: a number on SQLite, where everything but 0 would be read as yes."""
    return isinstance(column.type, Boolean)


class _StoredRows:
    """The projection rows of a range of positions, taken one by one as entries account for them."""

    def __init__(self, connection: Connection, first: int, last: int) -> None:
        self._rows: dict[tuple[Table, int], Any] = {}
        for table in VERSIONS:
            stored = (type_coerce(kept, Integer).label(kept.name) if _is_flag(kept) else kept for kept in table.c)
            for row in connection.execute(select(*stored).where(table.c.position.between(first, last))):
                self._rows[table, row.position] = row
        pairs = {row.pair for (table, _), row in self._rows.items() if table is statement}
        used = sorted(number for number in pairs if type(number) is int)
        self._pairs: dict[int, Pair] = {}
        for some in chunks(used):
            for row in connection.execute(select(pair).where(pair.c.id.in_(some))):
                self._pairs[row.id] = (row.issue, row.party)

    def take_damage(self, entry: Entry, says: Event, rank: int, statement_rank: int) -> Iterator[Damage]:
        table, position = table_of(says), entry.position
        row = self._rows.pop((table, position), None)
        if row is None:
            yield Damage(position, f"the projection {table} has no row for this entry")
            return
        belongs_to: int | None = statement_rank
        if isinstance(says, Position):
            known = self._pairs.get(row.pair) == (says.issue, says.party) and row.pair <= position
            belongs_to = row.pair if known else None
        for column, value in row_of(position, says, rank, belongs_to=belongs_to).values.items():
            if column != "ended_at" and getattr(row, column) != value:
                yield Damage(position, f"{table}.{column} holds {getattr(row, column)!r} where the log says {value!r}")

    def left_over(self) -> Iterator[Damage]:
        for table, position in self._rows:
            yield Damage(position, f"the projection {table} has a row that no entry accounts for")


def _totals_damage(connection: Connection, last: int, targeting: int) -> Iterator[Damage]:
    """What no single entry shows: rows beyond the log, ends that no entry made, pairs that nobody stated."""
    ended = 0
    for table in VERSIONS:
        ended += connection.scalar(select(func.count()).select_from(table).where(table.c.ended_at.is_not(None))) or 0
        beyond = connection.scalar(select(func.max(table.c.position)).where(~table.c.position.between(1, last)))
        if beyond is not None:
            yield Damage(beyond, f"the projection {table} has a row outside the log")
    if ended != targeting:
        yield Damage(last, f"the projections end {ended} entries, the log corrects or retracts {targeting}")
    first = select(statement.c.pair).where(statement.c.position == pair.c.id, statement.c.pair == pair.c.id)
    for made_up in connection.scalars(select(pair.c.id).where(~first.exists()).order_by(pair.c.id).limit(10)):
        yield Damage(made_up, "the projection pair has a row that no entry accounts for")

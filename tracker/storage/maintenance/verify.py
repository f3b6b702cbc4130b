"""Verify that everything stored agrees with the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import Boolean, Connection, Integer, Table, func, select, type_coerce

from tracker.domain.log.chain import GENESIS, LogHead, chain_hash
from tracker.domain.log.entries import entry_of, stored_line
from tracker.domain.terms.dates import instant_text
from tracker.domain.terms.safe_text import shown
from tracker.domain.timeline.statement import Pair
from tracker.errors import LogDamaged
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import CompiledQuery, in_list
from tracker.storage.log.reader import CHUNK, Progress, read_lines, rows
from tracker.storage.maintenance.stored_entries import replay_entries, stored_entries
from tracker.storage.maintenance.structure import missing_tables, structure_damage
from tracker.storage.projections.publication import LAST_COUNTED, expected_touches, public_as_of
from tracker.storage.projections.rows import TABLES, StatementRow, StoredVersion
from tracker.storage.projections.runs import all_runs
from tracker.storage.schema import PROJECTIONS, VERSIONS, pair, run, statement
from tracker.storage.schema import log as stored_log


@dataclass(frozen=True, slots=True)
class Damage:
    """A discrepancy in the database, with the position of the entry concerned; 0 is the database as a whole."""

    position: int
    message: str


def verify_log(
    connection: Connection,
    backend: Backend,
    checkpoint: LogHead | None = None,
    *,
    progress: Progress = lambda _: None,
) -> Iterator[Damage]:
    """Re-hash every stored entry, compare its columns with its line, and look for a checkpoint's entry.

    The structure of the database comes first: with a damaged index, no later result can be trusted.
    """
    for message in structure_damage(connection, backend):
        yield Damage(0, message)
    if not missing_tables(connection, [stored_log]):
        yield from entries_damage(connection, checkpoint, progress=progress)


def entries_damage(
    connection: Connection, checkpoint: LogHead | None = None, *, progress: Progress = lambda _: None
) -> Iterator[Damage]:
    """Yield the damage to the log's entries, and whether a checkpoint's entry is missing or differs."""
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
    """Return the last position in the projections."""
    missing = missing_tables(connection, VERSIONS)
    existing = (table for table in VERSIONS if table.name not in missing)
    last = (connection.scalar(select(func.max(table.c.position))) for table in existing)
    return max((found for found in last if type(found) is int), default=0)


def _row_damage(row: Any, previous: bytes, recorded_before: str) -> Iterator[Damage]:
    try:
        entry = entry_of(row.line)
        if row.hash != chain_hash(previous, row.line.encode()):
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
    """Compare every projection row with the entry that it was derived from. Needs a log that verifies."""
    if missing := missing_tables(connection, PROJECTIONS):
        yield Damage(0, f"the projection {missing[0]} is missing")
        return
    targeting = last = 0
    while chunk := read_lines(connection, after=last):
        last = chunk[-1][0]
        stored = _StoredRows(connection, chunk[0][0], last)
        for one in replay_entries(connection, stored_entries(chunk), projected=True):
            if isinstance(one, LogDamaged):
                yield Damage(one.position or 0, f"the entry cannot be replayed on the projections: {one.why}")
                continue
            if one.version.data is not None:
                yield from stored.match_row(one.version, one.statement_rank)
            if one.target is not None:
                targeting += 1
                if one.target.ended_at != one.version.position:
                    yield Damage(one.target.position, f"no projection says that {one.event_id} ended this entry")
        yield from stored.unmatched_rows()
        progress(len(chunk))
    yield from _totals_damage(connection, last, targeting)
    yield from _evidence_damage(connection)
    yield from _runs_damage(connection)


class _StoredRows:
    """The projection rows of a range of positions, removed one by one as entries account for them."""

    def __init__(self, connection: Connection, first: int, last: int) -> None:
        self._rows: dict[tuple[Table, int], Any] = {}
        for table in VERSIONS:
            # A boolean is a number on SQLite, where every value but 0 would read as true.
            stored = (
                type_coerce(column, Integer).label(column.name) if isinstance(column.type, Boolean) else column
                for column in table.c
            )
            for row in connection.execute(select(*stored).where(table.c.position.between(first, last))):
                self._rows[table, row.position] = row
        pairs = {row.pair for (table, _), row in self._rows.items() if table is statement}
        named = _PAIRS.rows_in(connection, "ids", sorted(number for number in pairs if type(number) is int))
        self._pairs: dict[int, Pair] = {pair_id: (issue, party) for pair_id, issue, party in named}

    def match_row(self, version: StoredVersion, belongs_to: int) -> Iterator[Damage]:
        """Remove the row of a version, and yield its differences from the version."""
        table = TABLES[version.kind.role]
        position = version.position
        row = self._rows.pop((table, position), None)
        if row is None:
            yield Damage(position, f"the projection {table} has no row for this entry")
            return
        derived = version.derived_row
        if isinstance(derived, StatementRow):
            known = self._pairs.get(row.pair) == derived.pair and row.pair <= position
            belongs_to = row.pair if known else 0
        expected = version.row(derived, belongs_to=belongs_to)
        for column, value in zip(table.c.keys(), expected, strict=True):
            if column not in _FROM_OTHERS and getattr(row, column) != value:
                yield Damage(position, f"{table}.{column} holds {getattr(row, column)!r} where the log says {value!r}")

    def unmatched_rows(self) -> Iterator[Damage]:
        """Yield the rows that no entry accounted for."""
        for table, position in self._rows:
            yield Damage(position, f"the projection {table} has a row that no entry accounts for")


_PAIRS = CompiledQuery(select(pair.c.id, pair.c.issue, pair.c.party).where(in_list(pair.c.id, name="ids")))
_FROM_OTHERS = ("public_on", "evidence_at", "ended_at")
"""Columns that other entries determine."""


def _evidence_damage(connection: Connection) -> Iterator[Damage]:
    """Yield statements whose publication day, or last position that touched it, disagrees with the evidence."""
    public_on = public_as_of(statement, LAST_COUNTED)
    wrong = select(statement.c.position, statement.c.public_on, public_on).where(
        statement.c.public_on.is_distinct_from(public_on)
    )
    for position, stored, right in connection.execute(wrong.order_by(statement.c.position)):
        yield Damage(position, f"statement.public_on holds {stored!r} where the evidence says {right!r}")
    touched = select(statement.c.position, statement.c.evidence_at.label("at")).where(
        statement.c.evidence_at.is_not(None)
    )
    rows = (connection.execute(rows) for rows in (touched.order_by(statement.c.position), expected_touches()))
    for row, expected in zip_longest(*rows):
        if row != expected:
            at = min(found.position for found in (row, expected) if found)
            yield Damage(at, "statement.evidence_at does not hold the last position that touched its evidence")
            return


def _runs_damage(connection: Connection) -> Iterator[Damage]:
    """Yield the first run that differs from those of the counting statements."""
    stored = connection.execute(select(*run.c).order_by(run.c.pair, run.c.effective_on, run.c.sequence, run.c.rank))
    for row, expected in zip_longest(stored, all_runs(connection)):
        if row is None or expected is None or tuple(row) != expected:
            at = expected.position if expected else row.position
            yield Damage(at, "the projection run does not hold the runs of what counts")
            return


def _totals_damage(connection: Connection, last: int, targeting: int) -> Iterator[Damage]:
    """Yield damage that no single entry shows: rows beyond the log, spurious ends, pairs without statements."""
    ended = 0
    for table in VERSIONS:
        ended += connection.scalar(select(func.count()).select_from(table).where(table.c.ended_at.is_not(None))) or 0
        beyond = connection.scalar(select(func.max(table.c.position)).where(~table.c.position.between(1, last)))
        if beyond is not None:
            yield Damage(beyond, f"the projection {table} has a row outside the log")
    if ended != targeting:
        yield Damage(last, f"the projections end {ended} entries, the log corrects or retracts {targeting}")
    first = select(statement.c.pair).where(statement.c.position == pair.c.id, statement.c.pair == pair.c.id)
    for pair_id in connection.scalars(select(pair.c.id).where(~first.exists()).order_by(pair.c.id).limit(10)):
        yield Damage(pair_id, "the projection pair has a row that no entry accounts for")

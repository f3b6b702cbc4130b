"""Verify that everything stored agrees with the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Boolean, Connection, Integer, Table, func, select, type_coerce

from tracker.domain.log.chain import GENESIS, LogHead, chain_hash
from tracker.domain.log.entries import canonical, entry_of
from tracker.domain.log.kind_registry import kind_of
from tracker.domain.terms.rules import RULES
from tracker.domain.terms.safe_text import shown
from tracker.domain.timeline.statement import Pair
from tracker.errors import LogDamaged
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import CompiledQuery, in_list, parameter
from tracker.storage.backends.in_worker import read_in_worker
from tracker.storage.log.event_log import head
from tracker.storage.log.reader import Progress
from tracker.storage.maintenance.ranges import in_ranges
from tracker.storage.maintenance.stored_entries import replay_entries, stored_entries
from tracker.storage.maintenance.structure import missing_tables, structure_damage
from tracker.storage.projections.publication import LAST_COUNTED, expected_touches, public_as_of
from tracker.storage.projections.rows import TABLES, StatementRow, StoredVersion
from tracker.storage.projections.runs import runs_between
from tracker.storage.projections.word_index import WordCounts
from tracker.storage.schema import PROJECTIONS, VERSIONS, entry_words, pair, rules, run, statement
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
        yield from entries_damage(connection, checkpoint, backend=backend, progress=progress)


def entries_damage(
    connection: Connection,
    checkpoint: LogHead | None = None,
    *,
    backend: Backend | None = None,
    progress: Progress = lambda _: None,
) -> Iterator[Damage]:
    """Yield the damage to the log's entries, and whether a checkpoint's entry is missing or differs.

    With the back end, workers read a part of what is committed.
    """
    position = head(connection).position
    yield from _range_damage(connection, -(2**63), 0)
    for damage in in_ranges(connection, backend, range_damage, _range_damage, up_to=position, progress=progress):
        yield from damage
    if checkpoint is not None and 0 < checkpoint.position <= position:
        row = _HASH_AT.row(connection, {"position": checkpoint.position})
        if row is not None and row[0] != checkpoint.hash:
            yield Damage(
                checkpoint.position, "the hash differs from the checkpoint's: the log up to here was rewritten"
            )
    known = _last_known(connection)
    if checkpoint is not None and checkpoint.position > position:
        yield Damage(position + 1, f"the log ends here, before the checkpoint's {checkpoint.position}: it was cut")
    elif known > position:
        yield Damage(position + 1, f"the log ends here, but the projections know entries up to {known}: it was cut")


def range_damage(path: str, after: int, up_to: int) -> list[Damage] | None:
    """Check a range of a SQLite file's log in a worker; None if it cannot be read there."""
    return read_in_worker(path, lambda log: _range_damage(log.core, after, up_to))


def _range_damage(connection: Connection, after: int, up_to: int) -> list[Damage]:
    """Return the damage to the entries after a position and up to another."""
    before = _ROW_BEFORE.row(connection, {"position": after})
    position, previous, recorded_at = before or (0, GENESIS, "")
    damage = []
    for row in map(_LogRow._make, _ROWS.rows(connection, {"after": after, "up_to": up_to})):
        position += 1
        if row.position != position:
            damage.append(Damage(position, f"the entry is missing: the next one stored is at position {row.position}"))
            position = row.position
        damage += _row_damage(row, previous if isinstance(previous, bytes) else GENESIS, str(recorded_at))
        previous, recorded_at = row.hash, row.recorded_at
    return damage


class _LogRow(NamedTuple):
    position: int
    id: str
    type: str
    recorded_at: str
    line: str
    hash: bytes


_ROWS = CompiledQuery(
    select(*stored_log.c)
    .where(
        stored_log.c.position > parameter(stored_log.c.position, "after"),
        stored_log.c.position <= parameter(stored_log.c.position, "up_to"),
    )
    .order_by(stored_log.c.position)
)
_ROW_BEFORE = CompiledQuery(
    select(stored_log.c.position, stored_log.c.hash, stored_log.c.recorded_at)
    .where(stored_log.c.position <= parameter(stored_log.c.position))
    .order_by(stored_log.c.position.desc())
    .limit(1)
)
_HASH_AT = CompiledQuery(select(stored_log.c.hash).where(stored_log.c.position == parameter(stored_log.c.position)))


def _last_known(connection: Connection) -> int:
    """Return the last position in the projections."""
    missing = missing_tables(connection, VERSIONS)
    existing = (table for table in VERSIONS if table.name not in missing)
    last = (connection.scalar(select(func.max(table.c.position))) for table in existing)
    return max((found for found in last if type(found) is int), default=0)


def _row_damage(row: _LogRow, previous: bytes, recorded_before: str) -> Iterator[Damage]:
    """Yield what is wrong with an entry. A line that its hash vouches for was checked when it was appended."""
    try:
        if row.hash != chain_hash(previous, row.line.encode()):
            yield Damage(row.position, "the stored line, or one before it, does not give the stored hash")
            entry_of(row.line)
        stored = orjson.loads(row.line)
        read = (stored["position"], stored["id"], stored["type"], stored["time"])
        kind_of(row.type)
    except (LogDamaged, UnicodeEncodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield Damage(row.position, f"the stored line cannot be read: {error}")
        return
    if canonical(stored).decode() != row.line:
        yield Damage(row.position, "the stored line is not in canonical form")
    if read != row[:4]:
        for column, value, found in zip(_LogRow._fields, read, row[:4], strict=False):
            if found != value:
                yield Damage(row.position, f"the column {column} holds {shown(found)}, the line says {value!r}")
    if read[3] < recorded_before:
        yield Damage(row.position, f"recorded_at {row.recorded_at} is earlier than that of the entry before it")


def verify_projections(
    connection: Connection, backend: Backend, *, progress: Progress = lambda _: None
) -> Iterator[Damage]:
    """Compare every projection row with the entry that it was derived from. Needs a log that verifies."""
    if missing := missing_tables(connection, PROJECTIONS):
        yield Damage(0, f"the projection {missing[0]} is missing")
        return
    if (found := list(connection.scalars(select(rules.c.number)))) != [RULES]:
        yield Damage(0, f"the projection rules holds {found}, not the number {RULES}")
    last, targeting, counts = head(connection).position, 0, WordCounts()
    ranges = in_ranges(connection, backend, projected_range, _projected_range, up_to=last, progress=progress)
    for damage, targets, counted in ranges:
        yield from damage
        targeting += targets
        counts.update(counted)
    yield from _totals_damage(connection, last, targeting)
    yield from _evidence_damage(connection)
    yield from _runs_damage(connection, backend, last)
    for message in counts.index_damage(connection):
        yield Damage(0, message)


ProjectedRange = tuple[list[Damage], int, WordCounts]
"""The damage to the projections of a range of the log, how many entries in it target another, and their words."""


def projected_range(path: str, after: int, up_to: int) -> ProjectedRange | None:
    """Check the projections of a range of a SQLite file's log in a worker; None if it cannot be read there."""
    return read_in_worker(path, lambda log: _projected_range(log.core, after, up_to))


def _projected_range(connection: Connection, after: int, up_to: int) -> ProjectedRange:
    stored, counts = _StoredRows(connection, after + 1, up_to), WordCounts()
    words: list[str] = []
    damage: list[Damage] = []
    targeting = 0
    lines = _ENTRIES.rows(connection, {"after": after, "up_to": up_to})
    for one in replay_entries(connection, stored_entries(lines), projected=True):
        if isinstance(one, LogDamaged):
            damage.append(Damage(one.position or 0, f"the entry cannot be replayed on the projections: {one.why}"))
            continue
        if one.version.data is not None:
            damage += stored.match_row(one.version, one.statement_rank, words)
        if one.target is not None:
            targeting += 1
            if one.target.ended_at != one.version.position:
                damage.append(Damage(one.target.position, f"no projection says that {one.event_id} ended this entry"))
    counts.add(words)
    return [*damage, *stored.unmatched_rows()], targeting, counts


_ENTRIES = CompiledQuery(
    select(stored_log.c.position, stored_log.c.id, stored_log.c.line)
    .where(
        stored_log.c.position > parameter(stored_log.c.position, "after"),
        stored_log.c.position <= parameter(stored_log.c.position, "up_to"),
    )
    .order_by(stored_log.c.position)
)


class _StoredRows:
    """The projection rows of a range of positions, removed one by one as entries account for them."""

    def __init__(self, connection: Connection, first: int, last: int) -> None:
        bounds = {"first": first, "last": last}
        self._rows: dict[Table, dict[int, tuple[Any, ...]]] = {
            table: {row[0]: row for row in query.rows(connection, bounds)} for table, query in _STORED.items()
        }
        pairs = {row[1] for row in self._rows[statement].values()}
        named = _PAIRS.rows_in(connection, "ids", sorted(number for number in pairs if type(number) is int))
        self._pairs: dict[int, Pair] = {pair_id: (issue, party) for pair_id, issue, party in named}

    def match_row(self, version: StoredVersion, belongs_to: int, collected: list[str]) -> Iterator[Damage]:
        """Remove the rows of a version, collect its words, and yield the rows' differences from the version."""
        table = TABLES[version.kind.role]
        position = version.position
        derived = version.derived_row
        row = self._rows[table].pop(position, None)
        if row is None:
            yield Damage(position, f"the projection {table} has no row for this entry")
        else:
            if isinstance(derived, StatementRow):
                known = self._pairs.get(row[1]) == derived.pair and row[1] <= position
                belongs_to = row[1] if known else 0
            yield from _differences(table, row, version.row(derived, belongs_to=belongs_to))
        words = version.words if derived is None else derived.words
        if words:
            collected.append(words)
            found = self._rows[entry_words].pop(position, (position, None))
            yield from _differences(entry_words, found, (position, words))

    def unmatched_rows(self) -> Iterator[Damage]:
        """Yield the rows that no entry accounted for."""
        for table, position in ((table, position) for table, rows in self._rows.items() for position in rows):
            yield Damage(position, f"the projection {table} has a row that no entry accounts for")


def _differences(table: Table, row: tuple[Any, ...], expected: tuple[Any, ...]) -> Iterator[Damage]:
    """Yield the columns of a row that differ from those that its entry determines, which come first."""
    own = _OWN_COLUMNS[table]
    if row[: len(own)] != expected[: len(own)]:
        for column, found, value in zip(own, row, expected, strict=False):
            if found != value:
                yield Damage(row[0], f"{table}.{column} holds {found!r} where the log says {value!r}")


def _stored_rows(table: Table) -> CompiledQuery:
    between = table.c.position.between(parameter(table.c.position, "first"), parameter(table.c.position, "last"))
    # A boolean is a number on SQLite, where every value but 0 would read as true.
    stored = (type_coerce(column, Integer) if isinstance(column.type, Boolean) else column for column in table.c)
    return CompiledQuery(select(*stored).where(between))


_STORED = {table: _stored_rows(table) for table in (*VERSIONS, entry_words)}
_PAIRS = CompiledQuery(select(pair.c.id, pair.c.issue, pair.c.party).where(in_list(pair.c.id, name="ids")))
_FROM_OTHERS = ("public_on", "evidence_at", "ended_at")
"""Columns that other entries determine, the last ones of their tables."""
_OWN_COLUMNS = {
    table: [column.name for column in table.c if column.name not in _FROM_OTHERS] for table in (*VERSIONS, entry_words)
}


def _evidence_damage(connection: Connection) -> Iterator[Damage]:
    """Yield statements whose publication day, or last position that touched it, disagrees with the evidence."""
    for position, stored, right in _WRONG_DAYS.rows(connection):
        yield Damage(position, f"statement.public_on holds {stored!r} where the evidence says {right!r}")
    for row, expected in zip_longest(_TOUCHED.rows(connection), _EXPECTED_TOUCHES.rows(connection)):
        if row != expected:
            at = min(found[0] for found in (row, expected) if found)
            yield Damage(at, "statement.evidence_at does not hold the last position that touched its evidence")
            return


def _wrong_days() -> CompiledQuery:
    right = public_as_of(statement, LAST_COUNTED)
    stored = statement.c.public_on
    wrong = select(statement.c.position, stored, right).where(stored.is_distinct_from(right))
    return CompiledQuery(wrong.order_by(statement.c.position))


_WRONG_DAYS = _wrong_days()
_TOUCHED = CompiledQuery(
    select(statement.c.position, statement.c.evidence_at)
    .where(statement.c.evidence_at.is_not(None))
    .order_by(statement.c.position)
)
_EXPECTED_TOUCHES = CompiledQuery(expected_touches())


def _runs_damage(connection: Connection, backend: Backend, last: int) -> Iterator[Damage]:
    """Yield the first run of each range of pairs that differs from those of the counting statements.

    A pair's id is a position, so that none lies after the last one.
    """
    for damage in in_ranges(connection, backend, range_runs_damage, _range_runs_damage, up_to=last):
        yield from damage
    for row in connection.execute(select(run.c.position, run.c.pair).where(~run.c.pair.between(1, last)).limit(1)):
        yield Damage(row.position, _WRONG_RUN)


def range_runs_damage(path: str, after: int, up_to: int) -> list[Damage] | None:
    """Check the runs of a range of pairs in a worker; None if they cannot be read there."""
    return read_in_worker(path, lambda log: _range_runs_damage(log.core, after, up_to))


def _range_runs_damage(connection: Connection, after: int, up_to: int) -> list[Damage]:
    stored = _RUNS_BETWEEN.rows(connection, {"first": after + 1, "last": up_to})
    for row, expected in zip_longest(stored, runs_between(connection, after + 1, up_to)):
        if row is None or expected is None or row != expected:
            return [Damage(expected.position if expected else row[0], _WRONG_RUN)]
    return []


_WRONG_RUN = "the projection run does not hold the runs of what counts"
_RUNS_BETWEEN = CompiledQuery(
    select(*run.c)
    .where(run.c.pair.between(parameter(run.c.pair, "first"), parameter(run.c.pair, "last")))
    .order_by(run.c.pair, run.c.effective_on, run.c.sequence, run.c.rank)
)


def _totals_damage(connection: Connection, last: int, targeting: int) -> Iterator[Damage]:
    """Yield damage that no single entry shows: rows beyond the log, spurious ends, pairs without statements."""
    for table, query in _BEYOND.items():
        for (position,) in query.rows(connection, {"last": last}):
            yield Damage(position, f"the projection {table} has a row outside the log")
    ended = sum(number for query in _ENDED for (number,) in query.rows(connection))
    if ended != targeting:
        yield Damage(last, f"the projections end {ended} entries, the log corrects or retracts {targeting}")
    for (pair_id,) in _UNUSED_PAIRS.rows(connection):
        yield Damage(pair_id, "the projection pair has a row that no entry accounts for")


_ENDED = [
    CompiledQuery(select(func.count()).select_from(table).where(table.c.ended_at.is_not(None))) for table in VERSIONS
]
_BEYOND = {
    table: CompiledQuery(
        select(table.c.position)
        .where(~table.c.position.between(1, parameter(table.c.position, "last")))
        .order_by(table.c.position.desc())
        .limit(1)
    )
    for table in (*VERSIONS, entry_words)
}
_UNUSED_PAIRS = CompiledQuery(
    select(pair.c.id)
    .where(~select(statement.c.pair).where(statement.c.position == pair.c.id, statement.c.pair == pair.c.id).exists())
    .order_by(pair.c.id)
    .limit(10)
)

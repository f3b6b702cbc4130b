"""Write the projections: one row per entry that can count, the position at which it stopped counting, and the runs."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Index, Table, bindparam, delete, insert, inspect, select, update

from tracker.domain.log.kind_registry import SOURCE_REGISTERED, Role
from tracker.domain.terms.rules import RULES
from tracker.domain.timeline.statement import Pair
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, core_connection, in_pairs, parameter
from tracker.storage.projections.publication import EVIDENCE, PublicDays, derive_evidence
from tracker.storage.projections.registrations import RegistrationCache, Registrations
from tracker.storage.projections.rows import TABLES, DerivedRow, FactRow, StatementRow, StoredVersion
from tracker.storage.projections.runs import Pairs, Runs, StatementPlace, derive_runs
from tracker.storage.projections.word_index import add_words, create_word_index, drop_word_index
from tracker.storage.schema import PROJECTIONS, VERSIONS, entry_words, fact, pair, rules, run, statement

_CACHED_PAIRS = 200_000


class ProjectionWriter:
    """Collects the rows of entries in log order and writes them in few statements.

    With `from_nothing`, columns and runs that depend on many rows are derived at the end, for all rows; with
    `indexes_late` the indexes that only queries need are created then. Both are faster than upkeep row by row.
    """

    def __init__(
        self,
        connection: AnyConnection,
        backend: Backend,
        pairs: Pairs | None = None,
        registered: RegistrationCache | None = None,
        *,
        from_nothing: bool = False,
        indexes_late: bool = False,
    ) -> None:
        self._from_nothing = from_nothing
        self._indexes_late = indexes_late
        self._connection = connection
        for index in _deferred_indexes() if indexes_late else ():
            index.drop(core_connection(connection), checkfirst=True)
        if indexes_late:
            drop_word_index(core_connection(connection))
        self._backend = backend
        self._pairs: Pairs = {} if pairs is None else pairs
        self._all_pairs_cached = from_nothing
        self._rows: dict[Table, list[tuple[Any, ...]]] = {table: [] for table in (pair, *VERSIONS, entry_words)}
        self._ends: dict[Table, list[dict[str, int]]] = {table: [] for table in VERSIONS}
        self._public_days = PublicDays(connection)
        self.registrations = Registrations(connection, self.flush, registered)
        self.runs = Runs(connection, backend, self._pairs)

    def prefetch(self, pairs: Iterable[Pair]) -> None:
        """Look up the pairs of the next entries in one query. No rows may be pending."""
        if len(self._pairs) > _CACHED_PAIRS:
            self._pairs.clear()
            self._all_pairs_cached = False
        self._look_up(pairs)

    def _look_up(self, pairs: Iterable[Pair]) -> None:
        missing = [key for key in dict.fromkeys(pairs) if key not in self._pairs]
        if not missing:
            return
        self._pairs.update(dict.fromkeys(missing))
        if not self._all_pairs_cached:
            for pair_id, issue, party in _PAIRS_NAMED.rows(self._connection, {"pairs": json.dumps(missing)}):
                self._pairs[issue, party] = pair_id

    def add(self, row: DerivedRow, position: int) -> None:
        """Add the row of an entry without a target."""
        if isinstance(row, StatementRow):
            self._add_statement(row, position, position, self.registrations.published_on(row.source))
        else:
            self._rows[fact].append(row.row(position, position))
            self.registrations.note(row)
        self._add_words(row.words, position)

    def project(self, version: StoredVersion, target: StoredVersion | None, *, statement_rank: int = 0) -> None:
        """Project any entry: its own row, and the end of the version that it corrects or retracts."""
        public_on = self.registrations.published_on(version.source)  # may flush, so before anything is collected
        if target is not None:
            self._end(target, version.position, statement_rank)
        row = version.derived_row
        if isinstance(row, StatementRow):
            self._add_statement(row, version.position, version.rank, public_on)
        elif version.data is not None:
            if version.kind.role is Role.CORROBORATION and not self._from_nothing:
                self._public_days.note_touch(statement_rank, version.position)
            self._rows[TABLES[version.kind.role]].append(version.row(row, belongs_to=statement_rank))
            if isinstance(row, FactRow) and target is None:
                self.registrations.note(row)
        self._add_words(version.words if row is None else row.words, version.position)

    def _add_words(self, words: str, position: int) -> None:
        if words:
            self._rows[entry_words].append((position, words))

    def _add_statement(self, row: StatementRow, position: int, rank: int, public_on: str | None) -> None:
        pair_id = self._pair_id(row[:2], position)
        self._rows[statement].append(row.row(position, rank, pair=pair_id, public_on=public_on))
        if not self._from_nothing:
            place = StatementPlace(
                position, row.effective_on, row.sequence, rank, row.value, row.attribution, row.standing
            )
            self.runs.add_statement(pair_id, place)

    def _end(self, target: StoredVersion, position: int, statement_rank: int) -> None:
        """End a version. A writer that begins `from_nothing` derives what depends on many rows in `finish`."""
        role = target.kind.role
        self._ends[TABLES[role]].append({"of": target.position, "at": position})
        row = target.derived_row if role is Role.FACT or not self._from_nothing else None
        if isinstance(row, FactRow):
            self.registrations.forget(row)
        if self._from_nothing:
            return
        if isinstance(row, StatementRow):
            self.runs.mark_changed(self._pair_id(row.pair, position))
            self._public_days.note_correction(target.rank)
        elif role is Role.CORROBORATION:
            self._public_days.note_touch(statement_rank, position)
        elif isinstance(row, FactRow) and row.family == SOURCE_REGISTERED:
            self._public_days.note_source_touch(row.key, position)

    def flush(self) -> None:
        """Write the collected rows. Whole timelines wait for `finish`."""
        for table, rows in self._rows.items():
            if rows:
                self._backend.insert(self._connection, table, rows)
                if table is entry_words and not self._indexes_late:
                    add_words(self._connection, rows)
                rows.clear()
        for table, ends in self._ends.items():
            if ends:
                _END[table].run(self._connection, ends)
                ends.clear()
        self._public_days.flush()

    def finish(self) -> None:
        """Update the columns and runs that depend on many rows, once all rows are written."""
        if self._from_nothing:
            self._derive_deferred()
        self.runs.finish()

    def _derive_deferred(self) -> None:
        """Create the missing indexes, each after the updates that it would slow down, and derive the rest."""
        core = core_connection(self._connection)
        missing = list(_deferred_indexes()) if self._indexes_late else []
        of_runs = [index for index in missing if index.table is run]
        of_evidence = [index for index in missing if EVIDENCE.intersection(index.columns)]
        _create_indexes([index for index in missing if index not in (*of_runs, *of_evidence)], core)
        derive_evidence(core)
        _create_indexes(of_evidence, core)
        derive_runs(core, self._backend)
        _create_indexes(of_runs, core)
        if self._indexes_late:
            create_word_index(core)

    def _pair_id(self, key: Pair, position: int) -> int:
        if key not in self._pairs:
            self._look_up([key])
        pair_id = self._pairs[key]
        if pair_id is None:
            pair_id = self._pairs[key] = position
            self._rows[pair].append((position, *key))
        return pair_id


def _ending(table: Table) -> CompiledQuery:
    of = parameter(table.c.position, "of")
    return CompiledQuery(update(table).where(table.c.position == of).values(ended_at=bindparam("at")))


_END = {table: _ending(table) for table in VERSIONS}


_PAIRS_NAMED = CompiledQuery(
    select(pair.c.id, pair.c.issue, pair.c.party).where(in_pairs(pair.c.issue, pair.c.party, name="pairs"))
)


def reset_projections(connection: Connection) -> None:
    """Empty every projection; create missing ones, and recreate those with other columns. The rules are now ours."""
    inspector = inspect(connection)
    for table in PROJECTIONS:
        if not inspector.has_table(table.name):
            table.create(connection)
        elif {column["name"] for column in inspector.get_columns(table.name)} != set(table.c.keys()):
            table.drop(connection)
            table.create(connection)
        else:
            connection.execute(delete(table))
    connection.execute(insert(rules).values(number=RULES))


def _create_indexes(indexes: Iterable[Index], connection: Connection) -> None:
    for index in indexes:
        index.create(connection)


def _deferred_indexes() -> Iterator[Index]:
    """Return every projection index except those that loading needs."""
    return (index for table in PROJECTIONS for index in table.indexes if index.name not in _NEEDED_TO_LOAD)


_NEEDED_TO_LOAD = ("fact_key", "ix_corroboration_statement_rank")

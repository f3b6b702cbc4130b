"""Write the projections: one row per entry that can count, the position at which it stopped counting, and the runs."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Connection, Index, Table, and_, bindparam, delete, inspect, or_, select, update

from tracker.domain.log.events import Position
from tracker.domain.timeline.replay import Pair, pair_of
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import (
    Asked,
    CompiledQuery,
    Rows,
    at_once,
    chunks,
    core_connection,
    many,
    numbered,
    padded,
)
from tracker.storage.projections.outlines import Outline, StepOutline, step_outline
from tracker.storage.projections.publication import EVIDENCE, PublicDays, derive_evidence
from tracker.storage.projections.runs import ALONE, Neighbours, Place, Runs, derive_runs, met_newest, place_of
from tracker.storage.projections.sayings import CORROBORATED, REGISTERED_SOURCE, Saying, fact_row, row_of, step_row
from tracker.storage.schema import PROJECTIONS, VERSIONS, corroboration, fact, pair, run, statement

_CACHED_PAIRS = 200_000
Pairs = dict[Pair, int | None]
"""The ids of pairs that were looked up; none for one that nothing was stated about."""


class ProjectionWriter:
    """Collects the rows of entries in log order and writes them in few statements.

    Where it begins `from_nothing`, what rests on many rows is worked out at the
    end, for all of them; and with `indexes_late` the indexes that only answers
    need are made then: either is faster than keeping it up row by row.
    """

    def __init__(
        self,
        connection: Asked,
        backend: Backend,
        pairs: Pairs | None = None,
        *,
        from_nothing: bool = False,
        indexes_late: bool = False,
    ) -> None:
        self._from_nothing = from_nothing
        self._indexes_late = indexes_late
        self._connection = connection
        if indexes_late:
            _drop_indexes(core_connection(connection))
        self._backend = backend
        self._pairs: Pairs = {} if pairs is None else pairs
        self._knows_all_pairs = from_nothing
        self._rows: dict[Table, list[tuple[Any, ...]]] = {table: [] for table in (pair, *VERSIONS)}
        self._ended: dict[Table, list[dict[str, int]]] = {table: [] for table in VERSIONS}
        self._evidence = PublicDays(connection)
        self._runs = Runs(connection, backend)

    def prefetch(self, pairs: Iterable[Pair]) -> None:
        """Look up at once the pairs that the next entries state something about. Nothing may be pending."""
        if len(self._pairs) > _CACHED_PAIRS:
            self._pairs.clear()
            self._knows_all_pairs = False
        self._look_up(pairs)

    def _look_up(self, pairs: Iterable[Pair]) -> None:
        missing = [key for key in dict.fromkeys(pairs) if key not in self._pairs]
        if not missing:
            return
        self._pairs.update(dict.fromkeys(missing))
        for some in () if self._knows_all_pairs else chunks(missing):
            size = at_once(len(some))
            asked = padded(some, size)
            values = numbered(issue=[issue for issue, _ in asked], party=[party for _, party in asked])
            for pair_id, issue, party in _pairs_named(size).rows(self._connection, values):
                self._pairs[issue, party] = pair_id

    def add(self, outline: Outline, position: int, *, public_on: str | None = None) -> None:
        """Add the row of an entry that says something itself and is about no other one."""
        if isinstance(outline, StepOutline):
            self._add_step(outline, position, position, public_on)
        else:
            self._rows[fact].append(fact_row(outline, position, position))

    def project(
        self, says: Saying, chain: Saying | None, *, statement_rank: int = 0, public_on: str | None = None
    ) -> None:
        """Add what any entry does: its own row, and the end of the entry that it corrects or retracts."""
        if chain is not None:
            self._end(chain, says.position, statement_rank)
        if says.data is None:
            return
        if says.is_position:
            self._add_step(step_outline(says.type, says.data), says.position, says.rank, public_on)
            return
        if says.type == CORROBORATED and not self._from_nothing:
            self._evidence.touched(statement_rank, says.position)
        table, values = row_of(says, belongs_to=statement_rank)
        self._rows[table].append(values)

    def _add_step(self, outline: StepOutline, position: int, rank: int, public_on: str | None) -> None:
        pair_id = self._pair_id(outline[:2], position)
        self._rows[statement].append(step_row(outline, position, rank, pair_id, public_on))
        if not self._from_nothing:
            place = Place(position, outline.effective_on, outline.sequence, rank, outline.stance)
            self._runs.stated(pair_id, place)

    def _end(self, chain: Saying, position: int, statement_rank: int) -> None:
        assert chain.data is not None
        table = statement if chain.is_position else corroboration if chain.type == CORROBORATED else fact
        self._ended[table].append({"of": chain.position, "at": position})
        if self._from_nothing:
            return
        if chain.is_position:
            self._runs.ended(self._pair_id(chain.pair, position))
            self._evidence.corrected(chain.rank)
        elif chain.type == CORROBORATED:
            self._evidence.touched(statement_rank, position)
        elif chain.type.startswith(REGISTERED_SOURCE):
            self._evidence.source_touched(chain.data["source"], position)

    def flush(self) -> None:
        """Write what was collected. What concerns whole timelines waits for `finish`."""
        for table, rows in self._rows.items():
            if rows:
                self._backend.insert(self._connection, table, rows)
                rows.clear()
        for table, ended in self._ended.items():
            if ended:
                _END[table].run(self._connection, ended)
                ended.clear()
        self._evidence.flush()

    def around(self, says: Position, position: int) -> tuple[int, Place, Neighbours]:
        """The pair of the newest statement or withdrawal, its place on the timeline, and what stands around it.

        It may be asked before the entry of that position is added. All rows must be written.
        """
        place = place_of(says, position, position)
        pair_id = self._pairs.get(pair_of(says))
        if pair_id is None:
            return 0, place, ALONE
        return pair_id, place, self._runs.around(pair_id, place)

    def knows_around(self, says: Position, position: int, found: Rows) -> None:
        """Take in what was found around a statement or withdrawal, the next one, when the writer's turn began."""
        pair_id, met = met_newest(found)
        if pair_id is None:
            self._pairs[pair_of(says)] = None
        else:
            self._pairs[pair_of(says)] = pair_id
            self._runs.knows(pair_id, place_of(says, position, position), met)

    def finish(self) -> None:
        """Bring up to date what rests on many rows, when all are written."""
        if self._from_nothing:
            self._derive_the_rest()
        self._runs.finish()

    def _derive_the_rest(self) -> None:
        """Make the indexes that are not there, each after what it would slow down, and what is read by them."""
        core = core_connection(self._connection)
        missing = list(_for_answers()) if self._indexes_late else []
        of_runs = [index for index in missing if index.table is run]
        of_evidence = [index for index in missing if EVIDENCE.intersection(index.columns)]
        _make([index for index in missing if index not in (*of_runs, *of_evidence)], core)
        derive_evidence(core)
        _make(of_evidence, core)
        derive_runs(core, self._backend)
        _make(of_runs, core)

    def _pair_id(self, key: Pair, position: int) -> int:
        if key not in self._pairs:
            self._look_up([key])
        known = self._pairs[key]
        if known is None:
            known = self._pairs[key] = position
            self._rows[pair].append((position, *key))
        return known


def _ending(table: Table) -> CompiledQuery:
    of = bindparam("of", type_=table.c.position.type)
    return CompiledQuery(update(table).where(table.c.position == of).values(ended_at=bindparam("at")))


_END = {table: _ending(table) for table in VERSIONS}


@cache
def _pairs_named(number: int) -> CompiledQuery:
    asked = zip(many("issue", pair.c.issue, number), many("party", pair.c.party, number), strict=True)
    wanted = (and_(pair.c.issue == issue, pair.c.party == party) for issue, party in asked)
    return CompiledQuery(select(pair.c.id, pair.c.issue, pair.c.party).where(or_(*wanted)))


def make_empty(connection: Connection) -> None:
    """Empty every projection; make what is missing of them, and anew what has other columns."""
    there = inspect(connection)
    for table in PROJECTIONS:
        if not there.has_table(table.name):
            table.create(connection)
        elif {column["name"] for column in there.get_columns(table.name)} != set(table.c.keys()):
            table.drop(connection)
            table.create(connection)
        else:
            connection.execute(delete(table))


def _drop_indexes(connection: Connection) -> None:
    """Drop the indexes that only answers need, for a writer that begins from nothing."""
    for index in _for_answers():
        index.drop(connection, checkfirst=True)


def _make(indexes: Iterable[Index], connection: Connection) -> None:
    for index in indexes:
        index.create(connection)


def _for_answers() -> Iterator[Index]:
    """All indexes but that by which registrations are looked up while entries come."""
    return (index for table in PROJECTIONS for index in table.indexes if index.name != "fact_key")

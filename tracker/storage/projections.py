"""Write the projections: one row per entry that can count, the position at which it stopped counting, and the runs."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, delete, inspect, or_, select, update

from tracker.domain.admission import Located
from tracker.domain.asks import is_ask
from tracker.domain.dates import days_before
from tracker.domain.entries import Entry
from tracker.domain.events import (
    Event,
    IssueClosed,
    IssueOpened,
    IssueReworded,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PartyRegistered,
    PartyUpdated,
    Position,
    PositionStated,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.timeline import CONTEST_DAYS, Pair, Step, pair_of
from tracker.storage.backend import Backend
from tracker.storage.evidence import Evidence
from tracker.storage.prepared import Prepared, at_once, chunks, many, numbered, padded
from tracker.storage.runs import Place, Runs, place_of
from tracker.storage.schema import PROJECTIONS, VERSIONS, corroboration, fact, pair, statement
from tracker.storage.versions import table_of

_CACHED_PAIRS = 200_000


class Row(NamedTuple):
    """A projection row, before it is written, with the values of the table's columns in their order."""

    table: Table
    values: tuple[Any, ...]


def row_of(position: int, says: Event, rank: int, *, belongs_to: int = 0, public_on: str | None = None) -> Row:
    """The projection row of an entry that says this and has this rank.

    `belongs_to` is the pair's id for a statement or withdrawal, and the
    statement's rank for a corroboration. `public_on` is the day of the
    statement's own source; what corroborates it comes later.
    """
    if isinstance(says, Position):
        stated = says if isinstance(says, PositionStated) else None
        first, effective = says.day
        return Row(
            statement,
            (
                position,
                belongs_to,
                effective.isoformat(),
                says.sequence,
                rank,
                stated.stance.degree if stated else None,
                stated is not None and stated.conditions is not None,
                is_ask(says),
                days_before(first, CONTEST_DAYS).isoformat(),
                stated.standing.value if stated else None,
                says.attributed.value,
                says.source,
                public_on,
                None,
                None,
            ),
        )
    if isinstance(says, StatementCorroborated):
        return Row(corroboration, (position, belongs_to, says.source, rank, None))
    key, day = _key_and_day(says)
    return Row(fact, (position, says.family, key, day.isoformat() if day else None, rank, None))


def _key_and_day(event: Event) -> tuple[str, date | None]:
    match event:
        case PartyRegistered() | PartyUpdated():
            return event.party, None
        case MembershipStarted() | MembershipEnded():
            return event.party, event.on
        case IssueOpened():
            return event.issue, None
        case IssueReworded() | IssueClosed():
            return event.issue, event.on
        case SourceRegistered():
            return event.source, event.published_on
        case MilestoneNoted():
            return "", event.on
        case _:
            raise AssertionError(f"{event.type} has no row of its own")


class Around(NamedTuple):
    """A step's pair and place, and its neighbours there."""

    pair: int
    step: Place
    before: Place | None
    after: Place | None


class ProjectionWriter:
    """Collects the rows of entries in log order and writes them in few statements."""

    def __init__(self, connection: Connection, backend: Backend) -> None:
        self._connection = connection
        self._backend = backend
        self._pairs: dict[Pair, int] = {}
        self._rows: dict[Table, list[tuple[Any, ...]]] = {table: [] for table in (pair, *VERSIONS)}
        self._ended: dict[Table, list[dict[str, int]]] = {table: [] for table in VERSIONS}
        self._evidence = Evidence(connection)
        self._runs = Runs(connection, backend)

    def prefetch(self, pairs: Iterable[Pair]) -> None:
        """Look up at once the pairs that the next entries state something about. Nothing may be pending."""
        if len(self._pairs) > _CACHED_PAIRS:
            self._pairs.clear()
        self._look_up(pairs)

    def _look_up(self, pairs: Iterable[Pair]) -> None:
        missing = [key for key in dict.fromkeys(pairs) if key not in self._pairs]
        for some in chunks(missing):
            size = at_once(len(some))
            asked = padded(some, size)
            values = numbered(issue=[issue for issue, _ in asked], party=[party for _, party in asked])
            for pair_id, issue, party in _pairs_named(size).rows(self._connection, values):
                self._pairs[issue, party] = pair_id

    def project(
        self,
        entry: Entry,
        says: Event | None,
        chain: Located | None,
        *,
        statement_rank: int = 0,
        public_on: str | None = None,
    ) -> None:
        """Add what an entry does: its own row, and the end of the entry that it corrects or retracts."""
        position = entry.position
        if chain is not None:
            assert chain.event is not None
            self._ended[table_of(chain.event)].append({"of": chain.position, "at": position})
            self._end(chain, position, statement_rank)
        if says is None:
            return
        rank = chain.rank if chain else position
        if isinstance(says, Position):
            belongs_to = self._pair_id(says, position)
            self._runs.stated(belongs_to, says, position, rank)
        else:
            belongs_to = statement_rank
            if isinstance(says, StatementCorroborated):
                self._evidence.touched(statement_rank, position)
        row = row_of(position, says, rank, belongs_to=belongs_to, public_on=public_on)
        self._rows[row.table].append(row.values)

    def _end(self, chain: Located, position: int, statement_rank: int) -> None:
        match chain.event:
            case event if isinstance(event, Position):
                self._runs.ended(self._pair_id(event, position))
                self._evidence.corrected(chain.rank)
            case StatementCorroborated():
                self._evidence.touched(statement_rank, position)
            case SourceRegistered(source=source):
                self._evidence.source_touched(source, position)
            case _:
                pass

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

    def around(self, step: Step) -> Around:
        """What stands around a counting step on its pair's timeline. All rows must be written."""
        pair_id = self._pair_id(step.event, step.entry.position)
        mine = place_of(step.event, step.entry.position, step.rank)
        return Around(pair_id, mine, *self._runs.around(pair_id, mine))

    def finish(self) -> None:
        """Bring the runs up to date, when everything else is written."""
        self._runs.finish()

    def _pair_id(self, says: Position, position: int) -> int:
        key = pair_of(says)
        if key not in self._pairs:
            self._look_up([key])
        if key not in self._pairs:
            self._pairs[key] = position
            self._rows[pair].append((position, *key))
        return self._pairs[key]


def _ending(table: Table) -> Prepared:
    of = bindparam("of", type_=table.c.position.type)
    return Prepared(update(table).where(table.c.position == of).values(ended_at=bindparam("at")))


_END = {table: _ending(table) for table in VERSIONS}


@cache
def _pairs_named(number: int) -> Prepared:
    asked = zip(many("issue", pair.c.issue, number), many("party", pair.c.party, number), strict=True)
    wanted = (and_(pair.c.issue == issue, pair.c.party == party) for issue, party in asked)
    return Prepared(select(pair.c.id, pair.c.issue, pair.c.party).where(or_(*wanted)))


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
            for index in table.indexes:
                index.create(connection, checkfirst=True)

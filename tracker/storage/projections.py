"""Write the projections: one row per entry that can count, and the position at which it stopped counting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, inspect, select, tuple_, update

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
from tracker.domain.timeline import CONTEST_DAYS, Pair
from tracker.storage.backend import Backend
from tracker.storage.schema import PROJECTIONS, corroboration, fact, pair, statement, table_of
from tracker.storage.versions import chunks

_CACHED_PAIRS = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """A projection row, before it is written."""

    table: Table
    values: dict[str, Any]


def row_of(position: int, says: Event, rank: int, *, belongs_to: int | None = None) -> Row:
    """The projection row of an entry that says this and has this rank.

    `belongs_to` is the pair's id for a statement or withdrawal, and the
    statement's rank for a corroboration.
    """
    common = {"position": position, "rank": rank, "ended_at": None}
    if isinstance(says, Position):
        stance = says.stance.degree if isinstance(says, PositionStated) else None
        values = {
            "pair": belongs_to,
            "effective_on": says.day.effective.isoformat(),
            "sequence": says.sequence,
            "stance": stance,
            "states_conditions": isinstance(says, PositionStated) and says.conditions is not None,
            "asks": is_ask(says),
            "contests_from": days_before(says.day.first, CONTEST_DAYS).isoformat(),
            "attribution": says.attributed.value,
            "source": says.source,
        }
        return Row(statement, {**common, **values})
    if isinstance(says, StatementCorroborated):
        return Row(corroboration, {**common, "statement_rank": belongs_to, "source": says.source})
    key, day = _key_and_day(says)
    return Row(fact, {**common, "family": says.family, "key": key, "day": day.isoformat() if day else None})


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


class ProjectionWriter:
    """Collects the rows of entries in log order and writes them in few statements."""

    def __init__(self, connection: Connection, backend: Backend) -> None:
        self._connection = connection
        self._backend = backend
        self._pairs: dict[Pair, int] = {}
        self._rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in PROJECTIONS}
        self._ended: dict[Table, list[dict[str, int]]] = {table: [] for table in PROJECTIONS}

    def prefetch(self, pairs: Iterable[Pair]) -> None:
        """Look up at once the pairs that the next entries state something about. Nothing may be pending."""
        if len(self._pairs) > _CACHED_PAIRS:
            self._pairs.clear()
        self._look_up(pairs)

    def _look_up(self, pairs: Iterable[Pair]) -> None:
        missing = [key for key in dict.fromkeys(pairs) if key not in self._pairs]
        for some in chunks(missing):
            wanted = tuple_(pair.c.issue, pair.c.party).in_(some)
            for found in self._connection.execute(select(pair.c.id, pair.c.issue, pair.c.party).where(wanted)):
                self._pairs[found.issue, found.party] = found.id

    def project(self, entry: Entry, says: Event | None, chain: Located | None, *, statement_rank: int = 0) -> None:
        """Add what an entry does: its own row, and the end of the entry that it corrects or retracts."""
        if chain is not None:
            assert chain.event is not None
            self._ended[table_of(chain.event)].append({"of": chain.position, "at": entry.position})
        if says is None:
            return
        rank = chain.rank if chain else entry.position
        belongs_to = self._pair_id(says, entry.position) if isinstance(says, Position) else statement_rank
        row = row_of(entry.position, says, rank, belongs_to=belongs_to)
        self._rows[row.table].append(row.values)

    def flush(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                self._backend.insert(self._connection, table, rows)
                rows.clear()
        for table, ended in self._ended.items():
            if ended:
                row = table.c.position == bindparam("of")
                self._connection.execute(update(table).where(row).values(ended_at=bindparam("at")), ended)
                ended.clear()

    def _pair_id(self, says: Position, position: int) -> int:
        key = (says.issue, says.party)
        if key not in self._pairs:
            self._look_up([key])
        if key not in self._pairs:
            self._pairs[key] = position
            self._rows[pair].append({"id": position, "issue": says.issue, "party": says.party})
        return self._pairs[key]


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

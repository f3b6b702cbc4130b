"""What entries say, as it is stored, and the projection row that follows: nothing is checked a second time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Table

from tracker.domain.admission import Located
from tracker.domain.outlines import FactOutline, StepOutline, fact_outline, is_step, step_outline
from tracker.domain.parsing import parse_in_any_form
from tracker.domain.timeline import Pair
from tracker.domain.upcasting import is_versioned
from tracker.errors import BadEvent, BadValue, LogDamaged
from tracker.storage.schema import corroboration, fact, statement
from tracker.storage.versions import chains

CORRECTED, RETRACTED, CORROBORATED = "entry.corrected.v1", "entry.retracted.v1", "statement.corroborated.v1"
REGISTERED_SOURCE = "source.registered"


class Saying(NamedTuple):
    """What one entry says, in its place.

    `type` is that of the first entry in its chain of corrections, `rank` that
    one's position. `data` are the entry's own or, for a correction, what it puts
    in place, in the newest version of the type; None for a retraction.
    `ended_at` is the position of the entry that corrected or retracted it, as
    far as it is known.
    """

    position: int
    rank: int
    type: str
    data: Mapping[str, Any] | None
    ended_at: int | None = None

    @property
    def is_position(self) -> bool:
        return is_step(self.type)

    @property
    def pair(self) -> Pair:
        """The pair that a statement or withdrawal is about."""
        assert self.data is not None
        return self.data["issue"], self.data["party"]


class Recounted(NamedTuple):
    """An entry read as what it says, with what it continues: the entry whose place a correction or retraction takes.

    `statement_rank` is the rank of the statement that a corroboration is about, 0 for any other entry.
    """

    event_id: str
    says: Saying
    chain: Saying | None
    statement_rank: int


Row = tuple[Table, tuple[Any, ...]]
"""A projection row before it is written: its table, and the values of the table's columns in their order."""


def row_of(says: Saying, *, belongs_to: int = 0, public_on: str | None = None) -> Row:
    """The projection row of an entry that says something.

    `belongs_to` is the pair's id for a statement or withdrawal, and the
    statement's rank for a corroboration. `public_on` is the day of the
    statement's own source; what corroborates it comes later.
    """
    assert says.data is not None
    if says.is_position:
        return statement, step_row(step_outline(says.type, says.data), says.position, says.rank, belongs_to, public_on)
    if says.type == CORROBORATED:
        return corroboration, (says.position, belongs_to, says.data["source"], says.rank, None)
    return fact, fact_row(fact_outline(says.type, says.data), says.position, says.rank)


def step_row(outline: StepOutline, position: int, rank: int, pair: int, public_on: str | None) -> tuple[Any, ...]:
    """The row of a statement or withdrawal."""
    _, _, effective_on, sequence, *states = outline
    return (position, pair, effective_on, sequence, rank, *states, public_on, None, None)


def fact_row(outline: FactOutline, position: int, rank: int) -> tuple[Any, ...]:
    """The row of an entry that neither states a position nor corroborates one."""
    return (position, *outline, rank, None)


def newest(type_name: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Data in the newest version of their type."""
    return parse_in_any_form(type_name, data).event.data() if is_versioned(type_name) else data


def saying_of(located: Located) -> Saying:
    """What an entry says that was located."""
    event = located.event
    return Saying(located.position, located.rank, located.first_type, event.data() if event else None)


UNREADABLE = (KeyError, TypeError, AttributeError, BadEvent, BadValue)
"""What reading an entry's data fails with that were changed since they were checked."""

Stored = tuple[int, str, str, Mapping[str, Any]]
"""A row of the log, read: its position, id, type and data."""


def stored_of(rows: Iterable[tuple[int, str, str]]) -> list[Stored]:
    """Rows of the log (position, id, line), read. Raises LogDamaged."""
    return [(position, event_id, *_stored(position, line)) for position, event_id, line in rows]


def targets_of(entries: Iterable[Stored]) -> set[str]:
    """The ids of the entries that these are about."""
    return {data["target"] for *_, kind, data in entries if kind in (CORRECTED, RETRACTED, CORROBORATED)}


def told(connection: Connection, entries: Sequence[Stored], *, projected: bool) -> Iterator[Recounted | LogDamaged]:
    """Read entries in order as what they say, or say why one cannot be continued from what is stored.

    The projections hold everything before these entries, and these too if they are `projected`.
    """
    targets = targets_of(entries)
    if not projected:
        targets -= {event_id for _, event_id, *_ in entries}
    known = dict(_sayings(chains(connection, sorted(targets))))

    def at(event_id: str) -> Saying:
        if event_id not in known:
            known.update(_sayings(chains(connection, [event_id])))
        return known[event_id]

    for position, event_id, kind, data in entries:
        try:
            chain = at(data["target"]) if kind in (CORRECTED, RETRACTED) else None
            first, rank, put = (
                (kind, position, data) if chain is None else (chain.type, chain.rank, data.get("replacement"))
            )
            ended_at = known[event_id].ended_at if projected and event_id in known else None
            says = Saying(position, rank, first, None if put is None else newest(first, put), ended_at)
            of_statement = 0
            if first == CORROBORATED:
                about = says.data or (chain.data if chain else None)
                of_statement = at(about["target"]).rank if about else 0
        except KeyError as missing:
            yield LogDamaged(f"it targets {missing.args[0]}, which is not in the log", position)
            continue
        except UNREADABLE as error:
            yield unreadable(position, error)
            continue
        known[event_id] = says
        yield Recounted(event_id, says, chain, of_statement)


def unreadable(position: int, error: Exception) -> LogDamaged:
    """What reading an entry's data failed with, as damage."""
    return LogDamaged(f"what it says lacks something, or has what it cannot have ({error})", position)


def _stored(position: int, line: str) -> tuple[str, Mapping[str, Any]]:
    try:
        stored = orjson.loads(line)
        return stored["type"], stored["data"]
    except (ValueError, KeyError, TypeError) as error:
        raise LogDamaged(str(error), position) from error


def _sayings(found: Iterable[tuple[str, int, str, int, int | None, str]]) -> Iterator[tuple[str, Saying]]:
    for event_id, position, line, rank, ended_at, first_type in found:
        kind, data = _stored(position, line)
        says = data.get("replacement") if kind in (CORRECTED, RETRACTED) else data
        yield event_id, Saying(position, rank, first_type, newest(first_type, says) if says else None, ended_at)

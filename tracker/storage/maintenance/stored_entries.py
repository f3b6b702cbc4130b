"""Read stored entries in order as what they say, without checking a second time what was checked when appended."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from tracker.errors import BadEvent, BadValue, LogDamaged
from tracker.storage.projections.sayings import CORRECTED, CORROBORATED, RETRACTED, Saying, newest
from tracker.storage.queries.versions import chains


class Recounted(NamedTuple):
    """An entry read as what it says, with what it continues: the entry whose place a correction or retraction takes.

    `statement_rank` is the rank of the statement that a corroboration is about, 0 for any other entry.
    """

    event_id: str
    says: Saying
    chain: Saying | None
    statement_rank: int


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

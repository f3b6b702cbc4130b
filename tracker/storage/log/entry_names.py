"""How people name an entry: `@12`, `@last`, its id or the start of it; several from one position to another."""

import re

from sqlalchemy import Connection, and_, bindparam, select

from tracker.domain.terms.scope import parse_position
from tracker.errors import AmbiguousName, UnknownEntry
from tracker.storage.log.event_log import head, positions
from tracker.storage.schema import log

LAST_ENTRY = "@last"


def resolve_entry_id(connection: Connection, name: str) -> str:
    """Return the full id for a prefix of it, or for its position as `@N`, or for the last entry as `@last`.

    Raises UnknownEntry, PositionAhead or AmbiguousName.
    """
    key = name.lower()
    if key == LAST_ENTRY:
        condition = log.c.position == head(connection).position
    elif (position := parse_position(name)) is not None:
        condition = log.c.position == head(connection, at=position).position
    elif re.fullmatch(r"[0-9a-f-]{1,36}", key, re.ASCII):
        condition = and_(log.c.id >= key, log.c.id < f"{key}~")
    else:
        raise UnknownEntry(name)
    wanted = select(log.c.id, log.c.position).where(condition).order_by(log.c.position).limit(9)
    found = connection.execute(wanted).all()
    if not found:
        raise UnknownEntry(name, _positions_meant(connection, key))
    if len(found) > 1:
        advice = "Write more of the id, or the position."
        raise AmbiguousName("The entry", name, [f"@{position}" for _, position in found], field="target", advice=advice)
    return str(found[0][0])


def resolve_entry_ids(connection: Connection, name: str) -> list[str]:
    """Return the full ids of the entries from one log position to another, `@A..@B`; else that of the one entry.

    Raises as `resolve_entry_id`.
    """
    first, dots, last = name.partition("..")
    if not dots:
        return [resolve_entry_id(connection, name)]
    ends = positions(connection, [resolve_entry_id(connection, end) for end in (first, last)])
    return list(connection.scalars(_IDS, {"first": min(ends.values()), "last": max(ends.values())}))


def _positions_meant(connection: Connection, name: str) -> list[str]:
    """The entry at a position that was given without its `@`, or the last one if the position lies beyond it."""
    number, last = name.removeprefix("@"), head(connection).position
    if not number.isdecimal() or not last:
        return []
    if int(number) == 0:
        return ["@1 (the first)"]
    return [f"@{int(number)}"] if int(number) <= last else [f"@{last} (the last)"]


_IDS = select(log.c.id).where(log.c.position.between(bindparam("first"), bindparam("last"))).order_by(log.c.position)

"""What stored entries say, read once and kept: an entry never changes, so that no later answer reads its line again."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from sys import intern
from typing import Any

import orjson
from sqlalchemy import select

from tracker.domain.terms.dates import stated_day
from tracker.domain.terms.vocabulary import Act, Attribution, Stance, Standing, attribution_of
from tracker.domain.timeline.statement import Said, Told
from tracker.errors import BadValue, LogDamaged
from tracker.storage.backends.compiled_query import Asked, CompiledQuery, many, rows_for
from tracker.storage.schema import log

_AT_MOST = 50_000
"""How many statements are kept: some fifty megabytes."""


class Entries:
    """The statements of one log that answers have rested on. Only what is committed may be read through it."""

    def __init__(self) -> None:
        self._kept: dict[int, Told] = {}

    def at(self, connection: Asked, positions: Collection[int]) -> Mapping[int, Told]:
        """What the entries at these positions say, and perhaps others. Raises LogDamaged."""
        if len(positions) > _AT_MOST:
            return _read(connection, positions)
        kept = self._kept
        missing = set(positions).difference(kept)
        if len(kept) + len(missing) > _AT_MOST:
            kept = self._kept = {}
            missing = set(positions)
        kept |= _read(connection, missing)
        return kept


def stored(line: str) -> tuple[str, Mapping[str, Any]]:
    """The id of a stored entry, and the data that it says or puts in its target's place. Raises LogDamaged.

    They were checked when the entry was appended. Positions and closings have
    one version each; a test holds that, as a later one must be brought up to
    date here.
    """
    try:
        entry = orjson.loads(line)
        data = entry["data"]
        return entry["id"], data["replacement"] if entry["type"] == "entry.corrected.v1" else data
    except (ValueError, KeyError, TypeError) as error:
        raise LogDamaged(str(error)) from error


def _read(connection: Asked, positions: Iterable[int]) -> dict[int, Told]:
    """In the order of the log, so that entries beside each other are read from one page of it."""
    found: dict[int, Told] = {}
    for position, line in rows_for(connection, _lines, sorted(positions)):
        try:
            found[position] = _told(position, *stored(line))
        except LogDamaged as damage:
            raise LogDamaged(damage.why, position) from damage
        except (KeyError, TypeError, AttributeError, BadValue) as error:
            raise LogDamaged(str(error), position) from error
    return found


def _told(position: int, event_id: str, data: Mapping[str, Any]) -> Told:
    find = data.get
    stated_on = find("stated_on")
    said_on = stated_on or data["on"]
    quote = find("quote")
    said = Said(
        intern(data["party"]),
        _STANCES[find("stance")],
        stated_day(said_on).effective,
        find("speaker"),
        _ATTRIBUTIONS[attribution_of(find("attribution"), quote)],
        _STANDINGS[find("standing", "official")] if stated_on else None,
        find("source"),
        event_id,
        position,
    )
    conditions = find("conditions")
    return Told(
        said,
        intern(data["issue"]),
        said_on,
        data["summary"],
        quote if quote is None or isinstance(quote, str) else quote["exact"],
        None if conditions is None else tuple(conditions),
        _ACTS[find("act")],
    )


_STANCES: Mapping[str | None, Stance | None] = {None: None, **{stance.value: stance for stance in Stance}}
_ACTS: Mapping[str | None, Act | None] = {None: None, **{act.value: act for act in Act}}
_ATTRIBUTIONS = {attribution.value: attribution for attribution in Attribution}
_STANDINGS = {standing.value: standing for standing in Standing}


@cache
def _lines(number: int) -> CompiledQuery:
    return CompiledQuery(
        select(log.c.position, log.c.line).where(log.c.position.in_(many("value", log.c.position, number)))
    )

"""What stored entries say, read once and kept: an entry never changes, so that no later answer reads its line again."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select

from tracker.domain.vocabulary import Act, Standing
from tracker.errors import LogDamaged
from tracker.storage.prepared import Asked, Prepared, at_once, chunks, many, numbered, padded
from tracker.storage.schema import log

_AT_MOST = 50_000
"""How many statements are kept: some thirty megabytes."""


class Kept(NamedTuple):
    """What a statement or withdrawal says, beside what its projection row tells; a withdrawal has no standing."""

    event_id: str
    stated_on: str
    summary: str
    conditions: tuple[str, ...]
    act: Act | None
    standing: Standing | None
    speaker: str | None
    source: str | None


class Entries:
    """The statements of one log that answers have rested on. Only what is committed may be read through it."""

    def __init__(self) -> None:
        self._kept: dict[int, Kept] = {}

    def at(self, connection: Asked, positions: Collection[int]) -> Mapping[int, Kept]:
        """What the entries at these positions say, and perhaps others. Raises LogDamaged."""
        missing = [position for position in dict.fromkeys(positions) if position not in self._kept]
        if len(positions) > _AT_MOST:
            return self._read(connection, list(positions))
        if len(self._kept) + len(missing) > _AT_MOST:
            self._kept, missing = {}, list(dict.fromkeys(positions))
        self._kept |= self._read(connection, missing)
        return self._kept

    def _read(self, connection: Asked, positions: Sequence[int]) -> dict[int, Kept]:
        found: dict[int, Kept] = {}
        for some in chunks(positions):
            size = at_once(len(some))
            for position, line in _lines(size).rows(connection, numbered(at=padded(some, size))):
                found[position] = _kept(*said(line))
        return found


def said(line: str) -> tuple[str, Mapping[str, Any]]:
    """The id of a stored entry, and the data that it says or puts in its target's place. Raises LogDamaged.

    They were checked when the entry was appended. Positions and closings have
    one version each; a test holds that, as a later one must be brought up to
    date here.
    """
    try:
        stored = orjson.loads(line)
        data = stored["data"]
        return stored["id"], data["replacement"] if stored["type"] == "entry.corrected.v1" else data
    except (ValueError, KeyError, TypeError) as error:
        raise LogDamaged(str(error)) from error


def _kept(event_id: str, data: Mapping[str, Any]) -> Kept:
    find = data.get
    stated_on = find("stated_on")
    return Kept(
        event_id,
        stated_on or data["on"],
        data["summary"],
        tuple(find("conditions", ())),
        _ACTS[find("act")],
        _STANDINGS[find("standing", "official")] if stated_on else None,
        find("speaker"),
        find("source"),
    )


_ACTS: Mapping[str | None, Act | None] = {None: None, **{act.value: act for act in Act}}
_STANDINGS = {standing.value: standing for standing in Standing}


@cache
def _lines(number: int) -> Prepared:
    return Prepared(select(log.c.position, log.c.line).where(log.c.position.in_(many("at", log.c.position, number))))

"""The counting statements of a history, worked out beforehand: what the peers are given for nothing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tracker.domain.log.events import PositionEvent, PositionStated
from tracker.domain.log.parsing import parse_event
from tracker.domain.timeline.contests import contested_from
from tracker.domain.timeline.state import StateRow

ANSWER = (
    *("issue", "party", "stance", "since", "last_stated", "statements", "stated_on", "summary", "in_force", "act"),
    *("standing", "speaker", "attribution", "source", "event_id", "position", "contested"),
)
"""The columns of a peer's answer, in order: those of the tracker's, but for `closed`, of which the history has none."""


class Statement(NamedTuple):
    """A counting statement or withdrawal: its place among those of its pair, and what an answer shows of it."""

    issue: str
    party: str
    pair: int
    place: int
    """1 for the first of the pair, and so on, in the order of effect."""
    effective_on: date
    contests_from: date
    stance: str | None
    stated_on: str
    summary: str
    conditions: list[str] | None
    act: str | None
    standing: str | None
    speaker: str | None
    attribution: str
    source: str | None
    event_id: str
    position: int


class Interval(NamedTuple):
    """A statement's answer, ready for every day on which it is in effect: from `valid_from` until before `valid_to`."""

    valid_from: date
    valid_to: date
    since: date
    statements: int
    in_force: list[str]
    contested: bool


def answer_of(row: StateRow) -> tuple[Any, ...]:
    """A row of the tracker's state as the plain values of `ANSWER`."""
    words = (row.stance, row.act, row.standing, row.attribution)
    stance, act, standing, attribution = (word.value if word is not None else None for word in words)
    run = (row.since, row.last_stated, row.statements, row.stated_on, row.summary, list(row.conditions))
    said = (act, standing, row.speaker, attribution, row.source, row.event_id, row.position, row.contested)
    return (row.issue, row.party, stance, *run, *said)


def counting_statements(history: Path) -> list[Statement]:
    """All of them, ordered by issue, party and effect."""
    found: dict[str, tuple[int, int, str, dict[str, Any]]] = {}
    with history.open("rb") as lines:
        for position, line in enumerate(lines, 1):
            entry = orjson.loads(line)
            data, rank, kind = entry["data"], position, entry["type"]
            if kind in ("entry.corrected.v1", "entry.retracted.v1"):
                _, rank, kind, _ = found.pop(data["target"])
                data = data.get("replacement")
            if data is not None and kind.startswith("position."):
                found[entry["id"]] = (position, rank, kind, data)
    read = [_read(*one, event_id) for event_id, one in found.items()]
    read.sort(key=lambda one: (one[0].issue, one[0].party, one[0].effective_on, *one[1:]))
    return list(_placed([one[0] for one in read]))


def intervals(statements: list[Statement]) -> Iterator[Interval]:
    """One for each statement, in the same order."""
    run_began = since = in_force = None
    for number, one in enumerate(statements):
        before = statements[number - 1] if one.place > 1 else None
        after = statements[number + 1] if number + 1 < len(statements) else None
        if before is None or before.stance != one.stance:
            run_began, since, in_force = one.place, one.effective_on, []
        if one.conditions is not None:
            in_force = one.conditions
        assert run_began is not None
        assert since is not None
        assert in_force is not None
        valid_to = after.effective_on if after is not None and after.pair == one.pair else date.max
        contested = _contested(statements, number)
        yield Interval(one.effective_on, valid_to, since, one.place - run_began + 1, in_force, contested)


def _contested(statements: list[Statement], number: int) -> bool:
    one = statements[number]
    for other in reversed(statements[number - one.place + 1 : number]):
        if other.effective_on < one.contests_from:
            return False
        if other.stance not in (None, one.stance) and (one.speaker is None or other.speaker != one.speaker):
            return True
    return False


def _read(position: int, rank: int, kind: str, data: dict[str, Any], event_id: str) -> tuple[Statement, int, int]:
    event = parse_event(kind, data)
    assert isinstance(event, PositionEvent)
    stated = event if isinstance(event, PositionStated) else None
    statement = Statement(
        issue=event.issue,
        party=event.party,
        pair=0,
        place=0,
        effective_on=event.day.effective,
        contests_from=contested_from(event.day.first),
        stance=stated.stance.value if stated and stated.stance else None,
        stated_on=event.stated,
        summary=event.summary,
        conditions=list(stated.conditions) if stated and stated.conditions is not None else None,
        act=stated.act.value if stated and stated.act else None,
        standing=stated.standing.value if stated else None,
        speaker=event.speaker,
        attribution=event.attributed.value,
        source=event.source,
        event_id=event_id,
        position=position,
    )
    return statement, event.sequence, rank


def _placed(statements: list[Statement]) -> Iterator[Statement]:
    pair = place = 0
    last = None
    for one in statements:
        if (one.issue, one.party) != last:
            last, pair, place = (one.issue, one.party), pair + 1, 0
        place += 1
        yield one._replace(pair=pair, place=place)

"""The state on a day as data: DESIGN section 7."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.entries import LogHead
from tracker.domain.events import PositionStated
from tracker.domain.timeline import InEffect, Timelines, Version, closings_on, in_effect
from tracker.domain.vocabulary import Act, Attribution, Outcome, Stance, Standing


class Closed(NamedTuple):
    """How and when an issue was closed."""

    on: date
    outcome: Outcome


class StateRow(NamedTuple):
    """One pair that has a stance, or has withdrawn it, on a day.

    `since` and `last_stated` are effective days, `stated_on` is the date as
    recorded; `event_id` and `position` are those of the entry in effect.
    """

    party: str
    issue: str
    stance: Stance | None
    since: date
    last_stated: date
    statements: int
    stated_on: str
    summary: str
    conditions: tuple[str, ...]
    act: Act | None
    standing: Standing | None
    speaker: str | None
    attribution: Attribution
    source: str | None
    event_id: str
    position: int
    contested: bool
    closed: Closed | None


def state_rows(pairs: Timelines, closings: Iterable[Version], on: date) -> Iterator[tuple[StateRow, InEffect]]:
    """The state on a day (inclusive), ordered by issue, then party, each row with what it was made from."""
    closed = {issue: Closed(closing.on, closing.outcome) for issue, closing in closings_on(closings, on).items()}
    for (issue, _), timeline in pairs.by_pair.items():
        held = in_effect(timeline, on)
        if held is not None:
            yield state_row(held, closed.get(issue)), held


def state_row(held: InEffect, outcome: Closed | None) -> StateRow:
    entry, event = held.step.entry, held.step.event
    stated = event if isinstance(event, PositionStated) else None
    return StateRow(
        party=event.party,
        issue=event.issue,
        stance=held.step.stance,
        since=held.since,
        last_stated=held.last_stated,
        statements=held.steps,
        stated_on=event.stated,
        summary=event.summary,
        conditions=held.conditions,
        act=stated.act if stated else None,
        standing=stated.standing if stated else None,
        speaker=event.speaker,
        attribution=event.attributed,
        source=event.source,
        event_id=entry.id,
        position=entry.position,
        contested=bool(held.contested_by),
        closed=outcome,
    )


@dataclass(frozen=True, slots=True)
class State:
    """Who stands where on a day, and the log position that this rests on.

    `held` has, row by row, what each row was made from. `left_out_undated` is
    how many statements `published_by` left out because no dated source carries them.
    """

    on: date
    known_at: str | None
    published_by: date | None
    log: LogHead
    left_out_undated: int
    rows: tuple[StateRow, ...]
    held: tuple[InEffect, ...]

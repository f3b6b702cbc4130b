"""The state on a day as data: DESIGN section 7."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.entries import LogHead
from tracker.domain.events import PositionStated
from tracker.domain.scope import Scope
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


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of the state with what it was made from; `inherited_from` is the bloc whose stance a member takes."""

    row: StateRow
    held: InEffect
    inherited_from: str | None = None


def state_cells(pairs: Timelines, closed: Mapping[str, Closed], on: date) -> Iterator[Cell]:
    """The state on a day (inclusive), ordered by issue, then party."""
    for (issue, _), timeline in pairs.by_pair.items():
        held = in_effect(timeline, on)
        if held is not None:
            yield Cell(state_row(held, closed.get(issue)), held)


def closed_on(closings: Iterable[Version], on: date) -> dict[str, Closed]:
    """How each closed issue was closed, by the last counting closing up to a day (inclusive)."""
    return {issue: Closed(closing.on, closing.outcome) for issue, closing in closings_on(closings, on).items()}


def state_row(held: InEffect, outcome: Closed | None) -> StateRow:
    entry, event = held.step.entry, held.step.event
    stated = event if isinstance(event, PositionStated) else None
    return StateRow(
        party=event.party,
        issue=event.issue,
        stance=held.step.stance,
        since=held.since,
        last_stated=held.last_stated,
        statements=len(held.run),
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

    `left_out_undated` is how many statements `published_by` left out because no
    dated source carries them. `inherits` says whether members show their bloc's
    stance where they have none.
    """

    on: date
    known_at: str | None
    published_by: date | None
    scope: Scope
    log: LogHead
    left_out_undated: int
    cells: tuple[Cell, ...]
    inherits: bool = False

    @property
    def rows(self) -> tuple[StateRow, ...]:
        return tuple(cell.row for cell in self.cells)

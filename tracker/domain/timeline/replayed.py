"""The state by plain replay: what timelines say of a day, which every faster way is held to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from tracker.domain.log.events import PositionStated
from tracker.domain.timeline.replay import InEffect, Pair, Timelines, Version, closings_on, in_effect, said_in
from tracker.domain.timeline.state import Cell, Closing, StateRow
from tracker.domain.timeline.statement import Said


def state_cells(pairs: Timelines, closed: Mapping[str, Closing], on: date) -> Iterator[Cell]:
    """The state on a day (inclusive), ordered by issue, then party."""
    for (issue, _), timeline in pairs.by_pair.items():
        held = in_effect(timeline, on)
        if held is not None:
            yield cell_of(held, closed.get(issue))


def closed_on(closings: Iterable[Version], on: date) -> dict[str, Closing]:
    """How each closed issue was closed, by the last counting closing up to a day (inclusive)."""
    return {issue: Closing(closing.on, closing.outcome) for issue, closing in closings_on(closings, on).items()}


def stood_on(pairs: Timelines, on: date) -> dict[Pair, Said]:
    """Where each pair stood that had a stance, or had withdrawn it, on a day (inclusive)."""
    held = ((pair, in_effect(timeline, on)) for pair, timeline in pairs.by_pair.items())
    return {pair: said_in(one.step) for pair, one in held if one is not None}


def cell_of(held: InEffect, outcome: Closing | None) -> Cell:
    """A stance in effect as a row of the state, with what people are shown beside it."""
    naming = held.conditions_step
    return Cell(
        row=_row(held, outcome),
        order=held.step.order,
        named_in=said_in(naming) if naming else None,
        contested_by=tuple(map(said_in, held.contested_by)),
    )


def _row(held: InEffect, outcome: Closing | None) -> StateRow:
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

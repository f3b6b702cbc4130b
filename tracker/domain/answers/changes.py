"""What parties did between two days, and what happened beside it: `changes`, `net`, `context` of DESIGN section 8."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.log.events import IssueClosed, MilestoneNoted
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Attribution, Outcome, Stance, Standing
from tracker.domain.timeline.replay import Pair, Step, Timelines, Version, told
from tracker.domain.timeline.statement import Told


class Kind(StrEnum):
    """What a step did to the stance before it."""

    NEW = "new"
    REVERSED = "reversed"
    TOWARDS = "towards"
    AWAY = "away"
    WITHDRAWN = "withdrawn"
    AMENDED = "amended"
    REAFFIRMED = "reaffirmed"


class Change(NamedTuple):
    """One statement or withdrawal that took effect in the window; `on` is its effective day."""

    party: str
    issue: str
    on: date
    stated_on: str
    kind: Kind
    from_stance: Stance | None
    to_stance: Stance | None
    event_id: str
    summary: str
    quote: str | None
    source: str | None
    speaker: str | None
    standing: Standing | None
    attribution: Attribution
    position: int


class NetChange(NamedTuple):
    """A pair whose stance differs between the two days; None is no stance, or a withdrawn one."""

    issue: str
    party: str
    from_stance: Stance | None
    to_stance: Stance | None


class ContextRow(NamedTuple):
    """A milestone or the closing of an issue: something that happened and is nobody's position."""

    on: date
    kind: str
    title: str
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    outcome: Outcome | None
    source: str | None
    event_id: str
    position: int


def changes(timeline: Iterable[Told], *, after: date | None, up_to: date) -> Iterator[Change]:
    """The steps of one pair that took effect after a day (from the first, without one) and up to another."""
    before: Stance | None = None
    in_force: tuple[str, ...] = ()
    for step in timeline:
        said = step.said
        if said.on > up_to:
            break
        if after is None or said.on > after:
            yield _change(step, before, in_force)
        if said.stance is not before:
            in_force = ()
        if step.conditions is not None:
            in_force = step.conditions
        before = said.stance


def net_change(timeline: Sequence[Told], *, after: date, up_to: date) -> NetChange | None:
    """How the stances in effect on two days differ, or None if they are equal."""
    then, now = (last_by(timeline, day) for day in (after, up_to))
    from_stance, to_stance = (step.said.stance if step else None for step in (then, now))
    if from_stance == to_stance or now is None:
        return None
    return NetChange(now.issue, now.said.party, from_stance, to_stance)


def last_by(timeline: Sequence[Told], day: date) -> Told | None:
    """The step in effect on a day (inclusive), or None if nothing was on record by then."""
    return next((step for step in reversed(timeline) if step.said.on <= day), None)


Steps = Mapping[Pair, Sequence[Told]]
"""The steps of pairs in their order, by pair in order; a part of a timeline that is long enough for its answer."""


def steps_of(pairs: Timelines) -> Steps:
    """The steps of timelines."""
    return {pair: tuple(map(told, timeline)) for pair, timeline in pairs.by_pair.items()}


def all_changes(pairs: Steps, *, after: date | None, up_to: date) -> tuple[Change, ...]:
    """Every pair's changes, ordered by issue, party, then the pair's own order."""
    return tuple(change for timeline in pairs.values() for change in changes(timeline, after=after, up_to=up_to))


def all_net_changes(pairs: Steps, *, after: date, up_to: date) -> tuple[NetChange, ...]:
    """Every pair's net change, ordered by issue, then party."""
    found = (net_change(timeline, after=after, up_to=up_to) for timeline in pairs.values())
    return tuple(change for change in found if change is not None)


def stated_conditions(pairs: Steps) -> dict[str, tuple[str, ...]]:
    """The conditions that steps state, by event id; steps that mention none are left out."""
    steps = (step for timeline in pairs.values() for step in timeline)
    return {step.said.event_id: step.conditions for step in steps if step.conditions is not None}


def context(versions: Iterable[Version], scope: Scope, *, after: date, up_to: date) -> tuple[ContextRow, ...]:
    """Milestones and closings after a day and up to another that bear on the scope, in the order of their days."""
    rows = [(row.on, version.rank, row) for version in versions if (row := _context_row(version)) is not None]
    rows.sort(key=lambda ranked: ranked[:2])
    return tuple(row for on, _, row in rows if after < on <= up_to and scope.concerns(row.parties, row.issues))


def change_of(step: Step, from_stance: Stance | None, in_force: tuple[str, ...]) -> Change:
    """What a step did to the stance before it (None if there was none), under the conditions in force by then."""
    return _change(told(step), from_stance, in_force)


def _change(step: Told, from_stance: Stance | None, in_force: tuple[str, ...]) -> Change:
    said = step.said
    return Change(
        party=said.party,
        issue=step.issue,
        on=said.on,
        stated_on=step.stated_on,
        kind=_kind(from_stance, said.stance, in_force, step.conditions),
        from_stance=from_stance,
        to_stance=said.stance,
        event_id=said.event_id,
        summary=step.summary,
        quote=step.quote,
        source=said.source,
        speaker=said.speaker,
        standing=said.standing,
        attribution=said.attribution,
        position=said.position,
    )


def _kind(
    from_stance: Stance | None, to_stance: Stance | None, in_force: tuple[str, ...], stated: tuple[str, ...] | None
) -> Kind:
    if to_stance is None:
        return Kind.WITHDRAWN
    if from_stance is None:
        return Kind.NEW
    if from_stance == to_stance:
        return Kind.AMENDED if stated is not None and set(stated) != set(in_force) else Kind.REAFFIRMED
    if from_stance.degree * to_stance.degree < 0:
        return Kind.REVERSED
    return Kind.TOWARDS if to_stance.degree > from_stance.degree else Kind.AWAY


def _context_row(version: Version) -> ContextRow | None:
    event = version.event
    match event:
        case MilestoneNoted():
            kind, title, issues, outcome = "milestone", event.title, event.issues, None
        case IssueClosed():
            kind, issues, outcome = "closed", (event.issue,), event.outcome
            title = event.note or f"{event.issue}: {outcome}"
        case _:
            return None
    entry = version.entry
    return ContextRow(event.on, kind, title, event.parties, issues, outcome, event.source, entry.id, entry.position)

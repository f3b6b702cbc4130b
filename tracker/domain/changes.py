"""What parties did between two days, and what happened beside it: `changes`, `net`, `context` of DESIGN section 8."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.events import IssueClosed, MilestoneNoted, PositionStated, PositionWithdrawn, quoted_words
from tracker.domain.scope import Scope
from tracker.domain.timeline import Step, Timeline, Timelines, Version, last_on
from tracker.domain.vocabulary import Attribution, Outcome, Stance, Standing


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


def changes(timeline: Timeline, *, after: date | None, up_to: date) -> Iterator[Change]:
    """The steps of one pair that took effect after a day (from the first, without one) and up to another."""
    before: Stance | None = None
    in_force: tuple[str, ...] = ()
    for step in timeline:
        if step.day.effective > up_to:
            break
        if after is None or step.day.effective > after:
            yield change_of(step, before, in_force)
        if step.stance is not before:
            in_force = ()
        if step.conditions is not None:
            in_force = step.conditions
        before = step.stance


def net_change(timeline: Timeline, *, after: date, up_to: date) -> NetChange | None:
    """How the stances in effect on two days differ, or None if they are equal."""
    then, now = (last_on(timeline, day) for day in (after, up_to))
    from_stance, to_stance = (step.stance if step else None for step in (then, now))
    if from_stance == to_stance or now is None:
        return None
    return NetChange(now.event.issue, now.event.party, from_stance, to_stance)


def all_changes(pairs: Timelines, *, after: date | None, up_to: date) -> tuple[Change, ...]:
    """Every pair's changes, ordered by issue, party, then the pair's own order."""
    return tuple(
        change for timeline in pairs.by_pair.values() for change in changes(timeline, after=after, up_to=up_to)
    )


def all_net_changes(pairs: Timelines, *, after: date, up_to: date) -> tuple[NetChange, ...]:
    """Every pair's net change, ordered by issue, then party."""
    found = (net_change(timeline, after=after, up_to=up_to) for timeline in pairs.by_pair.values())
    return tuple(change for change in found if change is not None)


def stated_conditions(pairs: Timelines) -> dict[str, tuple[str, ...]]:
    """The conditions that steps state, by event id; steps that mention none are left out."""
    steps = (step for timeline in pairs.by_pair.values() for step in timeline)
    return {step.entry.id: step.conditions for step in steps if step.conditions is not None}


def context(versions: Iterable[Version], scope: Scope, *, after: date, up_to: date) -> tuple[ContextRow, ...]:
    """Milestones and closings after a day and up to another that bear on the scope, in the order of their days."""
    rows = [(row.on, version.rank, row) for version in versions if (row := _context_row(version)) is not None]
    rows.sort(key=lambda ranked: ranked[:2])
    return tuple(row for on, _, row in rows if after < on <= up_to and scope.concerns(row.parties, row.issues))


def change_of(step: Step, from_stance: Stance | None, in_force: tuple[str, ...]) -> Change:
    """What a step did to the stance before it (None if there was none), under the conditions in force by then."""
    event = step.event
    return Change(
        party=event.party,
        issue=event.issue,
        on=step.day.effective,
        stated_on=event.stated,
        kind=_kind(from_stance, in_force, step),
        from_stance=from_stance,
        to_stance=step.stance,
        event_id=step.entry.id,
        summary=event.summary,
        quote=quoted_words(event.quote),
        source=event.source,
        speaker=event.speaker,
        standing=event.standing if isinstance(event, PositionStated) else None,
        attribution=event.attributed,
    )


def _kind(from_stance: Stance | None, in_force: tuple[str, ...], step: Step) -> Kind:
    if isinstance(step.event, PositionWithdrawn):
        return Kind.WITHDRAWN
    to_stance = step.event.stance
    if from_stance is None:
        return Kind.NEW
    if from_stance == to_stance:
        stated = step.conditions
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
    return ContextRow(event.on, kind, title, event.parties, issues, outcome, event.source, version.entry.id)

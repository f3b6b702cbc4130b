"""What parties ask of each other, and what their own stances wait for."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from tracker.domain.log.events import PositionStated, quoted_words
from tracker.domain.terms.scope import Scope, within
from tracker.domain.terms.vocabulary import ASKING, Act, Attribution, Stance, Standing
from tracker.domain.timeline.replay import Step, Timelines
from tracker.domain.timeline.state import Closing, State


class Ask(NamedTuple):
    """A demand, proposal, offer or question of one party to another, and the first answer to it.

    It is answered once the addressee states a position on the issue, or on one
    below it, later in the order of DESIGN section 6. `open_since` is the
    effective day on which it was put; `answered_on` that of the answer.
    """

    party: str
    to: str
    issue: str
    act: Act
    open_since: date
    stated_on: str
    stance: Stance
    summary: str
    quote: str | None
    conditions: tuple[str, ...] | None
    speaker: str | None
    standing: Standing
    attribution: Attribution
    source: str | None
    event_id: str
    position: int
    answered_by: str | None
    answered_on: date | None
    answer_issue: str | None
    answer_stance: Stance | None
    closed: Closing | None


def is_ask(event: object) -> bool:
    """Whether an event puts something to somebody."""
    return isinstance(event, PositionStated) and event.act in ASKING and bool(event.addressed_to)


Answer = Callable[[Step, str], Step | None]
"""Finds the answer of an addressee to an ask: its first statement after it, on its issue or one below."""


def answers_in(pairs: Timelines, on: date) -> Answer:
    """Answers among the timelines of all parties, up to a day (inclusive)."""
    stated: dict[str, list[tuple[str, list[Step]]]] = {}
    for (issue, party), timeline in pairs.by_pair.items():
        statements = [step for step in timeline if step.stance is not None and step.day.effective <= on]
        stated.setdefault(party, []).append((issue, statements))
    return lambda ask, addressee: _answer(ask, stated.get(addressee, ()))


def asks(
    asking: Iterable[Step], answer: Answer, scope: Scope, closings: dict[str, Closing], on: date
) -> tuple[Ask, ...]:
    """What was asked up to a day (inclusive), by issue, asking party and addressee, each in the order of asking.

    In scope is what a party in scope asks or is asked.
    """
    rows = []
    for step in asking:
        event = step.event
        if not isinstance(event, PositionStated) or not is_ask(event) or step.day.effective > on:
            continue
        if not scope.includes_issue(event.issue):
            continue
        for addressee in dict.fromkeys(event.addressed_to):
            if scope.includes_party(event.party) or scope.includes_party(addressee):
                found = answer(step, addressee)
                rows.append((step.order, _ask(step, event, addressee, found, closings.get(event.issue))))
    rows.sort(key=lambda row: (row[1].issue, row[1].party, row[1].to, row[0]))
    return tuple(ask for _, ask in rows)


def _answer(ask: Step, stated: Iterable[tuple[str, list[Step]]]) -> Step | None:
    """The addressee's first statement after the ask, on its issue or one below."""
    later = []
    for issue, statements in stated:
        if within(issue, ask.event.issue):
            place = bisect_right(statements, ask.order, key=lambda step: step.order)
            later += statements[place : place + 1]
    return min(later, key=lambda step: step.order, default=None)


def _ask(step: Step, event: PositionStated, addressee: str, answer: Step | None, closed: Closing | None) -> Ask:
    assert event.act is not None
    return Ask(
        party=event.party,
        to=addressee,
        issue=event.issue,
        act=event.act,
        open_since=step.day.effective,
        stated_on=event.stated,
        stance=event.stance,
        summary=event.summary,
        quote=quoted_words(event.quote),
        conditions=event.conditions,
        speaker=event.speaker,
        standing=event.standing,
        attribution=event.attributed,
        source=event.source,
        event_id=step.entry.id,
        position=step.entry.position,
        answered_by=answer.entry.id if answer else None,
        answered_on=answer.day.effective if answer else None,
        answer_issue=answer.event.issue if answer else None,
        answer_stance=answer.stance if answer else None,
        closed=closed,
    )


class OpenConditions(NamedTuple):
    """What a stance waits for: the conditions in force, with the statement that named them.

    `since` is the day from which the stance is held, `conditions_on` the
    effective day of the statement that named the conditions (null if a
    conditional stance names none).
    """

    party: str
    issue: str
    stance: Stance
    conditions: tuple[str, ...]
    since: date
    last_stated: date
    conditions_on: date | None
    speaker: str | None
    attribution: Attribution
    source: str | None
    event_id: str
    position: int
    closed: Closing | None


def waiting(state: State) -> tuple[OpenConditions, ...]:
    """The stances of a state that are conditional or have conditions in force, by issue, then party."""
    rows = []
    for cell in state.cells:
        row, naming = cell.row, cell.naming
        if row.stance is None or not (row.conditions or row.stance is Stance.CONDITIONAL):
            continue
        rows.append(
            OpenConditions(
                party=row.party,
                issue=row.issue,
                stance=row.stance,
                conditions=row.conditions,
                since=row.since,
                last_stated=row.last_stated,
                conditions_on=naming.on if row.conditions else None,
                speaker=naming.speaker,
                attribution=naming.attribution,
                source=naming.source,
                event_id=naming.event_id,
                position=naming.position,
                closed=row.closed,
            )
        )
    return tuple(rows)

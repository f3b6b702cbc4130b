"""The parties' moves between two days: `changes` and `net` of the change report (DESIGN section 8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import NamedTuple, assert_never

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.vocabulary import Attribution, Stance, Standing
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.in_effect import last_on
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement, Value, Withdrawn


class Kind(StrEnum):
    """The effect of a statement or withdrawal on the stance before it."""

    NEW = "new"
    REVERSED = "reversed"
    TOWARDS = "towards"
    AWAY = "away"
    WITHDRAWN = "withdrawn"
    AMENDED = "amended"
    REAFFIRMED = "reaffirmed"


class Change(NamedTuple):
    """One statement or withdrawal, which took effect `on`; `from_value` is None if nothing was on record before.

    `from_attribution` is that of the statement before it, and `from_reworded` says that that one answers an earlier
    wording of the question.
    """

    party: str
    issue: str
    on: date
    stated_on: str
    kind: Kind
    from_value: Value | None
    to_value: Value
    event_id: str
    summary: str
    quote: str | None
    source: str | None
    speaker: str | None
    standing: Standing | None
    attribution: Attribution
    position: int
    from_attribution: Attribution | None
    from_reworded: bool


class HeldBefore(NamedTuple):
    """The value right before a statement, its attribution, and the day on which it took effect."""

    value: Value
    attribution: Attribution
    on: date


@dataclass(frozen=True, slots=True)
class History:
    """The changes up to a day, and how many statements `published_by` left out because no dated source carries them.

    `log` is the log position that they rest on.
    """

    on: date
    log: LogHead
    changes: tuple[Change, ...]
    left_out_undated: int


class NetChange(NamedTuple):
    """A pair whose stance differs between the two days; nothing on record and withdrawn are both no stance.

    `from_reworded` and `reworded` say that a stance answers an earlier wording than that of the last day.
    """

    issue: str
    party: str
    from_value: Value | None
    to_value: Value
    from_attribution: Attribution | None
    to_attribution: Attribution
    from_reworded: bool
    reworded: bool


StatementsByPair = Mapping[Pair, Sequence[Statement]]
"""Statements in order, by pair in order: the part of each timeline that the answer needs."""


def changes(
    timeline: Iterable[Statement], *, after: date | None, up_to: date, around: Circumstances
) -> Iterator[Change]:
    """Yield the changes of one pair that took effect after a day (all by default) and up to another (inclusive).

    `around` is what holds beside positions on that last day.
    """
    before: HeldBefore | None = None
    in_force: tuple[str, ...] = ()
    for statement in timeline:
        if statement.on > up_to:
            break
        if after is None or statement.on > after:
            yield change_of(statement, before, in_force, around)
        if before is None or statement.value is not before.value:
            in_force = ()
        if statement.conditions is not None:
            in_force = statement.conditions
        before = HeldBefore(statement.value, statement.attribution, statement.on)


def all_changes(
    pairs: StatementsByPair, *, after: date | None, up_to: date, around: Circumstances
) -> tuple[Change, ...]:
    """Return every pair's changes, ordered by issue, party, then the pair's own order."""
    found = (changes(timeline, after=after, up_to=up_to, around=around) for timeline in pairs.values())
    return tuple(chain.from_iterable(found))


def all_net_changes(
    pairs: StatementsByPair, *, after: date, up_to: date, around: Circumstances
) -> tuple[NetChange, ...]:
    """Return the pairs whose stances in effect on two days differ, ordered by issue, then party."""
    found = []
    for timeline in pairs.values():
        then, now = last_on(timeline, after), last_on(timeline, up_to)
        held = then.value if then else None
        if now is not None and now.value is not (held or WITHDRAWN):
            net = NetChange(
                issue=now.issue,
                party=now.party,
                from_value=held,
                to_value=now.value,
                from_attribution=then.attribution if then else None,
                to_attribution=now.attribution,
                from_reworded=then is not None and around.is_reworded(now.issue, then.on),
                reworded=around.is_reworded(now.issue, now.on),
            )
            found.append(net)
    return tuple(found)


def collect_conditions(pairs: StatementsByPair) -> dict[str, tuple[str, ...]]:
    """Return the conditions that statements state, by event id, without statements that mention none."""
    statements = (statement for timeline in pairs.values() for statement in timeline)
    return {statement.event_id: statement.conditions for statement in statements if statement.conditions is not None}


def change_of(
    statement: Statement, before: HeldBefore | None, in_force: tuple[str, ...], around: Circumstances
) -> Change:
    """Return a statement's effect on what was held before (None if nothing was) and the conditions then in force."""
    held = before.value if before else None
    return Change(
        party=statement.party,
        issue=statement.issue,
        on=statement.on,
        stated_on=statement.stated_on,
        kind=_kind(held, statement.value, in_force, statement.conditions),
        from_value=held,
        to_value=statement.value,
        event_id=statement.event_id,
        summary=statement.summary,
        quote=statement.quote,
        source=statement.source,
        speaker=statement.speaker,
        standing=statement.standing,
        attribution=statement.attribution,
        position=statement.position,
        from_attribution=before.attribution if before else None,
        from_reworded=before is not None and around.is_reworded(statement.issue, before.on, up_to=statement.on),
    )


def _kind(before: Value | None, value: Value, in_force: tuple[str, ...], stated: tuple[str, ...] | None) -> Kind:
    match value:
        case Withdrawn():
            return Kind.WITHDRAWN
        case Stance():
            if before is value:
                return Kind.AMENDED if stated is not None and set(stated) != set(in_force) else Kind.REAFFIRMED
            return _movement(before, value)
        case _:
            assert_never(value)


def _movement(before: Value | None, stance: Stance) -> Kind:
    match before:
        case None | Withdrawn():
            return Kind.NEW
        case Stance():
            if {before.is_for, stance.is_for} == {True, False}:
                return Kind.REVERSED
            return Kind.TOWARDS if stance.degree > before.degree else Kind.AWAY
        case _:
            assert_never(before)

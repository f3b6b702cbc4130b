"""The parties' moves between two days: `changes` and `net` of the change report (DESIGN section 8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.amounts import Amount, Course, NoFigure, course
from tracker.domain.terms.columns import ForPeople
from tracker.domain.terms.vocabulary import Attribution, Because, Stance, Standing
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.order import last_on
from tracker.domain.timeline.statement import (
    NO_DETAILS,
    NOTHING_IN_FORCE,
    WITHDRAWN,
    Details,
    InForce,
    Pair,
    Statement,
    Value,
    Withdrawn,
)


class Kind(StrEnum):
    """The effect of a statement or withdrawal on the stance before it."""

    NEW = "new"
    REVERSED = "reversed"
    TOWARDS = "towards"
    AWAY = "away"
    RAISED = "raised"
    LOWERED = "lowered"
    NARROWED = "narrowed"
    WIDENED = "widened"
    NAMED = "named"
    UNNAMED = "unnamed"
    WITHDRAWN = "withdrawn"
    AMENDED = "amended"
    REAFFIRMED = "reaffirmed"
    LOST = "lost"
    """With inheritance alone: a member that had its bloc's stance left, and nothing takes its place."""


class Inheritance(NamedTuple):
    """How far a step and what was held before it are a bloc's position (see `Turn` in the timeline's `inheritance`).

    `inherited_from` is the bloc whose position it is, None if the party's own; `from_inherited_from` the same of the
    stance before. `because_of` is the id of the entry that brought the step about, `cause` says so to people where that
    is not the step's own, and `taken_stated` is its day as recorded. `member_since` and `member_until` are the first
    and the last day of the membership, None without an end by the last day asked about. `shown_conditions` are those
    that people see with the step, `through` the member of the bloc through which the party belongs to it.
    """

    inherited_from: str | None
    from_inherited_from: str | None
    because: Because
    because_of: str
    member_since: date | None
    member_until: date | None
    cause: ForPeople[str]
    shown_conditions: ForPeople[tuple[str, ...] | None]
    taken_stated: ForPeople[str]
    through: str | None


class Change(NamedTuple):
    """One statement or withdrawal, which took effect `on`; `from_value` is None if nothing was on record before.

    `from_attribution` and `from_standing` are those of the statement before it. `from_reworded` says that the statement
    before answers an earlier wording of the question than this one, `reworded` that this one answers an earlier wording
    than that of the last day asked about. `government_since` is the day of a government that whoever stated the pair's
    last stance got after it, `from_government_since` of one between the stance before and this step. If members
    inherit, `inheritance` says whose position it is; `to_value` and `attribution` are None where one lost its bloc's.
    For people, `from_outdated` says that the statement before answers another wording than that of the last day asked
    about, `from_converted` that the party used other words for the amount before. `unit` is that of a quantity,
    `choice` the choice of which the issue is an option, and `statement` the one behind the step (of a bloc, if it is
    a bloc's position). `lapsed` is what was in force and is not any more, as another position was stated without a word
    on it. On an `own` issue each party answers for itself.
    """

    party: str
    issue: str
    on: date
    stated_on: str
    kind: Kind
    from_value: Value | None
    to_value: Value | None
    event_id: str
    summary: str
    quote: str | None
    source: str | None
    speaker: str | None
    standing: Standing | None
    attribution: Attribution | None
    position: int
    from_attribution: Attribution | None
    from_reworded: bool
    on_behalf_of: tuple[str, ...]
    ascribed_by: str | None
    from_standing: Standing | None
    reworded: bool
    government_since: date | None = None
    from_government_since: date | None = None
    inheritance: ForPeople[Inheritance | None] = None
    from_outdated: ForPeople[bool] = False
    from_converted: ForPeople[bool] = False
    unit: ForPeople[str | None] = None
    choice: ForPeople[str | None] = None
    statement: ForPeople[Statement | None] = None
    lapsed: ForPeople[InForce] = NOTHING_IN_FORCE
    own: ForPeople[bool] = False

    @property
    def details(self) -> Details:
        """What the statement says besides its position."""
        return self.statement.details if self.statement else NO_DETAILS

    @property
    def inherited_from(self) -> str | None:
        """The bloc whose position it is; None if it is the party's own, or members do not inherit."""
        return self.inheritance.inherited_from if self.inheritance else None

    @property
    def from_inherited_from(self) -> str | None:
        """The bloc whose stance was held before."""
        return self.inheritance.from_inherited_from if self.inheritance else None


class HeldBefore(NamedTuple):
    """The value right before a step, who stated it, its attribution, the day of its effect, and its standing.

    `converted` says that the party used other words for the amount.
    """

    party: str
    value: Value
    attribution: Attribution
    on: date
    standing: Standing | None
    converted: bool

    @classmethod
    def of(cls, one: Statement) -> "HeldBefore":
        """Return what a statement leaves to the step after it."""
        return cls(one.party, one.value, one.attribution, one.on, one.standing, one.details.stated_as is not None)


@dataclass(frozen=True, slots=True)
class History:
    """The changes up to a day, and how many statements `published_by` left out because no dated source carries them.

    `log` is the log position that they rest on. With `inherits`, members without a stance show that of their bloc.
    """

    on: date
    log: LogHead
    changes: tuple[Change, ...]
    left_out_undated: int
    inherits: bool = False


class NetChange(NamedTuple):
    """A pair whose stance differs between the two days; nothing on record and withdrawn are both no stance.

    `from_reworded` and `reworded` say that a stance answers an earlier wording than that of the last day. If members
    inherit, `blocs` has those whose stances they are on either day, None for the party's own.
    """

    issue: str
    party: str
    from_value: Value | None
    to_value: Value | None
    from_attribution: Attribution | None
    to_attribution: Attribution | None
    from_reworded: bool
    reworded: bool
    from_standing: Standing | None
    to_standing: Standing | None
    blocs: ForPeople[tuple[str | None, str | None] | None] = None


StatementsByPair = Mapping[Pair, Sequence[Statement]]
"""Statements in order, by pair in order: the part of each timeline that the answer needs."""


def changes(
    timeline: Iterable[Statement], *, after: date | None, up_to: date, around: Circumstances
) -> Iterator[Change]:
    """Yield the changes of one pair that took effect after a day (all by default) and up to another (inclusive).

    `around` is what holds beside positions on that last day.
    """
    before: HeldBefore | None = None
    in_force = NOTHING_IN_FORCE
    steps = [statement for statement in timeline if statement.on <= up_to]
    for statement in steps:
        if after is None or statement.on > after:
            change = change_of(statement, before, in_force, around)
            since = government_after(statement, around) if statement is steps[-1] else None
            yield change._replace(government_since=since) if since else change
        if before is None or statement.value != before.value:
            in_force = NOTHING_IN_FORCE
        in_force = in_force.after(statement)
        before = HeldBefore.of(statement)


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
        if now is not None and now.value != (held or WITHDRAWN):
            found.append(net_change(now.pair, then, now, around))
    return tuple(found)


def net_change(pair: Pair, then: Statement | None, now: Statement | None, around: Circumstances) -> NetChange:
    """Return the difference between the statements in effect on two days; `around` is what holds on the second."""
    issue, party = pair
    return NetChange(
        issue=issue,
        party=party,
        from_value=then.value if then else None,
        to_value=now.value if now else None,
        from_attribution=then.attribution if then else None,
        to_attribution=now.attribution if now else None,
        from_reworded=then is not None and around.is_reworded(issue, then.on),
        reworded=now is not None and around.is_reworded(issue, now.on),
        from_standing=then.standing if then else None,
        to_standing=now.standing if now else None,
    )


def collect_conditions(pairs: StatementsByPair) -> dict[str, tuple[str, ...]]:
    """Return the conditions that statements state, by event id, without statements that mention none."""
    statements = (statement for timeline in pairs.values() for statement in timeline)
    return {statement.event_id: statement.conditions for statement in statements if statement.conditions is not None}


def change_of(statement: Statement, before: HeldBefore | None, in_force: InForce, around: Circumstances) -> Change:
    """Return a statement's effect on what was held before (None if nothing was) and on what was then in force."""
    return Change(
        party=statement.party,
        issue=statement.issue,
        on=statement.on,
        stated_on=statement.stated_on,
        kind=kind_of(before.value if before else None, statement.value, in_force, in_force.after(statement)),
        to_value=statement.value,
        event_id=statement.event_id,
        summary=statement.summary,
        quote=statement.quote,
        source=statement.source,
        speaker=statement.speaker,
        standing=statement.standing,
        attribution=statement.attribution,
        position=statement.position,
        on_behalf_of=statement.on_behalf_of,
        ascribed_by=statement.ascribed_by,
        reworded=around.is_reworded(statement.issue, statement.on),
        **from_fields(before, statement.issue, statement.on, around),
        unit=around.unit_of(statement.issue),
        choice=around.choice_of(statement.issue),
        statement=statement,
        lapsed=in_force.lapsed_by(statement) if before and before.value != statement.value else NOTHING_IN_FORCE,
        own=around.is_own(statement.issue),
    )


def from_fields(before: HeldBefore | None, issue: str, on: date, around: Circumstances) -> Mapping[str, Any]:
    """Return the fields of a step on a day that say what was held before it."""
    if before is None:
        return _FROM_NOTHING
    is_position = before.value is not WITHDRAWN
    return {
        "from_value": before.value,
        "from_attribution": before.attribution,
        "from_standing": before.standing,
        "from_reworded": around.is_reworded(issue, before.on, up_to=on),
        "from_government_since": around.government_since(before.party, before.on, up_to=on) if is_position else None,
        "from_outdated": around.is_reworded(issue, before.on),
        "from_converted": before.converted,
    }


_FROM_NOTHING = {"from_value": None, "from_attribution": None, "from_standing": None, "from_reworded": False}


def government_after(statement: Statement, around: Circumstances) -> date | None:
    """Return the day of a new government that a party got after it stated a stance; None after a withdrawal."""
    return None if statement.value is WITHDRAWN else around.government_since(statement.party, statement.on)


def kind_of(before: Value | None, value: Value, in_force: InForce, now: InForce) -> Kind:
    """Return the effect of a value on the one before it, and of what is now in force on what was."""
    match before, value:
        case _, Withdrawn():
            return Kind.WITHDRAWN
        case None | Withdrawn(), _:
            return Kind.NEW
        case _ if before == value:
            return Kind.AMENDED if now.differs(in_force) else Kind.REAFFIRMED
        case Stance(), Stance():
            return _movement(before, value)
        case Amount(), Amount():
            return _COURSES[course(before, value)]
        case NoFigure(), _:
            return Kind.NAMED
        case _, NoFigure():
            return Kind.UNNAMED
        case _:  # a stance beside an amount: no log holds both on one issue, as its form never changes
            return Kind.NEW


def _movement(before: Stance, stance: Stance) -> Kind:
    if {before.is_for, stance.is_for} == {True, False}:
        return Kind.REVERSED
    return Kind.TOWARDS if stance.degree > before.degree else Kind.AWAY


_COURSES = {one: Kind(one.value) for one in Course}

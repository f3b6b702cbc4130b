"""The moves of parties that take positions from their blocs: `changes` and `net` with inheritance (DESIGN section 6).

An issue is walked through once for every party on it (see `turns`). The kind of a step follows from the stance in
effect before it, whosever that was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.domain.answers.changes import (
    Change,
    HeldBefore,
    Inheritance,
    Kind,
    NetChange,
    change_of,
    from_fields,
    government_after,
    kind_of,
    net_change,
)
from tracker.domain.log.events import MembershipEnded, MembershipStarted
from tracker.domain.report.context import occurrence_text
from tracker.domain.terms.vocabulary import Because
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.inheritance import HeldPosition, OnOptions, Turn, timelines_beside, turns_on_issue
from tracker.domain.timeline.memberships import BlocsOverTime
from tracker.domain.timeline.order import Timeline
from tracker.domain.timeline.statement import NOTHING_IN_FORCE, WITHDRAWN, Pair, Statement


class PairTurns(NamedTuple):
    """The turns of a party on an issue, in order."""

    party: str
    issue: str
    turns: Sequence[Turn]

    @property
    def pair(self) -> Pair:
        """The issue and the party."""
        return self.issue, self.party

    def held_on(self, on: date) -> HeldPosition | None:
        """Return the position in effect on a day (inclusive), which may be a bloc's; None if nothing is."""
        last = next((turn for turn in reversed(self.turns) if turn.on <= on), None)
        return last.after if last else None


def turns_by_pair(
    pairs: Iterable[tuple[str, Mapping[str, Timeline]]],
    blocs: BlocsOverTime,
    *,
    up_to: date,
    around: Circumstances,
    on_options: OnOptions,
) -> Iterator[PairTurns]:
    """Yield the turns up to a day (inclusive) of every party on each issue; there is no party without a turn.

    `pairs` are the issues, each with its timelines by party; `on_options` has those of members on the options of
    choices. `around` is what holds on that day.
    """
    for issue, timelines in pairs:
        passing = BlocsOverTime() if around.is_own(issue) else blocs
        for party, found in turns_on_issue(timelines, passing, timelines_beside(issue, on_options, around)):
            if taken := [turn for turn in found if turn.on <= up_to]:
                yield PairTurns(party, issue, taken)


def inherited_changes(pair: PairTurns, around: Circumstances, *, after: date | None = None) -> Iterator[Change]:
    """Yield the changes of a pair after a day (all by default); `around` is what holds on the last day."""
    for turn in pair.turns:
        if after is None or turn.on > after:
            change, held = _change(pair, turn, around), turn.after.statement if turn.after else None
            since = government_after(held, around) if held and turn is pair.turns[-1] else None
            yield change._replace(government_since=since) if since else change


def inherited_net(pair: PairTurns, around: Circumstances, *, after: date, up_to: date) -> NetChange | None:
    """Return the difference of a pair's stances in effect on two days; None if there is none."""
    then, now = (held.statement if (held := pair.held_on(day)) else None for day in (after, up_to))
    if (then.value if then else WITHDRAWN) == (now.value if now else WITHDRAWN):
        return None
    net = net_change(pair.pair, then, now, around)
    return net._replace(blocs=(bloc_of(pair.party, then), bloc_of(pair.party, now)))


def bloc_of(party: str, held: Statement | None) -> str | None:
    """Return the bloc from which a party takes the stance that it holds; None if it is its own, or it holds none."""
    if held is None or held.value is WITHDRAWN or held.party == party:
        return None
    return held.party


def _change(pair: PairTurns, turn: Turn, around: Circumstances) -> Change:
    before = HeldBefore.of(turn.before.statement) if turn.before else None
    held_before = from_fields(before, pair.issue, turn.on, around)
    if turn.statement is None:
        return _lost(pair, turn, held_before, around)
    return _taken(pair, turn, turn.statement, around)._replace(**held_before)


def _taken(pair: PairTurns, turn: Turn, statement: Statement, around: Circumstances) -> Change:
    """Return the step to a position of the party or of a bloc, or to its withdrawal."""
    before, held = turn.before, turn.after if turn.after and turn.after.statement is statement else None
    kind = kind_of(
        before.value if before else None,
        statement.value,
        before.in_force if before else NOTHING_IN_FORCE,
        held.in_force if held else before.in_force if before else NOTHING_IN_FORCE,
    )
    inheritance = _inheritance(pair, turn, statement.party, held)
    own = change_of(statement, None, NOTHING_IN_FORCE, around)
    restated = before is not None and before.statement.party == statement.party and before.value != statement.value
    lapsed = before.in_force.lapsed_by(statement) if before and restated else NOTHING_IN_FORCE
    return own._replace(party=pair.party, on=turn.on, kind=kind, inheritance=inheritance, lapsed=lapsed)


def _lost(pair: PairTurns, turn: Turn, held_before: Mapping[str, Any], around: Circumstances) -> Change:
    """Return the step by which a party loses its bloc's stance, and is left with none.

    It left the bloc, or stated a position of its own on another option of the same choice.
    """
    event_id, position, source, summary = _reason(turn.of)
    return Change(
        party=pair.party,
        issue=pair.issue,
        on=turn.on,
        stated_on=turn.on.isoformat(),
        kind=Kind.LOST,
        to_value=None,
        event_id=event_id,
        summary=summary,
        quote=None,
        source=source,
        speaker=None,
        standing=None,
        attribution=None,
        position=position,
        on_behalf_of=(),
        ascribed_by=None,
        reworded=False,
        **held_before,
        inheritance=_inheritance(pair, turn, pair.party, None),
        unit=around.unit_of(pair.issue),
        own=around.is_own(pair.issue),
        choice=around.choice_of(pair.issue),
    )


def _inheritance(pair: PairTurns, turn: Turn, holder: str, held: HeldPosition | None) -> Inheritance:
    of, is_stated = turn.of, turn.because is Because.STATED
    conditions = held.statement.conditions if held and is_stated else held.in_force.conditions or None if held else None
    return Inheritance(
        inherited_from=None if holder == pair.party else holder,
        from_inherited_from=bloc_of(pair.party, turn.before.statement if turn.before else None),
        because=turn.because,
        because_of=of.event_id if isinstance(of, Statement) else of.entry.id,
        member_since=turn.since,
        member_until=turn.until,
        cause="" if is_stated or holder == pair.party else _cause(pair, of),
        shown_conditions=conditions,
        taken_stated=of.stated_on if isinstance(of, Statement) else _membership(of)[0].on,
        through=turn.through,
    )


def _reason(of: Statement | Version) -> tuple[str, int, str | None, str]:
    """Return the id, the log position, the source and the words of what made a party lose its bloc's stance."""
    if isinstance(of, Statement):
        return of.event_id, of.position, of.source, f"{of.party} stated a position of its own on {of.issue}"
    event, entry = _membership(of)
    return entry.entry.id, entry.entry.position, event.source, occurrence_text(event)


def _cause(pair: PairTurns, of: Statement | Version) -> str:
    """Return in words what made a party take another position than before."""
    if isinstance(of, Statement):
        own = "withdrew its own" if of.issue == pair.issue else f"withdrew its own on {of.issue}"
        return own if of.party == pair.party else f"{of.party} withdrew"
    return occurrence_text(_membership(of)[0]).removeprefix(f"{pair.party} ")


def _membership(of: Statement | Version) -> tuple[MembershipStarted | MembershipEnded, Version]:
    assert isinstance(of, Version)
    assert isinstance(of.event, MembershipStarted | MembershipEnded)
    return of.event, of

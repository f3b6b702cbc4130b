"""The positions that members take from their blocs: on a day, and over time (DESIGN section 6).

A party takes nothing from the blocs whose positions it left, nor through them, until it states a position of its own.
On the options of a choice it takes nothing while it holds a stance of its own on any of them, and nobody takes anything
where each party answers for itself. `agreement/bloc_holdings.py` takes positions for consensus by the same rule.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from tracker.domain.log.events import MembershipStarted
from tracker.domain.terms.dates import WrittenDay
from tracker.domain.terms.vocabulary import Because
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.contests import differ
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.memberships import (
    BlocsFromDay,
    BlocsOverTime,
    Memberships,
    blocs_between,
    blocs_of,
)
from tracker.domain.timeline.order import Timeline, in_order, place_of
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import NOTHING_IN_FORCE, WITHDRAWN, InForce, Pair, Statement, Value, Withdrawn


def inherit_stances(cells: Sequence[Cell], members: Memberships, around: Circumstances) -> list[Cell]:
    """Fill the state: members without a stance, or with a withdrawn one, take that of their nearest blocs.

    These are the blocs at the smallest number of steps at which any has a stance of its own. Of several the one that
    stated last is shown; the cell is contested if another one differs, or if the bloc's own cell is contested. The
    cells include those of a member on all options of a choice.
    """
    by_pair = {(cell.row.issue, cell.row.party): cell for cell in cells}
    found = dict(by_pair)
    holding = {pair: cell for pair, cell in by_pair.items() if not isinstance(cell.row.value, Withdrawn)}
    choosing = {(choice, party) for issue, party in holding if (choice := around.choice_of(issue)) is not None}
    ways = {member: _Ways(member, members) for member in members}
    for issue in {issue for issue, _ in holding if not around.is_own(issue)}:
        choice = around.choice_of(issue)
        for member, its_ways in ways.items():
            if (issue, member) in holding or (choice, member) in choosing:
                continue
            own = by_pair.get((issue, member))
            left = own.left_blocs if own else ()
            its_blocs = its_ways.without(left) if left else its_ways
            for level in its_blocs.levels:
                if blocs := [(holding[issue, bloc], day) for bloc, day in level.items() if (issue, bloc) in holding]:
                    cell = _inherited(member, blocs)
                    through = its_blocs.through.get(cell.statement.party)
                    ended = around.successions.get(member)
                    found[issue, member] = cell._replace(through=through, left_blocs=left, succession=ended)
                    break
    return [found[pair] for pair in sorted(found)]


class _Ways:
    """The ways from a member to its blocs on a day, the nearest first, but for some blocs and what lies beyond them."""

    def __init__(self, member: str, members: Memberships, without: Collection[str] = ()) -> None:
        self._member = member
        self._members = members
        self.levels = list(blocs_of(member, members, without=without))
        self.through = blocs_between(self.levels, members)

    def without(self, blocs: Collection[str]) -> "_Ways":
        return _Ways(self._member, self._members, blocs)


def _inherited(member: str, blocs: Sequence[tuple[Cell, date]]) -> Cell:
    cell, joined = max(blocs, key=lambda bloc: place_of(bloc[0].statement))
    differing = tuple(other.statement for other, _ in blocs if differ(other.row.value, cell.row.value))
    since, since_stated = max((cell.row.since, cell.since_stated), (joined, str(joined)), key=itemgetter(0))
    row = cell.row._replace(party=member, since=since, contested=cell.row.contested or bool(differing))
    contested_by = (*cell.contested_by, *differing)
    return cell._replace(row=row, since_stated=since_stated, contested_by=contested_by, inherited_from=cell.row.party)


# --- over time ------------------------------------------------------------------------------------


class HeldPosition(NamedTuple):
    """A position that a party holds, of its own or its bloc's, with what is in force."""

    statement: Statement
    in_force: InForce

    @property
    def value(self) -> Value:
        """The stance, or that it was withdrawn."""
        return self.statement.value

    @property
    def has_stance(self) -> bool:
        """Whether it is a stance."""
        return self.value is not WITHDRAWN


class Turn(NamedTuple):
    """A point at which a party stated something itself, or at which the position that it takes from a bloc changed.

    `before` and `after` are what it held right before and from then on: a stance of its own or a bloc's, else its own
    withdrawal, else None. `of` is the statement or the change of membership that brought it about. `since` is the day
    from which the party belongs to the bloc whose position it takes, or loses as the bloc withdraws it, and `until` the
    last such day, None if that lies after the days asked about. `through` is the member of that bloc through which the
    party belongs to it, None if it is a member itself. `is_beside` says that `of` is a statement of the party on
    another option of the same choice.
    """

    on: date
    before: HeldPosition | None
    after: HeldPosition | None
    because: Because
    of: Statement | Version
    since: date | None
    until: date | None
    through: str | None = None
    is_beside: bool = False

    @property
    def statement(self) -> Statement | None:
        """The position that is taken or withdrawn; None where the party lost its bloc's."""
        if self.after is not None and self.after.has_stance:
            return self.after.statement
        return self.of if isinstance(self.of, Statement) and not self.is_beside else None


def turns(
    party: str,
    own: Timeline,
    of_blocs: Iterable[Timeline],
    blocs: Sequence[BlocsFromDay],
    *,
    beside: Sequence[Timeline] = (),
) -> Iterator[Turn]:
    """Yield the turns of a party on one issue, in order.

    It holds a stance of its own or, without one, that of its nearest blocs that stated last (see `inherit_stances`).
    `of_blocs` has the timelines of all blocs that it ever belonged to, `blocs` these blocs over time, and `beside` has
    its own on the other options of a choice. All memberships of a day change at its beginning; after that, statements
    follow in the order of a timeline. Where only the part of a timeline after a day is given, with the statement in
    effect on that day (see `timelines.window`), the turns after it are right.
    """
    walk = _Walk(party, blocs)
    others = {one.issue for timeline in beside for one in timeline}
    statements = in_order(one for timeline in (own, *of_blocs, *beside) for one in timeline)
    points: list[BlocsFromDay | Statement] = sorted([*blocs, *statements], key=attrgetter("on"))
    for on, of_day in groupby(points, key=attrgetter("on")):
        some = list(of_day)
        yield from walk.change_blocs(on, [one for one in some if isinstance(one, BlocsFromDay)])
        for one in some:
            if isinstance(one, Statement):
                yield from walk.state_beside(one) if one.issue in others else walk.state(one)


def turns_on_issue(
    timelines: Mapping[str, Timeline], blocs: BlocsOverTime, beside: Mapping[str, Sequence[Timeline]]
) -> Iterator[tuple[str, Iterator[Turn]]]:
    """Yield every party that ever held something on an issue, in order, with its turns.

    `timelines` are by party, and so are those `beside`, on the other options of a choice.
    """
    members = (member for member, above in blocs.ever.items() if not above.isdisjoint(timelines))
    for party in sorted({*timelines, *members}):
        above = [timelines[bloc] for bloc in blocs.ever.get(party, ()) if bloc in timelines]
        own, its_blocs = timelines.get(party, ()), blocs.by_member.get(party, ())
        yield party, turns(party, own, above, its_blocs, beside=beside.get(party, ()))


OnOptions = Mapping[str, Mapping[str, Sequence[Timeline]]]
"""The timelines on the options of choices: by choice, then by party."""


def by_choice(timelines: Mapping[Pair, Timeline], around: Circumstances) -> OnOptions:
    """Return the timelines on options of choices, by choice and party."""
    found: dict[str, dict[str, list[Timeline]]] = {}
    for (issue, party), timeline in timelines.items():
        if (choice := around.choice_of(issue)) is not None:
            found.setdefault(choice, {}).setdefault(party, []).append(timeline)
    return found


def timelines_beside(issue: str, on_options: OnOptions, around: Circumstances) -> dict[str, list[Timeline]]:
    """Return by party the timelines on the other options of the choice that an issue is an option of."""
    by_party = on_options.get(around.choice_of(issue) or "", {})
    return {party: [one for one in some if one[0].issue != issue] for party, some in by_party.items()}


class _Walk:
    """A party's position while its history is walked through: what it and its blocs hold, and who these are."""

    def __init__(self, party: str, blocs: Sequence[BlocsFromDay]) -> None:
        self._party = party
        self._blocs = blocs
        self._all_now: BlocsFromDay | None = None
        self._now: BlocsFromDay | None = None
        self._left: tuple[str, ...] = ()
        self._held: dict[str, HeldPosition] = {}
        self._beside: dict[str, Statement] = {}
        self._shown: HeldPosition | None = None

    def state(self, statement: Statement) -> Iterator[Turn]:
        """Take one statement of the party or of a bloc."""
        before = self._held.get(statement.party)
        in_force = before.in_force if before and before.value == statement.value else NOTHING_IN_FORCE
        stated = HeldPosition(statement, in_force.after(statement))
        self._held[statement.party] = stated
        if statement.party == self._party:
            self._leave(statement)
            yield self._turn(statement.on, stated, Because.STATED, statement)
        now = self._in_effect()
        if not _is_same(now, self._shown):
            because = Because.STATED if now is stated or now is None or not now.has_stance else Because.WITHDRAWN
            yield self._turn(statement.on, now, because, statement)

    def state_beside(self, statement: Statement) -> Iterator[Turn]:
        """Take one statement of the party on another option of the same choice."""
        self._beside[statement.issue] = statement
        now = self._in_effect()
        if not _is_same(now, self._shown):
            because = Because.WITHDRAWN if statement.value is WITHDRAWN else Because.STATED
            yield self._turn(statement.on, now, because, statement)._replace(is_beside=True)

    def _leave(self, statement: Statement) -> None:
        """Note the blocs whose positions the party left since it last stated one of its own."""
        if statement.value is not WITHDRAWN:
            self._left = ()
        elif (bloc := statement.details.leaves_position_of) is not None:
            self._left = (*self._left, bloc)
        self._choose_blocs(self._all_now)

    def _choose_blocs(self, now: BlocsFromDay | None) -> None:
        self._all_now = now
        self._now = now and now.without(self._party, self._left)

    def change_blocs(self, on: date, changed: Iterable[BlocsFromDay]) -> Iterator[Turn]:
        """Take all changes of the party's blocs on a day; the last that changed what it holds stands for them."""
        seen, last = self._shown, None
        for blocs in changed:
            self._choose_blocs(blocs)
            now = self._in_effect()
            if not _is_same(now, seen):
                seen, last = now, blocs.change
        if last is not None and not _is_same(seen, self._shown):
            because = Because.JOINED if isinstance(last.event, MembershipStarted) else Because.LEFT
            yield self._turn(on, seen, because, last)

    def _in_effect(self) -> HeldPosition | None:
        """Return the stance of the party or of its nearest blocs with one, else its own withdrawal, else None."""
        own = self._held.get(self._party)
        if own is not None and own.has_stance:
            return own
        if any(one.value is not WITHDRAWN for one in self._beside.values()):
            return own
        for level in self._now.levels if self._now else ():
            if holding := [held for bloc in level if (held := self._held.get(bloc)) and held.has_stance]:
                return max(holding, key=lambda held: place_of(held.statement))
        return own

    def _turn(self, on: date, after: HeldPosition | None, because: Because, of: Statement | Version) -> Turn:
        before, self._shown = self._shown, after
        turn = Turn(on, before, after, because, of, None, None)
        bloc = turn.statement.party if turn.statement else self._party
        if bloc == self._party or self._now is None:
            return turn
        return turn._replace(
            since=self._now.joined[bloc], until=self._last_day(bloc, on), through=self._now.through.get(bloc)
        )

    def _last_day(self, bloc: str, on: date) -> date | None:
        """Return the last day from one on that the party belongs to a bloc without a break; None if there is no end.

        It reads as the month or the year in which the party left, where no day is named.
        """
        at_the_end = {one.on: one.without(self._party, self._left) for one in self._blocs if one.on > on}
        left = next((day for day, one in at_the_end.items() if bloc not in one.joined), None)
        if left is None:
            return None
        last = left - timedelta(1)
        return WrittenDay.of(last, left.written) if isinstance(left, WrittenDay) else last


def _is_same(one: HeldPosition | None, other: HeldPosition | None) -> bool:
    """Return whether both are the stance of one statement, or no stance."""
    if one is None or other is None or not (one.has_stance and other.has_stance):
        return not any(held is not None and held.has_stance for held in (one, other))
    return one.statement is other.statement

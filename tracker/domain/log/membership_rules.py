"""The rules of memberships: who may join and leave which bloc, and when (DESIGN section 6, Memberships).

Two rules judge one entry by itself; the others judge what all entries about a member and a bloc say together.
"""

from collections.abc import Container, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple, Protocol

from tracker.domain.log.events import Event, MembershipEnded, MembershipStarted, PartyRegistered
from tracker.domain.terms.vocabulary import PartyKind
from tracker.errors import (
    JoinsInACircle,
    JoinsItself,
    JoinsTwice,
    LeavesUnjoined,
    MembershipAhead,
    NotABloc,
    RepeatsMembership,
    StillHasMembers,
    TrackerError,
)

BLOC_KINDS = frozenset({PartyKind.BLOC, PartyKind.ORGANISATION, PartyKind.DELEGATION, PartyKind.FORUM})
"""The kinds of parties that have members."""

MembershipEvent = MembershipStarted | MembershipEnded
MemberOf = tuple[str, str]
"""A member's code, and its bloc's."""


class MembershipView(Protocol):
    """The lookups in the log that the rules about one entry need."""

    def party_kind(self, party: str) -> PartyKind | None:
        """Return the kind of a registered party."""

    def find_member(self, bloc: str) -> str | None:
        """Return a party that is on record as having joined a bloc, if there is one."""


# --- one entry ------------------------------------------------------------------------------------


def judge_membership(event: MembershipEvent, *, last_day: date, log: MembershipView) -> Iterator[TrackerError]:
    """Yield a refusal for every rule that a membership breaks by itself; `last_day` is the last it may begin or end."""
    if event.day > last_day:
        yield MembershipAhead(event.day, last_day)
    if isinstance(event, MembershipStarted):
        kind = log.party_kind(event.bloc)
        if event.party == event.bloc:
            yield JoinsItself(event.party)
        elif kind is not None and kind not in BLOC_KINDS:
            yield NotABloc(event.bloc, kind)


def judge_kind(event: PartyRegistered, *, log: MembershipView) -> Iterator[TrackerError]:
    """Yield a refusal if a corrected registration makes a party with members one that cannot have any."""
    if event.kind not in BLOC_KINDS and (member := log.find_member(event.party)) is not None:
        yield StillHasMembers(event.party, event.kind, member)


# --- all entries about a member and a bloc ----------------------------------------------------------


class Step(NamedTuple):
    """One entry about a member and a bloc: it joins on a day, or is no member from that day on. Steps have an order.

    `position` is that of the version that counts.
    """

    on: date
    rank: int
    joins: bool
    event_id: str
    position: int


class Stay(NamedTuple):
    """An unbroken membership, from the day of joining to the day before `until`."""

    since: date
    until: date
    step: Step


class Problem(NamedTuple):
    """A rule that one entry breaks beside the others, perhaps beside one `other` that does not go with it."""

    step: Step
    refusal: TrackerError
    other: Step | None = None


class MembershipTimelines:
    """The counting entries about each member and bloc, in the order of their days and ranks."""

    def __init__(self) -> None:
        self._steps: dict[MemberOf, dict[int, Step]] = {}
        self._blocs: dict[str, set[str]] = {}

    def put(self, event: MembershipEvent, rank: int, event_id: str, position: int) -> None:
        """Add an entry that counts."""
        step = Step(event.day, rank, isinstance(event, MembershipStarted), event_id, position)
        self._steps.setdefault((event.party, event.bloc), {})[rank] = step
        self._blocs.setdefault(event.party, set()).add(event.bloc)

    def drop(self, event: MembershipEvent, rank: int) -> None:
        """Take out an entry that counts no longer."""
        self._steps[event.party, event.bloc].pop(rank)

    def find_member(self, bloc: str) -> str | None:
        """Return a party that ever joined a bloc, if there is one."""
        joined = (member for (member, of), steps in self._steps.items() if of == bloc and steps)
        return min(joined, default=None)

    def problems(self, pair: MemberOf) -> Iterator[Problem]:
        """Yield each rule that an entry about a member and a bloc breaks beside the others."""
        member, bloc = pair
        last: Step | None = None
        for step in self._ordered(pair):
            if last is not None and (step.on, step.joins) == (last.on, last.joins):
                continue  # says the same
            if step.joins and last is not None and last.joins:
                yield Problem(step, JoinsTwice(member, bloc, step.on, last.on), last)
            elif not step.joins and (last is None or not last.joins):
                yield Problem(step, LeavesUnjoined(member, bloc, step.on, last.on if last else None), last)
            else:
                last = step
        if member == bloc:
            return
        for stay in self._stays(pair):
            if way := self._find_way(bloc, member, stay.since, stay.until):
                yield Problem(stay.step, JoinsInACircle((member, bloc, *way)))

    def repetitions(self, pair: MemberOf) -> Iterator[Problem]:
        """Yield a note for each entry about a member and a bloc that says the same as the one before it."""
        member, bloc = pair
        for first, step in pairwise(self._ordered(pair)):
            if (step.on, step.joins) == (first.on, first.joins):
                verb = "joins" if step.joins else "leaves"
                yield Problem(step, RepeatsMembership(member, verb, bloc, step.on, first.rank))

    def _ordered(self, pair: MemberOf) -> list[Step]:
        return sorted(self._steps.get(pair, {}).values())

    def _stays(self, pair: MemberOf) -> Iterator[Stay]:
        began: Step | None = None
        for step in self._ordered(pair):
            if step.joins:
                began = began or step
            elif began is not None:
                yield Stay(began.on, step.on, began)
                began = None
        if began is not None:
            yield Stay(began.on, date.max, began)

    def _find_way(self, start: str, to: str, since: date, until: date) -> tuple[str, ...]:
        """Return the blocs through which a party belongs to another on one of these days; empty if it does not."""
        ways: list[tuple[tuple[str, ...], date, date]] = [((start,), since, until)]
        seen = {(start, since, until)}
        while ways:
            way, first, end = ways.pop()
            for bloc in sorted(self._blocs.get(way[-1], set()) - {way[-1]}):
                for stay in self._stays((way[-1], bloc)):
                    common = max(first, stay.since), min(end, stay.until)
                    if common[0] >= common[1] or (bloc, *common) in seen:
                        continue
                    if bloc == to:
                        return (*way[1:], bloc)
                    seen.add((bloc, *common))
                    ways.append(((*way, bloc), *common))
        return ()


class BrokenMembership(NamedTuple):
    """An entry, and the rule of memberships that it breaks beside the other entries.

    What is not `judged` is only noted: an entry that was accepted before, or one that says what is on record.
    """

    event_id: str
    refusal: TrackerError
    judged: bool


class MembershipReview:
    """What the entries of one transaction do to the memberships on record.

    Entries that belong together (a correction and what it makes room for, joining and leaving long ago) are judged
    together: by `settle`, which also says nothing about rules that were broken before.
    """

    def __init__(self, timelines: MembershipTimelines) -> None:
        self.timelines = timelines
        self._before: dict[MemberOf, set[str]] = {}
        self._touched: dict[MemberOf, dict[str, bool]] = {}

    def replace(
        self, old: Event | None, new: Event | None, *, rank: int, event_id: str, position: int, judged: bool
    ) -> None:
        """Let an entry at a position count, perhaps in place of what it corrects or retracts."""
        for event in (old, new):
            if isinstance(event, MembershipEvent):
                pair = event.party, event.bloc
                if pair not in self._before:
                    self._before[pair] = {str(problem.refusal) for problem in self._found(pair)}
                self._touched.setdefault(pair, {})[event_id] = judged
        if isinstance(old, MembershipEvent):
            self.timelines.drop(old, rank)
        if isinstance(new, MembershipEvent):
            self.timelines.put(new, rank, event_id, position)

    def settle(self) -> list[BrokenMembership]:
        """Return the rules broken since the last time, each with the entry that breaks it."""
        found = [broken for pair in self._touched for broken in self._broken(pair)]
        self._before, self._touched = {}, {}
        circles = {frozenset(one.refusal.way): one for one in found if isinstance(one.refusal, JoinsInACircle)}
        return [one for one in found if not isinstance(one.refusal, JoinsInACircle)] + list(circles.values())

    def _broken(self, pair: MemberOf) -> Iterable[BrokenMembership]:
        touching = self._touched[pair]
        for step, problem, other in self._found(pair):
            if str(problem) not in self._before[pair]:
                event_id = step.event_id if step.event_id in touching else next(reversed(touching))
                judged = touching[event_id] and not isinstance(problem, RepeatsMembership)
                if isinstance(problem, JoinsTwice | LeavesUnjoined) and other is not None:
                    problem.on_record = _one_on_record(step, other, touching)
                yield BrokenMembership(event_id, problem, judged)

    def _found(self, pair: MemberOf) -> Iterator[Problem]:
        yield from self.timelines.problems(pair)
        yield from self.timelines.repetitions(pair)


def _one_on_record(step: Step, other: Step, touching: Container[str]) -> tuple[int, date] | None:
    """Return the position of the one of two entries that was on record before, and the day of the one that is new."""
    old = [one for one in (step, other) if one.event_id not in touching]
    new = [one for one in (step, other) if one.event_id in touching]
    return (old[0].position, new[0].on) if old and new else None

"""Who speaks for a party that was asked: the party itself, and the blocs to which it belongs on that day.

A party answers for itself where each does, and takes no answer from a bloc whose position it left on an issue.
`asks.py` beside it pairs each ask with what these say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.memberships import BlocsOverTime, stays_of
from tracker.domain.timeline.order import Timeline, place_of
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement

FindBetween = Callable[[Statement, str, date, date], Iterable[Statement]]
"""Finds what a party stated after an ask between two days (inclusive): all of it, or what may be the answer."""


class Answering(Protocol):
    """Who answers for whom."""

    def find(self, ask: Statement, party: str) -> Iterable[Statement]:
        """Return visible statements that answer an ask for a party: all of them, or those that may be the answer."""

    def speaks_for(self, party: str, statement: Statement) -> bool:
        """Return whether a statement answers for a party."""


class OwnAnswers(NamedTuple):
    """Each party answers for itself."""

    find_between: FindBetween

    def find(self, ask: Statement, party: str) -> Iterable[Statement]:
        """Return what the party stated itself."""
        return self.find_between(ask, party, date.min, date.max)

    def speaks_for(self, party: str, statement: Statement) -> bool:
        """Return whether the statement is the party's own."""
        return statement.party == party


class BlocAnswers(NamedTuple):
    """Blocs answer for their members too.

    `find_all` finds all that a party stated. `leaving` has the timelines of those who ever left their bloc's position
    on an issue.
    """

    find_between: FindBetween
    find_all: FindBetween
    blocs: BlocsOverTime
    leaving: Mapping[Pair, Timeline]
    around: Circumstances

    def find(self, ask: Statement, party: str) -> Iterator[Statement]:
        """Yield what the party and its blocs stated while they answered for it."""
        yield from self.find_between(ask, party, date.min, date.max)
        has_left = any(pair[1] == party for pair in self.leaving)
        find = self.find_all if has_left else self.find_between
        for stay in stays_of(party, self.blocs):
            if stay.last >= ask.on:
                for statement in find(ask, stay.bloc, stay.first, stay.last):
                    if not self.around.is_own(statement.issue) and self._takes(party, statement):
                        yield statement

    def speaks_for(self, party: str, statement: Statement) -> bool:
        """Return whether the statement is the party's own, or that of a bloc which answers for it."""
        if statement.party == party:
            return True
        blocs = self.blocs.on(party, statement.on)
        is_member = blocs is not None and statement.party in blocs.joined
        return is_member and not self.around.is_own(statement.issue) and self._takes(party, statement)

    def _takes(self, party: str, statement: Statement) -> bool:
        """Return whether a member had not left the position of the bloc, or of all on the way to it, as that spoke."""
        if (timeline := self.leaving.get((statement.issue, party))) is None:
            return True
        left = left_blocs(one for one in timeline if place_of(one) < place_of(statement))
        blocs = self.blocs.on(party, statement.on)
        return blocs is not None and statement.party in blocs.without(party, left).joined


def left_blocs(said: Iterable[Statement]) -> tuple[str, ...]:
    """Return the blocs whose positions a party left on an issue by what it said, in order, since its last statement."""
    left: tuple[str, ...] = ()
    for one in said:
        bloc = one.details.leaves_position_of
        left = (*left, bloc) if bloc is not None else left if one.value is WITHDRAWN else ()
    return left

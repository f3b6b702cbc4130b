"""What statements did to the gaps on quantities (DESIGN section 16: the highest `at_least` less the lowest `at_most`).

Positions that members take from their blocs are those of the blocs, so that a gap is the same with them and without.
"""

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain, groupby
from typing import NamedTuple

from tracker.domain.terms.amounts import Amount, difference
from tracker.domain.timeline.order import Timeline, last_on, place_of
from tracker.domain.timeline.statement import Pair, Statement


class GapMove(NamedTuple):
    """The gap right before and after a statement, None where the amounts share a number or have no end that limits.

    A joint statement moves it as one: each of its statements has the move, with the id of the `first` of them and all
    their `parties`.
    """

    before: Decimal | None
    after: Decimal | None
    unit: str | None
    first: str = ""
    parties: tuple[str, ...] = ()


class Gaps:
    """The gaps on quantities, as statements between two days moved them: worked out when they are looked up.

    `timelines` are those of all parties on these issues (see `timelines.window_on_issues`).
    """

    def __init__(
        self, timelines: Mapping[Pair, Timeline] | None = None, *, after: date = date.min, units: Mapping[str, str] = {}
    ) -> None:
        self._timelines = timelines or {}
        self._after = after
        self._units = units

    def moved_by(self, event_ids: Iterable[str]) -> Mapping[str, GapMove]:
        """Return what these entries did to the gaps, if anything; of a joint statement at the first of them alone."""
        found: dict[str, GapMove] = {}
        told: set[str] = set()
        for event_id in event_ids:
            move = self._moves.get(event_id)
            if move is not None and move.first not in told:
                told.add(move.first)
                found[event_id] = move
        return found

    @cached_property
    def _moves(self) -> Mapping[str, GapMove]:
        by_issue: dict[str, list[Timeline]] = {}
        for (issue, _), timeline in self._timelines.items():
            by_issue.setdefault(issue, []).append(timeline)
        found = (gap_moves(some, after=self._after, unit=self._units.get(issue)) for issue, some in by_issue.items())
        return dict(chain.from_iterable(found))


def gap_moves(of_issue: Sequence[Timeline], *, after: date, unit: str | None = None) -> Iterator[tuple[str, GapMove]]:
    """Yield for each statement on an issue after a day, by its id, what it did to the gap, in order."""
    held = {one.party: one for timeline in of_issue if (one := last_on(timeline, after)) is not None}
    ends = _Ends(one.amount for one in held.values())
    later = (one for timeline in of_issue for one in timeline if one.on > after)
    for _, some in groupby(sorted(later, key=place_of), key=_made_together):
        statements, before = list(some), ends.gap
        for statement in statements:
            ends.replace(_amount_of(held.get(statement.party)), statement.amount)
            held[statement.party] = statement
        move = GapMove(before, ends.gap, unit, statements[0].event_id, tuple(one.party for one in statements))
        yield from ((statement.event_id, move) for statement in statements)


def _made_together(statement: Statement) -> Hashable:
    """What the statements of parties that made one together have in common; the id of any other."""
    parties = statement.details.joint_with
    return (statement.value, statement.stated_on, parties) if len(parties) > 1 else statement.event_id


def _amount_of(statement: Statement | None) -> Amount | None:
    return statement.amount if statement else None


class _Ends:
    """The ends of the amounts on an issue, in order."""

    def __init__(self, amounts: Iterable[Amount | None]) -> None:
        self._at_least: list[Decimal] = []
        self._at_most: list[Decimal] = []
        for amount in amounts:
            self.replace(None, amount)

    @property
    def gap(self) -> Decimal | None:
        """The highest `at_least` less the lowest `at_most`, if it is above."""
        if not self._at_least or not self._at_most or self._at_least[-1] <= self._at_most[0]:
            return None
        return difference(self._at_least[-1], self._at_most[0])

    def replace(self, old: Amount | None, new: Amount | None) -> None:
        """Put an amount in the place of another."""
        for ends, name in ((self._at_least, "at_least"), (self._at_most, "at_most")):
            if old is not None and (end := getattr(old, name)) is not None:
                del ends[bisect_left(ends, end)]
            if new is not None and (end := getattr(new, name)) is not None:
                insort(ends, end)

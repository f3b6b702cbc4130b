"""The relations of parties on an issue, and their changes between two days: `relations` (DESIGN section 8)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, groupby, islice, product, takewhile
from operator import itemgetter
from typing import NamedTuple, overload

from tracker.domain.answers.sides import Relation, Side, gap_of, relation, side_of
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Attribution, Standing
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.order import Timeline
from tracker.domain.timeline.statement import Pair, Statement


class Holding(NamedTuple):
    """The statement or withdrawal in effect on a day, and whether an amount has conditions in force (of none other)."""

    statement: Statement
    under_conditions: bool = False

    @property
    def side(self) -> Side | None:
        """What its relations depend on."""
        return side_of(self.statement.value, under_conditions=self.under_conditions)


HoldingsOnDay = Mapping[Pair, Holding]
"""What is in effect on a day, by pair."""


class RelationChange(NamedTuple):
    """Two parties, both with a stance on both days, whose relation differs between them.

    The attributions and standings are those of both parties' statements on either day; `reworded` says that one of the
    four answers an earlier wording of the question than that of the last day. The gaps are those of amounts that are
    apart, as text.
    """

    issue: str
    parties: tuple[str, str]
    from_relation: Relation
    to_relation: Relation
    from_attributions: tuple[Attribution, Attribution]
    to_attributions: tuple[Attribution, Attribution]
    reworded: bool
    from_standings: tuple[Standing | None, Standing | None]
    to_standings: tuple[Standing | None, Standing | None]
    from_gap: str | None = None
    to_gap: str | None = None


class RelationShift(NamedTuple):
    """A change of relation with its basis: the statements in effect of both parties on either day.

    If members inherit, a statement may be that of a bloc of the party; parties that take one position on both days have
    no relation. The gaps are those of amounts that are apart, in the issue's unit.
    """

    issue: str
    parties: tuple[str, str]
    one: tuple[Statement, Statement]
    other: tuple[Statement, Statement]
    from_relation: Relation
    to_relation: Relation
    reworded: bool
    from_gap: Decimal | None = None
    to_gap: Decimal | None = None
    unit: str | None = None

    @property
    def change(self) -> RelationChange:
        """The change without the statements."""
        return RelationChange(
            issue=self.issue,
            parties=self.parties,
            from_relation=self.from_relation,
            to_relation=self.to_relation,
            from_attributions=(self.one[0].attribution, self.other[0].attribution),
            to_attributions=(self.one[1].attribution, self.other[1].attribution),
            reworded=self.reworded,
            from_standings=(self.one[0].standing, self.other[0].standing),
            to_standings=(self.one[1].standing, self.other[1].standing),
            from_gap=None if self.from_gap is None else f"{self.from_gap:f}",
            to_gap=None if self.to_gap is None else f"{self.to_gap:f}",
        )

    @property
    def before(self) -> tuple[Statement, Statement]:
        """The statements of both parties on the first day."""
        return self.one[0], self.other[0]

    @property
    def now(self) -> tuple[Statement, Statement]:
        """The statements of both parties on the last day."""
        return self.one[1], self.other[1]

    @property
    def from_blocs(self) -> tuple[str | None, str | None]:
        """The blocs whose stances the parties take on the first day, None for a party's own."""
        return self._blocs(self.before)

    @property
    def to_blocs(self) -> tuple[str | None, str | None]:
        """The same on the last day."""
        return self._blocs(self.now)

    def _blocs(self, held: tuple[Statement, Statement]) -> tuple[str | None, str | None]:
        one, other = (None if by.party == party else by.party for by, party in zip(held, self.parties, strict=True))
        return one, other


def held_on(timeline: Timeline, on: date) -> Holding | None:
    """Return what is in effect on a day (inclusive), or None if nothing was on record by then.

    Of the timeline its part from the last statement that states conditions in the run is enough.
    """
    known = (statement for statement in reversed(timeline) if statement.on <= on)
    if (last := next(known, None)) is None:
        return None
    if last.amount is None:
        return Holding(last)
    run = takewhile(lambda one: one.value == last.value, chain((last,), known))
    return Holding(last, bool(next((one.conditions for one in run if one.conditions is not None), ())))


def held_on_both(steps: Mapping[Pair, Timeline], after: date, up_to: date) -> tuple[HoldingsOnDay, HoldingsOnDay]:
    """Return what is in effect on two days for those who stated something in between (see `timelines.window`)."""
    then, now = ({pair: held_on(taken, day) for pair, taken in steps.items()} for day in (after, up_to))
    return (
        {pair: held for pair, held in then.items() if held is not None},
        {pair: held for pair, held in now.items() if held is not None},
    )


def moved_issues(then: HoldingsOnDay, now: HoldingsOnDay) -> list[str]:
    """Return the issues on which any party, present on both days, changed sides: only there relations change."""
    sides = ((pair[0], held.side, now[pair].side) for pair, held in then.items())
    return sorted({issue for issue, before, after in sides if None not in (before, after) and before != after})


def unmoved(all_held: HoldingsOnDay, now: HoldingsOnDay) -> HoldingsOnDay:
    """Return what is held by those who stated nothing in between; not by neutral ones: their relations are all open."""
    return {pair: held for pair, held in all_held.items() if pair not in now and held.side}


class Relations(Sequence[RelationShift]):
    """Changes of relations, by issue and parties; each is built on access, as there may be very many.

    Equal to any tuple of the same changes.
    """

    def __init__(self, issues: Iterable["_IssueRelations"]) -> None:
        self._issues = tuple(issues)
        self._number = sum(len(others) for one in self._issues for _, others in one.changed_pairs())

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[RelationShift]:
        return chain.from_iterable(one.rows() for one in self._issues)

    @overload
    def __getitem__(self, at: int) -> RelationShift: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[RelationShift, ...]: ...
    def __getitem__(self, at: int | slice) -> RelationShift | tuple[RelationShift, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        return next(islice(self, range(len(self))[at], None))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Relations | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def relation_changes(then: HoldingsOnDay, now: HoldingsOnDay, scope: Scope, around: Circumstances) -> Relations:
    """Return the relations that differ between two days of all that parties hold, by issue, with either in scope.

    `around` is what holds beside positions on the last day. On an issue on which each party answers for itself there
    are no relations.
    """
    on_both = sorted(pair for pair in then if pair in now and not around.is_own(pair[0]))  # mostly sorted already
    return Relations(
        _IssueRelations(issue, {pair[1]: (then[pair], now[pair]) for pair in pairs}, scope, around)
        for issue, pairs in groupby(on_both, key=itemgetter(0))
    )


_Sides = tuple[Side, Side]
"""The sides of a party on the first day and on the last."""
_Relations = tuple[Relation, Relation]
"""The relations of two parties on the first day and on the last."""


class _IssueRelations:
    """The parties with a position on an issue on both days, of those with a statement in effect (`held`), numbered.

    Parties of the same sides on both days have the same relations: groups of them are compared, not all pairs of
    parties.
    """

    def __init__(
        self, issue: str, held: Mapping[str, tuple[Holding, Holding]], scope: Scope, around: Circumstances
    ) -> None:
        self._issue = issue
        self._around = around
        self._scope = scope
        self._parties: list[str] = []
        self._held: list[tuple[Statement, Statement]] = []
        self._sides: list[_Sides] = []
        for party, (before, now) in held.items():
            if (side := before.side) is not None and (side_now := now.side) is not None:
                self._parties.append(party)
                self._held.append((before.statement, now.statement))
                self._sides.append((side, side_now))
        self._is_shared = any(
            by.party != party for party, both in zip(self._parties, self._held, strict=True) for by in both
        )
        groups: dict[_Sides, list[int]] = {}
        for number, sides in enumerate(self._sides):
            groups.setdefault(sides, []).append(number)
        self._partners = {
            one: sorted(chain(*(numbers for other, numbers in groups.items() if _change(one, other) is not None)))
            for one in groups
        }
        """The parties to which the relation of a party of these sides changed."""

    def changed_pairs(self) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield each party with those after it to which its relation changed, if either is in scope."""
        for number, sides in enumerate(self._sides):
            if not (others := self._partners[sides]):
                continue
            following = others[bisect_right(others, number) :]
            if self._scope.parties and not self._is_in_scope(number):
                following = [other for other in following if self._is_in_scope(other)]
            if self._is_shared:
                following = [other for other in following if not self._is_one_position(number, other)]
            yield number, following

    def rows(self) -> Iterator[RelationShift]:
        """Yield the changes of relations on the issue."""
        unit = self._around.unit_of(self._issue)
        for number, others in self.changed_pairs():
            one, sides = self._held[number], self._sides[number]
            for number_of_other in others:
                other, other_sides = self._held[number_of_other], self._sides[number_of_other]
                relations = _change(sides, other_sides)
                assert relations is not None
                reworded = any(self._around.is_reworded(self._issue, held.on) for held in (*one, *other))
                parties = self._parties[number], self._parties[number_of_other]
                before, now = (gap_of(*of_day) for of_day in zip(sides, other_sides, strict=True))
                yield RelationShift(self._issue, parties, one, other, *relations, reworded, before, now, unit)

    def _is_one_position(self, number: int, other: int) -> bool:
        """Return whether two parties hold the same statements on both days, a bloc's: no relation to themselves."""
        return all(one is another for one, another in zip(self._held[number], self._held[other], strict=True))

    def _is_in_scope(self, number: int) -> bool:
        return self._scope.includes_party(self._parties[number])


def _change(one: _Sides, other: _Sides) -> _Relations | None:
    """Return the relations of two parties on both days if they differ."""
    if isinstance(one[0], int):
        return _CHANGES.get((one, other))
    if one[0] == one[1] and other[0] == other[1]:
        return None
    before, now = relation(one[0], other[0]), relation(one[1], other[1])
    return None if before is now else (before, now)


_BOTH_DAYS: list[_Sides] = [(before, after) for before, after in product((-1, 0, 1, 2), repeat=2)]
_CHANGES = {
    (one, other): relations
    for one, other in product(_BOTH_DAYS, repeat=2)
    if len(set(relations := (relation(one[0], other[0]), relation(one[1], other[1])))) > 1
}
"""The relations of two parties on both days, by the camps of each, where they differ."""

"""The relations of parties on an issue, and their changes between two days: `relations` (DESIGN section 8)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import chain, groupby, islice, product
from operator import itemgetter
from typing import NamedTuple, overload

from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Attribution, Stance, Standing
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement, Value
from tracker.domain.timeline.timelines import Timeline, last_on


class Relation(StrEnum):
    """How two stances on a question relate. There are no distances: the scale is ordinal.

    Two parties agree if both support or both are against, and agree if conditions are met if both are for and at least
    one of them under conditions. They are opposed if one is for and one against; it is open if either is neutral.
    """

    AGREE = "agree"
    AGREE_IF = "agree_if"
    OPPOSED = "opposed"
    OPEN = "open"


StancesOnDay = Mapping[Pair, Statement]
"""The statement or withdrawal in effect on a day, by pair."""


class RelationChange(NamedTuple):
    """Two parties, both with a stance on both days, whose relation differs between them.

    The attributions and standings are those of both parties' statements on either day; `reworded` says that one of the
    four answers an earlier wording of the question than that of the last day.
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


class RelationShift(NamedTuple):
    """A change of relation with its basis: the statements in effect of both parties on either day.

    If members inherit, a statement may be that of a bloc of the party; parties that take one position on both days have
    no relation.
    """

    issue: str
    parties: tuple[str, str]
    one: tuple[Statement, Statement]
    other: tuple[Statement, Statement]
    from_relation: Relation
    to_relation: Relation
    reworded: bool

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


def stances_on_both(steps: Mapping[Pair, Timeline], after: date) -> tuple[StancesOnDay, StancesOnDay]:
    """Return the stances on two days of those who stated something in between (see `timelines.window`)."""
    then = {pair: held for pair, taken in steps.items() if (held := last_on(taken, after)) is not None}
    return then, {pair: taken[-1] for pair, taken in steps.items()}


def moved_issues(then: StancesOnDay, now: StancesOnDay) -> list[str]:
    """Return the issues on which any party with a stance on both days changed camps: only there relations change."""
    sides = ((pair[0], camp_of(held.value), camp_of(now[pair].value)) for pair, held in then.items())
    return sorted({issue for issue, before, after in sides if None not in (before, after) and before != after})


def unmoved(stances: StancesOnDay, now: StancesOnDay) -> StancesOnDay:
    """Return those of all stances whose parties stated nothing in between and are not neutral: nothing is open."""
    return {pair: held for pair, held in stances.items() if pair not in now and camp_of(held.value)}


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


def relation_changes(then: StancesOnDay, now: StancesOnDay, scope: Scope, around: Circumstances) -> Relations:
    """Return the relations that differ between two days of all parties' stances, by issue, with either in scope.

    `around` is what holds beside positions on the last day.
    """
    on_both = sorted(pair for pair in then if pair in now)  # mostly sorted already
    return Relations(
        _IssueRelations(issue, {pair[1]: (then[pair], now[pair]) for pair in pairs}, scope, around)
        for issue, pairs in groupby(on_both, key=itemgetter(0))
    )


_Camps = tuple[int | None, int | None]
"""The camps of a party on the first day and on the last."""


class _IssueRelations:
    """The parties with a statement in effect on an issue on both days (`held`), numbered in order.

    Parties of the same camps on both days have the same relations: groups of them are compared, not all pairs of
    parties.
    """

    def __init__(
        self, issue: str, held: Mapping[str, tuple[Statement, Statement]], scope: Scope, around: Circumstances
    ) -> None:
        self._issue = issue
        self._around = around
        self._scope = scope
        self._parties = tuple(held)
        self._held = tuple(held.values())
        self._is_shared = any(by.party != party for party, both in held.items() for by in both)
        self._camps: list[_Camps] = [(camp_of(before.value), camp_of(after.value)) for before, after in self._held]
        groups: dict[_Camps, list[int]] = {}
        for number, camps in enumerate(self._camps):
            groups.setdefault(camps, []).append(number)
        self._partners = {
            one: sorted(chain(*(numbers for other, numbers in groups.items() if (one, other) in _CHANGES)))
            for one in groups
        }
        """The parties to which the relation of a party of these camps changed."""

    def changed_pairs(self) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield each party with those after it to which its relation changed, if either is in scope."""
        for number, camps in enumerate(self._camps):
            if not (others := self._partners[camps]):
                continue
            following = others[bisect_right(others, number) :]
            if self._scope.parties and not self._is_in_scope(number):
                following = [other for other in following if self._is_in_scope(other)]
            if self._is_shared:
                following = [other for other in following if not self._is_one_position(number, other)]
            yield number, following

    def rows(self) -> Iterator[RelationShift]:
        """Yield the changes of relations on the issue."""
        for number, others in self.changed_pairs():
            one, camps = self._held[number], self._camps[number]
            for number_of_other in others:
                other = self._held[number_of_other]
                reworded = any(self._around.is_reworded(self._issue, held.on) for held in (*one, *other))
                relations = _CHANGES[camps, self._camps[number_of_other]]
                parties = self._parties[number], self._parties[number_of_other]
                yield RelationShift(self._issue, parties, one, other, *relations, reworded)

    def _is_one_position(self, number: int, other: int) -> bool:
        """Return whether two parties hold the same statements on both days, a bloc's: no relation to themselves."""
        return all(one is another for one, another in zip(self._held[number], self._held[other], strict=True))

    def _is_in_scope(self, number: int) -> bool:
        return self._scope.includes_party(self._parties[number])


def relation(one: int | None, other: int | None) -> Relation:
    """Return the relation of two camps; it is open where a party has none."""
    if not one or not other:
        return Relation.OPEN
    if (one < 0) != (other < 0):
        return Relation.OPPOSED
    return Relation.AGREE if one == other != CAMP[Stance.CONDITIONAL] else Relation.AGREE_IF


def camp_of(value: Value) -> int | None:
    """Return the camp of a stance; None for every other value."""
    return CAMP.get(value)


CAMP: Mapping[Value, int | None] = {WITHDRAWN: None, **{stance: max(stance.degree, -1) for stance in Stance}}
"""Against (-1), neutral (0), for under conditions (1) or for (2); a withdrawn stance has no camp."""
_BOTH_DAYS: list[_Camps] = [(before, after) for before, after in product((-1, 0, 1, 2), repeat=2)]
_CHANGES = {
    (one, other): relations
    for one, other in product(_BOTH_DAYS, repeat=2)
    if len(set(relations := (relation(one[0], other[0]), relation(one[1], other[1])))) > 1
}
"""The relations of two parties on both days, by the camps of each, where they differ."""

"""How the parties stand to each other on an issue, and where that changed: `relations` of DESIGN section 8."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate, chain, product
from typing import NamedTuple, overload

from tracker.domain.said import Said
from tracker.domain.scope import Scope
from tracker.domain.vocabulary import Stance


class Relation(StrEnum):
    """Whether two stances lie on the same side of a question. There are no distances: the scale is ordinal."""

    AGREE = "agree"
    OPPOSED = "opposed"
    OPEN = "open"


Standings = Mapping[tuple[str, str], Said]
"""Where everybody stood on a day, by issue and party: what each said last; a withdrawn stance is None."""


class RelationChange(NamedTuple):
    """Two parties, both with a stance on both days, whose relation differs between them."""

    issue: str
    parties: tuple[str, str]
    from_relation: Relation
    to_relation: Relation


class Related(NamedTuple):
    """A change of relation with what it rests on: where each of both parties stood on the first day and on the last."""

    issue: str
    one: tuple[Said, Said]
    other: tuple[Said, Said]
    from_relation: Relation
    to_relation: Relation

    @property
    def change(self) -> RelationChange:
        parties = (self.one[0].party, self.other[0].party)
        return RelationChange(self.issue, parties, self.from_relation, self.to_relation)

    @property
    def before(self) -> tuple[Said, Said]:
        return self.one[0], self.other[0]

    @property
    def now(self) -> tuple[Said, Said]:
        return self.one[1], self.other[1]


def relation(one: Stance, other: Stance) -> Relation:
    """Agreed if both are for or both against, opposed if one is for and one against, open if one is neutral."""
    return _relation_of(_SIDE[one], _SIDE[other])


def changed_sides(before: Said, now: Said) -> bool:
    """Whether a party went over to another side of a question: only then can its relations change."""
    return before.stance is not None and now.stance is not None and _SIDE[before.stance] != _SIDE[now.stance]


def takes_side(said: Said) -> bool:
    """Whether a party is for or against: of one that stays on neither side no relation changes."""
    return said.stance is not None and _SIDE[said.stance] != 0


class Relations(Sequence[Related]):
    """Changes of relations, by issue and parties: each is made when it is looked at, as there may be very many.

    Equal to any tuple of the same changes.
    """

    def __init__(self, changed: Iterable["_Changed"]) -> None:
        self._changed = tuple(changed)
        self._ends = tuple(accumulate(len(one.others) for one in self._changed))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Related]:
        for issue, present, number, others in self._changed:
            one, sides = present[number]
            for other, their_sides in map(present.__getitem__, others):
                yield Related(issue, one, other, *_CHANGES[sides, their_sides])

    @overload
    def __getitem__(self, at: int) -> Related: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Related, ...]: ...
    def __getitem__(self, at: int | slice) -> Related | tuple[Related, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        place = range(len(self))[at]
        which = bisect_right(self._ends, place)
        issue, present, number, others = self._changed[which]
        (one, sides), (other, their_sides) = present[number], present[others[place - self._ends[which]]]
        return Related(issue, one, other, *_CHANGES[sides, their_sides])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Relations | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def relation_changes(then: Standings, now: Standings, scope: Scope) -> Relations:
    """Where the relation of two parties, at least one of them in scope, differs between two days, by issue.

    `then` and `now` are of the two days, whoever is in scope.
    """
    present: dict[str, list[_Present]] = {}
    for pair in sorted(pair for pair in then if pair in now):  # which are mostly in order already
        before, after = then[pair], now[pair]
        if before.stance is not None and after.stance is not None:
            sides = (_SIDE[before.stance], _SIDE[after.stance])
            present.setdefault(pair[0], []).append(((before, after), sides))
    return Relations(changed for issue, parties in present.items() for changed in _changed_on(issue, parties, scope))


_Sides = tuple[int, int]
"""The sides of a question that a party took on the first day and on the last."""
_Present = tuple[tuple[Said, Said], _Sides]


class _Changed(NamedTuple):
    """One of the parties present on an issue, and those after it to which its relation changed, by their numbers."""

    issue: str
    present: Sequence[_Present]
    number: int
    others: Sequence[int]


def _changed_on(issue: str, present: Sequence[_Present], scope: Scope) -> Iterator[_Changed]:
    """Parties that were and are on the same sides have the same relations: so these are looked at, not every two."""
    groups: dict[_Sides, list[int]] = {}
    for number, (_, sides) in enumerate(present):
        groups.setdefault(sides, []).append(number)
    towards = {one: sorted(chain(*(groups[other] for other in groups if (one, other) in _CHANGES))) for one in groups}
    if not any(towards.values()):
        return
    mine = {number for number, ((stood, _), _) in enumerate(present) if scope.includes_party(stood.party)}
    for number, (_, sides) in enumerate(present):
        others = towards[sides][bisect_right(towards[sides], number) :]
        if number not in mine:
            others = [other for other in others if other in mine]
        if others:
            yield _Changed(issue, present, number, others)


def _relation_of(one: int, other: int) -> Relation:
    if not one or not other:
        return Relation.OPEN
    return Relation.AGREE if one == other else Relation.OPPOSED


_SIDE = {stance: (stance.degree > 0) - (stance.degree < 0) for stance in Stance}
"""Against (-1), neither (0) or for (1)."""
_CHANGES = {
    (one, other): relations
    for one, other in product(product(sorted(set(_SIDE.values())), repeat=2), repeat=2)
    if len(set(relations := (_relation_of(one[0], other[0]), _relation_of(one[1], other[1])))) > 1
}
"""How the relation of two parties changed, by the sides that each took, where it did."""

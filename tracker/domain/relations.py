"""How the parties stand to each other on an issue, and where that changed: `relations` of DESIGN section 8."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from tracker.domain.scope import Scope
from tracker.domain.vocabulary import Attribution, Stance, Standing


class Relation(StrEnum):
    """Whether two stances lie on the same side of a question. There are no distances: the scale is ordinal."""

    AGREE = "agree"
    OPPOSED = "opposed"
    OPEN = "open"


class Stood(NamedTuple):
    """Where a party stood on a day, and the statement or withdrawal that says so; a withdrawn stance is None.

    `on` is the effective day.
    """

    party: str
    stance: Stance | None
    on: date
    attribution: Attribution
    standing: Standing | None
    source: str | None
    event_id: str
    position: int


Standings = Mapping[tuple[str, str], Stood]
"""Where everybody stood on a day, by issue and party."""


class RelationChange(NamedTuple):
    """Two parties, both with a stance on both days, whose relation differs between them."""

    issue: str
    parties: tuple[str, str]
    from_relation: Relation
    to_relation: Relation


class Related(NamedTuple):
    """A change of relation with what it rests on: where each of both parties stood on the first day and on the last."""

    issue: str
    one: tuple[Stood, Stood]
    other: tuple[Stood, Stood]
    from_relation: Relation
    to_relation: Relation

    @property
    def change(self) -> RelationChange:
        parties = (self.one[0].party, self.other[0].party)
        return RelationChange(self.issue, parties, self.from_relation, self.to_relation)

    @property
    def before(self) -> tuple[Stood, Stood]:
        return self.one[0], self.other[0]

    @property
    def now(self) -> tuple[Stood, Stood]:
        return self.one[1], self.other[1]


def relation(one: Stance, other: Stance) -> Relation:
    """Agreed if both are for or both against, opposed if one is for and one against, open if one is neutral."""
    return _relation_of(_side(one), _side(other))


def changed_sides(before: Stood, now: Stood) -> bool:
    """Whether a party went over to another side of a question: only then can its relations change."""
    return before.stance is not None and now.stance is not None and _side(before.stance) != _side(now.stance)


def relation_changes(then: Standings, now: Standings, scope: Scope) -> tuple[Related, ...]:
    """Where the relation of two parties, at least one of them in scope, differs between two days, by issue.

    `then` and `now` are of the two days, whoever is in scope.
    """
    present: dict[str, dict[str, tuple[Stood, Stood]]] = {}
    for pair in sorted(then.keys() & now.keys()):
        before, after = then[pair], now[pair]
        if before.stance is not None and after.stance is not None:
            issue, party = pair
            present.setdefault(issue, {})[party] = (before, after)
    return tuple(related for issue, parties in present.items() for related in _changes(issue, parties, scope))


def _changes(issue: str, present: Mapping[str, tuple[Stood, Stood]], scope: Scope) -> Iterator[Related]:
    """Parties that were and are on the same sides have the same relations: so these are looked at, not every two."""
    parties = list(present)
    sides = [tuple(_side(stood.stance) for stood in present[party] if stood.stance) for party in parties]
    groups: dict[tuple[int, ...], list[int]] = {}
    for number, side in enumerate(sides):
        groups.setdefault(side, []).append(number)
    changed: list[int] = []
    relations: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[Relation, Relation]] = {}
    for one, other in product(groups, groups):
        then, now = (_relation_of(*both) for both in zip(one, other, strict=True))
        if then is not now:
            relations[one, other] = (then, now)
            changed += [a * len(parties) + b for a, b in product(groups[one], groups[other]) if a < b]
    for a, b in (divmod(both, len(parties)) for both in sorted(changed)):
        if scope.includes_party(parties[a]) or scope.includes_party(parties[b]):
            yield Related(issue, present[parties[a]], present[parties[b]], *relations[sides[a], sides[b]])


def _side(stance: Stance) -> int:
    degree = stance.degree
    return (degree > 0) - (degree < 0)


def _relation_of(one: int, other: int) -> Relation:
    if not one or not other:
        return Relation.OPEN
    return Relation.AGREE if one == other else Relation.OPPOSED

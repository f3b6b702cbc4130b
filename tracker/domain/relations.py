"""How the parties stand to each other on an issue, and where that changed: `relations` of DESIGN section 8."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
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


@dataclass(frozen=True, slots=True)
class Related:
    """A change of relation with what it rests on: where both parties stood on the first day and on the last."""

    change: RelationChange
    before: tuple[Stood, Stood]
    now: tuple[Stood, Stood]


def relation(one: Stance, other: Stance) -> Relation:
    """Agreed if both are for or both against, opposed if one is for and one against, open if one is neutral."""
    product = one.degree * other.degree
    if product == 0:
        return Relation.OPEN
    return Relation.AGREE if product > 0 else Relation.OPPOSED


def relation_changes(
    then: Mapping[tuple[str, str], Stood], now: Mapping[tuple[str, str], Stood], scope: Scope
) -> tuple[Related, ...]:
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
    """Only where one of the two moved can their relation have changed."""
    moved = {party for party, (before, after) in present.items() if before.stance is not after.stance}
    with_one_that_moved = {tuple(sorted((one, other))) for one in moved for other in present if other != one}
    for one, other in sorted(with_one_that_moved):
        if scope.includes_party(one) or scope.includes_party(other):
            (one_then, one_now), (other_then, other_now) = present[one], present[other]
            before, later = _relation_of(one_then, other_then), _relation_of(one_now, other_now)
            if before is not later:
                change = RelationChange(issue, (one, other), before, later)
                yield Related(change, (one_then, other_then), (one_now, other_now))


def _relation_of(one: Stood, other: Stood) -> Relation:
    assert one.stance is not None and other.stance is not None
    return relation(one.stance, other.stance)

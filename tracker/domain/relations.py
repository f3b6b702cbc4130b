"""How the parties stand to each other on an issue, and where that changed: `relations` of DESIGN section 8."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, groupby
from typing import NamedTuple

from tracker.domain.scope import Scope
from tracker.domain.timeline import Step, Timelines, in_effect
from tracker.domain.vocabulary import Stance


class Relation(StrEnum):
    """Whether two stances lie on the same side of a question. There are no distances: the scale is ordinal."""

    AGREE = "agree"
    OPPOSED = "opposed"
    OPEN = "open"


class RelationChange(NamedTuple):
    """Two parties, both with a stance on both days, whose relation differs between them."""

    issue: str
    parties: tuple[str, str]
    from_relation: Relation
    to_relation: Relation


@dataclass(frozen=True, slots=True)
class Related:
    """A change of relation with what it rests on: both parties' steps in effect on the first day and on the last."""

    change: RelationChange
    before: tuple[Step, Step]
    now: tuple[Step, Step]


def relation(one: Stance, other: Stance) -> Relation:
    """Agreed if both are for or both against, opposed if one is for and one against, open if one is neutral."""
    product = one.degree * other.degree
    if product == 0:
        return Relation.OPEN
    return Relation.AGREE if product > 0 else Relation.OPPOSED


def relation_changes(pairs: Timelines, scope: Scope, *, after: date, up_to: date) -> tuple[Related, ...]:
    """Where the relation of two parties, at least one of them in scope, differs between two days, by issue.

    `pairs` holds every party's timelines, whoever is in scope.
    """
    return tuple(_changes(pairs, scope, after, up_to))


def _changes(pairs: Timelines, scope: Scope, after: date, up_to: date) -> Iterator[Related]:
    for issue, members in groupby(pairs.by_pair.items(), key=lambda item: item[0][0]):
        present: list[tuple[Step, Step]] = []
        for _, timeline in members:
            then, now = in_effect(timeline, after), in_effect(timeline, up_to)
            if then is not None and now is not None:
                present.append((then.step, now.step))
        for (one, one_now), (other, other_now) in combinations(present, 2):
            before, later = _relation_of(one, other), _relation_of(one_now, other_now)
            parties = (one.event.party, other.event.party)
            if before is None or later is None or before is later or not any(map(scope.includes_party, parties)):
                continue
            yield Related(RelationChange(issue, parties, before, later), (one, other), (one_now, other_now))


def _relation_of(one: Step, other: Step) -> Relation | None:
    """How two steps relate; not at all if one is a withdrawal."""
    return relation(one.stance, other.stance) if one.stance and other.stance else None

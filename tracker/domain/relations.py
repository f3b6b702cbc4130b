"""How the parties stand to each other on an issue, and where that changed: `relations` of DESIGN section 8."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import combinations, groupby
from typing import NamedTuple

from tracker.domain.scope import Scope
from tracker.domain.timeline import Timelines, stance_on
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


def relation(one: Stance, other: Stance) -> Relation:
    """Agreed if both are for or both against, opposed if one is for and one against, open if one is neutral."""
    product = one.degree * other.degree
    if product == 0:
        return Relation.OPEN
    return Relation.AGREE if product > 0 else Relation.OPPOSED


def relation_changes(pairs: Timelines, scope: Scope, *, after: date, up_to: date) -> tuple[RelationChange, ...]:
    """Where the relation of two parties, at least one of them in scope, differs between two days, by issue.

    `pairs` holds every party's timelines, whoever is in scope.
    """
    return tuple(_changes(pairs, scope, after, up_to))


def _changes(pairs: Timelines, scope: Scope, after: date, up_to: date) -> Iterator[RelationChange]:
    for issue, members in groupby(pairs.by_pair.items(), key=lambda item: item[0][0]):
        present = []
        for (_, party), timeline in members:
            then, now = stance_on(timeline, after), stance_on(timeline, up_to)
            if then is not None and now is not None:
                present.append((party, then, now))
        for (one, one_then, one_now), (other, other_then, other_now) in combinations(present, 2):
            before, later = relation(one_then, other_then), relation(one_now, other_now)
            if before is not later and (scope.includes_party(one) or scope.includes_party(other)):
                yield RelationChange(issue, (one, other), before, later)

"""How two positions on one issue relate, stances by their sides, amounts by what they share (DESIGN sections 8, 15).

There are no distances between stances: their scale is ordinal. An amount has distances, in its unit.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.terms.amounts import Amount, gap
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.statement import WITHDRAWN, Value


class Relation(StrEnum):
    """How two positions relate.

    Two parties agree if both support or both are against, and agree if conditions are met if both are for and at least
    one of them under conditions. They are opposed if one is for and one against; it is open if either is neutral.
    Amounts are apart if they share no number. They overlap if what they share has both ends stated, and overlap if
    conditions are met if either party has conditions in force; it is open if an end of it was not stated.
    """

    AGREE = "agree"
    AGREE_IF = "agree_if"
    OPPOSED = "opposed"
    OPEN = "open"
    APART = "apart"
    OVERLAP = "overlap"
    OVERLAP_IF = "overlap_if"


Camp = int
"""Against (-1), neutral (0), for under conditions (1) or for (2)."""


class Range(NamedTuple):
    """An amount, and whether its party has conditions in force."""

    amount: Amount
    under_conditions: bool


Side = Camp | Range
"""What a relation depends on of a position: the camp of a stance, or an amount."""


def side_of(value: Value, *, under_conditions: bool) -> Side | None:
    """Return the side of a position; None for a withdrawal and for no figure, which have no relations."""
    return Range(value, under_conditions) if isinstance(value, Amount) else CAMP.get(value)


def relation(one: Side, other: Side) -> Relation:
    """Return the relation of two positions on one issue."""
    if isinstance(one, Range) and isinstance(other, Range):
        return _relation_of_amounts(one, other)
    assert isinstance(one, Camp)
    assert isinstance(other, Camp)
    if not one or not other:
        return Relation.OPEN
    if (one < 0) != (other < 0):
        return Relation.OPPOSED
    return Relation.AGREE if one == other != CAMP[Stance.CONDITIONAL] else Relation.AGREE_IF


def gap_of(one: Side, other: Side) -> Decimal | None:
    """Return the gap between two amounts that are apart; None for everything else."""
    return gap(one.amount, other.amount) if isinstance(one, Range) and isinstance(other, Range) else None


def _relation_of_amounts(one: Range, other: Range) -> Relation:
    (least, most), (other_least, other_most) = ((side.amount.at_least, side.amount.at_most) for side in (one, other))
    lower = max((end for end in (least, other_least) if end is not None), default=None)
    upper = min((end for end in (most, other_most) if end is not None), default=None)
    if lower is None or upper is None:
        return Relation.OPEN
    if lower > upper:
        return Relation.APART
    return Relation.OVERLAP_IF if one.under_conditions or other.under_conditions else Relation.OVERLAP


CAMP: Mapping[Value, Camp | None] = {WITHDRAWN: None, **{stance: max(stance.degree, -1) for stance in Stance}}
"""The camp of each stance; a withdrawn one has none."""

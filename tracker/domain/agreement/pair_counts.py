"""Count, for every two of many parties, on how many issues they relate in which way.

All that relate alike to a party are counted at once. A set of parties is a whole number in which each has a lane of
bits, with a one in it if the party is among them. The sum of such sets is a number too, which has in each lane in how
many of them that party is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from itertools import accumulate
from operator import or_
from struct import unpack
from typing import NamedTuple

from tracker.domain.answers.sides import CAMP, Range, Relation, relation
from tracker.domain.terms.vocabulary import Stance

_LANE = 32
"""The bits of a lane: more than it takes to count issues."""

Parties = int
"""A set of parties (see above)."""


class RelationSets(NamedTuple):
    """The parties that relate alike to some `members` (by number): those that agree with them, and so on.

    `held` are all that hold something on the issue, `same` those that hold the same.
    """

    members: Sequence[int]
    held: Parties
    agree: Parties
    agree_if: Parties
    opposed: Parties
    same: Parties


class PairCounts:
    """For every two parties, by number, the sums of the sets of `RelationSets`."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._sums = tuple([0] * number for _ in RelationSets._fields[1:])

    def add(self, related: Iterable[RelationSets]) -> None:
        """Add how all parties relate on one issue."""
        for members, *sets in related:
            for sums, parties in zip(self._sums, sets, strict=True):
                if parties:
                    for member in members:
                        sums[member] += parties

    def of_party(self, member: int) -> Iterator[tuple[int, ...]]:
        """Yield the sums of one party with each, itself too: held, agree, agree_if, opposed, same."""
        size, lanes = self._number * _LANE // 8, f"<{self._number}I"
        return zip(*(unpack(lanes, sums[member].to_bytes(size, "little")) for sums in self._sums), strict=True)


def _set_of(members: Iterable[int]) -> Parties:
    return sum(1 << member * _LANE for member in members)


def _union(sets: Iterable[Parties]) -> Parties:
    return reduce(or_, sets, 0)


# --- one issue ------------------------------------------------------------------------------------


def related_on_question(held: Mapping[Stance, Sequence[int]]) -> Iterator[RelationSets]:
    """Yield how parties relate on a question, by their stances: `relation` says how two sides do."""
    sets = {stance: _set_of(members) for stance, members in held.items()}
    sides = {stance: CAMP[stance] or 0 for stance in held}
    for stance, members in held.items():
        found = dict.fromkeys(Relation, 0)
        for other, parties in sets.items():
            found[relation(sides[stance], sides[other])] |= parties
        agreed = (found[Relation.AGREE], found[Relation.AGREE_IF], found[Relation.OPPOSED])
        yield RelationSets(members, _union(sets.values()), *agreed, sets[stance])


def related_on_quantity(held: Mapping[Range, Sequence[int]]) -> Iterator[RelationSets]:
    """Yield how parties relate on a quantity, by their amounts: for every two as `relation` says.

    Those that are apart from an amount end below it or begin above it: sorted by their ends they stand in a row.
    """
    sets = {one: _set_of(members) for one, members in held.items()}
    everybody, firm = _union(sets.values()), _union(sets[one] for one in sets if not one.under_conditions)
    by_amount: dict[object, Parties] = {}
    for one, parties in sets.items():
        by_amount[one.amount] = by_amount.get(one.amount, 0) | parties
    without_least = _union(sets[one] for one in sets if one.amount.at_least is None)
    without_most = _union(sets[one] for one in sets if one.amount.at_most is None)
    apart = _Apart(sets)
    for one, members in held.items():
        opposed, amount = apart.from_amount(one), one.amount
        is_open = (without_least if amount.at_least is None else 0) | (without_most if amount.at_most is None else 0)
        overlap = everybody & ~(opposed | is_open)
        agree = 0 if one.under_conditions else overlap & firm
        yield RelationSets(members, everybody, agree, overlap & ~agree, opposed, by_amount[amount])


class _Apart:
    """Finds those whose amounts are apart from one, by its ends."""

    def __init__(self, sets: Mapping[Range, Parties]) -> None:
        begins = _by_end((one.amount.at_least, parties) for one, parties in sets.items())
        ends = _by_end((one.amount.at_most, parties) for one, parties in sets.items())
        self._begins, self._ends = [end for end, _ in begins], [end for end, _ in ends]
        self._ending_before = list(accumulate((parties for _, parties in ends), or_, initial=0))
        self._beginning_at = list(accumulate((parties for _, parties in reversed(begins)), or_, initial=0))[::-1]

    def from_amount(self, one: Range) -> Parties:
        """Return those that end below an amount or begin above it."""
        at_least, at_most = one.amount.at_least, one.amount.at_most
        below = 0 if at_least is None else self._ending_before[bisect_left(self._ends, at_least)]
        above = 0 if at_most is None else self._beginning_at[bisect_right(self._begins, at_most)]
        return below | above


def _by_end(ends: Iterable[tuple[Decimal | None, Parties]]) -> list[tuple[Decimal, Parties]]:
    return sorted((end, parties) for end, parties in ends if end is not None)


Stances = frozenset[tuple[str, Stance]]
"""What a party holds on a choice: its stance on each option on which it has one."""


def related_on_choice(held: Mapping[Stances, Sequence[int]]) -> Iterator[RelationSets]:
    """Yield how parties relate on a choice, by their stances on its options.

    They agree if both support one option, and are else opposed if one supports what the other opposes.
    """
    sets = {stances: _set_of(members) for stances, members in held.items()}
    holding: dict[tuple[str, Stance], Parties] = {}
    for stances, parties in sets.items():
        for one in stances:
            holding[one] = holding.get(one, 0) | parties
    for stances, members in held.items():
        agree = opposed = 0
        for option, stance in stances:
            if stance is Stance.SUPPORTS:
                agree |= holding[option, Stance.SUPPORTS]
            if stance in _COUNTER:
                opposed |= holding.get((option, _COUNTER[stance]), 0)
        yield RelationSets(members, _union(sets.values()), agree, 0, opposed & ~agree, sets[stances])


_COUNTER = {Stance.SUPPORTS: Stance.OPPOSES, Stance.OPPOSES: Stance.SUPPORTS}

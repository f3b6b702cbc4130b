"""The common ground of several amounts: their zone, the largest sets that overlap, and the gap (DESIGN section 16)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.terms.amounts import Amount, difference

MOST_SETS = 20
"""At most so many overlapping sets are told."""


class Gap(NamedTuple):
    """The distance between the highest `at_least` and the lowest `at_most`, and the parties that state them."""

    size: Decimal
    highest: tuple[str, ...]
    lowest: tuple[str, ...]


def zone(amounts: Iterable[Amount]) -> Amount | None:
    """Return the range that all amounts share; None if there is none, or no amount."""
    at_least, at_most = _tightest(amounts)
    if (at_least is None and at_most is None) or (at_least is not None and at_most is not None and at_least > at_most):
        return None
    return Amount(at_least, at_most)


def gap_between(amounts: Mapping[str, Amount]) -> Gap | None:
    """Return the gap where the amounts of some parties share no number, else None."""
    at_least, at_most = _tightest(amounts.values())
    if at_least is None or at_most is None or at_least <= at_most:
        return None
    highest = tuple(sorted(party for party, amount in amounts.items() if amount.at_least == at_least))
    lowest = tuple(sorted(party for party, amount in amounts.items() if amount.at_most == at_most))
    return Gap(difference(at_least, at_most), highest, lowest)


def overlapping(amounts: Mapping[str, Amount]) -> list[tuple[str, ...]]:
    """Return the sets of parties whose amounts share a number and that no further party could join.

    The largest come first, then by their parties; at most `MOST_SETS`. A sweep over the ends: a set is complete where
    the first of its amounts ends, if one began since the last set was.
    """
    ends = sorted({_at_most(amount) for amount in amounts.values()})
    waiting = sorted(amounts, key=lambda party: _at_least(amounts[party]), reverse=True)
    open_parties: set[str] = set()
    found = []
    for end in ends:
        began = False
        while waiting and _at_least(amounts[waiting[-1]]) <= end:
            open_parties.add(waiting.pop())
            began = True
        if began:
            found.append(tuple(sorted(open_parties)))
        open_parties = {party for party in open_parties if _at_most(amounts[party]) > end}
    return sorted(found, key=lambda parties: (-len(parties), parties))[:MOST_SETS]


def _tightest(amounts: Iterable[Amount]) -> tuple[Decimal | None, Decimal | None]:
    """Return the highest `at_least` and the lowest `at_most` that are stated."""
    all_amounts = tuple(amounts)
    lower = [amount.at_least for amount in all_amounts if amount.at_least is not None]
    upper = [amount.at_most for amount in all_amounts if amount.at_most is not None]
    return max(lower, default=None), min(upper, default=None)


def _at_least(amount: Amount) -> Decimal:
    return Decimal("-Infinity") if amount.at_least is None else amount.at_least


def _at_most(amount: Amount) -> Decimal:
    return Decimal("Infinity") if amount.at_most is None else amount.at_most

"""The zone, the overlapping sets and the gap of several amounts, against every subset of a few parties."""

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_amounts import FEW_AMOUNTS
from tracker.domain.agreement.zone import gap_between, overlapping, zone
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.typed_amounts import read_amount

PARTIES = ("CHN", "EUN", "IND", "RUS", "USA")
POSITIONS = st.lists(FEW_AMOUNTS, max_size=5).map(lambda amounts: dict(zip(PARTIES, amounts, strict=False)))
HALVES = [Decimal(half) / 2 for half in range(-8, 9)]
"""Every end that is drawn, and a number between and beyond."""


def shares(amounts: list[Amount]) -> list[Decimal]:
    return [number for number in HALVES if all(amount.holds(number) for amount in amounts)]


@given(POSITIONS)
def test_the_zone_holds_what_every_amount_holds(stated: dict[str, Amount]) -> None:
    found, shared = zone(stated.values()), shares([*stated.values()])
    assert (found is None) == (not stated or not shared)
    assert found is None or [number for number in HALVES if found.holds(number)] == shared


@given(POSITIONS)
def test_the_zone_of_a_subset_contains_the_zone_of_the_whole(stated: dict[str, Amount]) -> None:
    whole = zone(stated.values())
    for size in range(1, len(stated)):
        for part in combinations(stated.values(), size):
            of_part = zone(part)
            assert whole is None or (of_part is not None and of_part.contains(whole))


@given(POSITIONS)
def test_overlapping_sets_are_those_that_share_a_number_and_cannot_be_enlarged(stated: dict[str, Amount]) -> None:
    sets = [
        frozenset(some)
        for size in range(1, len(stated) + 1)
        for some in combinations(stated, size)
        if shares([stated[party] for party in some])
    ]
    largest = [tuple(sorted(some)) for some in sets if not any(some < other for other in sets)]
    assert overlapping(stated) == sorted(largest, key=lambda some: (-len(some), some))


@given(POSITIONS)
def test_there_is_a_gap_where_there_is_no_zone(stated: dict[str, Amount]) -> None:
    found = gap_between(stated)
    assert (found is not None) == (bool(stated) and zone(stated.values()) is None)
    if found is not None:
        assert found.size == max(a.at_least for a in stated.values() if a.at_least is not None) - min(
            a.at_most for a in stated.values() if a.at_most is not None
        )
        assert all(stated[party].at_least == stated[found.highest[0]].at_least for party in found.highest)


def test_a_gap_names_all_whose_it_is() -> None:
    stated = {"USA": read_amount("<=300"), "EUN": read_amount("200..300"), "IND": read_amount(">=1000")}
    stated["CHN"] = stated["IND"]
    assert gap_between(stated) == (Decimal(700), ("CHN", "IND"), ("EUN", "USA"))


def test_two_hundred_parties_are_no_matter() -> None:
    stated = {f"P{number:03}": Amount(Decimal(number), Decimal(number + 10)) for number in range(200)}
    found = overlapping(stated)
    assert len(found) == 20
    assert all(len(parties) == 11 for parties in found)

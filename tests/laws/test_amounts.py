"""Laws on amounts: exact from the typed text to every answer, compared as numbers, and moved there and back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.histories import ALL_PARTIES
from tests.laws.laws import EXAMPLES
from tests.laws.test_meaning import answer
from tests.oracle.values import Ends, contains, gap_between, infinite, kind_of_movement, text_of
from tracker.domain.log.event_parts import AmountData
from tracker.domain.log.events import IssueOpened, PartyRegistered, PositionStated
from tracker.domain.terms.amounts import Amount, Course, course
from tracker.domain.terms.typed_amounts import read_amount

_digits = st.text("0123456789", max_size=18)
_typed_numbers = st.builds(
    lambda sign, whole, fraction, zeros: f"{sign}{whole or '0'}" + (f".{fraction}{zeros}" if fraction else ""),
    st.sampled_from(("", "-", "+")),
    _digits | st.sampled_from(("9", "10", "100", "0300")),
    st.text("0123456789", max_size=12),
    st.sampled_from(("", "0", "000")),
)
"""Decimals as people type them: with signs, and with zeros that say nothing."""


@st.composite
def typed(draw: st.DrawFn) -> tuple[str, Ends]:
    """A typed amount of any shape, and its ends as numbers."""
    one, other = sorted((draw(_typed_numbers), draw(_typed_numbers)), key=Decimal)
    shape = draw(st.sampled_from((">=", "<=", "..", "")))
    if shape == "..":
        return f"{one}..{other}", (Decimal(one), Decimal(other))
    ends = {">=": (Decimal(one), None), "<=": (None, Decimal(one)), "": (Decimal(one), Decimal(one))}
    return f"{shape}{one}", ends[shape]


def statement(party: str, text: str, day: str) -> PositionStated:
    amount = AmountData(**read_amount(text).data)
    return PositionStated(party=party, issue="q", amount=amount, stated_on=day, summary="So much.")


def registers() -> list[Any]:
    parties = [PartyRegistered(party=party, name=f"Party {party}", kind="state") for party in ALL_PARTIES]
    return [*parties, IssueOpened(issue="q", title="q", question="How much?", form="quantity", unit="bn")]


def stored(ends: Ends) -> dict[str, str | None]:
    found = {name: text_of(end) for name, end in zip(("at_least", "at_most"), ends, strict=True)}
    return {name: text for name, text in found.items() if text is not None}


@pytest.mark.on_both_backends
@settings(max_examples=EXAMPLES)
@given(st.lists(typed(), min_size=len(ALL_PARTIES), max_size=len(ALL_PARTIES)), st.sampled_from(("0", "00", "")))
def test_amounts_are_exact_from_the_typed_text_to_answers_and_compared_as_numbers(
    new_database: Callable[..., Any], amounts: list[tuple[str, Ends]], zeros: str
) -> None:
    with new_database() as (url, tracker):
        tracker.record(registers(), by="me")
        said = dict(zip(ALL_PARTIES, amounts, strict=True))
        tracker.record([statement(party, text, "2020-03-01") for party, (text, _) in said.items()], by="me")
        again = [statement(party, _padded(text, zeros), "2020-03-02") for party, (text, _) in said.items()]
        tracker.record(again, by="me", anyway=True)
        for _ in ("written", "rebuilt"):
            rows = {row["party"]: row for row in answer(url, "state", "--on", "2020-03-03")}
            for party, (_, ends) in said.items():
                assert rows[party]["amount"] == stored(ends)
                assert (rows[party]["statements"], rows[party]["since"]) == (2, "2020-03-01")
            (found,) = answer(url, "consensus", "--on", "2020-03-03")
            lower, upper = (
                [end for end in ends if end is not None] for ends in zip(*(e for _, e in amounts), strict=True)
            )
            apart = bool(lower and upper) and max(lower) > min(upper)
            zone = (max(lower) if lower else None, min(upper) if upper else None)
            assert found["zone"] == (None if apart else stored(zone))
            assert found["gap"] == (text_of(gap_between((zone[0], None), (None, zone[1]))) if apart else None)
            tracker.rebuild()
        assert tracker.verify().sound


def _padded(text: str, zeros: str) -> str:
    """The same amount with zeros behind a point, which say nothing."""
    return text + (zeros if "." in text.rpartition("..")[2] else zeros and f".{zeros}")


@settings(max_examples=EXAMPLES * 50)
@given(typed(), typed())
def test_a_movement_and_its_reverse_are_opposites_and_as_the_oracle_says(
    one: tuple[str, Ends], other: tuple[str, Ends]
) -> None:
    old, new = (read_amount(text) for text, _ in (one, other))
    assert (old == new) == (one[1] == other[1])
    if old == new:
        return
    found = course(old, new)
    assert found.value == kind_of_movement(one[1], other[1], None, None)
    assert course(new, old) is _REVERSED[found]
    assert old.contains(new) == contains(one[1], other[1])


_REVERSED = {
    Course.RAISED: Course.LOWERED,
    Course.LOWERED: Course.RAISED,
    Course.NARROWED: Course.WIDENED,
    Course.WIDENED: Course.NARROWED,
}


@settings(max_examples=EXAMPLES * 50)
@given(typed())
def test_a_typed_amount_is_the_number_that_it_says_and_its_text_reads_back(one: tuple[str, Ends]) -> None:
    text, ends = one
    amount = read_amount(text)
    assert (amount.at_least, amount.at_most) == ends
    assert amount.data == stored(ends)
    assert read_amount(str(amount)) == amount
    assert infinite(ends)[0] <= infinite(ends)[1]
    assert AmountData(**amount.data).amount == Amount(*ends)

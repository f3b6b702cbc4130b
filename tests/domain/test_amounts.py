"""Amounts: one spelling a number, exact comparison, and how one departs from another (DESIGN section 15)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.terms.amounts import Amount, Course, amount_of, course, difference, gap, shared_range
from tracker.domain.terms.typed_amounts import parse_decimal, read_amount, read_decimal
from tracker.errors import BadValue

DECIMALS = st.builds(
    lambda digits, places: (
        read_decimal(f"{'-' * (digits < 0)}{abs(digits):0{places + 1}d}"[: -places or None] or "0")
        if places == 0
        else Decimal(f"{digits}e-{places}")
    ),
    st.integers(-(10**18) + 1, 10**18 - 1),
    st.integers(0, 12),
).map(lambda number: read_decimal(f"{number:f}"))
FEW = st.integers(-3, 3).map(Decimal)


@st.composite
def amounts(draw: st.DrawFn, numbers: st.SearchStrategy[Decimal] = DECIMALS) -> Amount:
    """Draw an amount of any of its three forms."""
    ends = sorted((draw(numbers), draw(numbers)))
    form = draw(st.sampled_from(("both", "least", "most")))
    return Amount(None if form == "most" else ends[0], None if form == "least" else ends[1])


FEW_AMOUNTS = amounts(FEW)


@given(amounts())
def test_an_amount_comes_back_as_it_was_typed_and_as_it_is_stored(amount: Amount) -> None:
    assert read_amount(str(amount)) == amount
    assert amount_of(amount.data.get("at_least"), amount.data.get("at_most")) == amount


@given(amounts(), amounts())
def test_equal_text_is_an_equal_number(one: Amount, other: Amount) -> None:
    assert (str(one) == str(other)) == (one == other)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0.50", "0.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        ("007", "7"),
        ("-0.0", "0"),
        ("-1.50..2", "-1.5..2"),
        (">= 1300", ">=1300"),
        ("3..3.0", "3"),
        (f"{'0' * 30}{'9' * 18}.{'9' * 12}0000", f"{'9' * 18}.{'9' * 12}"),
    ],
)
def test_what_is_typed_is_normalised(typed: str, stored: str) -> None:
    assert str(read_amount(typed)) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (">=abc", "'>=abc' is not an amount: write 300"),
        ("5..1", "ends below its beginning: 5..1. Write 1..5"),
        ("1" * 19, "has 19 digits before the point; at most 18"),
        (f"0.{'1' * 13}", "has 13 digits after the point; at most 12"),
        ("1e9", "not an amount"),
        ("NaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("1,300", "'1,300' is not an amount: write 1300."),
        ("1 300", "1300"),
        ("1,5", "write 1.5."),
        ("٣٠٠", "write 300."),
        ("５", "write 5."),
        (">5", "is not an amount"),
        ("", "not an amount"),
        (".", "not an amount"),
        ("..", "not an amount"),
        ("1..2..3", "not an amount"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_way_to_write_it(typed: str, said: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_amount(typed)
    assert said in refused.value.message


@pytest.mark.parametrize("text", ["0.50", ".5", "5.", "+5", "007", "-0", "1e2", "1\n", "٣", " 1", 5, 5.0, None])
def test_only_one_spelling_of_a_number_is_stored(text: object) -> None:
    with pytest.raises(BadValue):
        parse_decimal(text)


@given(DECIMALS)
def test_the_spelling_of_a_number_is_stored_as_it_is(number: Decimal) -> None:
    assert parse_decimal(f"{number:f}") == number


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("100", "300", Course.RAISED),
        ("300", "100", Course.LOWERED),
        ("100", "200..300", Course.RAISED),
        (">=100", ">=300", Course.RAISED),
        ("100..300", "200..250", Course.NARROWED),
        ("200..250", "100..300", Course.WIDENED),
        ("100..300", "200..300", Course.RAISED),
        (">=100", "100..300", Course.NARROWED),
        ("100..300", ">=100", Course.WIDENED),
        (">=100", "200..300", Course.RAISED),
        (">=100", "<=300", Course.LOWERED),
        ("<=100", ">=300", Course.RAISED),
        ("<=100", ">=50", Course.RAISED),
    ],
)
def test_the_course_goes_by_the_ends_that_both_state(old: str, new: str, found: Course) -> None:
    assert course(read_amount(old), read_amount(new)) is found


@given(FEW_AMOUNTS, FEW_AMOUNTS)
def test_the_way_back_is_the_reverse(old: Amount, new: Amount) -> None:
    if old != new:
        reverse = {
            Course.RAISED: Course.LOWERED,
            Course.LOWERED: Course.RAISED,
            Course.NARROWED: Course.WIDENED,
            Course.WIDENED: Course.NARROWED,
        }
        assert course(new, old) is reverse[course(old, new)]


@given(amounts(), amounts())
def test_two_amounts_share_numbers_or_have_a_gap(one: Amount, other: Amount) -> None:
    shared, distance = shared_range(one, other), gap(one, other)
    assert shared == shared_range(other, one)
    assert distance == gap(other, one)
    if distance is None:
        assert one.contains(other) or other.contains(one) or shared is None or one.contains(shared)
    else:
        low, high = (one, other) if one.at_most in (one.at_most, None) and _below(one, other) else (other, one)
        assert low.at_most is not None
        assert high.at_least is not None
        assert Fraction(distance) == Fraction(high.at_least) - Fraction(low.at_most)


def _below(one: Amount, other: Amount) -> bool:
    return one.at_most is not None and other.at_least is not None and one.at_most < other.at_least


@given(FEW_AMOUNTS, FEW_AMOUNTS)
def test_a_gap_is_where_nothing_is_shared(one: Amount, other: Amount) -> None:
    halves = [Decimal(half) / 2 for half in range(-8, 9)]
    both = [number for number in halves if one.holds(number) and other.holds(number)]
    apart = gap(one, other) is not None
    if both:
        assert not apart
        shared = shared_range(one, other)
        assert shared is None or [number for number in halves if shared.holds(number)] == both
    elif apart:
        assert shared_range(one, other) is None


@given(DECIMALS, DECIMALS)
def test_a_difference_is_exact(number: Decimal, other: Decimal) -> None:
    found = difference(number, other)
    assert Fraction(found) == Fraction(number) - Fraction(other)
    assert "E" not in f"{found:f}"

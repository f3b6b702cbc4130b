"""Amounts as people read them."""

import pytest

from tracker.domain.terms.amount_wording import amount_text, distance_text, movement_text
from tracker.domain.terms.typed_amounts import read_amount, read_decimal

_BILLIONS = "USD bn a year"


@pytest.mark.parametrize(
    ("typed", "unit", "text"),
    [
        ("300", _BILLIONS, "300 USD bn a year"),
        (">=1300", _BILLIONS, "at least 1,300 USD bn a year"),
        ("<=200", "°C", "at most 200 °C"),
        ("100..300", _BILLIONS, "100 to 300 USD bn a year"),
        ("-1234567.125", "t", "-1,234,567.125 t"),
        ("2035", "year", "2035"),
        ("<=2040", "year", "by 2040"),
        (">=2030", "year", "from 2030"),
        ("2030..2035", "year", "2030 to 2035"),
        ("5", "years", "5 years"),
    ],
)
def test_an_amount_is_read_with_its_unit_once(typed: str, unit: str, text: str) -> None:
    assert amount_text(read_amount(typed), unit) == text


@pytest.mark.parametrize(
    ("old", "new", "unit", "text"),
    [
        (">=100", ">=300", _BILLIONS, "raised by 200 USD bn a year (at least 100 -> at least 300)"),
        ("100", "200..300", _BILLIONS, "raised by 100 to 200 USD bn a year (100 -> 200 to 300)"),
        ("<=1300", "<=1000", _BILLIONS, "lowered by 300 USD bn a year (at most 1,300 -> at most 1,000)"),
        ("100..300", "200..250", _BILLIONS, "narrowed (100 to 300 -> 200 to 250 USD bn a year)"),
        (">=100", "<=50", _BILLIONS, "lowered (at least 100 -> at most 50 USD bn a year)"),
        ("2035", "2040", "year", "5 years later (2035 -> 2040)"),
        ("<=2040", "<=2039", "year", "1 year earlier (by 2040 -> by 2039)"),
        ("<=2035", ">=2038", "year", "later (by 2035 -> from 2038)"),
        ("2035..2040", "2036..2039", "year", "narrowed (2035 to 2040 -> 2036 to 2039)"),
        ("1.5", "2", "°C", "raised by 0.5 °C (1.5 -> 2)"),
    ],
)
def test_a_movement_is_told_with_its_size(old: str, new: str, unit: str, text: str) -> None:
    assert movement_text(read_amount(old), read_amount(new), unit) == text


def test_a_distance_between_years_is_in_years() -> None:
    assert distance_text(read_decimal("1"), "year") == "1 year"
    assert distance_text(read_decimal("1000"), "years") == "1,000 years"

"""Addresses hold the whole question, in the command line's names; what is wrong in them is told all at once."""

from datetime import date

import pytest

from tracker.errors import BadValue
from tracker.web.asking.address import filter_pairs, parameters_of, query_text, read_address

TODAY = date(2020, 2, 1)


def test_days_count_from_today_and_names_are_taken_as_they_are() -> None:
    address = read_address("state", [("on", "7d"), ("party", "Russia"), ("party", "USA"), ("issue", "")], TODAY)
    assert address.values["on"] == date(2020, 1, 25)
    assert address.filters.parties == ("Russia", "USA")
    assert address.filters.issues == ()
    assert list(filter_pairs(address)) == [("party", "Russia"), ("party", "USA")]


@pytest.mark.parametrize(("text", "is_set"), [("1", True), ("on", True), ("Yes", True), ("0", False), ("false", False)])
def test_a_flag_is_yes_or_no(text: str, *, is_set: bool) -> None:
    assert read_address("state", [("inherit", text)], TODAY).values["inherit"] is is_set


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = [
        ("on", "2020-13-01"),
        ("publishedby", "2020-01-01"),
        ("inherit", "perhaps"),
        ("page", "0"),
        ("act", "sings"),
    ]
    with pytest.raises(BadValue) as refused:
        read_address("state", wrong, TODAY)
    told = str(refused.value)
    assert "on: '2020-13-01'" in told
    assert "Did you mean published_by?" in told
    assert "inherit: 'perhaps' is neither yes nor no" in told
    assert "page: '0' is not a whole number of at least 1" in told
    assert "act: 'sings' is not one of" in told


def test_what_takes_one_value_is_not_given_twice() -> None:
    with pytest.raises(BadValue, match="on: it is given twice"):
        read_address("state", [("on", "2020-01-01"), ("on", "2020-01-02")], TODAY)


def test_a_query_stays_readable() -> None:
    assert query_text([("known_at", "@396"), ("issue", "arms-control/inf"), ("text", "a b&c")]) == (
        "known_at=@396&issue=arms-control/inf&text=a+b%26c"
    )


def test_the_comparison_takes_two_days_and_two_clocks() -> None:
    names = {parameter.name for parameter in parameters_of("compare")}
    assert {"from", "to", "known-from", "known-at", "published-by", "party", "issue"} <= names

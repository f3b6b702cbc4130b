"""Addresses hold the whole question, in the command line's names; what is wrong in them is told all at once."""

from datetime import date
from itertools import product

import click
import pytest

from tracker.cli.asking import asking
from tracker.errors import BadValue
from tracker.presenting.parameters import QUESTIONS, Kind, Parameter
from tracker.web.asking.address import address_name, filter_pairs, parameters_of, query_text, read_address, read_values

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


TYPED = (
    *("2020-01-31", " 5 Dec 2019 ", "2020-13-01", "soon", "@12", "@x", "2020-01-01T00:00:00Z", "2020-01-01T00:00"),
    *("0", "1", " +7 ", "-1", "1.5", "1e3", "٣", "9" * 15, "9" * 17, "9" * 98, "9" * 120, "1,300"),
    *("offers", " Offers , demands", "offers,", "ofers", "supports", "direct,reported", "high", "HIGH,low", "x" * 300),
    *("\x1b[31m", "a\nb", "'", "\N{NO-BREAK SPACE}offers"),
)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.FLAG], ids=lambda kind: kind.name)
def test_an_address_reads_a_value_as_the_option_of_the_same_name_does(kind: Kind) -> None:
    asked = {one for question in QUESTIONS.values() for one in question if one.kind is kind}
    assert asked
    for parameter, text in product(asked, TYPED):
        assert by_address(parameter, text) == by_option(parameter, text), (parameter.name, text)


def by_address(parameter: Parameter, text: str) -> object:
    try:
        return read_values((parameter,), [(address_name(parameter), text)], TODAY)[parameter.passed_as]
    except BadValue as refused:
        return refused.message.removeprefix(f"{address_name(parameter)}: ")


def by_option(parameter: Parameter, text: str) -> object:
    command = asking((parameter,))(lambda **_: None)
    option = click.command(command).params[0]
    try:
        return option.type_cast_value(click.Context(click.Command("x")), (text,) if parameter.repeated else text)
    except click.BadParameter as refused:
        return refused.message


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

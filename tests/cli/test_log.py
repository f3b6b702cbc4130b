"""The log in parts: its last entries, those of a type, those of a recorder."""

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.on_both_backends

Run = Callable[..., Any]


@pytest.fixture
def logged(desk_after: Callable[..., Run]) -> Run:
    return desk_after(
        *(
            ("--by", by, "record", "RUS", "start", "supports", "--on", day, "--summary", "x")
            for day, by in (("2019-12-10", "ann"), ("2019-12-11", "bob"), ("2019-12-12", "ann"))
        ),
        ("--by", "bob", "retract", "@5", "--reason", "x"),
    )


def positions(run: Run, *options: str) -> list[int]:
    found = run("log", "--format", "json", *options)
    assert found.code == 0, found.err
    return [row["position"] for row in json.loads(found.out)]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--tail", "2"), [7, 8]),
        (("--tail", "99"), [1, 2, 3, 4, 5, 6, 7, 8]),
        (("--tail", "3", "--after", "6"), [7, 8]),
        (("--after", "@6"), [7, 8]),
        (("--type", "position.stated"), [5, 6, 7]),
        (("--type", "position.stated.v1"), [5, 6, 7]),
        (("--type", "entry"), [8]),
        (("--type", "party.registered", "--limit", "1"), [1]),
        (("--by", "ann"), [5, 7]),
        (("--by", "bob", "--type", "position"), [6]),
        (("--by", "ann", "--tail", "1"), [7]),
        (("--by", "nobody"), []),
    ],
)
def test_the_log_can_be_listed_in_part(logged: Run, options: tuple[str, ...], found: list[int]) -> None:
    assert positions(logged, *options) == found


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--type", "position.state"), "Did you mean position.stated"),
        (("--tail", "1", "--limit", "1"), "give one of them"),
        (("--tail", "0"), "--tail"),
    ],
)
def test_a_part_that_cannot_be_is_wrong_usage(logged: Run, options: tuple[str, ...], says: str) -> None:
    refused = logged("log", *options)
    assert refused.code == 2
    assert says in refused.err


def test_an_empty_part_is_named_by_what_was_asked_for(logged: Run) -> None:
    for options, says in (
        (("--by", "nobody"), "The log has no entry recorded by nobody.\n"),
        (("--after", "8"), "The log has no entry after position 8.\n"),
        (
            ("--by", "bob", "--type", "issue", "--after", "@1"),
            "The log has no entry of the type issue recorded by bob after position 1.\n",
        ),
        (("--by", "nobody", "--tail", "2"), "The log has no entry recorded by nobody.\n"),
    ):
        done = logged("log", *options)
        assert (done.out + done.err) == says

"""What the events of positions, openings and closings hold, and what is no spelling of it."""

from typing import Any

import pytest

from tracker.domain.log.parsing import parse_event
from tracker.errors import BadEvent

_STATED = {"party": "CCC", "issue": "n", "stated_on": "2020-01-05", "summary": "s", "amount": {"at_least": "5"}}
_OPENED = {"issue": "n", "title": "N", "question": "How much?", "form": "quantity", "unit": "t"}


@pytest.mark.parametrize(
    ("type_name", "data", "said"),
    [
        ("position.stated.v2", _STATED | {"red_line": "yes"}, "red_line: 'yes' is not true or false."),
        ("position.stated.v2", _STATED | {"red_line": 1}, "red_line: 1 is not true or false."),
        ("issue.opened.v2", _OPENED | {"own": "no"}, "own: 'no' is not true or false."),
        ("position.stated.v2", _STATED | {"joint_with": ["AAA", "BBB"]}, "CCC and at least one other"),
        ("position.stated.v2", _STATED | {"joint_with": ["CCC"]}, "CCC and at least one other"),
        ("position.stated.v2", _STATED | {"joint_with": ["CCC", "AAA", "AAA"]}, "names a party twice"),
        ("position.stated.v2", _STATED | {"amount": {"at_least": "5", "x": "1"}}, "x: is not a field of an amount."),
        ("position.stated.v2", _STATED | {"amount": ["1"]}, "is not an amount"),
        ("party.succeeded.v1", {"party": "AAA", "by": [], "on": "2020-01-01"}, "by: is an empty list."),
        ("party.succeeded.v1", {"party": "AAA", "by": ["AAA"], "on": "2020-01-01"}, "succeeded by itself"),
        (
            "issue.closed.v2",
            {"issue": "c", "on": "2020-01-01", "outcome": "agreed", "option": "x"},
            "The option x is not below c.",
        ),
        ("issue.opened.v2", _OPENED | {"unit": "a\nb"}, "on one line"),
        ("issue.opened.v2", _OPENED | {"unit": "t" * 61}, "has 61 characters"),
    ],
)
def test_what_is_not_in_its_only_spelling_is_refused_in_a_sentence(
    type_name: str, data: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadEvent) as refused:
        parse_event(type_name, data)
    assert said in str(refused.value)

"""The form of a question has every parameter that the command line takes, filled with what the address holds."""

import re

import pytest
from starlette.testclient import TestClient

from tracker.presenting.parameters import QUESTIONS
from tracker.web.asking.address import address_name
from tracker.web.frame import PATHS

ASKED = {"explain": "party=RUS&issue=extension&", "find": "text=china&", "report": "from=2019-01-01&"}
WITHOUT_FORM = {"find"}
"""Its words stand in a form of their own."""


@pytest.mark.parametrize("question", sorted(set(QUESTIONS) - WITHOUT_FORM))
def test_every_parameter_has_an_input(question: str, client: TestClient) -> None:
    page = client.get(f"{PATHS[question]}?{ASKED.get(question, '')}").text
    inputs = set(re.findall(r'<input [^>]*name="([a-z_]+)"', page))
    assert {address_name(parameter) for parameter in QUESTIONS[question]} <= inputs


def test_what_a_form_left_empty_leaves_the_address(client: TestClient) -> None:
    moved = client.get("/consensus?on=2020-01-01&of=&issue=extension&at=", follow_redirects=False)
    assert moved.status_code == 303
    assert moved.headers["location"] == "/consensus?on=2020-01-01&issue=extension"


def test_values_given_several_times_stay_as_one_is_added(client: TestClient) -> None:
    page = client.get("/asks?on=2020-01-01&party=RUS&party=USA").text
    assert page.count('<input type="hidden" name="party"') == 2
    assert re.search(r'<input type="text" name="party" value=""', page)

"""Asks and conditions as people read them: the amount that is asked for, and a joint statement as one line."""

import json
import re

import pytest

from tests.reports.views import Ask

TEXT = """
    party EUN name="European Union"
    party USA name="United States"
    party G77 name="Group of 77"
    party IND name="India"
    issue goal form=quantity unit="USD bn"
    stated EUN goal <=300 2024-11-05 act=offers addressed_to=G77 joint_with=EUN,USA if="by 2035" summary="Paid by both."
    stated USA goal <=300 2024-11-05 act=offers addressed_to=G77 joint_with=EUN,USA if="by 2035" summary="Paid by both."
    stated IND goal 15 2024-11-06 act=demands addressed_to=EUN red_line=yes stated_as="1.3 lakh crore rupees"
    stated IND net-zero supports 2024-11-06 act=demands addressed_to=EUN
    """
ON = ("--on", "2024-11-20")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_an_ask_shows_its_amount_in_the_unit_with_its_signs_and_their_legend(read: Ask, form: str) -> None:
    shown = read(TEXT, "asks", *ON, form=form)
    assert "at most 300 USD bn" in shown
    assert "≈15 USD bn" in shown
    assert "≈ our conversion of its own words" in shown
    assert "‖ red line" in shown
    assert "demands supports" not in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize(("view", "words"), [("asks", "Paid by both."), ("conditions", "by 2035")])
def test_a_joint_statement_is_listed_once_with_all_who_made_it(read: Ask, view: str, words: str, form: str) -> None:
    shown = read(TEXT, view, *ON, "--no-titles", form=form)
    assert re.search(r"EUN, (United States )?USA jointly", shown)
    assert shown.count(words) == 1


def test_a_joint_statement_of_which_a_partys_record_differs_is_listed_apart_with_a_mark(read: Ask) -> None:
    apart = read(TEXT + "withdrawn USA goal 2024-11-07\n", "asks", "--all", *ON, form="table")
    assert "jointly to" not in apart
    assert apart.count("at most 300 USD bn&") == 2
    assert "& stated jointly" in apart


def test_data_keep_a_row_for_each_party_of_a_joint_ask_with_its_amount(read: Ask) -> None:
    rows = json.loads(read(TEXT, "asks", *ON, "--issue", "goal", form="json"))
    assert [(row["party"], row["amount"]) for row in rows] == [
        ("EUN", {"at_most": "300"}),
        ("IND", {"at_least": "15", "at_most": "15"}),
        ("USA", {"at_most": "300"}),
    ]
    heading, *lines = read(TEXT, "asks", *ON, "--issue", "goal", form="csv").splitlines()
    at_most = heading.split(",").index("at_most") - len(heading.split(","))
    assert [line.split(",")[at_most] for line in lines] == ["300", "15", "300"]

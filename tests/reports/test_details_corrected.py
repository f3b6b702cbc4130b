"""Corrections of what a statement says besides its position are told field by field."""

import json

import pytest

from tests.reports.views import Ask

TEXT = """
    issue goal form=quantity unit=tons
    a: stated RUS goal >=100 2020-01-05 could_accept=>=50 priority=medium tags=x,y note=Old provision="Art. 4"
    b: corrected a priority=high red_line=yes could_accept=>=40 tags=x note=New provision=- reason=Misread.
    party USA
    ask: stated USA trade opposes 2020-01-06 act=asks addressed_to=RUS
    stated RUS goal 20 2020-01-05 answers=ask sequence=1
    """
CHANGED = {
    "priority": "medium -> high",
    "red line": "(not given) -> yes",
    "could accept": "at least 50 -> at least 40",
    "provision": "Art. 4 -> (not given)",
    "tags": "x; y -> x",
    "note": "Old -> New",
}
DAYS = ("--from", "2020-01-01", "--to", "2020-02-01")


def words(answer: str) -> str:
    return " ".join(answer.replace("\\", "").replace("&gt;", ">").split())


def test_an_entry_that_corrects_another_shows_every_field_that_it_changed(ask: Ask) -> None:
    shown = words(ask("show", "@4", text=TEXT, width=200))
    for field, change in CHANGED.items():
        assert f"changed {field}: {change}" in shown
    assert shown.count("changed") == len(CHANGED)
    assert "changed" not in ask("show", "@3", text=TEXT)
    assert json.loads(ask("show", "@4", "--format", "json", text=TEXT))["type"] == "entry.corrected.v2"


@pytest.mark.parametrize("form", ["table", "md"])
def test_a_report_names_what_else_was_corrected(ask: Ask, form: str) -> None:
    shown = words(ask("report", *DAYS, "--format", form, text=TEXT, width=250))
    assert "was corrected to at least 100 tons‖ (could accept at least 50 -> at least 40; " in shown
    assert "another note; priority medium -> high; another provision; other tags; red line none -> yes)" in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_an_answer_that_names_its_ask_shows_with_the_unit_of_its_own_issue(ask: Ask, form: str) -> None:
    shown = words(ask("asks", "--all", "--on", "2020-02-01", "--format", form, text=TEXT, width=250))
    assert "RUS on goal in answer: 20 tons" in shown

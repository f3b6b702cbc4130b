"""Outcomes in reports: what each party held when an issue was closed, with its marks; nobody is left out."""

import re

import pytest

from tests.reports.views import Ask

TEXT = """
    issue goal form=quantity unit="USD bn"
    issue coal form=choice
    issue coal/down
    issue coal/out
    issue coal/none
    stated EUN goal <=300 2024-11-05 could_accept=<=450
    stated IND goal >=600 2024-11-05 attribution=inferred
    stated SAU goal 100 2024-11-05 speaker=A
    stated SAU goal 150 2024-11-06 speaker=B
    stated POL goal 300 2024-11-05
    withdrawn POL goal 2024-11-06
    stated EUN coal/down supports 2024-11-05
    stated EUN coal/none opposes 2024-11-05 red_line=yes
    stated EUN coal/out supports 2024-11-05
    stated IND coal/out opposes 2024-11-05
    stated SAU coal/none supports 2024-11-05 red_line=yes
    stated USA coal/none opposes 2024-11-05
    withdrawn USA coal/none 2024-11-06
    closed goal 2024-11-20 agreed amount=335
    closed coal 2024-11-20 agreed option=coal/down
    """


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_an_outcome_names_everybody_with_a_position_on_the_issue_and_its_marks(read: Ask, form: str) -> None:
    shown = read(TEXT, "report", "--from", "2024-11-10", "--to", "2024-11-20", "--no-titles", form=form)
    for words in (
        "IND 265 above (at least 600?)",
        "SAU 185 short (150!)",
        "EUN 35 short (at most 300; could accept at most 450)",
        "POL withdrew its position",
        "supports: EUN (x none‖); nothing said of it: IND (x out), SAU (+ none‖); USA withdrew its position on none",
        "? inferred, not in the words",
        "! contested",
        "‖ red line",
    ):
        assert words in shown, words
    assert "stated jointly" not in shown


def test_no_line_breaks_between_a_sign_and_its_word(ask: Ask) -> None:
    report = ("report", "--from", "2024-11-10", "--to", "2024-11-20", "--no-titles")
    views = (report, ("consensus", "--on", "2024-11-10"), ("state", "--closed", "--on", "2024-11-30"))
    for view in views:
        for width in range(44, 90, 3):
            shown = ask(*view, text=TEXT, width=width)
            broken = [line for line in shown.splitlines() if re.search(r"(^|[ (\[])[-+x~=w‖]$|‖ red$", line)]
            assert not broken, (view, width)
            assert "\u00a0" not in shown


def test_markdown_of_a_choice_has_the_day_on_which_a_party_last_said_so(read: Ask) -> None:
    text = """
        issue coal form=choice
        issue coal/down
        stated EUN coal/down supports 2024-11-05
        stated EUN coal/down supports 2024-11-12
        """
    shown = read(text, "state", "--on", "2024-11-20", form="md")
    assert "down (12 Nov 2024)" in shown
    assert "8d" in read(text, "state", "--on", "2024-11-20", form="table")

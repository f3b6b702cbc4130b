"""Days that are known to the month or the year alone read alike wherever they show, and documents have their date."""

import json

import pytest

from tests.reports.views import Ask

TEXT = """
    party FJI name=Fiji
    party AOSIS kind=bloc
    stated AOSIS goal supports 1990-05-01
    started FJI AOSIS 1991
    ended FJI AOSIS 2004-05
    """
DAYS = ("--from", "1990-06-01", "--to", "2010-01-01", "--inherit", "--no-titles")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_membership_from_a_year_reads_so_in_reports_and_histories(read: Ask, form: str) -> None:
    shown = read(TEXT, "report", *DAYS, form=form)
    assert "1991 to May 2004" in shown
    assert "1991 FJI joined AOSIS" in shown.replace("1991: FJI", "1991 FJI").replace("Fiji ", "")
    assert "31 Dec" not in shown
    history = read(TEXT, "history", "--inherit", "--party", "FJI", "--no-titles", form=form)
    assert "1991 to May 2004" in history
    assert "Dec 1991" not in history + shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_position_taken_from_a_year_on_is_held_since_that_year(read: Ask, form: str) -> None:
    for view in (("state",), ("explain", "FJI", "goal")):
        shown = read(TEXT, *view, "--inherit", "--on", "1999-01-01", form=form)
        assert "1991" in shown
        assert "Dec 1991" not in shown, view


def test_data_have_the_day_from_which_it_is_in_force(read: Ask) -> None:
    rows = json.loads(read(TEXT, "report", *DAYS, form="json"))
    assert [row["on"] for row in rows["context"]] == ["1991-12-31", "2004-05-31"]
    assert next((row["on"], row["member_since"], row["member_until"]) for row in rows["changes"]) == (
        "1991-12-31",
        "1991-12-31",
        "2004-05-30",
    )
    (cell,) = [
        row
        for row in json.loads(read(TEXT, "state", "--inherit", "--on", "1999-01-01", form="json"))
        if row["party"] == "FJI"
    ]
    assert cell["since"] == "1991-12-31"


def test_members_that_joined_in_a_year_stand_apart_from_those_of_its_last_day(read: Ask) -> None:
    shown = read(f"{TEXT}\nstarted TUV AOSIS 1991-12-31", "report", *DAYS, form="table")
    assert "1991 FJI joined AOSIS" in shown
    assert "31 Dec 1991 TUV joined AOSIS" in shown

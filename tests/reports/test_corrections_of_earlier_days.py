"""A report hints at corrections that were recorded on its days and concern earlier ones: in words, not in data."""

import json

import pytest

from tests.reports.views import Ask

TEXT = """
    a: stated RUS trade supports 2029-12-01 at=2029-12-02T00:00:00+00:00
    b: stated USA trade opposes 2029-12-02
    c: stated CHN trade opposes 2029-12-03
       stated IND trade opposes 2030-01-02 at=2030-01-02T00:00:00+00:00
    d: corrected a stance=opposes
       retracted b
       corrected c stated_on=2030-01-02
    """
NIGHT = ("report", "--from", "2030-01-01", "--to", "2030-01-03")
HINT = "2 corrections of ours were recorded after 1 Jan 2030 and concern earlier days; --known-from 2030-01-01 shows"


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_corrections_of_earlier_days_that_were_recorded_on_the_days_reported_are_counted(read: Ask, form: str) -> None:
    shown = read(TEXT, *NIGHT, form=form)
    assert HINT in shown
    assert "1 correction of ours" in shown  # of CHN, which has a section


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize(
    "narrowed",
    [
        (*NIGHT, "--known-from", "2030-01-01"),
        (*NIGHT, "--party", "IND"),
        ("report", "--from", "2030-01-02", "--to", "2030-01-03"),
        (*NIGHT, "--known-at", "@5"),
        ("report", "--from", "2029-11-01", "--to", "2030-01-03"),
    ],
)
def test_there_is_no_hint_where_they_are_shown_not_asked_for_or_recorded_on_other_days(
    read: Ask, narrowed: tuple[str, ...], form: str
) -> None:
    assert "earlier days" not in read(TEXT, *narrowed, form=form)


def test_one_correction_of_an_occurrence_is_told_too(read: Ask) -> None:
    text = """
        milestone Summit 2029-12-01 at=2029-12-02T00:00:00+00:00
        s: milestone Talks 2029-12-03
        corrected s title=Summit at=2030-01-02T00:00:00+00:00
        """
    shown = read(text, *NIGHT, form="table")
    assert "1 correction of ours was recorded after 1 Jan 2030 and concerns earlier days" in shown


def test_data_do_not_have_the_hint(read: Ask) -> None:
    assert "earlier_days" not in json.loads(read(TEXT, *NIGHT, form="json"))
    assert "earlier days" not in read(TEXT, *NIGHT, form="csv")

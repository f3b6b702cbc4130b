"""An issue shows in the wording that was known and public at the cut-offs of an answer."""

import json
from collections.abc import Callable

import pytest

from tests.questions.forms import in_forms
from tracker.reports.wording import EARLIER_WORDING

TEXT = """
    party RUS
    party USA
    source un published_on=2020-01-06
    issue t/a title=Former question="Below 2 degrees?"
    stated RUS t/a supports 2020-01-05 act=demands addressed_to=USA if="it works" source=un
    reworded t/a 2020-02-01 title=Later question="Below 1.5 degrees?"
    """
VIEWS = (
    ("state", "--on", "2020-03-01", "--questions"),
    ("asks", "--on", "2020-03-01"),
    ("conditions", "--on", "2020-03-01"),
    ("history", "--on", "2020-03-01"),
    ("explain", "RUS", "t/a", "--on", "2020-03-01"),
    ("report", "--from", "2020-01-01", "--to", "2020-03-01"),
    ("find", "Said"),
)


@pytest.mark.parametrize("form", ["table", "md"])
def test_a_search_marks_an_answer_to_an_earlier_wording(ask: Callable[..., str], form: str) -> None:
    assert EARLIER_WORDING in ask("find", "Said", "--format", form)
    assert EARLIER_WORDING not in ask("find", "Said", "--on", "2020-01-31", "--format", form)
    (row,) = json.loads(ask("find", "Said", "--format", "json"))
    assert row["reworded"]


@pytest.mark.parametrize("cut", [("--published-by", "2020-01-31"), ("--known-at", "@5")], ids=" ".join)
@pytest.mark.parametrize(("view", "form"), in_forms(VIEWS, "table", "md", "html"))
def test_no_view_shows_a_wording_before_it_was_public_and_known(
    ask: Callable[..., str], view: tuple[str, ...], form: str, cut: tuple[str, str]
) -> None:
    shown = ask(*view, *cut, "--titles", "--format", form)
    assert "1.5 degrees" not in shown
    assert "Later" not in shown
    assert ("Former" in shown) is ("Later" in ask(*view, "--titles", "--format", form))

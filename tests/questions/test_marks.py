"""What a stance rests on is said wherever it shows: for whom, by whose account, before which government."""

import json
from collections.abc import Callable

import pytest

from tests.questions.forms import in_forms

TEXT = """
    party RUS
    party USA
    party CSTO kind=bloc
    issue afghanistan
    a: stated RUS afghanistan supports 2019-12-10 attribution=ascribed ascribed_by=USA on_behalf_of=CSTO act=asks addressed_to=USA if=y
    stated USA afghanistan neutral 2019-12-11 attribution=inferred standing=remark
    milestone Election 2020-05-01 category=government parties=RUS
    b: corrected a stance=conditional attribution=inferred
    issue inf
    stated RUS inf supports 2019-12-01 act=proposes addressed_to=USA
    withdrawn RUS inf 2019-12-20
    stated USA inf opposes 2019-12-24
    """  # noqa: E501
ON = ("--on", "2020-12-31")
REPORT = ("report", "--from", "2019-12-09", "--to", "2019-12-10")
VIEWS = (
    ("state", *ON),
    ("history", *ON),
    ("explain", "RUS", "afghanistan", *ON),
    REPORT,
    ("asks", *ON),
    ("conditions", *ON),
    ("find", "Said", "--issue", "afghanistan"),
)


@pytest.mark.parametrize(("view", "form"), in_forms(VIEWS, "table", "md", "html"))
def test_every_view_says_for_whom_and_by_whose_account(
    ask: Callable[..., str], view: tuple[str, ...], form: str
) -> None:
    shown = ask(*view, "--format", form)
    assert "for CSTO" in shown
    assert "as USA says" in shown


@pytest.mark.parametrize("view", [view for view in VIEWS if view[0] != "explain"], ids=" ".join)
def test_rows_say_for_whom_and_by_whose_account(ask: Callable[..., str], view: tuple[str, ...]) -> None:
    found = json.loads(ask(*view, "--format", "json"))
    rows = found["changes"] if view is REPORT else found
    (row,) = [row for row in rows if (row["party"], row["issue"]) == ("RUS", "afghanistan")]
    assert (row["on_behalf_of"], row["ascribed_by"]) == (["CSTO"], "USA")


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("view", [("asks", *ON), ("conditions", *ON), VIEWS[2], ("state", *ON)], ids=" ".join)
def test_what_was_last_stated_before_a_new_government_is_marked(
    ask: Callable[..., str], view: tuple[str, ...], form: str
) -> None:
    shown = ask(*view, "--format", form)
    assert "last stated before its government of 1 May 2020" in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_corrections_and_what_was_learned_keep_the_marks(ask: Callable[..., str], form: str) -> None:
    shown = ask(*REPORT, "--format", form).replace("\\^", "^")
    assert "supports^, was corrected to conditional?" in shown
    learned = ask("report", "--from", "2019-12-12", "--to", "2020-01-01", "--known-from", "@7", "--format", form)
    assert "supports^ as known then, conditional? as known now" in learned.replace("\\^", "^") or form == "html"


def test_corrections_and_what_was_learned_have_attributions_as_data(ask: Callable[..., str]) -> None:
    (row,) = json.loads(ask(*REPORT, "--format", "json"))["corrections"]
    assert (row["from_attribution"], row["to_attribution"]) == ("ascribed", "inferred")
    found = json.loads(ask("report", "--from", "2019-12-12", "--known-from", "@7", "--format", "json"))
    late = next(row for row in found["learned"] if row["kind"] == "corrected")
    assert (late["from_attribution"], late["to_attribution"]) == ("ascribed", "inferred")


def test_an_ask_that_was_withdrawn_is_not_open_and_nothing_later_answers_it(ask: Callable[..., str]) -> None:
    assert json.loads(ask("asks", *ON, "--issue", "inf", "--format", "json")) == []
    (row,) = json.loads(ask("asks", *ON, "--issue", "inf", "--all", "--format", "json"))
    assert (row["withdrawn_on"], row["answered_by"], row["said_since_stance"]) == ("2019-12-20", None, "opposes")
    shown = ask("asks", *ON, "--issue", "inf", "--all")
    assert "withdrawn on 20 Dec 2019" in shown
    assert "USA on inf since: opposes (24 Dec 2019: after the ask was withdrawn)" in shown


def test_an_ask_that_was_withdrawn_later_is_open_before(ask: Callable[..., str]) -> None:
    assert len(json.loads(ask("asks", "--on", "2019-12-19", "--issue", "inf", "--format", "json"))) == 1


def test_what_is_inferred_is_called_that_and_no_answer(ask: Callable[..., str]) -> None:
    shown = ask("asks", *ON)
    assert "USA on afghanistan since: neutral?° (11 Dec 2019: inferred, no answer)" in shown
    assert "? inferred" in shown

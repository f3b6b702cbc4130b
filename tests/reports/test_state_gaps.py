"""What a state and an explanation say of issues and parties that have no row: outcomes, parties without a position."""

import json
from collections.abc import Callable

import pytest

FORMS = ("table", "md", "html")
ON = ("--on", "2019-12-31")
TEXT = """
    party CHN
    party RUS
    issue arms/y
    closed arms/y 2019-05-01 agreed
    stated USA arms/x supports 2019-02-01
    """

Read = Callable[..., str]


@pytest.mark.parametrize("form", FORMS)
def test_a_closed_issue_on_which_nobody_has_a_stance_shows_its_outcome(read: Read, form: str) -> None:
    day = " on " if form == "md" else " "
    for question in (("state", *ON), ("state", *ON, "--issue", "arms/y"), ("state", *ON, "--wide")):
        shown = read(TEXT, *question, form=form)
        assert f"agreed{day}1 May 2019" in shown
        assert "no stance on record" in shown
    for other in (("--on", "2019-04-30"), (*ON, "--issue", "arms/x"), (*ON, "--party", "USA")):
        assert "agreed" not in read(TEXT, "state", *other, form=form)
    assert "agreed" in read(TEXT, "state", *ON, "--issue", "arms/y", "--party", "CHN", form=form)


@pytest.mark.parametrize("form", ["table", "html"])
def test_an_explanation_without_a_stance_shows_the_outcome(read: Read, form: str) -> None:
    assert "closed: agreed on 1 May 2019" in read(TEXT, "explain", "CHN", "arms/y", *ON, form=form)
    assert "closed" not in read(TEXT, "explain", "CHN", "arms/y", "--on", "2019-04-30", form=form)


def test_an_explanation_without_a_stance_has_the_outcome_as_data(read: Read) -> None:
    found = json.loads(read(TEXT, "explain", "CHN", "arms/y", *ON, form="json"))
    assert (found["conclusion"], found["closed"]) == (None, {"on": "2019-05-01", "outcome": "agreed"})
    assert json.loads(read(TEXT, "explain", "USA", "arms/x", *ON, form="json"))["closed"] is None


@pytest.mark.parametrize("form", FORMS)
def test_parties_that_were_asked_for_and_have_no_row_are_named(read: Read, form: str) -> None:
    assert "No position on record: RUS, CHN." in read(
        TEXT, "state", *ON, "--party", "RUS", "--party", "USA", "--party", "CHN", form=form
    )
    assert "No position on record: CHN." in read(TEXT, "state", *ON, "--party", "CHN", form=form)
    for complete in ((), ("--party", "USA")):
        assert "No position" not in read(TEXT, "state", *ON, *complete, form=form)


@pytest.mark.parametrize("form", FORMS)
def test_the_cells_of_stances_on_an_earlier_wording_are_marked_on_folded_issues_too(read: Read, form: str) -> None:
    text = """
        issue x
        stated USA x supports 2019-11-01
        reworded x 2019-12-01 question="Should it be longer?"
        stated RUS x supports 2019-12-02
        """
    shown = read(text, "state", *ON, form=form)
    cells, legend, _ = shown.partition("‡ answers an earlier wording of the question")
    assert legend
    assert cells.replace(" ‡", "‡").count("supports‡") == 1
    folded = read(f"{text}\nclosed x 2019-12-05 agreed", "state", *ON, form=form)
    marked = {"table": "USA +‡", "md": "USA supports‡", "html": "USA + supports‡"}
    assert marked[form] in folded.replace(" ‡", "‡")
    assert "‡" not in read(text, "state", "--on", "2019-11-30", form=form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("question", [("state",), ("report", "--from", "2018-12-31", "--to", "2019-12-31")])
def test_statements_that_are_left_out_are_named(read: Read, question: tuple[str, ...], form: str) -> None:
    day = ON if question == ("state",) else ()
    cut = (*question, *day, "--published-by", "2019-12-31")
    assert "public record (@7; see tracker show @7)." in read(TEXT, *cut, form=form)
    more = "".join(f"stated USA arms/x opposes 2019-03-0{number}\n" for number in range(1, 6))
    assert "(@7, @8, @9 and 3 more; see tracker show @7)." in read(TEXT + more, *cut, form=form)

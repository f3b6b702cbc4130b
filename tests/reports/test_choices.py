"""Choices as people see them: options folded under their choice, and what became of them in reports."""

import json

import pytest

from tests.reports.views import Ask

TEXT = """
    issue coal form=choice title=Coal question="Which wording?"
    issue coal/out title="Phase out"
    issue coal/down title="Phase down"
    issue coal/none title="No mention"
    issue trade
    stated EUN coal/out supports 2021-11-01
    stated EUN coal/down opposes 2021-11-01
    stated IND coal/down supports 2021-11-01 if="there is money"
    stated IND coal/out opposes 2021-11-01
    stated SAU coal/none supports 2021-11-01
    stated SAU coal/out sceptical 2021-11-01
    stated EUN trade supports 2021-11-01
    stated EUN coal/down neutral 2021-11-12 act=accepts
    stated EUN coal/out neutral 2021-11-12
    """
CLOSED = TEXT + "closed coal 2021-11-13 agreed option=coal/down\n"
WEEK = ("--from", "2021-11-05", "--to", "2021-11-12")


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_state_folds_the_options_of_a_choice_by_party(ask: Ask, width: int) -> None:
    shown = ask("state", "--on", "2021-11-12", text=TEXT, width=width)
    assert all(len(line) <= width for line in shown.splitlines())
    words = " ".join(shown.split())
    assert "EUN o can live with down 0d = is undecided on out 0d" in words
    assert "IND + supports down 11d x opposes out 11d" in words
    assert "SAU + supports none 11d - doubts out 11d" in words
    assert "coal/out" not in words.replace("on coal/out", "")


@pytest.mark.parametrize("form", ["md", "html"])
def test_documents_fold_the_options_too(read: Ask, form: str) -> None:
    shown = read(TEXT, "state", "--on", "2021-11-12", form=form)
    for words in ("can live with", "is undecided on", "supports", "doubts", "opposes", "one of these options"):
        assert words in shown, words


def test_options_are_ordinary_rows_as_data(read: Ask) -> None:
    rows = json.loads(read(TEXT, "state", "--on", "2021-11-12", form="json"))
    assert {row["issue"] for row in rows} == {"coal/out", "coal/down", "coal/none", "trade"}


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_closed_choice_is_one_line_with_what_parties_last_said_of_its_options(read: Ask, form: str) -> None:
    shown = read(CLOSED, "state", "--on", "2021-11-20", form=form)
    assert ("agreed: down" if form == "table" else "agreed: Phase down") in shown
    assert shown.count("13 Nov 2021") == 1
    assert "superseded" not in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_report_says_which_options_fell_away_and_which_nobody_opposes_any_more(read: Ask, form: str) -> None:
    shown = read(TEXT, "report", *WEEK, form=form)
    assert "fell away: nobody supports it any more" in shown
    assert "nobody opposes it any more" in shown
    assert "2 options shifted" in shown
    closed = read(CLOSED, "report", "--from", "2021-11-12", "--to", "2021-11-13", form=form)
    assert closed.count("fell away: superseded on 13 Nov 2021") == 2


def test_an_option_that_somebody_else_supports_or_opposes_still_has_not_shifted(read: Ask) -> None:
    text = TEXT + "stated USA coal/out supports 2021-11-02\nstated USA coal/down opposes 2021-11-02\n"
    assert "shifted" not in read(text, "report", *WEEK, form="table")


def test_what_became_of_an_option_does_not_depend_on_the_parties_asked_for(read: Ask) -> None:
    text = TEXT + "stated USA coal/out supports 2021-11-02\n"
    shown = read(text, "report", *WEEK, "--party", "EUN", form="table")
    assert "fell away" not in shown
    assert "nobody opposes it any more" in shown


def test_a_report_folds_a_partys_options_under_their_choice(read: Ask) -> None:
    shown = read(TEXT, "report", *WEEK, form="table")
    assert "EUN on coal: down: opposes -> neutral" in shown
    assert "out: supports -> neutral" in shown
    assert "2 positions moved" in shown


def test_a_report_on_questions_alone_has_no_section_on_options(read: Ask) -> None:
    assert "OPTIONS" not in read("stated EUN trade supports 2021-11-06", "report", *WEEK, form="table")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_choice_tells_at_its_head_how_it_was_closed_or_that_it_is_open_again(read: Ask, form: str) -> None:
    closed = read(CLOSED, "state", "--on", "2021-11-13", form=form)
    option = "down" if form == "table" else "Phase down"
    assert f"one of these options, agreed: {option} on 13 Nov 2021" in closed
    assert "superseded" not in closed
    assert "no stance on record" not in closed
    again = read(f"{CLOSED}reopened coal 2021-11-14\n", "state", "--on", "2021-11-14", form=form)
    assert "one of these options, open again since 14 Nov 2021" in again
    assert again.count("open again") == 1


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_an_explanation_of_a_choice_shows_what_the_party_holds_on_each_option(read: Ask, form: str) -> None:
    shown = " ".join(read(TEXT, "explain", "SAU", "coal", "--on", "2021-11-12", form=form).replace("\xa0", " ").split())
    assert "+ supports none; - doubts out" in shown
    assert "none on record" not in shown
    for option in ("none", "out"):
        assert f"tracker explain SAU coal/{option} --on 2021-11-12" in shown
    assert "none on record" in read(TEXT, "explain", "SAU", "coal", "--on", "2021-10-12", form=form)


def test_an_explanation_of_a_choice_shows_what_a_member_takes_from_its_bloc(read: Ask) -> None:
    joined = TEXT + "started DEU EUN 2021-01-01\n"
    asked = ("explain", "DEU", "coal", "--on", "2021-11-12")
    assert "none on record" in read(joined, *asked, form="table")
    shown = " ".join(read(joined, *asked, "--inherit", form="table").replace("\xa0", " ").split())
    assert "o can live with down<; = is undecided on out< inherited from EUN" in shown
    assert "tracker explain DEU coal/down --on 2021-11-12 --inherit" in shown
    data = json.loads(read(joined, *asked, "--inherit", form="json"))
    assert data["conclusion"] is None
    assert "options" not in data

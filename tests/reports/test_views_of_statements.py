"""What views say of single statements and events: closed issues, whom they are for, their words, members, notes."""

import json
import re

import pytest

from tests.reports.test_html import Page
from tests.reports.views import CLOSED, Ask

MEMBERS = """
    party GBR name="United Kingdom"
    party EUN name="European Union" kind=bloc
    wrong: stated GBR trade supports 2020-01-10
    corrected wrong stance=opposes
    started GBR EUN 1973-01-01
    ended GBR EUN 2020-02-01
    closed trade 2020-03-01 agreed
    """
CHANGES = ("report", "--from", "2019-12-31", "--to", "2020-12-31", "--titles")


def test_a_closed_issue_keeps_its_rows_on_its_day_by_its_path_wide_or_when_unfolded(ask: Ask) -> None:
    text = "stated RUS a/b supports 2019-01-01\nstated RUS a/c supports 2019-01-01\nclosed a/b 2019-06-01 agreed"

    def folded(*question: str) -> bool:
        shown = ask("state", *question, text=text)
        kept = "b, closed: agreed on 1 Jun 2019" in shown
        assert kept != ("closed: b, agreed 1 Jun 2019" in shown)
        return not kept

    assert folded("--on", "2019-06-02")
    assert folded("--on", "2019-06-02", "--issue", "a")
    assert not folded("--on", "2019-06-01")
    assert not folded("--on", "2019-06-02", "--issue", "a/b")
    assert not folded("--on", "2019-06-02", "--wide")
    assert not folded("--on", "2019-06-02", "--closed")
    assert "closed" not in ask("state", "--on", "2019-05-31", text=text)


def test_what_is_said_for_others_or_answers_an_earlier_question_stands_beside_the_stance(ask: Ask) -> None:
    text = """
        issue x
        party ALBA kind=bloc
        party USA
        stated CUB x supports 2019-01-01 on_behalf_of=ALBA
        stated RUS x opposes 2019-01-01 attribution=ascribed ascribed_by=USA
        reworded x 2019-02-01 question="Should it be longer?"
        milestone Election 2019-03-01 category=government parties=RUS
        """
    for form in ("table", "md", "html"):
        shown = " ".join(ask("state", "--on", "2019-04-01", "--format", form, text=text).split())
        for words in ("for ALBA", "as USA says", "an answer to an earlier wording", "its government of 1 Mar"):
            assert words in shown, (form, words)


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_conditions_on_closed_issues_are_folded_for_people_unless_they_are_asked_for(ask: Ask, form: str) -> None:
    conditions = ("conditions", "--on", "2019-12-31", "--format", form)
    folded = ask(*conditions, text=CLOSED)
    assert "mutual" not in folded
    assert "verified" in folded
    assert "1 stance on closed issues; --closed shows them." in folded
    for more in (("--closed",), ("--issue", "arms/inf"), ("--on", "2019-08-02")):
        assert "mutual" in ask(*conditions, *more, text=CLOSED)


def test_conditions_on_closed_issues_are_data(ask: Ask) -> None:
    assert len(json.loads(ask("conditions", "--on", "2019-12-31", "--format", "json", text=CLOSED))) == 2


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_asks_that_are_not_listed_are_counted_in_every_format(ask: Ask, form: str) -> None:
    answered = CLOSED + "\n    stated RUS trade opposes 2019-04-01"
    asked = ask("asks", "--on", "2019-12-31", "--format", form, text=answered)
    assert "1 answered, withdrawn or on an issue that was closed; --all shows them." in asked


def test_markdown_of_a_history_has_the_words_their_speaker_and_their_source(ask: Ask) -> None:
    markdown = ask("history", "RUS", "arms/inf", "--on", "2019-12-31", "--format", "md", text=CLOSED)
    assert r"| Said so. (Lavrov) “We are ready.” (if: mutual) | \[2\] |" in markdown
    assert ask("history", "--on", "2019-12-31", text=CLOSED).startswith(
        "History up to 31 Dec 2019\nlog position 11\n\n"
    )


def test_find_takes_several_words(ask: Ask) -> None:
    assert ask("find", "Said", "so", text=CLOSED).count("Said so.") == 4
    assert ask("find", '"Said so"', "we", text=CLOSED).count("Said so.") == 1


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_party_is_named_once_in_a_note_that_two_of_its_statements_call_for(ask: Ask, form: str) -> None:
    text = "party CHN\nissue ext\n" + "\n".join(
        f"stated CHN ext {stance} 2020-01-0{day} summary={summary}"
        for stance, day, summary in (("opposes", 1, "one"), ("opposes", 1, "two"), ("neutral", 3, "three"))
    )
    shown = ask("state", "--on", "2020-01-03", "--format", form, text=text)
    assert shown.count("against opposes") == 1
    assert "CHN, CHN" not in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_context_names_a_member_and_its_bloc(ask: Ask, form: str) -> None:
    answer = ask(*CHANGES, "--format", form, text=MEMBERS, width=200)
    assert "United Kingdom (GBR) left European Union (EUN)" in answer


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_closing_without_a_note_is_said_once(ask: Ask, form: str) -> None:
    answer = Page(ask(*CHANGES, "--no-titles", "--format", form, text=MEMBERS)).text
    assert len(re.findall(r"trade\W+agreed", answer)) == 1


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_our_corrections_give_their_log_position(ask: Ask, form: str) -> None:
    assert re.search(r"@5\\?[)\]]", Page(ask(*CHANGES, "--format", form, text=MEMBERS, width=200)).text)


@pytest.mark.parametrize("width", [60, 100])
def test_a_history_on_a_terminal_has_the_words_quoted_and_the_conditions(ask: Ask, width: int) -> None:
    shown = " ".join(ask("history", "RUS", "arms/inf", "--on", "2019-12-31", text=CLOSED, width=width).split())
    assert "Said so. (Lavrov) “We are ready.” (if: mutual)" in shown


def test_a_state_that_a_list_leaves_empty_does_not_say_that_nobody_holds_anything(ask: Ask) -> None:
    shown = ask("state", "--on", "2019-12-31", "--tag", "nothing", text=CLOSED)
    assert "Nothing on record on 31 Dec 2019 matches what was asked for." in shown
    assert "Nobody" not in shown

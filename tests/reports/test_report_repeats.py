"""What a report gathers in one line: chains of our corrections, members that joined a bloc on one day."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.ledger import entries
from tracker.domain.report.corrections import corrections
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.reports.wording import EARLIER_WORDING

FORMS = ("table", "md", "html")
REPORT = ("report", "--from", "2019-12-31", "--to", "2020-12-31", "--no-titles")

Ask = Callable[..., str]


@pytest.fixture
def ask(read: Callable[..., str]) -> Ask:
    def asked(text: str, *more: str, form: str) -> str:
        return read(text, *REPORT, *more, form=form).replace("&gt;", ">")

    return asked


CHAIN = """
    a: stated USA x supports 2020-01-05
    b: corrected a stance=opposes reason=Misread.
    c: corrected b stance=supports reason="Undone by its recorder."
    d: corrected c stance=opposes reason="Undone by its recorder."
    """


@pytest.mark.parametrize("form", FORMS)
def test_a_chain_of_corrections_is_one_line_with_its_net_effect_and_each_reason_once(ask: Ask, form: str) -> None:
    shown = ask(CHAIN, form=form)
    assert shown.count("USA on x, 5 Jan 2020: supports, was corrected to opposes, in 3 steps.") == 1
    assert shown.count("was corrected") == 1
    assert "Misread. Undone by its recorder. (twice) (analyst, 1 Jan 2030" in shown
    assert "@4..@6" in shown
    assert "3 corrections of ours" in shown


@pytest.mark.parametrize("form", FORMS)
def test_a_correction_marks_answers_to_an_earlier_wording(ask: Ask, form: str) -> None:
    text = f"issue x question=Old?\n{CHAIN}\nreworded x 2020-02-01 question=New?"
    chain = f"supports ({EARLIER_WORDING}), was corrected to opposes ({EARLIER_WORDING}), in 3 steps."
    assert chain in ask(text, form=form)
    moved = ask(text + "\ncorrected d stance=opposes stated_on=2020-03-05", form=form)
    assert f"5 Jan 2020: supports ({EARLIER_WORDING}), was corrected to USA on x, 5 Mar 2020: opposes, in 4" in moved
    withdrawn = ask(text + "\nw: withdrawn RUS x 2020-01-06\nretracted w", form=form)
    assert "RUS on x, 6 Jan 2020: withdrawn, was retracted" in withdrawn
    rows = json.loads(ask(text, form="json"))["corrections"]
    assert [(row["from_reworded"], row["reworded"]) for row in rows] == [(True, True)] * 3


@pytest.mark.parametrize("form", FORMS)
def test_a_chain_that_ends_where_it_began_says_so(ask: Ask, form: str) -> None:
    back = CHAIN + "corrected d stance=supports reason=Again."
    assert "supports, was corrected and back, nothing differs, in 4 steps." in ask(back, form=form)
    details = CHAIN + "corrected d stance=supports summary=Other. reason=Again."
    assert "supports, had its details corrected, in 4 steps." in ask(details, form=form)


@pytest.mark.parametrize("form", FORMS)
def test_a_chain_that_ends_in_a_retraction_retracts_what_was_first_said(ask: Ask, form: str) -> None:
    shown = ask(CHAIN + "retracted d", form=form)
    assert "USA on x, 5 Jan 2020: supports, was retracted, in 4 steps." in shown
    assert "And 1 more." not in shown


@pytest.mark.parametrize("form", FORMS)
def test_of_many_reasons_the_first_three_are_given_and_the_others_counted(ask: Ask, form: str) -> None:
    more = "".join(f"c{at}: corrected {'d' if at == 0 else f'c{at - 1}'} reason=Reason{at}.\n" for at in range(3))
    shown = ask(CHAIN + more, form=form)
    assert "Misread. Undone by its recorder. (twice) Reason0. And 2 more." in shown


@pytest.mark.parametrize("form", FORMS)
def test_a_chain_of_corrections_of_an_occurrence_is_one_line_too(ask: Ask, form: str) -> None:
    text = """
        issue coal question=Out?
        c: closed coal 2020-05-01 agreed
        d: corrected c outcome=abandoned
        e: corrected d outcome=expired
        """
    assert "closing corrected, outcome agreed -> expired, in 2 steps." in ask(text, form=form)
    back = ask(f"{text}\ncorrected e outcome=agreed", form=form)
    assert "closing corrected, nothing differs, in 3 steps." in back
    assert back.count("closing corrected") == 1


@pytest.mark.parametrize("form", FORMS)
def test_corrections_of_several_statements_are_not_mixed(ask: Ask, form: str) -> None:
    text = """
        a: stated USA x supports 2020-01-05
        b: stated RUS x supports 2020-01-05
        c: corrected a stance=opposes
        d: corrected b stance=neutral
        corrected c stance=sceptical
        corrected d stance=conditional
        """
    shown = ask(text, form=form)
    assert "USA on x, 5 Jan 2020: supports, was corrected to sceptical, in 2 steps." in shown
    assert "RUS on x, 5 Jan 2020: supports, was corrected to conditional, in 2 steps." in shown


def test_data_has_every_correction_of_a_chain(ask: Ask) -> None:
    found = json.loads(ask(CHAIN, form="json"))["corrections"]
    assert [(row["from_stance"], row["to_stance"]) for row in found] == [
        ("supports", "opposes"),
        ("opposes", "supports"),
        ("supports", "opposes"),
    ]
    assert not {"content", "to_content", "revises"} & set(found[0])


def test_corrections_of_lists_can_be_gathered_in_a_set() -> None:
    log = entries("a: stated USA x supports 2020-01-05 if=one\ncorrected a if=two")
    found = corrections(log, Scope(), after=date(2019, 12, 31), up_to=date(2020, 12, 31), around=Circumstances())
    assert len({*found}) == 1


def test_the_legend_explains_no_mark_that_only_a_step_between_had(ask: Ask) -> None:
    text = """
        a: stated USA x supports 2020-01-05
        b: corrected a attribution=inferred
        corrected b attribution=direct
        """
    assert "? inferred" not in ask(text, form="table")


JOINS = """
    party G77 kind=bloc
    started CHN G77 2020-01-05
    milestone Summit 2020-01-05
    started IND G77 2020-01-05
    started BRA G77 2020-01-05
    ended IND G77 2020-06-01
    ended BRA G77 2020-06-01
    started IND G77 2020-07-01
    started BRA OTHER 2020-07-01
    """


@pytest.mark.parametrize("form", FORMS)
def test_members_that_joined_or_left_a_bloc_on_one_day_are_one_line(ask: Ask, form: str) -> None:
    shown = ask(JOINS, form=form)
    assert shown.count("CHN, IND, BRA joined G77") == 1
    assert shown.count("IND, BRA left G77") == 1
    assert shown.count(" joined ") == 3
    assert "BRA joined OTHER" in shown
    assert "8 events of context" in shown


def test_a_line_of_several_members_has_all_their_places(ask: Ask) -> None:
    places = [int(place) for place in re.findall(r"@(\d+)", ask(JOINS, form="table").partition("CHN, IND, BRA")[2])]
    assert places[1] - places[0] > 1
    assert places[2] == places[1] + 2
    assert ask(JOINS, form="md").count("event ") >= 8
    in_data = json.loads(ask(JOINS, form="json"))["context"]
    assert [row["title"] for row in in_data if row["kind"] == "joined"][:3] == [
        "CHN joined G77",
        "IND joined G77",
        "BRA joined G77",
    ]


SINCE = ("report", "--from", "2020-12-31", "--to", "2020-12-31", "--no-titles")


@pytest.mark.parametrize("form", FORMS)
def test_what_was_learned_gathers_a_chain_of_corrections_too(read: Callable[..., str], form: str) -> None:
    def learned(text: str, known: str = "@3") -> str:
        return read(text, *SINCE, "--known-from", known, form=form).replace("&gt;", ">")

    shown = learned(CHAIN)
    both = "corrected, stance supports -> opposes, in 3 steps (Misread. Undone by its recorder. (twice)): Said so."
    assert shown.count(f"statement of 5 Jan 2020: {both}") == 1
    assert shown.count("statement of") == 1
    back = learned(CHAIN + "corrected d stance=supports reason=Again.")
    assert "corrected, nothing differs, in 4 steps (Misread. Undone by its recorder. (twice) Again.)" in back
    assert "retracted, in 4 steps (Misread." in learned(CHAIN + "retracted d")
    late = learned("party USA\nissue x\n" + CHAIN, known="@2")
    assert "stated on 5 Jan 2020, recorded 1 Jan 2030: Said so." in late
    assert both in late


def test_a_chain_that_was_learned_has_all_its_places(read: Callable[..., str]) -> None:
    since = (*SINCE, "--known-from", "@3")
    assert "Said so. [no source @4..@6]" in read(CHAIN, *since, form="table")
    assert read(CHAIN, *since, form="md").count("; event ") == 3
    assert len(json.loads(read(CHAIN, *since, form="json"))["learned"]) == 3


@pytest.mark.parametrize("form", FORMS)
def test_members_that_are_learned_to_have_joined_on_one_day_are_one_line(read: Callable[..., str], form: str) -> None:
    text = f"""
        party CHN
        party G77 kind=bloc
        b: started SAU G77 2020-01-05
        {JOINS}
        c: corrected b on=2020-01-06
        corrected c on=2020-01-07
        """
    shown = read(text, *SINCE, "--known-from", "@4", form=form).replace("&gt;", ">")
    assert shown.count("5 Jan 2020: CHN, IND, BRA joined G77 (recorded 1 Jan 2030)") == 1
    assert shown.count("1 Jun 2020: IND, BRA left G77 (recorded 1 Jan 2030)") == 1
    assert (
        "7 Jan 2020: SAU joined G77 (membership corrected, on 5 Jan 2020 -> 7 Jan 2020, in 2 steps: We erred." in shown
    )
    assert "10 learned late" in shown


def test_members_that_were_recorded_on_several_days_are_learned_apart(read: Callable[..., str]) -> None:
    text = """
        party CHN
        party G77 kind=bloc
        started CHN G77 2020-01-05
        started IND G77 2020-01-05
        started BRA G77 2020-01-05 at=2030-01-02T00:00:00Z
        """
    shown = read(text, *SINCE, "--known-from", "@2", form="table")
    assert "CHN, IND joined G77 (recorded 1 Jan 2030)" in shown
    assert "BRA joined G77 (recorded 2 Jan 2030)" in shown

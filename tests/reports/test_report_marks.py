"""What a report says of stances beside their values: earlier wordings, remarks, withdrawals, in every format."""

import csv
import io
import json
from collections.abc import Callable

import pytest

from tracker.reports.wording import EARLIER_WORDING

FORMS = ("table", "md", "html")
TEXT = """
    issue temp question="Below 2 degrees?"
    stated BOL temp opposes 2010-12-10
    stated IND temp supports 2010-12-11
    stated IND temp supports 2010-12-12
    stated CHN temp opposes 2009-12-01 standing=remark attribution=inferred
    reworded temp 2015-12-12 question="Below 1.5 degrees?"
    stated CHN temp supports 2016-01-01
    withdrawn EUN temp 2016-02-01
    withdrawn RUS temp 2010-02-01
    withdrawn RUS temp 2016-02-02
    withdrawn IND temp 2016-03-01
    stated IND temp neutral 2016-04-01
    """
REPORT = ("report", "--from", "2008-12-31", "--to", "2016-12-31")
SINCE_2009 = ("report", "--from", "2010-12-11", "--to", "2016-12-31")

Ask = Callable[..., str]


@pytest.fixture
def ask(read: Callable[..., str]) -> Ask:
    return lambda *question, form, text=TEXT: read(text, *question, form=form)


@pytest.mark.parametrize("form", FORMS)
def test_what_answers_an_earlier_wording_is_marked_in_the_headline_or_else_in_the_step(ask: Ask, form: str) -> None:
    shown = ask(*REPORT, "--party", "BOL", form=form)
    assert shown.count(EARLIER_WORDING) == 1
    assert f"opposes ({EARLIER_WORDING})" in shown
    moved = ask(*REPORT, "--party", "CHN", form=form)
    assert f"the stance before it is {EARLIER_WORDING}" in moved
    assert moved.count(EARLIER_WORDING) == 2
    later = ask(*SINCE_2009, "--party", "CHN", form=form).replace("? °", "?°")
    assert f"opposes?° ({EARLIER_WORDING})" in later
    assert "the stance before it" not in later


@pytest.mark.parametrize("form", FORMS)
def test_a_step_that_was_reaffirmed_is_said_once_to_answer_an_earlier_wording(ask: Ask, form: str) -> None:
    text = """
        issue x question=A?
        stated USA x opposes 2019-01-05
        stated USA x opposes 2019-01-06
        reworded x 2020-02-01 question=B?
        """
    shown = ask("report", "--from", "2018-12-31", "--to", "2020-12-31", form=form, text=text)
    assert "reaffirmed once" in shown
    assert shown.count(EARLIER_WORDING) == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_stance_reaffirmed_in_an_earlier_wording_is_marked(ask: Ask, form: str) -> None:
    shown = ask("report", "--from", "2010-12-11", "--to", "2015-12-31", "--party", "IND", form=form)
    assert shown.count(EARLIER_WORDING) == 1
    assert EARLIER_WORDING not in ask(
        "report", "--from", "2010-12-11", "--to", "2014-12-31", "--party", "IND", form=form
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_history_marks_steps_in_an_earlier_wording(ask: Ask, form: str) -> None:
    shown = ask("history", "BOL", "temp", "--on", "2016-12-31", form=form)
    assert shown.count(EARLIER_WORDING) == 1
    assert EARLIER_WORDING not in ask("history", "BOL", "temp", "--on", "2015-12-11", form=form)


@pytest.mark.parametrize("form", FORMS)
def test_the_stance_before_keeps_its_mark_of_a_remark_and_the_legend_explains_it(ask: Ask, form: str) -> None:
    text = "stated USA x supports 2020-01-05 standing=remark\nstated USA x opposes 2020-06-01"
    shown = ask("report", "--from", "2020-01-31", "--to", "2020-12-31", form=form, text=text)
    assert "supports°" in shown.replace(" °", "°")
    assert "° remark" in shown


@pytest.mark.parametrize("form", FORMS)
def test_what_was_learned_marks_both_stances_as_they_were_known(ask: Ask, form: str) -> None:
    text = """
        issue x
        stated USA x supports 2020-01-05 standing=remark attribution=inferred
        reworded x 2020-02-01 question=Other?
        stated USA x opposes 2020-01-06 attribution=ascribed ascribed_by=RUS
        """
    days = ("--from", "2020-01-31", "--to", "2020-12-31", "--known-from")
    for known_from, earlier in (("@4", ""), ("@5", f" ({EARLIER_WORDING})")):
        shown = ask("report", *days, known_from, form=form, text=f"party RUS\n{text}")
        assert f"supports?°{earlier} as known then" in shown.replace("? °", "?°")
        assert f"opposes^ ({EARLIER_WORDING}) as known now" in shown
    assert "^ ascribed" in shown


@pytest.mark.parametrize("form", FORMS)
def test_withdrawn_is_never_called_no_stance(ask: Ask, form: str) -> None:
    shown = ask("report", "--from", "2016-03-31", "--to", "2016-12-31", "--party", "IND", form=form)
    assert "withdrawn -> " in shown
    late = "stated RUS x supports 2020-01-05\nwithdrawn RUS x 2020-01-10"
    days = ("--from", "2020-01-31", "--to", "2020-12-31", "--known-from", "@3")
    learned = ask("report", *days, form=form, text=late)
    assert "supports as known then, " in learned
    assert "withdrawn as known now" in learned
    assert "no stance" not in learned


@pytest.mark.parametrize("form", FORMS)
def test_a_first_withdrawal_is_new_on_record_and_only_a_second_one_repeats_it(ask: Ask, form: str) -> None:
    first = ask("report", "--from", "2016-01-31", "--to", "2016-12-31", "--party", "EUN", form=form)
    assert "1 new" in first
    assert "no stance -> " in first
    assert "reaffirmed" not in first.lower()
    second = ask("report", "--from", "2016-01-31", "--to", "2016-12-31", "--party", "RUS", form=form)
    assert "1 reaffirmed" in second


def test_csv_has_every_field_of_every_section(ask: Ask) -> None:
    text = f"""{TEXT}
        a: stated USA temp supports 2011-03-01
        stated FRA temp opposes 2009-03-01
        corrected a stance=opposes
        c: closed temp 2009-10-01 agreed
        corrected c outcome=abandoned
        stated USA temp supports 2016-05-01
        started BOL EUN 2009-01-01
        """
    for inherit in ((), ("--inherit",)):
        question = ("report", "--from", "2010-01-31", "--to", "2016-12-31", "--known-from", "@10", *inherit)
        report = json.loads(ask(*question, form="json", text=text))
        rows = list(csv.DictReader(io.StringIO(ask(*question, form="csv", text=text))))
        sections = {name: found for name, found in report.items() if isinstance(found, list)}
        assert {row["section"] for row in rows} == {"report", *(name for name, found in sections.items() if found)}
        assert {"changes", "net", "corrections", "learned", "relations", "context"} <= set(sections)
        as_one = {"parties": "party", "issues": "issue", "title": "summary"}
        for name, found in sections.items():
            in_csv = [row for row in rows if row["section"] == name]
            assert len(in_csv) == len(found), name
            for row, other in zip(found, in_csv, strict=True):
                for field, held in row.items():
                    column = as_one.get(field, field)
                    columns = [column]
                    if column.endswith("amount"):
                        columns = [column.removesuffix("amount") + end for end in ("at_least", "at_most")]
                    assert set(columns) <= set(other), (name, field)
                    assert any(other[one] for one in columns) == (held not in (None, [])), (name, field)


@pytest.mark.parametrize("form", ["table", "html"])
def test_only_an_ask_that_waits_for_an_answer_has_an_age(ask: Ask, form: str) -> None:
    text = """
        party RUS
        stated USA coal supports 2019-01-01 act=offers addressed_to=RUS
        stated USA cod supports 2019-01-01 act=offers addressed_to=RUS
        closed coal 2019-01-15 agreed
        stated RUS tea supports 2019-01-01 act=offers addressed_to=USA
        withdrawn RUS tea 2019-01-20
        """
    shown = ask("asks", "--all", "--on", "2019-02-01", form=form, text=text)
    assert shown.count("31d") == 1
    assert shown.count("1 Jan") == 3


@pytest.mark.parametrize("form", FORMS)
def test_an_ask_about_an_earlier_wording_says_so(ask: Ask, form: str) -> None:
    text = """
        party RUS
        stated USA coal supports 2019-01-01 act=offers addressed_to=RUS
        reworded coal 2019-02-01 question=Down?
        stated USA coal supports 2019-03-01 act=asks addressed_to=RUS
        """
    shown = ask("asks", "--all", form=form, text=text)
    assert shown.count("about an earlier wording of the question") == 1


GOVERNMENTS = """
    stated USA x supports 2019-01-01
    stated USA x supports 2019-02-01
    milestone Election 2019-03-01 category=government parties=USA
    stated USA x opposes 2019-04-01
    milestone Again 2019-05-01 category=government parties=USA
    """


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("inherit", [(), ("--inherit",)])
def test_a_stance_that_was_last_stated_before_a_new_government_says_so(
    ask: Ask, form: str, inherit: tuple[str, ...]
) -> None:
    def shown(*question: str) -> tuple[int, ...]:
        found = ask(*question, *inherit, form=form, text=GOVERNMENTS)
        return tuple(found.count(f"last stated before its government of 1 {month} 2019") for month in ("Mar", "May"))

    assert shown("history", "USA", "x", "--on", "2019-12-31") == (1, 1)
    assert shown("history", "USA", "x", "--on", "2019-03-31") == (1, 0)
    assert shown("history", "USA", "x", "--on", "2019-02-28") == (0, 0)
    assert shown("report", "--from", "2019-02-15", "--to", "2019-12-31") == (1, 1)
    assert shown("report", "--from", "2019-01-15", "--to", "2019-03-31") == (1, 0)
    assert shown("report", "--from", "2019-01-15", "--to", "2019-02-28") == (0, 0)


@pytest.mark.parametrize("inherit", [(), ("--inherit",)])
def test_data_has_the_new_governments_that_steps_name(ask: Ask, inherit: tuple[str, ...]) -> None:
    def days(*question: str) -> list[tuple[str | None, str | None]]:
        found = json.loads(ask(*question, *inherit, form="json", text=GOVERNMENTS))
        rows = list(csv.DictReader(io.StringIO(ask(*question, *inherit, form="csv", text=GOVERNMENTS))))
        steps, in_csv = found, rows
        if question[0] == "report":
            steps, in_csv = found["changes"], [row for row in rows if row["section"] == "changes"]
        governments = [(row["from_government_since"], row["government_since"]) for row in steps]
        assert governments == [
            (row["from_government_since"] or None, row["government_since"] or None) for row in in_csv
        ]
        return governments

    nothing, first, second = (None, None), "2019-03-01", "2019-05-01"
    assert days("history", "USA", "x", "--on", "2019-12-31") == [nothing, nothing, (first, second)]
    assert days("history", "USA", "x", "--on", "2019-03-31") == [nothing, (None, first)]
    assert days("report", "--from", "2019-02-15", "--to", "2019-12-31") == [(first, second)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("inherit", [(), ("--inherit",)])
def test_a_headline_marks_the_stance_before_only_if_the_question_differs_on_the_last_day(
    ask: Ask, form: str, inherit: tuple[str, ...]
) -> None:
    text = """
        issue x question=A?
        stated USA x supports 2019-01-05
        reworded x 2020-02-01 question=B?
        stated USA x opposes 2020-03-01
        reworded x 2020-04-01 question={}
        """
    for question, marked in (("A?", "supports ->"), ("C?", f"supports ({EARLIER_WORDING}) ->")):
        shown = ask(
            "report", "--from", "2019-12-31", "--to", "2020-12-31", *inherit, form=form, text=text.format(question)
        )
        assert marked in shown, question
        assert "the stance before it answers another wording of the question" in shown
        assert shown.count(EARLIER_WORDING) == marked.count(EARLIER_WORDING) + 1
        history = ask("history", "USA", "x", "--on", "2020-12-31", *inherit, form=form, text=text.format(question))
        assert f"{EARLIER_WORDING}; the stance before it answers another" in history


@pytest.mark.parametrize("form", FORMS)
def test_a_member_that_left_the_position_of_its_bloc_moved_and_counts_name_the_net_move(ask: Ask, form: str) -> None:
    text = """
        party EUN
        party POL
        issue goal form=quantity unit=USD
        stated EUN goal 300 2024-01-01
        stated EUN goal <=300 2024-02-02
        stated EUN goal 400 2024-02-03
        withdrawn POL goal 2024-02-04 leaves_position_of=EUN
        """
    shown = ask("report", "--from", "2024-02-01", "--to", "2024-02-05", form=form, text=text)
    assert "2 positions moved (1 raised, 1 withdrawn)" in shown
    assert "left the position of EUN" in shown

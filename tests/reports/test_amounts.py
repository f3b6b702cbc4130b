"""Amounts as people see them in every view and format: the unit once, the size of a movement, two columns in CSV."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import within_this_process
from tests.reports.views import Ask

TEXT = """
    source enb 2024-11-12
    issue finance/goal form=quantity unit="USD bn a year" title=Goal question="How much?"
    issue finance/year form=quantity unit=year title=Year question="By when?"
    stated EUN finance/goal >=100 2024-01-10 source=enb
    stated EUN finance/goal >=300 2024-11-05/2024-11-11 source=enb
    stated G77 finance/goal 1300.5 2024-11-01 stated_as="RMB 9 trillion" act=demands addressed_to=EUN if=grants
    a: stated USA finance/goal - 2024-11-01 act=declines
    stated USA finance/goal 100..200 2024-11-12
    stated CHN finance/goal <=50 2024-11-12 attribution=inferred
    stated CHN finance/goal - 2024-11-13 act=reserves
    stated EUN finance/year 2035 2024-11-01
    stated EUN finance/year <=2030 2024-11-10
    """
NOVEMBER = ("--from", "2024-10-31", "--to", "2024-11-20")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_the_state_shows_amounts_as_people_say_them(read: Ask, form: str) -> None:
    shown = read(TEXT, "state", "--on", "2024-11-20", form=form)
    for text in ("at least 300", "≈1,300.5", "100 to 200", "no figure", "by 2030"):
        assert text in shown, text
    assert "2,030" not in shown


def test_the_matrix_names_a_unit_once_beside_its_issue(read: Ask) -> None:
    shown = read(TEXT, "state", "--on", "2024-11-20", form="table")
    matrix, _ = shown.split("contested:")
    assert matrix.count("USD bn a year") == 1
    assert "USD bn a year" not in read(TEXT, "state", "--on", "2024-11-20", "--issue", "finance/year", form="table")


def test_a_narrow_matrix_breaks_amounts_and_cuts_none_off(ask: Ask) -> None:
    shown = ask("state", "--on", "2024-11-20", text=TEXT, width=50)
    assert all(len(line) <= 50 for line in shown.splitlines())
    assert "1,300.5" in shown
    assert "at least" in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_report_tells_a_movement_with_its_size(read: Ask, form: str) -> None:
    shown = read(TEXT, "report", *NOVEMBER, form=form)
    assert "raised by 200 USD bn a year (at least 100 -> at least 300)" in shown
    for kind in ("↑ raised", "• named", "∅ unnamed", "↓ earlier"):
        assert kind in shown, kind
    assert "5-11 Nov 2024" in shown


def test_a_year_moves_earlier_or_later(read: Ask) -> None:
    shown = read(TEXT, "history", "EUN", "finance/year", "--on", "2024-11-20", form="table")
    assert "5 years earlier (2035 -> by 2030)" in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("view", ["history", "explain G77 finance/goal", "conditions", "find said"])
def test_every_view_shows_an_amount_with_its_unit(read: Ask, form: str, view: str) -> None:
    if view.startswith("find") and form == "html":
        pytest.skip("find has no page")
    shown = read(TEXT, *view.split(), "--on", "2024-11-20", form=form)
    unit_stands_above = (view, form) == ("history", "html")
    assert ("in USD bn a year" if unit_stands_above else "1,300.5 USD bn a year") in shown
    assert "1,300.5" in shown
    assert "1300.5" not in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_corrections_and_what_was_learned_show_amounts(read: Ask, form: str) -> None:
    text = TEXT + "stated JPN finance/goal 250 2024-10-01\ncorrected a note=checked"
    shown = read(text, "report", *NOVEMBER, "--known-from", "@16", form=form)
    assert "no figure" in shown
    assert "250 USD bn a year" in shown


def test_a_unit_brings_no_sign_into_the_legend(read: Ask) -> None:
    text = """
        issue warming form=quantity unit=°C
        stated EUN warming 1.5 2024-11-01
        stated EUN warming 2 2024-11-02
        """
    shown = read(text, "report", *NOVEMBER, form="table")
    assert "raised by 0.5 °C (1.5 -> 2)" in read(text, "history", "--on", "2024-11-20", form="table")
    assert "remark" not in shown


def test_csv_has_a_column_for_each_end_of_an_amount(read: Ask) -> None:
    rows = list(csv.DictReader(io.StringIO(read(TEXT, "state", "--on", "2024-11-20", form="csv"))))
    ends = {(row["party"], row["issue"]): (row["at_least"], row["at_most"]) for row in rows}
    assert ends["EUN", "finance/goal"] == ("300", "")
    assert ends["EUN", "finance/year"] == ("", "2030")
    assert ends["CHN", "finance/goal"] == ("", "")
    assert {"could_accept_at_least", "could_accept_at_most"} <= set(rows[0])
    changes = list(csv.DictReader(io.StringIO(read(TEXT, "report", *NOVEMBER, form="csv"))))
    moved = next(row for row in changes if row["kind"] == "raised")
    assert (moved["from_at_least"], moved["to_at_least"], moved["to_at_most"]) == ("100", "300", "")


def test_a_negative_amount_is_a_number_in_csv(read: Ask) -> None:
    text = "issue tax form=quantity unit=%\nstated EUN tax -5.5 2024-11-01"
    rows = list(csv.DictReader(io.StringIO(read(text, "state", "--on", "2024-11-20", form="csv"))))
    assert rows[0]["at_least"] == "-5.5"


def test_json_has_the_amount_as_recorded(read: Ask) -> None:
    rows = json.loads(read(TEXT, "state", "--on", "2024-11-20", form="json"))
    amounts = {(row["party"], row["issue"]): row["amount"] for row in rows}
    assert amounts["G77", "finance/goal"] == {"at_least": "1300.5", "at_most": "1300.5"}


def test_a_closing_in_csv_is_its_day_and_outcome_whatever_was_agreed(read: Ask) -> None:
    text = TEXT + "closed finance/goal 2024-11-20 agreed amount=300\nclosed finance/year 2024-11-19 expired\n"
    rows = csv.DictReader(io.StringIO(read(text, "state", "--on", "2024-11-20", form="csv")))
    assert {row["closed"] for row in rows} == {"2024-11-20 agreed", "2024-11-19 expired"}


def test_a_year_is_not_grouped_in_the_echo_of_a_closing_or_a_correction(new_database: Callable[..., Any]) -> None:
    text = "issue end form=quantity unit=year\nstated EUN end 2035 2024-11-01"
    with new_database(text) as (url, _):
        run = within_this_process(url)
        (row,) = json.loads(run("state", "--format", "json").out)
        corrected = run("--by", "a", "correct", row["event_id"], "--amount", "2034", "--reason", "misread").out
        assert "2035" in corrected
        assert "2034" in corrected
        agreed = "--amount", "2033", "--on", "2024-11-02", "--outcome", "agreed"
        closed = run("--by", "a", "issue", "close", "end", *agreed)
        assert "end, agreed: 2033" in closed.out
        answers = ("log",), ("find", "end"), ("issue", "list"), ("state",), ("report", "--from", "2024-10-01")
        more = [run(*one).out for one in (*answers, ("show", "@5"), ("show", "@6"), ("history",))]
    assert "2,03" not in "".join((corrected, closed.out, *more))


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("parties", [(), ("USA",)], ids=["all", "one"])
def test_the_gap_that_a_joint_statement_moved_stands_once_with_all_who_made_it(
    read: Ask, form: str, parties: tuple[str, ...]
) -> None:
    text = """
        issue goal form=quantity unit=USD title=Goal question="How much?"
        stated IND goal >=1000 2024-11-01
        stated EUN goal <=300 2024-11-01
        stated USA goal <=200 2024-11-01
        stated EUN goal 400 2024-11-10 joint_with=EUN,USA
        stated USA goal 400 2024-11-10 joint_with=EUN,USA
        """
    only = [word for party in parties for word in ("--party", party)]
    shown = read(text, "report", "--from", "2024-11-05", "--to", "2024-11-20", *only, form=form)
    words = " ".join(shown.replace("&gt;", ">").split())
    assert words.count("gap 800") == 1
    assert "600 USD, by EUN, USA together" in words

"""Days on the command line and in batches."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.command_tree import command_tree
from tracker.cli.options import DAY, KNOWN_AT, STATED

pytestmark = pytest.mark.on_sqlite

Run = Callable[..., Any]


def stated(desk: Run, on: str) -> Any:
    done = desk("record", "RUS", "start", "supports", "--on", on, "--summary", "x")
    return json.loads(desk("export").out.splitlines()[-1])["data"]["stated_on"] if done.code == 0 else done


def test_every_option_of_a_day_takes_days_as_people_write_them(desk: Run) -> None:
    assert stated(desk, "5 Dec 2015") == "2015-12-05"
    assert stated(desk, "Dec 2014?") == "2014-12?"
    for question in (
        ("state", "--on", "25.12.2015"),
        ("report", "--from", "1 Dec 2015", "--to", "yesterday"),
        ("state", "--known-at", "Today", "--published-by", "2w"),
        ("source", "add", "s", "--title", "x", "--publisher", "y", "--published-on", "Dec 5, 2015"),
    ):
        assert desk(*question).code == 0


def test_a_day_of_two_readings_is_wrong_usage_with_both(desk: Run) -> None:
    for command in (
        ("record", "RUS", "start", "supports", "--summary", "x", "--on", "05.12.2015"),
        ("state", "--on", "05.12.2015"),
        ("state", "--known-at", "05.12.2015"),
    ):
        refused = desk(*command)
        assert refused.code == 2
        assert "2015-12-05 (5 December 2015) or 2015-05-12 (12 May 2015)" in refused.err


@pytest.mark.parametrize("day", ["2019-12?~", "2019~?", "Dec 2019 ? ~"])
def test_a_day_with_two_marks_is_refused_with_what_each_one_means(desk: Run, day: str) -> None:
    refused = desk("record", "RUS", "arms/start", "supports", "--on", day, "--summary", "x")
    assert refused.code == 2
    assert f"'{day}' has two marks behind it. Write one: ~ for about, ? for uncertain." in refused.err


def test_a_batch_takes_them_too_but_none_that_is_counted_from_today(desk: Run) -> None:
    batch = "statements: [{party: RUS, issue: start, stance: supports, summary: x, on: %s}]"
    assert desk("record", "--from-file", "-", stdin=batch % "5 Dec 2015").code == 0
    refused = desk("record", "--from-file", "-", stdin=batch % "yesterday")
    assert refused.code == 1
    assert "on: 'yesterday' is another day whenever the file is read" in refused.err
    assert "1 problem found" in refused.err


def test_the_help_of_every_command_with_days_says_how_to_write_them() -> None:
    found = 0
    for path, command, context in command_tree():
        if any(one.type in (DAY, STATED, KNOWN_AT) for one in command.params):
            assert "today, yesterday, 7d" in " ".join(command.get_help(context).split()), path
            found += 1
    assert found > 12


def test_echo_lists_and_refusals_say_a_year_as_it_was_typed(here: Run) -> None:
    here("init")
    here("party", "add", "FJI", "Fiji")
    here("party", "add", "AOSIS", "Islands", "--kind", "bloc")
    assert "FJI joined AOSIS in 1991" in here("party", "join", "FJI", "AOSIS", "--on", "1991").out
    assert "AOSIS since 1991\n" in here("party", "show", "FJI").out
    twice = here("party", "join", "FJI", "AOSIS", "--on", "1992-03")
    assert "FJI would join AOSIS in 1991 and again in 1992-03" in twice.err
    assert "correct @3 --on 1992-03 " in twice.err
    early = here("party", "leave", "FJI", "AOSIS", "--on", "1980")
    assert "FJI would leave AOSIS in 1980 without being a member" in early.err
    here("party", "leave", "FJI", "AOSIS", "--on", "2004-05")
    assert "AOSIS since 1991, left May 2004" in here("party", "show", "FJI").out


def test_a_document_that_was_not_published_shows_its_date_in_every_format(here: Run) -> None:
    here("init")
    here("party", "add", "EUN", "Union", "--kind", "bloc")
    here("issue", "add", "goal", "--title", "Goal", "--question", "Should it be met?")
    here("source", "add", "draft", "--title", "Draft text", "--publisher", "UNFCCC", "--dated-on", "2026-11-19")
    said = ("--on", "2026-11-20", "--summary", "Yes.", "--source", "draft")
    assert here("record", "EUN", "goal", "supports", *said).code == 0
    dated = ("dated", "19 Nov 2026")
    for name in ("list", "show"):
        arguments = () if name == "list" else ("draft",)
        assert all(words in here("source", name, *arguments).out for words in dated)
    for view in (("explain", "EUN", "goal"), ("history",), ("report", "--from", "2026-11-01"), ("state",)):
        for form in ("table", "md", "html"):
            day = () if view[0] == "report" else ("--on", "2026-11-21")
            shown = here(*view, *day, "--format", form).out
            assert "undated" not in shown, (view, form)
            assert "unpublished" in shown or form == "table", (view, form)

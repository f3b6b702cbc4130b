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

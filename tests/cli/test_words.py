"""Messages and help in plain English: numbers agree with their nouns, and no range is spelled as a formula."""

import re

import pytest

from tests.cli.conftest import Run
from tests.command_tree import command_tree
from tracker.domain.terms.numbers import counted


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("--wait", "long", "state"), "'long' is not a number of seconds from 0 to 86,400."),
        (("--wait", "nan", "state"), "'nan' is not a number of seconds from 0 to 86,400."),
        (("--wait", "-1", "state"), "'-1' is not a number of seconds from 0 to 86,400."),
        (("log", "--limit", "0"), "'0' is not a whole number of at least 1."),
        (("log", "--after", "x"), "'x' is not a whole number of at least 0."),
        (("state", "--stale-after", "100000"), "is too large a number."),
        (("state", "--stale-after", "-1"), "'-1' is not a whole number of at least 0."),
        (("report", "--including"), "--including goes with --from DAY, without --since."),
        (("report", "--from", "2020-01-02", "--to", "2020-01-01"), "--to 2020-01-01 lies before --from 2020-01-02."),
        (("report", "--from", "0001-01-01", "--including"), "No day lies before 0001-01-01; leave --including out."),
    ],
)
def test_wrong_usage_says_what_was_expected(here: Run, command: tuple[str, ...], message: str) -> None:
    ran = here(*command)
    assert ran.code == 2
    assert message in ran.err


def test_an_issue_that_never_was_is_not_called_closed(desk: Run) -> None:
    assert "No issue 'peace' is on record. See `tracker issue list`" in desk("history", "RUS", "peace").err


def test_help_spells_no_range_as_a_formula() -> None:
    for path, command, context in command_tree():
        shown = command.get_help(context)
        assert not re.search(r"<=x|x<=|RANGE", shown), path
        assert "prolong" not in shown, path


def test_a_number_agrees_with_its_noun() -> None:
    assert counted(1, "entry", "entries") == "1 entry"
    assert counted(2_000, "party", "parties") == "2,000 parties"
    assert counted(0, "problem") == "0 problems"


def test_the_demo_fits_two_screens_of_24_lines(here: Run) -> None:
    shown = here("demo").out
    assert len(shown.splitlines()) <= 48
    for part in ("State on 10 Dec 2019", "Changes after", "What to try next"):
        assert part in shown


def test_the_climate_demo_fits_two_screens_of_24_lines(here: Run) -> None:
    shown = here("demo", "--corpus", "climate").out
    assert len(shown.splitlines()) <= 48
    for part in ("State on 23 Nov 2024", "lowered by 800 USD bn a year", "--at 300", "tracker-climate.db"):
        assert part in shown

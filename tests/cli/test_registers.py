"""The registers as lists and one by one: with entries, as of a day, and with what they held before."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.cli.conftest import Run, within_this_process
from tracker.domain.log.events import IssueOpened, IssueReworded

TEXT = """
    party TUR name=Turkey at=2030-01-01T00:00:00+00:00
    party EUN kind=bloc
    party GBR
    issue trade title=Trade question="Should it go on?"
    reworded trade 2020-03-01 question="Should it grow?"
    reworded trade 2021-03-01 title=Commerce
    closed trade 2022-01-01 expired
    source dw 2019-12-11
    started GBR EUN 1973-01-01
    ended GBR EUN 2020-02-01
    updated TUR name=Türkiye at=2030-02-01T00:00:00+00:00
    fixed: updated TUR name=Tuerkiye aliases_added=Ankara
    corrected fixed name=TÜRKIYE
"""


@pytest.fixture
def ask(new_database: Callable[..., Any]) -> Any:
    with new_database(TEXT) as (url, _):
        yield within_this_process(url)


def data(ask: Run, *command: str) -> Any:
    return json.loads(ask(*command, "--format", "json").out)


def test_an_issue_shows_its_wording_and_closing_of_the_day_and_the_wordings_before(ask: Run) -> None:
    first = {"title": "Trade", "question": "Should it go on?", "since": None, "position": 4}
    second = {"title": "Trade", "question": "Should it grow?", "since": "2020-03-01", "position": 5}
    for on, title, question, since, earlier, closed in (
        ("2020-02-29", "Trade", "Should it go on?", None, [], None),
        ("2020-03-01", "Trade", "Should it grow?", "2020-03-01", [first], None),
        ("2021-12-31", "Commerce", "Should it grow?", "2021-03-01", [first, second], None),
        ("2022-01-01", "Commerce", "Should it grow?", "2021-03-01", [first, second], "expired"),
    ):
        found = data(ask, "issue", "show", "trade", "--on", on)
        assert data(ask, "issue", "list", "--on", on) == [found]
        assert (found["title"], found["question"], found["worded_since"]) == (title, question, since)
        assert (found["earlier_wordings"], found["position"]) == (earlier, 4)
        assert (found["closed"] or {}).get("outcome") == closed
    assert data(ask, "issue", "show", "trade") == found
    text = ask("issue", "show", "trade", COLUMNS="200").out
    assert "at first: Trade (Should it go on?) @4; since 1 Mar 2020: Trade (Should it grow?) @5" in text
    assert "@4" in ask("issue", "list").out


def test_a_party_shows_its_blocs_and_members_of_the_day(ask: Run) -> None:
    joined = [{"bloc": "EUN", "since": "1973-01-01"}]
    assert data(ask, "party", "show", "GBR", "--on", "2020-01-31")["member_of"] == joined
    assert data(ask, "party", "show", "GBR", "--on", "2020-02-01")["member_of"] == []
    assert data(ask, "party", "show", "GBR")["member_of"] == []
    assert data(ask, "party", "show", "EUN", "--on", "2000-01-01")["members"] == [
        {"party": "GBR", "since": "1973-01-01"}
    ]
    blocs = {row["party"]: row["member_of"] for row in data(ask, "party", "list", "--on", "1990-01-01")}
    assert blocs == {"EUN": [], "GBR": ["EUN"], "TUR": []}
    assert "EUN" in ask("party", "list", "--on", "1990-01-01", "--format", "md").out


def test_a_party_shows_the_name_on_record_on_the_day_and_its_earlier_names(ask: Run) -> None:
    first, second = {"name": "Turkey", "position": 1}, {"name": "Türkiye", "position": 11}
    for on, name, earlier in (
        ("2000-01-01", "Turkey", []),
        ("2030-01-31", "Turkey", []),
        ("2030-02-01", "TÜRKIYE", [first, second]),
    ):
        found = data(ask, "party", "show", "TUR", "--on", on)
        assert (found["name"], found["earlier_names"], found["position"]) == (name, earlier, 1)
    text = ask("party", "list", "--on", "2030-02-01", COLUMNS="200").out
    assert "Turkey @1; Türkiye @11" in text
    assert "Ankara" in text
    assert "earlier" not in ask("party", "list", "--on", "2000-01-01").out


def test_sources_show_their_entries_and_csv_has_bare_positions(ask: Run) -> None:
    assert "@8" in ask("source", "list").out
    assert "@8" in ask("source", "show", "dw").out
    assert data(ask, "source", "show", "dw")["position"] == 8
    for register, position in (("party", "2"), ("issue", "4"), ("source", "8")):
        rows = list(csv.DictReader(io.StringIO(ask(register, "list", "--format", "csv").out)))
        assert rows[0]["position"] == position


def test_a_title_or_question_of_another_issue_is_noted(new_tracker: Callable[..., Any]) -> None:
    def notes(*events: Any) -> list[str]:
        return [note for result in tracker.record(events, by="me") for note in result.receipt.notes]

    with new_tracker('issue a/b title=Extension question="Should it be extended?"') as tracker:
        (same,) = notes(IssueOpened(issue="c", title="Other", question="should it  be extended?"))
        assert same.startswith("c has the question of a/b.")
        titled, asked = notes(IssueOpened(issue="d", title="extension", question="Should it be extended?"))
        assert titled.startswith("d has the title of a/b.")
        assert asked.startswith("d has the question of a/b, c.")
        assert notes(IssueOpened(issue="e", title="Mine", question="Should it?")) == []
        (again,) = notes(IssueOpened(issue="e", title="Mine", question="Should it?"))
        assert again == "@4 registers the same. This entry changes nothing; --skip-recorded passes over such rows."
        (late,) = notes(IssueReworded(issue="e", question="Should it be extended?", on=date(2020, 1, 1)))
        assert late.startswith("e has the question of a/b, c, d.")
        both = [IssueOpened(issue=path, title=path, question="Should both?") for path in ("x", "y")]
        assert len(notes(*both)) == 2


def test_a_second_closing_and_one_that_lies_ahead_are_recorded_with_a_word(desk: Run) -> None:
    def close(*more: str) -> str:
        done = desk("issue", "close", "start", *more)
        assert done.code == 0, done.err
        return str(done.err)

    assert "Note" not in close("--on", "2020-01-01", "--outcome", "expired")
    again = close("--on", "2020-02-01", "--outcome", "agreed")
    assert "arms/start is on record as closed already: expired on 2020-01-01, @5" in again
    ahead = close("--on", "2999-01-01", "--outcome", "agreed")
    assert "2999-01-01 lies ahead: until then arms/start stays open" in ahead
    assert ahead.count("closed already") == 2


def test_a_list_of_issues_reads_alike_with_and_without_earlier_wordings(ask: Run) -> None:
    for width in (80, 100):
        out = ask("issue", "list", "--on", "2021-12-31", COLUMNS=str(width)).out
        heading, first, *_ = out.splitlines()
        assert heading.split() == ["issue", "title", "closed", "since", "entry", "question"]
        assert first.split()[:6] == ["trade", "Commerce", "1", "Mar", "2021", "@4"]
        assert "at first: Trade (Should it go on?) @4" in " ".join(out.split())
    closed = ask("issue", "list", COLUMNS="200").out
    assert "expired 1 Jan 2022" in closed
    assert "2021-" not in closed


def test_what_was_before_can_be_read_from_csv(ask: Run) -> None:
    for register, column in (("issue", "earlier_wordings"), ("party", "earlier_names")):
        as_json = data(ask, register, "list", "--on", "2030-03-01")
        rows = csv.DictReader(io.StringIO(ask(register, "list", "--on", "2030-03-01", "--format", "csv").out))
        assert [json.loads(row[column] or "[]") for row in rows] == [one[column] for one in as_json]


def test_a_party_is_renamed_and_its_earlier_name_still_means_it(desk: Run) -> None:
    checked = desk("party", "rename", "Russia", "Russian Federation", "--check")
    assert (checked.code, checked.out) == (0, "party.updated: RUS\n  not recorded\n")
    assert desk("party", "rename", "Russia", "Russian Federation").code == 0
    assert json.loads(desk("log", "--tail", "1", "--format", "json").out)[0]["type"] == "party.updated.v1"
    for name in ("Russia", "Russian Federation", "Moscow", "RUS"):
        shown = json.loads(desk("party", "show", name, "--format", "json").out)
        assert (shown["party"], shown["name"]) == ("RUS", "Russian Federation")
        assert shown["earlier_names"] == [{"name": "Russia", "position": 1}]
    refused = desk("party", "rename", "RUS", "united states")
    assert refused.code == 1
    assert "it already names USA" in refused.err
    again = desk("party", "add", "RUS", "Russia and others")
    assert "tracker party rename" in again.err
    assert "rename" in desk("party", "--help").out


@pytest.mark.parametrize(
    "command",
    [
        ("party", "alias", "RUS", "Kremlin"),
        ("issue", "reword", "start", "--on", "2020-01-01", "--title", "T"),
        ("issue", "close", "start", "--on", "2020-01-01", "--outcome", "agreed"),
    ],
)
def test_whatever_is_recorded_can_be_checked_first(desk: Run, command: tuple[str, ...]) -> None:
    checked = desk(*command, "--check")
    assert (checked.code, checked.err) == (0, "Checked 1 of 1: all good. Nothing was recorded.\n")
    wrong = desk(*command[:2], "nowhere", *command[3:], "--check")
    assert (wrong.code, "nowhere" in wrong.err) == (1, True)
    assert json.loads(desk("log", "--after", "4", "--format", "json").out) == []

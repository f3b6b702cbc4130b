"""Laws on random histories: what answers mean is held to `tests.oracle`, which shares nothing with the tracker."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from tests.histories import DAYS, RECORDED_FROM, histories, scopes
from tests.laws.laws import EXAMPLES, exported
from tests.oracle.answers import history, inherited_state, state
from tests.oracle.asks import asks
from tests.oracle.circumstances import worded
from tests.oracle.replay import Log, Question, read, up_to
from tests.oracle.report import report
from tests.oracle.tables import COLUMNS, tables
from tracker.cli import cli
from tracker.domain.log.entries import Draft

pytestmark = pytest.mark.on_both_backends


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Cut-offs on the recorded clock (a position or a day) and on the published one, and filters."""
    positions, days = (
        st.integers(0, 45).map(lambda at: f"@{at}"),
        st.sampled_from(RECORDED_FROM).flatmap(
            lambda start: st.integers(0, 19).map(lambda days: (start + timedelta(days)).date().isoformat())
        ),
    )
    scope = draw(scopes())
    return Question(
        draw(st.none() | positions | days),
        draw(st.none() | DAYS.map(date.isoformat)),
        scope.parties,
        scope.issues,
        frozenset(word.value for word in scope.attributions),
    )


Asked = list[tuple[Question, list[str]]]
"""Questions, each with the days that it is asked about."""


def on_record(asked: Asked, log: Log) -> Asked:
    """The same, with positions, parties and issues that the log has."""
    parties, issues = (
        {entry.data[name] for entry in log if entry.kind == kind}
        for kind, name in (("party.registered", "party"), ("issue.opened", "issue"))
    )
    groups = {issue[:end] for issue in issues for end, letter in enumerate(f"{issue}/") if letter == "/"}
    found = []
    for question, days in asked:
        at = question.known_at
        known_at = f"@{min(int(at[1:]), len(log))}" if at and at.startswith("@") else at
        about = replace(question, parties=question.parties & parties, issues=question.issues & groups)
        found.append((replace(about, known_at=known_at), days))
    return found


def options(question: Question) -> list[str]:
    """A question as the command line takes it."""
    given = [("--known-at", question.known_at), ("--published-by", question.published_by)]
    given += [("--party", party) for party in sorted(question.parties)]
    given += [("--issue", issue) for issue in sorted(question.issues)]
    given += [("--attribution", ",".join(sorted(question.attributions)) or None)]
    return [text for name, value in given if value is not None for text in (name, value)]


def answer(url: str, *args: str) -> Any:
    """What a command says, as JSON."""
    done = CliRunner().invoke(cli, ["--db", url, *args, "--format", "json"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


ASKED = st.lists(
    st.tuples(questions(), st.lists(DAYS.map(date.isoformat), min_size=2, max_size=2).map(sorted)),
    min_size=3,
    max_size=3,
)


@settings(max_examples=EXAMPLES)
@given(histories(), ASKED)
def test_states_histories_and_asks_mean_what_the_oracle_says(
    new_database: Callable[..., Any], drafts: list[Draft], asked: Asked
) -> None:
    with new_database(drafts=drafts) as (url, tracker):
        log = read(exported(tracker))
        for question, (_, on) in on_record(asked, log):
            about = ("--on", on, *options(question))
            assert answer(url, "state", *about) == state(log, question, on)
            assert answer(url, "state", "--inherit", *about) == inherited_state(log, question, on)
            assert answer(url, "history", *about) == history(log, question, on)
            assert answer(url, "asks", "--all", *about) == asks(log, question, on)
            inherited = asks(log, question, on, inherit=True)
            assert answer(url, "asks", "--all", "--inherit", *about) == inherited


@settings(max_examples=EXAMPLES)
@given(histories(), ASKED, st.integers(9, 40))
def test_reports_mean_what_the_oracle_says(
    new_database: Callable[..., Any], drafts: list[Draft], asked: Asked, known_from: int
) -> None:
    with new_database(drafts=drafts) as (url, tracker):
        log = read(exported(tracker))
        for question, (after, until) in on_record(asked, log):
            since = min(known_from, len(log))
            days = ("--from", after, "--to", until, "--known-from", f"@{since}")
            found = answer(url, "report", *days, *options(question))
            for row in (*found["learned"], *found["learned_context"], *found["context_corrections"]):
                row["difference"] = sorted_difference(row)
            assert found == report(log, question, after, until, since)


def sorted_difference(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields that a correction changed, by name; the category of a milestone, which versions differ in, aside."""
    changed = (change for change in row["difference"] if change["field"] != "category")
    return sorted(changed, key=lambda change: str(change["field"]))


@settings(max_examples=EXAMPLES)
@given(histories(), ASKED)
def test_issues_are_worded_as_the_oracle_says(
    new_tracker: Callable[..., Any], drafts: list[Draft], asked: Asked
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = read(exported(tracker))
        for question, days in on_record(asked, log):
            known, by = up_to(log, question.known_at), question.published_by
            for on in days:
                found = tracker.registers(
                    date.fromisoformat(on), known_at=len(known), published_by=by and date.fromisoformat(by)
                )
                shown = {path: (issue.title, issue.question) for path, issue in found.issues.items()}
                assert shown == worded(known, question, on)


@settings(max_examples=EXAMPLES)
@given(histories())
def test_the_tables_hold_what_the_oracle_says_as_written_and_as_rebuilt(
    new_database: Callable[..., Any], drafts: list[Draft]
) -> None:
    with new_database(drafts=drafts) as (url, tracker):
        expected = tables(read(exported(tracker)))
        for _ in ("written", "rebuilt"):
            assert stored(url) == expected
            tracker.rebuild()


def stored(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """The projections' rows as another program would read them."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://") if "://" in url else f"sqlite:///{url}"
    )
    found = {}
    with engine.connect() as connection:
        for table, columns in COLUMNS.items():
            names = columns.split()
            rows = connection.execute(text(f"SELECT {', '.join(names)} FROM {table} ORDER BY {names[0]}"))
            found[table] = [tuple(row) for row in rows]
    engine.dispose()
    return found

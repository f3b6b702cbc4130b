"""Laws on random histories of blocs in blocs and in circles: what members hold over time, by `tests.oracle`.

Some are of few issues of every form, with forums, left positions and asks, dense enough for these to meet.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import ledger
from tests.histories import histories
from tests.laws.formed_histories import formed_histories
from tests.laws.laws import EXAMPLES, exported
from tests.laws.test_meaning import ASKED, Asked, answer, on_record, options, sorted_difference
from tests.oracle import inherited
from tests.oracle.answers import inherited_state, left_blocs
from tests.oracle.asks import asks
from tests.oracle.replay import Question, read, timelines
from tests.oracle.report import gaps
from tracker.domain.log.entries import Draft

pytestmark = pytest.mark.on_both_backends


@settings(max_examples=EXAMPLES)
@given(histories(blocs=True) | formed_histories(), ASKED, st.integers(9, 40))
def test_states_histories_and_reports_with_inheritance_mean_what_the_oracle_says(
    new_database: Callable[..., Any], drafts: list[Draft], asked: Asked, known_from: int
) -> None:
    with new_database(drafts=drafts) as (url, tracker):
        log = read(exported(tracker))
        for question, (after, until) in on_record(asked, log):
            told = options(question)
            found = answer(url, "history", "--inherit", "--on", until, *told)
            assert found == inherited.inherited_history(log, question, until)
            held = answer(url, "state", "--inherit", "--on", until, *told)
            assert held == inherited_state(log, question, until)
            since = min(known_from, len(log))
            days = ("--from", after, "--to", until, "--known-from", f"@{since}")
            report = answer(url, "report", "--inherit", *days, *told)
            for row in (*report["learned"], *report["learned_context"], *report["context_corrections"]):
                row["difference"] = sorted_difference(row)
            assert report == inherited.inherited_report(log, question, after, until, since)


Held = tuple[str | None, str | None, str | None]


def position(row: dict[str, Any], side: str = "") -> str | None:
    """The position in the columns of a row; None if there is none."""
    held = [row[f"{side}{column}"] for column in ("stance", "amount", "no_figure")]
    return repr(held) if any(held) else None


OF_ALL: Asked = [
    (Question(), ["2020-03-01", "2020-03-04"]),
    (Question(), ["2020-03-04", "2020-03-07"]),
    (Question(), ["2020-03-06", "2020-03-10"]),
    (Question(issues=frozenset({"c/a"})), ["2020-03-02", "2020-03-08"]),
]
"""What every dense history is asked besides, so that each rule is met by some."""

DISPUTED = ledger.drafts("""
    party AAA kind=state
    party BBB kind=bloc
    party CCC kind=bloc
    issue c form=choice
    started AAA BBB 2020-01-01
    started AAA CCC 2020-01-01
    stated BBB c/a supports 2020-02-01
    stated CCC c/a opposes 2020-02-20
""")
"""Two blocs of one party that dispute an issue, with too much time between them to contest each other."""


@settings(max_examples=EXAMPLES * 4)
@given(formed_histories(), ASKED)
@example(DISPUTED, [])
def test_what_members_take_on_issues_of_every_form_is_what_the_oracle_says(
    new_database: Callable[..., Any], drafts: list[Draft], asked: Asked
) -> None:
    with new_database(drafts=drafts) as (url, tracker):
        log = read(exported(tracker))
        for question, (after, until) in [*on_record(asked[:2], log), *OF_ALL]:
            told = options(question)
            held = answer(url, "state", "--inherit", "--on", until, *told)
            assert held == inherited_state(log, question, until)
            asks_of_all = answer(url, "asks", "--all", "--inherit", "--on", until, *told)
            assert asks_of_all == asks(log, question, until, inherit=True)
            relations = answer(url, "report", "--inherit", "--from", after, "--to", until, *told)["relations"]
            assert relations == inherited.relations(inherited.World(log, question, until), after, until)


@settings(max_examples=EXAMPLES * 4)
@given(formed_histories(), ASKED)
def test_left_blocs_explanations_and_gaps_are_what_the_oracle_says(
    new_tracker: Callable[..., Any], drafts: list[Draft], asked: Asked
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = read(exported(tracker))
        for plainly, (after, until) in [*on_record(asked[:2], log), *OF_ALL]:
            question = plainly.of_everything()
            about: dict[str, Any] = {"known_at": question.known_at, "published_by": question.published_by}
            if question.attributions:
                about["attribution"] = sorted(question.attributions)
            said = timelines(log, question, until)
            for cell in tracker.state(until, inherit=True, **about).cells:
                pair = cell.row.issue, cell.row.party
                assert {*cell.left_blocs} == left_blocs(said.get(pair, []))
                assert tracker.explain(pair[1], pair[0], until, inherit=True, **about).cell == cell
            moved = gaps(log, question, after, until)
            report = tracker.report(after, until, inherit=True, **about)
            found = {step.event_id: step for step in report.changes if step.inherited_from is None}
            for event_id in moved.keys() & found:
                move = report.gaps.moved_by([event_id])[event_id]
                assert (move.before, move.after) == moved[event_id]


@settings(max_examples=EXAMPLES)
@given(histories(blocs=True) | formed_histories(), ASKED)
def test_what_members_hold_on_a_day_is_the_last_step_of_their_history_and_the_net_of_reports(
    new_database: Callable[..., Any], drafts: list[Draft], asked: Asked
) -> None:
    def held(url: str, on: str, told: list[str]) -> dict[tuple[str, str], Held]:
        rows = answer(url, "state", "--inherit", "--on", on, *told)
        return {
            (row["issue"], row["party"]): (position(row), row["inherited_from"], row["event_id"])
            for row in rows
            if position(row)
        }

    with new_database(drafts=drafts) as (url, tracker):
        for question, (after, until) in on_record(asked, read(exported(tracker))):
            told = options(question)
            then, now = (held(url, on, told) for on in (after, until))
            steps = answer(url, "history", "--inherit", "--on", until, *told)
            last = {(row["issue"], row["party"]): row for row in steps}
            shown = {pair: (position(row, "to_"), row["inherited_from"], row["event_id"]) for pair, row in last.items()}
            assert {pair: step for pair, step in shown.items() if step[0]} == now
            for row, following in pairwise(steps):
                if (row["issue"], row["party"]) == (following["issue"], following["party"]):
                    assert position(following, "from_") == position(row, "to_")
                    assert following["from_inherited_from"] == (row["inherited_from"] if position(row, "to_") else None)
            net = answer(url, "report", "--inherit", "--from", after, "--to", until, *told)["net"]
            nothing = (None, None, None)
            moved = {
                pair: (then.get(pair, nothing)[:2], now.get(pair, nothing)[:2])
                for pair in then | now
                if then.get(pair, nothing)[0] != now.get(pair, nothing)[0]
            }
            assert moved == {
                (row["issue"], row["party"]): (
                    (position(row, "from_"), row["from_inherited_from"]),
                    (position(row, "to_"), row["to_inherited_from"]),
                )
                for row in net
            }

"""Laws on random histories of blocs in blocs and in circles: what members hold over time, by `tests.oracle`."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.histories import histories
from tests.laws.laws import EXAMPLES, exported
from tests.laws.test_meaning import ASKED, Asked, answer, on_record, options, sorted_difference
from tests.oracle import inherited
from tests.oracle.answers import inherited_state
from tests.oracle.replay import read
from tracker.domain.log.entries import Draft

pytestmark = pytest.mark.on_both_backends


@settings(max_examples=EXAMPLES)
@given(histories(blocs=True), ASKED, st.integers(9, 40))
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


@settings(max_examples=EXAMPLES)
@given(histories(blocs=True), ASKED)
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

"""Rows that show positions on a quantity: asks, conditions, corrections, what was learned, outcomes, context."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.oracle.replay import Row
from tracker.domain.log.parsing import parse_event
from tracker.domain.terms.columns import row_data
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.report.data import ReportAnswer
from tracker.reports.report.outcomes import outcome_briefs
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

SAID = {"summary": "So."}


@pytest.fixture
def talks(new_tracker: Callable[..., Any]) -> Any:
    """A log on a finance goal and on the wording of a decision; its entries can be named by their position."""
    with new_tracker() as tracker:
        for party in ("EUN", "G77", "USA"):
            record(tracker, "party.registered.v1", party=party, name=party, kind="bloc")
        record(tracker, "issue.opened.v2", issue="goal", title="Goal", question="?", form="quantity", unit="USD bn")
        record(tracker, "issue.opened.v2", issue="coal", title="Coal", question="?", form="choice")
        record(tracker, "issue.opened.v1", issue="coal/down", title="Phase-down", question="?")
        record(tracker, "issue.opened.v1", issue="coal/out", title="Phase-out", question="?")
        asks: dict[str, Any] = {"act": "demands", "addressed_to": ["EUN", "USA"], "conditions": ["public money"]}
        state(tracker, "G77", "2024-01-01", amount={"at_least": "1300"}, **asks)
        state(tracker, "EUN", "2024-01-05", amount={"at_most": "200"})
        state(tracker, "USA", "2024-01-06", act="declines")
        yield tracker


def record(tracker: Tracker, type_name: str, **data: Any) -> None:
    tracker.record([parse_event(type_name, data)], by="analyst")


def state(tracker: Tracker, party: str, day: str, issue: str = "goal", **data: Any) -> None:
    record(tracker, "position.stated.v2", party=party, issue=issue, stated_on=day, **SAID, **data)


def positions(row: Row, prefix: str = "") -> list[Any]:
    return [row[f"{prefix}{name}"] for name in ("stance", "amount", "no_figure")]


def report(tracker: Tracker, after: str, until: str, **more: Any) -> Row:
    return ReportAnswer(tracker.report(date.fromisoformat(after), date.fromisoformat(until), **more)).data


def test_asks_and_their_answers_hold_amounts_and_no_figure(talks: Tracker) -> None:
    eun, usa = map(row_data, talks.asks(date(2024, 2, 1)).asks)
    assert positions(eun) == [None, {"at_least": "1300"}, False]
    assert positions(eun, "answer_") == [None, {"at_most": "200"}, False]
    assert positions(row_data(eun["answer"])) == [None, {"at_most": "200"}, False]
    assert positions(usa, "answer_") == [None, None, True]
    assert positions(usa, "said_since_") == [None, None, False]


def test_an_ask_is_answered_by_the_statement_that_says_so_on_whatever_issue(talks: Tracker) -> None:
    ask = talks.asks(date(2024, 2, 1)).asks[0].statement
    state(talks, "EUN", "2023-12-01", "coal/down", stance="supports", answers=ask.event_id, attribution="inferred")
    state(talks, "G77", "2024-02-01", "coal/down", stance="supports", answers=ask.event_id)
    answered = {one.to: one.answer for one in talks.asks(date(2024, 2, 1)).asks}
    assert answered["EUN"] is not None
    assert answered["USA"] is not None
    assert (answered["EUN"].issue, answered["USA"].issue) == ("coal/down", "goal")
    talks.correct(f"@{ask.position}", {"summary": "Corrected."}, reason="no", by="analyst")
    again = {one.to: one.answer for one in talks.asks(date(2024, 2, 1)).asks}
    assert again == answered


def test_conditions_of_an_amount_come_with_it(talks: Tracker) -> None:
    (row,) = map(row_data, talks.conditions(date(2024, 2, 1)).open)
    assert (row["party"], positions(row)) == ("G77", [None, {"at_least": "1300"}, False])


def test_corrections_and_what_was_learned_hold_both_sides(talks: Tracker) -> None:
    known = talks.asks(date(2024, 2, 1)).log.position
    talks.correct(f"@{known - 1}", {"amount": {"at_most": "250"}}, reason="Misread.", by="analyst")
    found = report(talks, "2024-01-06", "2024-02-01", known_from=known)
    (learned,) = found["learned"]
    assert positions(learned, "from_") == [None, {"at_most": "200"}, False]
    assert positions(learned, "to_") == [None, {"at_most": "250"}, False]
    (corrected,) = report(talks, "2024-01-01", "2024-02-01")["corrections"]
    assert positions(corrected, "from_") == [None, {"at_most": "200"}, False]
    assert positions(corrected, "to_") == [None, {"at_most": "250"}, False]


def test_net_compares_amounts_as_numbers_and_no_figure_with_itself(talks: Tracker) -> None:
    state(talks, "EUN", "2024-03-01", amount={"at_most": "200"})
    state(talks, "USA", "2024-03-01", act="rejects")
    state(talks, "G77", "2024-03-01", amount={"at_least": "500"})
    (row,) = report(talks, "2024-02-01", "2024-04-01")["net"]
    assert (row["party"], row["from_amount"], row["to_amount"]) == ("G77", {"at_least": "1300"}, {"at_least": "500"})


def test_a_report_tells_how_far_each_party_was_from_the_figure_on_the_day_of_the_closing(talks: Tracker) -> None:
    figure = {"at_least": "300", "at_most": "300"}
    record(talks, "issue.closed.v2", issue="goal", on="2024-03-01", outcome="agreed", amount=figure)
    state(talks, "EUN", "2024-03-02", amount={"at_least": "300"})
    record(talks, "issue.reopened.v1", issue="goal", on="2024-03-05")
    found = talks.report(date(2024, 2, 1), date(2024, 4, 1))
    rows = ReportAnswer(found).data["outcomes"]
    told = [(row["party"], row["distance"], *positions(row, "held_")) for row in rows]
    assert told == [
        ("EUN", "-100", None, {"at_most": "200"}, False),
        ("G77", "1000", None, {"at_least": "1300"}, False),
        ("USA", None, None, None, True),
    ]
    assert all((row["issue"], row["on"], row["amount"]) == ("goal", "2024-03-01", figure) for row in rows)
    closing, reopened = found.context
    assert outcome_words(closing) == "agreed at 300 USD bn"
    assert (reopened.kind, reopened.noun) == ("reopened", "reopening")
    (brief,) = outcome_briefs(found.context, found.outcomes)
    assert brief.since == ", open again since 5 Mar 2024"
    assert brief.distances() == "G77 1,000 above (at least 1,300), EUN 100 short (at most 200), USA no figure"
    cells = {cell.row.party: cell for cell in talks.state(date(2024, 4, 1)).cells}
    assert (cells["EUN"].row.closed, cells["EUN"].reopened) == (None, date(2024, 3, 5))


def test_a_report_tells_who_was_for_the_option_that_was_agreed(talks: Tracker) -> None:
    state(talks, "EUN", "2024-02-02", "coal/down", stance="opposes")
    state(talks, "USA", "2024-02-03", "coal/down", stance="supports")
    state(talks, "G77", "2024-02-03", "coal/out", stance="supports")
    record(talks, "issue.closed.v2", issue="coal", on="2024-03-01", outcome="agreed", option="coal/down")
    found = talks.report(date(2024, 2, 1), date(2024, 4, 1))
    rows = ReportAnswer(found).data["outcomes"]
    assert [(row["party"], row["option"], row["held_stance"], row["distance"]) for row in rows] == [
        ("EUN", "coal/down", "opposes", None),
        ("USA", "coal/down", "supports", None),
    ]
    (closing,) = found.context
    assert outcome_words(closing) == "agreed: down"
    (brief,) = outcome_briefs([closing], found.outcomes)
    assert brief.since == ""
    assert brief.distances() == "supports: USA; opposes: EUN; nothing said of it: G77 (+\u00a0out)"


def test_an_outcome_names_red_lines_what_parties_could_accept_and_who_left_its_bloc(talks: Tracker) -> None:
    could = {"at_most": "400"}
    state(talks, "EUN", "2024-02-02", amount={"at_most": "200"}, could_accept=could, red_line=True)
    leaving = {"party": "USA", "issue": "goal", "on": "2024-02-03", "leaves_position_of": "G77"}
    record(talks, "position.withdrawn.v2", **leaving, **SAID)
    figure = {"at_least": "300", "at_most": "300"}
    record(talks, "issue.closed.v2", issue="goal", on="2024-03-01", outcome="agreed", amount=figure)
    found = talks.report(date(2024, 2, 1), date(2024, 4, 1))
    (brief,) = outcome_briefs(found.context, found.outcomes)
    assert "EUN 100 short (at most 200‖; could accept at most 400)" in brief.distances()
    assert brief.distances().endswith("USA left the position of G77")


def test_who_succeeded_a_party_is_told_beside_its_positions_and_none_passes(talks: Tracker) -> None:
    record(talks, "party.succeeded.v1", party="USA", by=["EUN"], on="2024-03-01")
    cells = {cell.row.party: cell for cell in talks.state(date(2024, 4, 1)).cells}
    assert cells["USA"].succession is not None
    assert (cells["USA"].succession.by, cells["EUN"].succession) == (("EUN",), None)
    assert cells["EUN"].row.amount is not None
    (row,) = talks.report(date(2024, 2, 1), date(2024, 4, 1)).context
    assert (row.kind, row.parties) == ("succeeded", ("USA", "EUN"))
    told = talks.explain("USA", "goal", date(2024, 4, 1))
    assert told.succession == cells["USA"].succession

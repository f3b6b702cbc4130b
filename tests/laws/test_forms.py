"""Laws on random histories with amounts, choices, forums and left positions, held to `tests.oracle.blocs`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.formed_histories import DAYS, OPTIONS, PARTIES, QUANTITIES, QUESTIONS, formed_histories
from tests.laws.laws import EXAMPLES, exported, query
from tests.oracle import blocs
from tests.oracle.replay import Question, read
from tracker.domain.log.entries import Draft
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.scope import Query, Scope
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Value
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

Asked = tuple[int, Question, list[str]]


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """A log position, a question with its other cut-offs and filters, and two days."""
    none: frozenset[str] = frozenset()
    parties = st.frozensets(st.sampled_from(PARTIES), min_size=1, max_size=2)
    issues = st.sampled_from(("c", *QUANTITIES, *OPTIONS, *OPTIONS, *QUESTIONS)).map(lambda one: frozenset({one}))
    question = Question(
        None,
        draw(st.one_of(st.none(), st.none(), st.none(), DAYS)),
        draw(st.one_of(st.just(none), st.just(none), parties)),
        draw(st.one_of(st.just(none), issues)),
        draw(st.sampled_from((none, none, frozenset({"reported"})))),
    )
    return draw(st.sampled_from((99, 99, 99, 24, 32))), question, sorted(draw(st.lists(DAYS, min_size=2, max_size=2)))


def of_tracker(question: Question, at: int) -> Query:
    words = frozenset(map(Attribution, question.attributions))
    by = question.published_by
    return query(Scope(question.parties, question.issues, words), at, date.fromisoformat(by) if by else None)


def plain(value: Value) -> Any:
    return (value.at_least, value.at_most) if isinstance(value, Amount) else str(value)


def shown(cell: Cell) -> blocs.Shown:
    row = cell.row
    return blocs.Shown(
        plain(row.value),
        row.event_id,
        row.since.isoformat(),
        row.contested,
        cell.inherited_from,
        sorted(cell.left_blocs),
    )


def state(tracker: Tracker, on: str, about: Query, *, inherit: bool) -> dict[Any, blocs.Shown]:
    found = tracker.state(date.fromisoformat(on), about, inherit=inherit).cells
    return {(cell.row.issue, cell.row.party): shown(cell) for cell in found}


UNFILTERED: list[Asked] = [
    (99, Question(), ["2020-03-01", "2020-03-04"]),
    (99, Question(), ["2020-03-04", "2020-03-07"]),
    (99, Question(), ["2020-03-06", "2020-03-10"]),
    (99, Question(issues=frozenset({"c/a"})), ["2020-03-02", "2020-03-08"]),
]
"""What every history is asked, so that each rule is met by some."""
EVERYTHING = st.lists(asked(), min_size=2, max_size=2).map(lambda questions: [*questions, *UNFILTERED])


@settings(max_examples=EXAMPLES * 4)
@given(formed_histories(), EVERYTHING)
def test_what_members_take_from_their_blocs_is_what_the_oracle_says(
    new_tracker: Callable[..., Any], drafts: list[Draft], questions: list[Asked]
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = read(exported(tracker))
        for known, plainly, (_, on) in questions:
            question, at = posed(plainly, min(known, len(log)))
            about = of_tracker(question, at)
            assert state(tracker, on, about, inherit=False) == blocs.state(log, question, on)
            inherited = state(tracker, on, about, inherit=True)
            assert inherited == blocs.inherited_state(log, question, on)
            for issue, party in inherited:
                told = tracker.explain(
                    party, issue, date.fromisoformat(on), of_tracker(_about(question), at), inherit=True
                )
                assert told.cell is not None
                assert shown(told.cell) == inherited[issue, party]


def posed(question: Question, at: int) -> tuple[Question, int]:
    """The same question about a log position, and that position."""
    return replace(question, known_at=f"@{at}"), at


def _about(question: Question) -> Question:
    """The same of everybody and everything: an explanation names its pair."""
    return Question(question.known_at, question.published_by, attributions=question.attributions)


@settings(max_examples=EXAMPLES * 4)
@given(formed_histories(), EVERYTHING)
def test_relations_and_gaps_are_what_the_oracle_says(
    new_tracker: Callable[..., Any], drafts: list[Draft], questions: list[Asked]
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = read(exported(tracker))
        for known, plainly, (after, until) in questions:
            question, at = posed(plainly, min(known, len(log)))
            for inherit in (False, True):
                found = tracker.report(
                    date.fromisoformat(after), date.fromisoformat(until), of_tracker(question, at), inherit=inherit
                )
                rows = [row.change for row in found.relations]
                told = [
                    (one.issue, one.parties, (str(one.from_relation), one.from_gap), (str(one.to_relation), one.to_gap))
                    for one in rows
                ]
                assert told == blocs.relations(log, question, after, until, inherit=inherit)
            moved = blocs.gaps(log, question, after, until)
            for step in found.changes:
                if step.inherited_from is None and step.event_id in moved:
                    move = found.gaps.moved_by(step.event_id)
                    assert move is not None
                    assert (move.before, move.after) == moved[step.event_id]


@settings(max_examples=EXAMPLES * 4)
@given(formed_histories(), EVERYTHING)
def test_what_a_party_holds_on_a_day_is_its_last_step_and_the_net_of_reports(
    new_tracker: Callable[..., Any], drafts: list[Draft], questions: list[Asked]
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = read(exported(tracker))
        for known, plainly, (after, until) in questions:
            question, at = posed(plainly, min(known, len(log)))
            about = of_tracker(question, at)
            then, now = (_holding(blocs.inherited_state(log, question, day)) for day in (after, until))
            steps = tracker.history(on=date.fromisoformat(until), query=about, inherit=True).changes
            last = {(step.issue, step.party): step for step in steps}
            assert now == {
                pair: (plain(step.to_value), step.inherited_from)
                for pair, step in last.items()
                if step.to_value is not None and plain(step.to_value) != "withdrawn"
            }
            report = tracker.report(date.fromisoformat(after), date.fromisoformat(until), about, inherit=True)
            assert [step for step in steps if step.on.isoformat() > after] == [
                step._replace(government_since=None) for step in report.changes
            ]
            none = (None, None)
            moved = {pair for pair in then | now if then.get(pair, none)[0] != now.get(pair, none)[0]}
            assert moved == {(row.issue, row.party) for row in report.net}
            for row in report.net:
                sides = zip((row.from_value, row.to_value), (then, now), strict=True)
                assert all(_value(value) == held.get((row.issue, row.party), none)[0] for value, held in sides)
                assert row.blocs == tuple(held.get((row.issue, row.party), none)[1] for held in (then, now))


@settings(max_examples=EXAMPLES * 4)
@given(formed_histories(), EVERYTHING)
def test_asks_are_answered_as_the_oracle_says(
    new_tracker: Callable[..., Any], drafts: list[Draft], questions: list[Asked]
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = read(exported(tracker))
        for known, plainly, (_, on) in questions:
            question, at = posed(plainly, min(known, len(log)))
            for inherit in (False, True):
                found = tracker.asks(date.fromisoformat(on), of_tracker(question, at), inherit=inherit).asks
                told = [
                    blocs.Answer(
                        ask.statement.issue,
                        ask.party,
                        ask.to,
                        ask.statement.event_id,
                        ask.answer and ask.answer.event_id,
                        ask.first_since and ask.first_since.event_id,
                        ask.withdrawal and ask.withdrawal.event_id,
                    )
                    for ask in found
                ]
                assert told == blocs.asks(log, question, on, inherit=inherit)


def _holding(shown: dict[Any, blocs.Shown]) -> dict[Any, tuple[Any, str | None]]:
    return {pair: (one.value, one.inherited_from) for pair, one in shown.items() if one.value != "withdrawn"}


def _value(value: Value | None) -> Any:
    return None if value is None or plain(value) == "withdrawn" else plain(value)

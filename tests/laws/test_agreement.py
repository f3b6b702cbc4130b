"""Laws on random negotiations: how often parties agree is held to `tests.oracle.agreement`, which counts one by one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.laws import EXAMPLES, exported
from tests.laws.test_meaning import answer, options
from tests.negotiations import DAYS, ISSUES, PARTIES, negotiations
from tests.oracle.agreement import agreement
from tests.oracle.replay import Question, read
from tracker.domain.log.entries import Draft

pytestmark = pytest.mark.on_both_backends


@st.composite
def questions(draw: st.DrawFn) -> Question:
    known_at = draw(st.none() | st.integers(16, 60).map(lambda at: f"@{at}"))
    issues = draw(st.sampled_from((frozenset(), frozenset(), *(frozenset({issue}) for issue in (*ISSUES, "n", "q")))))
    attributions = draw(st.sampled_from((frozenset(), frozenset(), frozenset({"direct", "reported"}))))
    parties = draw(st.just(frozenset()) | st.frozensets(st.sampled_from(PARTIES), max_size=2))
    return Question(known_at, draw(st.none() | st.none() | DAYS), parties, issues, attributions)


def on_record(question: Question, log: Any) -> Question:
    """The same, with a position that the log has."""
    at = question.known_at
    return question if at is None or int(at[1:]) <= len(log) else replace(question, known_at=f"@{len(log)}")


@settings(max_examples=EXAMPLES)
@given(negotiations(), st.lists(st.tuples(questions(), DAYS, DAYS), min_size=4, max_size=4))
def test_agreement_is_what_the_oracle_says(
    new_database: Callable[..., Any], drafts: list[Draft], asked: list[tuple[Question, str, str]]
) -> None:
    with new_database(drafts=drafts) as (url, tracker):
        log = read(exported(tracker))
        for one, *days in asked:
            question, (after, on) = on_record(one, log), sorted(days)
            about = options(question)
            assert answer(url, "agreement", "--on", on, *about) == agreement(log, question, on)
            compared = answer(url, "agreement", "--from", after, "--to", on, *about)
            assert compared == agreement(log, question, on, after)

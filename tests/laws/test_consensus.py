"""Laws on random negotiations: who could agree is held to `tests.oracle.consensus`, which shares nothing with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.laws import EXAMPLES, exported
from tests.laws.test_meaning import answer, options
from tests.negotiations import DAYS, FIRST, ISSUES, PARTIES, negotiations
from tests.oracle.consensus import consensus, series
from tests.oracle.replay import Question, read
from tracker.domain.log.entries import Draft
from tracker.domain.terms.scope import Query, Scope, parse_known_at
from tracker.domain.terms.vocabulary import Attribution
from tracker.questions.agreement.consensus import holdings_of
from tracker.storage.queries.holdings import holdings

pytestmark = pytest.mark.on_both_backends


OPTIONS = ("c/x", "c/y")


@dataclass(frozen=True)
class Asked:
    """A question of parties, a bloc or everybody, with or without inheritance."""

    question: Question
    of: frozenset[str]
    inherit: bool

    @property
    def options(self) -> list[str]:
        told = options(self.question) + (["--of", ",".join(sorted(self.of))] if self.of else [])
        return [*told, "--inherit"] if self.inherit else told

    def rows(self, log: Any, on: str, at: str = "") -> Any:
        return consensus(log, self.question, on, of=self.of, inherit=self.inherit, at=at)


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    known_at = draw(st.none() | st.integers(16, 60).map(lambda at: f"@{at}"))
    published_by = draw(st.none() | st.none() | DAYS)
    issues = draw(st.sampled_from((frozenset(), frozenset(), *(frozenset({issue}) for issue in (*ISSUES, "n", "q")))))
    attributions = draw(st.sampled_from((frozenset(), frozenset(), frozenset({"direct", "reported"}))))
    question = Question(known_at, published_by, frozenset(), issues, attributions)
    return Asked(question, draw(st.frozensets(st.sampled_from(PARTIES), max_size=3)), draw(st.booleans()))


def on_record(asked: Asked, log: Any) -> Asked:
    """The same, with a position that the log has."""
    at = asked.question.known_at
    if at is None or int(at[1:]) <= len(log):
        return asked
    return Asked(Question(f"@{len(log)}", *tuple(vars(asked.question).values())[1:]), asked.of, asked.inherit)


@settings(max_examples=EXAMPLES)
@given(negotiations(), st.lists(st.tuples(questions(), DAYS), min_size=4, max_size=4))
def test_who_could_agree_is_what_the_oracle_says(
    new_database: Callable[..., Any], drafts: list[Draft], questions: list[tuple[Asked, str]]
) -> None:
    with new_database(drafts=drafts) as (url, tracker):
        log = read(exported(tracker))
        for one, on in questions:
            asked = on_record(one, log)
            assert answer(url, "consensus", "--on", on, *asked.options) == asked.rows(log, on)


@settings(max_examples=EXAMPLES)
@given(negotiations(), questions(), DAYS, st.sampled_from(("2", "2.5", "-3", "4")))
def test_how_a_figure_fares_is_what_the_oracle_says(
    new_database: Callable[..., Any], drafts: list[Draft], asked: Asked, on: str, figure: str
) -> None:
    question = Question(None, asked.question.published_by, frozenset(), frozenset({"n/goal"}))
    asked = Asked(question, asked.of, asked.inherit)
    with new_database(drafts=drafts) as (url, tracker):
        found = answer(url, "consensus", "--on", on, "--at", figure, *asked.options)
        assert found == asked.rows(read(exported(tracker)), on, figure)


@settings(max_examples=EXAMPLES)
@given(negotiations(), questions(), st.lists(DAYS, min_size=2, max_size=2).map(sorted))
def test_a_series_is_what_the_oracle_says_of_each_day_on_which_anything_changed(
    new_database: Callable[..., Any], drafts: list[Draft], one: Asked, span: list[str]
) -> None:
    with new_database(drafts=drafts) as (url, tracker):
        log = read(exported(tracker))
        asked = on_record(one, log)
        first, last = span
        number = (date.fromisoformat(last) - date.fromisoformat(first)).days
        days = [(date.fromisoformat(first) + timedelta(at)).isoformat() for at in range(number + 1)]
        found = answer(url, "consensus", "--from", first, "--to", last, *asked.options)
        assert found == series([(on, asked.rows(log, on)) for on in days])


@settings(max_examples=EXAMPLES)
@given(negotiations(), st.lists(DAYS, min_size=3, max_size=3), questions())
def test_holdings_are_those_of_the_cells_of_the_state(
    new_tracker: Callable[..., Any], drafts: list[Draft], days: list[str], asked: Asked
) -> None:
    """At cut-offs, and of some attributions alone, they are read from the statements; else from the runs."""
    asked = on_record(asked, drafts)
    one = asked.question
    known_at = parse_known_at(one.known_at) if one.known_at else None
    published_by = date.fromisoformat(one.published_by) if one.published_by else None
    plain = Query(Scope(asked.of, one.issues))
    scope = Scope(asked.of, one.issues, frozenset(map(Attribution, one.attributions)))
    with new_tracker(drafts=drafts) as tracker, tracker.snapshot() as snapshot:
        for on in map(date.fromisoformat, days):
            for query in (plain, Query(scope, known_at, published_by)):
                cells = snapshot.state(on, query).cells
                with snapshot._asking(on, query) as at:
                    assert holdings(at.log, at.cache, query.scope, at.cutoffs, on) == holdings_of(cells)


@settings(max_examples=EXAMPLES)
@given(negotiations(), st.lists(DAYS, min_size=3, max_size=3), questions())
def test_a_cut_off_that_leaves_nothing_out_changes_nothing(
    new_tracker: Callable[..., Any], drafts: list[Draft], days: list[str], asked: Asked
) -> None:
    """With a cut-off holdings come from the statements, and members inherit in the cells of the state."""
    with new_tracker(drafts=drafts) as tracker:
        everything = Query(Scope(asked.of), known_at=parse_known_at(f"@{len(drafts)}"))
        for on in map(date.fromisoformat, days):
            for inherit in (False, True):
                now, then = (
                    tracker.consensus(on=on, query=query, inherit=inherit)
                    for query in (Query(Scope(asked.of)), everything)
                )
                assert (now.parties, now.issues) == (then.parties, then.issues)
                assert now.unheard_blocs == then.unheard_blocs


@settings(max_examples=EXAMPLES)
@given(negotiations(), DAYS, st.booleans())
def test_the_zone_of_some_parties_contains_the_zone_of_more(
    new_tracker: Callable[..., Any], drafts: list[Draft], on: str, inherit: bool
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        whole = tracker.consensus("n/goal", on, of=PARTIES, inherit=inherit).issues[0].ground.zone
        for left_out in PARTIES:
            some = [party for party in PARTIES if party != left_out]
            (one,) = tracker.consensus("n/goal", on, of=some, inherit=inherit).issues
            assert whole is None or not one.amounts or (one.ground.zone and one.ground.zone.contains(whole))


@settings(max_examples=EXAMPLES)
@given(negotiations(), st.integers(0, 13).map(lambda days: FIRST + timedelta(days)), st.sampled_from(("AAA", "BBB")))
def test_whom_a_bloc_speaks_for_is_never_silent_with_inheritance(
    new_tracker: Callable[..., Any], drafts: list[Draft], on: date, bloc: str
) -> None:
    """It speaks for its members on what it states, unless they chose another option or each answers for itself."""
    with new_tracker(drafts=drafts) as tracker:
        stated = {row.issue for row in tracker.state(on, party=bloc).rows if not row.withdrawn}
        members = {party for party, blocs in tracker.memberships(on).items() if bloc in blocs}
        found = tracker.consensus(on=on, of=bloc, inherit=True)
        rows = [option for one in found.issues for option in (one, *one.options)]
        for row in rows:
            if row.issue not in stated or row.form.own:
                continue
            for party in members.intersection(row.classes.get("silent", ())):
                own = {one.issue for one in tracker.state(on, party=party).rows if not one.withdrawn}
                assert row.issue in OPTIONS
                assert own.intersection(OPTIONS)

"""Laws on random histories: what the database picks out for an answer is all that a plain replay would give it.

The replay is the tracker's own, of the whole log, on many more cut-offs than those of `test_meaning.py`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.histories import ALL_ISSUES, ALL_PARTIES, histories, scopes
from tests.laws.cuts import Cut, cuts, within
from tests.laws.laws import EXAMPLES, log_of, query
from tests.replayed import (
    all_held_on,
    asking,
    circumstances_in,
    claims_in,
    found_positions,
    stances_on,
    state_cells,
    stated_in,
)
from tracker.domain.answers.asks import asks
from tracker.domain.answers.changes import all_changes, all_net_changes
from tracker.domain.answers.explanation import Exclusion, explain
from tracker.domain.answers.who_speaks import OwnAnswers
from tracker.domain.log.entries import Draft, Entry
from tracker.domain.log.events import MembershipEnded, MembershipStarted
from tracker.domain.report.context import context, context_row
from tracker.domain.report.context_revisions import context_corrections, late_context
from tracker.domain.report.corrections import corrections
from tracker.domain.report.learned import EarlierCut, add_values, late_entries
from tracker.domain.report.relations import relation_changes
from tracker.domain.terms.scope import Cutoffs, KnownAt, Query, Scope
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.inheritance import inherit_stances
from tracker.domain.timeline.memberships import memberships
from tracker.domain.timeline.publication import public_facts, source_days
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.domain.timeline.timelines import timelines

pytestmark = pytest.mark.on_both_backends

ENDED = (Exclusion.CORRECTED, Exclusion.RETRACTED)


def replayed_state(log: list[Entry], on: date, asked: Query) -> tuple[list[Cell], int]:
    known_at = asked.known_at.position if asked.known_at else None
    history = replay(log, known_at=known_at)
    pairs = timelines(history, asked.scope, up_to=on, published_by=asked.published_by)
    return list(state_cells(pairs, circumstances_in(history, on, asked.published_by), on)), pairs.undated


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_the_selection_for_a_state_is_all_that_the_whole_log_would_give_it(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, _, on in within(cuts, log):
            asked = query(scope, known_at, published_by)
            found = tracker.state(on, asked)
            assert (list(found.cells), found.left_out_undated) == replayed_state(log, on, asked)


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_the_index_finds_the_entries_that_looking_through_all_of_them_finds(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, _, on in within(cuts, log)[::2]:
            around = circumstances_in(replay(log, known_at=known_at), on, published_by)
            for words in ("yes", "nee", "w", "gone", "t", '"should it"', "x o"):
                asked = query(scope, known_at, published_by)
                found = tracker.find(words, on, asked).found
                assert [hit.position for hit in found] == found_positions(log, words, on, asked)
                for hit in found:
                    said = hit.issue is not None and hit.on is not None and hit.party is not None
                    assert hit.reworded == (said and around.is_reworded(hit.issue, hit.on))


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_the_selection_for_a_report_is_all_that_the_whole_log_would_give_it(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, after, up_to in within(cuts, log):
            asked = query(scope, known_at, published_by)
            found = tracker.report(after, up_to, asked)
            steps = tracker.history(on=up_to, query=asked)
            history = replay(log, known_at=known_at)
            pairs = timelines(history, scope, up_to=up_to, published_by=published_by)
            around = circumstances_in(history, up_to, published_by)
            assert found.changes == all_changes(pairs.by_pair, after=after, up_to=up_to, around=around)
            assert found.net == all_net_changes(pairs.by_pair, after=after, up_to=up_to, around=around)
            facts = [version for version in history.counting if context_row(version, around) is not None]
            happened = public_facts(facts, source_days(history), published_by)
            assert found.context == context(happened, scope, after=after, up_to=up_to, around=around)
            assert found.left_out_undated == pairs.undated
            assert steps.changes == all_changes(pairs.by_pair, after=None, up_to=up_to, around=around)
            known = [entry for entry in log if known_at is None or entry.position <= known_at]
            revised = corrections(known, scope, after=after, up_to=up_to, around=around, published_by=published_by)
            assert found.corrections == revised
            of_context = context_corrections(
                known, scope, after=after, up_to=up_to, around=around, published_by=published_by
            )
            assert found.context_corrections == of_context
            everybody = Scope(attributions=scope.attributions)
            all_pairs = timelines(history, everybody, up_to=up_to, published_by=published_by)
            relations = relation_changes(all_held_on(all_pairs, after), all_held_on(all_pairs, up_to), scope, around)
            assert found.relations == tuple(row for row in relations if scope.includes_issue(row.change.issue))


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes(), st.integers(9, 40))
def test_the_selection_for_what_was_learned_is_all_that_the_whole_log_would_give_it(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope, since: int
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        since = min(since, len(log))
        for known_at, published_by, after, up_to in within(cuts, log)[::2]:
            asked = query(scope, known_at, published_by)
            found = tracker.report(after, up_to, asked, known_from=KnownAt(f"@{since}", position=since))
            known = [entry for entry in log if known_at is None or entry.position <= known_at]
            earlier = EarlierCut(since, published_by, after)
            then, now = (
                stances_on(timelines(replay(known, known_at=cut), scope, up_to=after, published_by=published_by), after)
                for cut in (since, None)
            )
            expected = late_entries(known, scope, Cutoffs(known_at, published_by), earlier)
            around = [circumstances_in(replay(known, known_at=cut), up_to, published_by) for cut in (since, None)]
            assert found.learned == add_values(expected, then, now, *around)
            assert found.learned_context == late_context(
                known, scope, Cutoffs(known_at, published_by), earlier, around[1]
            )


PAIRS = st.lists(st.sampled_from(list(product(ALL_ISSUES, ALL_PARTIES))), min_size=9, max_size=9, unique=True)


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes(), PAIRS)
def test_the_selection_for_an_explanation_is_enough_and_it_concludes_what_the_state_says(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope, pairs: list[tuple[str, str]]
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, _, on in within(cuts, log)[::6]:
            asked = query(Scope(attributions=scope.attributions), known_at, published_by)
            rows = {(row.issue, row.party): row for row in tracker.state(on, asked).rows}
            for pair in pairs:
                found = tracker.explain(pair[1], pair[0], on, asked)
                assert found.row == rows.get(pair)
                assert found == explain(
                    log,
                    pair,
                    on=on,
                    cutoffs=Cutoffs(known_at, published_by),
                    attributions=scope.attributions,
                    around=circumstances_in(replay(log, known_at=known_at), on, published_by),
                    known_at=found.known_at,
                    log=found.log,
                )
                counting = {one.entry.id for one in found.accounts if one.because is None}
                assert not found.held or {statement.event_id for statement in found.held.run} <= counting
                assert all((one.because_of is not None) == (one.because in ENDED) for one in found.accounts)


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_the_selection_for_asks_is_all_that_the_whole_log_would_give_it(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, _, on in within(cuts, log)[::2]:
            found = tracker.asks(on, query(scope, known_at, published_by))
            history = replay(log, known_at=known_at)
            everybody = Scope(attributions=scope.attributions)
            pairs = timelines(history, everybody, up_to=on, published_by=published_by)
            steps = [step for timeline in pairs.by_pair.values() for step in timeline]
            around = circumstances_in(history, on, published_by)
            answering, claims = OwnAnswers(stated_in(pairs, on)), claims_in(steps, history)
            assert found.asks == asks(asking(steps), answering, scope, around, on, claims=claims)


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_inheritance_fills_gaps_and_never_overrides_an_own_stance(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, _, on in within(cuts, log)[::2]:
            asked = query(scope, known_at, published_by)
            own = {(cell.row.issue, cell.row.party): cell for cell in tracker.state(on, asked).cells}
            found = tracker.state(on, asked, inherit=True).cells
            history = replay(log, known_at=known_at)
            everybody = replace(scope, parties=frozenset())
            pairs = timelines(history, everybody, up_to=on, published_by=published_by)
            around = circumstances_in(history, on, published_by)
            cells = list(state_cells(pairs, around, on))
            joined = [v for v in history.counting if isinstance(v.event, MembershipStarted | MembershipEnded)]
            members = memberships(public_facts(joined, source_days(history), published_by), on)
            filled = inherit_stances(cells, members, around)
            assert list(found) == [cell for cell in filled if scope.includes_party(cell.row.party)]
            for cell in found:
                before = own.pop((cell.row.issue, cell.row.party), None)
                if cell.inherited_from is None:
                    assert cell == before
                else:
                    assert before is None or before.row.value is WITHDRAWN
                    assert cell.row.value is not WITHDRAWN
            assert own == {}

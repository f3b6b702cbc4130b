"""The laws that every history keeps, on random histories and against the plain replay."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.histories import DAYS, disorders, histories, scopes
from tracker.domain import timeline
from tracker.domain.changes import all_changes, all_net_changes, context
from tracker.domain.entries import Draft, Entry
from tracker.domain.scope import KnownAt, Scope
from tracker.domain.state import state_rows
from tracker.domain.timeline import replay, timelines
from tracker.storage.event_log import Receipt
from tracker.tracker import Query, Tracker

EXAMPLES = 60


def log_of(tracker: Tracker) -> list[Entry]:
    return [logged.entry for logged in tracker.entries()]


Cut = tuple[int | None, date | None, date, date]


@st.composite
def cuts(draw: st.DrawFn) -> list[Cut]:
    """Many positions, days of publication and spans of days to ask one history at."""
    positions = [None, *draw(st.lists(st.integers(9, 45), min_size=5, max_size=5, unique=True))]
    published = [None, *draw(st.lists(DAYS, min_size=2, max_size=2))]
    spans = draw(st.lists(st.tuples(DAYS, DAYS).map(sorted), min_size=2, max_size=2))
    return [(known_at, by, *span) for known_at in positions for by in published for span in spans]


def query(scope: Scope, known_at: int | None, published_by: date | None) -> Query:
    asked = None if known_at is None else KnownAt(f"@{known_at}", position=known_at)
    return Query(scope, asked, published_by)


def replayed_state(log: list[Entry], on: date, asked: Query) -> tuple[list[Any], int]:
    known_at = asked.known_at.position if asked.known_at else None
    history = replay(log, known_at=known_at)
    pairs = timelines(history, asked.scope, up_to=on, published_by=asked.published_by)
    return [row for row, _ in state_rows(pairs, history.counting, on)], pairs.undated


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_the_state_from_the_projections_is_that_of_the_plain_replay(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, _, on in cuts:
            asked = query(scope, known_at, published_by)
            found = tracker.state(on, asked)
            assert (list(found.rows), found.left_out_undated) == replayed_state(log, on, asked)


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_the_report_from_the_projections_is_that_of_the_plain_replay(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, after, up_to in cuts:
            asked = query(scope, known_at, published_by)
            found = tracker.report(after, up_to, asked)
            steps = tracker.history(up_to, asked)
            history = replay(log, known_at=known_at)
            pairs = timelines(history, scope, up_to=up_to, published_by=published_by)
            assert found.changes == all_changes(pairs, after=after, up_to=up_to)
            assert found.net == all_net_changes(pairs, after=after, up_to=up_to)
            assert found.context == context(history.counting, scope, after=after, up_to=up_to)
            assert found.left_out_undated == pairs.undated
            assert steps.changes == all_changes(pairs, after=None, up_to=up_to)


@settings(max_examples=EXAMPLES)
@given(histories(), DAYS, st.integers(0, 50), st.none() | DAYS)
def test_later_knowledge_never_changes_an_earlier_answer(
    new_tracker: Callable[..., Any], drafts: list[Draft], on: date, position: int, published_by: date | None
) -> None:
    with new_tracker(drafts=drafts[:position]) as then, new_tracker(drafts=drafts) as now:
        asked = Query(published_by=published_by)
        cut = query(Scope(), position, published_by)
        assert then.state(on, asked).rows == now.state(on, cut).rows
        assert then.report(date(2019, 1, 1), on, asked).changes == now.report(date(2019, 1, 1), on, cut).changes


@settings(max_examples=EXAMPLES)
@given(histories())
def test_load_then_export_is_the_same_bytes(
    new_tracker: Callable[..., Any], tmp_path: Path, drafts: list[Draft]
) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    file = tmp_path / "events.jsonl"
    with new_tracker(drafts=drafts) as tracker, new_tracker() as other:
        tracker.export(first)
        file.write_bytes(first.getvalue())
        other.load([file])
        other.export(second)
        assert other.checkpoint() == tracker.checkpoint()
        assert other.load([file]).appended == 0
    assert second.getvalue() == first.getvalue()


@settings(max_examples=EXAMPLES)
@given(histories())
def test_whatever_was_recorded_verifies_and_rebuilds_to_the_same_projections(
    new_tracker: Callable[..., Any], drafts: list[Draft]
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        assert tracker.verify().sound
        assert tracker.rebuild() == len(drafts)
        assert tracker.verify().sound


@settings(max_examples=EXAMPLES)
@given(disorders(), st.integers(1, 9))
def test_entries_appended_together_fare_as_they_do_one_by_one(
    new_tracker: Callable[..., Any], drafts: list[Draft], size: int
) -> None:
    def append(tracker: Tracker, size: int) -> list[str]:
        results: list[Any] = []
        for start in range(0, len(drafts), size):
            with tracker._log.writing() as log:
                results += log.append_all([replace(draft, time=None) for draft in drafts[start : start + size]])
        return [str(one.entry.position) if isinstance(one, Receipt) else type(one).__name__ for one in results]

    with new_tracker() as one_by_one, new_tracker() as together:
        assert append(one_by_one, 1) == append(together, size)
        assert one_by_one.checkpoint().position == together.checkpoint().position
        assert together.verify().sound
        assert together.state(date(2020, 3, 9)).rows == one_by_one.state(date(2020, 3, 9)).rows


@settings(max_examples=EXAMPLES)
@given(histories(), DAYS, DAYS)
def test_recording_a_new_statement_and_retracting_it_restores_what_was_before(
    new_tracker: Callable[..., Any], drafts: list[Draft], said: date, on: date
) -> None:
    from tracker.domain.events import EntryRetracted, PositionStated

    statement = PositionStated(
        party="AAA", issue="x/one", stance="opposes", stated_on=said.isoformat(), summary="Briefly."
    )
    with new_tracker(drafts=drafts) as tracker:
        before = tracker.state(on).rows, tracker.report(date(2019, 1, 1), on).changes
        recorded = tracker.record([statement], by="me", anyway=True)
        tracker.record([EntryRetracted(target=recorded[0].receipt.entry.id, reason="no")], by="me")
        assert (tracker.state(on).rows, tracker.report(date(2019, 1, 1), on).changes) == before


@settings(max_examples=EXAMPLES)
@given(histories(), st.lists(DAYS, min_size=3, max_size=3).map(sorted))
def test_reports_compose_and_a_report_over_no_time_is_empty(
    new_tracker: Callable[..., Any], drafts: list[Draft], days: list[date]
) -> None:
    first, middle, last = days
    with new_tracker(drafts=drafts) as tracker:
        whole, one, two = tracker.report(first, last), tracker.report(first, middle), tracker.report(middle, last)
        nothing = tracker.report(middle, middle)
    assert sorted(one.changes + two.changes, key=str) == sorted(whole.changes, key=str)
    assert sorted(one.context + two.context, key=str) == sorted(whole.context, key=str)
    by_pair = {(net.issue, net.party): [net.from_stance, net.to_stance] for net in one.net}
    for net in two.net:
        by_pair.setdefault((net.issue, net.party), [net.from_stance, None])[1] = net.to_stance
    composed = {pair: tuple(stances) for pair, stances in by_pair.items() if stances[0] != stances[1]}
    assert composed == {(net.issue, net.party): (net.from_stance, net.to_stance) for net in whole.net}
    assert (nothing.changes, nothing.net, nothing.context) == ((), (), ())


@given(histories(max_size=20))
def test_an_entry_counts_until_it_is_targeted_and_never_again(drafts: list[Draft]) -> None:
    log = [
        Entry(number, draft.id, draft.event, draft.time, draft.recorded_by) for number, draft in enumerate(drafts, 1)
    ]
    counted = [
        {version.entry.id for version in timeline.replay(log, known_at=cut).counting} for cut in range(len(log) + 1)
    ]
    for before, after, entry in zip(counted[:-1], counted[1:], log, strict=True):
        assert after - before <= {entry.id}
        assert len(before - after) <= 1

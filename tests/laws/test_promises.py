"""Laws on random histories: what stays the same when entries are added, corrected, copied or asked for in parts."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.histories import DAYS, disorders, histories
from tests.laws.laws import EXAMPLES, log_of, query
from tests.ledger import append_all
from tests.replayed import circumstances_in
from tracker.domain.answers.changes import Change, all_changes
from tracker.domain.log.entries import Draft, Entry
from tracker.domain.log.events import PositionStated
from tracker.domain.log.kind_registry import Revision
from tracker.domain.report.change_report import EarlierReport
from tracker.domain.report.corrections import Correction
from tracker.domain.terms.scope import KnownAt, Query, Scope
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.order import last_on
from tracker.domain.timeline.statement import WITHDRAWN, Statement
from tracker.domain.timeline.timelines import timelines
from tracker.storage.log.prepared_entry import prepare
from tracker.storage.log.writer import Receipt
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends


@settings(max_examples=EXAMPLES * 2)
@given(
    histories(),
    st.lists(DAYS, min_size=3, max_size=3).map(sorted),
    st.lists(st.integers(9, 45), min_size=2, max_size=2).map(sorted),
    st.lists(DAYS, min_size=2, max_size=2).map(sorted),
    st.sampled_from((0, 1, 2)),
)
def test_reports_one_since_the_other_miss_nothing_and_tell_nothing_twice(
    new_tracker: Callable[..., Any],
    drafts: list[Draft],
    days: list[date],
    positions: list[int],
    public: list[date],
    clocks: int,
) -> None:
    start, first, second = days
    then, now = (min(at, len(drafts)) for at in positions)
    published_from, published_by = ((None, None), (public[0], None), (public[0], public[1]))[clocks]
    with new_tracker(drafts=drafts) as tracker:
        one = tracker.report(start, first, query(Scope(), then, published_from))
        earlier = EarlierReport(first, one.log.position, one.log.hash, published_from, one.scope)
        known_at = KnownAt(f"@{now}", position=now)
        two = tracker.report_since(earlier, second, known_at=known_at, published_by=published_by)
        history = replay(log_of(tracker), known_at=now)
    assert two.learned is not None
    moves = [change.event_id for change in (*one.changes, *two.changes)]
    assert len(moves) == len(set(moves))
    lessons_told = {(*row.pair, row.statement.on) for row in two.learned}
    assert all(on <= first for _, _, on in lessons_told)
    # A source that was dated anew bears on several statements of a pair, which have one row together.
    dated_anew = {row.pair for row in two.learned if row.of == "source"}
    pairs = timelines(history, Scope(), up_to=second, published_by=published_by)
    for (issue, party), steps in pairs.by_pair.items():
        for step in steps:
            told = step.event_id in moves or (issue, party, step.on) in lessons_told
            assert told or (issue, party) in dated_anew or step.on <= start
    if published_from is published_by is None:
        late = {row.entry.id for row in two.learned if row.kind in (Revision.STATED, Revision.WITHDRAWN)}
        assert not late & set(moves)


@settings(max_examples=EXAMPLES)
@given(histories(), DAYS, st.integers(0, 50), st.none() | DAYS)
def test_later_knowledge_never_changes_an_earlier_answer(
    new_tracker: Callable[..., Any], drafts: list[Draft], on: date, position: int, published_by: date | None
) -> None:
    position = min(position, len(drafts))
    start, known = date(2019, 1, 1), min(12, position)
    earlier = KnownAt(f"@{known}", position=known)
    with new_tracker(drafts=drafts[:position]) as then, new_tracker(drafts=drafts) as now:
        asked = Query(published_by=published_by)
        cut = query(Scope(), position, published_by)
        state = now.state(on, cut, inherit=True)
        assert replace(state, known_at=None) == then.state(on, asked, inherit=True)
        report = now.report(start, on, cut, known_from=earlier)
        assert replace(report, known_at=None) == then.report(start, on, asked, known_from=earlier)
        assert now.asks(on, cut).asks == then.asks(on, asked).asks
        assert now.find("e", on, cut).found == then.find("e", on, asked).found


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
        assert other.verify().sound
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
                results += append_all(log, [replace(draft, time=None) for draft in drafts[start : start + size]])
        return [str(one.entry.position) if isinstance(one, Receipt) else type(one).__name__ for one in results]

    with new_tracker() as one_by_one, new_tracker() as together:
        assert append(one_by_one, 1) == append(together, size)
        assert one_by_one.checkpoint().position == together.checkpoint().position
        assert one_by_one.verify().sound
        assert together.verify().sound
        assert together.state(date(2020, 3, 9)).rows == one_by_one.state(date(2020, 3, 9)).rows


@settings(max_examples=EXAMPLES)
@given(disorders(), st.integers(1, 9))
def test_entries_told_by_their_outline_fare_as_those_told_by_their_event(
    new_tracker: Callable[..., Any], drafts: list[Draft], size: int
) -> None:
    def append(tracker: Tracker, without: str) -> list[Any]:
        missing: dict[str, Any] = {without: None}
        offers = [prepare(replace(draft, time=None))._replace(**missing) for draft in drafts]
        results: list[Any] = []
        with tracker._log.writing() as log:
            for start in range(0, len(offers), size):
                results += log.append_each(offers[start : start + size])
        return [one.entry if isinstance(one, Receipt) else sorted(re.split(r"[.?] ", str(one))) for one in results]

    with new_tracker() as by_outline, new_tracker() as by_event:
        assert append(by_outline, "event") == append(by_event, "row")
        assert by_outline.checkpoint() == by_event.checkpoint()
        assert by_outline.verify().sound
        assert by_event.verify().sound
        assert by_outline.state(date(2020, 3, 9)).rows == by_event.state(date(2020, 3, 9)).rows


@settings(max_examples=EXAMPLES)
@given(histories(), DAYS, DAYS)
def test_recording_a_new_statement_and_retracting_it_restores_what_was_before(
    new_tracker: Callable[..., Any], drafts: list[Draft], said: date, on: date
) -> None:
    statement = PositionStated(
        party="AAA", issue="x/one", stance="opposes", stated_on=said.isoformat(), summary="Briefly."
    )
    with new_tracker(drafts=drafts) as tracker:
        before = answers(tracker, on)
        recorded = tracker.record([statement], by="me", anyway=True)
        tracker.retract(recorded[0].receipt.entry.id, reason="no", by="me")
        assert answers(tracker, on) == before


@settings(max_examples=EXAMPLES)
@given(
    histories(), DAYS, st.sampled_from(("opposes", "neutral", "supports")), st.none() | st.just(()) | st.just(("a",))
)
def test_what_recording_tells_of_a_statement_is_what_its_history_says(
    new_tracker: Callable[..., Any], drafts: list[Draft], said: date, stance: str, conditions: tuple[str, ...] | None
) -> None:
    statement = PositionStated(
        party="AAA", issue="x/one", stance=stance, stated_on=said.isoformat(), summary="So.", conditions=conditions
    )
    with new_tracker(drafts=drafts) as tracker:
        (told,) = tracker.record([statement], by="me", anyway=True)
        asked = Scope(frozenset({"AAA"}), frozenset({"x/one"}))
        replayed = replay(log_of(tracker))
        history = timelines(replayed, asked, up_to=date.max)
        found = all_changes(history.by_pair, after=None, up_to=date.max, around=circumstances_in(replayed, date.max))
        changes = {change.event_id: change for change in found}
        step = changes[told.receipt.entry.id]
        # A receipt is about the statements before; it reads no milestones.
        assert told.change == step._replace(government_since=None, from_government_since=None)
        now = last_on(history.by_pair["x/one", "AAA"], tracker.today())
        assert told.now == now
        assert tracker.verify().sound


@settings(max_examples=EXAMPLES)
@given(histories(), st.integers(0, 60), DAYS)
def test_correcting_a_statement_and_correcting_it_back_restores_what_was_before(
    new_tracker: Callable[..., Any], drafts: list[Draft], chosen: int, on: date
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        stated = [version for version in replay(log_of(tracker)).counting if isinstance(version.event, PositionStated)]
        assume(stated)
        version = stated[chosen % len(stated)]
        before = answers(tracker, on)
        changed = {"party": "BBB", "stated_on": "2020-03-02", "conditions": ["c"], "red_line": True}
        an_amount = {"amount": {"at_least": "9"}, "could_accept": None}
        changed |= an_amount if version.statement.stance is None else {"stance": "opposes"}
        if "joint_with" in version.event.data():
            changed["joint_with"] = ["BBB", "FOR"]
        once = tracker.correct(version.entry.id, changed, reason="no", by="me")
        was = {name: version.event.data().get(name) for name in changed}
        tracker.correct(once.entry.id, was, reason="yes", by="me")
        assert answers(tracker, on) == before


def unplaced(statement: Statement) -> Statement:
    return statement._replace(event_id="", position=0)


def answers(tracker: Tracker, on: date) -> list[Any]:
    """What the tracker says of parties, apart from which entries say it and what we corrected."""
    report = tracker.report(date(2019, 1, 1), on)
    rows = [row._replace(event_id="", position=0) for row in tracker.state(on, inherit=True).rows]
    changes = [
        change._replace(event_id="", position=0, statement=change.statement and unplaced(change.statement))
        for change in report.changes
    ]
    asked = [
        ask._replace(statement=unplaced(ask.statement), answer=None, first_since=None, said_since=())
        for ask in tracker.asks(on).asks
    ]
    return [rows, changes, report.net, [one.change for one in report.relations], report.context, asked]


@settings(max_examples=EXAMPLES)
@given(histories(), st.lists(DAYS, min_size=3, max_size=3).map(sorted))
def test_reports_compose_and_a_report_over_no_time_is_empty(
    new_tracker: Callable[..., Any], drafts: list[Draft], days: list[date]
) -> None:
    first, middle, last = days
    with new_tracker(drafts=drafts) as tracker:
        whole, one, two = tracker.report(first, last), tracker.report(first, middle), tracker.report(middle, last)
        nothing = tracker.report(middle, middle)
    assert list(two.changes) == [change for change in whole.changes if change.on > middle]
    assert list(map(_unmarked, one.changes)) == [_unmarked(row) for row in whole.changes if row.on <= middle]
    assert sorted(one.context + two.context, key=str) == sorted(whole.context, key=str)
    by_pair = {(net.issue, net.party): [net.from_value or WITHDRAWN, net.to_value] for net in one.net}
    for net in two.net:
        by_pair.setdefault((net.issue, net.party), [net.from_value or WITHDRAWN, WITHDRAWN])[1] = net.to_value
    composed = {pair: tuple(values) for pair, values in by_pair.items() if values[0] != values[1]}
    assert composed == {(net.issue, net.party): (net.from_value or WITHDRAWN, net.to_value) for net in whole.net}
    assert (nothing.changes, nothing.net, nothing.context) == ((), (), ())
    assert (nothing.corrections, nothing.relations) == ((), ())
    revised = [{_unmarked_correction(row) for row in rows} for rows in (one.corrections, two.corrections)]
    assert revised[0] | revised[1] == {_unmarked_correction(row) for row in whole.corrections}
    assert {*two.corrections} <= {*whole.corrections}


def _unmarked(change: Change) -> Change:
    """A change without what is said of it on the last day asked about."""
    return change._replace(reworded=False, from_outdated=False, government_since=None)


def _unmarked_correction(row: Correction) -> Correction:
    """A correction without what is said of its sides on the last day asked about."""
    return row._replace(from_reworded=False, reworded=False)


@given(histories(max_size=20))
def test_an_entry_counts_until_it_is_targeted_and_never_again(drafts: list[Draft]) -> None:
    log = [
        Entry(number, draft.id, draft.event, draft.time or NOW, draft.recorded_by)
        for number, draft in enumerate(drafts, 1)
    ]
    counted = [{version.entry.id for version in replay(log, known_at=cut).counting} for cut in range(len(log) + 1)]
    for before, after, entry in zip(counted[:-1], counted[1:], log, strict=True):
        assert after - before <= {entry.id}
        assert len(before - after) <= 1

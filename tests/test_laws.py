"""The laws that every history keeps, on random histories.

What answers mean is held to `tests.oracle`, which shares nothing with the
tracker. What the database picks out for an answer is held to the tracker's own
plain replay of the whole log, on many more cut-offs.
"""

import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from tests.conftest import NOW
from tests.histories import DAYS, ISSUES, PARTIES, disorders, histories, scopes
from tests.ledger import append_all
from tests.oracle import answers as meaning
from tests.oracle.replay import Log, Question, read
from tests.oracle.tables import COLUMNS, tables
from tests.replayed import found_positions, stances_on, state_cells, stated_in
from tracker.cli import cli
from tracker.domain.answers.asks import asks
from tracker.domain.answers.changes import all_changes, all_net_changes
from tracker.domain.answers.context import context, context_row
from tracker.domain.answers.corrections import corrections
from tracker.domain.answers.explanation import Exclusion, explain
from tracker.domain.answers.learned import EarlierCut, add_values, late_context, late_entries
from tracker.domain.answers.relations import relation_changes
from tracker.domain.answers.report import EarlierReport
from tracker.domain.log.entries import Draft, Entry
from tracker.domain.log.events import MembershipEnded, MembershipStarted, PositionStated
from tracker.domain.log.kinds import Revision
from tracker.domain.terms.scope import Cutoffs, KnownAt, Query, Scope
from tracker.domain.timeline.in_effect import last_on, timelines
from tracker.domain.timeline.memberships import inherit_stances, memberships
from tracker.domain.timeline.replay import circumstances_in, public_facts, replay, source_days
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.storage.log.prepared_entry import prepare
from tracker.storage.log.writer import Receipt
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

EXAMPLES = int(os.environ.get("TRACKER_LAW_EXAMPLES", "3"))
"""How many histories each law is tried on, on each back end; `make test-laws` takes many more."""

ENDED = (Exclusion.CORRECTED, Exclusion.RETRACTED)


# --- what answers mean ----------------------------------------------------------------------------


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Cut-offs on the recorded clock (a position or a day) and on the published one, and filters."""
    positions, days = (
        st.integers(0, 45).map(lambda at: f"@{at}"),
        st.integers(1, 20).map(lambda day: f"2021-01-{day:02}"),
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
    """The same, with positions that the log has."""
    found = []
    for question, days in asked:
        at = question.known_at
        known_at = f"@{min(int(at[1:]), len(log))}" if at and at.startswith("@") else at
        found.append((replace(question, known_at=known_at), days))
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


def exported(tracker: Tracker) -> bytes:
    out = io.BytesIO()
    tracker.export(out)
    return out.getvalue()


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
            assert answer(url, "state", *about) == meaning.state(log, question, on)
            assert answer(url, "state", "--inherit", *about) == meaning.inherited_state(log, question, on)
            assert answer(url, "history", *about) == meaning.history(log, question, on)
            assert answer(url, "asks", "--all", *about) == meaning.asks(log, question, on)
            inherited = meaning.asks(log, question, on, inherit=True)
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
            for row in (*found["learned"], *found["learned_context"]):
                row["difference"] = sorted(
                    (change for change in row["difference"] if change["field"] != "category"),
                    key=lambda change: change["field"],
                )
            assert found == meaning.report(log, question, after, until, since)


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


# --- what the database picks out for an answer ----------------------------------------------------


def log_of(tracker: Tracker) -> list[Entry]:
    return [logged.entry for logged in tracker.entries()]


Cut = tuple[int | None, date | None, date, date]


@st.composite
def cuts(draw: st.DrawFn) -> list[Cut]:
    """Many positions, days of publication and spans of days to ask one history at."""
    positions = [None, *draw(st.lists(st.integers(9, 45), min_size=5, max_size=5, unique=True))]
    published = [None, *draw(st.lists(DAYS, min_size=2, max_size=2))]
    spans = draw(st.lists(st.tuples(DAYS, DAYS).map(sorted), min_size=2, max_size=2))
    return [(known_at, by, after, up_to) for known_at in positions for by in published for after, up_to in spans]


def within(cuts: list[Cut], log: list[Entry]) -> list[Cut]:
    """The same, with positions that the log has."""
    return [(known_at and min(known_at, len(log)), by, after, up_to) for known_at, by, after, up_to in cuts]


def query(scope: Scope, known_at: int | None, published_by: date | None) -> Query:
    asked = None if known_at is None else KnownAt(f"@{known_at}", position=known_at)
    return Query(scope, asked, published_by)


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
            for words in ("yes", "nee", "w", "gone", "t", '"should it"', "x o"):
                asked = query(scope, known_at, published_by)
                found = [hit.position for hit in tracker.find(words, on, asked).found]
                assert found == found_positions(log, words, on, asked)


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
            steps = tracker.history(up_to, asked)
            history = replay(log, known_at=known_at)
            pairs = timelines(history, scope, up_to=up_to, published_by=published_by)
            around = circumstances_in(history, up_to, published_by)
            assert found.changes == all_changes(pairs.by_pair, after=after, up_to=up_to, around=around)
            assert found.net == all_net_changes(pairs.by_pair, after=after, up_to=up_to, around=around)
            facts = [version for version in history.counting if context_row(version) is not None]
            happened = public_facts(facts, source_days(history), published_by)
            assert found.context == context(happened, scope, after=after, up_to=up_to)
            assert found.left_out_undated == pairs.undated
            assert steps.changes == all_changes(pairs.by_pair, after=None, up_to=up_to, around=around)
            known = [entry for entry in log if known_at is None or entry.position <= known_at]
            revised = corrections(known, scope, after=after, up_to=up_to, published_by=published_by)
            assert found.corrections == revised
            everybody = Scope(attributions=scope.attributions)
            all_pairs = timelines(history, everybody, up_to=up_to, published_by=published_by)
            relations = relation_changes(stances_on(all_pairs, after), stances_on(all_pairs, up_to), scope, around)
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
            assert found.learned == add_values(expected, then, now)
            assert found.learned_context == late_context(known, scope, Cutoffs(known_at, published_by), earlier)


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_the_selection_for_an_explanation_is_enough_and_it_concludes_what_the_state_says(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker:
        log = log_of(tracker)
        for known_at, published_by, _, on in within(cuts, log)[::6]:
            asked = query(Scope(attributions=scope.attributions), known_at, published_by)
            rows = {(row.issue, row.party): row for row in tracker.state(on, asked).rows}
            for pair in product(ISSUES, PARTIES):
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
            assert found.asks == asks(
                steps, stated_in(pairs, on), scope, circumstances_in(history, on, published_by), on
            )


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
            cells = list(state_cells(pairs, circumstances_in(history, on, published_by), on))
            joined = [v for v in history.counting if isinstance(v.event, MembershipStarted | MembershipEnded)]
            members = memberships(public_facts(joined, source_days(history), published_by), on)
            filled = inherit_stances(cells, members)
            assert list(found) == [cell for cell in filled if scope.includes_party(cell.row.party)]
            for cell in found:
                before = own.pop((cell.row.issue, cell.row.party), None)
                if cell.inherited_from is None:
                    assert cell == before
                else:
                    assert before is None or before.row.value is WITHDRAWN
                    assert cell.row.value is not WITHDRAWN
            assert own == {}


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
    lessons_told = {(row.issue, row.party, row.on) for row in two.learned}
    assert all(on <= first for _, _, on in lessons_told)
    # A source that was dated anew bears on several statements of a pair, which have one row together.
    dated_anew = {(row.issue, row.party) for row in two.learned if row.of == "source"}
    pairs = timelines(history, Scope(), up_to=second, published_by=published_by)
    for (issue, party), steps in pairs.by_pair.items():
        for step in steps:
            told = step.event_id in moves or (issue, party, step.on) in lessons_told
            assert told or (issue, party) in dated_anew or step.on <= start
    if published_from is published_by is None:
        late = {row.event_id for row in two.learned if row.kind in (Revision.STATED, Revision.WITHDRAWN)}
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
        assert told.change == changes[told.receipt.entry.id]
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
        changed = {"stance": "opposes", "party": "BBB", "stated_on": "2020-03-02", "conditions": ["c"]}
        once = tracker.correct(version.entry.id, changed, reason="no", by="me")
        was = {name: version.event.data().get(name) for name in changed}
        tracker.correct(once.entry.id, was, reason="yes", by="me")
        assert answers(tracker, on) == before


def answers(tracker: Tracker, on: date) -> list[Any]:
    """What the tracker says of parties, apart from which entries say it and what we corrected."""
    report = tracker.report(date(2019, 1, 1), on)
    rows = [row._replace(event_id="", position=0) for row in tracker.state(on, inherit=True).rows]
    changes = [change._replace(event_id="", position=0) for change in report.changes]
    asked = [ask._replace(event_id="", position=0, answered_by=None) for ask in tracker.asks(on).asks]
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
    assert sorted(one.changes + two.changes, key=str) == sorted(whole.changes, key=str)
    assert sorted(one.context + two.context, key=str) == sorted(whole.context, key=str)
    by_pair = {(net.issue, net.party): [net.from_value or WITHDRAWN, net.to_value] for net in one.net}
    for net in two.net:
        by_pair.setdefault((net.issue, net.party), [net.from_value or WITHDRAWN, WITHDRAWN])[1] = net.to_value
    composed = {pair: tuple(values) for pair, values in by_pair.items() if values[0] != values[1]}
    assert composed == {(net.issue, net.party): (net.from_value or WITHDRAWN, net.to_value) for net in whole.net}
    assert (nothing.changes, nothing.net, nothing.context) == ((), (), ())
    assert (nothing.corrections, nothing.relations) == ((), ())
    assert {*one.corrections, *two.corrections} == set(whole.corrections)


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

"""The log: order, stamps, idempotency, immutability, optimistic concurrency."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest

from tests.conftest import NOW
from tests.databases import Databases
from tests.ledger import append_all, drafts, id_of
from tests.oracle.replay import Log, Question, effective, effective_day, read, timelines, value
from tracker.domain.log.entries import Draft
from tracker.domain.log.events import EntryRetracted, PositionStated
from tracker.errors import (
    DatabaseUnavailable,
    NoLongerCounts,
    PairMovedOn,
    RefusedEntries,
    SameIdOtherContent,
    TimeRunsBackwards,
)
from tracker.storage.log.prepared_entry import prepare
from tracker.storage.log.writer import Receipt
from tracker.storage.projections.rows import StatementRow
from tracker.storage.projections.runs import Runs
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

TEXT = """
    party RUS
    issue a/b
    a: stated RUS a/b supports 2019-12-10
    """
SAID = PositionStated(party="RUS", issue="a/b", stance="opposes", stated_on="2019-12-12", summary="No.")


def test_into_an_empty_log_entries_keep_their_time_and_later_ones_are_stamped_now(
    new_tracker: Callable[..., Any],
) -> None:
    with new_tracker(TEXT) as tracker:
        late = drafts("late: stated RUS a/b opposes 2019-12-11")[-1]
        with tracker._log.writing() as log:
            entry = log.append(late).entry
        first = next(tracker.entries(limit=1)).entry
    assert first.recorded_at == drafts(TEXT)[0].time
    assert (entry.recorded_at, entry.origin_time) == (NOW, late.time)


def test_stamps_never_decrease_when_the_clock_does(new_tracker: Callable[..., Any]) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with new_tracker(TEXT, now=NOW) as tracker:
        tracker._log._clock = lambda: past
        recorded = tracker.record([SAID], by="me")
        before = list(tracker.entries())[-2].entry
    assert recorded[0].receipt.entry.recorded_at == before.recorded_at + timedelta(microseconds=1)


def test_times_of_a_first_load_must_not_decrease(new_tracker: Callable[..., Any]) -> None:
    good = drafts(TEXT)
    assert good[0].time is not None
    bad = Draft(good[2].event, good[2].id, "analyst", good[0].time - timedelta(1))
    with new_tracker() as tracker, tracker._log.writing() as log:
        log.append(good[0])
        log.append(good[1])
        with pytest.raises(TimeRunsBackwards):
            log.append(bad)


def test_the_same_entry_again_returns_the_first_receipt_and_other_content_is_refused(
    new_tracker: Callable[..., Any],
) -> None:
    with new_tracker(TEXT + "corrected a stance=opposes") as tracker, tracker._log.writing() as log:
        for position, draft in enumerate(drafts(TEXT + "corrected a stance=opposes"), 1):
            later = Draft(draft.event, draft.id, draft.recorded_by, NOW)
            receipt = log.append(later)
            assert (receipt.appended, receipt.entry.position) == (False, position)
        with pytest.raises(SameIdOtherContent, match="position 3"):
            log.append(Draft(SAID, drafts(TEXT)[2].id, "analyst"))
        with pytest.raises(SameIdOtherContent):
            log.append(Draft(drafts(TEXT)[2].event, drafts(TEXT)[2].id, "somebody else"))


CHANGES = {
    "both": (
        "UPDATE log SET line = line",
        "DELETE FROM log WHERE position = 3",
        "INSERT INTO log SELECT 5, 'new', type, recorded_at, line, hash FROM log WHERE position = 3",
        "INSERT INTO log SELECT 3, 'new', type, recorded_at, line, hash FROM log WHERE position = 3",
        "INSERT INTO log SELECT NULL, 'new', type, recorded_at, line, hash FROM log WHERE position = 3",
        "INSERT INTO log SELECT 4, id, type, recorded_at, line, hash FROM log WHERE position = 3",
        "INSERT INTO log SELECT position, id, type, recorded_at, '{}', hash FROM log WHERE position = 2 "
        "ON CONFLICT (position) DO UPDATE SET line = '{}'",
    ),
    "sqlite": (
        "INSERT OR REPLACE INTO log SELECT position, id, type, recorded_at, '{}', hash FROM log WHERE position = 2",
        "INSERT OR REPLACE INTO log SELECT 4, id, type, recorded_at, '{}', hash FROM log WHERE position = 2",
        "INSERT OR IGNORE INTO log SELECT 0, 'new', type, recorded_at, line, hash FROM log WHERE position = 3",
    ),
    "postgresql": (
        "UPDATE log SET line = line WHERE false",
        "TRUNCATE log",
        "TRUNCATE log CASCADE",
        "CREATE TEMPORARY TABLE log AS SELECT 8 AS position, 'x' AS id; INSERT INTO public.log "
        "SELECT 9, 'new', type, recorded_at, line, hash FROM public.log WHERE position = 3",
    ),
}


def test_the_database_itself_refuses_to_change_the_log(new_tracker: Callable[..., Any], backend: str) -> None:
    with new_tracker(TEXT) as tracker:
        before = list(tracker.entries())
        for statement in (*CHANGES["both"], *CHANGES[backend]):
            with pytest.raises(DatabaseUnavailable, match=r"append-only|next position"), tracker._log.writing() as log:  # noqa: PT012
                for part in statement.split("; "):
                    log.connection.exec_driver_sql(part)
            assert list(tracker.entries()) == before, statement


@pytest.mark.on_sqlite
def test_the_file_is_durable_and_marked_as_ours(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(TEXT) as tracker, tracker._log.reading() as begun:
        pragmas = {
            name: begun.core.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_a_failed_append_leaves_nothing(new_tracker: Callable[..., Any]) -> None:
    wrong = SAID.model_copy(update={"party": "XXX"})
    with new_tracker(TEXT) as tracker:
        before = tracker.checkpoint()
        with pytest.raises(RefusedEntries):
            tracker.record([SAID, wrong], by="me")
        assert tracker.checkpoint() == before
        assert tracker.verify().sound


def test_what_was_targeted_in_the_same_append_is_refused_a_second_time(new_tracker: Callable[..., Any]) -> None:
    correction, retraction = drafts(TEXT + "b: corrected a stance=opposes\nretracted a")[-2:]
    together = [*drafts(TEXT), correction, retraction]
    with new_tracker() as tracker, tracker._log.writing() as log:
        *good, refused = append_all(log, together)
    assert [receipt.entry.position for receipt in good if isinstance(receipt, Receipt)] == [1, 2, 3, 4]
    assert isinstance(refused, NoLongerCounts)
    assert refused.successor.id == correction.id


def test_names_given_in_the_same_append_are_in_use(new_tracker: Callable[..., Any]) -> None:
    together = drafts("""
        party RUS aliases=Moscow
        updated RUS aliases_added=Kremlin
        party USA aliases=Kremlin
        party GBR aliases=London
        """)
    with new_tracker("first: party FRA") as tracker, tracker._log.writing() as log:
        results = append_all(log, together)
    assert [type(result).__name__ for result in results] == ["Receipt", "Receipt", "NameInUse", "Receipt"]


@pytest.mark.parametrize(
    ("text", "touches"),
    [
        ("stated RUS a/b opposes 2019-12-11", True),
        ("withdrawn RUS a/b 2019-12-11", True),
        ("corrected a stance=opposes", True),
        ("corrected a party=USA", True),
        ("retracted a", True),
        ("source dw\ncorroborated a source=dw", True),
        ("stated USA a/b opposes 2019-12-11", False),
        ("milestone Summit 2019-12-11", False),
    ],
)
def test_expected_position_is_refused_if_the_pair_was_touched_since(
    new_tracker: Callable[..., Any], text: str, touches: bool
) -> None:
    with new_tracker(TEXT + text) as tracker:
        if touches:
            with pytest.raises(PairMovedOn, match="RUS on a/b has an entry at @"):
                tracker.record([SAID], by="me", anyway=True, expected_position=3)
        else:
            tracker.record([SAID], by="me", anyway=True, expected_position=3)


def test_a_revision_is_refused_if_its_pair_was_touched_since(new_tracker: Callable[..., Any]) -> None:
    moved_on = pytest.raises(PairMovedOn, match="RUS on a/b has an entry at @")
    with new_tracker(f"{TEXT}stated RUS a/b opposes 2019-12-11\nmilestone Summit 2019-12-11") as tracker:
        with moved_on:
            tracker.correct("@3", {"stance": "neutral"}, reason="x", by="me", expected_position=3)
        with moved_on:
            tracker.retract("@3", reason="x", by="me", expected_position=3)
        assert tracker.correct("@5", {"title": "Talks"}, reason="x", by="me", expected_position=3)
        assert tracker.retract("@3", reason="x", by="me", expected_position=4)


def test_writers_wait_for_each_other_and_leave_no_gap(databases: Databases) -> None:
    with databases.empty() as url:
        with Tracker.open(url) as tracker, tracker._log.writing() as log:
            for draft in drafts("party RUS\nissue a/b"):
                log.append(Draft(draft.event, draft.id, draft.recorded_by))

        def write(name: str) -> None:
            with Tracker.open(url) as tracker:
                for day in range(1, 11):
                    said = SAID.model_copy(update={"speaker": name, "stated_on": f"2019-12-{day:02}"})
                    tracker.record([said], by=name)

        threads = [threading.Thread(target=write, args=(f"writer {number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with Tracker.open(url) as tracker:
            assert [logged.entry.position for logged in tracker.entries()] == list(range(1, 43))
            assert tracker.verify().sound


def test_a_writer_waits_as_long_as_it_is_told_and_readers_for_nobody(databases: Databases) -> None:
    with databases.empty() as url, Tracker.open(url, clock=lambda: NOW) as holder, Tracker.open(url) as reader:
        with holder._log.writing() as log:
            append_all(log, drafts("party RUS\nissue a/b"))
            assert reader.checkpoint().position == 0
            started = monotonic()
            with (
                Tracker.open(url, wait_seconds=0.2) as hasty,
                pytest.raises(DatabaseUnavailable, match="in use by another writer"),
            ):
                hasty.rebuild()
            assert 0.1 < monotonic() - started < 10
        assert reader.checkpoint().position == 2


def test_a_projection_that_is_gone_is_made_again(databases: Databases) -> None:
    with databases.empty() as url, Tracker.open(url, clock=lambda: NOW) as tracker:
        with tracker._log.writing() as log:
            append_all(log, drafts(TEXT))
        with tracker._log.writing() as log:
            log.connection.exec_driver_sql("DROP TABLE statement")
        with pytest.raises(DatabaseUnavailable, match="tracker rebuild"):
            tracker.state()
        tracker.rebuild()
        assert [row.stance for row in tracker.state().rows] == ["supports"]
        assert tracker.verify().sound


AROUND = """
    party RUS
    issue a/b
    issue a/c
    a: stated RUS a/b supports 2019-12-10
    b: stated RUS a/b opposes 2019-12-10
    stated RUS a/b opposes 2019-12-12 sequence=1
    c: stated RUS a/b neutral 2019-12-11
    withdrawn RUS a/b 2019-12-14
    d: stated RUS a/c opposes 2019-12-12
    corrected a stated_on=2019-12-16
    retracted c
    retracted d
    """
"""Two pairs: one with steps of several days, one of which nothing counts any more."""


@pytest.mark.parametrize("issue", ["a/b", "a/c", "a/b/new"])
@pytest.mark.parametrize("day", ["2019-12-09", "2019-12-10", "2019-12-12", "2019-12-14", "2019-12-17", "2019"])
@pytest.mark.parametrize("stance", ["opposes", "supports"])
def test_what_stands_around_a_statement_is_the_same_when_the_turn_begins(
    new_tracker: Callable[..., Any], issue: str, day: str, stance: str
) -> None:
    said = PositionStated(**{**SAID.data(), "issue": issue, "stated_on": day, "stance": stance})
    with new_tracker(AROUND) as tracker:
        out = io.BytesIO()
        tracker.export(out)
        expected = around(read(out.getvalue()), said)
        found = []
        row = prepare(Draft(said, id_of("said"), "me")).row
        assert isinstance(row, StatementRow)
        for first in (None, row):
            with tracker._log.writing(keep=False, first=first) as log:
                log._projections.prefetch([row.pair])  # unless the neighbours came with the lock
                pair_id, _, (before, after, alike, *_) = log._projections.runs.find_neighbours(row, log.position + 1)
                found.append((before and before.position, after and after.position, sorted(alike)))
                assert (pair_id != 0) is (issue != "a/b/new")
    assert found == [expected, expected]


def test_what_is_like_a_statement_is_known_as_a_new_look_finds_it_while_entries_come(
    new_tracker: Callable[..., Any],
) -> None:
    row = prepare(Draft(SAID, id_of("said"), "me")).row
    assert isinstance(row, StatementRow)
    with new_tracker(AROUND) as tracker:
        found: list[tuple[int, int]] = []
        with tracker._log.writing(keep=False, first=row) as log:
            for event in (None, SAID, EntryRetracted(target=id_of("said 1"), reason="No."), SAID):
                if event is not None:
                    log.append(Draft(event, id_of(f"said {len(found)}"), "me"))
                pair_id, _, known = log.find_neighbours(row)
                anew = Runs(log.transaction, tracker._log.backend, {row.pair: pair_id})
                *_, expected = anew.find_neighbours(row, log.position + 1)
                assert known[:2] == expected[:2]
                assert (sorted(known.alike), sorted(known.ended)) == (sorted(expected.alike), sorted(expected.ended))
                found.append((len(known.alike), len(known.ended)))
        assert found == [(1, 0), (2, 0), (1, 1), (2, 1)]


def around(log: Log, said: PositionStated) -> tuple[int | None, int | None, list[int]]:
    """The positions of what stands right before and right after a new statement, and of what is like it."""
    timeline = timelines(log, Question(), "9999-12-31").get((said.issue, said.party), [])
    day = effective_day(said.stated_on)
    earlier = [step for step in timeline if (effective(step), step.data.get("sequence", 0)) <= (day, 0)]
    later = timeline[len(earlier) :]
    alike = [step.entry.position for step in timeline if (effective(step), value(step)) == (day, said.stance)]
    before, after = (earlier[-1].entry.position if earlier else None), (later[0].entry.position if later else None)
    return before, after, sorted(alike)

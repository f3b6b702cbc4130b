"""The log: order, stamps, idempotency, immutability, optimistic concurrency."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.ledger import drafts
from tracker.domain.entries import Draft
from tracker.domain.events import PositionStated
from tracker.errors import (
    NoLongerCounts,
    PairMovedOn,
    RefusedEntries,
    SameIdOtherContent,
    TimeInTheFuture,
    TimeRunsBackwards,
)
from tracker.tracker import Tracker

TEXT = """
    party RUS
    issue a/b
    a: stated RUS a/b supports 2019-12-10
    """
SAID = PositionStated(party="RUS", issue="a/b", stance="opposes", stated_on="2019-12-12", summary="No.")


def database(tracker: Tracker) -> sqlite3.Connection:
    return sqlite3.connect(tracker._log.backend.path)


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
    past = datetime(2001, 1, 1, tzinfo=UTC)
    with new_tracker(TEXT, now=NOW) as tracker:
        tracker._log._clock = lambda: past
        recorded = tracker.record([SAID], by="me")
        before = list(tracker.entries())[-2].entry
    assert recorded[0].receipt.entry.recorded_at == before.recorded_at + timedelta(microseconds=1)


def test_times_of_a_first_load_must_not_decrease_or_lie_ahead(new_tracker: Callable[..., Any]) -> None:
    good = drafts(TEXT)
    for time, refusal in ((good[0].time - timedelta(1), TimeRunsBackwards), (NOW + timedelta(1), TimeInTheFuture)):
        bad = Draft(good[2].event, good[2].id, "analyst", time)
        with new_tracker() as tracker, tracker._log.writing() as log, pytest.raises(refusal):
            log.append(good[0])
            log.append(good[1])
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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET line = line",
        "DELETE FROM log WHERE position = 3",
        "INSERT OR REPLACE INTO log SELECT position, id, type, recorded_at, '{}', hash FROM log WHERE position = 2",
        "INSERT OR REPLACE INTO log SELECT 4, id, type, recorded_at, '{}', hash FROM log WHERE position = 2",
        "INSERT INTO log SELECT 5, 'new', type, recorded_at, line, hash FROM log WHERE position = 3",
        "INSERT INTO log SELECT 3, 'new', type, recorded_at, line, hash FROM log WHERE position = 3",
        "INSERT OR IGNORE INTO log SELECT 0, 'new', type, recorded_at, line, hash FROM log WHERE position = 3",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(new_tracker: Callable[..., Any], statement: str) -> None:
    with new_tracker(TEXT) as tracker:
        connection = database(tracker)
        before = connection.execute("SELECT * FROM log").fetchall()
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        connection.rollback()
        assert connection.execute("SELECT * FROM log").fetchall() == before
        connection.close()


def test_the_file_is_durable_and_marked_as_ours(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(TEXT) as tracker, tracker._log.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
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
        *good, refused = log.append_all(together)
    assert [receipt.entry.position for receipt in good] == [1, 2, 3, 4]
    assert isinstance(refused, NoLongerCounts)
    assert correction.id[:8] in str(refused)


def test_names_given_in_the_same_append_are_in_use(new_tracker: Callable[..., Any]) -> None:
    together = drafts("""
        party RUS aliases=Moscow
        updated RUS aliases_added=Kremlin
        party USA aliases=Kremlin
        party GBR aliases=London
        """)
    with new_tracker() as tracker, tracker._log.writing() as log:
        results = log.append_all(together)
    assert [type(result).__name__ for result in results] == ["Receipt", "Receipt", "AliasInUse", "Receipt"]


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
            with pytest.raises(PairMovedOn, match="RUS on a/b was touched"):
                tracker.record([SAID], by="me", anyway=True, expected_position=3)
        else:
            tracker.record([SAID], by="me", anyway=True, expected_position=3)


def test_writers_wait_for_each_other_and_leave_no_gap(empty_database: Path, tmp_path: Path) -> None:
    path = tmp_path / "team.db"
    shutil.copy(empty_database, path)
    with Tracker.open(str(path)) as tracker, tracker._log.writing() as log:
        for draft in drafts("party RUS\nissue a/b"):
            log.append(Draft(draft.event, draft.id, draft.recorded_by))

    def write(name: str) -> None:
        with Tracker.open(str(path)) as tracker:
            for day in range(1, 11):
                said = SAID.model_copy(update={"speaker": name, "stated_on": f"2019-12-{day:02}"})
                tracker.record([said], by=name)

    threads = [threading.Thread(target=write, args=(f"writer {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Tracker.open(str(path)) as tracker:
        assert tracker.checkpoint().position == 42
        assert tracker.verify().sound

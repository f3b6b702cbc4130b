"""A clock that was ahead, or that fell behind: the log goes on, its days are the clock's, and people are told."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import within_this_process
from tests.conftest import NOW
from tests.databases import Databases
from tests.ledger import drafts
from tracker.domain.log.events import MilestoneNoted, PositionStated
from tracker.errors import NoLaterStamp, RefusedEntries, SaidInTheFuture
from tracker.storage.maintenance.health import examine
from tracker.tracker import Tracker
from tracker.usecases.restore import restore_database

pytestmark = pytest.mark.on_both_backends

Run = Callable[..., Any]
AHEAD = """
    party RUS
    issue a/b
    a: stated RUS a/b supports 2098-12-01 at=2099-01-01T00:00:00Z
    corrected a stated_on=2098-12-02 at=2099-01-02T00:00:00Z
"""
"""A log that was recorded while a clock was in 2099: its first two entries are of 2030."""
BEHIND = "@3, with all after it, is stamped 2099-01-01T00:00:00.000000Z, ahead of this machine's clock"


def stated(day: str) -> PositionStated:
    return PositionStated(party="RUS", issue="a/b", stance="opposes", stated_on=day, summary="No.")


@pytest.fixture
def behind(databases: Databases, tmp_path: Path) -> Iterator[tuple[str, Path, Tracker]]:
    """The URL of a database restored from a log that is ahead of the clock, the events file, and the database open."""
    file = tmp_path / "ahead.jsonl"
    with databases.empty() as made, Tracker.open(made, clock=lambda: datetime(2099, 2, 1, tzinfo=UTC)) as then:
        with then._log.writing() as log:
            for draft in drafts(AHEAD):
                log.append(draft)
        then.backup(tmp_path / "backup")
        with file.open("wb") as out:
            then.export(out)
    with databases.empty() as url:
        restore_database(url, file, clock=lambda: NOW)
        with Tracker.open(url, clock=lambda: NOW) as tracker:
            yield url, file, tracker


def test_a_backup_with_times_ahead_of_the_clock_comes_back_as_it_was_with_a_note(
    behind: tuple[str, Path, Tracker], databases: Databases, new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    _, file, tracker = behind
    head = tracker.checkpoint()
    for backup in (file, tmp_path / "backup"):
        with databases.empty() as url:
            restored = restore_database(url, backup, checkpoint=head, clock=lambda: NOW)
        assert (restored.head, restored.noted) == (head, 1)
        assert BEHIND in restored.notes[0].message
    with new_tracker() as empty:
        loaded = empty.load([file])
        assert (loaded.appended, loaded.noted, loaded.notes[0].line) == (4, 1, 3)
        assert BEHIND in loaded.notes[0].message
        with (tmp_path / "again.jsonl").open("wb") as out:
            empty.export(out)
    assert (tmp_path / "again.jsonl").read_bytes() == file.read_bytes()


def test_the_day_of_a_statement_is_judged_by_the_clock_and_not_by_the_last_stamp(
    behind: tuple[str, Path, Tracker],
) -> None:
    _, _, tracker = behind
    tomorrow = (NOW + timedelta(1)).date().isoformat()
    for day in ("2098-01-01", "2098", (NOW + timedelta(2)).date().isoformat()):
        with pytest.raises(RefusedEntries) as refused:
            tracker.record([stated(day)], by="me")
        assert isinstance(refused.value.refusals[0][1], SaidInTheFuture)
    last = tracker.record([stated(tomorrow)], by="me")[0].receipt.entry
    with pytest.raises(SaidInTheFuture):
        tracker.correct(f"@{last.position}", {"stated_on": "2098-01-01"}, reason="x", by="me")


def test_whoever_records_verifies_or_looks_is_told_of_stamps_ahead_of_the_clock(
    behind: tuple[str, Path, Tracker], tmp_path: Path
) -> None:
    url, file, tracker = behind
    one, two = tracker.record([stated("2019-12-10"), stated("2019-12-11")], by="me")
    assert "Entry @5, with all after it, is stamped 2099-01-02T00:00:00.000001Z" in one.receipt.notes[0]
    assert two.receipt.notes == ()  # once for all that is recorded together
    assert "Entry @7" in tracker.correct("@5", {"stance": "neutral"}, reason="x", by="me").notes[0]
    assert "Entry @8" in tracker.retract("@6", reason="x", by="me")[0].notes[0]
    line = json.loads(file.read_text().splitlines()[0])
    usa = {
        **line,
        "id": line["id"].replace(line["id"][0], "f"),
        "data": {**line["data"], "party": "USA", "name": "Party USA"},
    }
    (tmp_path / "other.jsonl").write_text(json.dumps(usa))
    assert "Entry @9" in tracker.load([tmp_path / "other.jsonl"]).notes[0].message
    verified = tracker.verify()
    assert verified.sound
    assert [BEHIND in note for note in verified.notes] == [True]
    assert [BEHIND in warning for warning in examine(url, clock=lambda: NOW).warnings][-1]


def test_clocks_that_differ_by_seconds_and_batches_are_not_worth_a_word(new_tracker: Callable[..., Any]) -> None:
    with new_tracker("party RUS\nissue a/b", now=NOW) as tracker:
        many = [MilestoneNoted(title=f"Summit {number}", on="2019-12-10") for number in range(50)]
        assert not any(result.receipt.notes for result in tracker.record(many, by="me"))
        tracker._log._clock = lambda: NOW - timedelta(seconds=30)
        assert tracker.record([MilestoneNoted(title="Another", on="2019-12-10")], by="me")[0].receipt.notes == ()
        assert tracker.verify().notes == ()


def test_after_the_calendars_last_instant_nothing_can_be_recorded(new_tracker: Callable[..., Any]) -> None:
    with new_tracker("party RUS at=9999-12-31T23:59:59.999999Z", now=NOW) as tracker:
        with pytest.raises(RefusedEntries) as refused:
            tracker.record([MilestoneNoted(title="Summit", on="2019-12-10")], by="me")
        assert isinstance(refused.value.refusals[0][1], NoLaterStamp)


def test_commands_tell_it_beside_their_answers(behind: tuple[str, Path, Tracker], tmp_path: Path) -> None:
    url, file, _ = behind
    run: Run = within_this_process(url)
    refused = run("record", "RUS", "a/b", "opposes", "--on", "2098-01-01", "--summary", "No.")
    assert (refused.code, "later than the day of recording" in refused.err) == (1, True)
    for command in (
        ("record", "RUS", "a/b", "opposes", "--on", "2019-12-10", "--summary", "No."),
        ("correct", "@5", "--stance", "neutral", "--reason", "x"),
        ("retract", "@6", "--reason", "x"),
        ("party", "add", "USA", "United States"),
        ("verify",),
    ):
        done = run(*command)
        assert done.code == 0, done.err
        assert "Note: Entry @" in done.err
        assert "ahead of this machine's clock" in done.err
    assert "ahead of this machine's clock" in run("doctor", "--format", "json").out
    restored = within_this_process(str(tmp_path / "restored.db"))("restore", str(file))
    assert (restored.code, f"Note: {file}:1: Entry @1, with all after it" in restored.err) == (0, True)
    since = run("report", "--since", "@4", "--format", "json")
    assert (since.code, json.loads(since.out)["from"]) == (0, datetime.now(UTC).date().isoformat())

"""A token says who records: only its hash is kept, beside the log and out of every copy of it that is an export."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tracker.errors import BadValue, DatabaseDamaged, HoldsAToken, HoldsNoToken, TrackerError
from tracker.storage.backends.transactions import backend_of
from tracker.tracker import Tracker
from tracker.usecases.restore import restore_database
from tracker.usecases.tokens import MARK, hash_of

pytestmark = pytest.mark.on_both_backends

NewTracker = Callable[..., Any]


def test_a_token_names_its_holder_and_no_other_text_does(new_tracker: NewTracker) -> None:
    with new_tracker() as tracker:
        ann, bob = tracker.add_token("Ann É"), tracker.add_token(" Bob ")
        assert ann != bob
        assert ann.startswith(MARK)
        assert len(ann) >= len(MARK) + 43  # 256 bits in base64
        assert tracker.recorder_of(hash_of(ann)) == "Ann É"
        assert tracker.recorder_of(hash_of(bob)) == "Bob"
        for other in ("", ann[:-1], f"{ann} ", ann.upper(), "Ann É", hash_of(ann).hex(), "\ud800", "x" * 100_000):
            assert tracker.recorder_of(hash_of(other)) is None


def test_a_revoked_token_is_nobodys_for_ever_and_its_holder_may_have_another(new_tracker: NewTracker) -> None:
    with new_tracker() as tracker:
        first = tracker.add_token("Ann")
        with pytest.raises(HoldsAToken, match="'Ann' holds a token already"):
            tracker.add_token("Ann ")
        tracker.revoke_token(" Ann")
        with pytest.raises(HoldsNoToken, match="'Ann' holds no token"):
            tracker.revoke_token("Ann")
        second = tracker.add_token("Ann")
        assert tracker.recorder_of(hash_of(first)) is None
        assert tracker.recorder_of(hash_of(second)) == "Ann"
        kept = [(one.name, one.revoked_at is not None) for one in tracker.tokens()]
        assert sorted(kept) == [("Ann", False), ("Ann", True)]


def test_tokens_are_listed_by_name_with_the_times_of_the_trackers_clock(new_database: Callable[..., Any]) -> None:
    with new_database() as (url, _):
        now = NOW
        with Tracker.open(url, clock=lambda: now) as tracker:
            tracker.add_token("Bob")
            now += timedelta(1)
            tracker.add_token("Ann")
            now += timedelta(1)
            tracker.revoke_token("Bob")
            assert [tuple(one) for one in tracker.tokens()] == [
                ("Ann", "2031-06-02T12:00:00.000000Z", None),
                ("Bob", "2031-06-01T12:00:00.000000Z", "2031-06-03T12:00:00.000000Z"),
            ]


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "x" * 201, "\x00"])
def test_a_token_is_for_what_may_stand_as_a_recorders_name(new_tracker: NewTracker, name: str) -> None:
    with new_tracker() as tracker:
        with pytest.raises(BadValue, match="recorder's name"):
            tracker.add_token(name)
        assert tracker.tokens() == []


def test_near_names_that_hold_a_token_are_offered(new_tracker: NewTracker) -> None:
    with new_tracker() as tracker:
        tracker.add_token("Annabel")
        with pytest.raises(HoldsNoToken, match="Did you mean Annabel"):
            tracker.revoke_token("Anabel")


def test_rebuild_and_verify_leave_tokens_alone_and_no_entry_is_made(new_tracker: NewTracker) -> None:
    with new_tracker("party RUS") as tracker:
        before = tracker.checkpoint()
        made = tracker.add_token("Ann")
        tracker.rebuild()
        assert tracker.verify().sound
        assert tracker.recorder_of(hash_of(made)) == "Ann"
        assert tracker.checkpoint() == before


def test_no_export_and_nothing_that_is_restored_holds_one(new_tracker: NewTracker, tmp_path: Path) -> None:
    """Of a SQLite database the backup is the file again, with its hashes; a restore takes the log from it."""
    with new_tracker("party RUS") as tracker:
        made = tracker.add_token("Somebody Else")
        with (tmp_path / "log.jsonl").open("wb") as file:
            tracker.export(file)
        backup = tmp_path / "backup"
        tracker.backup(backup)
        texts = [(tmp_path / "log.jsonl").read_bytes()]
        texts += [backup.read_bytes()] if tracker._log.backend.file is None else []
        for text in texts:
            assert b"Somebody Else" not in text
            assert hash_of(made) not in text
            assert made.encode() not in text
        restore_database(str(tmp_path / "restored.db"), backup, clock=lambda: NOW)
        with Tracker.open(str(tmp_path / "restored.db")) as restored:
            assert restored.tokens() == []


@pytest.mark.on_sqlite
def test_the_token_itself_is_nowhere_in_the_file(new_database: Callable[..., Any]) -> None:
    with new_database() as (url, tracker):
        made = tracker.add_token("Ann")
        tracker.close()
        stored = b"".join(path.read_bytes() for path in Path(url).parent.glob(f"{Path(url).name}*"))
        assert hash_of(made) in stored
        assert made.encode() not in stored
        assert made.removeprefix(MARK).encode() not in stored


def test_a_database_that_lost_the_table_says_so(databases: Any) -> None:
    with databases.own() as url:
        _execute(url, "DROP TABLE token")
        with Tracker.open(url, as_it_is=True) as tracker:
            assert [one.message for one in tracker.verify().log] == ["the table token is missing"]
            with pytest.raises(TrackerError) as refused:
                tracker.recorder_of(hash_of("x"))
        assert isinstance(refused.value, DatabaseDamaged)


def _execute(url: str, statement: str) -> None:
    if backend_of(url).file is not None:
        with sqlite3.connect(url) as file:
            file.execute(statement)
        return
    import psycopg

    with psycopg.connect(url) as server:
        server.execute(statement)

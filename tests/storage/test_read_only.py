"""A database on read-only media, or in a folder that takes no files: every question is answered, nothing is written.

The system's answer to "may I write here?" is replaced, since root may write everywhere. `test_permissions.py`
in `tests/reliability` asks a file system that is mounted read-only, and as another user.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.ledger import drafts
from tracker.domain.log.events import IssueReworded, MilestoneNoted
from tracker.errors import DatabaseUnavailable, RefusedEntries
from tracker.storage.backends.sqlite import SQLite, cannot_change
from tracker.storage.log.event_log import EventLog
from tracker.storage.maintenance.health import examine
from tracker.storage.maintenance.migrate import create_database, upgrade_database
from tracker.tracker import Tracker
from tracker.usecases.restore import restore_database

LEDGER = """
    party RUS
    issue a/b
    stated RUS a/b supports 2019-12-10
    """


@pytest.fixture
def media(empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that takes no files, with a database and a link to it elsewhere."""
    folder = tmp_path / "100% read?only#"
    folder.mkdir()
    shutil.copy(empty_database, folder / "tracker.db")
    with Tracker.open(str(folder / "tracker.db"), clock=lambda: NOW) as tracker, tracker._log.writing() as log:
        for draft in drafts(LEDGER):
            log.append(draft)
    (tmp_path / "link.db").symlink_to(folder / "tracker.db")
    asked = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and asked(path, mode))
    return folder


@pytest.mark.parametrize("name", ["tracker.db", "../link.db"])
def test_every_question_is_answered_and_no_file_appears(media: Path, name: str, tmp_path: Path) -> None:
    url = str(media / name)
    with Tracker.open(url, clock=lambda: NOW) as tracker:
        head = tracker.backup(tmp_path / "backup.db")
        assert [row.party for row in tracker.state().rows] == ["RUS"]
        assert tracker.verify(head).sound
        assert [path.name for path in media.iterdir()] == ["tracker.db"]
        with pytest.raises(DatabaseUnavailable, match=r"cannot be written\. Make it and its folder"):
            tracker.record([MilestoneNoted(title="x", on="2019-12-10")], by="me")
        with pytest.raises(DatabaseUnavailable, match="cannot be written"):
            tracker.rebuild()
    health = examine(url, clock=lambda: NOW)
    assert health.settings["journal_mode"] == "none: opened to be read only"
    assert not any("journal" in warning for warning in health.warnings)
    assert not create_database(url)
    assert upgrade_database(url)[0] == health.schema
    assert restore_database(str(tmp_path / "restored.db"), media / "tracker.db", clock=lambda: NOW).head == head
    assert [path.name for path in media.iterdir()] == ["tracker.db"]


def test_what_is_only_checked_needs_no_leave_to_write(media: Path) -> None:
    url = str(media / "tracker.db")
    milestone = MilestoneNoted(title="x", on="2019-12-10")
    with Tracker.open(url, clock=lambda: NOW) as tracker:
        (checked,) = tracker.record([milestone], by="me", check_only=True)
        assert checked.receipt.entry.position == 4
        assert tracker.correct("@3", {"summary": "y"}, reason="x", by="me", check_only=True).difference
        assert tracker.undo(reason="x", by="analyst", check_only=True).target.position == 3
        with pytest.raises(RefusedEntries, match="No issue 'a/c' is on record"):
            tracker.record([IssueReworded(issue="a/c", title="T", on="2020-01-01")], by="me", check_only=True)
        with pytest.raises(DatabaseUnavailable, match="cannot be written"):
            tracker.record([milestone], by="me")
        assert tracker.checkpoint().position == 3
    assert [path.name for path in media.iterdir()] == ["tracker.db"]


def test_a_file_that_takes_no_writing_is_checked_on_a_copy(
    empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tracker.db"
    shutil.copy(empty_database, file)
    asked = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != file and asked(path, mode))
    before = file.read_bytes()
    with Tracker.open(str(file), clock=lambda: NOW) as tracker:
        assert tracker.record([MilestoneNoted(title="x", on="2019-12-10")], by="me", check_only=True)
        assert tracker.checkpoint().position == 0
    assert file.read_bytes() == before


def test_a_file_is_checked_in_one_transaction(new_tracker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with new_tracker("party RUS") as tracker:
        monkeypatch.setattr(EventLog, "reading", None)
        assert tracker.record([MilestoneNoted(title="x", on="2019-12-10")], by="me", check_only=True)


def test_a_database_that_somebody_has_open_is_read_with_what_they_wrote_last(media: Path) -> None:
    """SQLite opened as immutable would not look into the -wal file."""
    other = sqlite3.connect(media / "tracker.db")
    try:
        assert other.execute("SELECT count(*) FROM log").fetchone() == (3,)
        assert (media / "tracker.db-shm").exists()
        assert not cannot_change(media / "tracker.db")
    finally:
        other.close()
    assert cannot_change(media / "tracker.db")
    for ending, content in (("-wal", "entries"), ("-journal", "pages")):
        left = media / f"tracker.db{ending}"
        left.write_text("")
        assert cannot_change(media / "tracker.db")
        left.write_text(content)
        assert not cannot_change(media / "tracker.db")
        left.unlink()


def test_a_folder_that_takes_files_is_none(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        assert not cannot_change(tracker._log.backend.path)


def test_a_tilde_in_the_address_is_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    shutil.copy(empty_database, tmp_path / "mine.db")
    for url in ("~/mine.db", "sqlite:///~/mine.db", "sqlite:///~/mine.db?timeout=5"):
        with Tracker.open(url) as tracker:
            assert tracker._log.backend.file == tmp_path / "mine.db"
    monkeypatch.chdir(tmp_path)
    for name in ("~nobody-of-this-name/x.db", "./~", "a~b.db"):
        assert SQLite(name).path == Path(name)

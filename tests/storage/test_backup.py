"""Backups taken while others write, brought back on either back end: the same log, byte for byte, or nothing."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.databases import Databases, PostgreSQLDatabases
from tests.ledger import append_all, drafts
from tracker.domain.log.chain import LogHead
from tracker.domain.log.entries import Draft
from tracker.errors import BackupDamaged, BadData, FileUnavailable, NotATrackerDatabase, NotEmpty
from tracker.storage.maintenance.migrate import create_database, upgrade_database
from tracker.tracker import Tracker
from tracker.usecases.restore import restore_database

LEDGER = """
    party RUS aliases=Moscow
    issue ж/три
    a: stated RUS ж/три supports 2019-12-10 speaker=Лавров
    b: corrected a stance=opposes
    m: milestone Summit 2019-12-10
    retracted m
    """


def exported(url: str, file: Path) -> bytes:
    with Tracker.open(url) as tracker, file.open("wb") as out:
        tracker.export(out)
    return file.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to restore to: nothing is there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "restored.db")
    pool: PostgreSQLDatabases = request.getfixturevalue("postgresql_databases")
    return pool.new_database(f"tracker_restored_{os.getpid()}")


@pytest.mark.on_both_backends
def test_a_backup_comes_back_on_either_back_end_as_it_was(
    new_tracker: Callable[..., Any], target: str, tmp_path: Path
) -> None:
    with new_tracker(LEDGER) as tracker:
        kept = tracker.backup(tmp_path / "backup")
        assert kept == tracker.checkpoint()
        with (tmp_path / "then.jsonl").open("wb") as out:
            tracker.export(out)
    assert restore_database(target, tmp_path / "backup", checkpoint=kept, clock=lambda: NOW).head == kept
    assert exported(target, tmp_path / "now.jsonl") == (tmp_path / "then.jsonl").read_bytes()
    with Tracker.open(target) as tracker:
        assert tracker.verify(kept).sound
    with pytest.raises(NotEmpty):
        restore_database(target, tmp_path / "backup", clock=lambda: NOW)


@pytest.mark.on_both_backends
def test_a_backup_is_of_one_moment_whatever_is_written_meanwhile(databases: Databases, tmp_path: Path) -> None:
    stop = threading.Event()
    with databases.empty() as url:
        with Tracker.open(url, clock=lambda: NOW) as tracker, tracker._log.writing() as log:
            append_all(log, drafts("party RUS\nissue a/b"))

        def write() -> None:
            number = 0
            with Tracker.open(url, clock=lambda: NOW) as writer:
                while not stop.is_set():
                    number += 1
                    said = drafts(f"s{number}: stated RUS a/b supports 2019-12-10 speaker=S{number}")[-1]
                    with writer._log.writing() as log:
                        log.append(Draft(said.event, said.id, said.recorded_by))

        writer = threading.Thread(target=write)
        writer.start()
        kept: list[LogHead] = []
        try:
            with Tracker.open(url) as tracker:
                for number in range(5):
                    while tracker.checkpoint().position <= (kept[-1].position if kept else 2):
                        assert writer.is_alive()
                        time.sleep(0.01)
                    kept.append(tracker.backup(tmp_path / f"backup-{number}"))
        finally:
            stop.set()
            writer.join()
    for number, head in enumerate(kept):
        restored, backup = str(tmp_path / f"restored-{number}.db"), tmp_path / f"backup-{number}"
        assert restore_database(restored, backup, checkpoint=head, clock=lambda: NOW + timedelta(1)).head == head
        with Tracker.open(restored) as tracker:
            assert tracker.verify(head).sound


def test_a_backup_replaces_no_file_and_leaves_none_half_written(
    new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.write_text("something else")
    with new_tracker(LEDGER) as tracker:
        with pytest.raises(FileUnavailable, match="is there already"):
            tracker.backup(there)
        with pytest.raises(FileUnavailable, match="cannot be written"):
            tracker.backup(tmp_path / "no folder" / "backup")
    assert there.read_text() == "something else"
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("sqlite")] == ["there"]


def test_a_backup_of_an_empty_log_comes_back(new_tracker: Callable[..., Any], target: str, tmp_path: Path) -> None:
    with new_tracker() as tracker:
        kept = tracker.backup(tmp_path / "backup")
    assert restore_database(target, tmp_path / "backup", checkpoint=kept).head.position == 0


def test_an_export_is_restored_from_a_pipe(new_tracker: Callable[..., Any], tmp_path: Path) -> None:
    with new_tracker(LEDGER) as tracker, (tmp_path / "export.jsonl").open("wb") as out:
        head = tracker.checkpoint()
        tracker.export(out)
    reading, writing = os.pipe()
    os.write(writing, (tmp_path / "export.jsonl").read_bytes())
    os.close(writing)
    piped = Path(f"/dev/fd/{reading}")
    assert restore_database(str(tmp_path / "restored.db"), piped, checkpoint=head, clock=lambda: NOW).head == head
    os.close(reading)


def test_a_damaged_cut_or_other_backup_is_refused_and_makes_nothing(
    new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    backup, export = tmp_path / "backup.db", tmp_path / "export.jsonl"
    with new_tracker(LEDGER) as tracker:
        kept = tracker.backup(backup)
        with export.open("wb") as out:
            tracker.export(out)
    lines = export.read_bytes().splitlines(keepends=True)
    cut, torn = tmp_path / "cut.jsonl", tmp_path / "torn.jsonl"
    cut.write_bytes(b"".join(lines[:-1]))
    torn.write_bytes(b"".join(lines)[:-20])
    changed = tmp_path / "changed.jsonl"
    changed.write_bytes(export.read_bytes().replace(b"Said so", b"Sold so"))
    with sqlite3.connect(backup) as connection:
        connection.execute("DROP TRIGGER log_refuses_update")
        connection.execute("UPDATE log SET line = replace(line, 'Said', 'Sold') WHERE position = 3")
    target = tmp_path / "restored.db"
    for file, refusal, says in (
        (backup, BackupDamaged, "position 3"),
        (cut, BackupDamaged, "was cut"),
        (changed, BackupDamaged, "rewritten"),
        (torn, BadData, "truncated"),
        (tmp_path / "none", FileUnavailable, "cannot be read"),
    ):
        with pytest.raises(refusal, match=says):
            restore_database(str(target), file, checkpoint=kept, clock=lambda: NOW)
        assert not target.exists()
    with pytest.raises(BackupDamaged, match="before the checkpoint"):
        restore_database(str(target), export, checkpoint=LogHead(9, kept.hash), clock=lambda: NOW)
    with sqlite3.connect(tmp_path / "theirs.db") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(NotATrackerDatabase):
        restore_database(str(target), tmp_path / "theirs.db")
    assert not target.exists()


def test_a_backup_of_an_older_schema_comes_back_in_this_one(tmp_path: Path) -> None:
    golden = Path(__file__).parent.parent / "golden"
    for old in sorted(golden.glob("schema-*.db")):
        copy = tmp_path / old.name
        copy.write_bytes(old.read_bytes())
        restored = str(tmp_path / f"restored-{old.stem}.db")
        head = restore_database(restored, copy).head
        upgrade_database(str(copy))
        with Tracker.open(restored) as one, Tracker.open(str(copy)) as other:
            assert one.checkpoint() == other.checkpoint() == head
            assert one.verify().sound


@pytest.mark.parametrize("name", ["same.db", "x/../same.db", "soft.db", "hard.db"])
def test_a_database_is_neither_restored_from_itself_nor_backed_up_onto_itself(
    name: str, new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "x").mkdir()
    database = tmp_path / "same.db"
    create_database(str(database))
    os.link(database, tmp_path / "hard.db")
    (tmp_path / "soft.db").symlink_to("same.db")
    before = database.read_bytes()
    with pytest.raises(FileUnavailable, match="is the database itself"):
        restore_database(str(database), tmp_path / name)
    with Tracker.open(str(database)) as tracker, pytest.raises(FileUnavailable, match="is there already"):
        tracker.backup(tmp_path / name)
    assert database.read_bytes() == before


def test_nothing_is_made_beside_what_an_earlier_database_of_the_name_left(
    new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    with new_tracker(LEDGER) as tracker:
        kept = tracker.backup(tmp_path / "backup.db")
        for ending in ("-wal", "-shm", "-journal"):
            left = tmp_path / f"lost.db{ending}"
            left.write_text("what a killed writer left")
            for make in (
                lambda: restore_database(str(tmp_path / "lost.db"), tmp_path / "backup.db", checkpoint=kept),
                lambda: create_database(str(tmp_path / "lost.db")),
                lambda: tracker.backup(tmp_path / "lost.db"),
            ):
                with pytest.raises(FileUnavailable, match="would be read into the new one"):
                    make()
            assert not (tmp_path / "lost.db").exists()
            left.unlink()
            with pytest.raises(FileUnavailable, match="a name that SQLite gives"):
                tracker.backup(Path(f"{tracker._log.backend.path}{ending}"))
        restore_database(str(tmp_path / "lost.db"), tmp_path / "backup.db", checkpoint=kept)

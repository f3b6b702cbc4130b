"""`doctor` says how a database does: versions, settings, schema, log and projections."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracker.storage.maintenance import health
from tracker.storage.maintenance.health import examine
from tracker.storage.schema import REVISION
from tracker.tracker import Tracker

LEDGER = """
    party RUS
    issue a/b
    a: stated RUS a/b supports 2019-12-10
    retracted a
    """


@pytest.mark.on_both_backends
def test_a_sound_database_is_fresh(new_tracker: Callable[..., Any], backend: str) -> None:
    with new_tracker(LEDGER) as tracker:
        there = tracker._log.backend
        url = str(there.path) if backend == "sqlite" else there.url.render_as_string(hide_password=False)
        health = examine(url)
        assert health.log == tracker.checkpoint()
    assert (health.schema, health.pending, health.projections) == (REVISION, (), 4)
    assert {"tracker", "Python", "SQLAlchemy"} <= health.versions.keys()
    engine, setting = {"sqlite": ("SQLite", "journal_mode"), "postgresql": ("PostgreSQL", "fsync")}[backend]
    assert engine in health.versions
    assert setting in health.settings
    assert not [warning for warning in health.warnings if "projections" in warning or "schema" in warning]


def test_projections_that_lag_or_are_missing_are_told(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        path = str(tracker._log.backend.path)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE statement SET ended_at = NULL")
        assert any("know the log up to position 3, it ends at 4" in told for told in examine(path).warnings)
        with sqlite3.connect(path) as connection:
            connection.execute("DROP TABLE statement")
        assert any("missing" in told and "tracker rebuild" in told for told in examine(path).warnings)


def test_pending_migrations_of_an_older_database_are_named(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(Path(__file__).parent.parent / "golden" / "schema-0001-events-v1.db", old)
    health = examine(str(old))
    assert (health.schema, health.pending) == ("0001", ("0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"))
    assert any("tracker upgrade" in told for told in health.warnings)


@pytest.mark.parametrize(
    ("version", "warned"),
    [((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False)],
)
def test_builds_of_sqlite_that_can_corrupt_a_shared_file_are_warned_of(
    tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], warned: bool
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert any("3.51.3" in told for told in examine(str(empty_database)).warnings) is warned


def test_a_database_whose_name_is_not_text_is_described_as_data(tmp_path: Path, empty_database: Path) -> None:
    path = tmp_path / "\udcff.db"
    shutil.copy(empty_database, path)
    assert examine(str(path)).database == f"{tmp_path}/\\udcff.db"


def test_another_journal_mode_is_told(tmp_path: Path, empty_database: Path) -> None:
    path = tmp_path / "rollback.db"
    shutil.copy(empty_database, path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    assert any("journal mode is delete" in told for told in examine(str(path)).warnings)


def test_looking_changes_nothing(tmp_path: Path, empty_database: Path) -> None:
    before = empty_database.read_bytes()
    health.examine(str(empty_database))
    with Tracker.open(str(empty_database)) as tracker:
        assert tracker.verify().sound
    assert empty_database.read_bytes() == before

"""A log with every version of every event goes through load, export, backup and restore as the same bytes."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW, ROOT
from tests.databases import PostgreSQLDatabases
from tracker.domain.log.events import MODELS
from tracker.domain.log.upcasting import OLD_VERSIONS
from tracker.tracker import Tracker
from tracker.usecases.restore import restore_database

NEWEST = ROOT / "tests" / "golden" / "events-v3.jsonl"


def exported(tracker: Tracker, file: Path) -> bytes:
    with file.open("wb") as out:
        tracker.export(out)
    return file.read_bytes()


def test_the_newest_file_has_every_version_of_every_kind() -> None:
    types = {json.loads(line)["type"] for line in NEWEST.read_text().splitlines()}
    assert types >= {*MODELS, *OLD_VERSIONS}


@pytest.mark.on_both_backends
def test_what_was_loaded_is_exported_rebuilt_and_verified_as_it_was(
    new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    with new_tracker("") as tracker:
        tracker.load([NEWEST])
        assert exported(tracker, tmp_path / "first.jsonl") == NEWEST.read_bytes()
        assert tracker.verify().sound
        tracker.rebuild()
        assert tracker.verify().sound
        assert exported(tracker, tmp_path / "second.jsonl") == NEWEST.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to restore to: nothing is there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "restored.db")
    pool: PostgreSQLDatabases = request.getfixturevalue("postgresql_databases")
    return pool.new_database(f"tracker_every_version_{os.getpid()}")


@pytest.mark.on_both_backends
def test_a_backup_of_it_comes_back_as_it_was(new_tracker: Callable[..., Any], target: str, tmp_path: Path) -> None:
    with new_tracker("") as tracker:
        tracker.load([NEWEST])
        kept = tracker.backup(tmp_path / "backup")
    assert restore_database(target, tmp_path / "backup", checkpoint=kept, clock=lambda: NOW).head == kept
    with Tracker.open(target) as restored:
        assert restored.verify().sound
        assert exported(restored, tmp_path / "restored.jsonl") == NEWEST.read_bytes()

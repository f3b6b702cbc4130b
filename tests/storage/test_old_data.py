"""Whatever an earlier release wrote is read for ever: databases of each schema, files of each event version."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tracker.errors import DatabaseOlder
from tracker.reports.flat import to_json
from tracker.storage.migrate import create_database, upgrade_database
from tracker.storage.schema import REVISION
from tracker.tracker import Tracker

GOLDEN = ROOT / "tests" / "golden"
DATABASES = sorted(GOLDEN.glob("schema-*.db"))
FILES = sorted(GOLDEN.glob("events-*.jsonl"))


def answers(path: Path) -> tuple[str, bytes]:
    with Tracker.open(str(path)) as tracker:
        assert tracker.verify().sound
        return to_json(tracker.state().rows), tracker.checkpoint().hash


def test_there_is_old_data_to_read() -> None:
    assert DATABASES
    assert FILES


@pytest.mark.parametrize("database", DATABASES, ids=lambda path: path.stem)
def test_an_older_database_is_upgraded_and_answers_as_its_events_do(database: Path, tmp_path: Path) -> None:
    old, fresh = tmp_path / "old.db", tmp_path / "fresh.db"
    shutil.copy(database, old)
    with pytest.raises(DatabaseOlder, match="tracker upgrade"):
        Tracker.open(str(old))
    before, after = upgrade_database(str(old))
    assert (before, after) == (database.stem.removeprefix("schema-"), REVISION)
    create_database(str(fresh))
    with Tracker.open(str(fresh)) as tracker:
        tracker.load([FILES[0]])
    assert answers(old) == answers(fresh)
    assert upgrade_database(str(old)) == (REVISION, REVISION)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_file_of_every_event_version_loads(file: Path, tmp_path: Path) -> None:
    create_database(str(tmp_path / "new.db"))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    with Tracker.open(str(tmp_path / "new.db")) as tracker:
        assert tracker.load([file]).appended == len(lines)
        assert [logged.entry.event.type for logged in tracker.entries()] == [line["type"] for line in lines]

"""Whatever an earlier release wrote is read for ever: databases of each schema, files of each event version."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.conftest import ROOT
from tracker.cli import cli
from tracker.domain.log.upcasting import OLD_VERSIONS
from tracker.domain.terms.rules import RULES
from tracker.errors import DatabaseNewer, DatabaseOlder
from tracker.reports.data_formats import to_json
from tracker.storage.maintenance.migrate import create_database, migrations_folder, upgrade_database
from tracker.storage.schema import REVISION
from tracker.tracker import Tracker
from tracker.usecases.upgrade import upgrade

GOLDEN = ROOT / "tests" / "golden"
DATABASES = sorted(GOLDEN.glob("schema-*.db"))
FILES = sorted(GOLDEN.glob("events-*.jsonl"))


def answers(path: Path) -> tuple[str, bytes]:
    with Tracker.open(str(path)) as tracker:
        assert tracker.verify().sound
        return to_json(tracker.state().rows), tracker.checkpoint().hash


def _of(database: Path) -> tuple[str, Path]:
    """The schema of a database, and the file of the events in it."""
    _, revision, *events = database.stem.split("-")
    return revision, GOLDEN / f"{'-'.join(events)}.jsonl"


def stored(path: Path) -> list[Any]:
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT * FROM log ORDER BY position").fetchall()


def _rules(path: Path) -> int:
    """The rules by which a database's projections were derived; those up to schema 0005 do not say so."""
    with sqlite3.connect(path) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'rules'").fetchone():
            return 1
        (number,) = connection.execute("SELECT number FROM rules").fetchone()
    return int(number)


def test_there_is_a_database_of_every_schema_and_a_file_of_every_event_version() -> None:
    revisions = {path.name[:4] for path in (migrations_folder() / "versions").glob("*.py")}
    assert {_of(path)[0] for path in DATABASES} == revisions
    assert {_of(path)[1] for path in DATABASES} == set(FILES)
    types = {json.loads(line)["type"] for path in FILES for line in path.read_text().splitlines()}
    assert {*OLD_VERSIONS, *(old.newer for old in OLD_VERSIONS.values())} <= types


@pytest.mark.parametrize("database", DATABASES, ids=lambda path: path.stem)
def test_a_database_of_every_schema_is_upgraded_and_answers_as_its_events_do(database: Path, tmp_path: Path) -> None:
    old, fresh = tmp_path / "old.db", tmp_path / "fresh.db"
    shutil.copy(database, old)
    before, rules = stored(old), _rules(old)
    revision, events = _of(database)
    if revision != REVISION:
        with pytest.raises(DatabaseOlder, match="tracker upgrade"):
            Tracker.open(str(old))
    assert upgrade_database(str(old)) == (revision, rules)
    assert stored(old) == before
    create_database(str(fresh))
    with Tracker.open(str(fresh)) as tracker:
        tracker.load([events])
    assert answers(old) == answers(fresh)
    assert upgrade_database(str(old)) == (REVISION, RULES)


@pytest.mark.parametrize(
    "database", [path for path in DATABASES if _of(path)[0] != REVISION], ids=lambda path: path.stem
)
def test_verify_takes_an_older_releases_database_for_what_it_is(database: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(database, old)
    done = CliRunner().invoke(cli, ["--db", str(old), "verify"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"was made by an older release. Run `tracker --db {old} upgrade`." in done.stderr


def test_projections_of_other_rules_are_derived_anew_after_a_backup(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(GOLDEN / f"schema-{REVISION}-events-v3.db", old)
    with sqlite3.connect(old) as connection:
        connection.execute("UPDATE rules SET number = ?", (RULES - 1,))
        connection.execute("UPDATE statement SET public_on = '2001-01-01'")
    before = stored(old)
    for command in (Tracker.open, create_database):
        with pytest.raises(DatabaseOlder, match="tracker upgrade"):
            command(str(old))
    plan = upgrade(str(old))
    assert plan is not None
    assert plan.made == (REVISION, RULES - 1)
    assert plan.backup is not None
    assert plan.backup.parent == tmp_path
    assert stored(plan.backup) == stored(old) == before
    assert answers(old)
    assert upgrade(str(old)) is None


def test_a_newer_releases_rules_are_not_read(tmp_path: Path) -> None:
    newer = tmp_path / "newer.db"
    shutil.copy(GOLDEN / f"schema-{REVISION}-events-v3.db", newer)
    with sqlite3.connect(newer) as connection:
        connection.execute("UPDATE rules SET number = ?", (RULES + 1,))
    for command in (Tracker.open, upgrade):
        with pytest.raises(DatabaseNewer, match=f"rules {RULES + 1}"):
            command(str(newer))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_file_of_every_event_version_loads_and_is_exported_as_it_was(file: Path, tmp_path: Path) -> None:
    create_database(str(tmp_path / "new.db"))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    with Tracker.open(str(tmp_path / "new.db")) as tracker:
        assert tracker.load([file]).appended == len(lines)
        assert tracker.load([file]).already_there == len(lines)
        assert [logged.entry.type for logged in tracker.entries()] == [line["type"] for line in lines]
        assert tracker.verify().sound
        with (tmp_path / "out.jsonl").open("wb") as out:
            tracker.export(out)
    assert (tmp_path / "out.jsonl").read_bytes() == file.read_bytes()

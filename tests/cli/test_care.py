"""The commands that care for the log: follow, backup, restore, doctor, verify."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.processes import PATIENCE, started

pytestmark = pytest.mark.on_both_backends

Run = Callable[..., Any]
SAID = ("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", "Yes.")


def test_a_backup_is_restored_with_its_checkpoint(desk: Run, here: Run, tmp_path: Path) -> None:
    assert desk(*SAID).code == 0
    done = desk("backup", "kept")
    assert (done.code, json.loads(done.out)) == (0, json.loads(desk("checkpoint").out))
    assert "5 entries backed up to kept" in done.err
    (tmp_path / "kept.checkpoint").write_text(done.out)
    back = here("--db", "back.db", "restore", "kept", "--checkpoint", "kept.checkpoint")
    assert (back.code, back.out) == (0, "5 entries restored into back.db.\n")
    assert here("--db", "back.db", "export").out == desk("export").out
    assert here("--db", "back.db", "verify", "--checkpoint", "kept.checkpoint").code == 0

    again = desk("backup", "kept")
    assert (again.code, again.out) == (1, "")
    assert "is there already" in again.err
    onto = here("--db", "back.db", "restore", "kept")
    assert onto.code == 1
    assert "holds entries already" in onto.err
    assert "goes to a file" in desk("backup", "-").err
    assert "is a folder" in desk("backup", ".").err


def test_the_doctor_shows_versions_schema_and_freshness(desk: Run, backend: str) -> None:
    shown = desk("doctor")
    assert shown.code == 0
    assert ("SQLite" if backend == "sqlite" else "PostgreSQL") in shown.out
    health = json.loads(desk("doctor", "--format", "json").out)
    assert (health["log"]["position"], health["projections"], health["pending"]) == (4, 4, [])
    assert health["log"] == json.loads(desk("checkpoint").out)


def test_the_doctor_of_no_database_says_how_to_make_one(here: Run) -> None:
    none = here("doctor")
    assert none.code == 1
    assert "tracker init" in none.err


def test_a_follower_gets_what_is_there_and_what_comes(desk: Run, tmp_path: Path, backend: str) -> None:
    if backend != "sqlite":
        first = desk("log", "--follow", "--limit", "4", "--format", "json")
        assert [json.loads(line)["position"] for line in first.out.splitlines()] == [1, 2, 3, 4]
        return
    command = [Path(sys.executable).parent / "tracker", "log", "--after", "3", "--follow", "--format", "json"]
    with started(command, cwd=tmp_path, text=True, env={**os.environ, "COLUMNS": "80"}) as follower:
        assert follower.stdout is not None
        assert json.loads(follower.stdout.readline())["position"] == 4
        assert desk(*SAID).code == 0
        entry = json.loads(follower.stdout.readline())
        assert (entry["position"], entry["type"], entry["subject"]) == (5, "position.stated.v1", "RUS:arms/start")
        follower.send_signal(signal.SIGINT)
        rest, remarks = follower.communicate(timeout=PATIENCE)
        assert (follower.returncode, rest, remarks) == (0, "", "")


def test_following_prints_as_table_or_json(desk: Run) -> None:
    assert "arms/start" in desk("log", "--follow", "--limit", "3").out
    for wrong in (("--format", "csv"), ("--output", "log.txt")):
        refused = desk("log", "--follow", *wrong)
        assert refused.code == 2
        assert "--follow prints" in refused.err


def test_a_milestone_says_of_what_kind_it_is(desk: Run) -> None:
    assert desk("milestone", "Summit in Washington", "--on", "2019-12-10", "--category", "summit").code == 0
    assert desk("milestone", "Something", "--on", "2019-12-10").code == 0
    types = [json.loads(line)["type"] for line in desk("export").out.splitlines()[-2:]]
    assert types == ["milestone.noted.v2", "milestone.noted.v1"]
    assert "category" in desk("show", "@5").out
    corrected = desk("correct", "@6", "--category", "deadline", "--reason", "It is one.")
    assert corrected.code == 0, corrected.err
    assert "deadline" in corrected.out
    assert "Did you mean summit?" in desk("milestone", "x", "--on", "2019-12-10", "--category", "sumit").err


@pytest.mark.on_sqlite
def test_a_command_that_is_asked_to_end_tidies_up(desk: Run, tmp_path: Path) -> None:
    assert desk("backup", "kept.db").code == 0
    before = sorted(path.name for path in tmp_path.iterdir())
    os.mkfifo(tmp_path / "pipe.jsonl")
    command = [Path(sys.executable).parent / "tracker", "--db", "new.db", "restore", "pipe.jsonl"]
    with started(command, cwd=tmp_path) as restoring, (tmp_path / "pipe.jsonl").open("wb"):
        deadline = time.monotonic() + PATIENCE
        while not list(tmp_path.glob(".tracker-*")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        restoring.send_signal(signal.SIGTERM)
        out, err = restoring.communicate(timeout=PATIENCE)
    assert (restoring.returncode, out, err) == (128 + signal.SIGTERM, b"", b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "pipe.jsonl"])

"""`rebuild` derives from the log what was there, whoever reads it, whatever becomes of a worker."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import ledger
from tests.processes import started_workers
from tests.storage.test_verification import TEXT
from tracker.storage.backends.sqlite import SQLite
from tracker.storage.maintenance.rebuild import rebuild
from tracker.storage.schema import PROJECTIONS
from tracker.tracker import Tracker

LONG_TEXT = TEXT + "".join(
    f"stated RUS a/b {'supports' if n % 7 else 'opposes'} 2019-01-{n % 28 + 1:02} speaker=S{n} source=dw\n"
    for n in range(2_200)
)
"""Several batches for two workers."""


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have two workers read every log. The processes that were started."""
    return started_workers(monkeypatch, spare_processors=2)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have one worker read every log, where more would show no more. The processes that were started."""
    return started_workers(monkeypatch)


def path_of(tracker: Tracker) -> Path:
    assert isinstance(tracker._log.backend, SQLite)
    return tracker._log.backend.path


def projections(tracker: Tracker) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path_of(tracker))) as connection:
        return {
            table.name: connection.execute(f"SELECT * FROM {table.name} ORDER BY position").fetchall()
            for table in PROJECTIONS
            if "position" in table.c
        }


def emptied(tracker: Tracker) -> None:
    with closing(sqlite3.connect(path_of(tracker))) as connection, connection:
        for table in PROJECTIONS:
            connection.execute(f"DELETE FROM {table.name}")
    assert not any(projections(tracker).values())


def test_rebuild_mends_projections(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(TEXT) as tracker:
        emptied(tracker)
        assert not tracker.verify().sound
        tracker.rebuild()
        assert tracker.verify().sound


def test_what_workers_read_gives_the_same(new_tracker: Callable[..., Any], workers: list[Any]) -> None:
    with new_tracker(LONG_TEXT) as tracker:
        before, length = projections(tracker), tracker.checkpoint().position
        emptied(tracker)
        assert tracker.rebuild() == length
        assert projections(tracker) == before
        assert [process.poll() is None for process in workers] == [False, False]
        assert tracker.verify().sound


def test_what_a_killed_worker_did_not_read_is_read_here(new_tracker: Callable[..., Any], workers: list[Any]) -> None:
    with new_tracker(LONG_TEXT) as tracker:
        before, length = projections(tracker), tracker.checkpoint().position
        emptied(tracker)
        read: list[int] = []

        def kill(number: int) -> None:
            read.append(number)
            for process in workers:
                process.kill()

        assert tracker.rebuild(progress=kill) == length
        assert len(read) > 1
        assert projections(tracker) == before


@pytest.mark.parametrize("python", ["/bin/false", "/nowhere/python"])
def test_a_worker_that_cannot_start_is_done_without(
    new_tracker: Callable[..., Any], worker: list[Any], monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    with new_tracker(TEXT) as tracker:
        before = projections(tracker)
        emptied(tracker)
        tracker.rebuild()
        assert projections(tracker) == before
    assert len(worker) == 1


def test_what_is_not_committed_yet_is_read_here(new_tracker: Callable[..., Any], worker: list[Any]) -> None:
    with new_tracker(TEXT) as tracker:
        with tracker._log.writing() as log:
            ledger.append_all(log, ledger.drafts(TEXT + "stated RUS a/b opposes 2019-12-20 speaker=Eve")[-1:])
            log.finish()
            assert rebuild(log.connection, tracker._log.backend) == log.position == tracker.checkpoint().position + 1
        assert len(worker) == 1
        assert tracker.verify().sound


def test_the_log_is_read_that_was_opened_wherever_the_caller_goes(
    new_tracker: Callable[..., Any], worker: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_tracker(TEXT) as tracker, new_tracker("issue other/one") as other:
        for name, one in (("here", tracker), ("there", other)):
            (tmp_path / name).mkdir()
            one.backup(tmp_path / name / "log.db")
    monkeypatch.chdir(tmp_path / "here")
    with Tracker.open("log.db") as tracker:
        before = projections(tracker)
        monkeypatch.chdir(tmp_path / "there")
        length = tracker.rebuild()
        monkeypatch.chdir(tmp_path / "here")
        assert (length, projections(tracker)) == (tracker.checkpoint().position, before)
    assert len(worker) == 1


def test_who_gives_up_leaves_no_worker_behind(new_tracker: Callable[..., Any], worker: list[Any]) -> None:
    def give_up(_: int) -> None:
        assert worker[0].poll() is None
        raise KeyboardInterrupt

    with new_tracker(LONG_TEXT) as tracker:
        before = projections(tracker)
        with pytest.raises(KeyboardInterrupt):
            tracker.rebuild(progress=give_up)
        assert all(process.poll() is not None for process in worker)
        assert projections(tracker) == before

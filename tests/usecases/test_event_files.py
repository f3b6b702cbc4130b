"""Events files that workers read: the same is found and recorded, whatever becomes of a worker."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.test_jsonl import GOOD
from tests.processes import started_workers
from tracker.adapters import jsonl
from tracker.adapters.jsonl import read_events
from tracker.errors import FileUnavailable, Finding
from tracker.storage.log.prepared_entry import PreparedEntry, prepare
from tracker.usecases.load import PlacedEntry, read_batches

BAD = b'{"id": 1}'


@pytest.fixture(autouse=True)
def workers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have a worker read every file, a few lines at a time. The processes that were started."""
    monkeypatch.setattr(jsonl, "BLOCK", 700)
    return started_workers(monkeypatch)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    contents = {"one.jsonl": [*GOOD, BAD], "two.jsonl": [BAD, b"", GOOD[0].replace(b"RUS", b"USA")]}
    for name, lines in contents.items():
        (tmp_path / name).write_bytes(b"\n".join(lines))
    return [tmp_path / name for name in contents]


def found(files: list[Path]) -> list[tuple[str, int | None, PreparedEntry | Finding]]:
    """What is read, with the events of entries, which do not cross."""
    items = [item for batch in read_batches(files) for item in batch]
    return [
        (item.file, item.line, item.prepared.with_event() if isinstance(item, PlacedEntry) else item) for item in items
    ]


def expected(files: list[Path]) -> list[tuple[str, int | None, PreparedEntry | Finding]]:
    items = [item for path in files for item in read_events(path)]
    return [(item.file, item.line, item if isinstance(item, Finding) else prepare(item.draft)) for item in items]


def test_workers_find_the_same(files: list[Path], workers: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    assert found(files) == expected(files)
    assert any(isinstance(item, Finding) for *_, item in expected(files))
    assert [process.poll() is None for process in workers] == [False, False]


def test_without_workers_the_same_is_found(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    assert found(files) == expected(files)


def test_a_load_goes_on_when_its_workers_are_killed(
    files: list[Path], workers: list[Any], new_tracker: Callable[..., Any]
) -> None:
    files[0].write_bytes(b"\n".join([*GOOD, *[BAD] * 2_000]))

    def kill(_: int) -> None:
        for process in workers:
            process.kill()

    with new_tracker() as tracker, new_tracker() as other:
        assert tracker.load(files, keep_going=True, progress=kill) == other.load(files, keep_going=True)
        assert tracker.checkpoint().position == len(GOOD)
    assert len(workers) == 2


def test_a_load_that_is_interrupted_leaves_no_worker_behind(
    files: list[Path], workers: list[Any], new_tracker: Callable[..., Any]
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with new_tracker() as tracker:
        with pytest.raises(KeyboardInterrupt):
            tracker.load(files, keep_going=True, progress=interrupt)
        assert tracker.checkpoint().position == 0
    assert workers
    assert all(process.poll() is not None for process in workers)


@pytest.mark.parametrize("name", ["none.jsonl", "folder", "nul\x00"])
def test_a_file_that_cannot_be_read_is_the_same_refusal(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    with pytest.raises(FileUnavailable) as with_workers:
        found([Path(name)])
    with pytest.raises(FileUnavailable) as plain:
        list(read_events(Path(name)))
    assert str(with_workers.value) == str(plain.value)


def test_workers_read_standard_input_too(workers: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(GOOD * 3))))
    assert [line for _, line, _ in found([Path("-")])] == list(range(1, 3 * len(GOOD) + 1))
    assert len(workers) == 1


def test_workers_read_a_pipe_too(tmp_path: Path, files: list[Path], workers: list[Any]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", f"cat '{files[0]}' > '{pipe}'"]):
        assert [line for _, line, _ in found([pipe])] == [line for _, line, _ in expected(files[:1])]
    assert workers

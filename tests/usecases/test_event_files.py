"""Files that another process reads ahead: the same is found, and whatever becomes of that process, nothing is lost."""

import io
import sys
from collections.abc import Callable, Generator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.test_jsonl import GOOD
from tests.processes import processes_ahead
from tracker.adapters.jsonl import read_events
from tracker.errors import FileUnavailable, Finding
from tracker.usecases import event_files
from tracker.usecases.event_files import PlacedEntry, read_chunks

BAD = b'{"id": 1}'


@pytest.fixture(autouse=True)
def every_file_is_long(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have every file read ahead. The processes that were started."""
    monkeypatch.setattr(event_files, "LONG", 0)
    return processes_ahead(monkeypatch)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    contents = {"one.jsonl": [*GOOD, BAD], "two.jsonl": [BAD, b"", GOOD[0].replace(b"RUS", b"USA")]}
    for name, lines in contents.items():
        (tmp_path / name).write_bytes(b"\n".join(lines))
    return [tmp_path / name for name in contents]


def in_process(files: list[Path]) -> list[PlacedEntry | Finding]:
    return next(event_files._in_chunks(files, 1_000_000))


def without_event(items: list[PlacedEntry | Finding]) -> list[PlacedEntry | Finding]:
    return [
        item._replace(prepared=item.prepared._replace(event=None)) if isinstance(item, PlacedEntry) else item
        for item in items
    ]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_another_process_finds_the_same(files: list[Path], size: int, every_file_is_long: list[Any]) -> None:
    chunks = list(read_chunks(files, size))
    found = [item for chunk in chunks for item in chunk]
    assert found == without_event(in_process(files))
    assert any(isinstance(item, Finding) for item in found)
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert [process.poll() is None for process in every_file_is_long] == [False]
    events = [item.prepared.parsed.event for item in found if isinstance(item, PlacedEntry)]
    assert events == [item.prepared.event for item in in_process(files) if isinstance(item, PlacedEntry)]


def test_who_stops_reading_leaves_no_process_behind(files: list[Path], every_file_is_long: list[Any]) -> None:
    chunks = read_chunks(files, 1)
    next(chunks)
    assert every_file_is_long[0].poll() is None
    assert isinstance(chunks, Generator)
    chunks.close()
    assert every_file_is_long[0].poll() is not None


def test_a_process_that_cannot_begin_is_done_without(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert [item for chunk in read_chunks(files, 2) for item in chunk] == in_process(files)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert [item for chunk in read_chunks(files, 2) for item in chunk] == in_process(files)


def test_nothing_is_recorded_if_the_process_is_killed(
    files: list[Path], every_file_is_long: list[Any], new_tracker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.usecases.load.CHUNK", 1)
    files[0].write_bytes(b"\n".join([*GOOD, *[BAD] * 2_000]))  # more than waits in a pipe
    with new_tracker() as tracker:
        with pytest.raises(FileUnavailable, match=r"one.jsonl, .*two.jsonl: could not be read: the process"):
            tracker.load(files, keep_going=True, progress=lambda _: every_file_is_long[0].kill())
        assert tracker.checkpoint().position == 0
        assert tracker.load(files, keep_going=True).appended == len(GOOD)


def test_a_file_that_cannot_be_read_is_the_same_refusal(
    tmp_path: Path, every_file_is_long: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(event_files, "_in_chunks")  # nobody here may read it
    with pytest.raises(FileUnavailable) as ours:
        list(read_chunks([tmp_path / "none.jsonl"], 10))
    assert len(every_file_is_long) == 1
    with pytest.raises(FileUnavailable) as plain:
        list(read_events(tmp_path / "none.jsonl"))
    assert str(ours.value) == str(plain.value)


@pytest.mark.parametrize("name", ["-", "none.jsonl", "folder", "nul\x00"])
def test_what_is_no_file_on_a_disk_is_read_here(
    name: str, tmp_path: Path, every_file_is_long: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_files, "LONG", 1)
    monkeypatch.chdir(tmp_path)
    Path("-").write_bytes(GOOD[0])
    Path("folder").mkdir()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD[1])))
    with nullcontext() if name == "-" else pytest.raises(FileUnavailable):
        found = [item for chunk in read_chunks([Path(name)], 10) for item in chunk]
    if name == "-":
        assert len(found) == 1
    assert every_file_is_long == []

"""The ordered pool of workers: order, errors, lost workers, and that none outlives who started it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.processes import Odd, die_in_a_worker, double, fail, fail_oddly, started_workers
from tracker import workers
from tracker.errors import BadData, BadValue, FileUnavailable, Finding, TrackerError, UnknownParty
from tracker.workers import WorkerTraceback, map_ordered

TASKS = [(number,) for number in range(20)]


def test_results_come_in_the_order_of_the_tasks_from_all_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    started = started_workers(monkeypatch, spare_processors=3)
    results = list(map_ordered(double, TASKS))
    assert [number for number, _ in results] == [2 * number for (number,) in TASKS]
    assert {process for _, process in results} == {process.pid for process in started}
    assert len(started) == 3
    assert all(process.poll() is not None for process in started)


def test_tasks_are_taken_as_workers_become_free(monkeypatch: pytest.MonkeyPatch) -> None:
    started_workers(monkeypatch, spare_processors=2)
    taken: list[int] = []

    def tasks() -> Iterator[tuple[int]]:
        for number in range(100):
            taken.append(number)
            yield (number,)

    with closing(map_ordered(double, tasks())) as results:
        for done, _ in enumerate(results, 1):
            assert len(taken) <= done + 2


def test_first_tasks_and_a_single_processor_need_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    started = started_workers(monkeypatch)
    monkeypatch.setattr(workers, "FIRST_TASKS", len(TASKS))
    assert {process for _, process in map_ordered(double, TASKS)} == {os.getpid()}
    monkeypatch.setattr(workers, "FIRST_TASKS", 0)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    assert {process for _, process in map_ordered(double, TASKS)} == {os.getpid()}
    assert started == []


def test_an_exception_is_raised_with_its_fields_and_the_traceback_of_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = started_workers(monkeypatch, spare_processors=2)
    results = map_ordered(fail, TASKS)
    assert [next(results), next(results)] == [None, None]
    with pytest.raises(BadValue) as raised:
        next(results)
    assert (raised.value.field, raised.value.message, str(raised.value)) == ("number", "is two.", "number: is two.")
    assert isinstance(raised.value.__cause__, WorkerTraceback)
    assert "in fail" in str(raised.value.__cause__)
    assert all(process.poll() is not None for process in started)


def test_an_exception_that_cannot_cross_is_raised_where_its_task_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    started_workers(monkeypatch)
    with pytest.raises(Odd, match="3"):
        next(map_ordered(fail_oddly, TASKS))


@pytest.mark.parametrize(
    "error",
    [
        FileUnavailable("a.jsonl", "is a folder", "Name the files in it."),
        UnknownParty("RUX", ["RUS"], field="target"),
        BadData([Finding("a.jsonl", 1, None, "is wrong.")], number=7),
    ],
)
def test_a_refusal_crosses_with_its_class_message_and_fields(error: TrackerError) -> None:
    import pickle

    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("spare_processors", [1, 3])
def test_the_task_of_a_killed_worker_is_done_here(monkeypatch: pytest.MonkeyPatch, spare_processors: int) -> None:
    started = started_workers(monkeypatch, spare_processors=spare_processors)
    assert list(map_ordered(die_in_a_worker, [(number, os.getpid()) for number in range(20)])) == list(range(20))
    assert sorted(process.returncode for process in started) == [-signal.SIGKILL] * spare_processors


@pytest.mark.parametrize("python", ["/bin/false", "/nowhere/python"])
def test_a_worker_that_cannot_start_is_done_without(monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    started_workers(monkeypatch, spare_processors=2)
    monkeypatch.setattr(sys, "executable", python)
    large = [(bytes(1_000_000), number) for number in range(3)]  # more than waits in a pipe
    assert list(map_ordered(second_of, large)) == [0, 1, 2]


def test_until_workers_are_ready_the_caller_goes_on_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = started_workers(monkeypatch, spare_processors=2)
    monkeypatch.setattr(workers, "READY_SECONDS", 0)
    idle = tmp_path / "python"
    idle.write_text("#!/bin/sh\nexec sleep 60\n")
    idle.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(idle))
    assert {process for _, process in map_ordered(double, TASKS)} == {os.getpid()}
    assert [process.returncode for process in started] == [-signal.SIGKILL] * 2


def second_of(_: bytes, number: int) -> int:
    return number


def test_who_stops_early_leaves_no_worker_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started = started_workers(monkeypatch, spare_processors=2)
    results = map_ordered(double, TASKS)
    next(results)
    assert [process.poll() for process in started] == [None, None]
    results.close()
    assert all(process.poll() is not None for process in started)


SCRIPT = """
import os, time
print("begun", flush=True)
from tests.processes import double
from tracker import workers
os.sched_getaffinity = lambda _: {0, 1}
workers.FIRST_TASKS, workers.READY_SECONDS = 0, 60
results = workers.map_ordered(double, ((number,) for number in range(1_000)))
print(next(results)[1], flush=True)
time.sleep(60)
"""


@pytest.fixture
def script(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A script without a guard around its main part, which has a worker."""
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "script.py")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, process_group=0)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_worker_ends_with_its_caller_and_does_not_run_its_main_module(script: "subprocess.Popen[str]") -> None:
    assert script.stdout is not None
    assert script.stdout.readline() == "begun\n"
    worker = int(script.stdout.readline())
    assert os.getpgid(worker) != os.getpgid(script.pid)  # a key that interrupts goes to the caller alone
    script.kill()
    assert script.stdout.read() == ""
    until = monotonic() + 30
    while is_running(worker):
        assert monotonic() < until
        sleep(0.01)


def is_running(process: int) -> bool:
    """Whether a process is there, and not only waits for who adopted it to notice its end."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False

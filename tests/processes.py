"""Worker processes that start with the first task, for tests to meet and to end; and tasks for them."""

import os
import signal
from typing import Any

import pytest

from tracker import workers
from tracker.errors import BadValue


def started_workers(monkeypatch: pytest.MonkeyPatch, *, spare_processors: int = 1) -> list[Any]:
    """Have workers do every task, as if there were processors for them. The processes that were started."""
    started: list[Any] = []
    start = workers._Worker.__init__

    def noted(worker: Any, function: Any) -> None:
        start(worker, function)
        started.append(worker._process)

    monkeypatch.setattr(workers, "FIRST_TASKS", 0)
    monkeypatch.setattr(workers._Worker, "__init__", noted)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(spare_processors + 1)))
    return started


def double(number: int) -> tuple[int, int]:
    """A result, and the process that computed it."""
    print("what a task prints goes nowhere")
    return 2 * number, os.getpid()


def fail(number: int) -> None:
    if number == 2:
        raise BadValue("is two.", field="number")


class Odd(Exception):
    """An exception that a pickle does not carry."""

    def __init__(self, one: int, *, other: int) -> None:
        super().__init__(one + other)


def fail_oddly(_: int) -> None:
    raise Odd(1, other=2)


def die_in_a_worker(number: int, parent: int) -> int:
    if number == 2 and os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return number

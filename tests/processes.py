"""Processes for tests to meet, to signal and to end: commands, and workers, with tasks for these."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tracker import workers
from tracker.errors import BadValue

PATIENCE = 60.0
"""Seconds that a test waits for another process before it fails: far more than a loaded machine needs."""


@contextmanager
def started(command: list[Any], **options: Any) -> Iterator["subprocess.Popen[Any]"]:
    """Run a command that hears INT and TERM, and kill it if the block leaves it running.

    Whoever runs the tests under nohup or behind a script's `&` has them ignored, and a child would inherit that.
    """
    ignored = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
    with process:
        try:
            yield process
        finally:
            process.kill()


def started_workers(monkeypatch: pytest.MonkeyPatch, *, spare_processors: int = 1) -> list[Any]:
    """Have workers do every task, as if there were processors for them. The processes that were started."""
    started: list[Any] = []
    start = workers._Worker.__init__

    def noted(worker: Any, function: Any) -> None:
        start(worker, function)
        started.append(worker._process)

    monkeypatch.setattr(workers, "FIRST_TASKS", 0)
    monkeypatch.setattr(workers, "READY_SECONDS", 60)
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

"""Processes for tests to meet, to signal and to end: commands, and those that read ahead."""

import fcntl
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tracker import workers as ahead

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


def processes_ahead(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have other processes read ahead as if there were a processor for them. Those that are started."""
    started: list[Any] = []
    start = ahead._started

    def noted(*args: Any) -> Any:
        started.append(start(*args))
        if started[-1] is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
            # Else all that it reads may wait in the pipe, and it has ended before anybody meets it.
            fcntl.fcntl(started[-1].stdout, fcntl.F_SETPIPE_SZ, 4096)
        return started[-1]

    monkeypatch.setattr(ahead, "_started", noted)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    return started

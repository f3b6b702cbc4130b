"""The processes that read ahead, for tests to meet and to end."""

import fcntl
from typing import Any

import pytest

from tracker import ahead


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

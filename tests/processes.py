"""The processes that read ahead, for tests to meet and to end."""

from typing import Any

import pytest

from tracker import workers as ahead


def processes_ahead(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have other processes read ahead as if there were a processor for them. Those that are started."""
    started: list[Any] = []
    start = ahead._started

    def noted(*args: Any) -> Any:
        started.append(start(*args))
        return started[-1]

    monkeypatch.setattr(ahead, "_started", noted)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    return started

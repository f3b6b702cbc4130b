"""An ordered pool of worker processes: tasks go to other processors, results come back in the order of the tasks.

A worker is a fresh interpreter that runs this module. A fork would carry an open database connection along, and what
`multiprocessing` starts runs the caller's main module again.
"""

import gc
import os
import pickle
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, closing, suppress
from itertools import chain, islice
from pathlib import Path
from select import select
from typing import Any, TypeVar

T = TypeVar("T")
Task = tuple[Any, ...]
"""The arguments of one call."""

FIRST_TASKS = 3
"""Tasks that the caller does itself before it starts workers; it goes on with the next ones until they are ready."""
READY_SECONDS = 0.0
"""How long the caller waits for workers to be ready before it does one more task itself."""
MOST_WORKERS = 4
"""More would wait: the caller takes longer to write a result to the database than a worker to compute it."""


class WorkerTraceback(Exception):
    """The traceback of an exception in a worker, as text."""


def map_ordered(
    function: Callable[..., T],
    tasks: Iterable[Task],
    *,
    locally: Callable[..., T] | None = None,
    shares: bool = False,
) -> Generator[T, None, None]:
    """Yield `function(*task)` for every task, in order; closing the generator ends the workers.

    The function is found in the worker by its module and name. Each worker has
    one task at a time, so that memory stays flat. `locally` computes the same
    in this process: until the workers are ready, for a task whose worker was lost, and
    where there is a single processor. A caller that has little to do with the
    results `shares` the tasks: it does one itself while each worker does one. An
    exception in a worker is raised here, with the worker's traceback as its cause.
    """
    locally, tasks, spare = locally or function, iter(tasks), spare_processors()
    for task in islice(tasks, FIRST_TASKS if spare else None):
        yield locally(*task)
    with ExitStack() as running:
        workers: list[_Worker] = []
        pending = deque[tuple[_Worker, Task]]()
        for task in tasks:
            workers = workers or [running.enter_context(closing(_Worker(function))) for _ in range(spare)]
            if all(worker.is_ready() for worker in workers):
                tasks = chain([task], tasks)
                break
            yield locally(*task)
        for worker, task in zip(workers, tasks, strict=False):
            worker.send(task)
            pending.append((worker, task))
        while pending:
            own = [locally(*task) for task in islice(tasks, 1 if shares else 0)]
            for _ in range(len(pending) if shares else 1):
                worker, task = pending.popleft()
                try:
                    result = worker.receive()
                except _WorkerLost:
                    result = locally(*task)
                else:
                    for following in islice(tasks, 1):
                        worker.send(following)
                        pending.append((worker, following))
                yield result
            yield from own
    for task in tasks:
        yield locally(*task)


def spare_processors() -> int:
    """Return how many workers are of use: one for each processor but the caller's own, up to `MOST_WORKERS`."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors - 1, MOST_WORKERS)


class _WorkerLost(Exception):
    """A worker could not be started, or ended before it returned its result, or its result cannot be read."""


class _Worker:
    """A process that calls one function with each task that it is sent; it ends when its caller does."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        with suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)},
                process_group=0,  # a key that interrupts the command does not reach it
            )
        self.send(function)

    def is_ready(self) -> bool:
        """Return whether the worker has imported the function, or was lost."""
        if not self._ready and self._process is not None:
            assert self._process.stdout is not None
            if not select([self._process.stdout], [], [], READY_SECONDS)[0]:
                return False
            with suppress(Exception):
                pickle.load(self._process.stdout)
        self._ready = True
        return True

    def send(self, value: object) -> None:
        """Send the function or a task; a loss shows when a result is received."""
        if self._process is not None:
            with suppress(BrokenPipeError):
                _write(self._process.stdin, value)

    def receive(self) -> Any:
        """Return the result of the task that was sent, or raise what it raised. Raises _WorkerLost."""
        if self._process is None:
            raise _WorkerLost
        assert self._process.stdout is not None
        try:
            result, error, trace = pickle.load(self._process.stdout)
        except Exception as unreadable:
            raise _WorkerLost from unreadable
        if error is not None:
            raise error from WorkerTraceback(trace)
        return result

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


def _serve() -> None:
    """Do the tasks that arrive on standard input until it ends, as it does when the caller ends in whatever way."""
    gc.disable()
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a task prints does not mix with results
    function = pickle.load(sys.stdin.buffer)
    _write(results, "ready")
    while True:
        task = pickle.load(sys.stdin.buffer)
        outcome: tuple[Any, Exception | None, str]
        try:
            outcome = function(*task), None, ""
        except Exception as error:  # noqa: BLE001 (raised again in the caller)
            outcome = None, error, traceback.format_exc()
        _write(results, outcome)


def _write(pipe: Any, value: object) -> None:
    pickle.dump(value, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


if __name__ == "__main__":
    with suppress(EOFError, BrokenPipeError):
        _serve()

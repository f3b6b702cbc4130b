"""Processes forked from one that has imported everything and opened nothing: each starts in milliseconds.

A command run so is a process of its own, with limits, rights and streams of its own, and can be killed. Only its
start differs from that of the installed script, which takes ten times as long: a test that is about starting runs that.
"""

import multiprocessing
import os
import pkgutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Self

import tracker
from tracker.cli import run

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        *(found.name for found in pkgutil.walk_packages(tracker.__path__, "tracker.")),
        *("alembic.command", "rich.table", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite"),
        *("tests.reliability.processes", __name__),
    ]
)

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TRACKER_BY": "analyst", "COLUMNS": "80"}


class ForkedCommand:
    """A running `tracker` command, with what of `subprocess.Popen` tests want of it.

    `first` is called in the process before the command; at the end of a block the process is killed.
    """

    def __init__(
        self,
        *args: str | Path,
        env: Mapping[str, str] = ENVIRONMENT,
        cwd: str | Path = "/",
        first: Callable[[], object] | None = None,
    ) -> None:
        out, err = (CONTEXT.Pipe(duplex=False) for _ in range(2))
        self._printed = {out[0]: bytearray(), err[0]: bytearray()}
        self._open = list(self._printed)
        command = (out[1], err[1], [str(arg) for arg in args], dict(env), str(cwd), first)
        self._process = CONTEXT.Process(target=_command, args=command, daemon=True)
        self._process.start()
        for _, writing in (out, err):
            writing.close()

    @property
    def returncode(self) -> int | None:
        """The code that it ended with, or minus the signal that killed it; None while it runs."""
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it prints on both streams until it ends; raises `TimeoutExpired` if that takes more seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self._open:
            ready = wait(self._open, None if deadline is None else max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutExpired("tracker", timeout or 0)
            for reading in self._open[:]:
                if reading in ready:
                    part = os.read(reading.fileno(), 1 << 16)
                    self._printed[reading] += part
                    if not part:
                        self._open.remove(reading)
        self._process.join()
        out, err = (printed.decode() for printed in self._printed.values())
        return out, err

    def line(self) -> str:
        """The first line that it prints on standard output; what it printed so far, if it ends before."""
        reading, printed = next(iter(self._printed.items()))
        while b"\n" not in printed and (part := os.read(reading.fileno(), 1 << 16)):
            printed += part
        return printed.decode().partition("\n")[0]

    def signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        for reading in self._printed:
            reading.close()


def called(function: Callable[..., object], *args: object) -> str:
    """What a function prints that is called in such a process; it has to end well."""
    reading, writing = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_call, args=(writing, function, args), daemon=True)
    process.start()
    writing.close()
    with open(reading.fileno(), "rb", closefd=False) as file:
        printed = file.read()
    reading.close()
    process.join()
    assert process.exitcode == 0, printed
    return printed.decode()


def _call(out: Connection, function: Callable[..., object], args: Sequence[object]) -> None:
    os.dup2(out.fileno(), 1)
    out.close()
    sys.stdout = open(1, "w", encoding="utf-8")  # noqa: SIM115
    function(*args)
    sys.stdout.flush()


def _command(
    out: Connection,
    err: Connection,
    args: list[str],
    env: dict[str, str],
    cwd: str,
    first: Callable[[], object] | None,
) -> None:
    for stream, number in ((out, 1), (err, 2)):
        os.dup2(stream.fileno(), number)
        stream.close()
    sys.stdout, sys.stderr = open(1, "w", encoding="utf-8"), open(2, "w", encoding="utf-8", buffering=1)  # noqa: SIM115
    sys.dont_write_bytecode = True  # where files may not grow, Python would leave torn ones behind
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    if first is not None:
        first()
    sys.argv = ["tracker", *args]
    run()

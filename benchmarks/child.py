"""Run one job of the tracker in a process of its own, and tell how long it took and how much memory it needed."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tracker.storage.projections import rows
from tracker.tracker import Tracker


class Ran(NamedTuple):
    """The seconds of the job alone, and the peak of the resident memory of all its processes in bytes."""

    seconds: float
    peak: int


def load(database: Path, history: Path) -> Ran:
    """Load an events file into a database."""
    return _in_a_child("load", database, history)


def rebuild(database: Path) -> Ran:
    """Derive the projections of a database again."""
    return _in_a_child("rebuild", database)


def load_on_one_processor(database: Path, history: Path, *, indexed: bool) -> Ran:
    """Load an events file without workers; without the words of entries and their index, if it is not `indexed`."""
    return _in_a_child("load-indexed" if indexed else "load-unindexed", database, history)


def run_command(database: Path, *arguments: str) -> Ran:
    """Run a command of the tracker on a database, from the start of the process to its end."""
    start = perf_counter()
    ran = _in_a_child("command", database, *arguments)
    return Ran(perf_counter() - start, ran.peak)


def _in_a_child(job: str, *arguments: Path | str) -> Ran:
    command = [sys.executable, "-m", "benchmarks.child", job, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    return Ran(*json.loads(done.stdout))


def _main(job: str, database: str, *files: str) -> None:
    if job == "command":
        _run_command(database, files)
        return
    if job.startswith("load-"):
        _stay_on_one_processor()
    if job == "load-unindexed":
        rows.words_of = lambda kind, data: ""  # noqa: ARG005 (it stands in for a function of these names)
    with Tracker.open(database) as tracker:
        run = tracker.rebuild if job == "rebuild" else lambda: tracker.load([Path(file) for file in files])
        start = perf_counter()
        run()
        seconds = perf_counter() - start
    print(json.dumps(Ran(seconds, _peak())))


def _run_command(database: str, arguments: Sequence[str]) -> None:
    """Run a command whose output goes nowhere."""
    from tracker.cli import cli

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), suppress(SystemExit):
        cli(["--db", database, *arguments])
    print(json.dumps(Ran(0.0, _peak())))


def _stay_on_one_processor() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])


def _peak() -> int:
    """The peak of this process's resident memory, in bytes, with that of the largest one that it started.

    On Linux what `getrusage` says begins with the peak of the process that started this one; `VmHWM` does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        words = status.read_text().split("VmHWM:")[1].split()
        return (int(words[0]) + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * 1024
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # bytes


if __name__ == "__main__":
    _main(*sys.argv[1:])

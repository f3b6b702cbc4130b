"""Run one job of the tracker in a process of its own, and tell how long it took and how much memory it needed."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

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


def _in_a_child(job: str, *paths: Path) -> Ran:
    command = [sys.executable, "-m", "benchmarks.child", job, *map(str, paths)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    return Ran(*json.loads(done.stdout))


def _main(job: str, database: str, *files: str) -> None:
    with Tracker.open(database) as tracker:
        jobs: dict[str, Callable[[], object]] = {
            "load": lambda: tracker.load([Path(file) for file in files]),
            "rebuild": tracker.rebuild,
        }
        start = perf_counter()
        jobs[job]()
        seconds = perf_counter() - start
    print(json.dumps(Ran(seconds, _peak())))


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

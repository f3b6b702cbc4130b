"""How long a command takes from start to end, against what its libraries alone take to import."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.results import Result, at_most
from benchmarks.turns import Timing, in_turn, timed
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

ROOT = Path(__file__).parent.parent
REPEATS = 15
"""At least so often, because starting varies most."""
COMMAND = Path(sys.executable).with_name("tracker")


def start_up(bench: Bench) -> Iterator[Result]:
    """`tracker --help` and `tracker state` on the shipped corpus, with byte code cached as after an installation."""
    corpus = bench.data.made("corpus.db", _load_corpus)
    measured = (
        ("tracker --help", ["--help"], 2.0, "click"),
        ("tracker state, shipped corpus", ["--db", str(corpus), "state"], 1.35, "sqlalchemy, click, pydantic"),
    )
    for title, arguments, times, libraries in measured:
        contenders = {
            "tracker": _process([COMMAND, *arguments]),
            "python": _process([sys.executable, "-c", f"import {libraries}"]),
        }
        ours, limit = in_turn(contenders, times=max(REPEATS, bench.runs)).values()
        limit = limit.named(f"import {libraries}")
        yield Result("start-up", title, 0, ours, limit, (at_most(times, ours, limit, f"import {libraries}"),))


def _process(command: Sequence[object]) -> Timing:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TRACKER_"))}

    def run() -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            stdout=subprocess.DEVNULL,
            env=environment,
            cwd=tempfile.gettempdir(),
        )

    return lambda: timed(run)


def _load_corpus(path: Path) -> None:
    create_database(str(path))
    with Tracker.open(str(path)) as tracker:
        tracker.load(sorted((ROOT / "events").glob("*.jsonl")))

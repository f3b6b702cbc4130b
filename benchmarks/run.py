"""One run of the benchmark: its measures, the machine, and its results, as JSON too."""

import os
import platform
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

import orjson

from benchmarks.agreeing import agreement, consensus
from benchmarks.asking import one_pair, report, state, state_by_clocks, state_of_long_runs, state_of_quantities
from benchmarks.bench import Bench
from benchmarks.loading import load, rebuild
from benchmarks.postgresql import postgresql
from benchmarks.recording import record, record_late
from benchmarks.results import Result
from benchmarks.serving import page, readers
from benchmarks.size import size, word_index
from benchmarks.starting import start_up

MEASURES: Mapping[str, Callable[[Bench], Iterator[Result]]] = {
    "record": record,
    "record-late": record_late,
    "load": load,
    "rebuild": rebuild,
    "state": state,
    "clocks": state_by_clocks,
    "state-quantities": state_of_quantities,
    "state-runs": state_of_long_runs,
    "pair": one_pair,
    "report": report,
    "consensus": consensus,
    "agreement": agreement,
    "page": page,
    "readers": readers,
    "postgresql": postgresql,
    "start-up": start_up,
    "size": size,
    "word-index": word_index,
}

OF_MANY_ISSUES = ("state", "pair", "report")
"""What is measured again with another number of issues."""

_PACKAGES = ("negotiation-tracker", "SQLAlchemy", "pydantic", "psycopg", "eventsourcing", "duckdb", "polars")


@dataclass(frozen=True, slots=True)
class Run:
    """What one run found, and on what."""

    machine: str
    versions: str
    results: tuple[Result, ...]

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        data = {"machine": self.machine, "versions": self.versions, "results": [one.data() for one in self.results]}
        path.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read again what `write` wrote."""
        data: dict[str, Any] = orjson.loads(path.read_bytes())
        return cls(data["machine"], data["versions"], tuple(map(Result.from_data, data["results"])))


def measure(bench: Bench, names: Sequence[str], more_issues: Sequence[int] = ()) -> Run:
    """Measure one after another; `more_issues` are numbers of issues with which to ask again."""
    results: list[Result] = []
    for name in (name for name in MEASURES if name in names):
        bench.say(f"measuring {name}")
        results += MEASURES[name](bench)
        for issues in more_issues if name in OF_MANY_ISSUES else ():
            bench.say(f"measuring {name} with {issues:,} issues")
            results += (one.about(f"{issues:,} issues") for one in MEASURES[name](bench.about(issues)))
    return Run(_machine(bench.data.folder), _versions(), tuple(results))


def _machine(folder: Path) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    parts = (_processor(), f"{os.cpu_count()} cores", f"{memory:.0f} GB of memory", _file_system(folder))
    return ", ".join((f"{platform.system()} {platform.release().split('-')[0]}", *filter(None, parts)))


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _file_system(folder: Path) -> str:
    """What the databases lie on: in memory a commit costs nothing."""
    mounted = Path("/proc/mounts")
    lines = mounted.read_text().splitlines() if mounted.exists() else []
    found = [line.split()[1:3] for line in lines]
    above = [(place, kind) for place, kind in found if folder.resolve().is_relative_to(place)]
    return max(above, key=lambda one: len(one[0]))[1] if above else ""


def _versions() -> str:
    found = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)

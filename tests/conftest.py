"""Databases for tests: copied from one that was migrated once, so that a test costs milliseconds."""

import gc
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests import ledger
from tests.databases import Databases, PostgreSQLDatabases, SQLiteDatabases, postgresql_server
from tracker.domain.log.entries import Draft
from tracker.errors import TrackerError
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

settings.register_profile(
    "tracker", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
settings.register_profile(
    "mutants",
    settings.get_profile("tracker"),
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("tracker")

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
ROOT = Path(__file__).parent.parent


BACKENDS = ("sqlite", "postgresql")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Import the test modules from the last to the first in the second of two workers that run all of them.

    On a fresh clone both compile them, which takes six seconds: so each finds half of them compiled by the other.
    """
    if os.environ.get("PYTEST_XDIST_WORKER") == "gw1" and session.config.args_source.name == "TESTPATHS":
        for path in sorted((ROOT / "tests").rglob("test_*.py"), reverse=True):
            with suppress(pytest.skip.Exception):  # of a whole module: it is skipped when it is collected
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays: to look through it again and again takes a tenth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What a module marks with `on_both_backends` runs on each, but for what a test marks with `on_sqlite`."""
    marked = metafunc.definition.get_closest_marker
    if marked("on_both_backends") and not marked("on_sqlite") and "backend" in metafunc.fixturenames:
        metafunc.parametrize("backend", BACKENDS, indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    create_database(str(path))
    return path


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SQLiteDatabases:
    return SQLiteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[PostgreSQLDatabases]:
    with postgresql_server() as server:
        databases = PostgreSQLDatabases(server)
        yield databases
        databases.drop()


@pytest.fixture
def databases(backend: str, request: pytest.FixtureRequest) -> Databases:
    given: Databases = request.getfixturevalue(f"{backend}_databases")
    return given


@pytest.fixture
def new_database(databases: Databases) -> Callable[..., Any]:
    """A context manager that fills a fresh database with the entries of a ledger, or with drafts: its URL, opened."""
    return partial(filled, databases)


@contextmanager
def filled(
    databases: Databases, text: str = "", *, drafts: list[Draft] | None = None, now: datetime = NOW
) -> Iterator[tuple[str, Tracker]]:
    def fill(url: str) -> None:
        with Tracker.open(url, clock=lambda: now) as tracker, tracker._log.writing() as log:
            for result in ledger.append_all(log, ledger.drafts(text) if drafts is None else drafts):
                if isinstance(result, TrackerError):
                    raise result

    database = databases.holding((text, now), fill) if drafts is None else databases.empty()
    with database as url:
        if drafts is not None:
            fill(url)
        with Tracker.open(url, clock=lambda: now) as tracker:
            yield url, tracker


@pytest.fixture
def new_tracker(new_database: Callable[..., Any]) -> Callable[..., Any]:
    """A context manager that opens a fresh database with the entries of a ledger, or with drafts."""

    @contextmanager
    def opened(text: str = "", **how: Any) -> Iterator[Tracker]:
        with new_database(text, **how) as (_, tracker):
            yield tracker

    return opened


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Ran]:
    """Run the installed console script in an empty folder."""
    script = Path(sys.executable).parent / "tracker"

    def command(*args: str, stdin: str | bytes = "", **env: str) -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TRACKER_BY": "analyst", "COLUMNS": "80", **env}
        done = subprocess.run(
            [str(script), *args], cwd=tmp_path, env=environment, input=given, capture_output=True, check=False
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return command

"""A server that may be killed, a folder for all users, and what the campaigns measured at the end of a run."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Databases, PostgreSQLDatabases, postgresql_server

TIMES = int(os.environ.get("TRACKER_CRASH_TIMES", "1"))
"""How many times the handful of kills that `make test` has time for."""


@pytest.fixture(scope="session")
def own_server() -> Iterator[PostgreSQLDatabases]:
    with postgresql_server(our_own=True) as server:
        yield PostgreSQLDatabases(server)


@pytest.fixture
def durable(backend: str, request: pytest.FixtureRequest) -> Databases:
    """Databases to kill the users of; the campaign's wait for the disk, which the tests' usual server does not."""
    given: Databases = request.getfixturevalue(
        "own_server" if backend == "postgresql" and TIMES > 1 else f"{backend}_databases"
    )
    return given


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may look into."""
    path = Path(tempfile.mkdtemp(prefix="tracker-faults-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {name}: {value}")

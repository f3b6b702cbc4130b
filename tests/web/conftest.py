"""Both shipped records behind the application, loaded once: tests change copies alone."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from tests.conftest import ROOT
from tracker.cli import cli
from tracker.web.app import make_app
from tracker.web.asking.database import Database


@pytest.fixture(scope="session")
def arms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record on arms control."""
    return _loaded(tmp_path_factory.mktemp("arms") / "arms.db", ROOT / "events")


@pytest.fixture(scope="session")
def climate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record on climate, with amounts, choices and blocs."""
    return _loaded(tmp_path_factory.mktemp("climate") / "climate.db", ROOT / "events" / "climate")


def _loaded(path: Path, folder: Path) -> Path:
    for command in (("init",), ("load", *sorted(map(str, folder.glob("*.jsonl"))))):
        done = CliRunner().invoke(cli, ["--db", str(path), *command])
        assert done.exit_code == 0, done.output
    return path


@pytest.fixture(scope="session")
def client(arms: Path) -> TestClient:
    """A client of the page on arms control."""
    return TestClient(make_app(Database(str(arms))), base_url="http://localhost", raise_server_exceptions=False)


@pytest.fixture(scope="session")
def climate_client(climate: Path) -> TestClient:
    """A client of the page on climate."""
    return TestClient(make_app(Database(str(climate))), base_url="http://localhost", raise_server_exceptions=False)


@pytest.fixture
def growing(arms: Path, tmp_path: Path) -> tuple[Path, TestClient]:
    """A copy of the record on arms control that a test may add to, and a client of it."""
    path = tmp_path / "growing.db"
    shutil.copy(arms, path)
    return path, TestClient(make_app(Database(str(path))), base_url="http://localhost")


@pytest.fixture(scope="session")
def printed() -> Callable[..., bytes]:
    """What a command prints on standard output, byte for byte."""

    def command(database: Path, *args: str) -> bytes:
        done = CliRunner().invoke(cli, ["--db", str(database), *args])
        assert done.exit_code == 0, done.output
        return done.stdout_bytes

    return command

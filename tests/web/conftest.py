"""The shipped records behind the application, loaded once; and a test's own ledger behind one that records."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from tests.conftest import ROOT
from tests.web.browser import Browser, recording_at, token_for
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


@pytest.fixture
def url(request: pytest.FixtureRequest, new_database: Callable[..., Any]) -> Iterator[str]:
    """A new database with the LEDGER of the test's file."""
    with new_database(request.module.LEDGER) as (url, _):
        yield url


@pytest.fixture
def app(url: str) -> Iterator[Any]:
    """The application, recording in that database."""
    with recording_at(url) as app:
        yield app


@pytest.fixture
def ann(app: Any, url: str) -> Browser:
    """A browser in which Ann É is signed in there."""
    browser = Browser(app)
    assert browser.sign_in(token_for(url, "Ann É")).status_code == 303
    return browser

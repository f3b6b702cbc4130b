"""A desk to work at, prepared once and copied for each test."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tracker.cli import cli

Run = Callable[..., Any]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two parties, an issue and a source: four entries."""
    path = tmp_path_factory.mktemp("desk") / "tracker.db"
    for command in (
        ("init",),
        ("party", "add", "RUS", "Russia", "--alias", "Moscow"),
        ("party", "add", "USA", "United States"),
        ("issue", "add", "arms/start", "--title", "New START", "--question", "Should it be extended?"),
        ("source", "add", "dw", "--title", "News", "--publisher", "DW", "--published-on", "2019-12-11"),
    ):
        assert CliRunner().invoke(cli, ["--db", str(path), "--by", "analyst", *command]).exit_code == 0
    return path


@pytest.fixture
def desk(run: Run, prepared: Path, tmp_path: Path) -> Run:
    """The console script in a folder that holds the prepared database."""
    shutil.copy(prepared, tmp_path / "tracker.db")
    return run

"""A desk to work at, prepared once and given to each test on each back end."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.conftest import Ran
from tests.databases import Databases
from tracker.cli import cli
from tracker.tracker import Tracker

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
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands in an empty folder, within this process: starting one costs more than most tests do."""
    monkeypatch.chdir(tmp_path)
    return within_this_process()


@pytest.fixture
def desk_after(
    here: Run, prepared: Path, backend: str, databases: Databases, tmp_path: Path
) -> Iterator[Callable[..., Run]]:
    """The same on the prepared entries and those that some commands add, which run once and are copied from then on.

    They are in the folder's tracker.db, or in a database that $TRACKER_DB names.
    """

    def fill(url: str, commands: tuple[tuple[str, ...], ...]) -> None:
        if backend == "sqlite":
            shutil.copy(prepared, url)
        else:
            copy_entries(prepared, url, tmp_path / "desk.jsonl")
        for command in commands:
            done = within_this_process(url)(*command)
            assert done.code == 0, done

    with ExitStack() as stack:

        def desk(*commands: tuple[str, ...]) -> Run:
            held = databases.holding(("desk", commands), lambda url: fill(url, commands))
            url = stack.enter_context(held)
            if backend != "sqlite":
                return within_this_process(url)
            shutil.copy(url, tmp_path / "tracker.db")
            return here

        yield desk


@pytest.fixture
def desk(desk_after: Callable[..., Run]) -> Run:
    """The same on the prepared entries alone."""
    return desk_after()


QUANTITY = ("--title", "Goal", "--question", "How much a year?", "--form", "quantity", "--unit", "USD bn a year")
OPENED = (
    ("issue", "add", "finance/goal", *QUANTITY),
    ("issue", "add", "coal", "--title", "Coal", "--question", "Which wording?", "--form", "choice"),
    ("issue", "option", "coal", "phase-down", "a phase-down"),
    ("issue", "option", "coal", "phase-out", "a phase-out", "--question", "Should coal be phased out?"),
)
"""What opens a quantity (@5), a choice (@6) and its two options."""


def copy_entries(path: Path, url: str, events: Path) -> None:
    """Load the entries of one database into another, by way of an events file that is removed again."""
    with Tracker.open(str(path)) as kept, events.open("wb") as file:
        kept.export(file)
    with Tracker.open(url) as tracker:
        tracker.load([events])
    events.unlink()


@pytest.fixture
def installed(run: Run, prepared: Path, tmp_path: Path) -> Run:
    """Runs the installed console script on the prepared entries, each command in a process of its own."""
    shutil.copy(prepared, tmp_path / "tracker.db")
    return run


def within_this_process(url: str | None = None) -> Run:
    def command(*args: str, stdin: str = "", **env: str) -> Ran:
        environment = {"TRACKER_DB": url, "TRACKER_BY": "analyst", "COLUMNS": "80", **env}
        done = CliRunner().invoke(cli, args, input=stdin, env=environment)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ran(done.exit_code, done.stdout_bytes.decode(errors="surrogateescape"), done.stderr_bytes.decode())

    return command

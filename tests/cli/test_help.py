"""Help that stays true: names and summaries of commands, and no import that `--help` does not need."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from tests.command_tree import command_tree
from tests.conftest import Ran
from tracker.cli.main import COMMANDS, Root, cli

Run = Callable[..., Any]


def test_every_command_of_the_root_goes_by_its_name_and_its_summary() -> None:
    assert isinstance(cli, Root)
    context = click.Context(cli)
    for group in COMMANDS.values():
        for name, (_, summary) in group.items():
            command = cli.get_command(context, name)
            assert command is not None
            assert command.name == name
            assert command.get_short_help_str(limit=200) == summary


def test_a_command_of_two_words_is_found_by_its_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS["care"], "ask-again", (__name__, "A command."))
    monkeypatch.setitem(globals(), "ask_again", click.Command("ask-again"))
    found = Root().get_command(click.Context(cli), "ask-again")
    assert (found and found.name, found and found.short_help) == ("ask-again", "A command.")


def test_every_command_and_option_says_what_it_is_for() -> None:
    for path, command, _ in command_tree():
        assert command.help, path
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or parameter.name in ("form",), (path, parameter.name)


def test_help_imports_no_database_and_no_models() -> None:
    heavy = ("sqlalchemy", "pydantic", "rich", "alembic", "orjson")
    load = "import sys; from tracker.cli import cli; [cli.get_command(None, name) for name in cli.list_commands(None)]"
    probe = f"{load}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_state_imports_no_event_models_no_migrations_and_no_other_database(desk: Run, tmp_path: Path) -> None:
    said = ("--summary", "Said so.", "--speaker", "Lavrov", "--source", "dw", "--condition", "Terms.")
    assert desk("record", "RUS", "start", "conditional", "--on", "2019-12-10", *said).code == 0
    loaded = imported_by(*(("state", "--format", form) for form in ("table", "json", "csv")), folder=tmp_path)
    assert {"pydantic", "tracker.domain.log.events", *_NEVER_TO_ASK} & loaded == set()


def test_asking_imports_no_migrations_and_no_other_database(desk: Run, tmp_path: Path) -> None:
    questions = (("history",), ("report", "--from", "2019-01-01"), ("find", "a"), ("show", "@1"))
    assert imported_by(*questions, folder=tmp_path) & _NEVER_TO_ASK == set()


_NEVER_TO_ASK = {"alembic", "yaml", "sqlalchemy.dialects.postgresql", "tracker.storage.log.writer"}


def imported_by(*commands: tuple[str, ...], folder: Path) -> set[str]:
    """The modules that commands import, one after the other in a process that has imported nothing before."""
    probe = f"""
import sys
from tracker.cli import cli
for command in {commands}:
    try:
        cli.main(command)
    except SystemExit as ended:
        assert not ended.code, command
print(*sys.modules, sep="\\n", file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", probe], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout
    loaded = set(done.stderr.splitlines())
    assert "sqlalchemy" in loaded
    return loaded


def imported(ran: Ran) -> set[str]:
    """The modules that a command imported, as Python itself tells."""
    return {line.rpartition("|")[2].strip() for line in ran.err.splitlines() if line.startswith("import time:")}


def test_commands_wait_as_long_as_the_python_api_does() -> None:
    from tracker.storage.backends.backend import WAIT_SECONDS

    (wait,) = (parameter for parameter in cli.params if parameter.name == "wait")
    assert wait.default == WAIT_SECONDS

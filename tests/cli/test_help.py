"""Help that stays true: the root's one-line summaries, and no import that `--help` does not need."""

import subprocess
import sys

import click

from tracker.cli.main import COMMANDS, Root, cli


def test_the_summaries_of_the_root_are_the_commands_own() -> None:
    assert isinstance(cli, Root)
    context = click.Context(cli)
    for group in COMMANDS.values():
        for name, (_, summary) in group.items():
            command = cli.get_command(context, name)
            assert command is not None
            assert command.name == name
            assert command.get_short_help_str(limit=200) == summary


def test_every_command_and_option_says_what_it_is_for() -> None:
    def walk(command: click.Command) -> None:
        assert command.help, command.name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or parameter.name in ("form",), (command.name, parameter.name)
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                assert child is not None
                walk(child)

    walk(cli)


def test_help_imports_no_database_and_no_models() -> None:
    heavy = ("sqlalchemy", "pydantic", "rich", "alembic", "orjson")
    probe = f"import sys; from tracker.cli import cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_asking_imports_no_migrations() -> None:
    probe = (
        "import sys; import tracker.cli.ask, tracker.tracker; print('alembic' in sys.modules, 'yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"

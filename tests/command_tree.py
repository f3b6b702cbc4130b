"""The commands of the command line, as its help lists them."""

from collections.abc import Iterator

import click

from tracker.cli.main import cli


def command_tree(
    command: click.Command = cli, path: str = "tracker"
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield every command with its path and a context that shows its help.

    A context made otherwise would leave its own `--help` with the command: click keeps the first that it is asked for.
    """
    context = click.Context(command, info_name=path, terminal_width=90, **(cli.context_settings or {}))
    yield path, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from command_tree(child, f"{path} {name}")

"""What the commands that register something share: from the command line or a file, and what is missing."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from typing import Any

import click

from tracker.cli.options import (
    DAY,
    FILE,
    CollectingCommand,
    Function,
    UsageErrors,
    check_option,
    combined,
    opened,
    recorder,
)
from tracker.cli.output import output_options, print_utf8
from tracker.cli.recording.record import print_results, record_file, require_file_alone
from tracker.cli.settings import Settings

skip_options = combined(
    click.option(
        "--skip-recorded", is_flag=True, help="Pass over what was recorded before, as when a file is run again."
    ),
    click.option(
        "--anyway", is_flag=True, help="Record it although it was retracted, or looks like an entry on record."
    ),
)


def file_options(function: Function) -> Function:
    """Add the options of registering from a file."""
    return combined(
        click.option("--from-file", type=FILE, metavar="FILE", help="A list, YAML or JSON Lines; - is standard input."),
        skip_options,
        check_option,
        click.option("--template", is_flag=True, help="Print a file to fill in."),
    )(function)


def register_options(answer: str) -> Callable[[Function], Function]:
    """Return what gives a command that shows a register the day of its names and closings, and the formats."""
    as_of = click.option("--on", type=DAY, help="As of that day instead of today.")
    return combined(as_of, output_options(answer))


def add(ctx: click.Context, section: str, fields: Mapping[str, Any]) -> None:
    """Register what the command line says, or the rows of a file, or print a file to fill in (see `file_options`)."""
    from_file, template = ctx.params["from_file"], ctx.params["template"]
    how = {name: ctx.params[name] for name in ("skip_recorded", "anyway", "check")}
    if template:
        from tracker.adapters.batch_templates import register_template

        print_utf8()
        click.echo(register_template(section, ctx.command_path), nl=False)
    elif from_file is not None:
        require_file_alone(ctx, section, besides=how)
        record_file(ctx.obj, from_file, only=section, **how)
    else:
        if missing := list(_missing(ctx.command, ctx.params, section)):
            raise UsageErrors(missing, ctx)
        record_row(ctx.obj, section, fields, **how)


def _missing(
    command: click.Command, params: Mapping[str, Any], section: str, wrong: Container[str] = ()
) -> Iterator[str]:
    """What the command line does not say of an entry of a register, although it must."""
    for parameter in command.params:
        name = parameter.name or ""
        if name in _REQUIRED[section] and params[name] is None and name not in wrong:
            is_argument = isinstance(parameter, click.Argument)
            yield f"Missing argument '{parameter.human_readable_name}'." if is_argument else f"Missing option --{name}."


def name_missing(command: click.Command, section: str) -> None:
    """Let a command name what is missing beside the options whose values cannot be read."""
    assert isinstance(command, CollectingCommand)

    @command.also
    def also(_: Settings, params: Mapping[str, Any], wrong: Collection[str]) -> Iterable[str]:
        return () if params["from_file"] or params["template"] else _missing(command, params, section, wrong)


_REQUIRED = {
    "parties": ("code", "name"),
    "issues": ("path", "title", "question"),
    "sources": ("source_id", "title", "publisher"),
}
"""What the command line must say of an entry of each register, unless a file does."""


def record_row(
    settings: Settings, section: str, fields: Mapping[str, Any], *, skip_recorded: bool, anyway: bool, check: bool
) -> None:
    """Record what a row of a batch with these fields would, all of it or nothing."""
    from tracker.adapters.batch_events import row_events

    with opened(settings) as tracker:
        found = row_events(section, fields, tracker.names(), lambda: tracker.registers().sources)
        recorded = tracker.record(
            [one.event for one in found],
            by=recorder(settings),
            skip_recorded=skip_recorded,
            anyway=anyway,
            check_only=check,
        )
        print_results(recorded, tracker.today(), check=check)

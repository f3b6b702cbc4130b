"""The root command: the list of commands, their shared options, and the message and exit code of each error."""

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from tracker.cli.settings import COMPLETION_VARIABLE, REFUSED, WRONG_USAGE, Settings, runnable
from tracker.domain.terms.safe_text import plain, shown
from tracker.domain.terms.typed_values import nearest
from tracker.errors import BadData, TrackerError

# One line each, so that `tracker --help` imports no command.
COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "start": {
        "demo": ("tracker.cli.start", "See the tracker at work on the shipped corpus of real positions."),
        "init": ("tracker.cli.start", "Create a database."),
        "upgrade": ("tracker.cli.start", "Bring an older database up to this release."),
        "completion": ("tracker.cli.completion.install", "Complete names and words with the Tab key."),
    },
    "record": {
        "record": ("tracker.cli.recording.record", "Record a stated position, or a batch of them."),
        "withdraw": ("tracker.cli.recording.withdraw", "Record that a party no longer holds a position."),
        "corroborate": ("tracker.cli.recording.record", "Add another source to a statement on record."),
        "milestone": ("tracker.cli.recording.record", "Note something that happened and is not a position."),
    },
    "correct": {
        "correct": ("tracker.cli.recording.correct", "Correct an entry: we erred, the party did not move."),
        "retract": ("tracker.cli.recording.correct", "Retract an entry that should never have been there."),
        "undo": ("tracker.cli.recording.correct", "Take back your own last entry."),
    },
    "ask": {
        "state": ("tracker.cli.query", "Show who stands where on a day."),
        "history": ("tracker.cli.query", "List every step of a party on an issue."),
        "report": ("tracker.cli.report", "Report what changed between two days, or since an earlier report."),
        "explain": ("tracker.cli.query", "Explain why a party stands where it does, entry by entry."),
        "asks": ("tracker.cli.query", "List what parties ask of each other, and since when it is unanswered."),
        "conditions": ("tracker.cli.query", "List what each stance waits for."),
        "find": ("tracker.cli.query", "Find statements by their words."),
        "show": ("tracker.cli.query", "Show one entry with its evidence."),
    },
    "agree": {
        "consensus": ("tracker.cli.agreement", "Show who still objects, to what, and what would be needed."),
        "agreement": ("tracker.cli.agreement", "Show how often every two parties agree."),
    },
    "look": {
        "serve": ("tracker.cli.look.serve", "Show the record in a browser."),
        "chart": ("tracker.cli.look.chart", "Draw who stood where, over time and on a day."),
        "site": ("tracker.cli.look.site", "Write the record as web pages: files, without a server."),
    },
    "registers": {
        "party": ("tracker.cli.registers.party", "Register, list and show parties; who joins and leaves a bloc."),
        "issue": ("tracker.cli.registers.issue", "Open, reword, close, list and show issues."),
        "source": ("tracker.cli.registers.source", "Register, list and show sources."),
    },
    "exchange": {
        "load": ("tracker.cli.exchange", "Append the entries of events files."),
        "export": ("tracker.cli.exchange", "Write the log as an events file."),
    },
    "care": {
        "log": ("tracker.cli.care", "List the entries of the log."),
        "checkpoint": ("tracker.cli.care", "Print the log's last position and hash, to keep elsewhere."),
        "verify": ("tracker.cli.care", "Check the log, its hash chain and the projections."),
        "rebuild": ("tracker.cli.care", "Derive the projections again from the log."),
        "backup": ("tracker.cli.care", "Copy the log to a file while others write."),
        "restore": ("tracker.cli.care", "Make a database again from a backup."),
        "token": ("tracker.cli.recording.token", "Say who may record over the network: add, list and revoke tokens."),
        "doctor": ("tracker.cli.care", "Show versions, settings, schema, and what is wrong with them."),
    },
}


class Refusal(click.ClickException):
    """A command's refusal in its lines, with advice that names the database of the command line."""

    def __init__(self, refusal: TrackerError, context: click.Context) -> None:
        super().__init__(str(refusal))
        self.lines = [runnable(line, context) for line in refusal.lines]
        self.prefix = "" if isinstance(refusal, BadData) else "Error: "


class Root(click.Group):
    """A group that imports a command when it is used, and turns refusals into a sentence and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return [name for group in COMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        for group in COMMANDS.values():
            if cmd_name in group:
                module, summary = group[cmd_name]
                command: click.Command = getattr(import_module(module), cmd_name.replace("-", "_"))
                command.short_help = summary
                _explain_values(command)
                if COMPLETION_VARIABLE in os.environ:
                    from tracker.cli.completion.names import complete_from_database

                    complete_from_database(command)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for group, commands in COMMANDS.items():
            with formatter.section(group):
                formatter.write_dl([(name, summary) for name, (_, summary) in commands.items()], col_max=14)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0]
        if name not in self.list_commands(ctx) and not name.startswith("-"):
            raise click.UsageError(f"No such command {name!r}.{nearest(name, self.list_commands(ctx))}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that closes our output early (`| head`) is no error. Raises Refusal."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _silence()
            raise click.exceptions.Exit(0) from None
        except TrackerError as refusal:
            raise Refusal(refusal, ctx) from refusal
        return result

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run, and exit with a code. Every error that a user can cause ends here, without a traceback."""
        if instruction := os.environ.get(COMPLETION_VARIABLE):
            from tracker.cli.completion.shells import complete

            sys.exit(complete(self, instruction))
        extra |= {"standalone_mode": False, "prog_name": "tracker"}
        _prepare_streams()
        try:
            code = super().main(args, *rest, **extra)
        except click.exceptions.Exit as leave:
            code = leave.exit_code
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            code = WRONG_USAGE
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "tracker"
            lines = getattr(error, "lines", [error.format_message()])  # several of a CollectingCommand
            lines = [_with_usage(runnable(line, error.ctx), error.ctx) for line in lines]
            code = _fail(
                *lines[:-1],
                f"{lines[-1]}{'' if lines[-1].endswith(('.', '?')) else '.'} See `{command} --help`.",
                code=WRONG_USAGE,
            )
        except Refusal as refusal:
            code = _fail(*refusal.lines, code=REFUSED, prefix=refusal.prefix)
        except click.ClickException as error:
            code = _fail(error.format_message(), code=REFUSED)
        except TrackerError as refused:  # before any command ran
            code = _fail(*refused.lines, code=REFUSED)
        except MemoryError:
            code = _fail("There is not enough memory for this; nothing was recorded.", code=REFUSED)
        except (click.Abort, KeyboardInterrupt):
            code = _fail("Interrupted; unfinished work was not kept.", code=130)
        except OSError as error:
            if error.filename is not None or error.errno not in _OUTPUT_ERRORS:
                raise
            _silence()
            code = _fail(f"The output cannot be written ({error.strerror}).", code=REFUSED)
        sys.exit(code if isinstance(code, int) else 0)


def _with_usage(line: str, ctx: click.Context | None) -> str:
    """Add to a message on words too many what the command takes."""
    if ctx is None or not line.startswith("Got unexpected extra argument"):
        return line
    words = [one.human_readable_name for one in ctx.command.get_params(ctx) if isinstance(one, click.Argument)]
    taken = f"{' and '.join(words)}, and options" if words else "options alone"
    return f"{line.rstrip('.')}. `{ctx.command_path}` takes {taken}; a text with spaces stands in quotation marks."


def _explain_values(command: click.Command) -> None:
    """Say at the end of a command's help how the values of its options are written (see `ParsedType.legend`)."""
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        _explain_values(below)
    legends = dict.fromkeys(filter(None, (getattr(one.type, "legend", "") for one in command.params)))
    if legends:
        command.epilog = " ".join(one for one in legends if not any(one in other for other in legends if other != one))


_OUTPUT_ERRORS = (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT)


def _prepare_streams() -> None:
    """Escape characters that the terminal's encoding lacks, and open closed streams on nothing."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _silence() -> None:
    """Point standard output at nothing, so that nothing is flushed into it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(*lines: str, code: int, prefix: str = "Error: ") -> int:
    """Print the reason, a line for each problem, and return the code. Input that it quotes adds no lines."""
    click.echo(
        prefix + "\n".join(plain(f"{line[:_LONGEST]}..." if len(line) > _LONGEST else line) for line in lines), err=True
    )
    return code


_LONGEST = 4_000
"""Longest line of a message, in characters, so that quoted input does not flood the screen."""


class Seconds(click.ParamType[float]):
    """A time to wait, of at most a day."""

    name = "SECONDS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            seconds = float(value)
        except ValueError:
            seconds = -1
        if not 0 <= seconds <= _A_DAY:  # nor is "not a number"
            self.fail(f"{shown(value)} is not a number of seconds from 0 to {_A_DAY:,}.", param, ctx)
        return seconds


_A_DAY = 86_400


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--db",
    envvar="TRACKER_DB",
    default="tracker.db",
    show_default=True,
    metavar="URL",
    help="The database: a file's path, a sqlite:/// or a postgresql:// URL [env: TRACKER_DB].",
)
@click.option(
    "--by", envvar="TRACKER_BY", metavar="NAME", help="Who records; the login name by default [env: TRACKER_BY]."
)
@click.option(
    "--wait",
    envvar="TRACKER_WAIT",
    type=Seconds(),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for another writer [env: TRACKER_WAIT].",
)
@click.version_option(package_name="negotiation-tracker", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, db: str, by: str | None, wait: float) -> None:
    """Track negotiation positions: who stands where on which issue on any day, what changed, and who says so.

    Each stated position is an immutable event with its evidence. Begin with `tracker demo`.
    """
    ctx.obj = Settings(db, by, wait)

"""What all commands share: the root's options, exit codes, and advice that can be run as it is printed."""

import re
import shlex
from dataclasses import dataclass

import click
from click.core import ParameterSource

REFUSED, WRONG_USAGE, FAILED_VERIFY = 1, 2, 3
"""Exit codes: refused, wrong usage, a failed `verify` (0 is done)."""

COMPLETION_VARIABLE = "_TRACKER_COMPLETE"
"""The environment variable by which a shell asks for completions."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of all commands: the database, the recorder, and how long to wait for another writer (seconds)."""

    db: str
    by: str | None
    wait: float


def runnable(text: str, context: click.Context | None) -> str:
    """Advice that can be run as it is printed: commands that it names get the --db of this command line, if it has one.

    A password is not repeated.
    """
    root = context.find_root() if context is not None else None
    if root is None or root.get_parameter_source("db") is not ParameterSource.COMMANDLINE:
        return text
    db = root.params["db"]
    named = "URL" if re.search(r"://[^/]*:[^/]*@|password=", db) else shlex.quote(db)
    assert isinstance(root.command, click.Group)
    names = "|".join(name for name in root.command.list_commands(root) if name not in _WITHOUT_DATABASE)
    command = rf"\btracker (?=(?:{names})\b)(?![^`\n]*--help)"
    return re.sub(rf"{_QUOTED}|{command}", lambda found: found[1] or f"tracker --db {named} ", text)


_QUOTED = r"""((?<!\w)'[^']*'|(?<!\w)"[^"]*"|“[^”]*”)"""
"""Words that people wrote, in quotation marks: whatever they say, they are no command."""


_WITHOUT_DATABASE = ("completion", "demo")
"""Commands that need not be told which database they are about."""

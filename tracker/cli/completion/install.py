"""The command `completion`: print a shell's completion script, or install it."""

import os
import re
from pathlib import Path

import click

from tracker.cli.completion.scripts import SCRIPTS
from tracker.cli.output import remark
from tracker.errors import FileUnavailable

_SHELL = click.Choice(tuple(SCRIPTS))
_SETUP = {
    "bash": "source {script}",
    "zsh": "(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit; }}; source {script}",
    "fish": "source (status dirname)/../completions/tracker.fish",
}
"""The line in the file that a shell reads when it starts; fish by itself finds it only for a command on its path."""


@click.group()
def completion() -> None:
    """Complete commands, parties, issues, sources, entries and words with the Tab key."""


@completion.command("show", short_help="Print a shell's completion script.")
@click.argument("shell", type=_SHELL, required=False)
def show(shell: str | None) -> None:
    """Print the completion script of SHELL (bash, zsh or fish; yours by default)."""
    click.echo(SCRIPTS[shell or _own_shell()], nl=False)


@completion.command("install", short_help="Install completion for a shell.")
@click.argument("shell", type=_SHELL, required=False)
def install(shell: str | None) -> None:
    """Install completion for SHELL (bash, zsh or fish; yours by default), or bring it up to date.

    The script goes to a folder of your own. A line in ~/.bashrc, in .zshrc ($ZDOTDIR or ~) or in fish's conf.d
    reads it.
    """
    shell = shell or _own_shell()
    script, reader = _script_file(shell), _reader(shell)
    try:
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(SCRIPTS[shell])
        click.echo(f"Completion for {shell} is in {script}.")
        reader.parent.mkdir(parents=True, exist_ok=True)
        _add_line(reader, _SETUP[shell].format(script=_in_quotes(script)))
    except OSError as error:
        raise FileUnavailable(str(error.filename or script), f"cannot be written ({error.strerror})") from error
    remark(f"It works in each {shell} that reads {reader} when it starts.")


def _add_line(file: Path, line: str) -> None:
    """Add a line to a file, which may be in any encoding, unless it is there."""
    held = file.read_bytes() if file.exists() else b""
    added = os.fsencode(line)
    if b"\n%b\n" % added in b"\n%b\n" % held:
        return
    with file.open("ab") as out:
        out.write((b"" if held.endswith(b"\n") or not held else b"\n") + added + b"\n")
    click.echo(f"Added to {file}: {line}")


def _in_quotes(script: Path) -> str:
    """A path as bash and zsh read it, whatever is in it."""
    return '"{}"'.format(re.sub(r'([\\"$`])', r"\\\1", str(script)))


def _own_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SCRIPTS:
        raise click.UsageError(f"Say for which shell: {', '.join(SCRIPTS)}.")
    return name


def _script_file(shell: str) -> Path:
    if shell == "fish":
        return _folder("XDG_CONFIG_HOME", ".config") / "fish/completions/tracker.fish"
    return _folder("XDG_DATA_HOME", ".local/share") / f"tracker/completion.{shell}"


def _reader(shell: str) -> Path:
    """The file that a shell reads when it starts."""
    if shell == "fish":
        return _folder("XDG_CONFIG_HOME", ".config") / "fish/conf.d/tracker.fish"
    return _folder("ZDOTDIR", "") / ".zshrc" if shell == "zsh" else Path.home() / ".bashrc"


def _folder(variable: str, below_home: str) -> Path:
    """The folder that a variable names, by default one below the user's own."""
    named = os.environ.get(variable)
    return Path(named).absolute() if named else Path.home() / below_home

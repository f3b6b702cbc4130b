"""Shell completion on click's own: the command `completion`, and the answers to the shells.

Whatever goes wrong while a line is being typed, nothing is offered and nothing is said.
"""

import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import click
from click import shell_completion
from click.shell_completion import CompletionItem

from tracker.cli.completion.names import complete_from_database
from tracker.cli.output import remark
from tracker.cli.settings import COMPLETION_VARIABLE
from tracker.errors import FileUnavailable

# --- the commands ---------------------------------------------------------------------------------

SHELLS = ("bash", "zsh", "fish")
_SHELL = click.Choice(SHELLS)
_SETUP = {
    "bash": (".bashrc", "source {script}"),
    "zsh": (".zshrc", "(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit; }}; source {script}"),
}
"""The file that a shell reads when it starts, and the line in it; fish finds completions by itself."""


@click.group()
def completion() -> None:
    """Complete commands, parties, issues, sources, entries and words with the Tab key."""


@completion.command("show", short_help="Print a shell's completion script.")
@click.argument("shell", type=_SHELL, required=False)
def show(shell: str | None) -> None:
    """Print the completion script of SHELL (bash, zsh or fish; yours by default)."""
    click.echo(_script(shell or _own_shell()), nl=False)


@completion.command("install", short_help="Install completion for a shell.")
@click.argument("shell", type=_SHELL, required=False)
def install(shell: str | None) -> None:
    """Install completion for SHELL (bash, zsh or fish; yours by default), or bring it up to date.

    The script goes to a folder of your own; for bash and zsh a line in ~/.bashrc or ~/.zshrc reads it.
    """
    shell = shell or _own_shell()
    script = _script_file(shell)
    try:
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(_script(shell))
        click.echo(f"Completion for {shell} is in {script}.")
        if shell in _SETUP:
            name, line = _SETUP[shell]
            _add_line(Path.home() / name, line.format(script=f'"{script}"'))
    except OSError as error:
        raise FileUnavailable(str(error.filename or script), f"cannot be written ({error.strerror})") from error
    remark(f"It works in each {shell} that you start from now on.")


def _add_line(file: Path, line: str) -> None:
    text = file.read_text() if file.exists() else ""
    if line in text.splitlines():
        return
    with file.open("a") as out:
        out.write(f"{'' if text.endswith(chr(10)) or not text else chr(10)}{line}\n")
    click.echo(f"Added to {file}: {line}")


def _own_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(f"Say for which shell: {', '.join(SHELLS)}.")
    return name


def _script_file(shell: str) -> Path:
    home = Path.home()
    if shell == "fish":
        return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "fish/completions/tracker.fish"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / f"tracker/completion.{shell}"


def _script(shell: str) -> str:
    made = _class_of(shell)
    assert made is not None
    root = click.get_current_context().find_root().command
    return made(root, {}, "tracker", COMPLETION_VARIABLE).source()


# --- completing -----------------------------------------------------------------------------------


class _Bash(shell_completion.BashComplete):
    """Bash, which breaks words at `@`, `:` and `=`: only what stands behind the last break is replaced.

    So the line is split anew, and of each completion that much is cut off.
    """

    source_template: ClassVar[str] = """\
%(complete_func)s() {
    local IFS=$'\\n' line typed="${COMP_LINE:0:COMP_POINT}"
    COMPREPLY=()
    for line in $(env COMP_LINE="$typed" COMP_WORD="$2" %(complete_var)s=bash_complete "$1" 2>/dev/null); do
        case $line in
            dir,*) compopt -o dirnames ;;
            file,*) compopt -o default ;;
            plain,*) COMPREPLY+=("${line#plain,}") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    @staticmethod
    def _check_version() -> None:
        """Do not warn: the script runs in any bash that has `compopt`."""

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ["COMP_LINE"]
        words = shell_completion.split_arg_string(line)
        incomplete = "" if line[-1:].isspace() or not words else words.pop()
        word = os.environ.get("COMP_WORD", incomplete)
        value = incomplete.removeprefix(_option_of(incomplete))
        self._cut = len(value) - len(word) if value.endswith(word) else 0
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        escaped = re.sub(r"([^\w@%+=:,./~-])", r"\\\1", item.value[self._cut :])
        return f"{item.type},{escaped}"


class _Zsh(shell_completion.ZshComplete):
    """Zsh, which replaces the whole word: behind `--party=` that is the option too."""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        self._option = _option_of(incomplete)
        return args, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        return super().format_completion(CompletionItem(_whole(item, self._option), item.type, item.help))


class _Fish(shell_completion.FishComplete):
    """Fish, which replaces the whole word; a completion is a line of fields between tabs, as codes hold commas."""

    source_template: ClassVar[str] = """\
function %(complete_func)s
    set -l typed (commandline -cp | string collect)
    set -l word (commandline -ct | string collect)
    for line in (env COMP_WORDS="$typed" COMP_CWORD="$word" %(complete_var)s=fish_complete %(prog_name)s 2>/dev/null)
        set -l parts (string split -m 1 \\t -- $line)
        switch $parts[1]
            case dir
                __fish_complete_directories $word
            case file
                __fish_complete_path $word
            case plain
                printf '%%s\\n' $parts[2]
        end
    end
end
complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        self._option = _option_of(incomplete)
        return args, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        parts = (item.type, _whole(item, self._option), item.help)
        return "\t".join(re.sub(r"[\t\r\n]", " ", part) for part in parts if part)


def _option_of(incomplete: str) -> str:
    """The option in front of the value that is typed, with its sign: `--party=`."""
    found = re.match("--?[a-z-]+=", incomplete)
    return found[0] if found else ""


def _whole(item: CompletionItem, option: str) -> str:
    """The word that takes the place of the one that is typed."""
    return f"{option}{item.value}" if item.type == "plain" else str(item.value)


_CLASSES: Mapping[str, type[shell_completion.ShellComplete]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}


def complete(root: click.Command, instruction: str) -> int:
    """Answer a shell: print its script or the completions of a line."""
    shell = instruction.partition("_")[0]
    made = _class_of(shell)
    if made is None:
        return 1
    complete_from_database(root)  # its own options; a command's are given theirs when it is imported
    answered = made(root, {}, "tracker", COMPLETION_VARIABLE)
    with suppress(Exception):  # a message in the middle of a line that somebody types helps nobody
        text = answered.source() if instruction.endswith("_source") else answered.complete()
        sys.stdout.buffer.write(f"{text}\n".encode())
    return 0


def _class_of(shell: str) -> type[shell_completion.ShellComplete] | None:
    return _CLASSES.get(shell)

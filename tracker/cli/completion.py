"""Shell completion: `completion`, and the words that are completed from the database.

It rests on click's own. Whatever goes wrong while a line is being typed, nothing is offered and nothing is said.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import click
from click import shell_completion
from click.shell_completion import CompletionItem

from tracker.cli.main import COMPLETION_VARIABLE
from tracker.cli.options import ATTRIBUTIONS
from tracker.cli.output import remark
from tracker.domain.log.kinds import KINDS, REGISTRATIONS, Register, register_kinds
from tracker.domain.terms.vocabulary import Attribution
from tracker.errors import FileUnavailable

_AT_MOST = 60
"""Most completions that are offered of a kind."""

Query = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


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
        value = incomplete.partition("=")[2] if re.match("--?[a-z-]+=", incomplete) else incomplete
        self._cut = len(value) - len(word) if value.endswith(word) else 0
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        escaped = re.sub(r"([^\w@%+=:,./~-])", r"\\\1", item.value[self._cut :])
        return f"{item.type},{escaped}"


def complete(root: click.Command, instruction: str) -> int:
    """Answer a shell: print its script or the completions of a line."""
    shell = instruction.partition("_")[0]
    made = _class_of(shell)
    if made is None:
        return 1
    answered = made(root, {}, "tracker", COMPLETION_VARIABLE)
    with suppress(Exception):  # a message in the middle of a line that somebody types helps nobody
        text = answered.source() if instruction.endswith("_source") else answered.complete()
        sys.stdout.buffer.write(f"{text}\n".encode())
    return 0


def _class_of(shell: str) -> type[shell_completion.ShellComplete] | None:
    return _Bash if shell == "bash" else shell_completion.get_completion_class(shell)


def complete_from_database(command: click.Command) -> None:
    """Give a command's parameters, and those of the commands below it, the completions of what they name."""
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        complete_from_database(below)
    for parameter in command.params:
        if command.name == "add" and isinstance(parameter, click.Argument):
            continue  # a new name
        if parameter.type not in (click.STRING, ATTRIBUTIONS):
            continue  # which completes itself
        metavar = (parameter.metavar or parameter.name or "").upper().partition("[")[0]
        if metavar in _FINDERS:
            parameter.type = _Completed(_FINDERS[metavar])


class _Completed(click.ParamType[Any]):
    """A text that is completed from the database which the line, or $TRACKER_DB, names."""

    name = "text"

    def __init__(self, find: "Finder") -> None:
        self._find = find

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        from tracker.storage.backends.driver_alone import query

        db = ctx.find_root().params.get("db") or os.environ.get("TRACKER_DB") or "tracker.db"
        return list(self._find(lambda sql, values: query(db, sql, values), incomplete))


Finder = Callable[[Query, str], Iterator[CompletionItem]]

_NAMED = (
    "SELECT fact.key, log.line FROM fact JOIN log ON log.position = fact.position "
    "WHERE fact.family IN (?, ?) AND fact.ended_at IS NULL ORDER BY fact.key, fact.rank"
)
_KEYS = "SELECT DISTINCT key FROM fact WHERE family = ? AND ended_at IS NULL ORDER BY key"


def _find_parties(query: Query, incomplete: str) -> Iterator[CompletionItem]:
    """Parties whose code or, if there is none, whose name or alias begins so; behind a comma one more."""
    before, comma, begun = incomplete.rpartition(",")
    start = begun.casefold()
    names: dict[str, list[str]] = {}
    for code, line in query(_NAMED, register_kinds(Register.PARTY)):
        names.setdefault(code, []).extend(_names(line))
    found = [code for code in names if code.casefold().startswith(start)] or [
        code for code, known in names.items() if any(name.casefold().startswith(start) for name in known)
    ]
    yield from (CompletionItem(f"{before}{comma}{code}", help=names[code][0]) for code in found[:_AT_MOST])


def _find_issues(query: Query, incomplete: str) -> Iterator[CompletionItem]:
    """Issues whose path, or a tail of it, begins so; of very many the groups."""
    start = incomplete.casefold()
    paths = [path for (path,) in query(_KEYS, [REGISTRATIONS[Register.ISSUE]])]
    found = [path for path in paths if path.casefold().startswith(start)] or [
        path for path in paths if f"/{start}" in path.casefold()
    ]
    if len(found) > _AT_MOST:
        end = len(incomplete)
        groups = (path[: slash + 1] if (slash := path.find("/", end)) >= 0 else path for path in found)
        found = list(dict.fromkeys(groups))[:_AT_MOST]
    yield from map(CompletionItem, found)


def _find_sources(query: Query, incomplete: str) -> Iterator[CompletionItem]:
    sources = (source for (source,) in query(_KEYS, [REGISTRATIONS[Register.SOURCE]]) if source.startswith(incomplete))
    yield from map(CompletionItem, list(sources)[:_AT_MOST])


def _find_entries(query: Query, incomplete: str) -> Iterator[CompletionItem]:
    """Entries by position (`@N`), the last first, or by the beginning of an id."""
    columns = "SELECT position, id, type FROM log"
    if incomplete and not incomplete.startswith("@"):
        key = incomplete.lower()
        rows = query(f"{columns} WHERE id >= ? AND id < ? ORDER BY id LIMIT {_AT_MOST}", [key, f"{key}~"])
        yield from (CompletionItem(event_id, help=f"@{position} {kind}") for position, event_id, kind in rows)
        return
    digits = incomplete[1:]
    if digits:
        alike = f"{columns} WHERE CAST(position AS TEXT) LIKE ? ORDER BY position DESC LIMIT {_AT_MOST}"
        rows = query(alike, [f"{int(digits)}%"]) if digits.isdecimal() else []
    else:
        rows = query(f"{columns} ORDER BY position DESC LIMIT {_AT_MOST}", [])
    yield from (CompletionItem(f"@{position}", help=kind) for position, _, kind in rows)
    if "last".startswith(digits):
        yield CompletionItem("@last", help="the last entry")


def _find_types(_query: Query, incomplete: str) -> Iterator[CompletionItem]:
    families = {name.rsplit(".", depth)[0] for name in KINDS for depth in (0, 1)}
    yield from (CompletionItem(name) for name in sorted(families) if name.startswith(incomplete))


def _find_attributions(_query: Query, incomplete: str) -> Iterator[CompletionItem]:
    before, comma, begun = incomplete.rpartition(",")
    yield from (CompletionItem(f"{before}{comma}{word}") for word in Attribution if word.startswith(begun))


_FINDERS: Mapping[str, Finder] = {
    "PARTY": _find_parties,
    "BLOC": _find_parties,
    "ISSUE": _find_issues,
    "ID": _find_sources,
    "EVENT": _find_entries,
    "TYPE": _find_types,
    "ATTRIBUTION": _find_attributions,
}
"""The finder for what a parameter names, by its metavar."""


def _names(line: str) -> list[str]:
    """The name and aliases in a stored registration or update of a party, or in its correction."""
    data = json.loads(line)["data"]
    says = data.get("replacement", data)
    return [*([says["name"]] if "name" in says else []), *says.get("aliases", ()), *says.get("aliases_added", ())]

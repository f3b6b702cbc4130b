"""Answers to the shells: the completions of a line in the form that each shell's script reads.

Whatever goes wrong while a line is being typed, nothing is offered and nothing is said.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

import click
from click.shell_completion import CompletionItem, ShellComplete

from tracker.cli.completion.line import Line, read_line
from tracker.cli.completion.names import complete_from_database
from tracker.cli.completion.scripts import SCRIPTS
from tracker.cli.settings import COMPLETION_VARIABLE
from tracker.domain.terms.safe_text import plain


def complete(root: click.Command, instruction: str) -> int:
    """Answer a shell: print its script or the completions of a line."""
    shell, _, wish = instruction.partition("_")
    if shell not in SCRIPTS:
        return 1
    with suppress(Exception):  # a message in the middle of a line that somebody types helps nobody
        text = SCRIPTS[shell] if wish == "source" else "".join(f"{line}\n" for line in _completions(root, shell))
        sys.stdout.buffer.write(text.encode())
    return 0


def _completions(root: click.Command, shell: str) -> Iterator[str]:
    typed = os.environ["COMP_LINE" if shell == "bash" else "COMP_WORDS"]
    line = read_line(typed, os.environ, fish=shell == "fish")
    program = next((at for at, word in enumerate(line.words) if os.path.basename(word) == "tracker"), 0)  # noqa: PTH119 (pathlib takes time)
    for before in line.words[:program]:  # TRACKER_DB=... tracker
        name, equals, value = before.partition("=")
        if equals:
            os.environ[name] = value
    complete_from_database(root)  # its own options; a command's are given theirs when it is imported
    asked = ShellComplete(root, {}, "tracker", COMPLETION_VARIABLE)
    items = asked.get_completions(line.words[program + 1 :], line.typed)
    return _FORMATS[shell]([item for item in items if plain(item.value) == item.value], line)


def _bash(items: Sequence[CompletionItem], line: Line) -> Iterator[str]:
    """A line for each item: its type and, of its value, what takes the place of bash's word.

    Bash breaks words at `@`, `:` and `=`, and at an open quotation mark: what stands before that stays in the line.
    """
    word = os.environ.get("COMP_WORD", line.raw)
    head = read_line(line.raw.removesuffix(word) if line.raw.endswith(word) else "", {})
    kept = head.typed.removeprefix(_option_of(line.typed))
    for item in items:
        if item.type != "plain":
            yield f"{item.type},"
        elif item.value.startswith(kept):
            yield f"plain,{_quoted(item.value[len(kept) :], head.quote)}"
    if _loses_what_is_typed(items, line):
        yield "plain,"  # which begins with nothing that bash could put in its place


def _zsh(items: Sequence[CompletionItem], line: Line) -> Iterator[str]:
    """Three lines for each item: its type, the whole word, and a description or `_`."""
    if _loses_what_is_typed(items, line):
        yield "keep\n_\n_"
    for item in items:
        word = f"{_option_of(line.typed)}{item.value}"
        if item.help:
            word = word.replace(":", r"\:")  # which parts the two
        yield f"{item.type}\n{word}\n{_one_line(item.help) if item.help else '_'}"


def _fish(items: Sequence[CompletionItem], line: Line) -> Iterator[str]:
    """A line for each item: its type, the whole word and its description, between tabs, as values hold commas."""
    for item in items:
        parts = (item.type, f"{_option_of(line.typed)}{item.value}", item.help)
        yield "\t".join(_one_line(part) for part in parts if part)


_FORMATS: Mapping[str, Callable[[Sequence[CompletionItem], Line], Iterator[str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}


def _option_of(typed: str) -> str:
    """The option in front of the value that is typed, with its sign: `--party=`."""
    found = re.match("--?[a-z-]+=", typed)
    return found[0] if found else ""


def _quoted(value: str, quote: str) -> str:
    """A value as it is written behind a quotation mark that is open, or without one."""
    if quote == "'":
        return value.replace("'", r"'\''")
    return re.sub(r'([\\"$`])' if quote else r"([^\w@%+=:,./~-])", r"\\\1", value)


def _loses_what_is_typed(items: Sequence[CompletionItem], line: Line) -> bool:
    """Whether a shell that puts what all items begin with in the place of the word would delete what is typed.

    Items that are found by another name do not begin with it: `Uni` means GBR and USA.
    """
    values = [item.value for item in items if item.type == "plain"]
    typed = line.typed.removeprefix(_option_of(line.typed))
    return len(values) > 1 and typed.casefold() not in os.path.commonprefix(values).casefold()  # noqa: RUF071 (of texts)


def _one_line(text: str) -> str:
    return re.sub(r"\s", " ", plain(text))

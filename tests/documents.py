"""Run the commands that the documents show, and hold (or write again) the output that they show.

A document's ```console blocks are one session in an empty folder: lines after
`$ ` are commands, the lines below them their output on both streams. Ids, times and
hashes of entries that a document records differ from run to run and are compared by
their shape; those of the shipped corpus do not, and are compared as they are. A
document that mentions the demo's database finds it there.
"""

import hashlib
import io
import os
import re
import runpy
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import orjson
from click.testing import CliRunner

from tests.curl import Curl
from tracker.cli import cli
from tracker.cli.demonstrations import DEMONSTRATIONS

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "docs/tutorial.md", "docs/page.md", "docs/clocks.md", "docs/python.md")
REFERENCE = ROOT / "docs" / "cli.md"
PICTURES = ROOT / "docs" / "pictures"
WIDTH_OF_TERMINAL = 100

_BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.S)
_VARYING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "<time>"),
    (re.compile(r"(?<=^@\d{3}    )\d{4}-\d\d-\d\d \d\d:\d\d(?=  analyst )", re.M), "<minute>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"(?<=log \d{3} )[0-9a-f]{12}\b"), "<hash>"),
    (re.compile(r"(?<=log position \d{3} )[0-9a-f]{12}\b"), "<hash>"),
    # The day of the run: beside the stance of today, and where the analyst of the session recorded a correction.
    (
        re.compile(r"(?<=on record for )\d{1,2} [A-Z][a-z]{2} 20(?:2[6-9]|[3-9]\d)(?= [a-z]+, as before$)", re.M),
        "<day>",
    ),
    (re.compile(r"(?<=, recorded )\d{1,2} [A-Z][a-z]{2} \d{4}(?=: )"), "<day>"),
    (re.compile(r"(?<=\(analyst, )\d{1,2} [A-Z][a-z]{2} \d{4}(?=\))"), "<day>"),
    (re.compile(r"(?<=\()\d{1,2} [A-Z][a-z]{2} \d{4}(?=, analyst: )"), "<day>"),
)


@dataclass(frozen=True)
class Step:
    """A command of a document, and the output shown below it."""

    command: str
    shown: str


def steps(text: str) -> Iterator[Step]:
    for block in _BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            lines = part.splitlines(keepends=True)
            end = _length(lines)
            yield Step("".join(lines[:end]).rstrip("\n"), "".join(lines[end:]))


def _length(lines: list[str]) -> int:
    """How many lines a command has: continued by a backslash, or by a here-document up to its END."""
    if "<<'END'" in lines[0]:
        return lines.index("END\n") + 1
    return next(number for number, line in enumerate(lines, 1) if not line.rstrip().endswith("\\"))


@contextmanager
def session(text: str) -> Iterator[Callable[[str], str]]:
    """A folder for a document's commands; what it gives runs a command there and returns its output.

    A command of the tracker, a request of curl and a Python script of one word run within this process; a shell runs
    everything else.
    """
    with tempfile.TemporaryDirectory() as folder, closing(Curl(Path(folder, "tracker-demo.db"))) as curl:
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": folder,
            "LANG": "C.UTF-8",
            "COLUMNS": str(WIDTH_OF_TERMINAL),
            "TRACKER_BY": "analyst",
        }

        def shell(command: str, given: str = "") -> str:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=folder,
                env=environment,
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            return done.stdout

        def run(command: str) -> str:
            if script := re.fullmatch(r"python (\w+\.py)", command):
                with chdir(folder), redirect_stdout(io.StringIO()) as printed:
                    runpy.run_path(script[1], run_name="__main__")
                return printed.getvalue()
            first, piped, rest = command.partition(" | ")
            if first.startswith("curl "):
                answer = curl.run(first, Path(folder))
                return shell(rest, answer) if piped else answer
            args = _plain(first.removesuffix(" 2>&1"))
            if args is None:
                return shell(command)
            with chdir(folder):
                done = CliRunner().invoke(cli, args, env=environment, catch_exceptions=False)
            if not piped:
                return done.output
            joined = first.endswith(" 2>&1")
            return ("" if joined else done.stderr) + shell(rest, done.output if joined else done.stdout)

        if "tracker-demo.db" in text:
            run("tracker demo")
        yield run


def _plain(command: str) -> list[str] | None:
    """The arguments of a command of the tracker alone; None for what takes a shell."""
    words = shlex.shlex(command.replace("\\\n", " "), posix=True, punctuation_chars=True)
    words.whitespace_split = True
    try:
        args = list(words)
    except ValueError:  # a quotation that does not end here
        return None
    if args[0] != "tracker" or "$" in command or any(set(word) <= set("();<>|&") for word in args if word):
        return None
    return args[1:]


def play(text: str) -> Iterator[tuple[Step, str]]:
    """Run a document's commands in order; yields each with its real output."""
    with session(text) as run:
        for step in steps(text):
            yield step, run(step.command)


def shape(output: str) -> str:
    """Output without what differs from run to run."""
    for pattern, name in _VARYING:
        output = pattern.sub(partial(_masked, name), output)
    return output


def _masked(name: str, found: re.Match[str]) -> str:
    return found[0] if found[0] in corpus_marks() else name


@cache
def corpus_marks() -> frozenset[str]:
    """What the corpora fix for every run: their ids and times, and the hashes at their ends, whole and cut short."""
    marks: set[str] = set()
    for corpus in DEMONSTRATIONS.values():
        chained = bytes(32)
        lines = (line for path in corpus.files() for line in path.read_bytes().splitlines())
        for position, line in enumerate(lines, 1):
            entry = orjson.loads(line)
            marks |= {entry["id"], entry["time"]}
            stored = orjson.dumps({**entry, "position": position}, option=orjson.OPT_SORT_KEYS)
            chained = hashlib.sha256(chained + stored).digest()
        marks |= {chained.hex(), chained.hex()[:12]}
    return frozenset(marks)


def rewritten(text: str) -> str:
    """A document with the present output of its commands; what has the same shape stays as it is."""
    played = play(text)

    def session(match: re.Match[str]) -> str:
        shown = []
        for _ in steps(f"```console\n{match[0]}```"):
            step, output = next(played)
            shown.append(f"$ {step.command}\n{step.shown if shape(step.shown) == shape(output) else output}")
        return "".join(shown)

    return _BLOCK.sub(session, text)


def reference() -> str:
    """The command-line reference: every command's own help."""
    from tests.command_tree import command_tree

    helps = (
        f"{'#' * (path.count(' ') + 1)} {path}\n\n```text\n{command.get_help(context)}\n```\n"
        for path, command, context in command_tree()
    )
    head = "<!-- Made by `make docs` from the commands' own help. -->\n\n"
    return head + "\n".join(helps)


def main() -> None:
    from tests.pictures import pictures, screenshots

    for name in DOCUMENTS:
        path = ROOT / name
        path.write_text(rewritten(path.read_text()))
    REFERENCE.write_text(reference())
    for name, picture in {**pictures(), **screenshots()}.items():
        (PICTURES / name).write_text(picture)


if __name__ == "__main__":
    main()

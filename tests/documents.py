"""Run the commands that the documents show, and hold (or write again) the output that they show.

A document's ```console blocks are one session in an empty folder: lines after
`$ ` are commands, the lines below them their output on both streams. Ids and
times differ from run to run and are compared by their shape alone. A document that
speaks of the demo's database finds it there.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "docs/tutorial.md")
REFERENCE = ROOT / "docs" / "cli.md"

_BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.S)
_VARYING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "<time>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"(?<=log \d{3} )[0-9a-f]{12}\b"), "<hash>"),
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


def play(text: str) -> Iterator[tuple[Step, str]]:
    """Run a document's commands in order; yields each with its real output."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = "tracker demo > demo.txt" if "tracker-demo.db" in text else "true"
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": folder,
            "LANG": "C.UTF-8",
            "COLUMNS": "100",
            "TRACKER_BY": "analyst",
        }
        for step in (Step(prepared, ""), *steps(text)):
            done = subprocess.run(
                ["bash", "-c", step.command],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if step.command != prepared:
                yield step, done.stdout


def shape(output: str) -> str:
    """Output with what differs from run to run taken out."""
    for pattern, name in _VARYING:
        output = pattern.sub(name, output)
    return output


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
    import click

    from tracker.cli import cli

    def walk(command: click.Command, path: str) -> Iterator[str]:
        context = click.Context(command, info_name=path, terminal_width=90, **(cli.context_settings or {}))
        yield f"{'#' * (path.count(' ') + 1)} {path}\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                assert child is not None
                yield from walk(child, f"{path} {name}")

    head = "<!-- Made by `make docs` from the commands' own help. -->\n\n"
    return head + "\n".join(walk(cli, "tracker"))


def main() -> None:
    for name in DOCUMENTS:
        path = ROOT / name
        path.write_text(rewritten(path.read_text()))
    REFERENCE.write_text(reference())


if __name__ == "__main__":
    main()

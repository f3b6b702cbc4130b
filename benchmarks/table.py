"""The one table of a run, in Markdown that is aligned for a terminal, and its place in the documentation."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from benchmarks.results import Goal, Result, duration
from benchmarks.run import Run

_HEAD = ("measure", "entries", "tracker", "limit or reference", "ratio", "beside it", "to reach", "found", "reached")
_SECTION = re.compile(r"(?<=<!-- figures: begin -->\n).*?(?=<!-- figures: end -->)", re.S)


def table(run: Run) -> str:
    """The table, and below it what it was measured on. A measure with several goals takes several lines."""
    lines = [_HEAD, *(cells for result in run.results for cells in _lines(result))]
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(_HEAD))]
    lines.insert(1, tuple("-" * width for width in widths))
    rows = ("| " + " | ".join(map(str.ljust, cells, widths)) + " |" for cells in lines)
    return "\n".join((*rows, "", f"Medians. {run.machine}. {run.versions}.", ""))


def documented(run: Run, text: str) -> str:
    """A document with the table between its marks."""
    if not _SECTION.search(text):
        raise ValueError("the document has no lines <!-- figures: begin --> and <!-- figures: end -->")
    made = f"\n{table(run)}\n"
    return _SECTION.sub(lambda _: made, text, count=1)


def document(run: Run, path: Path) -> None:
    """Write the table into a document."""
    path.write_text(documented(run, path.read_text()))


def _lines(result: Result) -> Iterator[Sequence[str]]:
    ours, against = result.ours, result.against
    first = [
        result.title,
        f"{result.entries:,}" if result.entries else "",
        duration(ours.seconds),
        f"{duration(against.seconds)} {against.name}" if against else "",
        f"{ours.seconds / against.seconds:.2f}" if against else "",
    ]
    beside = [f"{duration(peer.seconds)} {peer.name}" for peer in result.peers]
    for number, (peer, goal) in enumerate(zip_longest(beside or [""], result.goals)):
        yield (*(first if number == 0 else [""] * len(first)), peer or "", *_goal(goal))


def _goal(goal: Goal | None) -> tuple[str, str, str]:
    return (goal.text, goal.found, "yes" if goal.reached else "no") if goal else ("", "", "")

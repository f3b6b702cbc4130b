"""Views for a terminal or a text file: how they are printed, tables of rows and labelled lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Column, Table
from rich.text import Text

from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.statement import Value
from tracker.reports.answers import Fields
from tracker.reports.formats import View
from tracker.reports.positions.values import NO_BREAK, value_class
from tracker.reports.wording import legend

_STYLES = {
    "opposes": "red",
    "sceptical": "magenta",
    "neutral": "default",
    "conditional": "yellow",
    "supports": "green",
    "amount": "cyan",
    "no-figure": "default",
    "withdrawn": "dim",
    "none": "dim",
}
"""Colours by kind of value; a glyph, or the amount itself, always says the same."""


def style_of(value: Value | None) -> str:
    """Return the colour of a value, or of none on record."""
    return _STYLES[value_class(value)]


TOGETHER = "\ue000"
"""A space at which no line breaks: it is printed as a space."""

FILE_WIDTH = 100
"""The width in columns of a view that goes to a file."""


def view_text(view: View, *, width: int = FILE_WIDTH) -> str:
    """Render a view as plain text of a width in columns."""
    return _printed(view, _Console(width=width, force_terminal=False, color_system=None, **_AS_IT_IS))


def print_view(view: View) -> None:
    """Print a view for the terminal's width (80 columns where there is none, or $COLUMNS).

    Text shows as it is; there is colour only on a terminal, and not with NO_COLOR.
    """
    screen = _Console(**_AS_IT_IS)
    screen.file.write(_printed(view, screen))
    screen.file.flush()  # before what goes to standard error


class _Console(Console):
    """A console that breaks paths, ids and addresses which are wider than their column as `path_text` does."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Break what is too wide, then render; a column that never wraps keeps its text as it is."""
        room = options or self.options
        if isinstance(renderable, Text) and not room.no_wrap:
            renderable = _with_breaks(_kept_together(renderable), room.max_width)
        return super().render(renderable, options)


def _kept_together(text: Text) -> Text:
    """The text with spaces behind signs at which no line breaks; in what people wrote, theirs stay as they are."""
    if NO_BREAK not in text.plain:
        return text
    kept = text.copy()
    kept.plain = _BEHIND_A_SIGN.sub(TOGETHER, text.plain)
    return kept


_BEHIND_A_SIGN = re.compile(rf"(?<=[ (][-+~o=xw]){NO_BREAK}")
"""The space behind a sign for what a party says of an option (see `Attitude`)."""


def _with_breaks(text: Text, width: int) -> Text:
    """The text with line breaks behind slashes, else hyphens, of the words that are wider than a line."""
    breaks = [
        word.start() + at
        for word in re.finditer(rf"\S{{{max(width, 1) // 2 + 1},}}", text.plain)  # a letter takes at most two columns
        for at in accumulate(map(len, list(_path_lines(word.group(), width))[:-1]))
    ]
    return text.blank_copy("\n").join(text.divide(breaks)) if breaks else text


_AS_IT_IS: dict[str, Any] = {"markup": False, "highlight": False, "emoji": False}


def _printed(view: View, console: Console) -> str:
    with console.capture() as capture:
        console.print(view(console.width))
    return "".join(f"{line.rstrip(' ')}\n" for line in capture.get().replace(TOGETHER, " ").splitlines())


def headline(title: str, rests_on: str) -> tuple[Text, Text]:
    """The title of an answer, above its filters, cut-offs and log position."""
    return Text(plain(title), style="bold"), Text(plain(rests_on), style="dim")


def with_cut(view: RenderableType, cut: str) -> RenderableType:
    """A view above the sentence on what it leaves out, if there is one."""
    return Group(view, "", Text(plain(cut))) if cut else view


def render_fields(answer: Fields) -> View:
    """The fields of one thing, a labelled line for each."""
    return answer.view or (lambda _: pairs_view(answer.for_people()))


def indented(*parts: RenderableType) -> Padding:
    """Parts of a view below each other, two columns to the right of what they belong to."""
    return Padding(Group(*parts), (0, 0, 0, 2))


def path_text(path: str, width: int, style: str = "") -> Text:
    """A path that is broken behind its slashes where it is too wide, then behind its hyphens."""
    return Text("\n".join(_path_lines(plain(path), width)), style=style)


def longest_segment(path: str) -> int:
    """The width of the longest segment of a path, with the slash behind it."""
    return max(map(cell_len, re.findall(r"[^/]+/?|/", plain(path))), default=0)


def _path_lines(path: str, width: int) -> Iterator[str]:
    line = ""
    for part in _path_parts(path, width):
        if line and cell_len(line + part) > width:
            yield line
            line = ""
        line += part
    yield line


def _path_parts(path: str, width: int) -> Iterator[str]:
    for segment in re.findall(r"[^/]+/?|/", path):
        yield from [segment] if cell_len(segment) <= width else re.findall(r"[^-]+-?|-", segment)


def grid(columns: Iterable[Column], rows: Iterable[Sequence[str | Text]], *, headed: bool = False) -> Table:
    """Rows of cells without lines between them, below the columns' headings if it is headed."""
    table = Table(*columns, box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=headed, header_style="bold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) if isinstance(cell, str) else cell for cell in row))
    return table


def dated_grid(rows: Iterable[tuple[str | Text, Text, Text]]) -> Padding:
    """Rows of a day, a short word and a text that takes what is left of the width."""
    words = Column(no_wrap=True, justify="right"), Column(no_wrap=True)
    return indented(grid([*words, Column(overflow="fold", ratio=1)], rows))


def pairs_view(rows: Iterable[tuple[str, str]]) -> Table:
    """Labels, each with its text beside it."""
    return grid([Column(style="bold", no_wrap=True), Column(overflow="fold", ratio=1)], rows)


def legend_below(signs: str) -> list[RenderableType]:
    """The legend of the marks among these characters below a blank line; nothing without any."""
    return ["", Text(legend(signs, space=TOGETHER), style="dim")] if legend(signs) else []

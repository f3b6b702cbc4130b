"""Tables of rows, laid out by what fits into a width: columns side by side, or a row's texts on lines of their own.

Widths are those of a display, where letters of Chinese, Japanese and Korean take two columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from tracker.domain.terms.safe_text import plain
from tracker.reports.answers import Rows
from tracker.reports.basis import basis as basis_text
from tracker.reports.basis import filters_text
from tracker.reports.formats import Rendering, View
from tracker.reports.tables.terminal import (
    FILE_WIDTH,
    grid,
    headline,
    indented,
    legend_below,
    longest_segment,
    path_text,
    with_cut,
)
from tracker.reports.wording import left_out

GAP = 2
"""The columns of a display between two columns of a table."""

_USEFUL = 36
"""The least width in which a sentence reads well."""

_NARROWEST = {"issue": 24, "name": 14, "title": 20, "aliases": 14, "publisher": 14, "to": 6}
"""How narrow a column may become whose texts can be broken; the others are never broken."""


def render_rows(answer: Rows) -> Rendering:
    """The rows of an answer as people see them, in a table."""
    view = answer.view or _view_of(answer)
    if answer.document is None:
        return Rendering(view, before=left_out(answer.left_out_undated), after=answer.after)
    basis, below = answer.document.basis, [line for line in (left_out(answer.left_out_undated), answer.after) if line]
    head = headline(answer.title, filters_text(basis.scope, basis.listing) + basis_text(basis))
    return Rendering(
        lambda width: Group(*head, "", view(width), *(part for line in below for part in ("", Text(line))))
    )


def _view_of(answer: Rows) -> View:
    """A table with the legend of its marks."""

    def view(width: int) -> RenderableType:
        headings, cells, cut = answer.for_people()
        table = table_view(headings, cells, empty=answer.empty, width=width)
        signs = answer.document.signs if answer.document else ""
        return with_cut(Group(table, *legend_below(signs)), cut)

    return view


def table_view(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str, width: int = FILE_WIDTH
) -> RenderableType:
    """Rows of text below their headings; the last column takes what is left of the width, or lines of its own."""
    cells = list(rows)
    return Group(*column_layout(columns, cells, width)) if cells else Text(plain(empty))


def column_layout(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[RenderableType]:
    """Yield the parts of a table, of which the last column is a text.

    The text stands beside the other columns where a useful width is left for it, if need be after narrowing those that
    can be broken. Else it goes below its row, after whatever other columns do not fit.
    """
    cells = [[plain(cell) for cell in row] for row in rows]
    *heads, last = columns
    longest = max(cell_len(row[-1]) for row in cells)
    widths = [max(cell_len(name), *(cell_len(row[at]) for row in cells)) for at, name in enumerate(heads)]
    text = max(cell_len(last), min(longest, _USEFUL))
    floors = [
        _floor(name, one, [row[at] for row in cells]) for at, (name, one) in enumerate(zip(heads, widths, strict=True))
    ]
    if sum(floors) + GAP * len(floors) + text <= width:
        widths = _narrowed(widths, floors, width - text - GAP * len(floors))
        yield _beside(columns, cells, widths)
    else:
        yield from _Stack.of(columns, cells, floors, widths, width).parts()


def _floor(name: str, width: int, cells: Iterable[str]) -> int:
    """How narrow a column may become: that of paths takes the longest segment."""
    narrowest = _NARROWEST.get(name, width)
    return min(width, max(narrowest, *map(longest_segment, cells)) if name == "issue" else narrowest)


def _narrowed(widths: Sequence[int], floors: Sequence[int], room: int) -> list[int]:
    """Take columns of a display from the widest columns of a table until they fit."""
    found = list(widths)
    while sum(found) > room:
        at = max((at for at, floor in enumerate(floors) if found[at] > floor), key=found.__getitem__, default=None)
        if at is None:
            break
        found[at] -= 1
    return found


def _beside(columns: Sequence[str], cells: Sequence[Sequence[str]], widths: Sequence[int]) -> RenderableType:
    heads = [Column(name, width=one, overflow="fold") for name, one in zip(columns, widths, strict=False)]
    rows = [[*_broken(columns, row, widths), row[-1]] for row in cells]
    return grid([*heads, Column(columns[-1], overflow="fold", ratio=1)], rows, headed=True)


def _broken(columns: Sequence[str], row: Sequence[str], widths: Sequence[int]) -> Iterator[str | Text]:
    for name, cell, width in zip(columns, row, widths, strict=False):
        yield path_text(cell, width) if name == "issue" else cell


@dataclass(frozen=True, slots=True)
class _Stack:
    """Rows in two parts each: the columns that fit side by side, and below them the others and the text."""

    columns: Sequence[str]
    cells: Sequence[Sequence[str]]
    widths: Sequence[int]

    @classmethod
    def of(
        cls,
        columns: Sequence[str],
        cells: Sequence[Sequence[str]],
        floors: Sequence[int],
        widths: Sequence[int],
        width: int,
    ) -> "_Stack":
        """Choose the columns, from the left, that fit side by side."""
        fitting = [at for at in range(len(floors)) if sum(floors[: at + 1]) + GAP * at <= width] or [0]
        number = len(fitting)
        room = width - GAP * (number - 1)
        return cls(columns, cells, [min(one, width) for one in _narrowed(widths[:number], floors[:number], room)])

    def parts(self) -> Iterator[RenderableType]:
        """Yield the headings, and each row with its text below it."""
        number = len(self.widths)
        for at, row in enumerate(self.cells):
            heads = [
                Column(name, width=one, overflow="fold") for name, one in zip(self.columns, self.widths, strict=False)
            ]
            yield grid(heads, [[*_broken(self.columns[:number], row, self.widths)]], headed=at == 0)
            others = zip(self.columns[number:-1], row[number:-1], strict=True)
            for line in ("   ".join(f"{name} {cell}" for name, cell in others if cell), row[-1]):
                if line:
                    yield indented(Text(line))

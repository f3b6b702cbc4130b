"""Views for a terminal or a text file: how they are printed, tables of rows and labelled lines."""

import io
from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.statement import WITHDRAWN, Value
from tracker.reports.answers import Fields, Rows
from tracker.reports.formats import Rendering, View
from tracker.reports.wording import left_out, legend

STYLES: dict[Value | None, str] = {
    Stance.OPPOSES: "red",
    Stance.SCEPTICAL: "magenta",
    Stance.NEUTRAL: "default",
    Stance.CONDITIONAL: "yellow",
    Stance.SUPPORTS: "green",
    WITHDRAWN: "dim",
    None: "dim",
}
"""Colours for values, and for none on record; a glyph always says the same."""

FILE_WIDTH = 100
"""The width in columns of a view that goes to a file."""


def view_text(view: View, *, width: int = FILE_WIDTH) -> str:
    """Render a view as plain text of a width in columns."""
    out = io.StringIO()
    Console(
        file=out, width=width, markup=False, highlight=False, emoji=False, force_terminal=False, color_system=None
    ).print(view(width))
    return _without_trailing_blanks(out.getvalue())


def print_view(view: View) -> None:
    """Print a view for the terminal's width (80 columns where there is none, or $COLUMNS).

    Text shows as it is; there is colour only on a terminal, and not with NO_COLOR.
    """
    screen = Console(markup=False, highlight=False, emoji=False)
    with screen.capture() as capture:
        screen.print(view(screen.width))
    screen.file.write(_without_trailing_blanks(capture.get()))
    screen.file.flush()  # before what goes to standard error


def _without_trailing_blanks(text: str) -> str:
    return "".join(f"{line.rstrip(' ')}\n" for line in text.splitlines())


def headline(title: str, rests_on: str) -> tuple[Text, Text]:
    """The title of an answer, above its filters, cut-offs and log position."""
    return Text(plain(title), style="bold"), Text(plain(rests_on), style="dim")


def render_rows(answer: Rows) -> Rendering:
    """The rows of an answer as people see them, in a table."""
    view = answer.view
    if view is None:
        headings, cells = answer.for_people()
        table = table_view(headings, cells, empty=answer.empty)
        view = lambda _: table  # noqa: E731
    return Rendering(view, before=left_out(answer.left_out_undated), after=answer.after)


def render_fields(answer: Fields) -> View:
    """The fields of one thing, a labelled line for each."""
    return answer.view or (lambda _: pairs_view(answer.for_people()))


def table_view(columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> RenderableType:
    """Rows of text below their headings; the last column takes what is left of the width."""
    cells = list(rows)
    if not cells:
        return Text(empty)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold", collapse_padding=True)
    for column in columns[:-1]:
        table.add_column(column, overflow="fold", no_wrap=column in _SHORT)
    table.add_column(columns[-1], overflow="fold", ratio=1)
    for row in cells:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table


_SHORT = (
    "entry",
    "event",
    "said",
    "party",
    "stance",
    "step",
    "recorded (UTC)",
    "kind",
    "published_on",
    "closed",
    "code",
)
"""Columns whose words are not broken."""


def indented(*parts: RenderableType) -> Padding:
    """Parts of a view below each other, two columns to the right of what they belong to."""
    return Padding(Group(*parts), (0, 0, 0, 2))


def dated_grid(rows: Iterable[tuple[str | Text, str | Text, Text]]) -> Padding:
    """Rows of a day, a short word and a text that takes what is left of the width."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return indented(grid)


def legend_below(signs: str) -> list[RenderableType]:
    """The legend of the marks among these characters below a blank line; nothing without any."""
    return ["", Text(legend(signs), style="dim")] if legend(signs) else []


def pairs_view(rows: Iterable[tuple[str, str]]) -> RenderableType:
    """Labels, each with its text beside it."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for label, text in rows:
        grid.add_row(plain(label), Text(plain(text)))
    return grid

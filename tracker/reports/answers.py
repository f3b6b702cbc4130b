"""The content of answers, as renderers take it: data, rows, and rows for people."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, runtime_checkable

from tracker.domain.terms.columns import column_values, columns_of, row_data
from tracker.domain.terms.dates import instant_text
from tracker.reports.basis import Basis
from tracker.reports.formats import View

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers


MOST_CELLS = 3_000
"""How many cells people are shown in one table or page; data has no such limit."""
NARROW = "Name --party, --issue or a day to narrow it, or take --format json or csv for all."
T = TypeVar("T")


def most_rows(columns: int) -> int:
    """Return how many rows of so many columns people are shown."""
    return MOST_CELLS // columns


def first_rows(rows: Iterable[T], columns: int) -> tuple[list[T], str]:
    """Return as many rows as people are shown, and a sentence on the cut if there are more."""
    most = most_rows(columns)
    shown = list(islice(rows, most + 1))
    return (shown, "") if len(shown) <= most else (shown[:most], f"Only the first {most:,} rows are shown. {NARROW}")


@runtime_checkable
class RowPages(Protocol):
    """Rows that are read page by page, and by workers too: `render` must be a function of a module, or a partial."""

    def render(self, render: Callable[[Iterable[Any]], str]) -> Iterator[str]: ...


def render_parts(rows: Iterable[Any], render: Callable[[Iterable[Any]], str]) -> Iterator[str]:
    """Yield the text of rows in parts, as they come."""
    if isinstance(rows, RowPages):
        yield from rows.render(render)
        return
    left = iter(rows)
    while part := list(islice(left, _PART)):
        yield render(part)


_PART = 500
"""How many rows that are not read in pages are rendered at once."""


class Data(Protocol):
    """Content for JSON. `left_out_undated` counts statements that no dated source puts on public record."""

    @property
    def data(self) -> Any: ...
    @property
    def left_out_undated(self) -> int: ...


class Table(Data, Protocol):
    """Content for CSV too: rows by column."""

    @property
    def columns(self) -> Sequence[str]: ...
    def render_parts(self, render: Callable[[Iterable[Mapping[str, Any]]], str]) -> Iterator[str]: ...


class Document(NamedTuple):
    """What people are shown of an answer beside its rows: what it rests on, the evidence, and the marks.

    A document cites the source and the entry in `cites` for each row, with the titles that the registers `names` give.
    `quotes` are the quoted words behind each row, which it shows in the column `said_in`. `signs` has all marks in the
    answer, for the legend. A page fills the `template` with the `contents`.
    """

    basis: Basis
    names: "Registers | None"
    signs: str
    cites: Sequence[tuple[str | None, str]] = ()
    quotes: Sequence[str] | None = None
    said_in: int = -1
    template: str = ""
    contents: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind, which may be read once.

    `as_row` makes `rows` of what was `found`. JSON shows every field and CSV the `columns`. People see `cells` below
    `headings`, which are the columns unless they are given, or the words for `empty`; a terminal shows the `view` and
    the remark `after` it, if there are any. If the cells are only the first ones, `cut` says so. An answer to a
    question has a `title` and a `document`.
    """

    found: Iterable[Any]
    columns: Sequence[str]
    headings: Sequence[str] = ()
    cells: Iterable[Sequence[str]] | None = None
    empty: str = ""
    left_out_undated: int = 0
    view: View | None = None
    after: str = ""
    cut: str = ""
    as_row: Callable[[Any], Mapping[str, Any]] = dict
    title: str = ""
    document: Document | None = None

    @property
    def rows(self) -> Iterable[Mapping[str, Any]]:
        return map(self.as_row, self.found)

    @property
    def data(self) -> list[Mapping[str, Any]]:
        return list(self.rows)

    def render_parts(self, render: Callable[[Iterable[Mapping[str, Any]]], str]) -> Iterator[str]:
        """Yield the text of the rows in parts, as they come."""
        return render_parts(self.found, partial(_render_rows, self.as_row, render))

    def for_people(self) -> tuple[Sequence[str], list[Sequence[str]], str]:
        """The headings, the first cells below them as plain text, and a sentence on the cut if there are more."""
        headings = self.headings or self.columns
        cells = self.cells
        if cells is None:
            cells = ([cell_text(row.get(column)) for column in headings] for row in self.rows)
        shown, cut = first_rows(cells, len(headings))
        return headings, shown, cut or self.cut


def _render_rows(
    as_row: Callable[[Any], Mapping[str, Any]],
    render: Callable[[Iterable[Mapping[str, Any]]], str],
    found: Iterable[Any],
) -> str:
    return render(map(as_row, found))


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one thing; people see `lines` of labels and texts, by default one for each field.

    A terminal shows the `view` instead, if there is one. An answer to a question has a `title` and a `document`.
    """

    data: Any
    lines: Sequence[tuple[str, str]] = ()
    view: View | None = None
    left_out_undated: int = 0
    cut: str = ""
    title: str = ""
    document: Document | None = None

    def for_people(self) -> Sequence[tuple[str, str]]:
        """The labels, and the texts behind them."""
        return self.lines or [(name, cell_text(value)) for name, value in self.data.items() if value not in (None, ())]


def row_by_event_id(row: Any) -> dict[str, Any]:
    """The columns of a row that names its entry by the id alone; the log position beside it is for people."""
    data = row_data(row)
    del data["position"]
    return data


def columns_by_event_id(row_type: Any) -> tuple[str, ...]:
    """The columns of `row_by_event_id`."""
    return tuple(column for column in columns_of(row_type) if column != "position")


def cell_text(value: Any) -> str:
    """Any value of a row as text: lists joined by semicolons."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "_asdict"):
        return " ".join(map(cell_text, column_values(value)))
    if isinstance(value, dict):
        return " since ".join(map(cell_text, value.values()))
    if isinstance(value, list | tuple):
        return "; ".join(map(cell_text, value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value if isinstance(value, int | float) else plain_value(value))


def plain_value(value: Any) -> Any:
    """A value in the types of JSON: rows and events become objects, days ISO 8601, hashes hexadecimal."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "_asdict"):
        return row_data(value)
    if hasattr(value, "model_dump"):
        return value.data()
    raise TypeError(f"{type(value).__name__} is not data")

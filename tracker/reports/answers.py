"""The content of answers, as renderers take it: data, rows, and rows for people."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, runtime_checkable

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.dates import instant_text
from tracker.domain.terms.scope import WHOLE_LIST, Listing, Query, Scope
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.state import Cell, State, StateRow
from tracker.domain.timeline.statement import Value, columns_of, row_data
from tracker.reports.formats import View
from tracker.reports.names import CODES, Names
from tracker.reports.wording import STALE_AFTER, marks

if TYPE_CHECKING:
    from tracker.domain.timeline.registers import Registers


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


@dataclass(frozen=True, slots=True)
class Basis:
    """The day of an answer, its cut-offs and filters, and the log position that it rests on."""

    on: date
    known_at: str | None
    published_by: date | None
    scope: Scope
    log: LogHead
    left_out_undated: int = 0
    listing: Listing = WHOLE_LIST


def basis_of(query: Query, on: date, log: LogHead, left_out_undated: int, listing: Listing = WHOLE_LIST) -> Basis:
    """What the answer to a query on a day rests on."""
    known_at = query.known_at.text if query.known_at else None
    return Basis(on, known_at, query.published_by, query.scope, log, left_out_undated, listing)


class Page(NamedTuple):
    """An answer for a page: the template, what it rests on, the registers, and what else the template shows."""

    template: str
    basis: Basis
    names: "Registers | None"
    contents: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind, which may be read once.

    `as_row` makes `rows` of what was `found`. JSON shows every field and CSV the `columns`. People see `cells` below
    `headings`, which are the columns unless they are given, or the words for `empty`; a terminal shows the `view` and
    the remark `after` it, if there are any.
    A document cites the source and the entry in `cites` for each row, with the titles that the registers `names` give.
    `quotes` are the words behind each row, which a document shows. `signs` has all marks in the cells, for the legend.
    If the cells are only the first ones, `cut` says so. An answer to a question has a `title` and the
    `basis` that it rests on.
    """

    found: Iterable[Any]
    columns: Sequence[str]
    headings: Sequence[str] = ()
    cells: Iterable[Sequence[str]] | None = None
    empty: str = ""
    left_out_undated: int = 0
    view: View | None = None
    after: str = ""
    cites: Sequence[tuple[str | None, str]] | None = None
    names: "Registers | None" = None
    page: Page | None = None
    signs: str = ""
    cut: str = ""
    as_row: Callable[[Any], Mapping[str, Any]] = dict
    title: str = ""
    basis: Basis | None = None
    quotes: Sequence[str | None] | None = None

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
    """The fields of one thing; people see the `view` or `lines` of labels and texts, by default one for each field."""

    data: Any
    lines: Sequence[tuple[str, str]] = ()
    view: View | None = None
    left_out_undated: int = 0
    page: Page | None = None
    cut: str = ""

    def for_people(self) -> Sequence[tuple[str, str]]:
        """The labels, and the texts behind them."""
        return self.lines or [(name, cell_text(value)) for name, value in self.data.items() if value not in (None, ())]


def is_folded(closed: Closing | None, issue: str, on: date, scope: Scope) -> bool:
    """Whether an issue is closed, and neither on the day itself nor asked for by its path."""
    return closed is not None and closed.on != on and issue not in scope.issues


@dataclass(frozen=True, slots=True)
class StateAnswer:
    """The state on a day, and how a reader wants to see it.

    A stance is old after `stale_after` days; `wide` adds what every party said. `names` are the registers, for sources
    and for `titles` and `questions`. With `unfolded`, or `wide`, closed issues keep their rows.
    """

    state: State
    stale_after: int = STALE_AFTER
    names: "Registers | None" = None
    wide: bool = False
    titles: bool = True
    questions: bool = False
    unfolded: bool = False

    def is_folded(self, cell: Cell) -> bool:
        """Whether a cell's issue is closed and in a line of its own: not on the day of its closing, or asked for."""
        if self.unfolded or self.wide:
            return False
        return is_folded(cell.row.closed, cell.row.issue, self.state.on, self.state.scope)

    @property
    def left_out_undated(self) -> int:
        return self.state.left_out_undated

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields of a row (DESIGN section 7); with the bloc that a stance is taken from, if members inherit."""
        return (*columns_of(StateRow), *(("inherited_from",) if self.state.inherits else ()))

    @property
    def rows(self) -> list[dict[str, Any]]:
        if not self.state.inherits:
            return [row_data(cell.row) for cell in self.state.cells]
        return [{**row_data(cell.row), "inherited_from": cell.inherited_from} for cell in self.state.cells]

    @property
    def data(self) -> list[dict[str, Any]]:
        return self.rows

    def render_parts(self, render: Callable[[Iterable[Mapping[str, Any]]], str]) -> Iterator[str]:
        """Yield the text of the rows in parts."""
        return render_parts(self.rows, render)

    def marks(self, cell: Cell) -> str:
        """The marks of a stance in effect."""
        return marks(cell, self.state.on, self.stale_after)

    @property
    def cut(self) -> str:
        """A sentence on the issues that are not shown; empty if all are."""
        if not self.state.is_cut:
            return ""
        issues = dict.fromkeys(cell.row.issue for cell in self.state.cells)
        last = next(reversed(issues))
        return f"Only the first {len(issues):,} issues are shown, up to {last}. {NARROW}"

    @property
    def signs(self) -> str:
        """All marks in the state, for its legend."""
        return "".join(map(self.marks, self.state.cells))

    @property
    def values(self) -> set[Value]:
        """All values in the state, for its legend."""
        return {cell.row.value for cell in self.state.cells}

    @property
    def has_open_issues(self) -> bool:
        """Whether any issue is open, so that the age of a stance shows."""
        return any(cell.row.closed is None for cell in self.state.cells)

    @property
    def has_gaps(self) -> bool:
        """Whether any table has an empty cell, of a party with nothing on record on an issue."""
        return any(len(group.parties) > len(cells) for group in self.groups for _, cells in group.by_issue)

    @property
    def shown_names(self) -> Names:
        """The names of parties and titles of issues, if they are wanted."""
        return Names(self.names) if self.titles else CODES

    @property
    def parties(self) -> list[str]:
        """The parties in the order of every table: as asked for, else those first that hold most positions.

        What a member inherits does not count: it did not say it.
        """
        asked = {party: at for at, party in reversed([*enumerate(self.state.scope.asked)])}
        said = Counter(cell.row.party for cell in self.state.cells if cell.inherited_from is None)
        parties = {cell.row.party for cell in self.state.cells}
        return sorted(parties, key=lambda party: (asked.get(party, len(asked)), -said[party], party))

    @property
    def whole(self) -> "IssueGroup":
        """All issues in one group."""
        order = {party: at for at, party in enumerate(self.parties)}
        cells = sorted(self.state.cells, key=lambda cell: (cell.row.issue.split("/"), order[cell.row.party]))
        folded = frozenset(cell.row.issue for cell in cells if self.is_folded(cell))
        bare = (ClosedIssue(issue, closing, ()) for issue, closing in self.state.closed.items())
        return IssueGroup("", tuple(cells), tuple(order), folded, tuple(bare))

    @property
    def groups(self) -> Iterator["IssueGroup"]:
        """The issues by the first segment of their paths."""
        whole = self.whole
        issues = (*(cell.row.issue for cell in whole.cells), *self.state.closed)
        for name in sorted({issue.split("/")[0] for issue in issues}):
            cells = (cell for cell in whole.cells if cell.row.issue.split("/")[0] == name)
            bare = (closed for closed in whole.bare if closed.issue.split("/")[0] == name)
            yield whole._replace(name=name, cells=tuple(cells), bare=tuple(bare))

    @property
    def silent(self) -> str:
        """A sentence on the parties asked for that have no row; empty if all have."""
        parties = self.state.silent_parties
        return f"No position on record: {', '.join(parties)}." if parties else ""


def state_rows(rows: Iterable[StateRow], left_out_undated: int) -> Rows:
    """The rows of a state as they come (DESIGN section 7)."""
    return Rows(rows, columns_of(StateRow), left_out_undated=left_out_undated, as_row=row_data)


class ClosedIssue(NamedTuple):
    """An issue that was closed, with its outcome and its parties' last stances, if any had one."""

    issue: str
    closing: Closing
    cells: tuple[Cell, ...]


class IssueGroup(NamedTuple):
    """The cells of issues that are shown together, and the parties of the whole answer in the order of its tables.

    `bare` are the closed issues without a cell.
    """

    name: str
    cells: tuple[Cell, ...]
    order: tuple[str, ...]
    folded_issues: frozenset[str]
    bare: tuple[ClosedIssue, ...] = ()

    @property
    def shown(self) -> list[Cell]:
        """The cells of open issues, and of closed ones that keep their rows."""
        return [cell for cell in self.cells if cell.row.issue not in self.folded_issues]

    @property
    def folded(self) -> list[ClosedIssue]:
        """The other closed issues, and those without a cell."""
        issues = groupby(self.cells, key=lambda cell: (cell.row.issue, cell.row.closed))
        folded = [
            ClosedIssue(issue, closing, tuple(cells))
            for (issue, closing), cells in issues
            if closing is not None and issue in self.folded_issues
        ]
        return sorted([*folded, *self.bare], key=lambda closed: closed.issue.split("/"))

    @property
    def parties(self) -> list[str]:
        """The parties with a cell on an issue that is shown, in order."""
        present = {cell.row.party for cell in self.shown}
        return [party for party in self.order if party in present]

    @property
    def by_issue(self) -> list[tuple[str, list[Cell]]]:
        """The cells of each issue that is shown."""
        return [(issue, list(cells)) for issue, cells in groupby(self.shown, key=lambda cell: cell.row.issue)]

    def rows(self, parties: Sequence[str]) -> list[tuple[str, list[Cell | None]]]:
        """The issues shown on which any of the parties has a cell, and the cell of each, None without one."""
        cells = {(cell.row.issue, cell.row.party): cell for cell in self.shown if cell.row.party in parties}
        issues = dict.fromkeys(issue for issue, _ in cells)
        return [(issue, [cells.get((issue, party)) for party in parties]) for issue in issues]


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
        return " ".join(map(cell_text, value))
    if isinstance(value, dict):
        return " since ".join(map(cell_text, value.values()))
    if isinstance(value, list | tuple):
        return "; ".join(map(cell_text, value))
    return str(value if isinstance(value, int) else plain_value(value))


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

"""The state on a terminal: a matrix of issues and parties, readable in 80 columns and pleasant in 160.

Colour adds nothing that glyphs do not show. Stances are written out if they fit, else only their glyphs.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.state import Cell, Closing, State
from tracker.domain.timeline.statement import WITHDRAWN, Value
from tracker.reports.answers import StateAnswer
from tracker.reports.formats import View
from tracker.reports.terminal import STYLES, headline, indented
from tracker.reports.wording import (
    GLYPHS,
    NONE,
    Look,
    affirmed,
    age,
    basis,
    day_text,
    filters_text,
    left_out,
    legend,
    marks,
    short_day,
    sides,
    tail,
    trace,
)

_NARROW, _GAP = 20, 2


def render_state(answer: StateAnswer) -> View:
    """A matrix of issues and parties for each group of issues, and a legend."""
    return lambda width: _matrix(answer.state, width, answer.look)


def _matrix(state: State, width: int, look: Look) -> RenderableType:
    missing: list[RenderableType] = [Text(left_out(state.left_out_undated))] if state.left_out_undated else []
    rests_on = filters_text(state.scope) + basis(state)
    if not state.cells:
        nobody = f"Nobody has a stance on record on {day_text(state.on)}."
        return Group(*headline(nobody, rests_on), *missing)
    parts: list[RenderableType] = [*headline(f"State on {day_text(state.on)}", rests_on)]
    for group, members in groupby(state.cells, key=lambda cell: cell.row.issue.split("/")[0]):
        parts += ["", *_Block(group, tuple(members), state.on, width, look).view()]
    signs = "".join(marks(cell, state.on, look.stale_after) for cell in state.cells)
    parts += ["", *missing] if missing else []
    withdrawn = any(cell.row.value is WITHDRAWN for cell in state.cells)
    return Group(*parts, "", _signs(signs, look.stale_after, withdrawn=withdrawn))


@dataclass(frozen=True, slots=True)
class _Block:
    """A group of issues: its matrix, the conditions and contests of its cells, and its closed issues in a line each."""

    group: str
    cells: tuple[Cell, ...]
    on: date
    width: int
    look: Look

    def view(self) -> Iterator[RenderableType]:
        still_open = [cell for cell in self.cells if cell.row.closed is None]
        if still_open:
            yield from self._matrix(still_open)
            yield from self._notes(still_open)
        else:
            yield Text(plain(self.group), style="bold")
        for issue, members in groupby(self.cells, key=lambda cell: cell.row.issue):
            folded = list(members)
            if (closed := folded[0].row.closed) is not None:
                yield self._folded(issue, closed, folded)
                for cell in folded:
                    yield from self._contests(cell)

    def _matrix(self, cells: Sequence[Cell]) -> Iterator[RenderableType]:
        """One table if it fits, with words or only glyphs for stances; else several."""
        longest = max(len(self._label(cell.row.issue)) for cell in cells)
        label = max(_NARROW, min(longest, self.width * 2 // 5)) + _GAP
        columns = self._columns(cells, words=True)
        words = sum(columns.values()) <= self.width - label
        if not words:
            columns = self._columns(cells, words=False)
        for parties in _blocks(columns, self.width - label):
            some = [cell for cell in cells if cell.row.party in parties]
            yield from self._tables(some, {party: columns[party] for party in parties}, label, words=words)

    def _columns(self, cells: Sequence[Cell], *, words: bool) -> dict[str, int]:
        """The width of each party's column with the gap behind it; parties with most stances first."""
        widths: dict[str, int] = {}
        stances = Counter(cell.row.party for cell in cells)
        for cell in sorted(cells, key=lambda cell: (-stances[cell.row.party], cell.row.party)):
            party = cell.row.party
            widths[party] = max(widths.get(party, len(party) + _GAP), self._cell(cell, words=words).cell_len + _GAP)
        return widths

    def _tables(
        self, cells: Sequence[Cell], columns: dict[str, int], label: int, *, words: bool
    ) -> Iterator[RenderableType]:
        by_pair = {(cell.row.issue, cell.row.party): cell for cell in cells}
        table = self._table(columns, label, headed=True)
        for issue in dict.fromkeys(cell.row.issue for cell in cells):
            row = [by_pair.get((issue, party)) for party in columns]
            shown = (Text(NONE, style="dim") if cell is None else self._cell(cell, words=words) for cell in row)
            table.add_row(Text(plain(tail(issue, self._prefix))), *shown)
            if below := [*self._question(issue), *self._summaries(row)]:
                yield table
                yield from below
                table = self._table(columns, label, headed=False)
        if table.row_count:
            yield table

    def _question(self, issue: str) -> Iterator[RenderableType]:
        if self.look.names is not None and issue in self.look.names.issues:
            yield _note(plain(self.look.names.issues[issue].question), style="dim italic")

    def _summaries(self, row: Sequence[Cell | None]) -> Iterator[RenderableType]:
        if not self.look.wide:
            return
        for cell in filter(None, row):
            stated = cell.row
            speaker = f"{stated.speaker}, " if stated.speaker else ""
            day = short_day(stated.last_stated, self.on)
            yield _note(
                plain(f"{stated.party}: {stated.summary} ({speaker}{day}){trace(stated.source, stated.position)}")
            )

    def _table(self, columns: dict[str, int], label: int, *, headed: bool) -> Table:
        table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold", show_header=headed)
        table.add_column(plain(self._prefix or "issue"), width=label - _GAP, overflow="fold")
        for party, width in columns.items():
            table.add_column(plain(party), no_wrap=True, width=width - _GAP)
        return table

    def _cell(self, cell: Cell, *, words: bool, ages: bool = True) -> Text:
        stance = cell.row.value
        word = f" {stance}" if words else ""
        text = Text(f"{GLYPHS[stance]}{word}{marks(cell, self.on, self.look.stale_after)}", style=STYLES[stance])
        if ages:
            text.append(f" {age(affirmed(cell), self.on)}", style="dim")
        return text

    def _notes(self, cells: Sequence[Cell]) -> Iterator[RenderableType]:
        """The conditions in force, both sides of what is contested, and whose stance a member takes."""
        for cell in cells:
            about = f"{plain(cell.row.party)} on {plain(self._label(cell.row.issue))}"
            if cell.inherited_from is not None:
                since = short_day(cell.row.since, self.on)
                yield _note(f"{about}: from {plain(cell.inherited_from)}, since {since}")
            if cell.row.conditions:
                conditions = plain("; ".join(cell.row.conditions))
                yield _note(f"{about}, if: {conditions} ({short_day(cell.naming.on, self.on)})")
            yield from self._contests(cell)

    def _contests(self, cell: Cell) -> Iterator[RenderableType]:
        about = f"{plain(cell.row.party)} on {plain(self._label(cell.row.issue))}"
        return (_note(f"{about}, contested: {sides(cell, other, self.on)}") for other in cell.contested_by)

    def _folded(self, issue: str, outcome: Closing, members: Sequence[Cell]) -> RenderableType:
        last = ", ".join(f"{cell.row.party} {self._cell(cell, words=False, ages=False)}" for cell in members)
        how = f"{outcome.outcome} {day_text(outcome.on)}"
        return _note(f"closed: {plain(tail(issue, self._prefix))}, {how} (last: {plain(last)})", style="dim")

    @property
    def _prefix(self) -> str:
        return self.group if any("/" in cell.row.issue for cell in self.cells) else ""

    def _label(self, issue: str) -> str:
        return tail(issue, self._prefix)


def _blocks(columns: dict[str, int], width: int) -> Iterator[list[str]]:
    """Split the parties into as few blocks as the width allows."""
    block: list[str] = []
    for party, column in columns.items():
        if block and sum(columns[one] for one in block) + column > width:
            yield block
            block = []
        block.append(party)
    yield block


def _note(text: str, *, style: str = "") -> RenderableType:
    return indented(Text(text, style=style))


def _signs(used: str, stale_after: int, *, withdrawn: bool) -> Text:
    values: tuple[Value, ...] = (*reversed(Stance), WITHDRAWN)
    stances = [f"{GLYPHS[value]} {value}" for value in values]
    first = "   ".join([*stances, f"{NONE} none on record"])
    ages = f"12d: last stated{', or withdrawn,' if withdrawn else ''} 12 days before"
    second = "   ".join([*filter(None, [legend(used, stale_after)]), ages])
    return Text(f"{first}\n{second}", style="dim")

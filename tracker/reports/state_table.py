"""The state on a terminal: a matrix of issues and parties, readable in 80 columns and pleasant in 160.

Colour adds nothing that glyphs do not show. Stances are written out if they fit, else only their glyphs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports.answers import ClosedIssue, IssueGroup, StateAnswer
from tracker.reports.formats import View
from tracker.reports.terminal import STYLES, grid, headline, indented
from tracker.reports.wording import (
    GLYPHS,
    NONE,
    affirmed,
    age,
    basis,
    day_text,
    filters_text,
    left_out,
    legend,
    short_day,
    sides,
    trace,
)

_NARROW, _GAP = 20, 2


def render_state(answer: StateAnswer) -> View:
    """A matrix of issues and parties for each group of issues, and a legend."""
    return lambda width: Group(*_parts(answer, width))


def _parts(answer: StateAnswer, width: int) -> Iterator[RenderableType]:
    state = answer.state
    rests_on = filters_text(state.scope) + basis(state)
    missing: list[RenderableType] = [Text(left_out(state.left_out_undated))] if state.left_out_undated else []
    if not state.cells:
        yield from (*headline(f"Nobody has a stance on record on {day_text(state.on)}.", rests_on), *missing)
        return
    yield from headline(f"State on {day_text(state.on)}", rests_on)
    for group in answer.groups:
        yield from ("", *_Block(group, answer, width).view())
    if answer.cut:
        yield from ("", Text(plain(answer.cut)))
    if missing:
        yield from ("", *missing)
    yield from ("", _signs(answer))


@dataclass(frozen=True, slots=True)
class _Block:
    """A group of issues: its matrix, the conditions and contests of its cells, and its closed issues in a line each."""

    group: IssueGroup
    answer: StateAnswer
    width: int

    def view(self) -> Iterator[RenderableType]:
        if self.group.parties:
            yield from self._matrix()
            yield from self._notes()
        else:
            yield Text(plain(self.group.name), style="bold")
        for closed in self.group.closed:
            yield self._closed_issue(closed)
            for cell in closed.cells:
                yield from self._contests(cell)

    def _matrix(self) -> Iterator[RenderableType]:
        """One table if it fits, with words or only glyphs for stances; else several."""
        longest = max(len(self._label(cell.row.issue)) for cell in self.group.open)
        label = max(_NARROW, min(longest, self.width * 2 // 5)) + _GAP
        widths = self._widths(words=True)
        words = sum(widths.values()) <= self.width - label
        if not words:
            widths = self._widths(words=False)
        for parties in _blocks(widths, self.width - label):
            columns = [(self._prefix or "issue", label), *((party, widths[party]) for party in parties)]
            yield from self._tables(parties, columns, words=words)

    def _widths(self, *, words: bool) -> dict[str, int]:
        """The width of each party's column with the gap behind it."""
        widths = {party: len(party) + _GAP for party in self.group.parties}
        for cell in self.group.open:
            party = cell.row.party
            widths[party] = max(widths[party], self._cell(cell, words=words).cell_len + _GAP)
        return widths

    def _tables(
        self, parties: Sequence[str], widths: Sequence[tuple[str, int]], *, words: bool
    ) -> Iterator[RenderableType]:
        rows: list[list[str | Text]] = []
        is_first = True
        for issue, cells in self.group.rows(parties):
            shown = (Text(NONE, style="dim") if cell is None else self._cell(cell, words=words) for cell in cells)
            rows.append([self._label(issue), *shown])
            if below := [*self._below(issue, cells)]:
                yield _table(widths, rows, headed=is_first)
                yield from below
                rows, is_first = [], False
        if rows:
            yield _table(widths, rows, headed=is_first)

    def _below(self, issue: str, cells: Sequence[Cell | None]) -> Iterator[RenderableType]:
        """The question of an issue, and what every party said."""
        if self.answer.names is not None and issue in self.answer.names.issues:
            yield _note(self.answer.names.issues[issue].question, style="dim italic")
        for cell in filter(None, cells if self.answer.wide else ()):
            row = cell.row
            speaker = f"{row.speaker}, " if row.speaker else ""
            said = f"{row.summary} ({speaker}{self._day(row.last_stated)})"
            yield _note(f"{row.party}: {said}{trace(row.source, row.position)}")

    def _cell(self, cell: Cell, *, words: bool, ages: bool = True) -> Text:
        stance = cell.row.value
        word = f" {stance}" if words else ""
        text = Text(f"{GLYPHS[stance]}{word}{self.answer.marks(cell)}", style=STYLES[stance])
        if ages:
            text.append(f" {age(affirmed(cell), self.answer.state.on)}", style="dim")
        return text

    def _notes(self) -> Iterator[RenderableType]:
        """The conditions in force, both sides of what is contested, and whose stance a member takes."""
        for cell in self.group.open:
            if cell.inherited_from is not None:
                yield _note(f"{self._about(cell)}: from {cell.inherited_from}, since {self._day(cell.row.since)}")
            if cell.row.conditions:
                conditions = "; ".join(cell.row.conditions)
                yield _note(f"{self._about(cell)}, if: {conditions} ({self._day(cell.naming.on)})")
            yield from self._contests(cell)

    def _contests(self, cell: Cell) -> Iterator[RenderableType]:
        for other in cell.contested_by:
            yield _note(f"{self._about(cell)}, contested: {sides(cell, other, self.answer.state.on)}")

    def _closed_issue(self, closed: ClosedIssue) -> RenderableType:
        last = ", ".join(f"{cell.row.party} {self._cell(cell, words=False, ages=False)}" for cell in closed.cells)
        how = f"{closed.closing.outcome} {day_text(closed.closing.on)}"
        return _note(f"closed: {self._label(closed.issue)}, {how} (last: {last})", style="dim")

    def _about(self, cell: Cell) -> str:
        return f"{cell.row.party} on {self._label(cell.row.issue)}"

    def _day(self, day: date) -> str:
        return short_day(day, self.answer.state.on)

    @property
    def _prefix(self) -> str:
        return self.group.name if any("/" in cell.row.issue for cell in self.group.cells) else ""

    def _label(self, issue: str) -> str:
        return issue.removeprefix(f"{self._prefix}/")


def _table(widths: Sequence[tuple[str, int]], rows: Sequence[Sequence[str | Text]], *, headed: bool) -> RenderableType:
    (label, wide), *parties = widths
    columns = [Column(plain(label), width=wide - _GAP, overflow="fold")]
    columns += [Column(plain(party), no_wrap=True, width=width - _GAP) for party, width in parties]
    return grid(columns, rows, headed=headed)


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
    return indented(Text(plain(text), style=style))


def _signs(answer: StateAnswer) -> Text:
    values = [f"{glyph} {value}" for value, glyph in GLYPHS.items()]
    withdrawn = any(cell.row.value is WITHDRAWN for cell in answer.state.cells)
    ages = f"12d: last stated{', or withdrawn,' if withdrawn else ''} 12 days before"
    first = "   ".join([*values, f"{NONE} none on record"])
    second = "   ".join([*filter(None, [legend(answer.signs, answer.stale_after)]), ages])
    return Text(f"{first}\n{second}", style="dim")

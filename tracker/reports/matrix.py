"""The state on a terminal: issues by parties, readable in 80 columns and pleasant in 160.

Glyphs say what colour says. Stances are written out if they fit, else their glyphs stand alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.domain.registers import Registers
from tracker.domain.state import Closed, State
from tracker.domain.timeline import InEffect, Step
from tracker.domain.visible import plain
from tracker.domain.vocabulary import Stance
from tracker.reports.terminal import STYLES
from tracker.reports.words import (
    GLYPHS,
    NONE,
    age,
    basis,
    day_text,
    left_out,
    legend,
    marks,
    short_day,
    stance_word,
    step_marks,
    tail,
)

_NARROW, _GAP = 20, 2


def state_view(state: State, width: int, names: Registers | None = None) -> RenderableType:
    """The matrix of issues and parties, a block for each group of issues, with what the signs stand for.

    With `names`, each issue's question stands below it.
    """
    missing: list[RenderableType] = [Text(left_out(state.left_out_undated))] if state.left_out_undated else []
    if not state.rows:
        return Group(Text(f"Nobody has a stance on record on {day_text(state.on)}."), *missing)
    rests_on = basis(state.known_at, state.published_by, state.log.position)
    parts: list[RenderableType] = [Text(f"State on {day_text(state.on)}   {rests_on}", style="bold")]
    closed = {row.issue: row.closed for row in state.rows if row.closed}
    for group, members in groupby(state.held, key=lambda one: one.step.event.issue.split("/")[0]):
        block = _Block(group, tuple(members), state.on, width, names)
        parts += ["", *block.view(closed)]
    signs = "".join(marks(one, state.on) for one in state.held)
    parts += ["", *missing] if missing else []
    return Group(*parts, "", _signs(signs))


@dataclass(frozen=True, slots=True)
class _Block:
    """A group of issues: its matrix, what conditions and contest its cells, and its closed issues folded."""

    group: str
    held: tuple[InEffect, ...]
    on: date
    width: int
    names: Registers | None

    def view(self, closed: dict[str, Closed]) -> Iterator[RenderableType]:
        still_open = [one for one in self.held if one.step.event.issue not in closed]
        if still_open:
            yield from self._matrix(still_open)
            yield from self._notes(still_open)
        else:
            yield Text(plain(self.group), style="bold")
        for issue, members in groupby(self.held, key=lambda one: one.step.event.issue):
            if issue in closed:
                yield self._folded(issue, closed[issue], list(members))

    def _matrix(self, held: Sequence[InEffect]) -> Iterator[RenderableType]:
        """One table if it fits, with the stances' words or, failing that, their glyphs; else several."""
        longest = max(len(self._label(one.step)) for one in held)
        label = max(_NARROW, min(longest, self.width * 2 // 5)) + _GAP
        columns = self._columns(held, words=True)
        words = sum(columns.values()) <= self.width - label
        if not words:
            columns = self._columns(held, words=False)
        for parties in _blocks(columns, self.width - label):
            some = [one for one in held if one.step.event.party in parties]
            yield from self._tables(some, {party: columns[party] for party in parties}, label, words=words)

    def _columns(self, held: Sequence[InEffect], *, words: bool) -> dict[str, int]:
        """How wide each party's column is, with the gap behind it; those with most stances come first."""
        widths: dict[str, int] = {}
        stances = Counter(one.step.event.party for one in held)
        for one in sorted(held, key=lambda one: (-stances[one.step.event.party], one.step.event.party)):
            party = one.step.event.party
            widths[party] = max(widths.get(party, len(party) + _GAP), self._cell(one, words=words).cell_len + _GAP)
        return widths

    def _tables(
        self, held: Sequence[InEffect], columns: dict[str, int], label: int, *, words: bool
    ) -> Iterator[RenderableType]:
        by_pair = {(one.step.event.issue, one.step.event.party): one for one in held}
        table = self._table(columns, label, headed=True)
        for issue in dict.fromkeys(one.step.event.issue for one in held):
            cells = (by_pair.get((issue, party)) for party in columns)
            shown = (Text(NONE, style="dim") if one is None else self._cell(one, words=words) for one in cells)
            table.add_row(Text(plain(tail(issue, self._prefix))), *shown)
            if self.names is not None and issue in self.names.issues:
                yield table
                yield _note(plain(self.names.issues[issue].question), style="dim italic")
                table = self._table(columns, label, headed=False)
        if table.row_count:
            yield table

    def _table(self, columns: dict[str, int], label: int, *, headed: bool) -> Table:
        table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold", show_header=headed)
        table.add_column(plain(self._prefix or "issue"), width=label - _GAP, overflow="fold")
        for party, width in columns.items():
            table.add_column(plain(party), no_wrap=True, width=width - _GAP)
        return table

    def _cell(self, held: InEffect, *, words: bool, ages: bool = True) -> Text:
        stance = held.step.stance
        word = f" {stance_word(stance)}" if words else ""
        cell = Text(f"{GLYPHS[stance]}{word}{marks(held, self.on)}", style=STYLES[stance])
        if ages:
            since = held.last_stated if stance else held.since
            cell.append(f" {age(since, self.on)}", style="dim")
        return cell

    def _notes(self, held: Sequence[InEffect]) -> Iterator[RenderableType]:
        """The conditions in force with the day they were stated, and both sides of what is contested."""
        for one in held:
            about = f"{plain(one.step.event.party)} on {plain(self._label(one.step))}"
            if one.conditions:
                conditions = plain("; ".join(one.conditions))
                yield _note(f"{about}, if: {conditions} ({self._day(one.conditions_step or one.step)})")
            for other in one.contested_by:
                yield _note(f"{about}, contested: {self._side(one.step)} against {self._side(other)}")

    def _side(self, step: Step) -> str:
        speaker = plain(step.event.speaker or "no named speaker")
        return f"{stance_word(step.stance)}{step_marks(step)} ({speaker}, {self._day(step)})"

    def _folded(self, issue: str, outcome: Closed, members: Sequence[InEffect]) -> RenderableType:
        last = ", ".join(f"{one.step.event.party} {self._cell(one, words=False, ages=False)}" for one in members)
        how = f"{outcome.outcome} {day_text(outcome.on)}"
        return _note(f"closed: {plain(tail(issue, self._prefix))}, {how} (last: {plain(last)})", style="dim")

    @property
    def _prefix(self) -> str:
        return self.group if any("/" in one.step.event.issue for one in self.held) else ""

    def _label(self, step: Step) -> str:
        return tail(step.event.issue, self._prefix)

    def _day(self, step: Step) -> str:
        return short_day(step.day.effective, self.on)


def _blocks(columns: dict[str, int], width: int) -> Iterator[list[str]]:
    """The parties, in as few rows of columns as the width allows."""
    block: list[str] = []
    for party, column in columns.items():
        if block and sum(columns[one] for one in block) + column > width:
            yield block
            block = []
        block.append(party)
    yield block


def _note(text: str, *, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, 2))


def _signs(used: str) -> Text:
    stances = [f"{GLYPHS[stance]} {stance_word(stance)}" for stance in (*reversed(Stance), None)]
    first = "   ".join([*stances, f"{NONE} none on record"])
    second = "   ".join([*filter(None, [legend(used)]), "12d: last stated 12 days before"])
    return Text(f"{first}\n{second}", style="dim")

"""The state on a day as a picture: issues by parties, each cell in the colour and with the sign of what is held."""

from collections.abc import Iterator, Sequence

from tracker.charts.frame import EDGE, NARROWEST_WIDE, closing_sentences, heading, sentences, told_in_words
from tracker.charts.layout.legend import STROKES, Key, legend, red_line
from tracker.charts.layout.letters import wrapped
from tracker.charts.shapes import Box, Line, Picture, Shape, Words
from tracker.domain.terms.amounts import NO_FIGURE, Amount
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN, Value
from tracker.reports.basis import Basis
from tracker.reports.positions.choices import Attitude, Choice, attitude_of, option_name
from tracker.reports.positions.details import RED_LINE
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import (
    CONVERTED,
    EACH_FOR_ITSELF,
    GLYPHS,
    NONE,
    bare_value_text,
    glyph_of,
    is_converted,
    unit_heading,
    value_class,
)
from tracker.reports.state_answer import IssueGroup, StateAnswer
from tracker.reports.wording import MARKS, affirmed, age, day_text, stated_text

ISSUES, COLUMN, NARROW_COLUMN, WIDEST = 236, 76, 88, 132
"""Widths in pixels: of the column of issues, of that of a party at least, also on a narrow paper, and at most."""
TEXT, LINE = 11, 14
MOST_CLOSED = 20
"""How many closed issues are told below a group."""


def matrix_picture(answer: StateAnswer, width: int) -> Picture:
    """Return the picture of a state, so many pixels wide, in as many tables as all parties need."""
    drawn = _Matrix(answer, width)
    state = answer.state
    basis = Basis(
        state.on, state.known_at, state.published_by, state.scope, state.log, state.left_out_undated, state.listing
    )
    title = f"Who stood where on {day_text(state.on)}"
    shapes, top = heading(title, "", basis, width)
    for group in answer.groups:
        more, top = drawn.group(group, top)
        shapes += more
    empty = "" if state.cells or state.closed else answer.nobody
    keys, top = legend(_keys(answer), left=EDGE, right=width - EDGE, top=top + 4)
    below, bottom = sentences([empty, answer.silent, *closing_sentences(basis, answer.cut)], width, top + 2)
    return Picture(title, _told(answer), width, bottom + EDGE, (*shapes, *keys, *below))


def _told(answer: StateAnswer) -> str:
    names = answer.shown_names
    held = (
        f"{names.party(cell.row.party)} on {names.issue(cell.row.issue)}: {bare_value_text(cell.row.value)}"
        for cell in answer.state.cells
    )
    return told_in_words(held) or answer.nobody


class _Matrix:
    """The tables of a state as they are drawn."""

    def __init__(self, answer: StateAnswer, width: int) -> None:
        self.answer, self.width = answer, width
        self.names = answer.shown_names
        self.narrow = width < NARROWEST_WIDE
        self.left = EDGE if self.narrow else EDGE + ISSUES
        self.most = int((width - EDGE - self.left) / (NARROW_COLUMN if self.narrow else COLUMN))

    def group(self, group: IssueGroup, top: float) -> tuple[list[Shape], float]:
        """Return the shapes of the issues that are shown together, and the height at which they end."""
        shapes: list[Shape] = [
            Line(EDGE, self.width - EDGE, top + 4, top + 4),
            Words(EDGE, top + 24, self.names.title(group.name), "accent", 15, bold=True),
        ]
        top += 30
        panels = self._panels(group.parties)
        for parties in panels:
            more, top = self._panel(parties, group, self._column(panels[0]), top)
            shapes += more
        for choice in group.choices:
            panels = self._panels([one.party for one in choice.parties])
            for parties in panels:
                more, top = self._choice(choice, parties, self._column(panels[0]), top)
                shapes += more
        for closed in group.folded[:MOST_CLOSED]:
            told = f"{self.names.title(closed.issue)}: {outcome_words(closed.closing, self.names)}"
            for line in wrapped(f"{told} on {day_text(closed.closing.on)}", TEXT, self.width - 2 * EDGE):
                top += LINE
                shapes.append(Words(EDGE, top, line, "soft", TEXT))
        more_closed = len(group.folded) - MOST_CLOSED
        if more_closed > 0:
            top += LINE
            shapes.append(Words(EDGE, top, f"and {more_closed:,} more closed issues", "soft", TEXT))
        return shapes, top + 10

    def _panels(self, parties: Sequence[str]) -> list[Sequence[str]]:
        """Divide parties among as few tables as hold them, about equally many in each."""
        number = -(-len(parties) // self.most)
        each = -(-len(parties) // number) if number else 1
        return [parties[at : at + each] for at in range(0, len(parties), each)]

    def _column(self, parties: Sequence[str]) -> float:
        """Return how wide the column of one of so many parties is."""
        return min((self.width - EDGE - self.left) / len(parties), WIDEST)

    def _panel(self, parties: Sequence[str], group: IssueGroup, wide: float, top: float) -> tuple[list[Shape], float]:
        shapes, top = self._head(parties, wide, top)
        for issue, cells in group.rows(parties):
            notes = filter(None, (unit_heading(group.units.get(issue)), EACH_FOR_ITSELF * (issue in group.own_issues)))
            more, below = self._issue(issue, ", ".join(notes), top)
            shapes += more
            start = below if self.narrow else top
            lines = [self._lines(cell, wide) for cell in cells]
            height = max(24, *(LINE * len(some) + 7 for some in lines))
            for at, (cell, texts) in enumerate(zip(cells, lines, strict=True)):
                shapes += self._cell(cell, texts, self.left + at * wide, start, wide, height)
            top = max(below, start + height) + 5
        return shapes, top + 8

    def _head(self, parties: Sequence[str], wide: float, top: float) -> tuple[list[Shape], float]:
        """Return the names of the parties above their columns."""
        shapes, most = list[Shape](), 0
        for at, party in enumerate(parties):
            left = self.left + at * wide + 2
            shapes.append(Words(left, top + 16, party, "ink", 12, bold=True))
            name = self.names.name(party)
            lines = wrapped(name, 10, wide - 6, most=3) if name != party else []
            shapes += [Words(left, top + 28 + 12 * number, line, "soft", 10) for number, line in enumerate(lines)]
            most = max(most, len(lines))
        return shapes, top + 22 + 12 * most

    def _issue(self, issue: str, note: str, top: float) -> tuple[list[Shape], float]:
        """Return the title of an issue with its path, beside its row or above it."""
        room = (self.width - EDGE if self.narrow else self.left) - EDGE - 8
        title = self.names.title(issue)
        lines = [(line, "ink", 12, True) for line in wrapped(title, 12, room, bold=True)]
        below = note if title == issue else ", ".join(filter(None, (issue, note)))
        lines += [(line, "soft", 10, False) for line in wrapped(below, 10, room)]
        shapes, base = list[Shape](), top
        for text, role, size, bold in lines:
            base += 14 if bold else 12
            shapes.append(Words(EDGE, base, text, role, size, bold=bold))
        return shapes, base + 5

    def _lines(self, cell: Cell | None, wide: float) -> list[str]:
        """Return what stands in a cell: what is held, with its marks, and how long ago it was affirmed."""
        if cell is None:
            return [NONE]
        value, room = cell.row.value, wide - 12 - STROKES * cell.row.red_line
        marks = self.answer.marks(cell).replace(RED_LINE, "")
        sign = "" if value is NO_FIGURE else glyph_of(value)
        words = f"{sign} {bare_value_text(value, cell.unit, converted=is_converted(cell.statement))}".strip()
        lines = wrapped(f"{words}{marks}", TEXT, room, bold=True, most=3)
        if sign and len(lines) > 1:
            lines = [f"{sign}{marks}"]
        return [*lines, age(affirmed(cell), self.answer.state.on)] if cell.row.closed is None else lines

    def _cell(
        self, cell: Cell | None, lines: Sequence[str], left: float, top: float, wide: float, height: float
    ) -> Iterator[Shape]:
        right, bottom = left + wide - 4, top + height
        if cell is None:
            yield Box(left, right, top, bottom, "faint")
            yield Words((left + right) / 2, top + height / 2 + 4, NONE, "soft", TEXT, anchor="center")
            return
        role = value_class(cell.row.value)
        is_dashed = cell.row.value in (WITHDRAWN, NO_FIGURE)
        told = self._told(cell)
        yield Box(left, right, top, bottom, role, told, cell.row.position, dashed=is_dashed, rounded=3)
        if cell.row.red_line:
            yield from red_line(right - STROKES, top + 11)
        has_age = cell.row.closed is None
        for at, line in enumerate(lines):
            is_age = has_age and at == len(lines) - 1
            yield Words(left + 5, top + LINE * (at + 1), line, f"{role}-ink", 10 if is_age else TEXT, bold=not is_age)

    def _told(self, cell: Cell) -> str:
        row, on = cell.row, self.answer.state.on
        value = bare_value_text(row.value, cell.unit, converted=is_converted(cell.statement))
        who = f" ({row.speaker})" if row.speaker else ""
        said = f"{stated_text(row.stated_on, on)}: {row.summary}{who}"
        return (
            f"{self.names.party(row.party)} on {self.names.title(row.issue)}: {value}{self.answer.marks(cell)}. {said}"
        )

    def _choice(self, choice: Choice, parties: Sequence[str], wide: float, top: float) -> tuple[list[Shape], float]:
        """Return a row of what parties say of the options of a choice: a line for each option, with its sign."""
        more, below = self._issue(choice.issue, choice.heading(self.names), top)
        head, start = self._head(parties, wide, below - 4 if self.narrow else top)
        columns = [self._options(choice, party, wide) for party in parties]
        height = max(sum(len(lines) for _, lines in column) * LINE + 7 for column in columns)
        shapes = [*more, *head]
        for at, column in enumerate(columns):
            left, base = self.left + at * wide, start
            shapes.append(Box(left, left + wide - 4, start, start + height, "faint"))
            for cell, lines in column:
                role = value_class(cell.row.value)
                top_of, base = base, base + LINE * len(lines)
                shapes.append(
                    Box(left, left + wide - 4, top_of + 2, base + 3, role, self._told(cell), cell.row.position)
                )
                if cell.row.red_line:
                    shapes += red_line(left + wide - 4 - STROKES, top_of + 10)
                for number, line in enumerate(lines):
                    shapes.append(Words(left + 5, top_of + 13 + LINE * number, line, f"{role}-ink", TEXT, bold=True))
        return shapes, max(below, start + height) + 13

    def _options(self, choice: Choice, party: str, wide: float) -> list[tuple[Cell, list[str]]]:
        held = next(one for one in choice.parties if one.party == party)
        found = []
        for attitude, cells in held.attitudes:
            for cell in cells:
                name = (
                    self.names.option(cell.row.issue, choice.issue)
                    if self.answer.titles
                    else option_name(cell.row.issue, choice.issue)
                )
                marks = self.answer.marks(cell).replace(RED_LINE, "")
                room = wide - 12 - STROKES * cell.row.red_line
                found.append((cell, wrapped(f"{attitude.sign} {name}{marks}", TEXT, room, bold=True, most=3)))
        return found


def _keys(answer: StateAnswer) -> Iterator[Key]:
    values: set[Value] = {cell.row.value for cell in answer.whole.shown}
    for value, glyph in GLYPHS.items():
        if value in values:
            yield Key(str(value), value_class(value), glyph, dashed=value in (WITHDRAWN, NO_FIGURE))
    if any(attitude_of(cell.statement) is Attitude.CAN_LIVE_WITH for cell in answer.whole.shown if cell.choice):
        yield Key(Attitude.CAN_LIVE_WITH.words, "neutral", Attitude.CAN_LIVE_WITH.sign)
    if any(isinstance(value, Amount) for value in values):
        yield Key("amount", "amount")
    signs = {sign for cell in answer.whole.shown for sign in answer.marks(cell)}
    if any(is_converted(cell.statement) for cell in answer.whole.shown):
        signs.add(CONVERTED)
    if RED_LINE in signs:
        yield Key(MARKS[RED_LINE], "line", form="strokes")
    for sign, words in MARKS.items():
        if sign in signs and sign != RED_LINE:
            yield Key(words.format(days=answer.stale_after), "soft", sign)
    if answer.has_open_issues:
        yield Key("5d, 3y: how long ago it was last affirmed", form="none")

"""The state on a terminal: a matrix of issues and parties, readable in 80 columns and pleasant in 160.

Colour adds nothing that glyphs do not show. Stances are written out if they fit, else only their glyphs. Widths are
those of a display, where letters of Chinese, Japanese and Korean take two columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports.basis import basis, filters_text
from tracker.reports.cell_notes import Note, NoteKind
from tracker.reports.formats import View
from tracker.reports.positions.choices import Choice, PartyChoice, brief_text, option_name
from tracker.reports.positions.details import RED_LINE, about_text
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import (
    EACH_FOR_ITSELF,
    GLYPHS,
    NONE,
    bare_value_text,
    glyph_of,
    is_converted,
    unit_heading,
)
from tracker.reports.state_answer import ClosedIssue, IssueGroup, StateAnswer
from tracker.reports.tables.terminal import TOGETHER, grid, headline, indented, longest_segment, path_text, style_of
from tracker.reports.wording import (
    NO_STANCE,
    affirmed,
    age,
    day_text,
    how_stated,
    left_out,
    legend,
    stated_text,
    trace,
    whose_words,
)

_NARROW, _GAP = 20, 2
_NAME = 12
"""The columns of a display that a party's name takes at least, where it is that long."""


def render_state(answer: StateAnswer) -> View:
    """A matrix of issues and parties for each group of issues, and a legend."""
    return lambda width: Group(*_parts(answer, width))


def _parts(answer: StateAnswer, width: int) -> Iterator[RenderableType]:
    state = answer.state
    rests_on = filters_text(state.scope, state.listing) + basis(state)
    sentences = filter(None, (left_out(state.left_out_undated), answer.silent))
    missing: list[RenderableType] = [Text(plain(sentence)) for sentence in sentences]
    nobody = answer.nobody
    if not state.cells and not state.closed:
        yield from (*headline(nobody, rests_on), *missing)
        return
    yield from headline(f"State on {day_text(state.on)}" if state.cells else nobody, rests_on)
    for group in answer.groups:
        yield from ("", *_Block(group, answer, width).view())
    if answer.cut:
        yield from ("", Text(plain(answer.cut)))
    if missing:
        yield from ("", *missing)
    if state.cells:
        yield from ("", _signs(answer))


_NOTES = tuple(kind for kind in NoteKind if kind is not NoteKind.WITHDRAWN)
"""The matrix itself says since when a stance is withdrawn."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A group of issues: its matrix, the conditions and contests of its cells, and its closed issues in a line each."""

    group: IssueGroup
    answer: StateAnswer
    width: int

    def view(self) -> Iterator[RenderableType]:
        if self.group.parties:
            yield from self._matrix()
        else:
            yield Text(plain(self.group.name), style="bold")
        for choice in self.group.choices:
            yield from self._choice(choice)
        yield from self._notes(self.group.shown, _NOTES)
        for closed in self.group.folded:
            yield self._closed_issue(closed)
            yield from self._notes(closed.cells, (NoteKind.CONTESTED,))

    def _matrix(self) -> Iterator[RenderableType]:
        """One table if it fits, with words or only glyphs for stances; else several."""
        label = self._label_width() + _GAP
        room = self.width - label
        widths = self._widths(words=True)
        words = sum(widths.values()) <= room
        if not words:
            widths = self._widths(words=False)
        for at, parties in enumerate(_blocks(widths, room)):
            if at:
                yield ""
            columns = [min(widths[party], room) for party in parties]
            yield from self._tables(parties, [label, *columns], words=words)

    def _label_width(self) -> int:
        """Two fifths of the width where labels are that long, and up to three for a long segment of a path."""
        paths = [self._below_prefix(cell.row.issue) for cell in self.group.in_matrix]
        longest = max(map(_width, map(self._whole_label, {cell.row.issue for cell in self.group.in_matrix})))
        segment = max(map(longest_segment, paths))
        return max(_NARROW, min(longest, self.width * 2 // 5), min(segment, self.width * 3 // 5))

    def _widths(self, *, words: bool) -> dict[str, int]:
        """The width of each party's column with the gap behind it."""
        widths = {party: self._name_width(party) + _GAP for party in self.group.parties}
        for cell in self.group.in_matrix:
            party = cell.row.party
            widths[party] = max(widths[party], _width(self._cell(cell, words=words)) + _GAP)
        return widths

    def _name_width(self, party: str) -> int:
        return max(cell_len(plain(party)), min(_NAME, cell_len(plain(self.answer.shown_names.name(party)))))

    def _tables(self, parties: Sequence[str], widths: Sequence[int], *, words: bool) -> Iterator[RenderableType]:
        rows: list[list[Text]] = []
        heads = [Text(plain(self._prefix or "issue")), *map(self._heading, parties)]
        is_first = True
        for issue, cells in self.group.rows(parties):
            shown = (Text(NONE, style="dim") if cell is None else self._cell(cell, words=words) for cell in cells)
            rows.append([self._label(issue, widths[0] - _GAP), *shown])
            if below := [*self._below(issue, cells)]:
                yield _table(heads, widths, rows, headed=is_first)
                yield from below
                rows, is_first = [], False
        if rows:
            yield _table(heads, widths, rows, headed=is_first)

    def _below(self, issue: str, cells: Iterable[Cell | None]) -> Iterator[RenderableType]:
        """The question of an issue, and what every party said: how, to whom, when and where."""
        names = self.answer.names
        if self.answer.questions and names is not None and issue in names.issues:
            yield _note(names.issues[issue].question, style="dim italic")
        for cell in filter(None, cells if self.answer.wide else ()):
            if not self.group.is_quoting(cell):
                continue
            row = cell.row
            speaker = f"{row.speaker}, " if row.speaker else ""
            said = f"{row.summary} ({speaker}{stated_text(row.stated_on, self.answer.state.on)})"
            said += f" ({about})" if (about := about_text(cell.statement)) else ""
            where = trace(row.source, row.position, cell.statement.locator)
            option = f" on {option_name(row.issue, cell.choice)}" if cell.choice else ""
            yield _note(f"{whose_words(cell)}{option}{how_stated(cell.statement)}: {said}{where}")

    def _cell(self, cell: Cell, *, words: bool, ages: bool = True) -> Text:
        value = cell.row.value
        text = Text(f"{_held_text(cell, words=words)}{self.answer.marks(cell)}", style=style_of(value))
        text.highlight_words([RED_LINE], "bold red")
        if ages:
            text.append(f" {age(affirmed(cell), self.answer.state.on)}", style="dim")
        return text

    def _choice(self, choice: Choice) -> Iterator[RenderableType]:
        """A choice, and in a line for each party what it says of the options."""
        title, path, _ = self._label_lines(choice.issue)
        label = Text("  ").join([*title, path])
        label.append(f"  {plain(choice.heading())}:", style="dim")
        yield label
        if self.answer.questions:
            yield from self._below(choice.issue, ())
        columns = [Column(no_wrap=True), Column(overflow="fold", ratio=1)]
        yield indented(grid(columns, [(row.party, self._attitudes(row)) for row in choice.parties]))
        if self.answer.wide:
            yield from self._below("", choice.cells)

    def _attitudes(self, row: PartyChoice, *, ages: bool = True) -> Text:
        """What a party says of the options of a choice, each with its marks and its age."""
        text = Text()
        for attitude, cells in row.attitudes:
            text.append("   " if text else "")
            style = style_of(cells[0].row.value)
            text.append(f"{attitude.sign}{TOGETHER}{attitude.words} ", style=style)
            for at, cell in enumerate(cells):
                option = plain(option_name(cell.row.issue, cell.choice))
                text.append(f"{', ' if at else ''}{option}{self.answer.marks(cell)}", style=style)
                if ages:
                    text.append(f" {age(affirmed(cell), self.answer.state.on)}", style="dim")
        text.highlight_words([RED_LINE], "bold red")
        return text

    def _notes(self, cells: Iterable[Cell], kinds: Sequence[NoteKind]) -> Iterator[RenderableType]:
        """Whose stance members take, the conditions in force, and both sides of what is contested."""
        for note in self.group.notes(cells, self.answer.state.on):
            if note.kind in kinds:
                yield self._note_line(note)

    def _note_line(self, note: Note) -> RenderableType:
        return _note(note.line(self._below_prefix(note.issue)))

    def _closed_issue(self, closed: ClosedIssue) -> RenderableType:
        if options := closed.of_choice:
            last = "; ".join(f"{row.party} {brief_text(row, self.answer.marks)}" for row in options)
        else:
            last = ", ".join(f"{cell.row.party} {self._cell(cell, words=False, ages=False)}" for cell in closed.cells)
        how = f"{outcome_words(closed.closing)} {day_text(closed.closing.on)}"
        stood = f"last: {last}" if last else NO_STANCE
        return _note(f"closed: {self._below_prefix(closed.issue)}, {how} ({stood})", style="dim")

    def _heading(self, party: str) -> Text:
        """A party's code, below its name if names are wanted."""
        name = self.answer.shown_names.name(party)
        return Text(plain(party) if name == party else f"{plain(name)}\n{plain(party)}")

    def _label(self, issue: str, width: int) -> Text:
        """An issue's path without the group's name, below its title if titles are wanted."""
        title, path, unit = self._label_lines(issue)
        lines = [*title, path_text(path.plain, width, style="dim" if title else ""), *unit]
        return Text("\n").join(lines)

    def _whole_label(self, issue: str) -> Text:
        title, path, unit = self._label_lines(issue)
        return Text("\n").join([*title, path, *unit])

    def _label_lines(self, issue: str) -> tuple[list[Text], Text, list[Text]]:
        """An issue's title if titles are wanted, its path, the unit of a quantity, and whether each has its own."""
        title, unit = self.answer.shown_names.title(issue), unit_heading(self.group.units.get(issue))
        titles = [] if title == issue else [Text(plain(title))]
        more = filter(None, (plain(unit), EACH_FOR_ITSELF * (issue in self.group.own_issues)))
        return titles, Text(plain(self._below_prefix(issue))), [Text(text, style="dim") for text in more]

    @property
    def _prefix(self) -> str:
        issues = (*(cell.row.issue for cell in self.group.cells), *(closed.issue for closed in self.group.bare))
        return self.group.name if any("/" in issue for issue in issues) else ""

    def _below_prefix(self, issue: str) -> str:
        return issue.removeprefix(f"{self._prefix}/")


def _held_text(cell: Cell, *, words: bool) -> str:
    """A value with its sign; where words do not fit the sign alone, and an amount in two lines."""
    value, converted = cell.row.value, is_converted(cell.statement)
    if isinstance(value, Amount):
        text = bare_value_text(value, cell.unit, converted=converted)
        return text if words or len(text) < _NARROW // 2 else "\n".join(text.rsplit(" ", 1))
    return f"{glyph_of(value)} {value}" if words else glyph_of(value)


def _width(text: Text) -> int:
    """The columns of a display that the longest line of a text takes."""
    return max(map(cell_len, text.plain.split("\n")))


def _table(
    heads: Sequence[Text], widths: Sequence[int], rows: Iterable[Sequence[Text]], *, headed: bool
) -> RenderableType:
    columns = (Column(head, width=width - _GAP, overflow="fold") for head, width in zip(heads, widths, strict=True))
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
    """The legend of what the state shows, and of nothing else."""
    first = [f"{glyph}{TOGETHER}{value}" for value, glyph in GLYPHS.items() if value in answer.values_in_matrix]
    first += [f"{sign}{TOGETHER}{words}" for sign, words in answer.signs_of_closed]
    first += [f"{NONE}{TOGETHER}none on record"] * answer.has_gaps
    second = [sign for sign in [legend(answer.signs, answer.stale_after, space=TOGETHER)] if sign]
    if answer.has_open_issues:
        second.append(f"12d: last stated{', or withdrawn,' if WITHDRAWN in answer.values else ''} 12 days before")
    return Text("\n".join("   ".join(line) for line in (first, second) if line), style="dim")

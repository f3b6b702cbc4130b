"""The state on a day as renderers take it: its rows as data, and its cells in tables of issues and parties."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.domain.terms.columns import columns_of, row_data
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.staleness import STALE_AFTER
from tracker.domain.timeline.state import Cell, State, StateRow
from tracker.domain.timeline.statement import Pair, Value
from tracker.reports.answers import NARROW, Rows, render_parts
from tracker.reports.basis import nothing_found
from tracker.reports.cell_notes import Note, NoteKind, collect_notes
from tracker.reports.names import WithNames
from tracker.reports.positions.choices import Attitude, Choice, PartyChoice, attitude_of, choices_of
from tracker.reports.positions.values import CONVERTED, GLYPHS, is_converted
from tracker.reports.wording import day_text, marks

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers


def state_rows(rows: Iterable[StateRow], left_out_undated: int) -> Rows:
    """The rows of a state as they come (DESIGN section 7)."""
    return Rows(rows, columns_of(StateRow), left_out_undated=left_out_undated, as_row=row_data)


_BLOCS = ("inherited_from", "through")
"""Columns of a member's row: the bloc whose stance it is, and the member of it through which it belongs to it."""


def is_folded(closed: Closing | None, issue: str, on: date, scope: Scope) -> bool:
    """Whether an issue is closed, and neither on the day itself nor asked for by its path."""
    return closed is not None and closed.on != on and issue not in scope.issues


@dataclass(frozen=True, slots=True)
class StateAnswer(WithNames):
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
        """The fields of a row (DESIGN section 7); with whose stance is shown, if members inherit."""
        return (*columns_of(StateRow), *(_BLOCS if self.state.inherits else ()))

    @property
    def rows(self) -> list[dict[str, Any]]:
        if not self.state.inherits:
            return [row_data(cell.row) for cell in self.state.cells]
        return [
            {**row_data(cell.row), **{column: getattr(cell, column) for column in _BLOCS}} for cell in self.state.cells
        ]

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
        shown = (statement for cell in self.state.cells for statement in (cell.statement, *cell.contested_by))
        converted = any(map(is_converted, shown))
        return "".join(map(self.marks, self.state.cells)) + CONVERTED * converted

    @property
    def values(self) -> set[Value]:
        """All values in the state, for its legend."""
        return {cell.row.value for cell in self.state.cells}

    @property
    def values_in_matrix(self) -> set[Value]:
        """Those of them that show as signs: what is said of options is in words."""
        return {cell.row.value for cell in self.state.cells if cell.choice is None}

    @property
    def signs_of_closed(self) -> list[tuple[str, str]]:
        """The signs that closed choices alone show, each with its words."""
        shown = {GLYPHS.get(value) for value in self.values_in_matrix}
        options = (cell for cell in self.state.cells if cell.choice is not None and self.is_folded(cell))
        used = {attitude_of(cell.statement) for cell in options}
        return [(one.sign, one.words) for one in Attitude if one in used and one.sign not in shown]

    @property
    def has_open_issues(self) -> bool:
        """Whether any issue is open, so that the age of a stance shows."""
        return any(cell.row.closed is None for cell in self.state.cells)

    @property
    def has_gaps(self) -> bool:
        """Whether any table has an empty cell, of a party with nothing on record on an issue."""
        return any(len(group.parties) > len(cells) for group in self.groups for _, cells in group.by_issue)

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
        return IssueGroup("", tuple(cells), tuple(order), folded, _quoting(cells), tuple(bare))

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
    def nobody(self) -> str:
        """A sentence for a state without rows."""
        day = day_text(self.state.on)
        nobody = f"Nobody has a stance on record on {day}."
        return nothing_found(nobody, f"Nothing on record on {day}", self.state.scope, self.state.listing)

    @property
    def silent(self) -> str:
        """A sentence on the parties asked for that have no row; empty if all have."""
        parties = self.state.silent_parties
        return f"No position on record: {', '.join(parties)}." if parties else ""


def _quoting(cells: Iterable[Cell]) -> frozenset[Pair]:
    """Return the pairs that show their words: those of a bloc show once, with the bloc itself or else one member."""
    first: dict[str, Pair] = {}
    for cell in sorted(cells, key=lambda cell: cell.inherited_from is not None):
        first.setdefault(cell.row.event_id, (cell.row.issue, cell.row.party))
    return frozenset(first.values())


class ClosedIssue(NamedTuple):
    """An issue that was closed, with its outcome and its parties' last stances, if any had one."""

    issue: str
    closing: Closing
    cells: tuple[Cell, ...]

    @property
    def of_choice(self) -> Sequence[PartyChoice]:
        """Of a choice, what the parties last said of its options; empty for any other issue."""
        if not self.cells or self.cells[0].choice != self.issue:
            return ()
        parties = tuple(dict.fromkeys(cell.row.party for cell in self.cells))
        return choices_of(self.cells, parties)[0].parties


def _fold_options(closed: Sequence[ClosedIssue]) -> list[ClosedIssue]:
    """Fold the closed options of closed choices under these."""
    options = {one.issue: one.cells[0].choice for one in closed if one.cells}
    choices = {one.issue: one for one in closed if one.issue in options.values() or one.closing.option is not None}
    found: list[ClosedIssue] = []
    for one in closed:
        if one.issue in choices:
            cells = (cell for other in closed if options.get(other.issue) == one.issue for cell in other.cells)
            found.append(one._replace(cells=tuple(cells)))
        elif options.get(one.issue) not in choices and (one.cells or one.issue.rpartition("/")[0] not in choices):
            found.append(one)
    return found


class IssueGroup(NamedTuple):
    """The cells of issues that are shown together, and the parties of the whole answer in the order of its tables.

    `quoting` are the pairs that show their words, `bare` the closed issues without a cell.
    """

    name: str
    cells: tuple[Cell, ...]
    order: tuple[str, ...]
    folded_issues: frozenset[str]
    quoting: frozenset[Pair]
    bare: tuple[ClosedIssue, ...] = ()

    def is_quoting(self, cell: Cell) -> bool:
        """Whether a cell shows its words: a bloc's show once."""
        return (cell.row.issue, cell.row.party) in self.quoting

    @property
    def shown(self) -> list[Cell]:
        """The cells of open issues, and of closed ones that keep their rows."""
        return [cell for cell in self.cells if cell.row.issue not in self.folded_issues]

    @property
    def in_matrix(self) -> list[Cell]:
        """Those of them that are not options of choices."""
        return [cell for cell in self.shown if cell.choice is None]

    @property
    def choices(self) -> list[Choice]:
        """The choices on whose options there are cells, each a row that folds them."""
        closings = {one.issue: one.closing for one in self.bare}
        found = choices_of(self.shown, self.order)
        return [choice._replace(closing=closings.get(choice.issue)) for choice in found]

    @property
    def told_at_choices(self) -> frozenset[str]:
        """The choices that are shown with their options, and these, where the choice tells of closing or reopening."""
        told = [choice for choice in self.choices if choice.closing or choice.reopened]
        return frozenset([*(one.issue for one in told), *(cell.row.issue for one in told for cell in one.cells)])

    def notes(self, cells: Iterable[Cell], on: date) -> list[Note]:
        """The notes on cells, without those on the closing or reopening of options that the choice tells."""
        told = self.told_at_choices
        endings = (NoteKind.CLOSED, NoteKind.REOPENED)
        return [note for note in collect_notes(cells, on) if note.kind not in endings or note.issue not in told]

    @property
    def folded(self) -> list[ClosedIssue]:
        """The other closed issues, and those without a cell."""
        issues = groupby(self.cells, key=lambda cell: (cell.row.issue, cell.row.closed))
        folded = [
            ClosedIssue(issue, closing, tuple(cells))
            for (issue, closing), cells in issues
            if closing is not None and issue in self.folded_issues
        ]
        told = {choice.issue for choice in self.choices if choice.closing}
        bare = (one for one in self.bare if not told & {one.issue, one.issue.rpartition("/")[0]})
        return sorted(_fold_options([*folded, *bare]), key=lambda closed: closed.issue.split("/"))

    @property
    def units(self) -> dict[str, str]:
        """The unit of each quantity."""
        return {cell.row.issue: cell.unit for cell in self.cells if cell.unit is not None}

    @property
    def own_issues(self) -> set[str]:
        """The issues on which each party answers for itself."""
        return {cell.row.issue for cell in self.cells if cell.own}

    @property
    def parties(self) -> list[str]:
        """The parties with a cell in the matrix, in order."""
        present = {cell.row.party for cell in self.in_matrix}
        return [party for party in self.order if party in present]

    @property
    def by_issue(self) -> list[tuple[str, list[Cell]]]:
        """The cells of each issue in the matrix."""
        return [(issue, list(cells)) for issue, cells in groupby(self.in_matrix, key=lambda cell: cell.row.issue)]

    def rows(self, parties: Sequence[str]) -> list[tuple[str, list[Cell | None]]]:
        """The issues in the matrix on which any of the parties has a cell, and the cell of each, None without one."""
        cells = {(cell.row.issue, cell.row.party): cell for cell in self.in_matrix if cell.row.party in parties}
        issues = dict.fromkeys(issue for issue, _ in cells)
        return [(issue, [cells.get((issue, party)) for party in parties]) for issue in issues]

"""Choices as people read them: under each choice what every party says of its options."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN, Statement, Value
from tracker.reports.names import CODES, Names
from tracker.reports.positions.details import can_live_with
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import NO_BREAK
from tracker.reports.wording import day_text


class Attitude(Enum):
    """What a party says of an option: its sign and its words, in the order in which they are shown."""

    SUPPORTS = "+", "supports"
    CONDITIONAL = "~", "conditionally supports"
    CAN_LIVE_WITH = "o", "can live with"
    UNDECIDED = "=", "is undecided on"
    DOUBTS = "-", "doubts"
    OPPOSES = "x", "opposes"
    WITHDREW = "w", "withdrew its stance on"

    @property
    def sign(self) -> str:
        """The sign."""
        return self.value[0]

    @property
    def words(self) -> str:
        """The words before the options."""
        return self.value[1]


def attitude_of(statement: Statement) -> Attitude:
    """Return what the party of a statement says of the option."""
    if can_live_with(statement):
        return Attitude.CAN_LIVE_WITH
    return _ATTITUDES.get(statement.value, Attitude.UNDECIDED)


_ATTITUDES: Mapping[Value, Attitude] = {
    Stance.SUPPORTS: Attitude.SUPPORTS,
    Stance.CONDITIONAL: Attitude.CONDITIONAL,
    Stance.SCEPTICAL: Attitude.DOUBTS,
    Stance.OPPOSES: Attitude.OPPOSES,
    WITHDRAWN: Attitude.WITHDREW,
}


class PartyChoice(NamedTuple):
    """What a party says of the options of a choice."""

    party: str
    cells: tuple[Cell, ...]

    @property
    def attitudes(self) -> list[tuple[Attitude, list[Cell]]]:
        """The options by what the party says of them, in the order of what it is nearest to."""
        order = list(Attitude)
        cells = sorted(self.cells, key=lambda cell: (order.index(attitude_of(cell.statement)), cell.row.issue))
        return [(one, list(some)) for one, some in groupby(cells, key=lambda cell: attitude_of(cell.statement))]


def brief_text(row: PartyChoice, marks: Callable[[Cell], str]) -> str:
    """Return what a party says of the options by signs alone: `+ phase-down x phase-out†`."""
    said = []
    for attitude, cells in row.attitudes:
        options = (f"{option_name(cell.row.issue, cell.choice)}{marks(cell)}" for cell in cells)
        said.append(f"{attitude.sign}{NO_BREAK}{', '.join(options)}")
    return " ".join(said)


def attitudes_text(row: PartyChoice, marks: Callable[[Cell], str]) -> str:
    """Return what a party says of the options in words: `+ supports phase-down; x opposes phase-out†`."""
    said = []
    for attitude, cells in row.attitudes:
        options = (f"{option_name(cell.row.issue, cell.choice)}{marks(cell)}" for cell in cells)
        said.append(f"{attitude.sign}{NO_BREAK}{attitude.words} {', '.join(options)}")
    return "; ".join(said)


class Choice(NamedTuple):
    """A choice, and what the parties say of its options, each in a row; with its closing, if it is closed."""

    issue: str
    parties: tuple[PartyChoice, ...]
    closing: Closing | None = None

    def heading(self, names: Names = CODES) -> str:
        """What stands behind its name: how it was closed, or since when it is open again."""
        if self.closing is not None:
            return f"one of these options, {outcome_words(self.closing, names)} on {day_text(self.closing.on)}"
        return f"one of these options{f', open again since {day_text(self.reopened)}' if self.reopened else ''}"

    @property
    def reopened(self) -> date | None:
        """The day since which it is open again, as all its options are."""
        days = {cell.reopened for cell in self.cells}
        return days.pop() if len(days) == 1 else None

    @property
    def cells(self) -> list[Cell]:
        """All cells of its options, by party."""
        return [cell for party in self.parties for cell in party.cells]


def choices_of(cells: Iterable[Cell], order: Sequence[str]) -> list[Choice]:
    """Fold the options among cells under their choices, with the parties in an order."""
    folded: dict[str, dict[str, list[Cell]]] = {}
    for cell in cells:
        if cell.choice is not None:
            folded.setdefault(cell.choice, {}).setdefault(cell.row.party, []).append(cell)
    return [
        Choice(choice, tuple(PartyChoice(party, tuple(some[party])) for party in order if party in some))
        for choice, some in folded.items()
    ]


def option_name(option: str, choice: str | None) -> str:
    """Return the path of an option below its choice."""
    return option.removeprefix(f"{choice}/")

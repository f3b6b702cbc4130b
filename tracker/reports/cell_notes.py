"""The notes on cells of the state, the same in every format.

They say whose stance a member takes, for whom a party spoke, what it answers, its conditions, and what contests it.
What holds of several parties on an issue, as of the members of a bloc, is one note.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports.conditions import conditions_text
from tracker.reports.positions.details import in_force_text, joint_text
from tracker.reports.positions.joint import joint_groups
from tracker.reports.positions.outcomes import outcome_words, succession_text
from tracker.reports.wording import (
    EARLIER_WORDING,
    day_text,
    earlier_government,
    inherited_from,
    made_for,
    sides,
    stated_text,
)


class NoteKind(StrEnum):
    """The subject of a note."""

    CLOSED = "closed"
    REOPENED = "reopened"
    INHERITED = "from"
    WITHDRAWN = "withdrawn"
    CONDITIONS = "conditions"
    CONTESTED = "contested"
    MADE_FOR = "made for"
    EARLIER = "earlier"
    LEFT = "left"
    BESIDES = "besides"
    JOINT = "joint"


class Note(NamedTuple):
    """A note on the stance of parties on an issue or, without parties, on the issue."""

    kind: NoteKind
    issue: str
    parties: tuple[str, ...]
    text: str

    def line(self, issue: str) -> str:
        """The note with the parties and the issue, which goes by this label."""
        if not self.parties:
            return f"{issue}, {self.text}"
        colon = ":" if self.kind is NoteKind.INHERITED else ","
        return f"{self.who} on {issue}{colon} {self.text}"

    @property
    def who(self) -> str:
        """The parties."""
        return ", ".join(self.parties)


def collect_notes(cells: Iterable[Cell], on: date) -> list[Note]:
    """Return the notes on cells, in the order of issues and then of cells, with equal ones in one."""
    by_issue: dict[str, list[Cell]] = {}
    for cell in cells:
        by_issue.setdefault(cell.row.issue, []).append(cell)
    return [note for issue, some in by_issue.items() for note in _notes_on_issue(issue, some, on)]


def _notes_on_issue(issue: str, cells: Iterable[Cell], on: date) -> Iterator[Note]:
    cells = list(cells)
    if (closed := cells[0].row.closed) is not None:
        yield Note(NoteKind.CLOSED, issue, (), f"closed: {outcome_words(closed)} on {day_text(closed.on)}")
    elif (reopened := cells[0].reopened) is not None:
        yield Note(NoteKind.REOPENED, issue, (), f"open again since {day_text(reopened)}")
    members: dict[str, list[Cell]] = {}
    found: dict[tuple[NoteKind, str], list[str]] = {}
    shown = {cell.row.party for cell in cells}
    for cell in cells:
        told = cell
        if cell.inherited_from is not None:
            members.setdefault(inherited_from(cell), []).append(cell)
            if cell.inherited_from in shown:  # whose own line says it of its government
                told = cell._replace(row=cell.row._replace(government_since=None))
        for kind, text in dict.fromkeys(_remarks(told, on)):  # one statement recorded twice contests once
            found.setdefault((kind, text), []).append(cell.row.party)
    yield from _joint(issue, cells)
    for bloc, some in members.items():
        yield _inherited(issue, bloc, some, on)
    for (kind, text), parties in found.items():
        yield Note(kind, issue, tuple(parties), text)


def _joint(issue: str, cells: Iterable[Cell]) -> Iterator[Note]:
    """One note for all who made a statement together; those whose record differs have one of their own."""
    own = [cell.statement for cell in cells if cell.inherited_from is None]
    for statements in joint_groups(own):
        parties = tuple(one.party for one in statements)
        how = "jointly" if len(parties) > 1 else joint_text(statements[0])
        yield Note(NoteKind.JOINT, issue, parties, f"stated {how}")


def _inherited(issue: str, bloc: str, members: Iterable[Cell], on: date) -> Note:
    """Members with their bloc's stance; those that hold it since another day than most say since when."""
    since = {cell.row.party: stated_text(cell.since_stated, on) for cell in members}
    most = Counter(since.values()).most_common(1)[0][0]
    parties = (party if day == most else f"{party} (since {day})" for party, day in since.items())
    return Note(NoteKind.INHERITED, issue, tuple(parties), f"from {bloc}, since {most}")


def _remarks(cell: Cell, on: date) -> Iterator[tuple[NoteKind, str]]:
    row = cell.row
    if cell.succession is not None:
        yield NoteKind.EARLIER, succession_text(cell.succession)
    if row.value is WITHDRAWN and cell.inherited_from is None:
        yield NoteKind.WITHDRAWN, f"withdrawn since {stated_text(cell.since_stated, on)}"
    if cell.left_blocs:
        yield NoteKind.LEFT, f"leaves the position of {', '.join(cell.left_blocs)}"
    for text in made_for(row):
        yield NoteKind.MADE_FOR, text
    if text := in_force_text(cell):
        yield NoteKind.BESIDES, text
    if row.reworded:
        yield NoteKind.EARLIER, EARLIER_WORDING
    if row.government_since is not None:
        yield NoteKind.EARLIER, earlier_government(row.government_since, cell.inherited_from)
    if row.conditions:
        named = stated_text(cell.naming.stated_on, on)
        yield NoteKind.CONDITIONS, f"{conditions_text(row.conditions, row.value)} ({named})"
    for other in cell.contested_by:
        yield NoteKind.CONTESTED, f"contested: {sides(cell, other, on)}"

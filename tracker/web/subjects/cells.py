"""What the pages of an issue and of a party share: cells of the state with their marks and notes."""

from datetime import date
from functools import partial
from typing import Any

from tracker.domain.timeline.state import Cell
from tracker.reports.cell_notes import NoteKind, collect_notes
from tracker.reports.wording import marks


def telling_cells(on: date) -> dict[str, Any]:
    """The functions by which a template tells a cell on a day."""
    return {"marks_of": partial(marks, on=on), "notes_of": partial(_notes, on=on)}


_TOLD_APART = {NoteKind.CLOSED, NoteKind.INHERITED, NoteKind.WITHDRAWN, NoteKind.CONDITIONS, NoteKind.CONTESTED}
"""Notes whose words stand in the cell itself, with links to entries."""


def _notes(cell: Cell, *, on: date) -> list[str]:
    return [note.text for note in collect_notes([cell], on) if note.kind not in _TOLD_APART]

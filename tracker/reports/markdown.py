"""Answers as Markdown (CommonMark with pipe tables); text from outside is escaped."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.state import Cell, State
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports.answers import ClosedIssue, IssueGroup, Rows, StateAnswer
from tracker.reports.formats import Rendering
from tracker.reports.wording import STALE_AFTER, day_text, filters_text, left_out, legend, sides, with_speaker

if TYPE_CHECKING:
    from tracker.domain.answers.report import Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!$&^@]|:(?=\S)|(?<=www)\.)")


def escape(text: str) -> str:
    """Escape text so that every character stands for itself, also inside a table."""
    return _SPECIAL.sub(r"\\\1", plain(text)).replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A pipe table; the cells are already Markdown."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def render_rows(answer: Rows) -> Rendering:
    """The rows of an answer as people see them, in a table."""
    headings, rows, cut = answer.for_people()
    text = table(headings, ([escape(cell) for cell in row] for row in rows))
    return Rendering(f"{text}\n{escape(cut)}\n" if cut else text, before=left_out(answer.left_out_undated))


def render_state(answer: StateAnswer) -> str:
    """The state on a day: a table row for each pair, what contests it, and the closed issues under their outcome."""
    state = answer.state
    group = IssueGroup("", state.cells)
    columns = ("issue", "party", "stance", "since", "last affirmed", "conditions", "summary", "source")
    rows = [_state_row(cell, answer) for cell in group.open]
    text = [f"# State on {day_text(state.on)}\n", table(columns, rows) if rows else "No stance on an open issue.\n"]
    if notes := [note for cell in state.cells for note in _cell_notes(cell, state.on)]:
        text.append("\n".join(notes) + "\n")
    if answer.cut:
        text.append(f"{escape(answer.cut)}\n")
    if answer.names is not None:
        issues = dict.fromkeys(cell.row.issue for cell in state.cells)
        questions = [f"- {escape(issue)}: {escape(answer.names.issues[issue].question)}" for issue in issues]
        text.append("\n".join(["## Questions\n", *questions]) + "\n")
    if closed := [_closed_issue(row, answer) for row in group.closed]:
        text.append("\n".join(["## Closed\n", *closed]) + "\n")
    return "\n".join([*text, *signs_text(answer.signs, answer.stale_after), rests_on(state), ""])


def _state_row(cell: Cell, answer: StateAnswer) -> list[str]:
    row = cell.row
    stance = f"{row.value}{answer.marks(cell)}"
    last = row.last_stated.isoformat() if row.value is not WITHDRAWN else ""
    summary, conditions = with_speaker(row.summary, row.speaker), "; ".join(row.conditions)
    cells = (row.issue, row.party, stance, row.since.isoformat(), last, conditions, summary, row.source or "")
    return [escape(text) for text in cells]


def _cell_notes(cell: Cell, on: date) -> Iterator[str]:
    about = f"- **{escape(cell.row.party)}** on {escape(cell.row.issue)}"
    if cell.inherited_from is not None:
        yield f"{about}: from {escape(cell.inherited_from)}, since {day_text(cell.row.since)}"
    for other in cell.contested_by:
        yield f"{about}, contested: {escape(sides(cell, other, on))}"


def _closed_issue(closed: ClosedIssue, answer: StateAnswer) -> str:
    last = ", ".join(f"{cell.row.party} {cell.row.value}{answer.marks(cell)}" for cell in closed.cells)
    how = f"{closed.closing.outcome} on {day_text(closed.closing.on)}"
    return f"- **{escape(closed.issue)}**: {how} (last: {escape(last)})"


def signs_text(used: str, stale_after: int = STALE_AFTER) -> list[str]:
    """The legend of the marks among these characters, as a paragraph; none without any."""
    return [f"{escape(legend(used, stale_after))}\n"] if legend(used) else []


def rests_on(answer: "State | Report") -> str:
    """The line below an answer: its filters, its cut-offs and the log position."""
    known = f", known at {answer.known_at}" if answer.known_at else ""
    public = f", published by {answer.published_by}" if answer.published_by else ""
    only = f", {filters_text(answer.scope).strip()}" if filters_text(answer.scope) else ""
    undated = f" {left_out(answer.left_out_undated)}" if answer.left_out_undated else ""
    return f"Log position {answer.log.position}, hash {answer.log.hash.hex()}{known}{public}{escape(only)}.{undated}"

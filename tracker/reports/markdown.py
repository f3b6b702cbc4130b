"""Answers as Markdown (CommonMark with pipe tables), in which text from outside stays text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from tracker.domain.changes import Change, ContextRow
from tracker.domain.relations import Related
from tracker.domain.report import Report
from tracker.domain.revisions import Correction
from tracker.domain.state import Cell, State
from tracker.domain.visible import plain
from tracker.reports.brief import Brief, PairBrief, brief
from tracker.reports.change_words import (
    correction_text,
    learned_context_text,
    learned_text,
    marked_stance,
    relation_text,
    since_text,
)
from tracker.reports.words import (
    PLAIN,
    STALE_AFTER,
    Look,
    day_text,
    filters_text,
    left_out,
    legend,
    marks,
    sides,
    stance_before,
    stance_word,
    terms,
    times,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!$&^@]|:(?=\S)|(?<=www)\.)")


def escape(text: str) -> str:
    """Text whose every character stands for itself in Markdown, also inside a table."""
    return _SPECIAL.sub(r"\\\1", plain(text)).replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A pipe table; the cells are already Markdown."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def state_markdown(state: State, look: Look = PLAIN) -> str:
    """The state on a day: a table row for each pair, what contests it, and the closed issues under their outcome."""
    rows = [_state_row(cell, state, look) for cell in state.cells if cell.row.closed is None]
    closed = [cell for cell in state.cells if cell.row.closed is not None]
    columns = ("issue", "party", "stance", "since", "last affirmed", "conditions", "summary", "source")
    text = [f"# State on {day_text(state.on)}\n", table(columns, rows) if rows else "No stance on an open issue.\n"]
    if notes := [note for cell in state.cells for note in _cell_notes(cell, state.on)]:
        text.append("\n".join(notes) + "\n")
    if look.names is not None:
        asked = dict.fromkeys(cell.row.issue for cell in state.cells)
        questions = [f"- {escape(issue)}: {escape(look.names.issues[issue].question)}" for issue in asked]
        text.append("\n".join(["## Questions\n", *questions]) + "\n")
    if closed:
        folded = groupby(closed, key=lambda cell: cell.row.issue)
        lines = [_folded(issue, list(members), state, look) for issue, members in folded]
        text.append("## Closed\n\n" + "\n".join(lines) + "\n")
    signs = "".join(marks(cell, state.on, look.stale_after) for cell in state.cells)
    return "\n".join([*text, *_legend(signs, look.stale_after), _basis(state), ""])


def _state_row(cell: Cell, state: State, look: Look) -> list[str]:
    row = cell.row
    stance = f"{stance_word(row.stance)}{marks(cell, state.on, look.stale_after)}"
    last = row.last_stated.isoformat() if row.stance else ""
    who = f" ({row.speaker})" if row.speaker else ""
    conditions = "; ".join(row.conditions)
    told = (row.issue, row.party, stance, row.since.isoformat(), last, conditions, row.summary + who, row.source or "")
    return [escape(cell) for cell in told]


def _cell_notes(cell: Cell, on: date) -> Iterator[str]:
    about = f"- **{escape(cell.row.party)}** on {escape(cell.row.issue)}"
    if cell.inherited_from is not None:
        yield f"{about}: from {escape(cell.inherited_from)}, since {day_text(cell.row.since)}"
    for other in cell.contested_by:
        yield f"{about}, contested: {escape(sides(cell, other, on))}"


def _folded(issue: str, members: Sequence[Cell], state: State, look: Look) -> str:
    closed = members[0].row.closed
    assert closed is not None
    last = ", ".join(
        f"{cell.row.party} {stance_word(cell.row.stance)}{marks(cell, state.on, look.stale_after)}" for cell in members
    )
    return f"- **{escape(issue)}**: {closed.outcome} on {day_text(closed.on)} (last: {escape(last)})"


def report_markdown(report: Report) -> str:
    """The change report as a brief: outcomes, moved, amended, new, reaffirmed as counts, context."""
    parts = brief(report)
    text = [f"# Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}\n"]
    sections: tuple[tuple[str, Iterable[str]], ...] = (
        ("Outcomes", (_context(row) for row in parts.outcomes)),
        ("Moved", _pairs(parts.moved, report.conditions)),
        ("Amended conditions", _pairs(parts.amended, report.conditions)),
        ("New on record", _pairs(parts.new, report.conditions)),
        ("Reaffirmed only", (_reaffirmed(pair) for pair in parts.reaffirmed)),
        ("Relations that changed", map(_relation, parts.relations)),
        (since_text(report), _learned(parts)),
        ("Our corrections (no party moved)", map(_correction, parts.corrections)),
        ("Context", (_context(row) for row in parts.milestones)),
    )
    for heading, lines in sections:
        if found := list(lines):
            text.append(f"## {heading}\n\n" + "\n".join(found) + "\n")
    if len(text) == 1:
        text.append("Nothing changed.\n")
    signs = "".join(marked_stance(change) for change in report.changes)
    return "\n".join([*text, *_legend(signs), _basis(report), ""])


def _pairs(pairs: Iterable[PairBrief], conditions: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for pair in pairs:
        moved = f"{stance_before(pair.from_stance)} → {escape(marked_stance(pair.last))}"
        reaffirmed = f" (and reaffirmed {times(pair.reaffirmed)})" if pair.reaffirmed else ""
        yield f"- **{escape(pair.party)}** on {escape(pair.issue)}: {moved}{reaffirmed}"
        yield from (_step(step, conditions.get(step.event_id)) for step in pair.steps)


def _step(step: Change, stated: tuple[str, ...] | None) -> str:
    quote = f" “{escape(step.quote)}”" if step.quote else ""
    speaker = f" {escape(step.speaker)}." if step.speaker else ""
    stance = escape(marked_stance(step))
    conditions = f" {escape(terms(stated))}" if stated is not None else ""
    told = f"{escape(step.summary)}{quote}{speaker}{conditions}"
    return f"  - {day_text(step.on)}, {step.kind}, {stance}: {told} {_trace(step.source, step.event_id)}"


def _context(row: ContextRow) -> str:
    outcome = f"**{escape(', '.join(row.issues))}**: {row.outcome}. " if row.outcome else ""
    return f"- {day_text(row.on)}: {outcome}{escape(row.title)} {_trace(row.source, row.event_id)}"


def _reaffirmed(pair: PairBrief) -> str:
    return (
        f"- {escape(pair.party)} on {escape(pair.issue)}: {escape(marked_stance(pair.last))}, {times(pair.reaffirmed)}"
    )


def _learned(parts: Brief) -> Iterator[str]:
    for pair in parts.learned:
        stances = f"{stance_before(pair.from_stance)} as known then, {stance_before(pair.to_stance)} as known now"
        yield f"- **{escape(pair.party)}** on {escape(pair.issue)}: {stances}"
        yield from (f"  - {escape(learned_text(row))} {_trace(row.source, row.event_id)}" for row in pair.rows)
    yield from (f"- {escape(learned_context_text(row))} (event {row.event_id})" for row in parts.learned_context)


def _relation(related: Related) -> str:
    events = ", ".join(stood.event_id for stood in related.now)
    return f"- {escape(relation_text(related))} (events {events})"


def _correction(row: Correction) -> str:
    told = f"{correction_text(row)}. {row.reason} ({row.recorded_by}, {day_text(row.recorded_at.date())})"
    return f"- {escape(told)} (event {row.event_id})"


def _trace(source: str | None, event_id: str) -> str:
    return f"(source {escape(source or 'none')}; event {event_id})"


def _legend(used: str, stale_after: int = STALE_AFTER) -> list[str]:
    return [f"{escape(legend(used, stale_after))}\n"] if legend(used) else []


def _basis(answer: State | Report) -> str:
    known = f", known at {answer.known_at}" if answer.known_at else ""
    public = f", published by {answer.published_by}" if answer.published_by else ""
    only = f", {filters_text(answer.scope).strip()}" if filters_text(answer.scope) else ""
    undated = f" {left_out(answer.left_out_undated)}" if answer.left_out_undated else ""
    return f"Log position {answer.log.position}, hash {answer.log.hash.hex()}{known}{public}{escape(only)}.{undated}"

"""Answers as Markdown (CommonMark with pipe tables), in which text from outside stays text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracker.domain.changes import Change, ContextRow, Report
from tracker.domain.state import State
from tracker.domain.visible import plain
from tracker.reports.brief import PairBrief, brief
from tracker.reports.words import (
    day_text,
    left_out,
    legend,
    marked_stance,
    marks,
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


def state_markdown(state: State) -> str:
    """The state on a day, a table row for each pair, and what the log position was."""
    rows = []
    for row, held in zip(state.rows, state.held, strict=True):
        stance = f"{stance_word(row.stance)}{marks(held, state.on)}"
        closed = f"{row.closed.outcome} {row.closed.on}" if row.closed else ""
        conditions = "; ".join(row.conditions)
        told = (row.issue, row.party, stance, row.since.isoformat(), row.last_stated.isoformat(), conditions)
        rows.append([*map(escape, (*told, row.summary, row.source or "", closed))])
    columns = ("issue", "party", "stance", "since", "last stated", "conditions", "summary", "source", "closed")
    signs = "".join(marks(held, state.on) for held in state.held)
    return "\n".join([f"# State on {day_text(state.on)}\n", table(columns, rows), *_legend(signs), _basis(state), ""])


def report_markdown(report: Report) -> str:
    """The change report as a brief: outcomes, moved, amended, new, reaffirmed as counts, context."""
    parts = brief(report)
    text = [f"# Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}\n"]
    sections: tuple[tuple[str, Iterator[str]], ...] = (
        ("Outcomes", (_context(row) for row in parts.outcomes)),
        ("Moved", _pairs(parts.moved, report.conditions)),
        ("Amended conditions", _pairs(parts.amended, report.conditions)),
        ("New on record", _pairs(parts.new, report.conditions)),
        ("Reaffirmed only", (_reaffirmed(pair) for pair in parts.reaffirmed)),
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


def _trace(source: str | None, event_id: str) -> str:
    return f"(source {escape(source or 'none')}; event {event_id})"


def _legend(used: str) -> list[str]:
    return [f"{escape(legend(used))}\n"] if legend(used) else []


def _basis(answer: State | Report) -> str:
    known = f", known at {answer.known_at}" if answer.known_at else ""
    public = f", published by {answer.published_by}" if answer.published_by else ""
    undated = f" {left_out(answer.left_out_undated)}" if answer.left_out_undated else ""
    return f"Log position {answer.log.position}, hash {answer.log.hash.hex()}{known}{public}.{undated}"

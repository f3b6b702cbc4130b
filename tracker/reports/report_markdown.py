"""The change report as Markdown."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from tracker.domain.answers.changes import Change
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.corrections import Correction
from tracker.domain.answers.relations import RelationShift
from tracker.domain.answers.report import Report
from tracker.reports.change_wording import (
    correction_text,
    learned_context_text,
    learned_text,
    marked_stance,
    relation_text,
)
from tracker.reports.markdown import escape, rests_on, signs_text
from tracker.reports.report_sections import Brief, PairBrief, ReportAnswer, brief, sections
from tracker.reports.wording import day_text, stance_before, terms, times


def render_report(answer: ReportAnswer) -> str:
    """The change report as a brief: outcomes, moved, amended, new, reaffirmed as counts, context."""
    report = answer.report
    parts = brief(report)
    text = [f"# Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}\n"]
    for section in sections(report, parts):
        lines = "\n".join(_SHOWN[section.anchor](report, parts))
        text.append(f"## {section.heading}\n\n{lines}\n")
    if len(text) == 1:
        text.append("Nothing changed.\n")
    signs = "".join(marked_stance(change) for change in report.changes)
    return "\n".join([*text, *signs_text(signs), rests_on(report), ""])


def _pairs(pairs: Iterable[PairBrief], conditions: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for pair in pairs:
        moved = f"{stance_before(pair.from_value)} → {escape(marked_stance(pair.last))}"
        reaffirmed = f" (and reaffirmed {times(pair.reaffirmed)})" if pair.reaffirmed else ""
        yield f"- **{escape(pair.party)}** on {escape(pair.issue)}: {moved}{reaffirmed}"
        yield from (_step(step, conditions.get(step.event_id)) for step in pair.steps)


def _step(step: Change, stated: tuple[str, ...] | None) -> str:
    quote = f" “{escape(step.quote)}”" if step.quote else ""
    speaker = f" {escape(step.speaker)}." if step.speaker else ""
    stance = escape(marked_stance(step))
    conditions = f" {escape(terms(stated))}" if stated is not None else ""
    words = f"{escape(step.summary)}{quote}{speaker}{conditions}"
    return f"  - {day_text(step.on)}, {step.kind}, {stance}: {words} {_trace(step.source, step.event_id)}"


def _context(row: ContextRow) -> str:
    outcome = f"**{escape(', '.join(row.issues))}**: {row.outcome}. " if row.outcome else ""
    return f"- {day_text(row.on)}: {outcome}{escape(row.title)} {_trace(row.source, row.event_id)}"


def _reaffirmed(pair: PairBrief) -> str:
    return (
        f"- {escape(pair.party)} on {escape(pair.issue)}: {escape(marked_stance(pair.last))}, {times(pair.reaffirmed)}"
    )


def _learned(parts: Brief) -> Iterator[str]:
    for pair in parts.learned:
        stances = f"{stance_before(pair.from_value)} as known then, {stance_before(pair.to_value)} as known now"
        yield f"- **{escape(pair.party)}** on {escape(pair.issue)}: {stances}"
        yield from (f"  - {escape(learned_text(row))} {_trace(row.source, row.event_id)}" for row in pair.rows)
    yield from (f"- {escape(learned_context_text(row))} (event {row.event_id})" for row in parts.learned_context)


def _relation(related: RelationShift) -> str:
    events = ", ".join(stood.event_id for stood in related.now)
    return f"- {escape(relation_text(related))} (events {events})"


def _correction(row: Correction) -> str:
    text = f"{correction_text(row)}. {row.reason} ({row.recorded_by}, {day_text(row.recorded_at.date())})"
    return f"- {escape(text)} (event {row.event_id})"


def _trace(source: str | None, event_id: str) -> str:
    return f"(source {escape(source or 'none')}; event {event_id})"


_SHOWN: Mapping[str, Callable[[Report, Brief], Iterable[str]]] = {
    "outcomes": lambda _, parts: map(_context, parts.outcomes),
    "moved": lambda report, parts: _pairs(parts.moved, report.conditions),
    "amended": lambda report, parts: _pairs(parts.amended, report.conditions),
    "new": lambda report, parts: _pairs(parts.new, report.conditions),
    "reaffirmed": lambda _, parts: map(_reaffirmed, parts.reaffirmed),
    "relations": lambda _, parts: map(_relation, parts.relations),
    "learned": lambda _, parts: _learned(parts),
    "corrections": lambda _, parts: map(_correction, parts.corrections),
    "context": lambda _, parts: map(_context, parts.context),
}
"""The renderer of each section, by anchor."""

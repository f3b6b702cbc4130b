"""The change report as Markdown."""

from collections.abc import Callable, Mapping
from typing import Any

from tracker.domain.answers.changes import Change
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.corrections import Correction
from tracker.domain.answers.learned import LateContext
from tracker.domain.answers.relations import RelationShift
from tracker.reports.markdown import escape, rests_on, signs_text
from tracker.reports.report_sections import (
    PairBrief,
    PairLearned,
    ReportAnswer,
    learned_context_text,
    learned_text,
    relation_text,
    revision_text,
    sections,
)
from tracker.reports.wording import day_text, marked_stance, stance_before, terms, times


def render_report(answer: ReportAnswer) -> str:
    """The change report as a brief: outcomes, moved, amended, new, reaffirmed as counts, context."""
    report = answer.report
    text = [f"# Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}\n"]
    for section in sections(report):
        items = "\n".join(map(_SHOWN[section.anchor], section.rows))
        text.append(f"## {section.heading}\n\n{items}\n")
    if len(text) == 1:
        text.append("Nothing changed.\n")
    return "\n".join([*text, *signs_text(answer.signs), rests_on(report), ""])


def _pair(pair: PairBrief) -> str:
    moved = f"{stance_before(pair.from_value)} → {escape(marked_stance(pair.last))}"
    reaffirmed = f" (and reaffirmed {times(len(pair.reaffirmed))})" if pair.reaffirmed else ""
    headline = f"- **{escape(pair.party)}** on {escape(pair.issue)}: {moved}{reaffirmed}"
    return "\n".join([headline, *(_step(step, pair.conditions.get(step.event_id)) for step in pair.steps)])


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
    stance = f"{escape(marked_stance(pair.last))}, {times(len(pair.reaffirmed))}"
    return f"- {escape(pair.party)} on {escape(pair.issue)}: {stance}"


def _learned(found: PairLearned | LateContext) -> str:
    if isinstance(found, LateContext):
        return f"- {escape(learned_context_text(found))} (event {found.event_id})"
    stances = f"{stance_before(found.from_value)} as known then, {stance_before(found.to_value)} as known now"
    rows = (f"  - {escape(learned_text(row))} {_trace(row.source, row.event_id)}" for row in found.rows)
    return "\n".join([f"- **{escape(found.party)}** on {escape(found.issue)}: {stances}", *rows])


def _relation(related: RelationShift) -> str:
    events = ", ".join(stood.event_id for stood in related.now)
    return f"- {escape(relation_text(related))} (events {events})"


def _correction(row: Correction) -> str:
    return f"- {escape(revision_text(row))} (event {row.event_id})"


def _trace(source: str | None, event_id: str) -> str:
    return f"(source {escape(source or 'none')}; event {event_id})"


_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "outcomes": _context,
    "moved": _pair,
    "amended": _pair,
    "new": _pair,
    "reaffirmed": _reaffirmed,
    "relations": _relation,
    "learned": _learned,
    "corrections": _correction,
    "context": _context,
}
"""The function that renders an item of each section, by anchor."""

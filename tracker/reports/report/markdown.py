"""The change report as Markdown."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tracker.domain.answers.changes import Change
from tracker.domain.report.context import ContextRow
from tracker.domain.report.context_revisions import LateContext
from tracker.domain.report.corrections import Correction
from tracker.domain.report.learned import LateEntry
from tracker.domain.report.options import OptionShift
from tracker.domain.timeline.statement import Statement
from tracker.reports.markdown import cite, escape, rests_on, signs_text, sources_text
from tracker.reports.names import Names
from tracker.reports.notes import Notes
from tracker.reports.positions.details import details_text, quote_text
from tracker.reports.positions.values import kind_text
from tracker.reports.report.data import ReportAnswer
from tracker.reports.report.items import closing_note, outcome_text
from tracker.reports.report.learned import LearnedOccurrence, PairLearned, learned_text
from tracker.reports.report.occurrences import OccurrenceGroup
from tracker.reports.report.options import option_text
from tracker.reports.report.outcomes import OutcomeBrief
from tracker.reports.report.pairs import ChoiceBrief, PairBrief
from tracker.reports.report.relations import RelationBrief, relation_text
from tracker.reports.report.revisions import RevisionChain
from tracker.reports.report.sections import counts_text, earlier_days_text, sections
from tracker.reports.steps import lapsed_text, marked_stance, stance_after, step_day
from tracker.reports.wording import day_text, times, voice


class _Reader(NamedTuple):
    """The names that a reader wants to see, and the notes of the document."""

    names: Names
    notes: Notes


def render_report(answer: ReportAnswer) -> str:
    """The change report as a brief: outcomes, moved, amended, new, reaffirmed as counts, context; then its sources."""
    report, reader = answer.report, _Reader(answer.shown_names, Notes())
    found = sections(report)
    text = [
        f"# Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}\n",
        f"{counts_text(found, report)}\n",
    ]
    for section in found:
        items = "\n".join(_SHOWN[section.anchor](row, reader) for row in section.rows)
        cut = f"\n{escape(section.cut)}\n" if section.cut else ""
        text.append(f"## {section.heading}\n\n{items}\n{cut}")
    text += [f"{escape(sentence)}\n" for sentence in [earlier_days_text(report)] if sentence]
    text += sources_text(reader.notes, answer.names)
    return "\n".join([*text, *signs_text(answer.signs), rests_on(report), ""])


def _pair(pair: PairBrief | ChoiceBrief, reader: _Reader) -> str:
    if isinstance(pair, ChoiceBrief):
        about = f"- {_about(pair.who(reader.names), pair.choice, reader)}:"
        options = (_steps_of(escape(reader.names.option(one.issue, pair.choice)), one, reader) for one in pair.pairs)
        return "\n".join([about, *(f"  {line}" for option in options for line in option.split("\n"))])
    return _steps_of(f"**{escape(pair.who(reader.names))}** on {escape(pair.about(reader.names))}", pair, reader)


def _steps_of(about: str, pair: PairBrief, reader: _Reader) -> str:
    stances = f"{escape(pair.before)} → {escape(stance_after(pair.last))}"
    moved = escape(pair.moved_by.replace(" -> ", " → ")) or stances
    reaffirmed = f" (and reaffirmed {times(len(pair.reaffirmed))})" if pair.reaffirmed else ""
    headline = f"- {about}: {moved}{reaffirmed}"
    members = [f"  - {escape(pair.with_it(reader.names))}"] if pair.members else []
    return "\n".join([headline, *members, *(_step(step, pair, reader) for step in pair.steps)])


def _about(who: str, issue: str, reader: _Reader) -> str:
    return f"**{escape(who)}** on {escape(reader.names.issue(issue))}"


def _step(step: Change, pair: PairBrief, reader: _Reader) -> str:
    quote = f" {escape(quote_text(step))}" if step.quote else ""
    speaker = f" ({escape(voice(step))})" if voice(step) else ""
    moved = f" ({escape(moved_in)})" if (moved_in := pair.moved_in(step).replace(" -> ", " → ")) else ""
    stated = pair.conditions_of(step)
    conditions = f" ({escape(stated)})" if stated is not None else ""
    besides = (
        f" ({escape(text)})"
        if (text := details_text(step.statement, step.unit, joint=not pair.is_joint, is_option=step.choice is not None))
        else ""
    )
    lapsed = f" ({escape(ended)})" if (ended := lapsed_text(step)) else ""
    wording = f" ({escape(remarks)})" if (remarks := pair.remarks_on(step).replace(" -> ", " → ")) else ""
    words = f"{escape(pair.whose(step) + step.summary)}{quote}{speaker}{moved}{conditions}{besides}{lapsed}{wording}"
    day, stance = escape(step_day(step)), escape(marked_stance(step))
    return f"  - {day}, {kind_text(step.kind, step.unit)}, {stance}: {words} {_cited(step, reader)}"


def _outcome(brief: OutcomeBrief, reader: _Reader) -> str:
    row = brief.closing
    about = escape(", ".join(map(reader.names.issue, row.issues)))
    outcome = f"**{about}**: {escape(outcome_text(row, reader.names))}{brief.since}"
    words = ". ".join(filter(None, (outcome, escape(closing_note(row)))))
    distances = brief.distances(reader.names)
    held = f"\n  - {escape(distances)}" if distances else ""
    return f"- {day_text(row.on)}: {words} {_cited(row, reader)}{held}"


def _context(group: OccurrenceGroup, reader: _Reader) -> str:
    cited = "".join(_cited(row, reader) for row in group.rows)
    return f"- {day_text(group.first.on)}: {escape(group.text(reader.names))} {cited}"


def _reaffirmed(pair: PairBrief, reader: _Reader) -> str:
    stance = f"{escape(stance_after(pair.last))}, {times(len(pair.reaffirmed))}"
    cited = "".join(_cited(step, reader) for step in pair.reaffirmed)
    members = f" ({escape(pair.with_it(reader.names))})" if pair.members else ""
    return f"- {_about(pair.who(reader.names), pair.issue, reader)}{members}: {stance} {cited}"


def _learned(found: PairLearned | LearnedOccurrence, reader: _Reader) -> str:
    if isinstance(found, LearnedOccurrence):
        return f"- {escape(found.text(reader.names))} {''.join(_revised(row, reader) for row in found.rows)}"
    stances = escape(f"{found.before} as known then, {found.after} as known now")
    rows = (
        f"  - {escape(learned_text(chain))} {''.join(_revised(row, reader) for row in chain.rows)}"
        for chain in found.chains
    )
    about = _about(reader.names.party(found.party), found.issue, reader)
    return "\n".join([f"- {about}: {stances}", *rows])


def _option(shift: OptionShift, reader: _Reader) -> str:
    cited = "".join(_cited(stated, reader) for stated in shift.left)
    return f"- {escape(option_text(shift, reader.names))} {cited}".rstrip()


def _relation(related: RelationBrief, reader: _Reader) -> str:
    cited = "".join(_cited(stood, reader) for stood in related.now)
    return f"- {escape(relation_text(related, reader.names))} {cited}"


def _correction(chain: RevisionChain, reader: _Reader) -> str:
    cited = "".join(_revised(row, reader) for row in chain.rows)
    return f"- {escape(f'{chain.text(reader.names)} [{chain.places}]')} {cited}"


def _cited(row: Change | ContextRow | Statement, reader: _Reader) -> str:
    return cite(reader.notes, row.source, row.event_id)


def _revised(row: Correction | LateContext | LateEntry, reader: _Reader) -> str:
    """A note on what we did to our own record, which has no source but that of a statement learned since."""
    return cite(reader.notes, row.source if isinstance(row, LateEntry) else "", row.entry.id)


_SHOWN: Mapping[str, Callable[[Any, _Reader], str]] = {
    "outcomes": _outcome,
    "options": _option,
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

"""The change report on a terminal: outcomes first, every step with its words, its source and its log position."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from tracker.domain.answers.changes import Change
from tracker.domain.report.options import OptionShift
from tracker.domain.terms.safe_text import plain
from tracker.reports.basis import basis, filters_text
from tracker.reports.formats import View
from tracker.reports.names import Names
from tracker.reports.positions.details import details_text, translation_text
from tracker.reports.positions.values import glyph_of, kind_text
from tracker.reports.report.data import ReportAnswer
from tracker.reports.report.items import (
    closing_note,
    outcome_text,
)
from tracker.reports.report.learned import LearnedOccurrence, PairLearned, learned_text
from tracker.reports.report.occurrences import OccurrenceGroup
from tracker.reports.report.options import option_text, positions_of
from tracker.reports.report.outcomes import OutcomeBrief
from tracker.reports.report.pairs import ChoiceBrief, PairBrief
from tracker.reports.report.relations import RelationBrief, relation_text
from tracker.reports.report.revisions import RevisionChain
from tracker.reports.report.sections import counts_text, earlier_days_text, sections
from tracker.reports.steps import lapsed_text, marked_stance, stance_after, step_day
from tracker.reports.tables.terminal import dated_grid, grid, headline, indented, legend_below, path_text, style_of
from tracker.reports.wording import day_text, left_out, times, trace, voice


def render_report(answer: ReportAnswer) -> View:
    """The change report, outcomes first; every step with its words, its source and its log position."""
    return lambda width: Group(*_parts(answer, width))


def _parts(answer: ReportAnswer, width: int) -> Iterator[RenderableType]:
    report, reader = answer.report, _Reader(answer.shown_names, width)
    title = f"Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}"
    rests_on = f"{filters_text(report.scope, report.listing)}{basis(report)} {report.log.hash.hex()[:12]}"
    yield from headline(title, rests_on)
    found = sections(report)
    yield Text(counts_text(found, report))
    for section in found:
        yield ""
        yield Text(section.heading.upper(), style="bold")
        yield indented(*_SHOWN[section.anchor](section.rows, reader))
        if section.cut:
            yield _line(section.cut)
    for sentence in (earlier_days_text(report), left_out(report.left_out_undated)):
        if sentence:
            yield ""
            yield Text(sentence)
    yield from legend_below(answer.signs)


class _Reader(NamedTuple):
    """The names that a reader wants to see, and the width of the display."""

    names: Names
    width: int


def _outcome(brief: OutcomeBrief, reader: _Reader) -> RenderableType:
    row = brief.closing
    issues = ", ".join(map(reader.names.issue, row.issues))
    text = Text(
        f"{plain(issues)}: {plain(outcome_text(row, reader.names))} on {day_text(row.on)}{brief.since}", style="bold"
    )
    text.append(f"  {plain(note)}" if (note := closing_note(row)) else "", style="not bold")
    text.append(plain(trace(row.source, row.position)), style="not bold dim")
    distances = brief.distances(reader.names)
    return Group(text, indented(_line(distances))) if distances else text


def _pair(pair: PairBrief | ChoiceBrief, reader: _Reader) -> RenderableType:
    if isinstance(pair, PairBrief):
        return _steps_of(f"{pair.who(reader.names)} on {pair.about(reader.names)}: ", pair, reader)
    headline = Text(plain(f"{pair.who(reader.names)} on {reader.names.issue(pair.choice)}:"), style="bold")
    options = (_steps_of(f"{reader.names.option(one.issue, pair.choice)}: ", one, reader) for one in pair.pairs)
    return Group(headline, indented(*options))


def _steps_of(about: str, pair: PairBrief, reader: _Reader) -> RenderableType:
    headline = Text(plain(about), style="bold")
    if moved := pair.moved_by:
        headline.append(plain(moved), style=style_of(pair.last.to_value))
    else:
        headline.append(plain(pair.before), style=style_of(pair.from_value))
        headline.append(" -> ")
        headline.append(plain(stance_after(pair.last)), style=style_of(pair.last.to_value))
    if pair.reaffirmed:
        headline.append(f"  (and reaffirmed {times(len(pair.reaffirmed))})", style="not bold dim")
    steps = ((step_day(step), _move(step), _words(step, pair)) for step in pair.steps)
    members = [indented(Text(plain(pair.with_it(reader.names)), style="dim"))] if pair.members else []
    return Group(headline, *members, dated_grid(steps))


def _move(step: Change) -> Text:
    stance = f"{glyph_of(step.to_value)} {marked_stance(step, bare=True)}".lstrip()
    return Text(kind_text(step.kind, step.unit)) + Text(f"\n{plain(stance)}", style=style_of(step.to_value))


def _words(step: Change, pair: PairBrief) -> Text:
    text = Text(plain(f"{pair.whose(step)}{step.summary}"))
    if step.quote:
        text.append(f"\n“{plain(step.quote)}”", style="italic")
        text.append(plain(translation_text(step.details)))
    if who := plain(voice(step)):
        text.append(f" — {who}" if step.quote else f" ({who})")
    if moved := pair.moved_in(step):
        text.append(f"\n{plain(moved)}")
    if (stated := pair.conditions_of(step)) is not None:
        text.append(f"\n{plain(stated)}")
    if besides := details_text(step.statement, step.unit, joint=not pair.is_joint, is_option=step.choice is not None):
        text.append(f"\n{plain(besides)}")
    if lapsed := lapsed_text(step):
        text.append(f"\n{plain(lapsed)}")
    if wording := pair.remarks_on(step):
        text.append(f"\n{wording}")
    return text.append(plain(trace(step.source, step.position)), style="dim")


def _relation(row: RelationBrief, reader: _Reader) -> RenderableType:
    return _line(f"{relation_text(row, reader.names)} [{' '.join(f'@{stood.position}' for stood in row.now)}]")


def _option(shift: OptionShift, reader: _Reader) -> RenderableType:
    return _line(f"{option_text(shift, reader.names)}{positions_of(shift)}")


def _learned(found: PairLearned | LearnedOccurrence, reader: _Reader) -> RenderableType:
    if isinstance(found, LearnedOccurrence):
        return _line(f"{found.text(reader.names)} [{found.places}]")
    about = f"{plain(reader.names.party(found.party))} on {plain(reader.names.issue(found.issue))}: "
    headline = Text(about, style="bold").append(plain(found.before), style=style_of(found.from_value))
    headline.append(" as known then, ")
    headline.append(plain(found.after), style=style_of(found.to_value))
    headline.append(" as known now")
    return Group(headline, indented(*(_line(learned_text(chain) + chain.trace) for chain in found.chains)))


def _correction(chain: RevisionChain, reader: _Reader) -> RenderableType:
    return _line(chain.text(reader.names) + chain.trace)


def _line(text: str) -> Text:
    return Text(plain(text))


def _reaffirmed(pairs: Iterable[PairBrief], reader: _Reader) -> Iterator[RenderableType]:
    names = reader.names
    rows = (
        (
            _reaffirming(pair, names),
            path_text(names.issue(pair.issue), reader.width // 2),
            stance_after(pair.last),
            times(len(pair.reaffirmed)),
        )
        for pair in pairs
    )
    yield grid([Column(overflow="fold") for _ in range(4)], rows)


def _reaffirming(pair: PairBrief, names: Names) -> str:
    return f"{pair.who(names)}, {pair.with_it(names)}" if pair.members else pair.who(names)


def _context(groups: Iterable[OccurrenceGroup], reader: _Reader) -> Iterator[RenderableType]:
    cells = ((day_text(group.first.on), group.text(reader.names) + group.trace) for group in groups)
    yield grid([Column(no_wrap=True), Column(overflow="fold")], cells)


def _each(show: Callable[[Any, _Reader], RenderableType]) -> Callable[[Iterable[Any], _Reader], Any]:
    return lambda rows, reader: (show(row, reader) for row in rows)


_SHOWN: Mapping[str, Callable[[Iterable[Any], _Reader], Iterable[RenderableType]]] = {
    "outcomes": _each(_outcome),
    "options": _each(_option),
    "moved": _each(_pair),
    "amended": _each(_pair),
    "new": _each(_pair),
    "reaffirmed": _reaffirmed,
    "relations": _each(_relation),
    "learned": _each(_learned),
    "corrections": _each(_correction),
    "context": _context,
}
"""The function that renders the items of each section, by anchor."""

"""The change report on a terminal: outcomes first, every step with its words, its source and its log position."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from tracker.domain.answers.changes import Change
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.learned import LateContext
from tracker.domain.answers.relations import RelationShift
from tracker.domain.terms.safe_text import plain
from tracker.reports.formats import View
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
from tracker.reports.terminal import STYLES, dated_grid, grid, headline, indented, legend_below
from tracker.reports.wording import (
    GLYPHS,
    basis,
    day_text,
    filters_text,
    left_out,
    marked_stance,
    stance_before,
    terms,
    times,
    trace,
)


def render_report(answer: ReportAnswer) -> View:
    """The change report, outcomes first; every step with its words, its source and its log position."""
    return lambda _: Group(*_parts(answer))


def _parts(answer: ReportAnswer) -> Iterator[RenderableType]:
    report = answer.report
    title = f"Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}"
    yield from headline(title, f"{filters_text(report.scope)}{basis(report)} {report.log.hash.hex()[:12]}")
    found = sections(report)
    for section in found:
        yield ""
        yield Text(section.heading.upper(), style="bold")
        yield indented(*_SHOWN[section.anchor](section.rows))
    if not found:
        yield ""
        yield Text("Nothing changed.")
    if report.left_out_undated:
        yield ""
        yield Text(left_out(report.left_out_undated))
    yield from legend_below(answer.signs)


def _outcome(row: ContextRow) -> RenderableType:
    text = Text(f"{plain(', '.join(row.issues))}: {row.outcome} on {day_text(row.on)}", style="bold")
    text.append(f"  {plain(row.title)}", style="not bold")
    return text.append(plain(trace(row.source, row.position)), style="not bold dim")


def _pair(pair: PairBrief) -> RenderableType:
    headline = _stance_before(pair)
    headline.append(" -> ")
    headline.append(marked_stance(pair.last), style=STYLES[pair.last.to_value])
    if pair.reaffirmed:
        headline.append(f"  (and reaffirmed {times(len(pair.reaffirmed))})", style="not bold dim")
    steps = ((day_text(step.on), _move(step), _words(step, pair.conditions.get(step.event_id))) for step in pair.steps)
    return Group(headline, dated_grid(steps))


def _stance_before(pair: PairBrief | PairLearned) -> Text:
    text = Text(f"{plain(pair.party)} on {plain(pair.issue)}: ", style="bold")
    return text.append(stance_before(pair.from_value), style=STYLES[pair.from_value])


def _move(step: Change) -> Text:
    stance = Text(f"\n{GLYPHS[step.to_value]} {marked_stance(step)}", style=STYLES[step.to_value])
    return Text(step.kind.value) + stance


def _words(step: Change, stated: tuple[str, ...] | None) -> Text:
    text = Text(plain(step.summary))
    if step.quote:
        text.append(f"\n“{plain(step.quote)}”", style="italic")
    if step.speaker:
        text.append(f" — {plain(step.speaker)}" if step.quote else f" ({plain(step.speaker)})")
    if stated is not None:
        text.append(f"\n{plain(terms(stated))}")
    return text.append(plain(trace(step.source, step.position)), style="dim")


def _relation(row: RelationShift) -> RenderableType:
    return _line(f"{relation_text(row)} [{' '.join(f'@{stood.position}' for stood in row.now)}]")


def _learned(found: PairLearned | LateContext) -> RenderableType:
    if isinstance(found, LateContext):
        return _line(f"{learned_context_text(found)} [@{found.position}]")
    headline = _stance_before(found)
    headline.append(" as known then, ")
    headline.append(stance_before(found.to_value), style=STYLES[found.to_value])
    headline.append(" as known now")
    rows = (_line(learned_text(row) + trace(row.source, row.position)) for row in found.rows)
    return Group(headline, indented(*rows))


def _line(text: str) -> Text:
    return Text(plain(text))


def _reaffirmed(pairs: Iterable[PairBrief]) -> Iterator[RenderableType]:
    rows = ((pair.party, pair.issue, marked_stance(pair.last), times(len(pair.reaffirmed))) for pair in pairs)
    yield grid([Column(overflow="fold") for _ in range(4)], rows)


def _context(rows: Iterable[ContextRow]) -> Iterator[RenderableType]:
    cells = ((day_text(row.on), row.title + trace(row.source, row.position)) for row in rows)
    yield grid([Column(overflow="fold") for _ in range(2)], cells)


_SHOWN: Mapping[str, Callable[[Iterable[Any]], Iterable[RenderableType]]] = {
    "outcomes": partial(map, _outcome),
    "moved": partial(map, _pair),
    "amended": partial(map, _pair),
    "new": partial(map, _pair),
    "reaffirmed": _reaffirmed,
    "relations": partial(map, _relation),
    "learned": partial(map, _learned),
    "corrections": partial(map, lambda row: _line(f"{revision_text(row)} [@{row.position}]")),
    "context": _context,
}
"""The function that renders the items of each section, by anchor."""

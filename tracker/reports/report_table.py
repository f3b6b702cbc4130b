"""The change report on a terminal: outcomes first, every step with its words, its source and its log position."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tracker.domain.answers.changes import Change
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.corrections import Correction
from tracker.domain.answers.relations import RelationShift
from tracker.domain.answers.report import Report
from tracker.domain.terms.safe_text import plain
from tracker.reports.change_wording import (
    correction_text,
    learned_context_text,
    learned_text,
    marked_stance,
    relation_text,
)
from tracker.reports.formats import View
from tracker.reports.report_sections import Brief, PairBrief, PairLearned, ReportAnswer, brief, sections
from tracker.reports.terminal import STYLES, dated_grid, headline, indented, legend_below
from tracker.reports.wording import (
    GLYPHS,
    basis,
    day_text,
    filters_text,
    left_out,
    stance_before,
    terms,
    times,
    trace,
)


def render_report(answer: ReportAnswer) -> View:
    """The change report, outcomes first; every step with its words, its source and its log position."""
    return lambda _: Group(*_parts(answer.report))


def _parts(report: Report) -> Iterator[RenderableType]:
    parts = brief(report)
    title = f"Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}"
    yield from headline(title, f"{filters_text(report.scope)}{basis(report)} {report.log.hash.hex()[:12]}")
    found = sections(report, parts)
    for section in found:
        yield ""
        yield Text(section.heading.upper(), style="bold")
        yield from _SHOWN[section.anchor](report, parts)
    if not found:
        yield ""
        yield Text("Nothing changed.")
    if report.left_out_undated:
        yield ""
        yield Text(left_out(report.left_out_undated))
    yield from legend_below("".join(marked_stance(change) for change in report.changes))


def _outcome(row: ContextRow) -> RenderableType:
    text = Text(f"{plain(', '.join(row.issues))}: {row.outcome} on {day_text(row.on)}", style="bold")
    text.append(f"  {plain(row.title)}", style="not bold")
    text.append(plain(trace(row.source, row.position)), style="not bold dim")
    return indented(text)


def _pair(report: Report, pair: PairBrief) -> RenderableType:
    headline = _stance_before(pair)
    headline.append(" -> ")
    headline.append(marked_stance(pair.last), style=STYLES[pair.last.to_value])
    if pair.reaffirmed:
        headline.append(f"  (and reaffirmed {times(pair.reaffirmed)})", style="not bold dim")
    steps = (
        (day_text(step.on), _move(step), _words(step, report.conditions.get(step.event_id))) for step in pair.steps
    )
    return indented(headline, dated_grid(steps))


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


def _relations(rows: Iterable[RelationShift]) -> RenderableType:
    return _lines(f"{relation_text(row)} [{' '.join(f'@{stood.position}' for stood in row.now)}]" for row in rows)


def _learned(parts: Brief) -> Iterator[RenderableType]:
    for pair in parts.learned:
        headline = _stance_before(pair)
        headline.append(" as known then, ")
        headline.append(stance_before(pair.to_value), style=STYLES[pair.to_value])
        headline.append(" as known now")
        yield indented(headline, _lines(learned_text(row) + trace(row.source, row.position) for row in pair.rows))
    if parts.learned_context:
        yield _lines(f"{learned_context_text(row)} [@{row.position}]" for row in parts.learned_context)


def _corrections(rows: Iterable[Correction]) -> RenderableType:
    return _lines(
        f"{correction_text(row)}. {row.reason} ({row.recorded_by}, {day_text(row.recorded_at.date())}) "
        f"[@{row.position}]"
        for row in rows
    )


def _lines(texts: Iterable[str]) -> RenderableType:
    return indented(*(Text(plain(text)) for text in texts))


def _reaffirmed(pairs: Iterable[PairBrief]) -> RenderableType:
    return _grid((pair.party, pair.issue, marked_stance(pair.last), times(pair.reaffirmed)) for pair in pairs)


def _milestones(rows: Iterable[ContextRow]) -> RenderableType:
    return _grid((day_text(row.on), row.title + trace(row.source, row.position)) for row in rows)


def _grid(rows: Iterable[Sequence[str]]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    found = [tuple(cells) for cells in rows]
    for _ in found[0]:
        grid.add_column(overflow="fold")
    for cells in found:
        grid.add_row(*(Text(plain(cell)) for cell in cells))
    return indented(grid)


_SHOWN: Mapping[str, Callable[[Report, Brief], Iterable[RenderableType]]] = {
    "outcomes": lambda _, parts: map(_outcome, parts.outcomes),
    "moved": lambda report, parts: (_pair(report, pair) for pair in parts.moved),
    "amended": lambda report, parts: (_pair(report, pair) for pair in parts.amended),
    "new": lambda report, parts: (_pair(report, pair) for pair in parts.new),
    "reaffirmed": lambda _, parts: [_reaffirmed(parts.reaffirmed)],
    "relations": lambda _, parts: [_relations(parts.relations)],
    "learned": lambda _, parts: _learned(parts),
    "corrections": lambda _, parts: [_corrections(parts.corrections)],
    "context": lambda _, parts: [
        _grid((day_text(row.on), row.title + trace(row.source, row.position)) for row in parts.context)
    ],
}
"""The renderer of each section, by anchor."""

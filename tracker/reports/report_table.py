"""The change report on a terminal: outcomes first, every step with its words, its source and its log position."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.domain.answers.changes import Change
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.corrections import Correction
from tracker.domain.answers.learned import LateEntry
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
from tracker.reports.report_sections import Brief, PairBrief, ReportAnswer, brief, sections
from tracker.reports.terminal import STYLES, headline
from tracker.reports.wording import GLYPHS, basis, day_text, left_out, legend, stance_before, terms, times


def render_report(answer: ReportAnswer) -> View:
    """The change report, outcomes first; every step with its words, its source and its log position."""
    return lambda _: Group(*_parts(answer.report))


def _parts(report: Report) -> Iterator[RenderableType]:
    parts = brief(report)
    rests_on = basis(report.known_at, report.published_by, report.log.position, report.scope)
    title = f"Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}"
    yield from headline(title, f"{rests_on} {report.log.hash.hex()[:12]}")
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
    if signs := legend("".join(marked_stance(change) for change in report.changes)):
        yield ""
        yield Text(signs, style="dim")


def _outcome(row: ContextRow) -> RenderableType:
    text = Text(f"{plain(', '.join(row.issues))}: {row.outcome} on {day_text(row.on)}", style="bold")
    text.append(f"  {plain(row.title)}", style="not bold")
    text.append(_trace(row), style="not bold dim")
    return Padding(text, (0, 0, 0, 2))


def _pairs(report: Report, pairs: Iterable[PairBrief]) -> Iterator[RenderableType]:
    return (_pair(pair, report.conditions) for pair in pairs)


def _pair(pair: PairBrief, conditions: Mapping[str, tuple[str, ...]]) -> RenderableType:
    headline = Text(f"{plain(pair.party)} on {plain(pair.issue)}: ", style="bold")
    headline.append(stance_before(pair.from_value), style=STYLES[pair.from_value])
    headline.append(" -> ")
    headline.append(marked_stance(pair.last), style=STYLES[pair.last.to_value])
    if pair.reaffirmed:
        headline.append(f"  (and reaffirmed {times(pair.reaffirmed)})", style="not bold dim")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for step in pair.steps:
        move = Text(step.kind.value)
        stance = Text(f"\n{GLYPHS[step.to_value]} {marked_stance(step)}", style=STYLES[step.to_value])
        grid.add_row(day_text(step.on), move + stance, _words(step, conditions.get(step.event_id)))
    return Padding(Group(headline, Padding(grid, (0, 0, 0, 2))), (0, 0, 0, 2))


def _words(step: Change, stated: tuple[str, ...] | None) -> Text:
    text = Text(plain(step.summary))
    if step.quote:
        text.append(f"\n“{plain(step.quote)}”", style="italic")
    if step.speaker:
        text.append(f" — {plain(step.speaker)}" if step.quote else f" ({plain(step.speaker)})")
    if stated is not None:
        text.append(f"\n{plain(terms(stated))}")
    text.append(_trace(step), style="dim")
    return text


def _trace(row: Change | ContextRow | LateEntry) -> str:
    return f" [{plain(row.source or 'no source')} @{row.position}]"


def _relations(rows: Iterable[RelationShift]) -> RenderableType:
    return _lines(f"{relation_text(row)} [{' '.join(f'@{stood.position}' for stood in row.now)}]" for row in rows)


def _learned(parts: Brief) -> Iterator[RenderableType]:
    for pair in parts.learned:
        headline = Text(f"{plain(pair.party)} on {plain(pair.issue)}: ", style="bold")
        headline.append(stance_before(pair.from_value), style=STYLES[pair.from_value])
        headline.append(" as known then, ")
        headline.append(stance_before(pair.to_value), style=STYLES[pair.to_value])
        headline.append(" as known now")
        lines = (learned_text(row) + _trace(row) for row in pair.rows)
        yield Padding(Group(headline, _lines(lines)), (0, 0, 0, 2))
    if parts.learned_context:
        yield _lines(f"{learned_context_text(row)} [@{row.position}]" for row in parts.learned_context)


def _corrections(rows: Iterable[Correction]) -> RenderableType:
    return _lines(
        f"{correction_text(row)}. {row.reason} ({row.recorded_by}, {day_text(row.recorded_at.date())}) "
        f"[@{row.position}]"
        for row in rows
    )


def _lines(texts: Iterable[str]) -> RenderableType:
    return Padding(Group(*(Text(plain(text)) for text in texts)), (0, 0, 0, 2))


def _reaffirmed(pairs: Sequence[PairBrief]) -> RenderableType:
    return _grid(
        (plain(pair.party), plain(pair.issue), marked_stance(pair.last), times(pair.reaffirmed)) for pair in pairs
    )


def _milestones(rows: Sequence[ContextRow]) -> RenderableType:
    return _grid((day_text(row.on), plain(row.title) + _trace(row)) for row in rows)


def _grid(rows: Iterable[Sequence[str]]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    found = [tuple(cells) for cells in rows]
    for _ in found[0]:
        grid.add_column(overflow="fold")
    for cells in found:
        grid.add_row(*map(Text, cells))
    return Padding(grid, (0, 0, 0, 2))


_SHOWN: Mapping[str, Callable[[Report, Brief], Iterable[RenderableType]]] = {
    "outcomes": lambda _, parts: map(_outcome, parts.outcomes),
    "moved": lambda report, parts: _pairs(report, parts.moved),
    "amended": lambda report, parts: _pairs(report, parts.amended),
    "new": lambda report, parts: _pairs(report, parts.new),
    "reaffirmed": lambda _, parts: [_reaffirmed(parts.reaffirmed)],
    "relations": lambda _, parts: [_relations(parts.relations)],
    "learned": lambda _, parts: _learned(parts),
    "corrections": lambda _, parts: [_corrections(parts.corrections)],
    "context": lambda _, parts: [_milestones(parts.context)],
}
"""The renderer of each section, by anchor."""

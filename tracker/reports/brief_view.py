"""The change report on a terminal: outcomes first, every step with its words, its source and its log position."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.domain.answers.changes import Change
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.corrections import Correction
from tracker.domain.answers.relations import RelationShift
from tracker.domain.answers.report import Report
from tracker.domain.terms.safe_text import plain
from tracker.reports.brief import Brief, PairBrief, brief
from tracker.reports.change_words import (
    correction_text,
    learned_context_text,
    learned_text,
    marked_stance,
    relation_text,
    since_text,
)
from tracker.reports.terminal import STYLES, headline
from tracker.reports.words import GLYPHS, basis, day_text, left_out, legend, stance_before, terms, times

_Conditions = Mapping[str, tuple[str, ...]]


def report_view(report: Report, positions: Mapping[str, int]) -> RenderableType:
    """The change report, outcomes first; every step with its words, its source and its log position."""
    parts = brief(report)
    title = f"Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}"
    rests_on = basis(report.known_at, report.published_by, report.log.position, report.scope)
    shown: list[RenderableType] = [*headline(title, f"{rests_on} {report.log.hash.hex()[:12]}")]
    sections = (
        ("Outcomes", [_outcome(row, positions) for row in parts.outcomes]),
        ("Moved", [_pair(pair, report.conditions, positions) for pair in parts.moved]),
        ("Amended conditions", [_pair(pair, report.conditions, positions) for pair in parts.amended]),
        ("New on record", [_pair(pair, report.conditions, positions) for pair in parts.new]),
        ("Reaffirmed only", [_reaffirmed(parts.reaffirmed)] if parts.reaffirmed else []),
        ("Relations that changed", [_relations(parts.relations)] if parts.relations else []),
        (since_text(report), [*_learned(parts, positions)]),
        ("Our corrections (no party moved)", [_corrections(parts.corrections, positions)] if parts.corrections else []),
        ("Context", [_milestones(parts.milestones, positions)] if parts.milestones else []),
    )
    for heading, members in sections:
        if members:
            shown += ["", Text(heading.upper(), style="bold"), *members]
    if len(shown) == 2:
        shown += ["", Text("Nothing changed.")]
    if report.left_out_undated:
        shown += ["", Text(left_out(report.left_out_undated))]
    if signs := legend("".join(marked_stance(change) for change in report.changes)):
        shown += ["", Text(signs, style="dim")]
    return Group(*shown)


def _outcome(row: ContextRow, positions: Mapping[str, int]) -> RenderableType:
    text = Text(f"{plain(', '.join(row.issues))}: {row.outcome} on {day_text(row.on)}", style="bold")
    text.append(f"  {plain(row.title)}", style="not bold")
    text.append(_trace(row.source, positions[row.event_id]), style="not bold dim")
    return Padding(text, (0, 0, 0, 2))


def _pair(pair: PairBrief, conditions: _Conditions, positions: Mapping[str, int]) -> RenderableType:
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
        grid.add_row(day_text(step.on), move + stance, _words(step, conditions.get(step.event_id), positions))
    return Padding(Group(headline, Padding(grid, (0, 0, 0, 2))), (0, 0, 0, 2))


def _words(step: Change, stated: tuple[str, ...] | None, positions: Mapping[str, int]) -> Text:
    text = Text(plain(step.summary))
    if step.quote:
        text.append(f"\n“{plain(step.quote)}”", style="italic")
    if step.speaker:
        text.append(f" — {plain(step.speaker)}" if step.quote else f" ({plain(step.speaker)})")
    if stated is not None:
        text.append(f"\n{plain(terms(stated))}")
    text.append(_trace(step.source, positions[step.event_id]), style="dim")
    return text


def _trace(source: str | None, position: int) -> str:
    return f" [{plain(source or 'no source')} @{position}]"


def _relations(rows: Iterable[RelationShift]) -> RenderableType:
    return _lines(f"{relation_text(row)} [{' '.join(f'@{stood.position}' for stood in row.now)}]" for row in rows)


def _learned(parts: Brief, positions: Mapping[str, int]) -> Iterator[RenderableType]:
    for pair in parts.learned:
        headline = Text(f"{plain(pair.party)} on {plain(pair.issue)}: ", style="bold")
        headline.append(stance_before(pair.from_value), style=STYLES[pair.from_value])
        headline.append(" as known then, ")
        headline.append(stance_before(pair.to_value), style=STYLES[pair.to_value])
        headline.append(" as known now")
        told = (learned_text(row) + _trace(row.source, positions[row.event_id]) for row in pair.rows)
        yield Padding(Group(headline, _lines(told)), (0, 0, 0, 2))
    if parts.learned_context:
        yield _lines(f"{learned_context_text(row)} [@{positions[row.event_id]}]" for row in parts.learned_context)


def _corrections(rows: Iterable[Correction], positions: Mapping[str, int]) -> RenderableType:
    return _lines(
        f"{correction_text(row)}. {row.reason} ({row.recorded_by}, {day_text(row.recorded_at.date())}) "
        f"[@{positions[row.event_id]}]"
        for row in rows
    )


def _lines(texts: Iterable[str]) -> RenderableType:
    return Padding(Group(*(Text(plain(text)) for text in texts)), (0, 0, 0, 2))


def _reaffirmed(pairs: Sequence[PairBrief]) -> RenderableType:
    return _grid(
        (plain(pair.party), plain(pair.issue), marked_stance(pair.last), times(pair.reaffirmed)) for pair in pairs
    )


def _milestones(rows: Sequence[ContextRow], positions: Mapping[str, int]) -> RenderableType:
    return _grid((day_text(row.on), plain(row.title) + _trace(row.source, positions[row.event_id])) for row in rows)


def _grid(rows: Iterable[Sequence[str]]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    found = [tuple(cells) for cells in rows]
    for _ in found[0]:
        grid.add_column(overflow="fold")
    for cells in found:
        grid.add_row(*map(Text, cells))
    return Padding(grid, (0, 0, 0, 2))

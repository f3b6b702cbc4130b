"""Who could agree on a terminal: a block of labelled lines for each issue, what is objected to first."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.statement import Value
from tracker.reports.agreement.brief import Block, Brief, Part, brief_of
from tracker.reports.agreement.data import ConsensusAnswer, ConvergenceAnswer, basis_of_answer
from tracker.reports.agreement.series import series_of
from tracker.reports.agreement.words import Line
from tracker.reports.basis import basis, filters_text
from tracker.reports.formats import View
from tracker.reports.positions.values import glyph_of
from tracker.reports.tables.terminal import TOGETHER, grid, headline, indented, legend_below, path_text, style_of
from tracker.reports.wording import left_out


def render_consensus(answer: ConsensusAnswer) -> View:
    """What is objected to, what is not settled, and what nobody objects to."""
    brief = brief_of(answer.found, answer.shown_names, answer.contests)
    return lambda width: Group(*_parts(answer, brief, width))


def render_convergence(answer: ConvergenceAnswer) -> View:
    """The days of each issue, each with its verdict and the number of parties in each class."""
    brief = series_of(answer.found, answer.shown_names)
    return lambda width: Group(*_parts(answer, brief, width))


def _parts(answer: ConsensusAnswer | ConvergenceAnswer, brief: Brief, width: int) -> Iterator[RenderableType]:
    rests_on = basis_of_answer(answer.found)
    yield from headline(brief.title, filters_text(rests_on.scope) + basis(rests_on))
    yield Text(plain(brief.summary))
    for part in brief.parts:
        yield from ("", Text(plain(part.heading), style="bold underline"), *_part(part, width))
    if brief.cut:
        yield from ("", Text(brief.cut))
    for hint in brief.hints:
        yield from ("", Text(plain(hint)))
    if any(part.blocks for part in brief.parts):
        yield from ("", Text("Why? tracker explain PARTY ISSUE", style="dim"))
    if answer.left_out_undated:
        yield from ("", Text(left_out(answer.left_out_undated)))
    yield from legend_below(brief.signs)


def _part(part: Part, width: int) -> Iterator[RenderableType]:
    for block in part.blocks:
        yield path_text(block.title, width, style="bold").append(f": {plain(block.verdict)}", style="not bold")
        yield indented(*_block(block, width))
    for title, text in part.others:
        yield path_text(title, width, style="bold").append(f": {plain(text)}", style="not bold")


def _block(block: Block, width: int) -> Iterator[RenderableType]:
    if block.lines:
        yield _lines(block.lines)
    for option in block.options:
        yield path_text(option.title, width, style="bold").append(f": {plain(option.verdict)}", style="not bold")
        yield indented(*_block(option, width))


def _lines(lines: tuple[Line, ...]) -> RenderableType:
    rows = []
    last = ""
    for line in lines:
        label = "" if line.label == last else f"{_glyph(line.value)}{line.label}"
        text = Text(plain(line.text))
        if line.mark:
            text.append(f" [{line.mark.replace(' ', TOGETHER)}]", style="bold red")
        if line.more:
            text.append(f"\n{plain(line.more)}")
        rows.append((Text(label, style=style_of(line.value) if line.value else ""), text))
        last = line.label
    return grid([Column(no_wrap=True), Column(overflow="fold", ratio=1)], rows)


def _glyph(value: Value | None) -> str:
    return "" if value is None else f"{glyph_of(value)} "

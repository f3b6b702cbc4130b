"""Answers on a terminal: readable in 80 columns and pleasant in 160, with glyphs so that colour is never needed."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import IO, Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.domain.changes import Change, ContextRow, Report
from tracker.domain.state import State
from tracker.domain.timeline import InEffect
from tracker.domain.vocabulary import Stance
from tracker.reports.brief import PairBrief, brief
from tracker.reports.words import (
    GLYPHS,
    MARKS,
    NONE,
    age,
    attribution_mark,
    day_text,
    marks,
    plain,
    short_day,
    stance_before,
    stance_word,
    tail,
)

_STYLES: dict[Stance | None, str] = {
    Stance.OPPOSES: "red",
    Stance.SCEPTICAL: "magenta",
    Stance.NEUTRAL: "default",
    Stance.CONDITIONAL: "yellow",
    Stance.SUPPORTS: "green",
    None: "dim",
}
_NARROW = 24


FILE_WIDTH = 100
"""How wide a table is that goes to a file."""


def console(file: IO[str] | None = None, *, width: int | None = None) -> Console:
    """A console that shows text as it is; colour only on a terminal, and not with NO_COLOR."""
    return Console(file=file, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def view_text(render: Callable[[int], RenderableType], *, width: int = FILE_WIDTH) -> str:
    """What `render` gives for a width, as plain text."""
    out = io.StringIO()
    console(out, width=width).print(render(width))
    return _without_trailing_blanks(out.getvalue())


def print_view(render: Callable[[int], RenderableType]) -> None:
    """Print what `render` gives for the terminal's width (80 columns where there is none, or $COLUMNS)."""
    screen = console()
    with screen.capture() as capture:
        screen.print(render(screen.width))
    screen.file.write(_without_trailing_blanks(capture.get()))


def _without_trailing_blanks(text: str) -> str:
    return "".join(f"{line.rstrip(' ')}\n" for line in text.splitlines())


# --- state ----------------------------------------------------------------------------------------


def state_view(state: State, width: int) -> RenderableType:
    """The matrix of issues and parties, a block for each group of issues, with what the signs stand for."""
    if not state.rows:
        return Text(f"Nobody has a stance on record on {day_text(state.on)}.")
    parts: list[RenderableType] = [Text(f"State on {day_text(state.on)}   {_basis(state)}", style="bold")]
    held = sorted(state.held, key=lambda one: (one.step.event.issue, one.step.event.party))
    closed = {row.issue: row.closed for row in state.rows if row.closed}
    for group, members in groupby(held, key=lambda one: one.step.event.issue.split("/")[0]):
        parts += ["", *_group(group, list(members), closed, state.on, width)]
    parts += ["", _legend(held, state.on)]
    return Group(*parts)


def _basis(state: State | Report) -> str:
    known = f"known at {state.known_at}   " if state.known_at else ""
    public = f"published by {day_text(state.published_by)}   " if state.published_by else ""
    return f"{known}{public}log {state.log.position}"


def _group(
    group: str, held: Sequence[InEffect], closed: dict[str, Any], on: date, width: int
) -> Iterator[RenderableType]:
    still_open = [one for one in held if one.step.event.issue not in closed]
    prefix = group if any("/" in one.step.event.issue for one in held) else ""
    if still_open:
        yield from _matrix(prefix, still_open, on, width)
        yield from _notes(prefix, still_open, on)
    else:
        yield Text(group, style="bold")
    for issue, members in groupby(held, key=lambda one: one.step.event.issue):
        if issue in closed:
            outcome = closed[issue]
            last = ", ".join(f"{one.step.event.party} {_cell(one, on, words=False, ages=False)}" for one in members)
            text = f"  closed: {plain(tail(issue, prefix))}, {outcome.outcome} {day_text(outcome.on)} (last: {last})"
            yield Text(text, style="dim")


def _matrix(prefix: str, held: Sequence[InEffect], on: date, width: int) -> Iterator[RenderableType]:
    """One table if it fits, with the stances' words or, failing that, their glyphs; else several below each other."""
    parties = sorted({one.step.event.party for one in held})
    label = max(len(tail(one.step.event.issue, prefix)) for one in held)
    label = max(_NARROW, min(label, width // 3))
    words = _column(held, on, words=True)
    fits = (width - label) // (words + 2)
    with_words = len(parties) <= fits or len(parties) <= 2
    if not with_words:
        fits = max(1, (width - label) // (max(_column(held, on, words=False), *map(len, parties)) + 2))
    for start in range(0, len(parties), max(fits, 1)):
        some = parties[start : start + max(fits, 1)]
        yield _table(prefix, [one for one in held if one.step.event.party in some], some, on, with_words, label)


def _column(held: Sequence[InEffect], on: date, *, words: bool) -> int:
    return max(_cell(one, on, words=words).cell_len for one in held)


def _table(prefix: str, held: Sequence[InEffect], parties: Sequence[str], on: date, words: bool, label: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold", collapse_padding=True)
    table.add_column(plain(prefix or "issue"), width=label, overflow="fold")
    for party in parties:
        table.add_column(plain(party), no_wrap=True)
    by_pair = {(one.step.event.issue, one.step.event.party): one for one in held}
    for issue in dict.fromkeys(one.step.event.issue for one in held):
        cells = (by_pair.get((issue, party)) for party in parties)
        shown = (Text(NONE, style="dim") if one is None else _cell(one, on, words=words) for one in cells)
        table.add_row(Text(plain(tail(issue, prefix))), *shown)
    return table


def _cell(held: InEffect, on: date, *, words: bool, ages: bool = True) -> Text:
    stance = held.step.stance
    word = f" {stance_word(stance)}" if words else ""
    cell = Text(f"{GLYPHS[stance]}{word}{marks(held, on)}", style=_STYLES[stance])
    if ages:
        since = held.last_stated if stance else held.since
        cell.append(f" {age(since, on)}", style="dim")
    return cell


def _notes(prefix: str, held: Sequence[InEffect], on: date) -> Iterator[RenderableType]:
    """The conditions in force, and both sides of what is contested."""
    for one in held:
        issue = plain(tail(one.step.event.issue, prefix))
        if one.conditions:
            terms = plain("; ".join(one.conditions))
            yield _hanging(f"{one.step.event.party} on {issue}, if: {terms} ({short_day(one.last_stated, on)})")
        for other in one.contested_by:
            side = f"{stance_word(one.step.stance)} ({_who(one.step.event)})"
            other_side = f"{stance_word(other.stance)} ({_who(other.event)}, {short_day(other.day.effective, on)})"
            yield _hanging(f"{one.step.event.party} on {issue}, contested: {side} against {other_side}")


def _who(event: Any) -> str:
    return plain(event.speaker or "no named speaker")


def _hanging(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2))


def _legend(held: Sequence[InEffect], on: date) -> Text:
    stances = [f"{GLYPHS[stance]} {stance_word(stance)}" for stance in (*reversed(Stance), None)]
    used = "".join(marks(one, on) for one in held)
    signs = [f"{mark} {meaning}" for mark, meaning in MARKS.items() if mark in used]
    text = "   ".join([*stances, f"{NONE} none on record"]) + "\n"
    return Text(text + "   ".join([*signs, "12d: last stated 12 days before"]), style="dim")


# --- report ---------------------------------------------------------------------------------------


def report_view(report: Report, positions: Mapping[str, int]) -> RenderableType:
    """The change report, outcomes first; every step with its words, its source and its log position."""
    parts = brief(report)
    title = f"Changes after {day_text(report.from_day)}, up to {day_text(report.to_day)}"
    shown: list[RenderableType] = [Text(f"{title}   {_basis(report)} {report.log.hash.hex()[:12]}", style="bold")]
    if report.left_out_undated:
        shown.append(Text(f"{report.left_out_undated} statements left out: no dated source puts them on record."))
    sections = (
        ("Outcomes", [_outcome(row, positions) for row in parts.outcomes]),
        ("Moved", [_pair(pair, positions) for pair in parts.moved]),
        ("Amended conditions", [_pair(pair, positions) for pair in parts.amended]),
        ("New on record", [_pair(pair, positions) for pair in parts.new]),
        ("Reaffirmed only", [_reaffirmed(parts.reaffirmed)] if parts.reaffirmed else []),
        ("Context", [_milestones(parts.milestones, positions)] if parts.milestones else []),
    )
    for heading, members in sections:
        if members:
            shown += ["", Text(heading.upper(), style="bold"), *members]
    if len(shown) == 1:
        shown.append(Text("Nothing changed."))
    return Group(*shown)


def _outcome(row: ContextRow, positions: Mapping[str, int]) -> RenderableType:
    text = Text(f"{plain(', '.join(row.issues))}: {row.outcome} on {day_text(row.on)}", style="bold")
    text.append(f"  {plain(row.title)}", style="not bold")
    text.append(_trace(row.source, positions[row.event_id]), style="not bold dim")
    return Padding(text, (0, 0, 0, 2))


def _pair(pair: PairBrief, positions: Mapping[str, int]) -> RenderableType:
    headline = Text(f"{plain(pair.party)} on {plain(pair.issue)}: ", style="bold")
    headline.append(stance_before(pair.from_stance), style=_STYLES[pair.from_stance])
    headline.append(" -> ")
    headline.append(f"{GLYPHS[pair.to_stance]} {stance_word(pair.to_stance)}", style=_STYLES[pair.to_stance])
    if pair.reaffirmed:
        headline.append(f"  (and reaffirmed {pair.reaffirmed} times)", style="not bold dim")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1)
    for step in pair.steps:
        move = Text(step.kind.value)
        stance = Text(f"\n{GLYPHS[step.to_stance]} {stance_word(step.to_stance)}{attribution_mark(step.attribution)}")
        stance.stylize(_STYLES[step.to_stance])
        grid.add_row(day_text(step.on), move + stance, _words(step, positions))
    return Padding(Group(headline, Padding(grid, (0, 0, 0, 2))), (0, 0, 0, 2))


def _words(step: Change, positions: Mapping[str, int]) -> Text:
    text = Text(plain(step.summary))
    if step.quote:
        text.append(f" “{plain(step.quote)}”", style="italic")
    if step.speaker:
        text.append(f" {plain(step.speaker)}.")
    text.append(_trace(step.source, positions[step.event_id]), style="dim")
    return text


def _trace(source: str | None, position: int) -> str:
    return f" [{plain(source or 'no source')} @{position}]"


def _reaffirmed(pairs: Sequence[PairBrief]) -> RenderableType:
    return _grid(
        (plain(pair.party), plain(pair.issue), stance_word(pair.to_stance), f"{pair.reaffirmed}x") for pair in pairs
    )


def _milestones(rows: Sequence[ContextRow], positions: Mapping[str, int]) -> RenderableType:
    return _grid((day_text(row.on), plain(row.title) + _trace(row.source, positions[row.event_id])) for row in rows)


def _grid(rows: Iterable[Sequence[str]]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for cells in rows:
        grid.add_row(*map(Text, cells))
    return Padding(grid, (0, 0, 0, 2))


# --- tables ---------------------------------------------------------------------------------------


def table_view(columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> RenderableType:
    """Any rows of text below their headings; the last column takes what is left of the width."""
    cells = list(rows)
    if not cells:
        return Text(empty)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold", collapse_padding=True)
    for column in columns[:-1]:
        table.add_column(column, overflow="fold", no_wrap=column in _SHORT)
    table.add_column(columns[-1], overflow="fold", ratio=1)
    for row in cells:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table


_SHORT = ("entry", "event", "said", "party", "stance", "step", "recorded (UTC)", "kind", "published_on", "closed")
"""Columns whose words are never broken."""


def pairs_view(rows: Iterable[tuple[str, str]]) -> RenderableType:
    """Labels and what stands behind them."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for label, text in rows:
        grid.add_row(plain(label), Text(plain(text)))
    return grid

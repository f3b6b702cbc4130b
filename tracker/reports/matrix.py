"""The state on a terminal: issues by parties, readable in 80 columns and pleasant in 160.

Glyphs say what colour says. Stances are written out if they fit, else their glyphs stand alone.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.domain.state import State
from tracker.domain.timeline import InEffect
from tracker.domain.vocabulary import Stance
from tracker.reports.terminal import STYLES
from tracker.reports.words import GLYPHS, MARKS, NONE, age, basis, day_text, marks, plain, short_day, stance_word, tail

_NARROW, _GAP = 22, 2


def state_view(state: State, width: int) -> RenderableType:
    """The matrix of issues and parties, a block for each group of issues, with what the signs stand for."""
    if not state.rows:
        return Text(f"Nobody has a stance on record on {day_text(state.on)}.")
    parts: list[RenderableType] = [
        Text(
            f"State on {day_text(state.on)}   {basis(state.known_at, state.published_by, state.log.position)}",
            style="bold",
        )
    ]
    held = sorted(state.held, key=lambda one: (one.step.event.issue, one.step.event.party))
    closed = {row.issue: row.closed for row in state.rows if row.closed}
    for group, members in groupby(held, key=lambda one: one.step.event.issue.split("/")[0]):
        parts += ["", *_group(group, list(members), closed, state.on, width)]
    parts += ["", _legend(held, state.on)]
    return Group(*parts)


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
            text = f"closed: {plain(tail(issue, prefix))}, {outcome.outcome} {day_text(outcome.on)} (last: {last})"
            yield _note(text, style="dim")


def _matrix(prefix: str, held: Sequence[InEffect], on: date, width: int) -> Iterator[RenderableType]:
    """One table if it fits, with the stances' words or, failing that, their glyphs; else several below each other."""
    longest = max(len(tail(one.step.event.issue, prefix)) for one in held)
    label = max(_NARROW, min(longest, width // 3))
    columns = _columns(held, on, words=True)
    words = sum(columns.values()) <= width - label
    if not words:
        columns = _columns(held, on, words=False)
    for parties in _blocks(columns, width - label):
        some = [one for one in held if one.step.event.party in parties]
        yield _table(prefix, some, parties, on, words, label)


def _columns(held: Sequence[InEffect], on: date, *, words: bool) -> dict[str, int]:
    """How wide each party's column is, with the gap before it."""
    widths: dict[str, int] = {}
    for one in sorted(held, key=lambda one: one.step.event.party):
        party = one.step.event.party
        widths[party] = max(widths.get(party, len(party) + _GAP), _cell(one, on, words=words).cell_len + _GAP)
    return widths


def _blocks(columns: dict[str, int], width: int) -> Iterator[list[str]]:
    """The parties, in as few rows of columns as the width allows."""
    block: list[str] = []
    for party, column in columns.items():
        if block and sum(columns[one] for one in block) + column > width:
            yield block
            block = []
        block.append(party)
    yield block


def _table(prefix: str, held: Sequence[InEffect], parties: Sequence[str], on: date, words: bool, label: int) -> Table:
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold", collapse_padding=True)
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
    cell = Text(f"{GLYPHS[stance]}{word}{marks(held, on)}", style=STYLES[stance])
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
            yield _note(f"{one.step.event.party} on {issue}, if: {terms} ({short_day(one.last_stated, on)})")
        for other in one.contested_by:
            side = f"{stance_word(one.step.stance)} ({_who(one.step.event)})"
            other_side = f"{stance_word(other.stance)} ({_who(other.event)}, {short_day(other.day.effective, on)})"
            yield _note(f"{one.step.event.party} on {issue}, contested: {side} against {other_side}")


def _who(event: Any) -> str:
    return plain(event.speaker or "no named speaker")


def _note(text: str, *, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, 2))


def _legend(held: Sequence[InEffect], on: date) -> Text:
    stances = [f"{GLYPHS[stance]} {stance_word(stance)}" for stance in (*reversed(Stance), None)]
    used = "".join(marks(one, on) for one in held)
    signs = [f"{mark} {meaning}" for mark, meaning in MARKS.items() if mark in used]
    text = "   ".join([*stances, f"{NONE} none on record"]) + "\n"
    return Text(text + "   ".join([*signs, "12d: last stated 12 days before"]), style="dim")

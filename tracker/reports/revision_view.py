"""What a correction or retraction does to our record, as lines to read."""

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.domain.answers.corrections import RevisionResult, StanceChange
from tracker.domain.log.entries import about
from tracker.domain.log.events import (
    EntryRetracted,
    Event,
    MembershipEnded,
    MembershipStarted,
    PositionEvent,
    quoted_words,
)
from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.statement import Statement
from tracker.reports.terminal import STYLES
from tracker.reports.words import day_text, stance_word


def revision_view(revised: RevisionResult, *, tried: bool) -> RenderableType:
    """The fields that differ, before and after, and what is on record then; or would be, if it was only tried."""
    return Group(*_parts(revised, tried))


def _parts(revised: RevisionResult, tried: bool) -> Iterator[RenderableType]:
    retracted = isinstance(revised.entry.event, EntryRetracted)
    yield Text(f"{'Retracted' if retracted else 'Corrected'}: {plain(_about(revised.was))}", style="bold")
    if retracted:
        if words := _words(revised.was):
            yield Padding(Text(plain(words)), (0, 0, 0, 2))
    elif revised.difference:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True, style="bold")
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold", ratio=1)
        for field, before, after in revised.difference:
            grid.add_row(field, "was", Text(plain(_value(before)), style="dim"))
            grid.add_row("", "is", Text(plain(_value(after))))
        yield Padding(grid, (0, 0, 0, 2))
    else:
        yield Text("  Nothing differs from what was recorded.")
    yield from map(_stance_change, revised.stances)
    if revised.stances and (retracted or revised.difference):
        yield Text(f"  Our record {'would change' if tried else 'changed'}; no party moved.", style="dim")


def _about(event: Event) -> str:
    if isinstance(event, PositionEvent):
        return f"{event.party} on {event.issue}, {event.stated} ({event.event_kind.name})"
    bloc = f" in {event.bloc}" if isinstance(event, MembershipStarted | MembershipEnded) else ""
    return f"{about(event)}{bloc} ({event.event_kind.name})"


def _words(event: Event) -> str:
    summary = getattr(event, "summary", None) or getattr(event, "note", None) or ""
    quote = quoted_words(getattr(event, "quote", None))
    return f"{summary} “{quote}”".strip() if quote else summary


def _value(value: Any) -> str:
    if value is None:
        return "(not given)"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "(none)"
    return str(value["exact"] if isinstance(value, dict) and "exact" in value else value)


def _stance_change(change: StanceChange) -> RenderableType:
    text = Text(f"  {change.party} {plain(change.issue)}: on record for {day_text(change.on)} ")
    before, after = (stood.value if stood else None for stood in (change.before, change.after))
    if _word(change.before) == _word(change.after):
        return text.append(f"{_word(change.after)}, as before")
    text.append(_word(change.before), style=STYLES[before])
    text.append(" -> ")
    text.append(_word(change.after), style=STYLES[after])
    if change.after is not None and change.after.on != change.on:
        text.append(f" (of {day_text(change.after.on)}, @{change.after.position})", style="dim")
    return text


def _word(stood: Statement | None) -> str:
    return stance_word(stood.value) if stood else "no stance"

"""Entries for people and as data: one with its evidence, the log in lines, and the effect of a new or revised one."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.log.entries import LogLine, about
from tracker.domain.log.event_parts import AmountData, quoted_words
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    MembershipEnded,
    MembershipStarted,
    PositionEvent,
    StatementCorroborated,
)
from tracker.domain.log.kind_registry import kind_of
from tracker.domain.report.corrections import RevisionResult, StanceChange, difference
from tracker.domain.terms.amount_wording import amount_text, bare_amount_text
from tracker.domain.terms.columns import columns_of, row_data
from tracker.domain.terms.dates import instant_text
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.counting import event_in_effect
from tracker.domain.timeline.statement import WITHDRAWN, Statement
from tracker.reports.answers import Fields, Rows, cell_text
from tracker.reports.conditions import conditions_text
from tracker.reports.formats import View
from tracker.reports.positions.values import bare_value_text, is_converted
from tracker.reports.report.items import field_label
from tracker.reports.tables.terminal import grid, indented, style_of
from tracker.reports.wording import document_text, quoted, stated_text

# --- one entry -------------------------------------------------------------------------------------


def entry_fields(shown: EntryDetail) -> Fields:
    """Everything about an entry."""
    lines = [(label, plain(text)) for label, text in _entry_lines(shown)]
    return Fields(_entry_data(shown), lines, title=f"Entry @{shown.entry.position}")


def _entry_data(shown: EntryDetail) -> dict[str, Any]:
    entry = shown.entry
    return {
        "id": entry.id,
        "type": entry.type,
        "position": entry.position,
        "hash": shown.hash,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
        "data": entry.event,
        "says": shown.says,
        "attribution": shown.says.attributed if isinstance(shown.says, PositionEvent) else None,
        "counts": shown.says is not None and shown.ended_by is None,
        "ended_by": {"id": shown.ended_by[0], "type": shown.ended_by[1]} if shown.ended_by else None,
        "versions": [version.id for version in shown.versions],
        "question": shown.question,
        "source": shown.source,
        "corroborations": [
            {"id": version.entry.id, "position": version.entry.position, **version.event.data()}
            for version in shown.corroborations
        ],
    }


def _entry_lines(shown: EntryDetail) -> Iterator[tuple[str, str]]:
    entry = shown.entry
    yield "entry", f"@{entry.position}  {entry.id}  {entry.type}"
    yield "recorded", f"{instant_text(entry.recorded_at)} by {entry.recorded_by}"
    yield "counts", _counts(shown)
    if shown.question:
        yield "question", shown.question
    for name, value in _in_order(entry.event.data()).items():
        yield from _field_lines(name, value, shown, getattr(entry.event, "stance", None))
    yield from (("changed", text) for text in _changed(shown))
    if isinstance(shown.says, PositionEvent) and shown.says.attribution is None:
        yield "attribution", f"{shown.says.attributed} (by default)"
    if shown.source:
        yield "published", document_text(shown.source)
    for version in shown.corroborations:
        event = version.event
        assert isinstance(event, StatementCorroborated)
        yield "also in", f"{event.source}{quoted(quoted_words(event.quote))}  [@{version.entry.position}]"
    if len(shown.versions) > 1:
        yield "versions", ", ".join(f"@{version.position}" for version in shown.versions)


def _changed(shown: EntryDetail) -> Iterator[str]:
    """Yield the fields that a correction changed, each with its old and its new value."""
    corrected = shown.entry.event
    if isinstance(corrected, EntryCorrected) and shown.says is not None:
        first_type = shown.versions[0].event.type
        target = next(version for version in shown.versions if version.id == corrected.target)
        was = event_in_effect(target, first_type)
        for field, before, after in difference(was.data() if was else {}, shown.says.data()):
            yield f"{field_label(field)}: {recorded_text(before, shown.unit)} -> {recorded_text(after, shown.unit)}"


def _counts(shown: EntryDetail) -> str:
    if shown.says is None:
        return "as the retraction of its target"
    if shown.ended_by is None:
        return "yes"
    event_id, type_name = shown.ended_by
    return f"no: {kind_of(type_name).revision} by @{shown.positions[event_id]}"


def _in_order(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an entry, with the language and the translation of a quote beside it."""
    fields = {name: value for name, value in data.items() if name not in _OF_QUOTE}
    found: dict[str, Any] = {}
    for name, value in fields.items():
        found[name] = value
        if name == "quote":
            found |= {more: data[more] for more in _OF_QUOTE if more in data}
    return {**found, **data}


_OF_QUOTE = ("language", "translation")


def _field_lines(name: str, value: Any, shown: EntryDetail, stance: str | None) -> Iterator[tuple[str, str]]:
    positions = shown.positions
    if isinstance(value, dict) and value.keys() <= {"at_least", "at_most"}:
        yield name, amount_text(AmountData(**value).amount, shown.unit)
    elif isinstance(value, dict):
        for part, inner in _in_order(value).items():
            yield from _field_lines(f"{name}.{part}", inner, shown, value.get("stance"))
    elif name in ("conditions", "replacement.conditions"):
        yield name, conditions_text(value, Stance(stance) if stance else WITHDRAWN) if value else "none"
    elif name in ("target", "replacement.target", "answers", "replacement.answers"):
        yield name, f"@{positions[value]}" if value in positions else value
    elif isinstance(value, list):
        yield name, "; ".join(map(str, value)) or "none"
    else:
        yield name, f"“{value}”" if name in ("quote", "translation") else cell_text(value)


# --- the log ---------------------------------------------------------------------------------------


Positions = Callable[[Collection[str]], Mapping[str, int]]
"""Finds the log positions of entries by their ids."""


def log_rows(
    entries: Iterable[LogLine], positions: Positions, *, after: int, which: str = "", at_once: int = 500
) -> Rows:
    """Entries of the log after a position, each with its hash in the chain, as they come.

    People see an entry that another one targets by its position, which is looked up for entries that come `at_once`.
    `which` says in words to which entries they are narrowed.
    """
    empty = f"The log has no entry{which}{f' after position {after}' if after or not which else ''}."
    cells = _log_cells(entries, positions, at_once)
    headings = ("entry", "recorded", "by", "type", "about")
    return Rows(entries, columns_of(LogLine), headings=headings, cells=cells, empty=empty, as_row=row_data)


def _log_cells(entries: Iterable[LogLine], positions: Positions, at_once: int) -> Iterator[Sequence[str]]:
    left = iter(entries)
    while lines := list(islice(left, at_once)):
        targets = {line.subject for line in lines if kind_of(line.type).role.targets}
        found = positions(targets) if targets else {}
        for line in lines:
            what = f"@{found[line.subject]}" if line.subject in targets else line.subject
            kind, recorded = line.type.rpartition(".")[0], line.recorded_at[:16].replace("T", " ")
            yield f"@{line.position}", recorded, line.recorded_by, kind, what


def render_log(answer: Rows) -> Iterator[str]:
    """A line for each entry, as it comes: a log is too long to lay out as a table."""
    line = None
    for entry, recorded, by, kind, what in answer.cells or ():
        line = f"{entry:<7} {recorded}  {_padded(by, 10)} {kind:<22} {what}"
        yield f"{plain(line)}\n"
    if line is None:
        yield f"{answer.empty}\n"


def _padded(text: str, width: int) -> str:
    """A text with spaces behind it up to a width of a display."""
    shown = plain(text)
    return shown + " " * (width - cell_len(shown))


# --- a correction or retraction --------------------------------------------------------------------


def revision_view(revised: RevisionResult, *, tried: bool) -> View:
    """The fields that differ, before and after, and the stances then on record; or that would be, if only tried."""
    return lambda _: Group(*_revision(revised, tried=tried))


def _revision(revised: RevisionResult, *, tried: bool) -> Iterator[RenderableType]:
    retracted = isinstance(revised.entry.event, EntryRetracted)
    what = plain(_about(revised.was, revised.corroborates))
    yield Text(f"{'Retracted' if retracted else 'Corrected'}: {what}", style="bold")
    if retracted:
        if words := _words(revised.was):
            yield indented(Text(plain(words)))
    elif revised.difference:
        rows: list[tuple[str, str, Text]] = []
        for field, before, after in differing_fields(revised):
            rows += (field, "was", Text(before, style="dim")), ("", "is", Text(after))
        columns = Column(no_wrap=True, style="bold"), Column(no_wrap=True), Column(overflow="fold", ratio=1)
        yield indented(grid(columns, rows))
    else:
        yield Text("  Nothing differs from what was recorded.")
    yield from map(_stance_change, revised.stances)
    if revised.stances and (retracted or revised.difference):
        yield Text(f"  Our record {'would change' if tried else 'changed'}; no party moved.", style="dim")


def differing_fields(revised: RevisionResult) -> Iterator[tuple[str, str, str]]:
    """Yield the fields that a correction changes, in words: what it was, and what it is."""
    for field, before, after in revised.difference:
        yield field_label(field), plain(recorded_text(before, revised.unit)), plain(recorded_text(after, revised.unit))


def stances_then(revised: RevisionResult) -> Iterator[str]:
    """Yield what is on record after a revision, or would be, for each pair and day that it is about."""
    yield from (_stance_change(change).plain.strip() for change in revised.stances)


def _about(event: Event, corroborates: int | None) -> str:
    if isinstance(event, StatementCorroborated):
        return f"@{corroborates}, by {event.source} ({event.event_kind.name})"
    if isinstance(event, PositionEvent):
        return f"{event.party} on {event.issue}, {stated_text(event.stated)} ({event.event_kind.name})"
    what = about(event)
    if isinstance(event, MembershipStarted | MembershipEnded):
        what = f"{event.party} in {event.bloc}"
    return f"{what} ({event.event_kind.name})"


def _words(event: Event) -> str:
    summary = getattr(event, "summary", None) or getattr(event, "note", None) or ""
    quote = quoted_words(getattr(event, "quote", None))
    return f"{summary} “{quote}”".strip() if quote else summary


def recorded_text(value: Any, unit: str | None) -> str:
    """The value of a field of an entry, as it is recorded; an amount in its unit."""
    if value is None:
        return "(not given)"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "(none)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return str(value["exact"]) if "exact" in value else bare_amount_text(AmountData(**value).amount, unit)
    return str(value)


def _stance_change(change: StanceChange) -> Text:
    said = (stood.stated_on for stood in (change.after, change.before) if stood and stood.on == change.on)
    day = stated_text(next(said, change.on.isoformat()))
    text = Text(f"  {change.party} {plain(change.issue)}: on record for {day} ")
    before, after = (stood.value if stood else None for stood in (change.before, change.after))
    words_before, words_after = (_word(stood, change.unit) for stood in (change.before, change.after))
    if words_before == words_after:
        return text.append(f"{words_after}, as before")
    text.append(words_before, style=style_of(before))
    text.append(" -> ")
    text.append(words_after, style=style_of(after))
    if change.after is not None and change.after.on != change.on:
        text.append(f" (of {stated_text(change.after.stated_on)}, @{change.after.position})", style="dim")
    return text


def _word(stood: Statement | None, unit: str | None) -> str:
    return bare_value_text(stood.value, unit, converted=is_converted(stood)) if stood else "no stance"

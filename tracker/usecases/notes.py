"""What somebody who recorded an entry should know: that it was on record, what it concerns, days that do not fit."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    Event,
    IssueClosed,
    IssueOpened,
    IssueReworded,
    PositionEvent,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.log.kinds import ISSUE_CLOSED, Register, Role, register_kinds
from tracker.domain.log.log_view import LocatedEntry
from tracker.domain.log.membership_rules import MembershipEvent
from tracker.domain.timeline.issue_notes import (
    ahead_notes,
    closing_notes,
    early_publication_notes,
    early_source_notes,
    look_alike_notes,
    wording_notes,
)
from tracker.domain.timeline.registers import registers
from tracker.storage.log.writer import Receipt, Writer
from tracker.storage.queries.neighbours import find_stated_after, find_stated_around
from tracker.storage.queries.versions import counting_corroborations, counting_facts, locate_entry


def with_notes(log: Writer, receipts: Sequence[Receipt], today: date, *, kept: bool) -> Iterator[Receipt]:
    """Add notes to receipts: what was on record, looks alike, closed already or later, or got a question.

    Statements have a note on a source from before their day.
    """
    connection = log.connection
    worded = any(isinstance(receipt.entry.event, IssueOpened | IssueReworded) for receipt in receipts)
    issues = registers(counting_facts(connection, register_kinds(Register.ISSUE))).issues if worded else {}
    known = _earliest(connection, [receipt.entry.event for receipt in receipts])
    for receipt in receipts:
        event, entry, notes = receipt.entry.event, receipt.entry, list(receipt.notes)
        if isinstance(event, IssueClosed):
            closings = counting_facts(connection, [ISSUE_CLOSED], key=event.issue)
            notes += closing_notes(event, entry.id, closings, today)
        elif isinstance(event, MembershipEvent):
            pass  # which are noted when all of them are judged together
        elif event.event_kind.role is Role.FACT and known[event].position < entry.position:
            notes.append(_repetition(event, known[event].position, take_back(entry.position, kept=kept)))
        elif isinstance(event, PositionEvent):
            notes += _early_sources(log, event, [event.source])
        elif isinstance(event, StatementCorroborated):
            notes += _early_sources(log, locate_entry(connection, event.target).event, [event.source])
        notes += [*look_alike_notes(event, issues), *revision_notes(connection, event, entry.position, today)]
        yield receipt._replace(notes=tuple(notes))


def revision_notes(connection: Connection, event: Event | None, position: int, today: date) -> Iterator[str]:
    """Yield notes on what an entry at a position says anew: a day ahead, or a question that binds statements."""
    yield from ahead_notes(event, today)
    if isinstance(event, IssueReworded) and event.question is not None:
        yield from wording_notes(event, position, find_stated_around(connection, event.issue, event.on))


def evidence_notes(log: Writer, target: LocatedEntry, event: Event | None) -> Iterator[str]:
    """Yield notes on the evidence of what a corrected entry now says, where it did not say so before.

    Evidence is a statement's own source and its corroborations. Of a source, what cites it is looked at.
    """
    was = target.event
    if isinstance(event, PositionEvent) and isinstance(was, PositionEvent):
        others = [getattr(version.event, "source", None) for version in counting_corroborations(log.connection, target)]
        before = set(_early_sources(log, was, [was.source, *others]))
        yield from (note for note in _early_sources(log, event, [event.source, *others]) if note not in before)
    elif isinstance(event, StatementCorroborated) and event.source != getattr(was, "source", None):
        yield from _early_sources(log, locate_entry(log.connection, event.target).event, [event.source])
    elif isinstance(event, SourceRegistered) and event.published_on is not None:
        assert isinstance(was, SourceRegistered)
        if was.published_on is None or event.published_on < was.published_on:
            later = find_stated_after(log.connection, event.source, event.published_on)
            yield from early_publication_notes(event, later)


def _early_sources(log: Writer, event: Event | None, sources: Iterable[str | None]) -> Iterator[str]:
    if isinstance(event, PositionEvent):
        published = {source: log.published_on(source) for source in sources if source is not None}
        yield from early_source_notes(event, published)


def take_back(position: int, *, kept: bool) -> str:
    """Return the advice on an entry that should not be there, or was only checked."""
    return f"take this one back: tracker retract @{position} --reason TEXT" if kept else "do not record this one."


def _repetition(event: Event, first: int, advice: str) -> str:
    if event.event_kind.register is not None:
        return f"@{first} registers the same. This entry changes nothing; --skip-recorded passes over such rows."
    return f"@{first} says the same. If it is no other, {advice}"


def _earliest(connection: Connection, events: Sequence[Event]) -> dict[Event, Entry]:
    """The first counting entry of each fact that is among these events."""
    kinds = {event.event_kind.name for event in events if event.event_kind.role is Role.FACT}
    found: dict[Event, Entry] = {}
    for version in counting_facts(connection, sorted(kinds)) if kinds else ():
        found.setdefault(version.event, version.entry)
    return found

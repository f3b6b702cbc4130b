"""Entries prepared for the log: parsed, checked and serialised as far as possible without the state of the log.

The entry's place, and the existence of the ids to which it refers, remain for the writer.
"""

from datetime import datetime
from typing import NamedTuple, Self

import orjson

from tracker.domain.log.admission import references, registered_key
from tracker.domain.log.entries import Draft, Entry, canonical, cloud_event, subject
from tracker.domain.log.events import (
    Event,
    IssueClosed,
    IssueOpened,
    MembershipEnded,
    MembershipStarted,
    PartyRegistered,
    PartyUpdated,
    PositionEvent,
)
from tracker.domain.log.judgement import blank_texts
from tracker.domain.log.kind_registry import Key
from tracker.domain.log.parsing import ParsedEvent, parse_written
from tracker.domain.log.upcasting import StoredForm, older_version, oldest_form
from tracker.domain.terms.dates import instant_text
from tracker.domain.timeline.statement import Statement, statement_from
from tracker.storage.projections.rows import DerivedRow, row_from


class PreparedEntry(NamedTuple):
    """A draft that is ready to append.

    `type` and `text` are the event's stored type name and its data as canonical JSON; `certain_day` is that of
    a statement or withdrawal (see events). Instants and days are in the log's spelling. `row` is its projection row if
    registers and days alone decide admission: None for an entry that targets another one, claims a party's names, is
    about a membership or has a text without a visible character. If `event` is None it is parsed again from `text`
    (see `parsed`), so that an entry can cross to another process.
    """

    id: str
    recorded_by: str
    time: str | None
    origin_time: str | None
    is_new: bool
    type: str
    text: str
    subject: str | None
    refers_to: tuple[Key, ...]
    registers: Key | None
    certain_day: str | None
    row: DerivedRow | None
    event: Event | None
    names_others: bool = False
    """Whether it answers an ask, which must be on record, or leaves the position of a bloc, which is another party."""

    @property
    def parsed(self) -> ParsedEvent:
        """The event, and its stored form if that is not the oldest version of its type."""
        if self.event is None:
            return parse_written(self.type, orjson.loads(self.text))
        form = StoredForm(self.type, orjson.loads(self.text)) if older_version(self.type) else None
        return ParsedEvent(self.event, form)

    @property
    def statement(self) -> Statement:
        """The statement or withdrawal of such an entry, without a place in the log."""
        event = self.parsed.event
        return statement_from(event.event_kind.name, event.data())

    def with_event(self) -> Self:
        """Return this entry with its event parsed."""
        return self if self.event is not None else self._replace(event=self.parsed.event)

    def with_spelling(self, event: Event) -> Self:
        """Return this entry with its event in another spelling, with equal references."""
        form = oldest_form(event.type, event.data())
        return self._replace(event=event, type=form.type, text=canonical(form.data).decode())

    def line(self, position: int, recorded_at: str, origin_time: str | None) -> bytes:
        """Return the canonical line to store for it at a position."""
        return cloud_event(
            event_id=self.id,
            type_name=self.type,
            data=orjson.Fragment(self.text),
            subject=self.subject,
            recorded_by=self.recorded_by,
            recorded_at=recorded_at,
            origin_time=origin_time,
            position=position,
        )


class AppendedEntry(NamedTuple):
    """A prepared entry in its place in the log."""

    prepared: PreparedEntry
    position: int
    recorded_at: str
    origin_time: str | None

    @property
    def entry(self) -> Entry:
        """The entry as the domain models it."""
        prepared, origin = self.prepared, self.origin_time
        event, written = prepared.parsed
        return Entry(
            self.position,
            prepared.id,
            event,
            datetime.fromisoformat(self.recorded_at),
            prepared.recorded_by,
            None if origin is None else datetime.fromisoformat(origin),
            written,
        )


_JUDGED = (PartyRegistered, PartyUpdated, MembershipStarted, MembershipEnded, IssueOpened, IssueClosed)
"""Events whose admission depends on more than registered ids and days."""


def prepare(draft: Draft, *, keeps_event: bool = True) -> PreparedEntry:
    """Prepare a draft for the log; one that another process is to append keeps no event (see `PreparedEntry`)."""
    event = draft.event
    data = event.data()
    form = draft.written or oldest_form(event.type, data)
    text = canonical(form.data).decode()
    judged = isinstance(event, _JUDGED) or (_may_hide(text) and any(blank_texts(event)))
    return PreparedEntry(
        draft.id,
        draft.recorded_by,
        None if draft.time is None else instant_text(draft.time),
        None if draft.origin_time is None else instant_text(draft.origin_time),
        draft.is_new,
        form.type,
        text,
        subject(event),
        tuple([key for key, _ in references(event)]),
        registered_key(event),
        event.certain_day.isoformat() if isinstance(event, PositionEvent) else None,
        None if judged else row_from(event.event_kind, data),
        event if keeps_event else None,
        "answers" in data or "leaves_position_of" in data,
    )


def _may_hide(text: str) -> bool:
    """Return whether canonical JSON may have characters that do not show; quickly."""
    return not (text.isascii() and text.isprintable()) or "\\u" in text

"""An entry as it is offered to the log: read, checked and written out as far as the log's own state does not matter.

What is left to the log are the entry's place, and whether what it refers to is there.
"""

from datetime import datetime
from typing import NamedTuple, Self

import orjson

from tracker.domain.log.admission import LogView
from tracker.domain.log.entries import Draft, Entry, canonical, cloud_event, subject
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    PartyRegistered,
    PartyUpdated,
    Position,
    StatementCorroborated,
)
from tracker.domain.log.parsing import ParsedEvent, parse_written
from tracker.domain.log.references import Key, references, registered
from tracker.domain.log.upcasting import StoredForm, is_versioned, oldest_form
from tracker.domain.terms.dates import instant_text
from tracker.storage.projections.outlines import Outline, outline_of


class PreparedEntry(NamedTuple):
    """A draft made ready.

    `type` and `text` are the event's stored type name and its data as canonical JSON; `about` is its subject, and
    `first_day` the first day that a statement or withdrawal can mean. Instants and days are as the log spells them.
    `outline` is there where the registers and the day alone decide whether the log takes the entry: there is none for
    what targets another entry, and for what claims a party's names. `event` is read again from `text` if it is not at
    hand (see `parsed`), so that an offer can cross to another process.
    """

    id: str
    recorded_by: str
    time: str | None
    origin_time: str | None
    is_new: bool
    type: str
    text: str
    about: str | None
    refers_to: tuple[Key, ...]
    registers: Key | None
    first_day: str | None
    outline: Outline | None
    event: Event | None

    @property
    def parsed(self) -> ParsedEvent:
        """The event, and the form in which it is stored where its type has several."""
        if self.event is None:
            return parse_written(self.type, orjson.loads(self.text))
        return ParsedEvent(
            self.event, StoredForm(self.type, orjson.loads(self.text)) if is_versioned(self.type) else None
        )

    def read(self) -> Self:
        """The same offer with its event at hand."""
        return self if self.event is not None else self._replace(event=self.parsed.event)

    def saying(self, event: Event) -> Self:
        """The same offer with its event in another spelling, which refers to the same."""
        form = oldest_form(event)
        return self._replace(event=event, type=form.type, text=canonical(form.data).decode())

    def line(self, position: int, recorded_at: str, origin_time: str | None) -> bytes:
        """The canonical line that is stored for it in a place of the log."""
        return cloud_event(
            event_id=self.id,
            type_name=self.type,
            data=orjson.Fragment(self.text),
            about=self.about,
            recorded_by=self.recorded_by,
            recorded_at=recorded_at,
            origin_time=origin_time,
            position=position,
        )


class AppendedEntry(NamedTuple):
    """An offer that the log took, in its place."""

    offered: PreparedEntry
    position: int
    recorded_at: str
    origin_time: str | None

    @property
    def entry(self) -> Entry:
        """The entry that it became."""
        offered, origin = self.offered, self.origin_time
        event, written = offered.parsed
        return Entry(
            self.position,
            offered.id,
            event,
            datetime.fromisoformat(self.recorded_at),
            offered.recorded_by,
            None if origin is None else datetime.fromisoformat(origin),
            written,
        )


def prepare(draft: Draft) -> PreparedEntry:
    """Make a draft ready for the log."""
    event = draft.event
    form = draft.written or oldest_form(event)
    plain = not isinstance(event, _BY_MORE)
    return PreparedEntry(
        draft.id,
        draft.recorded_by,
        None if draft.time is None else instant_text(draft.time),
        None if draft.origin_time is None else instant_text(draft.origin_time),
        draft.is_new,
        form.type,
        canonical(form.data).decode(),
        subject(event),
        tuple([key for key, _ in references(event)]),
        registered(event),
        event.day.first.isoformat() if isinstance(event, Position) else None,
        outline_of(form.type, form.data) if plain else None,
        event,
    )


def is_plain(offered: PreparedEntry, *, last_day: str, log: LogView) -> bool:
    """Whether an offer may be appended as it is, as far as that can be told at a glance; else `admit` tells.

    `last_day` is the last one that a statement's first day may be, as ISO 8601 writes it (see `last_first_day`).
    """
    return (
        offered.outline is not None
        and (offered.first_day is None or offered.first_day <= last_day)
        and log.are_registered(offered.refers_to)
        and (offered.registers is None or not log.is_registered(offered.registers))
    )


_BY_MORE = (PartyRegistered, PartyUpdated, StatementCorroborated, EntryCorrected, EntryRetracted)
"""Events of which the log asks more than whether what they refer to is registered."""

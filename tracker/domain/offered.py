"""An entry as it is offered to the log: read, checked and written out as far as the log's own state does not matter.

What is left to the log are the entry's place, and whether what it refers to is there.
"""

from datetime import datetime
from typing import NamedTuple, Self

import orjson

from tracker.domain.dates import instant_text
from tracker.domain.entries import Draft, Entry, canonical, cloud_event, subject
from tracker.domain.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    PartyRegistered,
    PartyUpdated,
    Position,
    StatementCorroborated,
)
from tracker.domain.outlines import Outline, outline_of
from tracker.domain.parsing import Parsed, parse_written
from tracker.domain.references import Key, references, registered
from tracker.domain.upcasting import Written, is_versioned, oldest_form


class Offered(NamedTuple):
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
    def parsed(self) -> Parsed:
        """The event, and the form in which it is stored where its type has several."""
        if self.event is None:
            return parse_written(self.type, orjson.loads(self.text))
        return Parsed(self.event, Written(self.type, orjson.loads(self.text)) if is_versioned(self.type) else None)

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


class Taken(NamedTuple):
    """An offer that the log took, in its place."""

    offered: Offered
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


def offer(draft: Draft) -> Offered:
    """Make a draft ready for the log."""
    event = draft.event
    form = draft.written or oldest_form(event)
    plain = not isinstance(event, _BY_MORE)
    return Offered(
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


_BY_MORE = (PartyRegistered, PartyUpdated, StatementCorroborated, EntryCorrected, EntryRetracted)
"""Events of which the log asks more than whether what they refer to is registered."""

"""Correct or retract an entry in one transaction, and return the effect on the stances concerned."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import uuid_utils

from tracker.domain.answers.corrections import RevisionResult, StanceChange, difference
from tracker.domain.log.admission import LocatedEntry, parse_replacement
from tracker.domain.log.entries import Draft, recorder_name, uuid_of
from tracker.domain.log.events import EntryCorrected, EntryRetracted, Event, PositionEvent
from tracker.domain.log.parsing import event_from
from tracker.domain.log.upcasting import oldest_form
from tracker.domain.timeline.statement import statement_from
from tracker.errors import BadEvent
from tracker.storage.log.event_log import resolve_entry_id
from tracker.storage.log.writer import Writer
from tracker.storage.queries import versions
from tracker.usecases.cutoffs import stances

Revision = Callable[[LocatedEntry], Event]
"""The event that revises an entry."""


def correction(changes: Mapping[str, Any], reason: str) -> Revision:
    """A correction: new values of fields as JSON values, None for a field to leave out; the rest stays as it was."""

    def event_for(target: LocatedEntry) -> Event:
        data = target.event.data() if target.event else {}
        merged = {field: value for field, value in {**data, **changes}.items() if value is not None}
        with suppress(BadEvent):  # which admission tells apart from a target that cannot be corrected
            newest = parse_replacement(target.first_type, merged).event
            merged = dict(oldest_form(newest.type, newest.data()).data)
        event: Event = event_from(EntryCorrected, {"target": target.id, "replacement": merged, "reason": reason})
        return event

    return event_for


def retraction(reason: str) -> Revision:
    """A retraction: the entry should never have been there."""
    return lambda target: event_from(EntryRetracted, {"target": target.id, "reason": reason})


def revise_in(
    log: Writer, name: str, event_for: Revision, *, by: str, event_id: str | None, today: date
) -> RevisionResult:
    """Append what revises an entry, named by an unambiguous prefix of its id or `@N`. Raises TrackerError."""
    target = versions.locate_entry(log.connection, resolve_entry_id(log.connection, name))
    event = event_for(target)
    says = None
    if isinstance(event, EntryCorrected) and target.event is not None:
        says = parse_replacement(target.first_type, event.replacement).event
    events = [one for one in (target.event, says) if isinstance(one, PositionEvent)]
    about = [statement_from(one.event_kind.name, one.data()) for one in events]
    places = {(*one.pair, day) for one in about for day in (one.on, today)}
    before = stances(log.connection, places)
    receipt = log.append(Draft(event, uuid_of(event_id or str(uuid_utils.uuid7())), recorder_name(by)))
    assert target.event is not None
    after = stances(log.connection, places)
    return RevisionResult(
        receipt.entry,
        target.entry,
        target.event,
        difference(target.event.data(), says.data()) if says else (),
        tuple(StanceChange(*key, before[key], after[key]) for key in sorted(places)),
    )

"""One entry as far as it was on public record by a day (DESIGN section 4)."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    ContextEvent,
    EntryCorrected,
    Event,
    PositionEvent,
    SourceRegistered,
    StatementCorroborated,
    occurred_on,
)
from tracker.domain.terms.scope import Cutoffs
from tracker.domain.timeline.circumstances import fact_public_on
from tracker.domain.timeline.counting import event_in_effect
from tracker.domain.timeline.publication import is_public
from tracker.domain.timeline.statement import EVIDENCE_FIELDS
from tracker.errors import NotYetOnRecord
from tracker.storage.queries.circumstances import source_days


def public_part(connection: Connection, found: EntryDetail, first_type: str, cutoffs: Cutoffs) -> EntryDetail:
    """Return an entry without the evidence and the corroborations that were not public by then.

    Evidence is left out where another source carried the statement earlier, and of other versions. Raises
    NotYetOnRecord for an entry of which nothing was public.
    """
    by, events = cutoffs.published_by, {one.id: event_in_effect(one, first_type) for one in found.versions}
    said = (found.says, *events.values(), *(one.event for one in found.corroborations))
    cited = {source for event in said if (source := getattr(event, "source", None)) is not None}
    days = source_days(connection, cited, known_at=cutoffs.known_at)
    corroborations = tuple(one for one in found.corroborations if is_public(_own_day(one.event, days), by))
    others = [_own_day(one.event, days) for one in corroborations]
    if not is_public(_public_day(found.says, days, others), by):
        raise NotYetOnRecord(name=f"@{found.entry.position}", what="entry", cutoff=f"published_by {by}")

    def shown(entry: Entry, says: Event | None) -> Entry:
        return entry if _cites_nothing_new(says, days, by) else replace(entry, event=_without_evidence(entry.event))

    versions = tuple(shown(one, events[one.id]) for one in found.versions)
    kept = replace(found, corroborations=corroborations, versions=versions)
    if found.says is None or _cites_nothing_new(found.says, days, by):
        return kept
    return replace(kept, entry=shown(found.entry, found.says), says=_without_evidence(found.says), source=None)


def _cites_nothing_new(event: Event | None, days: dict[str, date], by: date | None) -> bool:
    """Whether an event's own source was public; also if it names none, or is the registration of one."""
    return (
        getattr(event, "source", None) is None
        or isinstance(event, SourceRegistered)
        or is_public(_own_day(event, days), by)
    )


def _own_day(event: Event | None, days: dict[str, date]) -> date | None:
    """The day on which an event's own source was published."""
    source = getattr(event, "source", None)
    return days.get(source) if source else None


def _public_day(event: Event | None, days: dict[str, date], others: list[date | None]) -> date | None:
    """The day from which an event is public, by its own source or `others`; None for never."""
    own = _own_day(event, days)
    if isinstance(event, PositionEvent):
        dated = [day for day in (own, *others) if day is not None]
        return max(min(dated), event.day.first) if dated else None
    if isinstance(event, StatementCorroborated):
        return own
    if isinstance(event, ContextEvent):
        return fact_public_on(event.event_kind, occurred_on(event), own)
    return date.min  # names of parties, issues and sources do not run on this clock, nor does our own record


def _without_evidence(event: Any) -> Any:
    if isinstance(event, EntryCorrected):
        left = {name: value for name, value in event.replacement.items() if name not in EVIDENCE_FIELDS}
        return event.model_copy(update={"replacement": left})
    return event.model_copy(update=dict.fromkeys(EVIDENCE_FIELDS & event.__dict__.keys()))

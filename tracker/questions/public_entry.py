"""One entry as far as it was on public record by a day (DESIGN section 4)."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.log.events import (
    ContextEvent,
    EntryCorrected,
    Event,
    PositionEvent,
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
    """Return an entry without the evidence, the corroborations and the versions that were not public by then.

    What a source that was not public says is left out where another one carried the statement. Raises NotYetOnRecord.
    """
    by, events = cutoffs.published_by, {one.id: event_in_effect(one, first_type) for one in found.versions}
    said = (found.says, *events.values(), *(one.event for one in found.corroborations))
    cited = {source for event in said if (source := getattr(event, "source", None)) is not None}
    days = source_days(connection, cited, known_at=cutoffs.known_at)
    corroborations = tuple(one for one in found.corroborations if is_public(_own_day(one.event, days), by))
    others = [_own_day(one.event, days) for one in corroborations]
    if not is_public(_public_day(found.says, days, others), by):
        raise NotYetOnRecord(name=f"@{found.entry.position}", what="entry", cutoff=f"published_by {by}")
    shown = replace(
        found,
        corroborations=corroborations,
        versions=tuple(one for one in found.versions if is_public(_public_day(events[one.id], days, []), by)),
    )
    if is_public(_own_day(found.says, days), by) or getattr(found.says, "source", None) is None:
        return shown
    bare = replace(found.entry, event=_without_evidence(found.entry.event))
    says = found.says and _without_evidence(found.says)
    return replace(shown, entry=bare, says=says, source=None)


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

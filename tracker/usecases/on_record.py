"""Refuse statements that look like one on record, or like another one that is recorded with them."""

from collections.abc import Sequence
from typing import Any

from tracker.adapters.batch_sections import NAMES
from tracker.domain.answers.context import occurrence_text
from tracker.domain.log.admission import references
from tracker.domain.log.entries import about
from tracker.domain.log.events import (
    Event,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PositionStated,
    PositionWithdrawn,
    StatementCorroborated,
    changed_fields,
)
from tracker.domain.log.judgement import adds_evidence
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.errors import LooksLikeOneOnRecord, SaidTwice, TrackerError
from tracker.storage.log.prepared_entry import PreparedEntry
from tracker.storage.log.writer import Writer
from tracker.storage.projections.rows import StatementRow
from tracker.storage.queries.neighbours import find_look_alikes
from tracker.storage.queries.versions import counting_corroborations, locate_entry

Refusals = list[tuple[int, TrackerError]]
"""Refusals, each with the index of its entry."""


def look_alikes(log: Writer, entries: Sequence[tuple[int, PreparedEntry]]) -> Refusals:
    """Return the refusals of statements that look like one on record, or like another one of these."""
    found: Refusals = []
    seen: set[tuple[object, ...]] = set()
    for index, prepared in entries:
        if not isinstance(prepared.row, StatementRow) or prepared.row.value == str(WITHDRAWN):
            continue
        statement = prepared.statement
        same = (*statement.pair, statement.first_day, statement.on, statement.speaker_key, statement.value)
        *_, around = log.find_neighbours(prepared.row)
        on_record = find_look_alikes(log.transaction, statement, around.alike) if around.alike else []
        if same in seen:
            found.append((index, SaidTwice(label(prepared.parsed.event))))
        elif on_record and all(one.event_id != prepared.id for one in on_record):
            found.append((index, _looks_like(log, prepared, on_record[0].event_id)))
        seen.add(same)
    return found


def _looks_like(log: Writer, prepared: PreparedEntry, event_id: str) -> LooksLikeOneOnRecord:
    known, new = locate_entry(log.connection, event_id), prepared.parsed.event
    assert isinstance(known.event, PositionStated)
    assert isinstance(new, PositionStated)
    corroborations = (version.event for version in counting_corroborations(log.connection, known))
    evidence: list[PositionStated | StatementCorroborated] = [known.event]
    evidence += (event for event in corroborations if isinstance(event, StatementCorroborated))
    unknown = unregistered(log, new)
    source = None if "source" in unknown else new.source
    adds = source is not None and all(adds_evidence(new, other) for other in evidence)
    differs = changes(known.event, new)
    return LooksLikeOneOnRecord(
        known.named, label(new), differs, unregistered=unknown, source=source, adds_evidence=adds
    )


def label(event: Event) -> str:
    """Return what an entry says in a few words, for messages."""
    match event:
        case PositionStated():
            return f"{event.party} {event.issue} {event.stance} on {event.stated_on}"
        case PositionWithdrawn():
            return f"{event.party} {event.issue} withdrawn on {event.on}"
        case MilestoneNoted():
            return f"milestone {event.title!r} on {event.on}"
        case MembershipStarted() | MembershipEnded():
            return f"{occurrence_text(event)} on {event.on}"
        case _:
            return f"{event.event_kind.register or event.event_kind.name} {about(event)}"


def changes(old: Event, new: Event) -> dict[str, Any]:
    """Return the new values of the fields that differ, by their names in a batch; None for one to leave out."""
    return {NAMES.get(field, field): value for field, value in changed_fields(old, new).items()}


def unregistered(log: Writer, event: Event) -> set[str]:
    """Return the fields, by their names in a batch, in which an event names what is not on record.

    What is recorded together with it is not, as long as it is not appended.
    """
    return {NAMES.get(field, field) for key, field in references(event) if not log.is_registered(key)}

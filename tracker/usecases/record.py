"""Record events in a writer's turn: refuse what looks like a statement on record, and tell what each one did."""

from collections.abc import Iterable, Sequence
from datetime import date

from uuid_utils import uuid7

from tracker.domain.answers.changes import change_of
from tracker.domain.log.entries import Draft, recorder_name, uuid_of
from tracker.domain.log.events import Event, Position, PositionStated
from tracker.domain.timeline.replay import Step
from tracker.errors import LooksLikeOneOnRecord, RefusedEntries, SaidTwice, TrackerError
from tracker.storage.log.writer import Receipt, Writer
from tracker.usecases.results import RecordResult


def drafts_of(events: Sequence[Event], by: str, event_ids: Sequence[str] | None = None) -> list[Draft]:
    """Entries to be recorded, with ids of their own unless these are given (a UUID each)."""
    recorder = recorder_name(by)
    if event_ids is None:
        return [Draft(event, str(uuid7()), recorder, is_new=True) for event in events]
    return [Draft(event, uuid_of(one), recorder) for event, one in zip(events, event_ids, strict=True)]


def first_position(events: Sequence[Event]) -> Position | None:
    """The first of these events that is a statement or withdrawal."""
    return next((event for event in events if isinstance(event, Position)), None)


def record_into(
    log: Writer, drafts: Sequence[Draft], *, today: date, anyway: bool, expected_position: int | None
) -> list[RecordResult]:
    """Append events, all or none. Raises RefusedEntries with every refusal, or PairMovedOn."""
    for draft in drafts:
        if expected_position is not None and isinstance(draft.event, Position):
            log.require_untouched(draft.event.issue, draft.event.party, since=expected_position)
    alike = [] if anyway else _look_alikes(log, drafts)
    results = log.append_all(drafts)
    refused = [(index, result) for index, result in enumerate(results) if isinstance(result, TrackerError)]
    _raise_refusals([*alike, *refused])
    return [_effect(log, result, today) for result in results if isinstance(result, Receipt)]


def _effect(log: Writer, receipt: Receipt, today: date) -> RecordResult:
    entry = receipt.entry
    if not isinstance(entry.event, Position):
        return RecordResult(receipt)
    step = Step(entry, entry.event, entry.position)
    from_stance, in_force, now = log.effect(step, today)
    return RecordResult(receipt, change_of(step, from_stance, in_force), now)


def _look_alikes(log: Writer, drafts: Sequence[Draft]) -> list[tuple[int, TrackerError]]:
    found: list[tuple[int, TrackerError]] = []
    seen: set[tuple[object, ...]] = set()
    for index, draft in enumerate(drafts):
        event = draft.event
        if not isinstance(event, PositionStated):
            continue
        said = (event.party, event.issue, event.day, event.speaker, event.stance)
        label = f"{event.party} {event.issue} {event.stance} on {event.stated}"
        on_record = log.alike(event)
        if said in seen:
            found.append((index, SaidTwice(label)))
        elif on_record and draft.id not in on_record:
            found.append((index, LooksLikeOneOnRecord(on_record[0], label, event.source)))
        seen.add(said)
    return found


def _raise_refusals(refusals: Iterable[tuple[int, TrackerError]]) -> None:
    found = sorted(refusals, key=lambda refusal: refusal[0])
    if found:
        raise RefusedEntries(found)

"""Record events in one transaction: refuse look-alikes of statements on record, and return the effect of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from uuid_utils import uuid7

from tracker.domain.answers.changes import Change, change_of
from tracker.domain.log.entries import Draft, recorder_name, uuid_of
from tracker.domain.log.events import Event
from tracker.domain.timeline.statement import WITHDRAWN, Statement, statement_from
from tracker.errors import LooksLikeOneOnRecord, RefusedEntries, SaidTwice, TrackerError
from tracker.storage.log.prepared_entry import PreparedEntry, prepare
from tracker.storage.log.writer import Receipt, Writer
from tracker.storage.projections.rows import StatementRow


@dataclass(frozen=True, slots=True)
class RecordResult:
    """An entry that was recorded and, for a statement or withdrawal, its effect on the pair's stance.

    `change` is the statement in its place on the timeline; `now` is the one in
    effect on the day of recording, which a late entry may leave as it was.
    """

    receipt: Receipt
    change: Change | None = None
    now: Statement | None = None


def prepare_events(events: Sequence[Event], by: str, event_ids: Sequence[str] | None = None) -> list[PreparedEntry]:
    """Entries to be recorded, with ids of their own unless these are given (a UUID each)."""
    recorder = recorder_name(by)
    if event_ids is None:
        return [prepare(Draft(event, str(uuid7()), recorder, is_new=True)) for event in events]
    return [prepare(Draft(event, uuid_of(one), recorder)) for event, one in zip(events, event_ids, strict=True)]


def first_statement(entries: Sequence[PreparedEntry]) -> StatementRow | None:
    """The row of the first of these entries that is a statement or withdrawal."""
    return next((entry.row for entry in entries if isinstance(entry.row, StatementRow)), None)


def record_into(
    log: Writer, entries: Sequence[PreparedEntry], *, today: date, anyway: bool, expected_position: int | None
) -> list[RecordResult]:
    """Append prepared entries, all or none. Raises RefusedEntries with every refusal, or PairMovedOn."""
    for entry in entries:
        if expected_position is not None and isinstance(entry.row, StatementRow):
            log.require_untouched(*entry.row.pair, since=expected_position)
    alike = [] if anyway else _look_alikes(log, entries)
    results = list(log.append_each(entries))
    refused = [(index, result) for index, result in enumerate(results) if isinstance(result, TrackerError)]
    if refusals := sorted([*alike, *refused], key=lambda refusal: refusal[0]):
        raise RefusedEntries(refusals)
    receipts = [result for result in results if isinstance(result, Receipt)]
    return [_effect(log, entry, receipt, today) for entry, receipt in zip(entries, receipts, strict=True)]


def _effect(log: Writer, prepared: PreparedEntry, receipt: Receipt, today: date) -> RecordResult:
    if not isinstance(prepared.row, StatementRow):
        return RecordResult(receipt)
    entry = receipt.entry
    statement = _statement_in(entry.event)._replace(rank=entry.position, position=entry.position, event_id=entry.id)
    before, in_force, now = log.effect(prepared.row, statement, today)
    return RecordResult(receipt, change_of(statement, before, in_force), now)


def _statement_in(event: Event) -> Statement:
    return statement_from(event.event_kind.name, event.data())


def _look_alikes(log: Writer, entries: Sequence[PreparedEntry]) -> list[tuple[int, TrackerError]]:
    found: list[tuple[int, TrackerError]] = []
    seen: set[tuple[object, ...]] = set()
    for index, prepared in enumerate(entries):
        if not isinstance(prepared.row, StatementRow) or prepared.row.value == str(WITHDRAWN):
            continue
        statement = _statement_in(prepared.parsed.event)
        same = (*statement.pair, statement.first_day, statement.on, statement.speaker, statement.value)
        label = f"{statement.party} {statement.issue} {statement.value} on {statement.stated_on}"
        on_record = log.find_look_alikes(prepared.row, statement)
        if same in seen:
            found.append((index, SaidTwice(label)))
        elif on_record and prepared.id not in on_record:
            found.append((index, LooksLikeOneOnRecord(on_record[0], label, statement.source)))
        seen.add(same)
    return found

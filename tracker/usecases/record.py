"""Record events in one transaction: refuse look-alikes of statements on record, and return the effect of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from uuid_utils import uuid7

from tracker.domain.answers.changes import Change, change_of
from tracker.domain.log.entries import Draft, new_recorder_name, uuid_of
from tracker.domain.log.events import Event, IssueOpened, IssueReworded
from tracker.domain.log.kinds import Register, register_kinds
from tracker.domain.timeline.look_alike_issues import look_alike_notes
from tracker.domain.timeline.registers import registers
from tracker.domain.timeline.statement import WITHDRAWN, Statement
from tracker.errors import LooksLikeOneOnRecord, PairMovedOn, PositionAhead, RefusedEntries, SaidTwice, TrackerError
from tracker.storage.log.prepared_entry import PreparedEntry, prepare
from tracker.storage.log.writer import Receipt, Writer
from tracker.storage.projections.rows import StatementRow
from tracker.storage.queries.circumstances import wordings_of
from tracker.storage.queries.neighbours import effect_of, find_last_touch, find_look_alikes
from tracker.storage.queries.versions import counting_facts


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
    recorder = new_recorder_name(by)
    if event_ids is None:
        return [prepare(Draft(event, str(uuid7()), recorder, is_new=True)) for event in events]
    return [prepare(Draft(event, uuid_of(one), recorder)) for event, one in zip(events, event_ids, strict=True)]


def first_statement(entries: Sequence[PreparedEntry]) -> StatementRow | None:
    """The row of the first of these entries that is a statement or withdrawal."""
    return next((entry.row for entry in entries if isinstance(entry.row, StatementRow)), None)


def record_into(
    log: Writer, entries: Sequence[PreparedEntry], *, today: date, anyway: bool, expected_position: int | None
) -> list[RecordResult]:
    """Append prepared entries, all or none. Raises RefusedEntries with every refusal, PositionAhead or PairMovedOn."""
    if expected_position is not None:
        _require_untouched(log, entries, since=expected_position)
    alike = [] if anyway else _look_alikes(log, entries)
    results = list(log.append_each(entries))
    refused = [(index, result) for index, result in enumerate(results) if isinstance(result, TrackerError)]
    place = {entry.id: index for index, entry in enumerate(entries)}
    refused += [(place[broken.event_id], broken.refusal) for broken in log.settle_memberships()]
    if refusals := sorted([*alike, *refused], key=lambda refusal: refusal[0]):
        raise RefusedEntries(refusals)
    receipts = list(_with_notes(log, [result for result in results if isinstance(result, Receipt)]))
    return [_effect(log, entry, receipt, today) for entry, receipt in zip(entries, receipts, strict=True)]


def _require_untouched(log: Writer, entries: Sequence[PreparedEntry], *, since: int) -> None:
    """Check that no entry after a position touches the pairs of these."""
    if since > log.position:
        raise PositionAhead(since, log.position)
    pairs = [entry.row.pair for entry in entries if isinstance(entry.row, StatementRow)]
    for issue, party in pairs:
        if (touched := find_last_touch(log.connection, issue, party, since)) is not None:
            raise PairMovedOn(party, issue, since, touched)


def _look_alikes(log: Writer, entries: Sequence[PreparedEntry]) -> list[tuple[int, TrackerError]]:
    """The refusals of statements that look like one on record, or like another one of these, with their index."""
    found: list[tuple[int, TrackerError]] = []
    seen: set[tuple[object, ...]] = set()
    for index, prepared in enumerate(entries):
        if not isinstance(prepared.row, StatementRow) or prepared.row.value == str(WITHDRAWN):
            continue
        statement = prepared.statement
        same = (*statement.pair, statement.first_day, statement.on, statement.speaker_key, statement.value)
        label = f"{statement.party} {statement.issue} {statement.value} on {statement.stated_on}"
        *_, around = log.find_neighbours(prepared.row)
        on_record = find_look_alikes(log.transaction, statement, around.alike) if around.alike else []
        if same in seen:
            found.append((index, SaidTwice(label)))
        elif on_record and prepared.id not in on_record:
            found.append((index, LooksLikeOneOnRecord(on_record[0], label, statement.source)))
        seen.add(same)
    return found


def _with_notes(log: Writer, receipts: Sequence[Receipt]) -> Iterator[Receipt]:
    """Add to each receipt of an issue's opening or rewording which other issues have its title or its question."""
    worded = (IssueOpened, IssueReworded)
    if not any(isinstance(receipt.entry.event, worded) for receipt in receipts):
        yield from receipts
        return
    issues = registers(counting_facts(log.connection, register_kinds(Register.ISSUE))).issues
    for receipt in receipts:
        yield receipt._replace(notes=(*receipt.notes, *look_alike_notes(receipt.entry.event, issues)))


def _effect(log: Writer, prepared: PreparedEntry, receipt: Receipt, today: date) -> RecordResult:
    if not isinstance(prepared.row, StatementRow):
        return RecordResult(receipt)
    entry = receipt.entry
    statement = prepared.statement._replace(rank=entry.position, position=entry.position, event_id=entry.id)
    around = log.find_neighbours(prepared.row, entry.position)
    before, in_force, now = effect_of(log.transaction, statement, *around, today)
    wordings = wordings_of(log.transaction, statement.issue, up_to=statement.on)
    return RecordResult(receipt, change_of(statement, before, in_force, wordings), now)

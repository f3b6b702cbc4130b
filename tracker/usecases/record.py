"""Record events in one transaction: refuse look-alikes of statements on record, and return the effect of each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from uuid_utils import uuid7

from tracker.adapters.batch_values import amount_notes
from tracker.domain.answers.changes import Change, HeldBefore, change_of
from tracker.domain.log.entries import Draft, new_recorder_name, uuid_of
from tracker.domain.log.events import Event, IssueClosed, IssueReworded
from tracker.domain.log.kind_registry import Register, register_kinds
from tracker.domain.log.membership_rules import BrokenMembership
from tracker.domain.registers.registers import registers
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement
from tracker.errors import PairMovedOn, PositionAhead, RefusedEntries, TrackerError
from tracker.storage.log.prepared_entry import PreparedEntry, prepare
from tracker.storage.log.writer import Receipt, Writer
from tracker.storage.projections.registrations import SOURCE
from tracker.storage.projections.rows import StatementRow
from tracker.storage.queries.circumstances import wordings_of
from tracker.storage.queries.neighbours import effect_of, find_last_touch
from tracker.storage.queries.versions import counting_facts
from tracker.usecases.notes import EndedVersions, retraction_notes, take_back, with_notes
from tracker.usecases.on_record import look_alikes, without_effect
from tracker.usecases.run_again import find_recorded
from tracker.usecases.targets import position_of_target


@dataclass(frozen=True, slots=True)
class RecordResult:
    """An entry that was recorded and, for a statement or withdrawal, its effect on the pair's stance.

    What was recorded before has the receipt of that entry (`receipt.appended` is false) and no effect.
    `change` is the statement in its place on the timeline, without new governments; `now` is the one in effect on the
    day of recording, which a late entry may leave as it was.
    `target` is the log position of the entry that it is about, if it is about one. Of several entries, a statement has
    the `question` that it answers, as worded on its day. `unit` is that of the amount at which an issue was closed.
    """

    receipt: Receipt
    change: Change | None = None
    now: Statement | None = None
    target: int | None = None
    question: str | None = None
    unit: str | None = None


def prepare_events(events: Sequence[Event], by: str, event_ids: Sequence[str] | None = None) -> list[PreparedEntry]:
    """Entries to be recorded, with ids of their own unless these are given (a UUID each)."""
    recorder = new_recorder_name(by)
    if event_ids is None:
        return [prepare(Draft(event, str(uuid7()), recorder, is_new=True)) for event in events]
    return [prepare(Draft(event, uuid_of(one), recorder)) for event, one in zip(events, event_ids, strict=True)]


def with_amount_notes(results: Iterable[RecordResult], rows: Sequence[Mapping[str, Any]]) -> list[RecordResult]:
    """Return the results of events of `rows`, with notes on how amounts are read at the first new event of each row."""
    noted: list[RecordResult] = []
    before: Mapping[str, Any] | None = None
    for result, row in zip(results, rows, strict=True):
        notes = tuple(amount_notes(row)) if row is not before and result.receipt.appended else ()
        receipt = result.receipt._replace(notes=(*result.receipt.notes, *notes)) if notes else result.receipt
        noted.append(replace(result, receipt=receipt) if notes else result)
        before = row
    return noted


def first_statement(entries: Sequence[PreparedEntry]) -> StatementRow | None:
    """The row of the first of these entries that is a statement or withdrawal."""
    return next((entry.row for entry in entries if isinstance(entry.row, StatementRow)), None)


def record_into(
    log: Writer,
    entries: Sequence[PreparedEntry],
    *,
    today: date,
    anyway: bool,
    skip_recorded: bool,
    expected_position: int | None,
    kept: bool,
) -> list[RecordResult]:
    """Append prepared entries, all or none; notes say how to take back what is `kept`.

    Raises RefusedEntries with every refusal, PositionAhead or PairMovedOn.
    """
    entries = _with_registered_sources(log, entries)
    if expected_position is not None:
        pairs = [entry.row.pair for entry in entries if isinstance(entry.row, StatementRow)]
        require_untouched(log, pairs, since=expected_position)
    recorded, changed = find_recorded(log, entries, anyway=anyway) if skip_recorded else ({}, [])
    passed_over = {*recorded, *(index for index, _ in changed)}
    new = [(index, entry) for index, entry in enumerate(entries) if index not in passed_over]
    alike = [] if anyway else look_alikes(log, new)
    appended = list(zip(new, log.append_each([entry for _, entry in new]), strict=True))
    refused = [(index, result) for (index, _), result in appended if isinstance(result, TrackerError)]
    if not anyway:
        refused += without_effect(log, ((index, one) for (index, _), one in appended if isinstance(one, Receipt)))
    place = {entry.id: index for index, entry in new}
    memberships = log.settle_memberships()
    refused += [(place[broken.event_id], broken.refusal) for broken in memberships if broken.judged]
    if refusals := sorted([*alike, *changed, *refused], key=lambda refusal: refusal[0]):
        raise RefusedEntries(refusals)
    received = _with_broken_rules((result for _, result in appended if isinstance(result, Receipt)), memberships)
    receipts = with_notes(log, received, today, kept=kept, anyway=anyway)
    results = {index: RecordResult(receipt) for index, receipt in recorded.items()}
    rewords = any(isinstance(entry.event, IssueReworded) for entry in entries)
    ended = None if anyway else EndedVersions(log)
    results |= {
        index: _effect(log, entry, receipt, today, rewords=rewords, kept=kept, ended=ended)
        for (index, entry), receipt in zip(new, receipts, strict=True)
    }
    if len(new) > 1:
        find_question = _question_finder(log)
        results |= {
            index: replace(results[index], question=find_question(entry.statement))
            for index, entry in new
            if isinstance(entry.row, StatementRow)
        }
    return [result for _, result in sorted(results.items())]


def _with_broken_rules(receipts: Iterable[Receipt], memberships: Iterable[BrokenMembership]) -> list[Receipt]:
    """Return the receipts, with a note where a membership breaks a rule that does not judge it."""
    noted = {broken.event_id: str(broken.refusal) for broken in memberships}
    return [
        receipt._replace(notes=(*receipt.notes, note)) if (note := noted.get(receipt.entry.id)) else receipt
        for receipt in receipts
    ]


def _question_finder(log: Writer) -> Callable[[Statement], str]:
    """Return what finds the question that a statement answers, reading the wordings of each issue once."""

    @cache
    def wordings(issue: str) -> Sequence[Version]:
        return counting_facts(log.connection, register_kinds(Register.ISSUE), key=issue)

    return lambda one: registers(wordings(one.issue), on=one.on).issues[one.issue].question


def _with_registered_sources(log: Writer, entries: Sequence[PreparedEntry]) -> Sequence[PreparedEntry]:
    """Return the entries with sources by their ids, which people may have spelled another way that looks the same."""
    cited = (name for one in entries for register, name in one.refers_to if register == SOURCE)
    new = (one.registers[1] for one in entries if one.registers and one.registers[0] == SOURCE)
    spelled = log.spell_sources(cited, new)
    if all(name == known for name, known in spelled.items()):
        return entries
    return [
        prepare(Draft(event.model_copy(update={"source": spelled[source]}), one.id, one.recorded_by, is_new=one.is_new))
        if (source := getattr(event := one.parsed.event, "source", None)) in spelled and one.registers is None
        else one
        for one in entries
    ]


def require_untouched(log: Writer, pairs: Iterable[Pair], *, since: int) -> None:
    """Check that no entry after a position touches these pairs. Raises PositionAhead or PairMovedOn."""
    if since > log.position:
        raise PositionAhead(since, log.position)
    for issue, party in dict.fromkeys(pairs):
        if (touched := find_last_touch(log.connection, issue, party, since)) is not None:
            raise PairMovedOn(party, issue, since, touched)


def _effect(
    log: Writer,
    prepared: PreparedEntry,
    receipt: Receipt,
    today: date,
    *,
    rewords: bool,
    kept: bool,
    ended: EndedVersions | None,
) -> RecordResult:
    """Return the effect of a new entry, with a note if one of the `ended` versions said the same and was retracted.

    `rewords` says that a question was changed in the same transaction.
    """
    if not isinstance(prepared.row, StatementRow):
        event = receipt.entry.event
        unit = log.unit_of(event.issue) if isinstance(event, IssueClosed) and event.amount is not None else None
        return RecordResult(receipt, target=position_of_target(log.connection, event), unit=unit)
    entry = receipt.entry
    statement = prepared.statement._replace(rank=entry.position, position=entry.position, event_id=entry.id)
    around = log.find_neighbours(prepared.row, entry.position)
    before, in_force, now = effect_of(log.transaction, statement, *around, today)
    holds_none = before is None or before.value is WITHDRAWN
    if statement.value is WITHDRAWN and holds_none and statement.details.leaves_position_of is None:
        receipt = receipt._replace(
            notes=(*receipt.notes, _nothing_withdrawn(statement, before, take_back(entry.position, kept=kept)))
        )
    if around[-1].ended and ended is not None:
        like = ended.find_equal(prepared.row, entry.event, around[-1].ended)
        notes = retraction_notes(log, entry.event, like, take_back(entry.position, kept=kept))
        receipt = receipt._replace(notes=(*receipt.notes, *notes))
    reworded = around[-1].reworded or rewords
    wordings = wordings_of(log.transaction, statement.issue, up_to=date.max) if reworded else Circumstances()
    change = change_of(statement, before, in_force, wordings)
    if statement.stance is None:
        change = change._replace(unit=log.unit_of(statement.issue))
    return RecordResult(receipt, change, now)


def _nothing_withdrawn(statement: Statement, before: HeldBefore | None, advice: str) -> str:
    pair = f"{statement.party} held no stance on {statement.issue} that it could withdraw on {statement.stated_on}"
    if before is None:
        return f"{pair}. Check party, issue and day; if one is wrong, {advice}"
    return (
        f"{pair}: it is on record as withdrawn since {before.on}. If this is the same withdrawal, corroborate the "
        f"earlier one with another source, and {advice}"
    )

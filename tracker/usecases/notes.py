"""What somebody who recorded an entry should know: that it was on record, what it concerns, days that do not fit."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from tracker.domain.log.events import (
    Event,
    IssueClosed,
    IssueOpened,
    IssueReopened,
    IssueReworded,
    MilestoneNoted,
    PositionEvent,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.log.kind_registry import ISSUE_CLOSED, ISSUE_REOPENED, Register, Role, register_kinds
from tracker.domain.log.log_view import LocatedEntry
from tracker.domain.log.membership_rules import MembershipEvent
from tracker.domain.registers.issue_notes import (
    ahead_notes,
    closing_notes,
    early_publication_notes,
    early_source_notes,
    look_alike_notes,
    unit_notes,
    wording_notes,
)
from tracker.domain.registers.registers import registers
from tracker.domain.terms.text_key import text_key
from tracker.errors.shared_parts import correction
from tracker.storage.log.writer import Receipt, Writer
from tracker.storage.projections.rows import StatementRow
from tracker.storage.queries.neighbours import find_ended, find_stated_after, find_stated_around
from tracker.storage.queries.versions import (
    RecordedVersion,
    counting_corroborations,
    counting_facts,
    locate_entry,
    recorded_facts,
)
from tracker.usecases.on_record import changes
from tracker.usecases.position_notes import around_notes, standing_red_lines


def with_notes(log: Writer, receipts: Sequence[Receipt], today: date, *, kept: bool, anyway: bool) -> Iterator[Receipt]:
    """Add notes to receipts: what was on record, looks alike, closed already or later, or got a question.

    Statements have a note on a source from before their day; what is not recorded `anyway`, on a retraction.
    """
    connection = log.connection
    worded = any(isinstance(receipt.entry.event, IssueOpened | IssueReworded) for receipt in receipts)
    issues = registers(counting_facts(connection, register_kinds(Register.ISSUE))).issues if worded else {}
    facts = _facts_like(log, [receipt.entry.event for receipt in receipts])
    for receipt in receipts:
        event, entry, notes = receipt.entry.event, receipt.entry, list(receipt.notes)
        like = facts.get(_key(event), ()) if event.event_kind.role is Role.FACT else ()
        earlier = [version for version in like if version.entry.position < entry.position]
        advice = take_back(entry.position, kept=kept)
        if isinstance(event, IssueClosed):
            closings = counting_facts(connection, [ISSUE_CLOSED], key=event.issue)
            notes += closing_notes(event, entry.id, closings, today)
        elif isinstance(event, IssueReopened):
            notes += _nothing_reopened(connection, event, entry.id, advice)
        if not isinstance(event, IssueClosed | MembershipEvent):  # which are noted when all of them are judged together
            notes += _repetitions(event, [version for version in earlier if version.counts], advice)
        if not anyway and not any(version.counts and version.event == event for version in earlier):
            notes += retraction_notes(log, event, earlier, advice)
        if isinstance(event, PositionEvent):
            notes += _early_sources(log, event, [event.source])
        elif isinstance(event, StatementCorroborated):
            notes += _early_sources(log, locate_entry(connection, event.target).event, [event.source])
        notes += [*around_notes(connection, event), *standing_red_lines(log, event)]
        notes += [*look_alike_notes(event, issues), *unit_notes(event, entry.position, issues)]
        notes += [*revision_notes(connection, event, entry.position, today)]
        yield receipt._replace(notes=tuple(notes))


def _nothing_reopened(connection: Connection, event: IssueReopened, event_id: str, advice: str) -> Iterator[str]:
    """Yield a note if neither an issue that is reopened nor what stands above it is closed on that day."""
    for path in (event.issue, event.issue.rpartition("/")[0]):
        found = [
            (one.on, version.rank, isinstance(one, IssueClosed))
            for version in counting_facts(connection, [ISSUE_CLOSED, ISSUE_REOPENED], key=path)
            if isinstance(one := version.event, IssueClosed | IssueReopened)
            if version.entry.id != event_id and one.on <= event.on
        ]
        if found and max(found)[-1]:
            return
    yield f"{event.issue} is not closed on {event.on}: nothing is reopened. Check issue and day; {advice}"


def revision_notes(connection: Connection, event: Event | None, position: int, today: date) -> Iterator[str]:
    """Yield notes on what an entry at a position says anew: a day ahead, or a question that binds statements."""
    yield from ahead_notes(event, today)
    if isinstance(event, IssueReworded) and event.question is not None:
        yield from wording_notes(event, position, find_stated_around(connection, event.issue, event.on))


def evidence_notes(log: Writer, target: LocatedEntry, event: Event | None) -> Iterator[str]:
    """Yield notes on the evidence of what a corrected entry now says, where it did not say so before.

    Evidence is a statement's own source and its corroborations. Of a source, what cites it is looked at.
    """
    was = target.event
    if isinstance(event, PositionEvent) and isinstance(was, PositionEvent):
        others = [getattr(version.event, "source", None) for version in counting_corroborations(log.connection, target)]
        before = set(_early_sources(log, was, [was.source, *others]))
        yield from (note for note in _early_sources(log, event, [event.source, *others]) if note not in before)
    elif isinstance(event, StatementCorroborated) and event.source != getattr(was, "source", None):
        yield from _early_sources(log, locate_entry(log.connection, event.target).event, [event.source])
    elif isinstance(event, SourceRegistered) and event.published_on is not None:
        assert isinstance(was, SourceRegistered)
        if was.published_on is None or event.published_on < was.published_on:
            later = find_stated_after(log.connection, event.source, event.published_on)
            yield from early_publication_notes(event, later)


def _early_sources(log: Writer, event: Event | None, sources: Iterable[str | None]) -> Iterator[str]:
    if isinstance(event, PositionEvent):
        published = {source: log.published_on(source) for source in sources if source is not None}
        yield from early_source_notes(event, published)


def take_back(position: int, *, kept: bool) -> str:
    """Return the advice on an entry that should not be there, or was only checked."""
    return f"take this one back: tracker retract @{position} --reason TEXT" if kept else "do not record this one."


def _repetitions(event: Event, earlier: Sequence[RecordedVersion], advice: str) -> Iterator[str]:
    """Yield a note that a fact is on record already, or that a milestone of its day and title is."""
    for version in sorted(earlier, key=lambda version: version.event != event)[:1]:
        at = f"@{version.entry.position}"
        if version.event != event:
            differs = changes(version.event, event)
            yield (
                f"{at} has the same title and day, and differs in {', '.join(differs)}. If it is the same milestone: "
                f"{correction(at, differs)}; and {advice}"
            )
        elif event.event_kind.register is not None:
            yield f"{at} registers the same. This entry changes nothing; --skip-recorded passes over such rows."
        else:
            yield f"{at} says the same. If both are one {event.event_kind.noun}, {advice}"


class EndedVersions:
    """Versions of statements that were corrected or retracted, read once for each pair, day and value."""

    def __init__(self, log: Writer) -> None:
        self._log = log
        self._read: set[tuple[str, ...]] = set()
        self._versions: dict[Event, list[RecordedVersion]] = {}

    def find_equal(self, row: StatementRow, event: Event, positions: Sequence[int]) -> Sequence[RecordedVersion]:
        """Return those that equal a statement, in log order; all of its pair, day and value are at these positions."""
        key = (*row.pair, row.effective_on, row.value)
        if key not in self._read:
            self._read.add(key)
            for version in find_ended(self._log.transaction, positions):
                self._versions.setdefault(version.event, []).append(version)
        return self._versions.get(event, ())


def retraction_notes(log: Writer, event: Event, ended: Iterable[RecordedVersion], advice: str) -> Iterator[str]:
    """Yield a note if one of these entries says the same as an event and was retracted."""
    for version in ended:
        if version.event == event and not version.counts and _is_retracted(log.connection, version.entry.id):
            at = f"@{version.entry.position}"
            yield f"{at} said the same and was retracted (see tracker show {at}). If the retraction holds, {advice}"
            return


def _is_retracted(connection: Connection, event_id: str) -> bool:
    found = locate_entry(connection, event_id)
    while found.ended_by is not None:
        found = locate_entry(connection, found.ended_by[0])
    return found.event is None


def _facts_like(log: Writer, events: Sequence[Event]) -> dict[object, list[RecordedVersion]]:
    """The versions on record of facts that may say the same as one of these events."""
    kinds = {event.event_kind.name for event in events if event.event_kind.role is Role.FACT}
    found: dict[object, list[RecordedVersion]] = {
        _key(event): [] for event in events if event.event_kind.role is Role.FACT
    }
    for version in recorded_facts(log.transaction, sorted(kinds)) if kinds else ():
        if (like := found.get(_key(version.event))) is not None:
            like.append(version)
    return found


def _key(event: Event) -> object:
    """The title and day of a milestone, as people see them; any other event for itself."""
    return (text_key(event.title), event.on) if isinstance(event, MilestoneNoted) else event

"""Take back one's own last entry, in one transaction (DESIGN section 5)."""

from datetime import date

from sqlalchemy import Connection

from tracker.adapters.batch_sections import NAMES
from tracker.domain.log.entries import Entry, about, entry_of, recorder_name
from tracker.domain.log.events import EntryCorrected, EntryRetracted, PositionStated
from tracker.domain.report.corrections import RevisionResult
from tracker.errors import ChangedNothing, NothingToUndo, NotTheLastEntry, RetractionIsFinal
from tracker.storage.log.entry_names import resolve_entry_id
from tracker.storage.log.reader import rows_backwards
from tracker.storage.log.writer import Writer
from tracker.storage.queries import versions
from tracker.usecases.correct import revise
from tracker.usecases.targets import position_of_target


def undo_in(log: Writer, name: str | None, *, reason: str, by: str, today: date) -> RevisionResult:
    """Take back the last entry that somebody recorded: correct a correction back, retract anything else.

    With a `name` (a prefix of its id or `@N`), only if that is still the last one. Raises NothingToUndo,
    NotTheLastEntry, RetractionIsFinal, and whatever refuses the correction or retraction.
    """
    recorder = recorder_name(by)
    named = None if name is None else versions.locate_entry(log.connection, resolve_entry_id(log.connection, name))
    entries = (entry_of(row.line, row.position) for row in rows_backwards(log.connection))
    last = next((entry for entry in entries if entry.recorded_by == recorder), None)
    if last is None:
        raise NothingToUndo(recorder)
    if named is not None and named.id != last.id:
        raise NotTheLastEntry(named.position, last.position, recorder)
    if isinstance(last.event, EntryRetracted):
        raise _final(log.connection, last.position, last.event.target)
    target = versions.locate_entry(log.connection, last.id)
    replacement = _earlier(log.connection, last)
    return revise(log, target, replacement, reason=reason, by=recorder, today=today)


def _earlier(connection: Connection, last: Entry) -> dict[str, object] | None:
    """The data before a correction; None for any other entry."""
    if not isinstance(last.event, EntryCorrected):
        return None
    corrected = versions.locate_entry(connection, last.event.target)
    assert corrected.event is not None
    if versions.locate_entry(connection, last.id).event == corrected.event:
        raise ChangedNothing(last.position, corrected.position)
    return corrected.event.data()


def _final(connection: Connection, position: int, event_id: str) -> RetractionIsFinal:
    removed = versions.locate_entry(connection, event_id)
    assert removed.event is not None
    fields = None
    if isinstance(removed.event, PositionStated):
        fields = {NAMES[field]: value for field, value in removed.event.data().items() if field in NAMES}
    target = position_of_target(connection, removed.event)
    what = about(removed.event) if target is None else f"{removed.event.event_kind.name} of @{target}"
    return RetractionIsFinal(position, removed.position, what, fields)

"""Append to the log: one transaction per append, with lock, checks, positions, hash chain and projections."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from tracker.domain.admission import Admitted, Located, admit
from tracker.domain.chain import GENESIS, chain_hash
from tracker.domain.dates import instant_text
from tracker.domain.entries import LONGEST_LINE, Draft, Entry, content_hash, stored_line
from tracker.domain.events import EntryCorrected, Event, Position, StatementCorroborated
from tracker.domain.parsing import parse_in_any_form
from tracker.domain.timeline import Step, pair_of
from tracker.domain.upcasting import oldest_form
from tracker.errors import (
    BadEvent,
    EntryTooLong,
    PairMovedOn,
    PositionAhead,
    SameIdOtherContent,
    TimeInTheFuture,
    TimeRunsBackwards,
    TrackerError,
    UnknownEntry,
)
from tracker.storage.backend import Backend
from tracker.storage.event_log import LAST
from tracker.storage.log_view import StoredView
from tracker.storage.neighbours import touched_after
from tracker.storage.projections import Around, ProjectionWriter
from tracker.storage.schema import log


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an entry: its place in the log, and whether this append put it there."""

    entry: Entry
    appended: bool


class Writer:
    """Appends entries inside one transaction that holds the writer's lock."""

    def __init__(self, connection: Connection, backend: Backend, clock: Callable[[], datetime]) -> None:
        self.connection = connection
        self._backend = backend
        self._now = clock()
        last = LAST.row(connection)
        self._position: int = last[0] if last else 0
        self._hash: bytes = last[1] if last else GENESIS
        self._last_stamp = datetime.fromisoformat(last[2]) if last else None
        self._keeps_times = last is None
        self._rows: list[tuple[Any, ...]] = []
        self._projections = ProjectionWriter(connection, backend)
        self._view = StoredView(connection, self.flush)

    @property
    def position(self) -> int:
        """The position of the last entry, appended ones included."""
        return self._position

    def append(self, draft: Draft) -> Receipt:
        """Append one entry. Raises TrackerError and leaves the log as it was."""
        result = self.append_all([draft])[0]
        if isinstance(result, TrackerError):
            raise result
        return result

    def append_all(self, drafts: Sequence[Draft]) -> list[Receipt | TrackerError]:
        """Append what the log accepts; the result has a receipt or the refusal for each entry, in order.

        An entry that is in the log already, with the same content, is not
        appended again: its receipt is the first one's.
        """
        self._view.prefetch(drafts)
        self._projections.prefetch(pair_of(event) for draft in drafts if isinstance(event := draft.event, Position))
        results: list[Receipt | TrackerError] = []
        for draft in drafts:
            try:
                results.append(self._append(draft))
            except TrackerError as refusal:
                results.append(refusal)
        self.flush()
        return results

    def require_untouched(self, issue: str, party: str, *, since: int) -> None:
        """Refuse to go on if an entry after a position touches the pair. Raises PairMovedOn or PositionAhead."""
        if since > self._position:
            raise PositionAhead(since, self._position)
        touched = touched_after(self.connection, issue, party, since)
        if touched is not None:
            raise PairMovedOn(party, issue, since, touched)

    def around(self, step: Step) -> Around:
        """What stands around a counting step of this transaction on its pair's timeline."""
        return self._projections.around(step)

    def flush(self) -> None:
        """Write what was appended so far."""
        if self._rows:
            self._backend.insert(self.connection, log, self._rows)
            self._rows = []
        self._projections.flush()

    def finish(self) -> None:
        """Bring up to date what concerns whole timelines, once everything is appended."""
        self.flush()
        self._projections.finish()

    def _append(self, draft: Draft) -> Receipt:
        known = self._view.located(draft.id)
        if known is not None:
            return _already_there(draft, known)
        stamp = self._stamp(draft)
        admitted = admit(draft.event, recorded_on=stamp.date(), log=self._view)
        origin = draft.origin_time
        if draft.time is not None and not self._keeps_times:
            origin = origin or draft.time
        entry = Entry(self._position + 1, draft.id, admitted.event, stamp, draft.recorded_by, origin, draft.written)
        line = stored_line(entry)
        if (size := len(line.encode())) > LONGEST_LINE:
            raise EntryTooLong(size, LONGEST_LINE)
        self._hash = chain_hash(self._hash, line)
        self._position, self._last_stamp = entry.position, stamp
        self._rows.append((entry.position, entry.id, entry.type, instant_text(stamp), line, self._hash))
        self._project(entry, admitted)
        self._view.note(entry, admitted)
        return Receipt(entry, appended=True)

    def _project(self, entry: Entry, admitted: Admitted) -> None:
        says, chain = admitted.says, admitted.chain
        self._projections.project(
            entry,
            says,
            chain,
            statement_rank=statement_rank(says or (chain.event if chain else None), self._view),
            public_on=self._view.published_on(says.source) if isinstance(says, Position) else None,
        )

    def _stamp(self, draft: Draft) -> datetime:
        """When the entry counts as recorded: its own time in a log that began empty, else now, always ahead."""
        if draft.time is not None and self._keeps_times:
            if self._last_stamp is not None and draft.time < self._last_stamp:
                raise TimeRunsBackwards(instant_text(draft.time), instant_text(self._last_stamp))
            if draft.time > self._now:
                raise TimeInTheFuture(instant_text(draft.time))
            return draft.time
        if self._last_stamp is None:
            return self._now
        return max(self._now, self._last_stamp + timedelta(microseconds=1))


def statement_rank(event: Event | None, view: StoredView) -> int:
    """The rank of the statement that a corroboration is about; 0 for any other event. Raises UnknownEntry."""
    if not isinstance(event, StatementCorroborated):
        return 0
    statement = view.located(event.target)
    if statement is None:
        raise UnknownEntry(event.target)
    return statement.rank


def _already_there(draft: Draft, known: Located) -> Receipt:
    """The first receipt of an entry that is in the log, if it is the same. Raises SameIdOtherContent."""
    offered, stored = (
        content_hash(Draft(_plainest(one.event, known.first_type), draft.id, one.recorded_by))
        for one in (draft, known.entry)
    )
    if stored != offered:
        raise SameIdOtherContent(draft.id, known.position, stored, offered)
    return Receipt(known.entry, appended=False)


def _plainest(event: Event, first_type: str) -> Event:
    """A correction with its replacement in canonical spelling and the oldest form that can say it."""
    if isinstance(event, EntryCorrected):
        with suppress(BadEvent):
            replacement = oldest_form(parse_in_any_form(first_type, event.replacement).event)
            return event.model_copy(update={"replacement": dict(replacement.data)})
    return event

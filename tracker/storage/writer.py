"""Append to the log: one transaction per append, with lock, checks, positions, hash chain and projections."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from tracker.domain.admission import Admitted, Located, admit
from tracker.domain.chain import GENESIS, chain_hash
from tracker.domain.dates import instant_text
from tracker.domain.entries import LONGEST_LINE, Draft, Entry, content_hash, stored_line
from tracker.domain.events import EntryCorrected, Event, Position, PositionStated
from tracker.domain.parsing import parse_in_any_form
from tracker.domain.timeline import Pair, Step, pair_of
from tracker.domain.upcasting import Written, oldest_form
from tracker.errors import (
    BadEvent,
    EntryTooLong,
    PairMovedOn,
    PositionAhead,
    SameIdOtherContent,
    TimeInTheFuture,
    TimeRunsBackwards,
    TrackerError,
)
from tracker.storage.backend import Backend
from tracker.storage.log_view import StoredView
from tracker.storage.neighbours import Effect, effect_of, look_alikes, touched_after
from tracker.storage.prepared import Rows
from tracker.storage.projections import ProjectionWriter
from tracker.storage.registrations import Known, Registrations
from tracker.storage.sayings import CORROBORATED, Saying, newest, saying_of
from tracker.storage.schema import log


class Receipt(NamedTuple):
    """What became of an entry: its place in the log, and whether this append put it there."""

    entry: Entry
    appended: bool


class Memory(NamedTuple):
    """What a writer knew of the log at its end, from which the next one goes on if nobody else has written since."""

    hash: bytes
    pairs: dict[Pair, int]
    registered: Known


class Writer:
    """Appends entries inside one transaction that holds the writer's lock."""

    def __init__(
        self,
        connection: Connection,
        backend: Backend,
        clock: Callable[[], datetime],
        last: Rows,
        memory: Memory | None = None,
        *,
        fills: bool = False,
    ) -> None:
        self.connection = connection
        self._backend = backend
        self._now = clock()
        self._position: int = last[0][0] if last else 0
        self._hash: bytes = last[0][1] if last else GENESIS
        self._last_stamp = datetime.fromisoformat(last[0][2]) if last else None
        self._keeps_times = not last
        self._rows: list[tuple[Any, ...]] = []
        if memory is None or memory.hash != self._hash:
            memory = Memory(self._hash, {}, {})
        self._pairs, self._registered = memory.pairs, memory.registered
        from_nothing = fills and self._position == 0 and backend.makes_indexes_late
        self._projections = ProjectionWriter(connection, backend, self._pairs, from_nothing=from_nothing)
        self._registrations = Registrations(connection, self.flush, self._registered)
        self._view = StoredView(connection, self.flush, self._registrations)

    @property
    def memory(self) -> Memory:
        """What is known of the log as this writer leaves it."""
        return Memory(self._hash, self._pairs, self._registered)

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

    def knows_around(self, event: Position, found: Rows) -> None:
        """Take in what was found around an event, which is not appended yet, when this writer's turn began."""
        self._projections.knows_around(event, self._position + 1, found)

    def alike(self, event: PositionStated) -> list[str]:
        """The ids of the counting statements of the same party, issue, day, speaker and stance."""
        self._projections.prefetch([pair_of(event)])
        _, _, (*_, alike) = self._projections.around(event, self._position + 1)
        return look_alikes(self.connection, event, alike) if alike else []

    def effect(self, step: Step, today: date) -> Effect:
        """What the newest step of its pair, appended by this writer, did to the stance."""
        return effect_of(self.connection, step, *self._projections.around(step.event, step.entry.position), today)

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
        form = draft.written or oldest_form(admitted.event)
        entry = Entry(self._position + 1, draft.id, admitted.event, stamp, draft.recorded_by, origin, draft.written)
        recorded_at = instant_text(stamp)
        line = stored_line(entry, form, recorded_at)
        if (size := len(line.encode())) > LONGEST_LINE:
            raise EntryTooLong(size, LONGEST_LINE)
        self._hash = chain_hash(self._hash, line)
        self._position, self._last_stamp = entry.position, stamp
        self._rows.append((entry.position, entry.id, form.type, recorded_at, line, self._hash))
        self._project(entry, form, admitted)
        self._view.note(entry, admitted)
        return Receipt(entry, appended=True)

    def _project(self, entry: Entry, form: Written, admitted: Admitted) -> None:
        chain = saying_of(admitted.chain) if admitted.chain else None
        says = Saying(entry.position, entry.position, form.type, newest(form.type, form.data))
        if chain is not None:
            put = admitted.says.data() if admitted.says else None
            says = Saying(entry.position, chain.rank, chain.type, put)
        source = says.data.get("source") if says.data and says.is_position else None
        self._projections.project(
            says,
            chain,
            statement_rank=self._statement_rank(says if says.data else chain),
            public_on=self._registrations.published_on(source),
        )

    def _statement_rank(self, about: Saying | None) -> int:
        """The rank of the statement that a corroboration is about; 0 for any other entry."""
        if about is None or about.data is None or about.type != CORROBORATED:
            return 0
        statement = self._view.located(about.data["target"])
        assert statement is not None
        return statement.rank

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

"""Append to the log: one transaction per append, with lock, checks, positions, hash chain and projections."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

from tracker.domain.log.admission import Admitted, LocatedEntry, admit, last_first_day
from tracker.domain.log.chain import GENESIS, chain_hash
from tracker.domain.log.entries import LONGEST_LINE, Draft, Entry, content_hash
from tracker.domain.log.events import EntryCorrected, Event, Position, PositionStated
from tracker.domain.log.parsing import parse_in_any_form
from tracker.domain.log.upcasting import oldest_form
from tracker.domain.terms.dates import instant_text
from tracker.domain.timeline.replay import Step, pair_of
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
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import Asked, Rows, core_connection
from tracker.storage.log.admission_view import AdmissionView
from tracker.storage.log.prepared_entry import AppendedEntry, PreparedEntry, is_plain, prepare
from tracker.storage.projections.outlines import StepOutline
from tracker.storage.projections.projection_writer import Pairs, ProjectionWriter
from tracker.storage.projections.sayings import CORROBORATED, Saying, saying_of
from tracker.storage.queries.neighbours import Effect, effect_of, look_alikes, touched_after
from tracker.storage.queries.registrations import Known, Registrations
from tracker.storage.schema import log


class Receipt(NamedTuple):
    """What became of an entry: it is what this append took, or what was in the log already."""

    of: AppendedEntry | Entry

    @property
    def appended(self) -> bool:
        """Whether this append put it there."""
        return isinstance(self.of, AppendedEntry)

    @property
    def entry(self) -> Entry:
        """The entry in its place in the log."""
        return self.of.entry if isinstance(self.of, AppendedEntry) else self.of


class Memory(NamedTuple):
    """What a writer knew of the log at its end, from which the next one goes on if nobody else has written since."""

    hash: bytes
    pairs: Pairs
    registered: Known


class Writer:
    """Appends entries inside one transaction that holds the writer's lock."""

    def __init__(
        self,
        connection: Asked,
        backend: Backend,
        clock: Callable[[], datetime],
        last: Rows,
        memory: Memory | None = None,
        *,
        fills: bool = False,
    ) -> None:
        self._asked = connection
        self._backend = backend
        self._now = instant_text(clock())
        self._position: int = last[0][0] if last else 0
        self._hash: bytes = last[0][1] if last else GENESIS
        self._last_stamp: str | None = last[0][2] if last else None
        self._keeps_times = not last
        self._rows: list[tuple[Any, ...]] = []
        if memory is None or memory.hash != self._hash:
            memory = Memory(self._hash, {}, {})
        self._pairs, self._registered = memory.pairs, memory.registered
        begins = fills and self._position == 0
        self._projections = ProjectionWriter(
            connection,
            backend,
            self._pairs,
            from_nothing=begins,
            indexes_late=begins and backend.makes_indexes_late,
        )
        self._registrations = Registrations(connection, self.flush, self._registered)
        self._view = AdmissionView(connection, self.flush, self._registrations)

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection within this turn."""
        return core_connection(self._asked)

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
        return list(self.append_each([prepare(draft) for draft in drafts]))

    def append_each(self, offers: Sequence[PreparedEntry]) -> Iterator[Receipt | TrackerError]:
        """As `append_all`, for entries that are made ready."""
        offers = [one if one.outline is not None else one.read() for one in offers]
        self._view.prefetch(offers)
        self._projections.prefetch(one.outline.pair for one in offers if isinstance(one.outline, StepOutline))
        for one in offers:
            try:
                yield self._append(one)
            except TrackerError as refusal:
                yield refusal
        self.flush()

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
        return look_alikes(self._asked, event, alike) if alike else []

    def effect(self, step: Step, today: date) -> Effect:
        """What the newest step of its pair, appended by this writer, did to the stance."""
        return effect_of(self._asked, step, *self._projections.around(step.event, step.entry.position), today)

    def flush(self) -> None:
        """Write what was appended so far."""
        if self._rows:
            self._backend.insert(self._asked, log, self._rows)
            self._rows = []
        self._projections.flush()

    def finish(self) -> None:
        """Bring up to date what concerns whole timelines, once everything is appended."""
        self.flush()
        self._projections.finish()

    def _append(self, offered: PreparedEntry) -> Receipt:
        known = self._view.located(offered.id)
        if known is not None:
            return _already_there(offered, known)
        stamp = self._stamp(offered)
        if is_plain(offered, last_day=_last_first_day(stamp[:10]), log=self._view):
            taken = self._take(offered, stamp)
            self._add(taken)
        else:
            event = offered.parsed.event
            admitted = admit(event, recorded_on=date.fromisoformat(stamp[:10]), log=self._view)
            taken = self._take(offered if admitted.event is event else offered.saying(admitted.event), stamp)
            self._project(taken, admitted)
        return Receipt(taken)

    def _take(self, offered: PreparedEntry, stamp: str) -> AppendedEntry:
        """Give an entry that may be appended its place, and chain it to the one before. Raises EntryTooLong."""
        origin = offered.origin_time
        if offered.time is not None and not self._keeps_times:
            origin = origin or offered.time
        taken = AppendedEntry(offered, self._position + 1, stamp, origin)
        line = offered.line(*taken[1:])
        if len(line) > LONGEST_LINE:
            raise EntryTooLong(len(line), LONGEST_LINE)
        self._hash = chain_hash(self._hash, line)
        self._position, self._last_stamp = taken.position, stamp
        self._rows.append((taken.position, offered.id, offered.type, stamp, line.decode(), self._hash))
        return taken

    def _add(self, taken: AppendedEntry) -> None:
        """Project an entry that is about no other one, and remember it."""
        outline = taken.offered.outline
        assert outline is not None
        source = outline.source if isinstance(outline, StepOutline) else None
        self._projections.add(outline, taken.position, public_on=self._registrations.published_on(source))
        self._view.take(taken)

    def _project(self, taken: AppendedEntry, admitted: Admitted) -> None:
        """Project any entry, and remember it."""
        entry = taken.entry
        chain = saying_of(admitted.chain) if admitted.chain else None
        if chain is None:
            says = Saying(entry.position, entry.position, entry.event.type, entry.event.data())
        else:
            put = admitted.says.data() if admitted.says else None
            says = Saying(entry.position, chain.rank, chain.type, put)
        source = says.data.get("source") if says.data and says.is_position else None
        self._projections.project(
            says,
            chain,
            statement_rank=self._statement_rank(says if says.data else chain),
            public_on=self._registrations.published_on(source),
        )
        self._view.note(entry, admitted)

    def _statement_rank(self, about: Saying | None) -> int:
        """The rank of the statement that a corroboration is about; 0 for any other entry."""
        if about is None or about.data is None or about.type != CORROBORATED:
            return 0
        statement = self._view.located(about.data["target"])
        assert statement is not None
        return statement.rank

    def _stamp(self, offered: PreparedEntry) -> str:
        """When the entry counts as recorded: its own time in a log that began empty, else now, always ahead."""
        if offered.time is not None and self._keeps_times:
            if self._last_stamp is not None and offered.time < self._last_stamp:
                raise TimeRunsBackwards(offered.time, self._last_stamp)
            if offered.time > self._now:
                raise TimeInTheFuture(offered.time)
            return offered.time
        if self._last_stamp is None or self._last_stamp < self._now:
            return self._now
        return instant_text(datetime.fromisoformat(self._last_stamp) + timedelta(microseconds=1))


@lru_cache(maxsize=1024)
def _last_first_day(recorded_on: str) -> str:
    return last_first_day(date.fromisoformat(recorded_on)).isoformat()


def _already_there(offered: PreparedEntry, known: LocatedEntry) -> Receipt:
    """The first receipt of an entry that is in the log, if it is the same. Raises SameIdOtherContent."""
    other, stored = (
        content_hash(Draft(_plainest(event, known.first_type), offered.id, recorded_by))
        for event, recorded_by in (
            (offered.parsed.event, offered.recorded_by),
            (known.entry.event, known.entry.recorded_by),
        )
    )
    if stored != other:
        raise SameIdOtherContent(offered.id, known.position, stored, other)
    return Receipt(known.entry)


def _plainest(event: Event, first_type: str) -> Event:
    """A correction with its replacement in canonical spelling and the oldest form that can say it."""
    if isinstance(event, EntryCorrected):
        with suppress(BadEvent):
            replacement = oldest_form(parse_in_any_form(first_type, event.replacement).event)
            return event.model_copy(update={"replacement": dict(replacement.data)})
    return event

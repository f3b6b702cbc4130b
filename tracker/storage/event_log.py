"""The append-only log: one transaction per append, with lock, checks, positions, hash chain and projections."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, bindparam, select

from tracker.domain.admission import Admitted, Located, admit
from tracker.domain.chain import GENESIS, LogHead, chain_hash
from tracker.domain.dates import instant_text
from tracker.domain.entries import LONGEST_LINE, Draft, Entry, content_hash, entry_of, stored_line
from tracker.domain.events import EntryCorrected, Event, Position, StatementCorroborated
from tracker.domain.parsing import parse_in_any_form
from tracker.domain.timeline import Step, pair_of
from tracker.domain.upcasting import oldest_form
from tracker.errors import (
    AmbiguousName,
    BadEvent,
    EntryTooLong,
    LogDamaged,
    PairMovedOn,
    PositionAhead,
    SameIdOtherContent,
    TimeInTheFuture,
    TimeRunsBackwards,
    TrackerError,
    UnknownEntry,
)
from tracker.storage import engine as database
from tracker.storage.backend import Backend
from tracker.storage.kept import Entries
from tracker.storage.log_view import StoredView
from tracker.storage.neighbours import touched_after
from tracker.storage.prepared import Asked, Prepared, Snapshot, chunks
from tracker.storage.projections import Around, ProjectionWriter
from tracker.storage.schema import log

CHUNK = 1_000
"""How many entries are read or written at once."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an entry: its place in the log, and whether this append put it there."""

    entry: Entry
    appended: bool


class EventLog:
    """The log in one database."""

    def __init__(
        self, engine: Engine, backend: Backend, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self.backend = backend
        self._clock = clock
        self.kept = Entries()

    @contextmanager
    def reading(self, *, damaged: bool = False) -> Iterator[Connection]:
        """One snapshot of the log and its projections; text that is none can be fetched from a `damaged` one."""
        with (
            self.backend.errors(),
            database.reading(self._engine) as connection,
            self.backend.damaged_text(connection) if damaged else nullcontext(),
        ):
            yield connection

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator["Writer"]:
        """The one writer's turn; what it appended is committed at the end, or nothing (always, without `keep`)."""
        with self.backend.errors(), database.writing(self._engine, keep=keep) as connection:
            writer = Writer(connection, self.backend, self._clock)
            yield writer
            writer.finish()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """As `reading`, for prepared statements alone, which is what a question that is asked often needs."""
        with self.backend.errors(), database.snapshot(self._engine, self.backend) as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


def head(connection: Asked, *, at: int | None = None) -> LogHead:
    """The last entry at or before a position (the last of all, without one); position 0 if there is none."""
    row = _LAST.row(connection) if at is None else _LAST_UP_TO.row(connection, {"at": at})
    return LogHead(row[0], row[1]) if row else LogHead(0, GENESIS)


def position_at(connection: Asked, instant: datetime) -> int:
    """The last position recorded at or before an instant."""
    row = _RECORDED_BY.row(connection, {"instant": instant_text(instant)})
    return row[0] if row else 0


def entries(connection: Connection, *, after: int = 0, up_to: int | None = None) -> Iterator[Entry]:
    """The entries after a position, in order. Raises LogDamaged for one that cannot be read."""
    return map(read_row, rows(connection, after=after, up_to=up_to))


def read_row(row: Any) -> Entry:
    """The entry of a row of the log. Raises LogDamaged if its line cannot be read."""
    try:
        return entry_of(row.line)
    except LogDamaged as damage:
        raise LogDamaged(damage.why, row.position) from damage


def rows(connection: Connection, *, after: int = 0, up_to: int | None = None) -> Iterator[Any]:
    """The log's rows after a position, in order, a chunk at a time."""
    wanted = select(log).order_by(log.c.position).limit(CHUNK)
    if up_to is not None:
        wanted = wanted.where(log.c.position <= up_to)
    while chunk := connection.execute(wanted.where(log.c.position > after)).all():
        yield from chunk
        after = chunk[-1].position


def entry_named(connection: Connection, name: str) -> str:
    """The full id behind an unambiguous prefix of it, or behind `@N`, its position.

    Raises UnknownEntry or AmbiguousName.
    """
    key = name.lower()
    if re.fullmatch(r"@\d{1,18}", name, re.ASCII):
        meant = log.c.position == int(name[1:])
    elif re.fullmatch(r"[0-9a-f-]{1,36}", key, re.ASCII):
        meant = and_(log.c.id >= key, log.c.id < f"{key}~")
    else:
        raise UnknownEntry(name)
    found: Sequence[str] = connection.scalars(select(log.c.id).where(meant).order_by(log.c.id).limit(9)).all()
    if not found:
        raise UnknownEntry(name)
    if len(found) > 1:
        raise AmbiguousName("The event", name, found, field="target")
    return found[0]


def positions(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The log positions of these entries."""
    found: dict[str, int] = {}
    for some in chunks(ids):
        wanted = select(log.c.id, log.c.position).where(log.c.id.in_(some))
        found.update((row.id, row.position) for row in connection.execute(wanted))
    return found


class Writer:
    """Appends entries inside one transaction that holds the writer's lock."""

    def __init__(self, connection: Connection, backend: Backend, clock: Callable[[], datetime]) -> None:
        self.connection = connection
        self._backend = backend
        self._now = clock()
        last = _LAST.row(connection)
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


_last = select(log.c.position, log.c.hash, log.c.recorded_at).order_by(log.c.position.desc()).limit(1)
_LAST = Prepared(_last)
_LAST_UP_TO = Prepared(_last.where(log.c.position <= bindparam("at", type_=log.c.position.type)))
_RECORDED_BY = Prepared(
    select(log.c.position)
    .where(log.c.recorded_at <= bindparam("instant", type_=log.c.recorded_at.type))
    .order_by(log.c.recorded_at.desc(), log.c.position.desc())
    .limit(1)
)


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

"""The tracker's verbs, a few lines each over `usecases`: those that write, and those that ask one snapshot.

Each verb imports what it needs when it runs, as commands do: the state needs no event models, which take a tenth of a
second to import.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from tracker.domain.terms.scope import EVERYTHING, KnownAt, Query
from tracker.snapshot import Snapshot
from tracker.storage.backends.backend import WAIT_SECONDS
from tracker.storage.backends.collection import uncollected
from tracker.storage.backends.transactions import backend_of, open_database
from tracker.storage.log.event_log import EventLog

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.adapters.batch import Batch
    from tracker.domain.answers.corrections import RevisionResult
    from tracker.domain.answers.entry_detail import EntryDetail
    from tracker.domain.answers.explanation import Explanation
    from tracker.domain.answers.report import EarlierReport, Report
    from tracker.domain.log.chain import LogHead
    from tracker.domain.log.events import Event
    from tracker.domain.timeline.memberships import Memberships
    from tracker.domain.timeline.registers import Registers
    from tracker.domain.timeline.state import Closing, State
    from tracker.storage.log.reader import Progress
    from tracker.usecases.asks import Asks
    from tracker.usecases.history import History, Search
    from tracker.usecases.load import LoadResult
    from tracker.usecases.log import LogRow
    from tracker.usecases.record import RecordResult
    from tracker.usecases.verify import VerifyResult

FOLLOW_SECONDS = 0.5
"""Seconds that a follower of the log waits before it looks again."""


class Tracker:
    """A tracker on one database.

    `clock` gives the present instant (UTC); days that a caller leaves out are
    the clock's.
    """

    def __init__(self, log: EventLog, *, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait_seconds: float = WAIT_SECONDS,
        as_it_is: bool = False,
    ) -> Self:
        """Open an existing database: a path, a `sqlite:///` URL or a `postgresql://` URL.

        A writer waits up to `wait_seconds` for another one. A damaged database, or another release's, can be opened
        `as_it_is`, for `verify` and `doctor`. Raises a TrackerError that says what to do.
        """
        backend = backend_of(url)
        engine = open_database(backend, wait_seconds=wait_seconds, as_it_is=as_it_is)
        return cls(EventLog(engine, backend, clock=clock), clock=clock)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The log at this moment: whatever is asked of the snapshot is answered by one transaction."""
        with self._log.snapshot() as transaction:
            yield Snapshot(transaction, self._log.cached, self.today())

    def today(self) -> date:
        """The present day, UTC."""
        return self._clock().date()

    def close(self) -> None:
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- record -----------------------------------------------------------------------------------

    def record(
        self,
        events: Sequence[Event],
        *,
        by: str,
        event_ids: Sequence[str] | None = None,
        anyway: bool = False,
        expected_position: int | None = None,
        check_only: bool = False,
    ) -> list[RecordResult]:
        """Record events, all or none.

        With `event_ids` (a UUID each) the same call may be repeated: what is in
        the log already is not appended again. A statement that looks like one on record is refused unless `anyway`.
        With `expected_position`, refused if an entry after it touches a pair.
        With `check_only`, everything is checked and nothing is kept. Raises
        RefusedEntries with every refusal, or PairMovedOn.
        """
        from tracker.usecases.record import first_statement, prepare_events, record_into

        prepared = prepare_events(events, by, event_ids)
        with self._log.writing(keep=not check_only, first=first_statement(prepared)) as log:
            return record_into(log, prepared, today=self.today(), anyway=anyway, expected_position=expected_position)

    def record_batch(
        self, batch: Batch, *, by: str, anyway: bool = False, check_only: bool = False
    ) -> list[RecordResult]:
        """Record a batch, all or none. Raises BadData with every finding, each with file and line."""
        from tracker.usecases.record_batch import record_batch

        def record(events: Sequence[Event], in_error: bool) -> list[RecordResult]:
            return self.record(events, by=by, anyway=anyway, check_only=check_only or in_error)

        return record_batch(batch, self.names(), record)

    # --- correct ----------------------------------------------------------------------------------

    def correct(
        self,
        name: str,
        changes: Mapping[str, Any],
        *,
        reason: str,
        by: str,
        event_id: str | None = None,
        check_only: bool = False,
    ) -> RevisionResult:
        """Correct an entry, by an unambiguous prefix of its id or `@N`: we erred, the party did not move.

        `changes` has the new values of fields as JSON values, None for a field
        to leave out. Everything else stays as it was. Raises TrackerError.
        """
        from tracker.usecases.correct import correction, revise_in

        with self._log.writing(keep=not check_only) as log:
            return revise_in(log, name, correction(changes, reason), by=by, event_id=event_id, today=self.today())

    def retract(
        self, name: str, *, reason: str, by: str, event_id: str | None = None, check_only: bool = False
    ) -> RevisionResult:
        """Retract an entry that should never have been there, named as in `correct`. Raises TrackerError."""
        from tracker.usecases.correct import retraction, revise_in

        with self._log.writing(keep=not check_only) as log:
            return revise_in(log, name, retraction(reason), by=by, event_id=event_id, today=self.today())

    # --- exchange ---------------------------------------------------------------------------------

    def load(
        self, files: Sequence[Path], *, keep_going: bool = False, progress: Progress = lambda _: None
    ) -> LoadResult:
        """Append the entries of events files that are not there yet, in file order, in one transaction.

        Raises BadData with every finding, and keeps nothing, unless `keep_going`.
        """
        from tracker.usecases.load import load_into

        with self._log.writing(fills=True) as log, uncollected():
            return load_into(log, files, keep_going=keep_going, progress=progress)

    def export(self, out: BinaryIO) -> int:
        """Write the whole log in the file format. Returns the number of entries."""
        with self.snapshot() as snapshot:
            return snapshot.export(out)

    # --- ask: as the methods of `Snapshot`, of this moment ----------------------------------------

    def state(self, on: date | None = None, query: Query = EVERYTHING, *, inherit: bool = False) -> State:
        """The stances in effect on a day (inclusive; today without one). See `Snapshot.state`."""
        with self.snapshot() as snapshot:
            return snapshot.state(on, query, inherit=inherit)

    def explain(self, issue: str, party: str, on: date | None = None, query: Query = EVERYTHING) -> Explanation:
        """Why a pair has its stance on a day (inclusive; today without one). See `Snapshot.explain`."""
        with self.snapshot() as snapshot:
            return snapshot.explain(issue, party, on, query)

    def asks(self, on: date | None = None, query: Query = EVERYTHING) -> Asks:
        """The asks up to a day (inclusive; today without one), each with its first answer."""
        with self.snapshot() as snapshot:
            return snapshot.asks(on, query)

    def history(self, up_to: date | None = None, query: Query = EVERYTHING) -> History:
        """Every step up to a day (inclusive; today without one), with its effect on the stance."""
        with self.snapshot() as snapshot:
            return snapshot.history(up_to, query)

    def report(
        self,
        after: date,
        up_to: date | None = None,
        query: Query = EVERYTHING,
        *,
        known_from: KnownAt | None = None,
    ) -> Report:
        """The changes after one day and up to another (inclusive; today without one). See `Snapshot.report`."""
        with self.snapshot() as snapshot:
            return snapshot.report(after, up_to, query, known_from=known_from)

    def report_since(
        self,
        earlier: EarlierReport,
        up_to: date | None = None,
        *,
        known_at: KnownAt | None = None,
        published_by: date | None = None,
    ) -> Report:
        """All that is new since an earlier report. Raises AnotherLog or NarrowerThanEarlier, as in `Snapshot`."""
        with self.snapshot() as snapshot:
            return snapshot.report_since(earlier, up_to, known_at=known_at, published_by=published_by)

    def find(self, text: str, up_to: date | None = None, query: Query = EVERYTHING) -> Search:
        """The statements up to a day (inclusive; all without one) whose words hold a text, whatever its case."""
        with self.snapshot() as snapshot:
            return snapshot.find(text, up_to, query)

    def show(self, name: str) -> EntryDetail:
        """One entry, by a prefix of its id or `@N`, with its evidence. Raises UnknownEntry or AmbiguousName."""
        with self.snapshot() as snapshot:
            return snapshot.show(name)

    def positions(self, event_ids: Iterable[str]) -> dict[str, int]:
        """The log positions of entries: the short way to name them on this log."""
        with self.snapshot() as snapshot:
            return snapshot.positions(event_ids)

    def names(self, on: date | None = None) -> Registers:
        """Today's parties and issues, without the sources; the issues worded as on a day (today without one)."""
        with self.snapshot() as snapshot:
            return snapshot.names(on)

    def registers(self, on: date | None = None, *, known_at: int | None = None) -> Registers:
        """The parties, issues and sources, worded as on a day (today without one). See `Snapshot.registers`."""
        with self.snapshot() as snapshot:
            return snapshot.registers(on, known_at=known_at)

    def memberships(self, on: date | None = None) -> Memberships:
        """The blocs of each member on a day (inclusive; today without one), as of today's record."""
        with self.snapshot() as snapshot:
            return snapshot.memberships(on)

    def closings(self) -> dict[str, Closing]:
        """The closed issues, as of today's record, whatever the day of closing."""
        with self.snapshot() as snapshot:
            return snapshot.closings()

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogRow]:
        """The entries after a log position, in order, read as they are consumed. Raises LogDamaged."""
        with self.snapshot() as snapshot:
            yield from snapshot.entries(after=after, limit=limit)

    def checkpoint(self) -> LogHead:
        """The log's last position and hash: kept elsewhere, they show whether it was cut or rewritten."""
        with self.snapshot() as snapshot:
            return snapshot.checkpoint()

    def recorded_on(self, position: int) -> date:
        """The day (UTC) on which the entry at a position was recorded. Raises UnknownEntry."""
        with self.snapshot() as snapshot:
            return snapshot.recorded_on(position)

    def recorded_after(self, known_at: KnownAt) -> int:
        """The number of entries that were recorded after a cut-off."""
        with self.snapshot() as snapshot:
            return snapshot.recorded_after(known_at)

    # --- care -------------------------------------------------------------------------------------

    def follow(self, *, after: int = 0, pause_seconds: float = FOLLOW_SECONDS) -> Iterator[LogRow]:
        """The entries after a log position, in order, and then each new one as it is appended, for ever.

        None is missed and none comes twice: positions become visible in their
        order. While nothing is new, it looks again after a pause.
        """
        from tracker.storage.log.reader import CHUNK

        while True:
            new = list(self.entries(after=after, limit=CHUNK))
            yield from new
            if new:
                after = new[-1].entry.position
            else:
                time.sleep(pause_seconds)

    def backup(self, file: Path) -> LogHead:
        """Copy the whole log, as it is at one moment, to a new file while writers go on.

        Of a SQLite database this is the database again; of a PostgreSQL one it
        is an export. `restore_database` reads both. Returns the last entry of
        what was copied. Raises FileUnavailable, also if there is such a file.
        """
        from tracker.usecases.backup import backup

        return backup(self._log, file)

    def verify(self, checkpoint: LogHead | None = None, *, progress: Progress = lambda _: None) -> VerifyResult:
        """Hold the log to its hashes and a checkpoint and, if it is sound, the projections to the log."""
        from tracker.usecases.verify import verify

        return verify(self._log, checkpoint, progress=progress)

    def rebuild(self, *, progress: Progress = lambda _: None) -> int:
        """Derive the projections again from the log. Returns the number of entries."""
        from tracker.storage.maintenance.rebuild import rebuild

        with self._log.writing() as log, uncollected():
            return rebuild(log.connection, self._log.backend, progress=progress)

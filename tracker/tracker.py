"""The tracker's verbs, a few lines each over `usecases`: here those that write, in `queries.py` those that ask.

Each verb imports what it needs when it runs, as commands do: the state needs no event models, which take a tenth of a
second to import.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from tracker.errors import BadData, Finding, LooksLikeOneOnRecord, RefusedEntries
from tracker.queries import Queries
from tracker.questions.reading import begin_reading, uncollected
from tracker.snapshot import Snapshot
from tracker.storage.backends.backend import WAIT_SECONDS
from tracker.storage.backends.transactions import backend_of, open_database
from tracker.storage.log.event_log import EventLog, utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.adapters.batch_sections import Batch
    from tracker.domain.log.chain import LogHead
    from tracker.domain.log.events import Event
    from tracker.domain.report.corrections import RevisionResult
    from tracker.questions.entries import LogRow
    from tracker.storage.log.reader import Progress
    from tracker.storage.log.writer import Writer
    from tracker.storage.projections.rows import StatementRow
    from tracker.storage.tokens import KeptToken
    from tracker.usecases.load import LoadResult
    from tracker.usecases.record import RecordResult
    from tracker.usecases.verify import VerifyResult

FOLLOW_SECONDS = 0.5
"""Seconds that a follower of the log waits before it looks again."""


class Tracker(Queries):
    """A tracker on one database.

    `clock` gives the present instant (UTC); days that a caller leaves out are
    the clock's.
    """

    def __init__(self, log: EventLog, *, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock
        self._reading = partial(begin_reading, log, clock)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Callable[[], datetime] = utc_now,
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

    @classmethod
    def create(cls, url: str, *, clock: Callable[[], datetime] = utc_now, wait_seconds: float = WAIT_SECONDS) -> Self:
        """Create a database where there is none yet, as `tracker init` does, and open it.

        An existing one is opened as it is. Raises as `open`.
        """
        from tracker.storage.maintenance.migrate import create_database

        create_database(url)
        return cls.open(url, clock=clock, wait_seconds=wait_seconds)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The log at this moment: whatever is asked of the snapshot is answered by one transaction."""
        with self._reading() as reading:
            yield Snapshot(reading)

    def today(self) -> date:
        """The present day, UTC."""
        return self._clock().date()

    def close(self) -> None:
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _writing(self, *, keep: bool, first: StatementRow | None = None) -> AbstractContextManager[Writer]:
        """Open the log to write or, of a log that may only be read, a copy if nothing is to be kept."""
        if keep or self._log.is_writable():
            return self._log.writing(keep=keep, first=first)
        from tracker.usecases.checking import writing_to_a_copy

        return writing_to_a_copy(self._log, self._clock)

    # --- record -----------------------------------------------------------------------------------

    def record(
        self,
        events: Sequence[Event],
        *,
        by: str,
        event_ids: Sequence[str] | None = None,
        anyway: bool = False,
        skip_recorded: bool = False,
        expected_position: int | None = None,
        check_only: bool = False,
    ) -> list[RecordResult]:
        """Record events, all or none.

        With `event_ids` (a UUID each) the same call may be repeated: what is in the log already is not appended again.
        A statement that looks like one on record, and a party's name or an issue's wording that holds already, are
        refused unless `anyway`. With `skip_recorded`, what was recorded before is passed over, and a statement that
        changed since is refused with the command that corrects it. With `expected_position`, refused if an entry after
        it touches a pair. With `check_only`, everything is checked and nothing is kept. Raises RefusedEntries with
        every refusal, or PairMovedOn.
        """
        from tracker.usecases.record import first_statement, prepare_events, record_into

        prepared = prepare_events(events, by, event_ids)
        with self._writing(keep=not check_only, first=first_statement(prepared)) as log:
            return record_into(
                log,
                prepared,
                today=self.today(),
                anyway=anyway,
                skip_recorded=skip_recorded,
                expected_position=expected_position,
                kept=not check_only,
            )

    def record_batch(
        self, batch: Batch, *, by: str, anyway: bool = False, skip_recorded: bool = False, check_only: bool = False
    ) -> list[RecordResult]:
        """Record a batch as `record` does. Raises BadData with every finding, each with file and line."""
        from tracker.adapters.batch_events import batch_events
        from tracker.usecases.record import with_amount_notes

        found, findings = batch_events(batch, self.names(), lambda: self.registers().sources, self.entry_id)
        events = [one.event for one in found]
        recorded: list[RecordResult] = []
        repeated: set[Finding] = set()
        try:
            check = check_only or bool(findings)
            recorded = self.record(events, by=by, anyway=anyway, skip_recorded=skip_recorded, check_only=check)
        except RefusedEntries as refused:
            for index, problem in refused.refusals:
                findings += (new := list(found[index].findings(problem)))
                if isinstance(problem, LooksLikeOneOnRecord) and not problem.changes:
                    repeated.update(new)
        if findings:
            in_order = sorted(dict.fromkeys(findings), key=lambda finding: finding.line or 0)
            raise BadData(in_order, repeated=len(repeated))
        return with_amount_notes(recorded, [one.row.fields for one in found])

    # --- correct ----------------------------------------------------------------------------------

    def correct(
        self,
        name: str,
        changes: Mapping[str, Any],
        *,
        reason: str,
        by: str,
        event_id: str | None = None,
        anyway: bool = False,
        expected_position: int | None = None,
        check_only: bool = False,
    ) -> RevisionResult:
        """Correct an entry, by an unambiguous prefix of its id or `@N`: we erred, the party did not move.

        `changes` has the new values of fields as JSON values, None for a field
        to leave out. Everything else stays as it was. A correction that changes
        nothing is refused unless `anyway`; with `expected_position`, one of a
        pair that another entry touched after it. Raises TrackerError.
        """
        from tracker.usecases.correct import revise_in

        with self._writing(keep=not check_only) as log:
            today = self.today()
            return revise_in(
                log,
                name,
                changes,
                reason=reason,
                by=by,
                event_id=event_id,
                today=today,
                anyway=anyway,
                expected_position=expected_position,
            )

    def retract(
        self, *names: str, reason: str, by: str, expected_position: int | None = None, check_only: bool = False
    ) -> list[RevisionResult]:
        """Retract entries that should never have been there, all or none; the last comes first.

        Each is named as in `correct`, or several as `@A..@B`, from one log position to another. `expected_position` is
        as in `correct`. Raises TrackerError.
        """
        from tracker.usecases.correct import retract_in

        with self._writing(keep=not check_only) as log:
            today = self.today()
            return retract_in(log, names, reason=reason, by=by, today=today, expected_position=expected_position)

    def undo(self, name: str | None = None, *, reason: str, by: str, check_only: bool = False) -> RevisionResult:
        """Take back the last entry that `by` recorded: a correction is corrected back, anything else is retracted.

        With a `name`, as in `correct`, only if that is still the last one. Raises TrackerError, also for a retraction,
        which is final.
        """
        from tracker.usecases.undo import undo_in

        with self._writing(keep=not check_only) as log:
            return undo_in(log, name, reason=reason, by=by, today=self.today())

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

    # --- tokens -----------------------------------------------------------------------------------

    def add_token(self, name: str) -> str:
        """Make the token with which `name` records over the network. It is returned once; only its hash is kept.

        Raises HoldsAToken, or BadValue for what is no recorder's name.
        """
        from tracker.usecases.tokens import add_token

        return add_token(self._log, name, clock=self._clock)

    def revoke_token(self, name: str) -> None:
        """End the token that `name` holds, for ever. Raises HoldsNoToken."""
        from tracker.usecases.tokens import revoke_token

        revoke_token(self._log, name, clock=self._clock)

    def tokens(self) -> list[KeptToken]:
        """Every token that was made, by its holder's name: when, and when it was revoked if it was."""
        from tracker.storage.tokens import kept_tokens

        with self._log.reading() as begun:
            return kept_tokens(begun)

    def recorder_of(self, token_hash: bytes) -> str | None:
        """Who holds the token that has this SHA-256; None if nobody does, or if it was revoked."""
        from tracker.usecases.tokens import recorder_of

        return recorder_of(self._log, token_hash)

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
        from tracker.usecases.backup import back_up

        with self._log.reading() as begun:
            return back_up(begun, self._log.backend, file)

    def verify(self, checkpoint: LogHead | None = None, *, progress: Progress = lambda _: None) -> VerifyResult:
        """Hold the log to its hashes and a checkpoint and, if it is sound, the projections to the log."""
        from tracker.usecases.verify import verify

        return verify(self._log, checkpoint, now=self._clock(), progress=progress)

    def rebuild(self, *, progress: Progress = lambda _: None) -> int:
        """Derive the projections again from the log. Returns the number of entries."""
        from tracker.storage.maintenance.rebuild import rebuild

        with self._log.writing() as log, uncollected():
            return rebuild(log.connection, self._log.backend, progress=progress)

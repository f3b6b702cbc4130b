"""The tracker's use cases, one method per verb: load, decide or compute in plain Python, save.

Each verb imports what it needs when it runs, as commands do: opening a database
and asking who stands where need no event models, which take a tenth of a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import EVERYTHING, Cutoffs, KnownAt, Query
from tracker.domain.timeline import state as states
from tracker.errors import (
    AnotherLog,
    BadData,
    BadEvent,
    DatabaseDamaged,
    FileUnavailable,
    NarrowerThanEarlier,
    RefusedEntries,
    UnknownEntry,
)
from tracker.storage.backends.backend import WAIT_SECONDS
from tracker.storage.backends.collection import uncollected
from tracker.storage.backends.transactions import backend_of, open_database
from tracker.storage.log import event_log
from tracker.storage.log.event_log import EventLog
from tracker.storage.queries import filters as questions
from tracker.storage.queries import stances as matrix
from tracker.usecases.cutoffs import cutoffs_of, position_of

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.adapters.batch import Batch, BatchRow
    from tracker.domain.answers.corrections import RevisionResult
    from tracker.domain.answers.entry_detail import EntryDetail
    from tracker.domain.answers.explanation import Explanation
    from tracker.domain.answers.report import EarlierReport, Report
    from tracker.domain.log.events import Event
    from tracker.domain.timeline.memberships import Memberships
    from tracker.domain.timeline.registers import Registers
    from tracker.storage.log.reader import Progress
    from tracker.usecases.results import Asks, History, LoadResult, LogRow, RecordResult, Search, VerifyResult

FOLLOW_SECONDS = 0.5
"""How long a follower of the log waits before it looks again."""


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
        from tracker.adapters.batch import statements

        names = self.names()
        events: list[Event] = []
        places: list[BatchRow] = []
        findings = list(batch.findings)
        for row in batch.rows:
            try:
                found = statements(row.fields, names)
            except BadEvent as refusal:
                findings += row.findings(refusal)
                continue
            events += found
            places += [row] * len(found)
        recorded: list[RecordResult] = []
        try:
            recorded = self.record(events, by=by, anyway=anyway, check_only=check_only or bool(findings))
        except RefusedEntries as refused:
            for index, problem in refused.refusals:
                findings += places[index].findings(problem)
        if findings:
            raise BadData(sorted(findings, key=lambda finding: finding.line or 0))
        return recorded

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
        from tracker.adapters.jsonl import write_events
        from tracker.storage.log import reader as log_entries

        with self._log.reading() as connection:
            return write_events(log_entries.entries(connection), out)

    # --- ask --------------------------------------------------------------------------------------

    def state(self, on: date | None = None, query: Query = EVERYTHING, *, inherit: bool = False) -> states.State:
        """Who stands where on a day (inclusive; today without one).

        With `inherit`, members without a stance of their own show their bloc's.
        """
        day = on or self.today()
        scope = query.scope
        members: Memberships = {}
        with self._log.snapshot() as connection, uncollected():
            cutoffs, head = cutoffs_of(connection, query)
            if inherit:
                from tracker.usecases.registers import members_on

                members = members_on(connection, cutoffs, day)
            if scope.parties:
                blocs = {bloc for member in scope.parties for bloc in members.get(member, ())}
                scope = replace(scope, parties=scope.parties | blocs)
            closed = matrix.closed_issues(connection, cutoffs, day)
            cells = matrix.cells(connection, self._log.cached, scope, cutoffs, day, closed)
            undated = questions.undated(connection, scope, cutoffs, day)
        if inherit:
            from tracker.domain.timeline.memberships import inherit_stances

            cells = [cell for cell in inherit_stances(cells, members) if query.scope.includes_party(cell.row.party)]
        return states.State(
            on=day,
            known_at=query.known_at.text if query.known_at else None,
            published_by=query.published_by,
            scope=query.scope,
            log=head,
            left_out_undated=undated,
            cells=tuple(cells),
            inherits=inherit,
        )

    def explain(self, issue: str, party: str, on: date | None = None, query: Query = EVERYTHING) -> Explanation:
        """Why a pair stands where it does on a day (inclusive; today without one), entry by entry.

        Of the query's scope only the attributions matter.
        """
        from tracker.domain.answers.explanation import explain
        from tracker.storage.queries import log_parts

        with self._log.reading() as connection:
            cutoffs, head = cutoffs_of(connection, query)
            ranks = log_parts.find_ranks_of_pair(connection, issue, party)
            entries = log_parts.read_log_part(connection, statements=ranks, issue=issue)
        return explain(
            entries,
            (issue, party),
            on=on or self.today(),
            cutoffs=cutoffs,
            attributions=query.scope.attributions,
            known_at=query.known_at.text if query.known_at else None,
            log=head,
        )

    def asks(self, on: date | None = None, query: Query = EVERYTHING) -> Asks:
        """What parties asked of each other up to a day (inclusive; today without one), and the first answers."""
        from tracker.domain.answers.asks import asks
        from tracker.storage.queries import timelines as probes
        from tracker.usecases.results import Asks

        day = on or self.today()
        with self._log.reading() as connection:
            cutoffs, head = cutoffs_of(connection, query)
            asking = probes.find_asks(connection, self._log.cached, query.scope, cutoffs, up_to=day)
            answer = probes.AnswerFinder(connection, self._log.cached, query.scope, cutoffs, up_to=day)
            closed = matrix.closed_issues(connection, cutoffs, day)
            found = asks(asking, answer, query.scope, closed, day)
            everybody = replace(query.scope, parties=frozenset())
            undated = questions.undated(connection, everybody, cutoffs, day)
        return Asks(day, head, found, undated)

    def history(self, up_to: date | None = None, query: Query = EVERYTHING) -> History:
        """Every step of the pairs in scope up to a day (today without one), and what it did to the stance."""
        from tracker.domain.answers.changes import all_changes
        from tracker.storage.queries import timelines as probes
        from tracker.usecases.results import History

        day = up_to or self.today()
        with self._log.reading() as connection:
            cutoffs, _ = cutoffs_of(connection, query)
            pairs = probes.timelines(connection, self._log.cached, query.scope, cutoffs, up_to=day)
        return History(all_changes(pairs.by_pair, after=None, up_to=day), pairs.undated)

    def report(
        self,
        after: date,
        up_to: date | None = None,
        query: Query = EVERYTHING,
        *,
        known_from: KnownAt | None = None,
    ) -> Report:
        """What changed after one day and up to another (inclusive; today without one).

        With `known_from`, the cut of an earlier report up to `after`, also what
        was learned since about its days.
        """
        from tracker.usecases.report import report_on

        with self._log.reading() as connection, uncollected():
            return report_on(connection, self._log.cached, after, up_to or self.today(), query, known_from=known_from)

    def report_since(
        self,
        earlier: EarlierReport,
        up_to: date | None = None,
        *,
        known_at: KnownAt | None = None,
        published_by: date | None = None,
    ) -> Report:
        """All that is new since an earlier report, in its scope: what parties did, what we learned late and corrected.

        Raises AnotherLog if it was made from another log, and NarrowerThanEarlier
        if this report would end before it on one of the clocks.
        """
        from tracker.usecases.report import report_on

        day = up_to or self.today()
        if day < earlier.up_to:
            raise NarrowerThanEarlier(f"The earlier report goes up to {earlier.up_to}, this one to {day}.")
        if published_by is not None and (earlier.published_by is None or published_by < earlier.published_by):
            before = f"by {earlier.published_by}" if earlier.published_by else "on any day"
            raise NarrowerThanEarlier(f"The earlier report used what was public {before}, this one by {published_by}.")
        asked = Query(earlier.scope, known_at, published_by)
        with self._log.reading() as connection, uncollected():
            there = event_log.head(connection, at=earlier.position)
            _, head = cutoffs_of(connection, asked)
        if head.position < there.position:
            raise NarrowerThanEarlier(
                f"The earlier report knew the log up to position {there.position}, this one up to {head.position}."
            )
        if earlier.hash is not None and there != LogHead(earlier.position, earlier.hash):
            raise AnotherLog(earlier.position)
        since = KnownAt(f"@{earlier.position}", position=earlier.position)
        with self._log.reading() as connection, uncollected():
            return report_on(
                connection, self._log.cached, earlier.up_to, day, asked, known_from=since, since_report=earlier
            )

    def find(self, text: str, up_to: date | None = None, query: Query = EVERYTHING) -> Search:
        """The counting statements and withdrawals up to a day whose words hold a text, whatever its case."""
        from tracker.domain.answers.search import find
        from tracker.storage.queries import timelines as probes
        from tracker.usecases.results import Search

        with self._log.reading() as connection:
            cutoffs, _ = cutoffs_of(connection, query)
            pairs = probes.timelines(connection, self._log.cached, query.scope, cutoffs, up_to=up_to or date.max)
        return Search(find(pairs, text), pairs.undated)

    def show(self, name: str) -> EntryDetail:
        """One entry, by an unambiguous prefix of its id or `@N`, its position, with its chain and its evidence."""
        from tracker.domain.answers.entry_detail import EntryDetail
        from tracker.storage.queries import versions
        from tracker.usecases.registers import cited_by

        with self._log.reading() as connection:
            located = versions.locate_entry(connection, event_log.resolve_entry_id(connection, name))
            chain = tuple(versions.chain(connection, located))
            source, question = cited_by(connection, located)
            return EntryDetail(
                entry=located.entry,
                says=located.event,
                hash=event_log.head(connection, at=located.position).hash,
                ended_by=located.ended_by,
                versions=chain,
                source=source,
                corroborations=tuple(versions.counting_corroborations(connection, located)),
                question=question,
            )

    def positions(self, event_ids: Iterable[str]) -> dict[str, int]:
        """The log positions of entries: the short way to name them on this log."""
        with self._log.reading() as connection:
            return event_log.positions(connection, list(event_ids))

    def names(self, on: date | None = None) -> Registers:
        """Today's parties and issues, without the sources; the issues worded as on a day (today without one)."""
        from tracker.usecases.registers import names_on

        with self._log.reading() as connection:
            return names_on(connection, on or self.today())

    def registers(self, on: date | None = None, *, known_at: int | None = None) -> Registers:
        """The parties, issues and sources, as of today's record or as known at a log position.

        The issues are worded as on a day (today without one).
        """
        from tracker.usecases.registers import registers_on

        with self._log.reading() as connection:
            return registers_on(connection, on or self.today(), known_at=known_at)

    def memberships(self, on: date | None = None) -> Memberships:
        """Who belongs to which bloc on a day (inclusive; today without one), as of today's record."""
        from tracker.usecases.registers import members_on

        with self._log.reading() as connection:
            return members_on(connection, Cutoffs(), on or self.today())

    def closings(self) -> dict[str, states.Closing]:
        """The closed issues, as of today's record, whatever the day of closing."""
        with self._log.reading() as connection:
            return matrix.closed_issues(connection, Cutoffs(), date.max)

    # --- care -------------------------------------------------------------------------------------

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogRow]:
        """The entries after a log position, in order, as they are asked for."""
        from tracker.storage.log.reader import read_row, rows
        from tracker.usecases.results import LogRow

        with self._log.reading() as connection:
            for row in islice(rows(connection, after=after), limit):
                yield LogRow(read_row(row), row.hash)

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
        from tracker.adapters.jsonl import write_events
        from tracker.storage.backends.new_file import new_file
        from tracker.storage.log import reader as log_entries

        try:
            with new_file(file) as made, self._log.reading() as connection:
                last = event_log.head(connection)  # the first read: what is seen from here on is of this moment
                if not self._log.backend.copy(connection, made):
                    with made.open("wb") as out:
                        write_events(log_entries.entries(connection), out)
            return last
        except FileExistsError:
            raise FileUnavailable(str(file), "is there already", "Name a new file; a backup replaces none.") from None
        except OSError as error:
            raise FileUnavailable(str(file), f"cannot be written ({error.strerror})") from error

    def checkpoint(self) -> LogHead:
        """The log's last position and hash: kept elsewhere, they show whether it was cut or rewritten."""
        with self._log.reading() as connection:
            return event_log.head(connection)

    def verify(self, checkpoint: LogHead | None = None, *, progress: Progress = lambda _: None) -> VerifyResult:
        """Hold the log to its hashes and a checkpoint and, if it is sound, the projections to the log."""
        from tracker.storage.maintenance.verify import Damage, verify_log, verify_projections
        from tracker.usecases.results import VerifyResult

        log: list[Damage] = []
        try:
            with self._log.reading(damaged=True) as connection:
                log.extend(verify_log(connection, self._log.backend, checkpoint, progress=progress))
                if not log:
                    projections = tuple(verify_projections(connection, progress=progress))
                    return VerifyResult(event_log.head(connection), (), projections)
        except DatabaseDamaged as damaged:  # so much that not all of it can be looked at
            log.append(Damage(0, damaged.why))
        return VerifyResult(None, tuple(log), ())

    def rebuild(self, *, progress: Progress = lambda _: None) -> int:
        """Derive the projections again from the log. Returns the number of entries."""
        from tracker.storage.maintenance.rebuild import rebuild

        with self._log.writing() as log, uncollected():
            return rebuild(log.connection, self._log.backend, progress=progress)

    def recorded_on(self, position: int) -> date:
        """The day (UTC) on which the entry at a position was recorded. Raises UnknownEntry."""
        logged = next(self.entries(after=position - 1, limit=1), None)
        if logged is None or logged.entry.position != position:
            raise UnknownEntry(f"@{position}")
        return logged.entry.recorded_at.date()

    def recorded_after(self, known_at: KnownAt) -> int:
        """How many entries were recorded after a cut-off."""
        with self._log.reading() as connection:
            return max(0, event_log.head(connection).position - position_of(connection, known_at))

    def today(self) -> date:
        """The present day, UTC."""
        return self._clock().date()

"""The tracker's use cases, one method per verb: load, decide or compute in plain Python, save."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Self

import uuid_utils

from tracker.adapters.batch import Batch, BatchRow, statements
from tracker.adapters.jsonl import write_events
from tracker.domain import state as states
from tracker.domain.admission import Located, parse_replacement
from tracker.domain.asks import asks
from tracker.domain.chain import LogHead
from tracker.domain.changes import all_changes, all_net_changes, change_of, context, stated_conditions
from tracker.domain.entries import Draft, recorder_name, uuid_of
from tracker.domain.events import EntryCorrected, EntryRetracted, Event, EventModel, Position, PositionStated
from tracker.domain.evidence import Shown
from tracker.domain.explanation import Explanation, explain
from tracker.domain.groups import Memberships, with_inherited
from tracker.domain.learned import Earlier, learned_context
from tracker.domain.parsing import event_from
from tracker.domain.registers import Registers, registers
from tracker.domain.report import EarlierReport, Report
from tracker.domain.revisions import Revised, StandingChange, corrections, difference
from tracker.domain.scope import EVERYTHING, Cutoffs, KnownAt, Query
from tracker.domain.search import find
from tracker.domain.timeline import Step, pair_of
from tracker.domain.upcasting import oldest_form
from tracker.errors import (
    AnotherLog,
    BadData,
    BadEvent,
    DatabaseDamaged,
    FileUnavailable,
    LooksLikeOneOnRecord,
    NarrowerThanEarlier,
    RefusedEntries,
    SaidTwice,
    TrackerError,
    UnknownEntry,
)
from tracker.loading import load_into
from tracker.reading import (
    cutoffs_of,
    members_on,
    position_of,
    relations_between,
    standings,
    what_was_learned,
)
from tracker.results import Asks, History, Loaded, Logged, Recorded, Search, Verified
from tracker.storage import event_log, log_parts, matrix, neighbours, probes, questions, verification, versions
from tracker.storage.backend import WAIT_SECONDS
from tracker.storage.engine import backend_of, open_database
from tracker.storage.event_log import CHUNK, EventLog, Receipt, Writer
from tracker.storage.new_file import new_file
from tracker.storage.verification import Damage, Progress

FOLLOW_SECONDS = 0.5
"""How long a follower of the log waits before it looks again."""

_PARTIES = ("party.registered", "party.updated")
_ISSUES = ("issue.opened", "issue.reworded")
_SOURCES = ("source.registered",)
_CONTEXT = ("issue.closed", "milestone.noted")


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
    ) -> list[Recorded]:
        """Record events, all or none.

        With `event_ids` (a UUID each) the same call may be repeated: what is in
        the log already is not appended again. A statement that looks like one on record is refused unless `anyway`.
        With `expected_position`, refused if an entry after it touches a pair.
        With `check_only`, everything is checked and nothing is kept. Raises
        RefusedEntries with every refusal, or PairMovedOn.
        """
        ids = event_ids if event_ids is not None else [str(uuid_utils.uuid7()) for _ in events]
        recorder = recorder_name(by)
        drafts = [Draft(event, uuid_of(one), recorder) for event, one in zip(events, ids, strict=True)]
        with self._log.writing(keep=not check_only) as log:
            for event in events:
                if expected_position is not None and isinstance(event, Position):
                    log.require_untouched(event.issue, event.party, since=expected_position)
            alike = [] if anyway else _look_alikes(log, drafts)
            results = log.append_all(drafts)
            refused = [(index, result) for index, result in enumerate(results) if isinstance(result, TrackerError)]
            _raise_refusals([*alike, *refused])
            return [self._effect(log, result) for result in results if isinstance(result, Receipt)]

    def record_batch(self, batch: Batch, *, by: str, anyway: bool = False, check_only: bool = False) -> list[Recorded]:
        """Record a batch, all or none. Raises BadData with every finding, each with file and line."""
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
        recorded: list[Recorded] = []
        try:
            recorded = self.record(events, by=by, anyway=anyway, check_only=check_only or bool(findings))
        except RefusedEntries as refused:
            for index, problem in refused.refusals:
                findings += places[index].findings(problem)
        if findings:
            raise BadData(sorted(findings, key=lambda finding: finding.line or 0))
        return recorded

    def _effect(self, log: Writer, receipt: Receipt) -> Recorded:
        entry = receipt.entry
        if not isinstance(entry.event, Position):
            return Recorded(receipt)
        step = Step(entry, entry.event, entry.position)
        from_stance, in_force, now = neighbours.effect_of(log.connection, step, log.around(step), self.today())
        return Recorded(receipt, change_of(step, from_stance, in_force), now)

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
    ) -> Revised:
        """Correct an entry, by an unambiguous prefix of its id or `@N`: we erred, the party did not move.

        `changes` has the new values of fields as JSON values, None for a field
        to leave out. Everything else stays as it was. Raises TrackerError.
        """

        def correction(target: Located) -> Event:
            data = target.event.data() if target.event else {}
            merged = {field: value for field, value in {**data, **changes}.items() if value is not None}
            with suppress(BadEvent):  # which admission tells apart from a target that cannot be corrected
                merged = dict(oldest_form(parse_replacement(target.first_type, merged).event).data)
            return _event(EntryCorrected, {"target": target.id, "replacement": merged, "reason": reason})

        return self._revise(name, correction, by=by, event_id=event_id, check_only=check_only)

    def retract(
        self, name: str, *, reason: str, by: str, event_id: str | None = None, check_only: bool = False
    ) -> Revised:
        """Retract an entry that should never have been there, named as in `correct`. Raises TrackerError."""

        def retraction(target: Located) -> Event:
            return _event(EntryRetracted, {"target": target.id, "reason": reason})

        return self._revise(name, retraction, by=by, event_id=event_id, check_only=check_only)

    def _revise(
        self, name: str, event_for: Callable[[Located], Event], *, by: str, event_id: str | None, check_only: bool
    ) -> Revised:
        with self._log.writing(keep=not check_only) as log:
            target = versions.located(log.connection, event_log.entry_named(log.connection, name))
            event = event_for(target)
            says = None
            if isinstance(event, EntryCorrected) and target.event is not None:
                says = parse_replacement(target.first_type, event.replacement).event
            about = [one for one in (target.event, says) if isinstance(one, Position)]
            asked = {(*pair_of(one), day) for one in about for day in (one.day.effective, self.today())}
            before = standings(log.connection, asked)
            receipt = log.append(Draft(event, uuid_of(event_id or str(uuid_utils.uuid7())), recorder_name(by)))
            assert target.event is not None
            after = standings(log.connection, asked)
            return Revised(
                receipt.entry,
                target.entry,
                target.event,
                difference(target.event.data(), says.data()) if says else (),
                tuple(StandingChange(*key, before[key], after[key]) for key in sorted(asked)),
            )

    # --- exchange ---------------------------------------------------------------------------------

    def load(self, files: Sequence[Path], *, keep_going: bool = False, progress: Progress = lambda _: None) -> Loaded:
        """Append the entries of events files that are not there yet, in file order, in one transaction.

        Raises BadData with every finding, and keeps nothing, unless `keep_going`.
        """
        with self._log.writing() as log:
            return load_into(log, files, keep_going=keep_going, progress=progress)

    def export(self, out: BinaryIO) -> int:
        """Write the whole log in the file format. Returns the number of entries."""
        with self._log.reading() as connection:
            return write_events(event_log.entries(connection), out)

    # --- ask --------------------------------------------------------------------------------------

    def state(self, on: date | None = None, query: Query = EVERYTHING, *, inherit: bool = False) -> states.State:
        """Who stands where on a day (inclusive; today without one).

        With `inherit`, members without a stance of their own show their bloc's.
        """
        day = on or self.today()
        scope = query.scope
        with self._log.snapshot() as connection:
            cutoffs, head = cutoffs_of(connection, query)
            members = members_on(connection, cutoffs, day) if inherit else {}
            if scope.parties:
                blocs = {bloc for member in scope.parties for bloc in members.get(member, ())}
                scope = replace(scope, parties=scope.parties | blocs)
            closed = matrix.closed_issues(connection, cutoffs, day)
            cells = matrix.cells(connection, self._log.kept, scope, cutoffs, day, closed)
            undated = questions.undated(connection, scope, cutoffs, day)
        if inherit:
            cells = [cell for cell in with_inherited(cells, members) if query.scope.includes_party(cell.row.party)]
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
        with self._log.reading() as connection:
            cutoffs, head = cutoffs_of(connection, query)
            ranks = log_parts.ranks_of_pair(connection, issue, party)
            entries = log_parts.part_of_log(connection, statements=ranks, issue=issue)
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
        day = on or self.today()
        with self._log.reading() as connection:
            cutoffs, head = cutoffs_of(connection, query)
            asking = probes.asking(connection, query.scope, cutoffs, up_to=day)
            answer = probes.Answers(connection, query.scope, cutoffs, up_to=day)
            closed = matrix.closed_issues(connection, cutoffs, day)
            found = asks(asking, answer, query.scope, closed, day)
            everybody = replace(query.scope, parties=frozenset())
            undated = questions.undated(connection, everybody, cutoffs, day)
        return Asks(day, head, found, undated)

    def history(self, up_to: date | None = None, query: Query = EVERYTHING) -> History:
        """Every step of the pairs in scope up to a day (today without one), and what it did to the stance."""
        day = up_to or self.today()
        with self._log.reading() as connection:
            cutoffs, _ = cutoffs_of(connection, query)
            pairs = probes.timelines(connection, query.scope, cutoffs, up_to=day)
        return History(all_changes(pairs, after=None, up_to=day), pairs.undated)

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
        return self._report(after, up_to or self.today(), query, known_from)

    def _report(
        self,
        after: date,
        day: date,
        query: Query,
        known_from: KnownAt | None,
        since_report: EarlierReport | None = None,
    ) -> Report:
        scope = query.scope
        lessons_learned = about_days = since = None
        with self._log.reading() as connection:
            cutoffs, head = cutoffs_of(connection, query)
            pairs = probes.window(connection, scope, cutoffs, after=after, up_to=day)
            net = all_net_changes(pairs, after=after, up_to=day)
            related = relations_between(connection, scope, cutoffs, after, day)
            around = versions.counting_facts(connection, _CONTEXT, known_at=cutoffs.known_at, after=after, up_to=day)
            revised = log_parts.ranks_revised(connection, after=after, up_to=day)
            corrected = log_parts.part_of_log(connection, statements=revised, up_to=head.position)
            if known_from is not None:
                since = position_of(connection, known_from)
                earlier = Earlier(since, query.published_by, after)
                if since_report is not None:
                    earlier = Earlier(since, since_report.published_by, after, once=True)
                lessons_learned = what_was_learned(connection, scope, cutoffs, earlier, head.position)
                noted = log_parts.facts_since(connection, _CONTEXT, since)
                entries = log_parts.part_of_log(connection, facts=noted, up_to=head.position)
                about_days = learned_context(entries, scope, earlier)
        return Report(
            from_day=after,
            to_day=day,
            known_at=query.known_at.text if query.known_at else None,
            known_from=since,
            published_by=query.published_by,
            scope=scope,
            log=head,
            left_out_undated=pairs.undated,
            changes=all_changes(pairs, after=after, up_to=day),
            net=net,
            corrections=corrections(corrected, scope, after=after, up_to=day),
            learned=lessons_learned,
            learned_context=about_days,
            relations=related,
            context=context(around, scope, after=after, up_to=day),
            conditions=stated_conditions(pairs),
        )

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
        day = up_to or self.today()
        if day < earlier.up_to:
            raise NarrowerThanEarlier(f"The earlier report goes up to {earlier.up_to}, this one to {day}.")
        if published_by is not None and (earlier.published_by is None or published_by < earlier.published_by):
            before = f"by {earlier.published_by}" if earlier.published_by else "on any day"
            raise NarrowerThanEarlier(f"The earlier report used what was public {before}, this one by {published_by}.")
        asked = Query(earlier.scope, known_at, published_by)
        with self._log.reading() as connection:
            there = event_log.head(connection, at=earlier.position)
            _, head = cutoffs_of(connection, asked)
        if head.position < there.position:
            raise NarrowerThanEarlier(
                f"The earlier report knew the log up to position {there.position}, this one up to {head.position}."
            )
        if earlier.hash is not None and there != LogHead(earlier.position, earlier.hash):
            raise AnotherLog(earlier.position)
        since = KnownAt(f"@{earlier.position}", position=earlier.position)
        return self._report(earlier.up_to, day, asked, since, earlier)

    def find(self, text: str, up_to: date | None = None, query: Query = EVERYTHING) -> Search:
        """The counting statements and withdrawals up to a day whose words hold a text, whatever its case."""
        with self._log.reading() as connection:
            cutoffs, _ = cutoffs_of(connection, query)
            pairs = probes.timelines(connection, query.scope, cutoffs, up_to=up_to or date.max)
        return Search(find(pairs, text), pairs.undated)

    def show(self, name: str) -> Shown:
        """One entry, by an unambiguous prefix of its id or `@N`, its position, with its chain and its evidence."""
        with self._log.reading() as connection:
            located = versions.located(connection, event_log.entry_named(connection, name))
            chain = tuple(versions.chain(connection, located))
            source, issue = (getattr(located.event, field, None) for field in ("source", "issue"))
            known = registers(
                [
                    *(versions.counting_facts(connection, _SOURCES, key=source) if source else []),
                    *(versions.counting_facts(connection, _ISSUES, key=issue) if issue else []),
                ],
                on=located.event.day.effective if isinstance(located.event, Position) else date.max,
            )
            return Shown(
                entry=located.entry,
                says=located.event,
                hash=event_log.head(connection, at=located.position).hash,
                ended_by=located.ended_by,
                versions=chain,
                source=known.sources.get(source) if source else None,
                corroborations=tuple(versions.counting_corroborations(connection, located)),
                question=known.issues[issue].question if issue and issue in known.issues else None,
            )

    def positions(self, event_ids: Iterable[str]) -> dict[str, int]:
        """The log positions of entries: the short way to name them on this log."""
        with self._log.reading() as connection:
            return event_log.positions(connection, list(event_ids))

    def names(self, on: date | None = None) -> Registers:
        """Today's parties and issues, without the sources; the issues worded as on a day (today without one)."""
        with self._log.reading() as connection:
            return registers(versions.counting_facts(connection, (*_PARTIES, *_ISSUES)), on=on or self.today())

    def registers(self, on: date | None = None, *, known_at: int | None = None) -> Registers:
        """The parties, issues and sources, as of today's record or as known at a log position.

        The issues are worded as on a day (today without one).
        """
        with self._log.reading() as connection:
            known = versions.counting_facts(connection, (*_PARTIES, *_ISSUES, *_SOURCES), known_at=known_at)
            return registers(known, on=on or self.today())

    def memberships(self, on: date | None = None) -> Memberships:
        """Who belongs to which bloc on a day (inclusive; today without one), as of today's record."""
        with self._log.reading() as connection:
            return members_on(connection, Cutoffs(), on or self.today())

    def closings(self) -> dict[str, states.Closed]:
        """The closed issues, as of today's record, whatever the day of closing."""
        with self._log.reading() as connection:
            return matrix.closed_issues(connection, Cutoffs(), date.max)

    # --- care -------------------------------------------------------------------------------------

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[Logged]:
        """The entries after a log position, in order, as they are asked for."""
        with self._log.reading() as connection:
            for row in islice(event_log.rows(connection, after=after), limit):
                yield Logged(event_log.read_row(row), row.hash)

    def follow(self, *, after: int = 0, pause_seconds: float = FOLLOW_SECONDS) -> Iterator[Logged]:
        """The entries after a log position, in order, and then each new one as it is appended, for ever.

        None is missed and none comes twice: positions become visible in their
        order. While nothing is new, it looks again after a pause.
        """
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
        try:
            with new_file(file) as made, self._log.reading() as connection:
                last = event_log.head(connection)  # the first read: what is seen from here on is of this moment
                if not self._log.backend.copy(connection, made):
                    with made.open("wb") as out:
                        write_events(event_log.entries(connection), out)
            return last
        except FileExistsError:
            raise FileUnavailable(str(file), "is there already", "Name a new file; a backup replaces none.") from None
        except OSError as error:
            raise FileUnavailable(str(file), f"cannot be written ({error.strerror})") from error

    def checkpoint(self) -> LogHead:
        """The log's last position and hash: kept elsewhere, they show whether it was cut or rewritten."""
        with self._log.reading() as connection:
            return event_log.head(connection)

    def verify(self, checkpoint: LogHead | None = None, *, progress: Progress = lambda _: None) -> Verified:
        """Hold the log to its hashes and a checkpoint and, if it is sound, the projections to the log."""
        log: list[Damage] = []
        try:
            with self._log.reading(damaged=True) as connection:
                log.extend(verification.verify_log(connection, self._log.backend, checkpoint, progress=progress))
                if not log:
                    projections = tuple(verification.verify_projections(connection, progress=progress))
                    return Verified(event_log.head(connection), (), projections)
        except DatabaseDamaged as damaged:  # so much that not all of it can be looked at
            log.append(Damage(0, damaged.why))
        return Verified(None, tuple(log), ())

    def rebuild(self, *, progress: Progress = lambda _: None) -> int:
        """Derive the projections again from the log. Returns the number of entries."""
        with self._log.writing() as log:
            return verification.rebuild(log.connection, self._log.backend, progress=progress)

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


def _event(model: type[EventModel], data: Mapping[str, Any]) -> Event:
    event: Event = event_from(model, data)
    return event


def _look_alikes(log: Writer, drafts: Sequence[Draft]) -> list[tuple[int, TrackerError]]:
    found: list[tuple[int, TrackerError]] = []
    seen: set[tuple[object, ...]] = set()
    for index, draft in enumerate(drafts):
        event = draft.event
        if not isinstance(event, PositionStated):
            continue
        said = (event.party, event.issue, event.day, event.speaker, event.stance)
        label = f"{event.party} {event.issue} {event.stance} on {event.stated}"
        on_record = neighbours.look_alike(log.connection, event)
        if said in seen:
            found.append((index, SaidTwice(label)))
        elif on_record is not None and on_record != draft.id:
            found.append((index, LooksLikeOneOnRecord(on_record, label, event.source)))
        seen.add(said)
    return found


def _raise_refusals(refusals: Iterable[tuple[int, TrackerError]]) -> None:
    found = sorted(refusals, key=lambda refusal: refusal[0])
    if found:
        raise RefusedEntries(found)

"""The tracker's use cases, one method per verb: load, decide or compute in plain Python, save."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

import uuid_utils
from sqlalchemy import Connection

from tracker.adapters.batch import Batch, BatchRow, statements
from tracker.adapters.jsonl import Placed, findings_of, read_events, write_events
from tracker.domain import state as states
from tracker.domain.changes import Change, Report, all_changes, all_net_changes, change_of, context, stated_conditions
from tracker.domain.entries import Draft, Entry, LogHead, recorder_name
from tracker.domain.events import Event, Position, PositionStated
from tracker.domain.evidence import Shown
from tracker.domain.registers import Registers, registers
from tracker.domain.scope import Cutoffs, KnownAt, Scope
from tracker.domain.search import Found, find
from tracker.domain.timeline import Step, closings_on
from tracker.errors import BadData, BadEvent, Finding, LooksLikeOneOnRecord, RefusedEntries, SaidTwice, TrackerError
from tracker.storage import event_log, probes, verification
from tracker.storage.engine import WAIT_SECONDS, database_path, open_database
from tracker.storage.event_log import CHUNK, EventLog, Receipt, Writer
from tracker.storage.verification import Damage, Progress

_PARTIES = ("party.registered", "party.updated")
_ISSUES = ("issue.opened", "issue.reworded")
_SOURCES = ("source.registered",)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that was recorded and, for a statement or withdrawal, what it did to the pair's stance.

    `change` is the step in its place on the timeline; `now` is the step in
    effect on the day of recording, which a late entry may leave as it was.
    """

    receipt: Receipt
    change: Change | None = None
    now: Step | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: entries appended, entries already there, problems left out, and the first findings on those."""

    appended: int
    already_there: int
    left_out: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What a query looks at: its filters, and its cut-offs on the recorded and the published clock."""

    scope: Scope = field(default_factory=Scope)
    known_at: KnownAt | None = None
    published_by: date | None = None


EVERYTHING = Query()


@dataclass(frozen=True, slots=True)
class History:
    """Every step up to a day, and how many `published_by` left out because no dated source carries them."""

    changes: tuple[Change, ...]
    left_out_undated: int


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, and how many statements `published_by` left out because no dated source carries them."""

    found: tuple[Found, ...]
    left_out_undated: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What `verify` found: the log's last entry, and the damage to the log and to the projections."""

    head: LogHead
    log: tuple[Damage, ...]
    projections: tuple[Damage, ...]

    @property
    def sound(self) -> bool:
        return not self.log and not self.projections


class Logged(NamedTuple):
    """An entry and its chain hash."""

    entry: Entry
    hash: bytes


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
    ) -> Self:
        """Open an existing database: a path or a `sqlite:///` URL.

        A writer waits up to `wait_seconds` for another one. Raises a TrackerError that says what to do.
        """
        engine = open_database(url, wait_seconds=wait_seconds)
        return cls(EventLog(engine, database_path(url), clock=clock), clock=clock)

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
        drafts = [Draft(event, event_id, recorder) for event, event_id in zip(events, ids, strict=True)]
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
        before, in_force, now = probes.place_of(log.connection, step, self.today())
        return Recorded(receipt, change_of(step, before, in_force), now)

    # --- exchange ---------------------------------------------------------------------------------

    def load(self, files: Sequence[Path], *, keep_going: bool = False, progress: Progress = lambda _: None) -> Loaded:
        """Append the entries of events files that are not there yet, in file order, in one transaction.

        Raises BadData with every finding, and keeps nothing, unless `keep_going`.
        """
        appended = already_there = found = 0
        findings: list[Finding] = []
        with self._log.writing() as log:
            stream = (item for path in files for item in read_events(path))
            while chunk := list(islice(stream, CHUNK)):
                new = [item for item in chunk if isinstance(item, Finding)]
                placed = [item for item in chunk if isinstance(item, Placed)]
                for item, result in zip(placed, log.append_all([item.draft for item in placed]), strict=True):
                    if isinstance(result, Receipt):
                        appended += result.appended
                        already_there += not result.appended
                    else:
                        new += findings_of(result, item.file, item.line)
                found += len(new)
                findings += new[: max(0, BadData.SHOWN - len(findings))]
                progress(len({(item.file, item.line) for item in chunk}))
            if findings and not keep_going:
                raise BadData(sorted(findings, key=_place(files)), found)
        return Loaded(appended, already_there, found, tuple(findings))

    def export(self, out: BinaryIO) -> int:
        """Write the whole log in the file format. Returns the number of entries."""
        with self._log.reading() as connection:
            return write_events(event_log.entries(connection), out)

    # --- ask --------------------------------------------------------------------------------------

    def state(self, on: date | None = None, query: Query = EVERYTHING) -> states.State:
        """Who stands where on a day (inclusive; today without one)."""
        day = on or self.today()
        with self._log.reading() as connection:
            cutoffs, head = _cutoffs(connection, query)
            pairs = probes.timelines(connection, query.scope, cutoffs, up_to=day, anchor=day)
            closings = probes.counting_facts(connection, ["issue.closed"], known_at=cutoffs.known_at, up_to=day)
        found = list(states.state_rows(pairs, closings, day))
        return states.State(
            on=day,
            known_at=query.known_at.text if query.known_at else None,
            published_by=query.published_by,
            log=head,
            left_out_undated=pairs.undated,
            rows=tuple(row for row, _ in found),
            held=tuple(held for _, held in found),
        )

    def history(self, up_to: date | None = None, query: Query = EVERYTHING) -> History:
        """Every step of the pairs in scope up to a day (today without one), and what it did to the stance."""
        day = up_to or self.today()
        with self._log.reading() as connection:
            cutoffs, _ = _cutoffs(connection, query)
            pairs = probes.timelines(connection, query.scope, cutoffs, up_to=day)
        return History(all_changes(pairs, after=None, up_to=day), pairs.undated)

    def report(self, after: date, up_to: date | None = None, query: Query = EVERYTHING) -> Report:
        """What changed after one day and up to another (inclusive; today without one)."""
        day = up_to or self.today()
        with self._log.reading() as connection:
            cutoffs, head = _cutoffs(connection, query)
            pairs = probes.timelines(connection, query.scope, cutoffs, up_to=day, anchor=after, moved_after=after)
            families = ["issue.closed", "milestone.noted"]
            around = probes.counting_facts(connection, families, known_at=cutoffs.known_at, after=after, up_to=day)
        return Report(
            from_day=after,
            to_day=day,
            known_at=query.known_at.text if query.known_at else None,
            published_by=query.published_by,
            log=head,
            left_out_undated=pairs.undated,
            changes=all_changes(pairs, after=after, up_to=day),
            net=all_net_changes(pairs, after=after, up_to=day),
            context=context(around, query.scope, after=after, up_to=day),
            conditions=stated_conditions(pairs),
        )

    def find(self, text: str, query: Query = EVERYTHING) -> Search:
        """The counting statements and withdrawals whose words hold a text, whatever its case."""
        with self._log.reading() as connection:
            cutoffs, _ = _cutoffs(connection, query)
            pairs = probes.timelines(connection, query.scope, cutoffs, up_to=date.max)
        return Search(find(pairs, text), pairs.undated)

    def show(self, name: str) -> Shown:
        """One entry, by an unambiguous prefix of its id or `@N`, its position, with its chain and its evidence."""
        with self._log.reading() as connection:
            located = probes.located(connection, event_log.entry_named(connection, name))
            versions = tuple(probes.chain(connection, located))
            source, issue = (getattr(located.event, field, None) for field in ("source", "issue"))
            known = registers(
                [
                    *(probes.counting_facts(connection, _SOURCES, key=source) if source else []),
                    *(probes.counting_facts(connection, _ISSUES, key=issue) if issue else []),
                ],
                on=located.event.day.effective if isinstance(located.event, Position) else date.max,
            )
            return Shown(
                entry=located.entry,
                says=located.event,
                hash=event_log.head(connection, at=located.position).hash,
                ended_by=located.ended_by,
                versions=versions,
                source=known.sources.get(source) if source else None,
                corroborations=tuple(probes.counting_corroborations(connection, located)),
                question=known.issues[issue].question if issue and issue in known.issues else None,
            )

    def positions(self, event_ids: Iterable[str]) -> dict[str, int]:
        """The log positions of entries: the short way to name them on this log."""
        with self._log.reading() as connection:
            return event_log.positions(connection, list(event_ids))

    def names(self, on: date | None = None) -> Registers:
        """Today's parties and issues, without the sources; the issues worded as on a day (today without one)."""
        with self._log.reading() as connection:
            return registers(probes.counting_facts(connection, (*_PARTIES, *_ISSUES)), on=on or self.today())

    def registers(self) -> Registers:
        """Today's parties, issues and sources."""
        with self._log.reading() as connection:
            return registers(probes.counting_facts(connection, (*_PARTIES, *_ISSUES, *_SOURCES)), on=self.today())

    def closings(self) -> dict[str, states.Closed]:
        """The closed issues, as of today's record, whatever the day of closing."""
        with self._log.reading() as connection:
            closings = closings_on(probes.counting_facts(connection, ["issue.closed"]), date.max)
        return {issue: states.Closed(closing.on, closing.outcome) for issue, closing in closings.items()}

    # --- care -------------------------------------------------------------------------------------

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[Logged]:
        """The entries after a log position, in order, as they are asked for."""
        with self._log.reading() as connection:
            for row in islice(event_log.rows(connection, after=after), limit):
                yield Logged(event_log.read_row(row), row.hash)

    def checkpoint(self) -> LogHead:
        """The log's last position and hash: kept elsewhere, they show whether it was cut or rewritten."""
        with self._log.reading() as connection:
            return event_log.head(connection)

    def verify(self, checkpoint: LogHead | None = None, *, progress: Progress = lambda _: None) -> Verified:
        """Hold the log to its hashes and a checkpoint and, if it is sound, the projections to the log."""
        with self._log.reading(damaged=True) as connection:
            head = event_log.head(connection)
            log = tuple(verification.verify_log(connection, checkpoint, progress=progress))
            projections = () if log else tuple(verification.verify_projections(connection, progress=progress))
            return Verified(head, log, projections)

    def rebuild(self, *, progress: Progress = lambda _: None) -> int:
        """Derive the projections again from the log. Returns the number of entries."""
        with self._log.writing() as log:
            return verification.rebuild(log.connection, progress=progress)

    def today(self) -> date:
        """The present day, UTC."""
        return self._clock().date()


def _cutoffs(connection: Connection, query: Query) -> tuple[Cutoffs, LogHead]:
    """The cut-offs as a log position and a day, and the log's last entry at the cut."""
    asked = query.known_at
    position = asked.position if asked else None
    if asked is not None and asked.instant is not None:
        position = event_log.position_at(connection, asked.instant)
    return Cutoffs(position, query.published_by), event_log.head(connection, at=position)


def _look_alikes(log: Writer, drafts: Sequence[Draft]) -> list[tuple[int, TrackerError]]:
    found: list[tuple[int, TrackerError]] = []
    seen: set[tuple[object, ...]] = set()
    for index, draft in enumerate(drafts):
        event = draft.event
        if not isinstance(event, PositionStated):
            continue
        said = (event.party, event.issue, event.day, event.speaker, event.stance)
        label = f"{event.party} {event.issue} {event.stance} on {event.stated}"
        on_record = probes.look_alike(log.connection, event)
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


def _place(files: Sequence[Path]) -> Callable[[Finding], tuple[int, int]]:
    order = {str(path): index for index, path in enumerate(files)}
    return lambda finding: (order[finding.file], finding.line or 0)

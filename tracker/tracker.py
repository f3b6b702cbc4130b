"""The tracker's use cases, one method per verb: load, decide or compute in plain Python, save."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

import uuid_utils
from sqlalchemy import Connection

from tracker.adapters.batch import BatchRow, statements
from tracker.adapters.jsonl import Placed, findings_of, read_events, write_events
from tracker.domain import state as states
from tracker.domain.changes import Change, Report, all_changes, all_net_changes, changes, context, stated_conditions
from tracker.domain.entries import Draft, Entry, LogHead
from tracker.domain.events import Event, IssueClosed, Position, PositionStated
from tracker.domain.evidence import Shown
from tracker.domain.registers import Registers, registers
from tracker.domain.scope import Cutoffs, KnownAt, Scope
from tracker.domain.search import Found, find
from tracker.domain.timeline import InEffect, closed_on, in_effect
from tracker.errors import BadData, BadEvent, Finding, LooksLikeOneOnRecord, RefusedEntries, SaidTwice, TrackerError
from tracker.storage import event_log, probes, verification
from tracker.storage.engine import database_path, open_database
from tracker.storage.event_log import CHUNK, EventLog, Receipt, Writer
from tracker.storage.verification import Damage, Progress

_PARTIES = ("party.registered", "party.updated")
_ISSUES = ("issue.opened", "issue.reworded")
_SOURCES = ("source.registered",)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that was recorded and, for a statement or withdrawal, what it did to the pair's stance.

    `change` is the step in its place on the timeline; `now` is the stance in
    effect on the day of recording, which a late entry may leave as it was.
    """

    receipt: Receipt
    change: Change | None = None
    now: InEffect | None = None


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
    def open(cls, url: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Self:
        """Open an existing database: a path or a `sqlite:///` URL. Raises a TrackerError that says what to do."""
        return cls(EventLog(open_database(url), database_path(url), clock=clock), clock=clock)

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
        anyway: bool = False,
        expected_position: int | None = None,
        check_only: bool = False,
    ) -> list[Recorded]:
        """Record events, all or none.

        A statement that looks like one on record is refused unless `anyway`.
        With `expected_position`, refused if an entry after it touches a pair.
        With `check_only`, everything is checked and nothing is kept. Raises
        RefusedEntries with every refusal, or PairMovedOn.
        """
        drafts = [Draft(event, str(uuid_utils.uuid7()), by) for event in events]
        with self._log.writing(keep=not check_only) as log:
            for event in events:
                if expected_position is not None and isinstance(event, Position):
                    log.require_untouched(event.issue, event.party, since=expected_position)
            alike = [] if anyway else _look_alikes(log, events)
            results = log.append_all(drafts)
            refused = [(index, result) for index, result in enumerate(results) if isinstance(result, TrackerError)]
            _raise_refusals([*alike, *refused])
            return [self._effect(log, result) for result in results if isinstance(result, Receipt)]

    def record_batch(
        self, rows: Sequence[BatchRow], *, by: str, anyway: bool = False, check_only: bool = False
    ) -> list[Recorded]:
        """Record a batch, all or none. Raises BadData with every finding, each with file and line."""
        names = self.names()
        events: list[Event] = []
        places: list[BatchRow] = []
        findings: list[Finding] = []
        for row in rows:
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
        event = receipt.entry.event
        if not isinstance(event, Position):
            return Recorded(receipt)
        day, today = event.day.effective, self.today()
        pair = Scope(frozenset([event.party]), frozenset([event.issue]))
        before = day - timedelta(1) if day > date.min else day
        around = probes.timelines(log.connection, pair, Cutoffs(), up_to=day, anchor=before)
        timeline = around.by_pair[event.issue, event.party]
        steps = changes(timeline, after=None, up_to=day)
        change = next(step for step in steps if step.event_id == receipt.entry.id)
        latest = probes.timelines(log.connection, pair, Cutoffs(), up_to=today, anchor=today).by_pair
        now = in_effect(latest.get((event.issue, event.party), ()), today)
        return Recorded(receipt, change, now)

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
                progress(len(chunk))
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
            closings = probes.counting_facts(connection, ["issue.closed"], known_at=cutoffs.known_at)
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
            around = probes.counting_facts(connection, families, known_at=cutoffs.known_at)
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

    def find(self, text: str, query: Query = EVERYTHING) -> tuple[Found, ...]:
        """The counting statements and withdrawals whose words hold a text, whatever its case."""
        with self._log.reading() as connection:
            cutoffs, _ = _cutoffs(connection, query)
            return find(probes.timelines(connection, query.scope, cutoffs, up_to=date.max), text)

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
                ]
            )
            return Shown(
                entry=next(event_log.entries(connection, after=located.position - 1)),
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

    def names(self) -> Registers:
        """Today's parties and issues, without the sources."""
        with self._log.reading() as connection:
            return registers(probes.counting_facts(connection, (*_PARTIES, *_ISSUES)))

    def registers(self) -> Registers:
        """Today's parties, issues and sources."""
        with self._log.reading() as connection:
            return registers(probes.counting_facts(connection, (*_PARTIES, *_ISSUES, *_SOURCES)))

    def closings(self) -> dict[str, states.Closed]:
        """The closed issues, as of today's record, whatever the day of closing."""
        with self._log.reading() as connection:
            made = probes.counting_facts(connection, ["issue.closed"])
        issues = dict.fromkeys(version.event.issue for version in made if isinstance(version.event, IssueClosed))
        found = ((issue, states.closed(closed_on(made, issue, date.max))) for issue in issues)
        return {issue: closing for issue, closing in found if closing is not None}

    # --- care -------------------------------------------------------------------------------------

    def entries(self, *, after: int = 0, limit: int | None = None) -> list[Logged]:
        """The entries after a log position, in order."""
        with self._log.reading() as connection:
            wanted = islice(event_log.rows(connection, after=after), limit)
            return [Logged(event_log.read_row(row), row.hash) for row in wanted]

    def checkpoint(self) -> LogHead:
        """The log's last position and hash: kept elsewhere, they show whether it was cut or rewritten."""
        with self._log.reading() as connection:
            return event_log.head(connection)

    def verify(self, checkpoint: LogHead | None = None, *, progress: Progress = lambda _: None) -> list[Damage]:
        """Hold the log to its hashes and a checkpoint, then the projections to the log. No damage is an empty list."""
        with self._log.reading() as connection:
            damage = list(verification.verify_log(connection, checkpoint, progress=progress))
            return damage or list(verification.verify_projections(connection, progress=progress))

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


def _look_alikes(log: Writer, events: Sequence[Event]) -> list[tuple[int, TrackerError]]:
    found: list[tuple[int, TrackerError]] = []
    seen: dict[tuple[object, ...], int] = {}
    for index, event in enumerate(events):
        if not isinstance(event, PositionStated):
            continue
        first = seen.setdefault((event.party, event.issue, event.day, event.speaker, event.stance), index)
        label = f"{event.party} {event.issue} {event.stance} on {event.stated}"
        if first != index:
            found.append((index, SaidTwice(label, first + 1)))
        elif (on_record := probes.look_alike(log.connection, event)) is not None:
            found.append((index, LooksLikeOneOnRecord(on_record, label, event.source)))
    return found


def _raise_refusals(refusals: Iterable[tuple[int, TrackerError]]) -> None:
    found = sorted(refusals, key=lambda refusal: refusal[0])
    if found:
        raise RefusedEntries(found)


def _place(files: Sequence[Path]) -> Callable[[Finding], tuple[int, int]]:
    order = {str(path): index for index, path in enumerate(files)}
    return lambda finding: (order[finding.file], finding.line or 0)

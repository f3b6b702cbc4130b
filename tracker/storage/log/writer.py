"""Append to the log: one transaction per append, with lock, checks, positions, hash chain and projections."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

from tracker.domain.log.admission import AdmittedEvent, admit, last_first_day, require_same_content
from tracker.domain.log.chain import GENESIS, chain_hash
from tracker.domain.log.clock import StampAhead, latest_stamp
from tracker.domain.log.entries import LONGEST_LINE, Draft, Entry
from tracker.domain.log.judgement import untypable_ids
from tracker.domain.log.kind_registry import Key, Role
from tracker.domain.log.membership_rules import BrokenMembership
from tracker.domain.terms.dates import instant_text
from tracker.domain.terms.vocabulary import IssueForm
from tracker.errors import (
    EntryTooLong,
    NoLaterStamp,
    TimeRunsBackwards,
    TrackerError,
)
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import AnyConnection, Rows, core_connection
from tracker.storage.log.admission_view import AdmissionView
from tracker.storage.log.prepared_entry import AppendedEntry, PreparedEntry, prepare
from tracker.storage.projections.projection_writer import ProjectionWriter
from tracker.storage.projections.registrations import RegistrationCache
from tracker.storage.projections.rows import StatementRow, StoredVersion
from tracker.storage.projections.runs import Neighbours, Pairs, StatementPlace
from tracker.storage.schema import log


class Receipt(NamedTuple):
    """The result of appending an entry: the appended entry, or the equal entry that was in the log already.

    `notes` are what somebody should know of it: for example the rules that it breaks and was not judged by.
    """

    of: AppendedEntry | Entry
    notes: tuple[str, ...] = ()

    @property
    def appended(self) -> bool:
        """Whether this append added it."""
        return isinstance(self.of, AppendedEntry)

    @property
    def entry(self) -> Entry:
        """The entry in its place in the log."""
        return self.of.entry if isinstance(self.of, AppendedEntry) else self.of


class WriterCache(NamedTuple):
    """A writer's lookups, for the next writer if the head of the log still has this hash."""

    hash: bytes
    pairs: Pairs
    registered: RegistrationCache


class Writer:
    """Appends entries inside one transaction that holds the writer lock.

    `position` is that of the last entry, `cache` what the next writer may use once this one has finished.
    """

    def __init__(
        self,
        connection: AnyConnection,
        backend: Backend,
        clock: Callable[[], datetime],
        last: Rows,
        cache: WriterCache | None = None,
        *,
        fills: bool = False,
    ) -> None:
        self.transaction = connection
        self._backend = backend
        now = clock()
        self._now, self._latest_stamp = instant_text(now), latest_stamp(now)
        self._noted_stamp = False
        self.position: int = last[0][0] if last else 0
        self._hash: bytes = last[0][1] if last else GENESIS
        self._last_stamp: str | None = last[0][2] if last else None
        self._keeps_times = not last
        self._rows: list[tuple[Any, ...]] = []
        self.cache = cache if cache and cache.hash == self._hash else WriterCache(self._hash, {}, {})
        begins = fills and self.position == 0
        self._projections = ProjectionWriter(
            connection,
            backend,
            self.cache.pairs,
            self.cache.registered,
            from_nothing=begins,
            indexes_late=begins and backend.makes_indexes_late,
        )
        self._view = AdmissionView(connection, self.flush, self._projections.registrations)

    @property
    def connection(self) -> Connection:
        """The transaction's SQLAlchemy connection."""
        return core_connection(self.transaction)

    def append(self, draft: Draft) -> Receipt:
        """Append one entry, judged by itself. Raises TrackerError and leaves the log as it was."""
        (result,) = self.append_each([prepare(draft)], alone=True)
        if isinstance(result, TrackerError):
            raise result
        return result

    def append_each(self, entries: Sequence[PreparedEntry], *, alone: bool = False) -> Iterator[Receipt | TrackerError]:
        """Append the entries that the log accepts; yield a receipt or the refusal for each, in order.

        An entry that is in the log already, with the same content, gets the first one's receipt. Entries about
        memberships are judged together by `settle_memberships`, at the end of the transaction, or each `alone`.
        """
        entries = [one if one.row is not None else one.with_event() for one in entries]
        self._view.prefetch(entries)
        self._projections.prefetch(one.row.pair for one in entries if isinstance(one.row, StatementRow))
        for one in entries:
            try:
                yield self._append(one, alone=alone)
            except TrackerError as refusal:
                yield refusal
        self.flush()

    def spell_sources(self, names: Iterable[str], new: Iterable[str] = ()) -> dict[str, str]:
        """Return the id for each name of a source that only one looks like; any other stays as it is.

        Ids are those on record or, where none of these looks like the name, the `new` ones about to be registered.
        """
        return self._view.spell_sources(set(names), set(new))

    def is_registered(self, key: Key) -> bool:
        """Return whether the id of a party, issue or source is on record, or was appended before."""
        return self._view.is_registered(key)

    def unit_of(self, issue: str) -> str | None:
        """Return the unit of a quantity that is on record; None of any other issue."""
        return self._view.unit_of(issue)

    def options_of(self, issue: str) -> Collection[str]:
        """Return the paths of a choice's options; none of any other issue."""
        return self._view.forms_below(issue) if self._view.form_of(issue) is IssueForm.CHOICE else ()

    def published_on(self, source: str) -> date | None:
        """Return the publication day of a source; None if it has none, or is not registered."""
        day = self._projections.registrations.published_on(source)
        return date.fromisoformat(day) if day else None

    def settle_memberships(self) -> list[BrokenMembership]:
        """Return the rules of memberships that the entries appended so far break together, each with its entry."""
        return self._view.settle_memberships()

    def keep_neighbours(self, row: StatementRow, found: Rows) -> None:
        """Keep the neighbours of the next statement, from the query that was sent with the lock."""
        self._projections.runs.keep_neighbours(row, self.position + 1, found)

    def find_neighbours(self, row: StatementRow, position: int | None = None) -> tuple[int, StatementPlace, Neighbours]:
        """Return the pair, the place and the neighbours of the newest statement of its pair.

        It stands at a position or, without one, is the next to be appended.
        """
        self._projections.prefetch([row.pair])
        return self._projections.runs.find_neighbours(row, position or self.position + 1)

    def flush(self) -> None:
        """Write the entries appended so far."""
        if self._rows:
            self._backend.insert(self.transaction, log, self._rows)
            self._rows = []
        self._projections.flush()

    def finish(self) -> None:
        """Update the projections of whole timelines, once all entries are appended."""
        self.flush()
        self._projections.finish()
        self.cache = self.cache._replace(hash=self._hash)

    def _append(self, prepared: PreparedEntry, *, alone: bool) -> Receipt:
        known = self._view.locate(prepared.id)
        if known is not None:
            require_same_content(prepared.parsed.event, prepared.recorded_by, known)
            return Receipt(known.entry)
        stamp = self._stamp(prepared)
        recorded_on = (stamp if self._comes_back(prepared) else self._now)[:10]
        admitted = None
        notes: list[TrackerError] = []
        if not self._is_plain(prepared, recorded_on=recorded_on):
            judged = not self._comes_back(prepared)
            prepared, admitted = self._admit(prepared, recorded_on=recorded_on, judged=judged)
            broken = self._view.review_membership(prepared.id, self.position + 1, admitted, judged=judged, alone=alone)
            notes = [*admitted.notes, *broken]
        appended = self._place(prepared, stamp)
        if admitted is not None:
            self._project(appended, admitted)
            return Receipt(appended, (*map(str, notes), *self._stamp_notes(appended)))
        if prepared.row is not None:
            self._projections.add(prepared.row, appended.position)
            self._view.note_appended(appended)
        return Receipt(appended, self._stamp_notes(appended))

    def _comes_back(self, prepared: PreparedEntry) -> bool:
        """Return whether an entry was recorded before and keeps its time: the log was empty, as in a restore."""
        return self._keeps_times and prepared.time is not None

    def _is_plain(self, prepared: PreparedEntry, *, recorded_on: str) -> bool:
        """Return whether an entry has a row and can be appended without further checks; else `admit` decides."""
        return (
            prepared.row is not None
            and not prepared.names_others
            and (prepared.certain_day is None or _may_be_said(prepared.certain_day, recorded_on))
            and self._projections.registrations.contain_all(prepared.refers_to)
            and (not isinstance(prepared.row, StatementRow) or self._fits_form(prepared.row))
            and (prepared.registers is None or self._is_new(prepared.registers))
        )

    def _fits_form(self, row: StatementRow) -> bool:
        """Return whether a position is of the form that its issue, which is registered, asks for."""
        form = self._view.form_of(row.issue)
        return row.form in (None, form) and form is not IssueForm.CHOICE

    def _is_new(self, key: Key) -> bool:
        """Return whether an id is not registered yet, looks like no other, and can be typed."""
        view = self._view
        return not view.is_registered(key) and not view.is_alike(key) and not any(untypable_ids(key))

    def _admit(self, prepared: PreparedEntry, *, recorded_on: str, judged: bool) -> tuple[PreparedEntry, AdmittedEvent]:
        """Check an entry against the log as it stands, and return it as it is to be stored. Raises TrackerError."""
        event = prepared.parsed.event
        admitted = admit(event, recorded_on=date.fromisoformat(recorded_on), log=self._view, judged=judged)
        return prepared if admitted.event is event else prepared.with_spelling(admitted.event), admitted

    def _place(self, prepared: PreparedEntry, stamp: str) -> AppendedEntry:
        """Give an admitted entry its position, and chain it to the entry before it. Raises EntryTooLong."""
        origin = prepared.origin_time
        if prepared.time is not None and not self._keeps_times:
            origin = origin or prepared.time
        appended = AppendedEntry(prepared, self.position + 1, stamp, origin)
        line = prepared.line(*appended[1:])
        if len(line) > LONGEST_LINE:
            raise EntryTooLong(len(line), LONGEST_LINE)
        self._hash = chain_hash(self._hash, line)
        self.position, self._last_stamp = appended.position, stamp
        self._rows += [(appended.position, prepared.id, prepared.type, stamp, line.decode(), self._hash)]
        return appended

    def _project(self, appended: AppendedEntry, admitted: AdmittedEvent) -> None:
        """Project any entry."""
        entry, chain = appended.entry, admitted.chain
        data = admitted.content.data() if admitted.content else None
        if chain is None:
            target, version = None, StoredVersion(entry.position, entry.position, entry.type, data)
        else:
            ended = chain.event.data() if chain.event else None
            target = StoredVersion(chain.position, chain.rank, chain.first_type, ended)
            version = target._replace(position=entry.position, data=data)
        statement_rank = self._statement_rank(version if version.data else target)
        self._projections.project(version, target, statement_rank=statement_rank)
        self._view.note_admitted(entry, admitted)

    def _statement_rank(self, about: StoredVersion | None) -> int:
        """Return the rank of the statement that a corroboration is about; 0 for any other entry."""
        if about is None or about.data is None or about.kind.role is not Role.CORROBORATION:
            return 0
        statement = self._view.locate(about.data["target"])
        assert statement is not None
        return statement.rank

    def _stamp(self, prepared: PreparedEntry) -> str:
        """Return the recorded time: an entry's own in a log that began empty, else now or just after the last."""
        if prepared.time is not None and self._comes_back(prepared):
            if self._last_stamp is not None and prepared.time < self._last_stamp:
                raise TimeRunsBackwards(prepared.time, self._last_stamp)
            return prepared.time
        if self._last_stamp is None or self._last_stamp < self._now:
            return self._now
        try:
            return instant_text(datetime.fromisoformat(self._last_stamp) + timedelta(microseconds=1))
        except OverflowError:
            raise NoLaterStamp(self._last_stamp) from None

    def _stamp_notes(self, appended: AppendedEntry) -> tuple[str, ...]:
        """Note the first stamp of this transaction that lies ahead of the clock; all later ones do, too."""
        if self._noted_stamp or appended.recorded_at <= self._latest_stamp:
            return ()
        self._noted_stamp = True
        return (str(StampAhead(appended.position, appended.recorded_at)),)


def _may_be_said(certain_day: str, recorded_on: str) -> bool:
    """Return whether a day may stand on a statement of a day of recording, after which few are."""
    return certain_day <= recorded_on or certain_day <= _last_first_day(recorded_on)


@lru_cache(maxsize=1024)
def _last_first_day(recorded_on: str) -> str:
    return last_first_day(date.fromisoformat(recorded_on)).isoformat()

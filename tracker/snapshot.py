"""Every question that can be asked of the log, and one moment of the log to ask several.

A question reads its part of the log, and hands it to the domain. It imports what it needs when it runs, as commands
do: the state needs no event models, which take a tenth of a second to import.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, NamedTuple, TypedDict, TypeVar, Unpack, overload

from tracker.domain.terms.dates import parse_day
from tracker.domain.terms.scope import EVERYTHING, Cutoffs, KnownAt, Query, Scope, parse_known_at
from tracker.domain.terms.vocabulary import Attribution
from tracker.errors import UnknownEntry
from tracker.storage.log import event_log

if TYPE_CHECKING:
    from tracker.domain.answers.asks import Asks, Conditions
    from tracker.domain.answers.changes import Change, History
    from tracker.domain.answers.entry_detail import EntryDetail
    from tracker.domain.answers.explanation import Explanation
    from tracker.domain.answers.report import EarlierReport, Report
    from tracker.domain.answers.search import Search
    from tracker.domain.log.chain import LogHead
    from tracker.domain.log.entries import Entry, LogLine
    from tracker.domain.log.kinds import Register
    from tracker.domain.timeline.circumstances import Closing
    from tracker.domain.timeline.in_effect import Timelines
    from tracker.domain.timeline.memberships import Memberships
    from tracker.domain.timeline.register_records import RegisteredIssue, RegisteredParty, RegisteredSource
    from tracker.domain.timeline.registers import Registers
    from tracker.domain.timeline.replay import Version
    from tracker.domain.timeline.state import Cell, State, StateRow
    from tracker.storage.backends.compiled_query import Transaction
    from tracker.storage.queries.statement_cache import StatementCache


T = TypeVar("T")


class Reading(NamedTuple):
    """One transaction that reads, with the statements cached from its log and the present day (UTC)."""

    log: Transaction
    cache: StatementCache
    today: date


class LogRow(NamedTuple):
    """An entry and its hash in the chain."""

    entry: Entry
    hash: bytes


@dataclass(frozen=True, slots=True)
class RowStream(Generic[T]):
    """Rows up to a day that are read as they are consumed, once, while the snapshot is open.

    `log` is the log position that they rest on. `left_out_undated` counts the statements that `published_by` leaves out
    because no dated source carries them.
    """

    on: date
    log: LogHead
    rows: Iterator[T]
    left_out_undated: int


Day = date | str
"""A day, or its ISO 8601 text."""


class Cuts(TypedDict, total=False):
    """The cut-offs of a question, and the attributions that it takes.

    `known_at` is a day, an instant with its zone or a log position (`@83`); `published_by` is a day (inclusive).
    """

    attributions: Iterable[str]
    known_at: KnownAt | str | None
    published_by: Day | None


class Filters(Cuts, total=False):
    """The filters and cut-offs of a question: parties by code, name or alias, issues by path, prefix or tail."""

    party: str
    parties: Iterable[str]
    issue: str
    issues: Iterable[str]


class Queries:
    """The verbs that ask. Days that a caller leaves out are the present one (UTC).

    Filters and cut-offs are keywords (see `Filters`), or a `Query` made of them before.
    """

    _reading: Callable[[], AbstractContextManager[Reading]]
    """Opens the transaction in which one verb reads."""

    # --- ask --------------------------------------------------------------------------------------

    def query(self, **filters: Unpack[Filters]) -> Query:
        """The filters and cut-offs of a question, with names resolved against today's registers.

        Raises UnknownParty, UnknownIssue or AmbiguousName, and BadValue for a day, a moment or a word that is none.
        """
        parties = (*filters.get("parties", ()), *([filters["party"]] if "party" in filters else ()))
        issues = (*filters.get("issues", ()), *([filters["issue"]] if "issue" in filters else ()))
        if parties or issues:
            from tracker.domain.timeline.names import resolve_issue_group, resolve_party, split_parties

            known = self.names()
            named = (name for party in parties for name in split_parties(party, known.parties))
            parties = tuple(resolve_party(party, known.parties) for party in named)
            issues = tuple(resolve_issue_group(issue, known.issues) for issue in issues)
        attributions = frozenset(map(Attribution, filters.get("attributions", ())))
        known_at = filters.get("known_at")
        scope = Scope(frozenset(parties), frozenset(issues), attributions, asked=parties)
        return Query(
            scope,
            parse_known_at(known_at) if isinstance(known_at, str) else known_at,
            _day(filters.get("published_by")),
        )

    def state(
        self,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        inherit: bool = False,
        at_most: int | None = None,
        **filters: Unpack[Filters],
    ) -> State:
        """The stances in effect on a day (inclusive; today without one), by issue and party.

        With `inherit`, members without a stance of their own show their bloc's. With `at_most`, only the first issues
        that have so many stances together, or the first one.
        """
        from tracker.domain.timeline.state import State, first_issues
        from tracker.storage.queries import stances
        from tracker.storage.queries.circumstances import circumstances_on
        from tracker.storage.queries.filters import undated

        query = self.query(**filters) if filters else query
        with self._reading() as (log, cache, today), uncollected():
            day, scope = _day(on) or today, query.scope
            cutoffs, head = event_log.cutoffs_of(log, query)
            if inherit:
                from tracker.domain.timeline.memberships import blocs_of, inherit_stances

                members = _memberships(log, cutoffs, day)
                blocs = {bloc for party in scope.parties for near in blocs_of(party, members) for bloc in near}
                scope = replace(scope, parties=scope.parties | blocs)
            left_out = undated(log, scope, cutoffs, day)
            around = circumstances_on(log, cutoffs, day)
            cells: Iterable[Cell]
            if at_most is None or inherit:
                cells = stances.cells(log, cache, scope, cutoffs, day, around)
            else:
                cells = stances.each_cell(log, scope, cutoffs, day, around)
            if inherit:
                own = inherit_stances(list(cells), members)
                cells = (cell for cell in own if query.scope.includes_party(cell.row.party))
            shown, is_cut = (tuple(cells), False) if at_most is None else first_issues(cells, at_most)
            return State(
                on=day,
                known_at=query.known_at.text if query.known_at else None,
                published_by=query.published_by,
                scope=query.scope,
                log=head,
                left_out_undated=left_out,
                cells=shown,
                inherits=inherit,
                is_cut=is_cut,
            )

    def conditions(self, on: Day | None = None, query: Query = EVERYTHING, **filters: Unpack[Filters]) -> Conditions:
        """The stances on a day (inclusive; today without one) that are conditional or have conditions in force."""
        from tracker.domain.answers.asks import Conditions, open_conditions
        from tracker.storage.queries import stances
        from tracker.storage.queries.circumstances import circumstances_on
        from tracker.storage.queries.filters import undated

        query = self.query(**filters) if filters else query
        with self._reading() as (log, cache, today):
            day, scope = _day(on) or today, query.scope
            cutoffs, head = event_log.cutoffs_of(log, query)
            around = circumstances_on(log, cutoffs, day)
            cells = stances.cells(log, cache, scope, cutoffs, day, around, conditional=True)
            return Conditions(day, head, open_conditions(cells), undated(log, scope, cutoffs, day))

    def explain(
        self,
        party: str,
        issue: str,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        inherit: bool = False,
        **cuts: Unpack[Cuts],
    ) -> Explanation:
        """Why a party has its stance on an issue on a day (inclusive; today without one), entry by entry.

        With `inherit`, a party without a stance of its own shows its bloc's, and why that has it. Of the filters only
        the attributions matter. Raises UnknownParty, UnknownIssue or AmbiguousName.
        """
        from tracker.domain.answers.explanation import explain
        from tracker.domain.timeline.names import resolve_issue, resolve_party
        from tracker.storage.queries import log_parts
        from tracker.storage.queries.circumstances import circumstances_on

        query = self.query(**cuts) if cuts else query
        with self._reading() as reading:
            log, _, today = reading
            names, day = Snapshot(reading).names(), _day(on) or today
            party, issue = resolve_party(party, names.parties), resolve_issue(issue, names.issues)
            cutoffs, head = event_log.cutoffs_of(log, query)
            connection = log.core
            ranks = log_parts.find_ranks_of_pair(connection, issue, party)
            found = explain(
                log_parts.read_log_part(connection, statements=ranks, issue=issue),
                (issue, party),
                on=day,
                cutoffs=cutoffs,
                attributions=query.scope.attributions,
                around=circumstances_on(log, cutoffs, day),
                known_at=query.known_at.text if query.known_at else None,
                log=head,
            )
            if not inherit or (found.row is not None and found.row.stance is not None):
                return found
            # Another question in the same transaction, so that both agree:
            pair = replace(query, scope=replace(query.scope, parties=frozenset({party}), issues=frozenset({issue})))
            cells = Snapshot(reading).state(day, pair, inherit=True).cells
            cell = next((cell for cell in cells if cell.row.issue == issue and cell.inherited_from), None)
            if cell is None or cell.inherited_from is None:
                return found
            return replace(
                found, cell=cell, inherited=Snapshot(reading).explain(cell.inherited_from, issue, day, query)
            )

    def asks(
        self, on: Day | None = None, query: Query = EVERYTHING, *, inherit: bool = False, **filters: Unpack[Filters]
    ) -> Asks:
        """The asks between parties up to a day (inclusive; today without one), each with its first answer.

        With `inherit`, what a bloc says answers for its members too; what a member says answers for itself alone.
        """
        from tracker.domain.answers.asks import Asks, asks
        from tracker.storage.queries import timelines
        from tracker.storage.queries.circumstances import circumstances_on
        from tracker.storage.queries.filters import undated

        query = self.query(**filters) if filters else query
        with self._reading() as (log, cache, today):
            day, scope = _day(on) or today, query.scope
            cutoffs, head = event_log.cutoffs_of(log, query)
            asking = timelines.find_asks(log, cache, scope, cutoffs, up_to=day)
            find = timelines.find_answers(log, cache, scope, cutoffs, up_to=day)
            if inherit:
                from tracker.domain.timeline.memberships import with_blocs

                find = with_blocs(find, _memberships(log, cutoffs, day))
            found = asks(asking, find, scope, circumstances_on(log, cutoffs, day), day)
            return Asks(day, head, found, undated(log, replace(scope, parties=frozenset()), cutoffs, day))

    def history(self, up_to: Day | None = None, query: Query = EVERYTHING, **filters: Unpack[Filters]) -> History:
        """Every step of the pairs in scope up to a day (inclusive; today without one), with its effect."""
        from tracker.domain.answers.changes import History, all_changes
        from tracker.storage.queries.circumstances import circumstances_on

        query = self.query(**filters) if filters else query
        with self._reading() as reading:
            day = _day(up_to) or reading.today
            pairs = _timelines(reading, day, query)
            cutoffs, head = event_log.cutoffs_of(reading.log, query)
            around = circumstances_on(reading.log, cutoffs, day)
            return History(day, head, all_changes(pairs.by_pair, after=None, up_to=day, around=around), pairs.undated)

    def report(
        self,
        after: Day,
        up_to: Day | None = None,
        query: Query = EVERYTHING,
        *,
        known_from: KnownAt | str | None = None,
        **filters: Unpack[Filters],
    ) -> Report:
        """The changes after one day and up to another (inclusive; today without one).

        With `known_from`, the cut of an earlier report up to `after`, also what
        was learned since about its days.
        """
        from tracker.domain.answers.learned import EarlierCut
        from tracker.usecases.report import report_on

        query, first = self.query(**filters) if filters else query, _day(after)
        with self._reading() as (log, cache, today), uncollected():
            earlier = None
            if known_from is not None:
                cut = parse_known_at(known_from) if isinstance(known_from, str) else known_from
                earlier = EarlierCut(event_log.position_at(log, cut), query.published_by, first)
            return report_on(log.core, cache, first, _day(up_to) or today, query, earlier)

    def report_since(
        self,
        earlier: EarlierReport,
        up_to: date | None = None,
        *,
        known_at: KnownAt | None = None,
        published_by: date | None = None,
    ) -> Report:
        """All that is new since an earlier report, in its scope: later steps, late knowledge, corrections.

        It goes up to a day (inclusive; today without one). Raises AnotherLog if the earlier report was made from
        another log, and NarrowerThanEarlier if this one would end before it on one of the clocks.
        """
        from tracker.usecases.report import report_since

        with self._reading() as (log, cache, today), uncollected():
            day = up_to or today
            return report_since(log.core, cache, earlier, day, known_at=known_at, published_by=published_by)

    def find(
        self,
        text: str,
        up_to: Day | None = None,
        query: Query = EVERYTHING,
        *,
        limit: int | None = None,
        **filters: Unpack[Filters],
    ) -> Search:
        """The entries that hold all words of a text, the best first: `limit` of them at most (1,000 without one).

        They are the counting statements, withdrawals and corroborations up to a day (inclusive; all of them without
        one) and, unless the query filters by party or attribution, issues and sources. Words may go on (`nucl`) and are
        compared as people see them; a phrase stands in quotation marks. Raises BadValue for a text without words.
        """
        from tracker.domain.answers.search import MOST_HITS, parse_search
        from tracker.storage.queries.search import find

        terms = parse_search(text)
        query = self.query(**filters) if filters else query
        with self._reading() as (log, cache, _):
            cutoffs, _ = event_log.cutoffs_of(log, query)
            day, limit = _day(up_to) or date.max, MOST_HITS if limit is None else limit
            return find(log, cache, terms, query.scope, cutoffs, up_to=day, limit=limit)

    def show(self, name: str) -> EntryDetail:
        """One entry with its chain of corrections and its evidence.

        It is named by an unambiguous prefix of its id or by `@N`, its position. Raises UnknownEntry,
        PositionAhead or AmbiguousName.
        """
        from tracker.usecases.show import entry_detail

        with self._reading() as (log, *_):
            return entry_detail(log.core, name)

    # --- registers --------------------------------------------------------------------------------

    def names(self, on: date | None = None) -> Registers:
        """Today's parties and issues, without the sources; the issues worded as on a day (today without one)."""
        from tracker.domain.log.kinds import Register

        return self._registers((Register.PARTY, Register.ISSUE), on)

    def registers(self, on: date | None = None, *, known_at: int | None = None) -> Registers:
        """The parties, issues and sources, as of today's record or as known at a log position.

        The issues are worded as on a day (today without one). Raises PositionAhead.
        """
        from tracker.domain.log.kinds import Register

        return self._registers(Register, on, known_at)

    def _registers(self, which: Iterable[Register], on: date | None, known_at: int | None = None) -> Registers:
        from tracker.domain.log.kinds import register_kinds
        from tracker.domain.timeline.registers import registers
        from tracker.storage.queries.versions import counting_facts

        with self._reading() as (log, _, today):
            if known_at is not None:
                event_log.head(log, at=known_at)
            return registers(counting_facts(log, register_kinds(*which), known_at=known_at), on=on or today)

    def parties(self, on: date | None = None) -> list[RegisteredParty]:
        """The parties with their names as on record on a day (inclusive; today without one), and their entries."""
        from tracker.domain.log.kinds import Register
        from tracker.domain.timeline.register_records import registered_parties

        with self._reading() as (log, _, today):
            return registered_parties(_register_facts(log, Register.PARTY), on or today)

    def issues(self, on: date | None = None) -> list[RegisteredIssue]:
        """The issues as worded on a day (inclusive; today without one), with earlier wordings and their entries."""
        from tracker.domain.log.kinds import Register
        from tracker.domain.timeline.register_records import registered_issues

        with self._reading() as (log, _, today):
            return registered_issues(_register_facts(log, Register.ISSUE), on or today)

    def sources(self) -> list[RegisteredSource]:
        """The sources with their entries."""
        from tracker.domain.log.kinds import Register
        from tracker.domain.timeline.register_records import registered_sources

        with self._reading() as (log, *_):
            return registered_sources(_register_facts(log, Register.SOURCE))

    def memberships(self, on: date | None = None) -> Memberships:
        """The blocs of each member on a day (inclusive; today without one), as of today's record."""
        with self._reading() as (log, _, today):
            return _memberships(log, Cutoffs(), on or today)

    def closings(self, on: date | None = None) -> dict[str, Closing]:
        """The issues closed on a day (inclusive; today without one), as of today's record."""
        from tracker.storage.queries.circumstances import circumstances_on

        with self._reading() as (log, _, today):
            return dict(circumstances_on(log, Cutoffs(), on or today).closings)

    # --- the log ----------------------------------------------------------------------------------

    def positions(self, event_ids: Iterable[str]) -> dict[str, int]:
        """The log positions of entries: the short way to name them on this log."""
        with self._reading() as (log, *_):
            return event_log.positions(log, event_ids)

    def checkpoint(self) -> LogHead:
        """The log's last position and hash: kept elsewhere, they show whether it was cut or rewritten."""
        with self._reading() as (log, *_):
            return event_log.head(log)

    def entries(
        self, *, after: int = 0, limit: int | None = None, where: Callable[[Entry], bool] | None = None
    ) -> Iterator[LogRow]:
        """The entries after a log position, in order, read as they are consumed; with `where` those that pass a test.

        Raises PositionAhead or LogDamaged.
        """
        from tracker.storage.log.reader import rows

        with self._reading() as (log, *_):
            event_log.head(log, at=after)
            yield from islice(_logged(rows(log.core, after=after), where), limit)

    def last_entries(
        self, number: int, *, after: int = 0, where: Callable[[Entry], bool] | None = None
    ) -> list[LogRow]:
        """The last entries after a log position, in order; with `where` those that pass a test.

        Raises PositionAhead or LogDamaged.
        """
        from tracker.storage.log.reader import rows_backwards

        with self._reading() as (log, *_):
            event_log.head(log, at=after)
            newer = takewhile(lambda row: row.position > after, rows_backwards(log.core))
            return list(islice(_logged(newer, where), number))[::-1]

    def log_lines(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogLine]:
        """The entries after a log position as a list shows them, read as they are consumed.

        Raises PositionAhead or LogDamaged.
        """
        from tracker.storage.log.reader import log_lines

        with self._reading() as (log, *_):
            event_log.head(log, at=after)
            yield from islice(log_lines(log, after=after), limit)

    def export(self, out: BinaryIO) -> int:
        """Write the whole log in the file format. Returns the number of entries."""
        from tracker.adapters.jsonl import write_lines
        from tracker.storage.log.reader import hashed_lines

        with self._reading() as (log, *_):
            return write_lines(hashed_lines(log), out)

    def recorded_on(self, position: int) -> date:
        """The day (UTC) on which the entry at a position was recorded. Raises PositionAhead or UnknownEntry."""
        with self._reading() as (log, *_):
            event_log.head(log, at=position)
            found = next(self.entries(after=position - 1, limit=1), None)
        if found is None or found.entry.position != position:
            raise UnknownEntry(f"@{position}")
        return found.entry.recorded_at.date()

    def recorded_after(self, known_at: KnownAt) -> int:
        """The number of entries that were recorded after a cut-off."""
        with self._reading() as (log, *_):
            return event_log.head(log).position - event_log.position_at(log, known_at)


class Snapshot(Queries):
    """The log at one moment: all answers agree with each other, whatever is recorded meanwhile."""

    def __init__(self, reading: Reading) -> None:
        self._reading = lambda: nullcontext(reading)
        self.today = reading.today
        """The present day (UTC) at that moment."""

    def state_rows(self, on: date | None = None, query: Query = EVERYTHING) -> RowStream[StateRow]:
        """The rows of the state on a day (inclusive; today without one), by issue and party, read as they are consumed.

        They are those of `state` without `inherit`, for answers that are too large to hold.
        """
        from tracker.storage.queries import stances
        from tracker.storage.queries.circumstances import circumstances_on
        from tracker.storage.queries.filters import undated

        with self._reading() as (log, _, today):
            day, scope = on or today, query.scope
            cutoffs, head = event_log.cutoffs_of(log, query)
            cells = stances.each_cell(log, scope, cutoffs, day, circumstances_on(log, cutoffs, day))
            return RowStream(day, head, (cell.row for cell in cells), undated(log, scope, cutoffs, day))

    def history_rows(self, up_to: date | None = None, query: Query = EVERYTHING) -> RowStream[Change]:
        """The steps of `history`, read as they are consumed, for answers that are too large to hold."""
        from tracker.domain.answers.changes import changes
        from tracker.storage.queries.circumstances import circumstances_on
        from tracker.storage.queries.filters import undated
        from tracker.storage.queries.timelines import each_timeline

        with self._reading() as (log, _, today):
            day = up_to or today
            cutoffs, head = event_log.cutoffs_of(log, query)
            around = circumstances_on(log, cutoffs, day)
            found = each_timeline(log, query.scope, cutoffs, up_to=day)
            steps = (change for timeline in found for change in changes(timeline, after=None, up_to=day, around=around))
            return RowStream(day, head, steps, undated(log, query.scope, cutoffs, day))


@overload
def _day(day: Day) -> date: ...
@overload
def _day(day: Day | None) -> date | None: ...
def _day(day: Day | None) -> date | None:
    """Return a day that may be given as ISO text. Raises BadValue."""
    return parse_day(day) if isinstance(day, str) else day


@contextmanager
def begin_reading(log: event_log.EventLog, clock: Callable[[], datetime]) -> Iterator[Reading]:
    """Open one read transaction of a log."""
    with log.reading() as transaction:
        yield Reading(transaction, log.cached, clock().date())


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause cyclic collection, which took a sixth of the time: bulk jobs and large answers make no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _logged(rows: Iterable[Any], where: Callable[[Entry], bool] | None) -> Iterator[LogRow]:
    from tracker.domain.log.entries import entry_of

    for row in rows:
        entry = entry_of(row.line, row.position)
        if where is None or where(entry):
            yield LogRow(entry, row.hash)


def _register_facts(log: Transaction, register: Register) -> list[Version]:
    """Read what counts of one register."""
    from tracker.domain.log.kinds import register_kinds
    from tracker.storage.queries.versions import counting_facts

    return counting_facts(log, register_kinds(register))


def _timelines(reading: Reading, day: date, query: Query) -> Timelines:
    """Read the statements of the pairs in scope up to a day (inclusive)."""
    from tracker.storage.queries.timelines import timelines

    cutoffs, _ = event_log.cutoffs_of(reading.log, query)
    return timelines(reading.log, reading.cache, query.scope, cutoffs, up_to=day)


def _memberships(log: Transaction, cutoffs: Cutoffs, on: date) -> Memberships:
    """Read the blocs of each member on a day (inclusive), as known and public at the cut-offs."""
    from tracker.domain.log.kinds import MEMBERSHIP_KINDS
    from tracker.domain.timeline.memberships import memberships
    from tracker.storage.queries import versions

    facts = versions.counting_facts(log, MEMBERSHIP_KINDS, known_at=cutoffs.known_at, up_to=on)
    return memberships(versions.public(log, facts, cutoffs), on)

"""Everything that can be asked of the log, a method for each verb; and one moment of the log to ask it of."""

from __future__ import annotations

import gc
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from tracker.domain.terms.scope import EVERYTHING, Cutoffs, KnownAt, Query
from tracker.storage.log import event_log

if TYPE_CHECKING:
    from tracker.domain.answers.entry_detail import EntryDetail
    from tracker.domain.answers.explanation import Explanation
    from tracker.domain.answers.report import EarlierReport, Report
    from tracker.domain.log.chain import LogHead
    from tracker.domain.timeline.memberships import Memberships
    from tracker.domain.timeline.registers import Registers
    from tracker.domain.timeline.state import Closing, State
    from tracker.storage.backends.compiled_query import Transaction
    from tracker.storage.queries.statement_cache import StatementCache
    from tracker.usecases.asks import Asks
    from tracker.usecases.history import History, Search
    from tracker.usecases.log import LogRow


class Reading(NamedTuple):
    """One transaction that reads, with the statements cached from its log and the present day (UTC)."""

    log: Transaction
    cache: StatementCache
    today: date


class Queries(ABC):
    """The verbs that ask. Days that a caller leaves out are the present one (UTC)."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Reading]:
        """Return the transaction in which one verb reads."""

    # --- ask --------------------------------------------------------------------------------------

    def state(self, on: date | None = None, query: Query = EVERYTHING, *, inherit: bool = False) -> State:
        """The stances in effect on a day (inclusive; today without one), by issue and party.

        With `inherit`, members without a stance of their own show their bloc's.
        """
        from tracker.usecases.state import state_on

        with self._reading() as (log, cache, today), uncollected():
            return state_on(log, cache, on or today, query, inherit=inherit)

    def explain(self, issue: str, party: str, on: date | None = None, query: Query = EVERYTHING) -> Explanation:
        """Why a pair has its stance on a day (inclusive; today without one), entry by entry.

        Of the query's scope only the attributions matter.
        """
        from tracker.usecases.explain import explanation_of

        with self._reading() as (log, _, today):
            return explanation_of(log.core, (issue, party), on or today, query)

    def asks(self, on: date | None = None, query: Query = EVERYTHING) -> Asks:
        """The asks between parties up to a day (inclusive; today without one), each with its first answer."""
        from tracker.usecases.asks import asks_up_to

        with self._reading() as (log, cache, today):
            return asks_up_to(log, cache, on or today, query)

    def history(self, up_to: date | None = None, query: Query = EVERYTHING) -> History:
        """Every step of the pairs in scope up to a day (inclusive; today without one), with its effect."""
        from tracker.usecases.history import history_up_to

        with self._reading() as (log, cache, today):
            return history_up_to(log, cache, up_to or today, query)

    def report(
        self,
        after: date,
        up_to: date | None = None,
        query: Query = EVERYTHING,
        *,
        known_from: KnownAt | None = None,
    ) -> Report:
        """The changes after one day and up to another (inclusive; today without one).

        With `known_from`, the cut of an earlier report up to `after`, also what
        was learned since about its days.
        """
        from tracker.usecases.report import report_on

        with self._reading() as (log, cache, today), uncollected():
            return report_on(log.core, cache, after, up_to or today, query, known_from=known_from)

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

    def find(self, text: str, up_to: date | None = None, query: Query = EVERYTHING) -> Search:
        """The counting statements and withdrawals whose words hold a text, whatever its case.

        Up to a day (inclusive), or all of them without one.
        """
        from tracker.usecases.history import find

        with self._reading() as (log, cache, _):
            return find(log, cache, text, up_to or date.max, query)

    def show(self, name: str) -> EntryDetail:
        """One entry with its chain of corrections and its evidence.

        It is named by an unambiguous prefix of its id or by `@N`, its position. Raises UnknownEntry or AmbiguousName.
        """
        from tracker.usecases.show import entry_detail

        with self._reading() as (log, *_):
            return entry_detail(log.core, name)

    # --- registers --------------------------------------------------------------------------------

    def names(self, on: date | None = None) -> Registers:
        """Today's parties and issues, without the sources; the issues worded as on a day (today without one)."""
        from tracker.domain.log.kinds import Register
        from tracker.usecases.registers import registers_on

        with self._reading() as (log, _, today):
            return registers_on(log, on or today, (Register.PARTY, Register.ISSUE))

    def registers(self, on: date | None = None, *, known_at: int | None = None) -> Registers:
        """The parties, issues and sources, as of today's record or as known at a log position.

        The issues are worded as on a day (today without one).
        """
        from tracker.usecases.registers import registers_on

        with self._reading() as (log, _, today):
            return registers_on(log, on or today, known_at=known_at)

    def memberships(self, on: date | None = None) -> Memberships:
        """The blocs of each member on a day (inclusive; today without one), as of today's record."""
        from tracker.usecases.registers import members_on

        with self._reading() as (log, _, today):
            return members_on(log, Cutoffs(), on or today)

    def closings(self) -> dict[str, Closing]:
        """The closed issues, as of today's record, whatever the day of closing."""
        from tracker.storage.queries.stances import closed_issues

        with self._reading() as (log, *_):
            return closed_issues(log, Cutoffs(), date.max)

    # --- the log ----------------------------------------------------------------------------------

    def positions(self, event_ids: Iterable[str]) -> dict[str, int]:
        """The log positions of entries: the short way to name them on this log."""
        with self._reading() as (log, *_):
            return event_log.positions(log, event_ids)

    def checkpoint(self) -> LogHead:
        """The log's last position and hash: kept elsewhere, they show whether it was cut or rewritten."""
        with self._reading() as (log, *_):
            return event_log.head(log)

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogRow]:
        """The entries after a log position, in order, read as they are consumed. Raises LogDamaged."""
        from tracker.usecases.log import log_rows

        with self._reading() as (log, *_):
            yield from log_rows(log.core, after=after, limit=limit)

    def export(self, out: BinaryIO) -> int:
        """Write the whole log in the file format. Returns the number of entries."""
        from tracker.adapters.jsonl import write_events
        from tracker.storage.log.reader import entries

        with self._reading() as (log, *_):
            return write_events(entries(log.core), out)

    def recorded_on(self, position: int) -> date:
        """The day (UTC) on which the entry at a position was recorded. Raises UnknownEntry."""
        from tracker.usecases.log import recorded_on

        with self._reading() as (log, *_):
            return recorded_on(log.core, position)

    def recorded_after(self, known_at: KnownAt) -> int:
        """The number of entries that were recorded after a cut-off."""
        from tracker.usecases.cutoffs import position_of

        with self._reading() as (log, *_):
            return max(0, event_log.head(log).position - position_of(log, known_at))


class Snapshot(Queries):
    """The log at one moment: all answers agree with each other, whatever is recorded meanwhile."""

    def __init__(self, reading: Reading) -> None:
        self._at = reading

    @property
    def today(self) -> date:
        """The present day (UTC) at that moment."""
        return self._at.today

    def _reading(self) -> AbstractContextManager[Reading]:
        return nullcontext(self._at)


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

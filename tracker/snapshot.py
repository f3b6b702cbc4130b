"""One moment of the log, to ask several questions of.

As in `queries`, each verb imports what it needs when it runs.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.terms.scope import EVERYTHING, WHOLE_LIST, Listing, Query
from tracker.queries import Queries
from tracker.questions.reading import Reading

if TYPE_CHECKING:
    from tracker.domain.answers.changes import Change
    from tracker.domain.log.entries import LogLine
    from tracker.domain.report.movements import Movement
    from tracker.domain.timeline.state import StateRow
    from tracker.questions.entries import LogPage, ShowsLine
    from tracker.questions.large_answers import RowStream
    from tracker.questions.paged_rows import PagedRows


class Snapshot(Queries):
    """The log at one moment: all answers agree with each other, whatever is recorded meanwhile."""

    def __init__(self, reading: Reading) -> None:
        self._reading = lambda: nullcontext(reading)
        self.today = reading.today
        """The present day (UTC) at that moment."""

    def state_rows(
        self, on: date | None = None, query: Query = EVERYTHING, *, listing: Listing = WHOLE_LIST
    ) -> RowStream[StateRow]:
        """The rows of the state on a day (inclusive; today without one), by issue and party, read as they are consumed.

        They are those of `state` without `inherit`, for answers that are too large to hold.
        """
        from tracker.questions.large_answers import state_rows

        with self._asking(on, query) as asked:
            return state_rows(asked, listing)

    def history_rows(
        self,
        up_to: date | None = None,
        query: Query = EVERYTHING,
        *,
        inherit: bool = False,
        listing: Listing = WHOLE_LIST,
    ) -> RowStream[Change]:
        """The steps of `history`, read as they are consumed, for answers that are too large to hold.

        With `inherit`, one issue is held at a time.
        """
        from tracker.questions.history import history_rows

        with self._asking(up_to, query) as asked:
            return history_rows(asked, listing, inherit=inherit)

    def pairs_on_record(self, query: Query = EVERYTHING) -> list[tuple[str, str]]:
        """The issue and party of every pair in scope of which anything counts on any day at the cut-offs, in order."""
        from tracker.storage.queries.calendar import pairs_on_record

        with self._asking(None, query) as asked:
            return pairs_on_record(asked.log, asked.scope, asked.cutoffs)

    def days_of_statements(self, query: Query = EVERYTHING) -> list[tuple[date, int]]:
        """Every day on which statements in scope took effect, in order, with their number."""
        from tracker.storage.queries.calendar import days_of_statements

        with self._asking(None, query) as asked:
            return days_of_statements(asked.log, asked.scope, asked.cutoffs)

    def movements(
        self, query: Query = EVERYTHING, *, listing: Listing = WHOLE_LIST, limit: int = 100
    ) -> list[Movement]:
        """The newest movements in scope at the cut-offs, by the entries that brought them about, the newest first."""
        from tracker.questions.movements import newest_movements

        with self._asking(None, query) as asked:
            return newest_movements(asked, listing, limit)

    def page_after(self, after: int, limit: int, where: ShowsLine | None = None) -> LogPage:
        """The first entries after a log position that pass a test, so many at most.

        A page ends after as many entries as are looked through at once. Raises PositionAhead or LogDamaged.
        """
        from tracker.questions.entries import page_after

        with self._reading() as (log, *_):
            return page_after(log, after, limit, where)

    def page_before(self, before: int | None, limit: int, where: ShowsLine | None = None, *, after: int = 0) -> LogPage:
        """The last entries before a log position (all by default) and after another that pass a test.

        As `page_after`.
        """
        from tracker.questions.entries import page_before

        with self._reading() as (log, *_):
            return page_before(log, before, limit, where, after=after)

    def days_of_circumstances(self, query: Query = EVERYTHING) -> list[date]:
        """Every day on which issues were closed, reopened or reworded, or parties succeeded, in order."""
        from tracker.storage.queries.calendar import days_of_circumstances

        with self._asking(None, query) as asked:
            return days_of_circumstances(asked.log, asked.cutoffs)

    def log_lines(self, *, after: int = 0, limit: int | None = None) -> PagedRows[LogLine]:
        """The entries after a log position as a list shows them, read as they are consumed.

        Raises PositionAhead or LogDamaged.
        """
        from tracker.questions.entries import log_rows

        with self._reading() as (log, *_):
            return log_rows(log, after, limit)

"""What a question reads: one transaction, and the day and the cut-offs that it asks for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.domain.terms.scope import Cutoffs, Query, Scope
from tracker.storage.log import event_log

if TYPE_CHECKING:
    from tracker.domain.log.chain import LogHead
    from tracker.storage.backends.compiled_query import Transaction
    from tracker.storage.queries.statement_cache import StatementCache


class Reading(NamedTuple):
    """One transaction that reads, with the statements cached from its log and the present day (UTC)."""

    log: Transaction
    cache: StatementCache
    today: date


@contextmanager
def begin_reading(log: event_log.EventLog, clock: Callable[[], datetime]) -> Iterator[Reading]:
    """Open one read transaction of a log."""
    with log.reading() as transaction:
        yield Reading(transaction, log.cached, clock().date())


class Question(NamedTuple):
    """A question about a day (inclusive) of one transaction, with its cut-offs as a position and a day.

    `head` is the last entry at the cut.
    """

    log: Transaction
    cache: StatementCache
    day: date
    query: Query
    cutoffs: Cutoffs
    head: LogHead

    @property
    def scope(self) -> Scope:
        """The filters."""
        return self.query.scope

    @property
    def known_at(self) -> str | None:
        """The cut-off on the log as it was asked for."""
        return self.query.known_at.text if self.query.known_at else None

    def basis(self, left_out_undated: int) -> Mapping[str, Any]:
        """Return the fields of an `Answer` to it, which left so many statements out."""
        return {
            "known_at": self.known_at,
            "published_by": self.query.published_by,
            "scope": self.scope,
            "log": self.head,
            "left_out_undated": left_out_undated,
        }


def pose(reading: Reading, day: date, query: Query) -> Question:
    """Return a question of a transaction. Raises PositionAhead for a cut-off that the log has not reached."""
    return Question(reading.log, reading.cache, day, query, *event_log.cutoffs_of(reading.log, query))


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

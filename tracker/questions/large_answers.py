"""Answers in rows that are too large to hold, read page by page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from tracker.domain.answers.changes import Change, changes
from tracker.domain.log.chain import LogHead
from tracker.domain.log.entries import LogLine, log_line
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.state import StateRow
from tracker.questions.paged_rows import PagedRows, ReadPage
from tracker.questions.reading import Question
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.log import event_log
from tracker.storage.log.reader import CHUNK, hashed_lines_between
from tracker.storage.queries import stances, timelines
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import Shape, last_day, pages, shape_and_values, undated

T = TypeVar("T")
Page = Mapping[str, Any]
"""The values of the parameters that choose a page of pairs."""


@dataclass(frozen=True, slots=True)
class RowStream(Generic[T]):
    """Rows up to a day that are read as they are consumed, once, while the snapshot is open.

    `log` is the log position that they rest on. `left_out_undated` counts the statements that `published_by` leaves out
    because no dated source carries them.
    """

    on: date
    log: LogHead
    rows: Iterable[T]
    left_out_undated: int


def state_rows(asked: Question) -> RowStream[StateRow]:
    """Answer `Snapshot.state_rows`."""
    shape, values = shape_and_values(asked.scope, asked.cutoffs, last_day(asked.log, asked.cutoffs, asked.day))
    around = circumstances_on(asked.log, asked.cutoffs, asked.day)
    return _by_pair(asked, shape, values, partial(_read_states, shape, values, around))


def history_rows(asked: Question, *, inherit: bool = False) -> RowStream[Change]:
    """Answer `Snapshot.history_rows`."""
    shape, values = shape_and_values(asked.scope, asked.cutoffs, asked.day)
    around = circumstances_on(asked.log, asked.cutoffs, asked.day)
    if inherit:
        from tracker.questions.inheritance import each_inherited_change, members_up_to

        members = members_up_to(asked)
        left_out = undated(asked.log, members.scope, asked.cutoffs, asked.day)
        return RowStream(asked.day, asked.head, each_inherited_change(asked, members, around), left_out)
    return _by_pair(asked, shape, values, partial(_read_steps, shape, values, around, asked.day))


def log_rows(log: Transaction, after: int, limit: int | None) -> PagedRows[LogLine]:
    """Return the entries after a log position as a list shows them, `limit` of them at most. Raises PositionAhead."""
    event_log.head(log, at=after)
    head = event_log.head(log)
    end = head.position if limit is None else min(after + limit, head.position)
    ranges = ((first, min(first + CHUNK, end)) for first in range(after, end, CHUNK))
    return PagedRows(log, head, _read_lines, ranges)


def _by_pair(asked: Question, shape: Shape, values: Mapping[str, Any], read: ReadPage[T]) -> RowStream[T]:
    rows = PagedRows(asked.log, event_log.head(asked.log), read, pages(asked.log, shape, values))
    left_out = undated(asked.log, asked.scope, asked.cutoffs, asked.day)
    return RowStream(asked.day, asked.head, rows, left_out)


def _read_states(
    shape: Shape, values: Mapping[str, Any], around: Circumstances, log: Transaction, page: Page
) -> Iterable[StateRow]:
    return [cell.row for cell in stances.cells_of_page(log, shape, values, around, page)]


def _read_steps(
    shape: Shape, values: Mapping[str, Any], around: Circumstances, day: date, log: Transaction, page: Page
) -> Iterator[Change]:
    for timeline in timelines.timelines_of_page(log, shape, values, page):
        yield from changes(timeline, after=None, up_to=day, around=around)


def _read_lines(log: Transaction, page: tuple[int, int]) -> Iterable[LogLine]:
    after, up_to = page
    lines = hashed_lines_between(log, after, up_to)
    return [log_line(line, chain_hash, position) for position, line, chain_hash in lines]

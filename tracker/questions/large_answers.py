"""Answers in rows that are too large to hold, read page by page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import Listing
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.listed import shows_cell
from tracker.domain.timeline.state import StateRow
from tracker.questions.paged_rows import PagedRows, ReadPage
from tracker.questions.reading import Question
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.log import event_log
from tracker.storage.queries import stances
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


def state_rows(asked: Question, listing: Listing) -> RowStream[StateRow]:
    """Answer `Snapshot.state_rows`."""
    shape, values = shape_and_values(asked.scope, asked.cutoffs, last_day(asked.log, asked.cutoffs, asked.day))
    around = circumstances_on(asked.log, asked.cutoffs, asked.day)
    return by_pair(asked, shape, values, partial(_read_states, shape, values, around, listing))


def by_pair(asked: Question, shape: Shape, values: Mapping[str, Any], read: ReadPage[T]) -> RowStream[T]:
    """Return the rows of the pairs in scope, a page of pairs at a time."""
    rows = PagedRows(asked.log, event_log.head(asked.log), read, pages(asked.log, shape, values))
    left_out = undated(asked.log, asked.scope, asked.cutoffs, asked.day)
    return RowStream(asked.day, asked.head, rows, left_out)


def _read_states(
    shape: Shape, values: Mapping[str, Any], around: Circumstances, listing: Listing, log: Transaction, page: Page
) -> Iterable[StateRow]:
    cells = stances.cells_of_page(log, shape, values, around, page)
    return (cell.row for cell in cells if shows_cell(listing, cell)) if listing else (cell.row for cell in cells)

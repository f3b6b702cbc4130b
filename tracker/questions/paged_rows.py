"""The rows of a large answer, read page by page and, as text, on every processor where the log is a SQLite file."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import tee
from typing import Any, Generic, TypeVar

from tracker.domain.log.chain import LogHead
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.backends.in_worker import read_in_worker
from tracker.storage.log.event_log import head
from tracker.workers import map_ordered

T = TypeVar("T")
ReadPage = Callable[[Transaction, Any], Iterable[T]]
"""Reads the rows of a page: a function that workers find by its module and name, perhaps with arguments bound."""


@dataclass(frozen=True, slots=True)
class PagedRows(Generic[T]):
    """Rows in order, read as they are consumed, once, while the snapshot is open; `head` is the log's last entry."""

    log: Transaction
    head: LogHead
    read: ReadPage[T]
    pages: Iterable[Any]

    def __iter__(self) -> Iterator[T]:
        for page in self.pages:
            yield from self.read(self.log, page)

    def render(self, render: Callable[[Iterable[T]], str]) -> Iterator[str]:
        """Yield the text of each page; workers render some of them, and must find `render` as they do `read`."""

        def render_here(page: Any) -> str:
            return render(self.read(self.log, page))

        if self.log.file is None:
            yield from map(render_here, self.pages)
            return
        pages, tasks = tee(self.pages)
        in_worker = partial(_render_in_worker, str(self.log.file), self.head, self.read, render)
        with closing(map_ordered(in_worker, ((page,) for page in tasks), locally=render_here, shares=True)) as texts:
            for page, text in zip(pages, texts, strict=True):
                yield render_here(page) if text is None else text


def _render_in_worker(
    path: str, expected: LogHead, read: ReadPage[T], render: Callable[[Iterable[T]], str], page: Any
) -> str | None:
    """Return the text of a page; None if the log cannot be read here, or has other entries by now."""
    return read_in_worker(path, lambda log: render(read(log, page)) if head(log) == expected else None)

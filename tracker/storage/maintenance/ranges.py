"""Read a log in ranges of positions, on every processor where it is a SQLite file."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar

from sqlalchemy import Connection

from tracker.storage.backends.backend import Backend
from tracker.storage.log.reader import CHUNK, Progress
from tracker.workers import map_ordered

T = TypeVar("T")


def in_ranges(
    connection: Connection,
    backend: Backend | None,
    in_worker: Callable[[str, int, int], T | None],
    here: Callable[[Connection, int, int], T],
    *,
    up_to: int,
    shares: bool = True,
    progress: Progress = lambda _: None,
) -> Generator[T, None, None]:
    """Yield the results for all ranges of positions up to one, in order; each is given what it comes after and its end.

    Workers read a SQLite file on connections of their own, where committed entries are the same; what returns None
    there is read here. This process `shares` the reading if it has little to do with the results. Without a back end
    everything is read here.
    """
    ranges = [(after, min(after + CHUNK, up_to)) for after in range(0, up_to, CHUNK)]
    if backend is None or backend.file is None:
        for bounds in ranges:
            yield here(connection, *bounds)
            progress(bounds[1] - bounds[0])
        return
    tasks = [(str(backend.file), *bounds) for bounds in ranges]
    results = map_ordered(in_worker, tasks, locally=lambda _, *bounds: here(connection, *bounds), shares=shares)
    with closing(results):
        for bounds, found in zip(ranges, results, strict=True):
            yield here(connection, *bounds) if found is None else found
            progress(bounds[1] - bounds[0])

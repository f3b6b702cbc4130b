"""The log as projections are derived from it: the outlines of most entries, and the others as they are stored.

Reading them takes as long as writing what follows. With a second processor another process reads what is committed,
ahead of who writes.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import compress, islice

from sqlalchemy import Connection

from tracker.domain.log.entries import entry_of
from tracker.domain.log.upcasting import upcast
from tracker.errors import LogDamaged
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.transactions import backend_of, open_database, reading
from tracker.storage.log.event_log import head
from tracker.storage.log.reader import CHUNK, lines
from tracker.storage.maintenance.stored_entries import UNREADABLE, StoredEntry, stored_entries, targets_of
from tracker.storage.projections.rows import DerivedRow, row_from
from tracker.workers import hand_over, is_of_use, taken_from

LONG = 100_000
"""From how many entries on another process is worth its start, which takes a third of a second."""

Outlined = tuple[Sequence[int], Sequence[DerivedRow | None], Sequence[StoredEntry]]
"""Entries in order: their positions, outlines, and those that have none: they are about others, or others are about
them that follow soon."""


def outlined(connection: Connection, backend: Backend) -> Iterator[Outlined]:
    """All entries of the log, a chunk at a time. Raises LogDamaged."""
    after = 0
    if backend.file is not None and head(connection).position >= LONG and is_of_use():
        with closing(taken_from(__name__, [str(backend.file)])) as handed_over:
            for chunk in handed_over:
                yield chunk
                after = chunk[0][-1]
    yield from _read(connection, after)


def _read(connection: Connection, after: int) -> Iterator[Outlined]:
    stored = lines(connection, after=after)
    while chunk := list(islice(stored, CHUNK)):
        try:
            yield _outlined(stored_entries(chunk))
        except UNREADABLE:
            _require_readable(chunk)
            raise


def _outlined(entries: Sequence[StoredEntry]) -> Outlined:
    targets = targets_of(entries)
    rows = [None if one.id in targets else row_from(one.kind, upcast(one.type, one.data)) for one in entries]
    others = list(compress(entries, [row is None for row in rows]))
    return [one.position for one in entries], rows, others


def _require_readable(chunk: Sequence[tuple[int, str, str]]) -> None:
    """Name the entry that cannot be read, if one cannot. Raises LogDamaged."""
    for position, _, line in chunk:
        try:
            entry_of(line)
        except LogDamaged as damage:
            raise LogDamaged(damage.why, position) from damage


def _committed(path: str) -> Iterator[Outlined]:
    """The entries of a database's log, as far as they are committed."""
    backend = backend_of(path)
    engine = open_database(backend, as_it_is=True)
    with backend.errors(), reading(engine, backend) as connection, backend.in_bulk(connection):
        yield from _read(connection, after=0)


if __name__ == "__main__":
    hand_over(_committed(*sys.argv[1:]))

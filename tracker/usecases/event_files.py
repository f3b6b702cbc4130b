"""Read events files in chunks; long ones in a process of their own, ahead of who takes the entries in.

Reading and checking a line takes as long as writing it does. With a second processor both go on at once.
"""

import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tracker.adapters.files import name_of
from tracker.adapters.jsonl import FileEntry, read_events
from tracker.errors import FileUnavailable, Finding
from tracker.storage.log.prepared_entry import PreparedEntry, prepare
from tracker.workers import hand_over, is_of_use, taken_from

LONG = 16 << 20
"""From how many bytes on another process is worth its start, which takes a fifth of a second."""


class PlacedEntry(NamedTuple):
    """An entry of an events file, ready to append, and where it stood."""

    file: str
    line: int
    prepared: PreparedEntry


Chunk = list[PlacedEntry | Finding]


def read_chunks(paths: Sequence[Path], size: int) -> Iterator[Chunk]:
    """What `read_events` finds in these files, one after the other, so many at a time. Raises FileUnavailable."""
    found: Chunk | FileUnavailable | None = None
    if _length(paths) >= LONG and is_of_use():
        with closing(taken_from(__name__, [str(size), *map(str, paths)])) as handed_over:
            for found in handed_over:
                if isinstance(found, FileUnavailable):
                    raise found
                if found:
                    yield found
    if found is None:
        yield from _in_chunks(paths, size)
    elif found:
        names = ", ".join(map(name_of, paths))
        raise FileUnavailable(names, "could not be read: the process that read ended", "Try again.")


def _in_chunks(paths: Sequence[Path], size: int) -> Iterator[Chunk]:
    found = (_prepared(item) for path in paths for item in read_events(path))
    while chunk := list(islice(found, size)):
        yield chunk


def _length(paths: Sequence[Path]) -> int:
    """The length of all files together, in bytes; 0 if one of them is not a file on a disk."""
    if Path("-") in paths:
        return 0
    try:
        found = [path.stat() for path in paths]
    except (OSError, ValueError):
        return 0
    return sum(one.st_size for one in found) if all(stat.S_ISREG(one.st_mode) for one in found) else 0


def _read(size: str, *paths: str) -> Iterator[Chunk | FileUnavailable]:
    """The chunks, and in the end an empty one, or why there are no more."""
    try:
        for chunk in _in_chunks([Path(path) for path in paths], int(size)):
            yield [_without_event(item) for item in chunk]
        yield []
    except FileUnavailable as unavailable:
        yield unavailable


def _prepared(item: FileEntry | Finding) -> PlacedEntry | Finding:
    return PlacedEntry(item.file, item.line, prepare(item.draft)) if isinstance(item, FileEntry) else item


def _without_event(item: PlacedEntry | Finding) -> PlacedEntry | Finding:
    """Drop the event, which the receiver reads again faster than it could be handed over."""
    return item._replace(prepared=item.prepared._replace(event=None)) if isinstance(item, PlacedEntry) else item


if __name__ == "__main__":
    from tracker.usecases import event_files  # noqa: PLW0406 (its classes cross under their own name)

    hand_over(event_files._read(*sys.argv[1:]))

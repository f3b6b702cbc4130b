"""Read events files in chunks; long ones in a process of their own, ahead of who takes the entries in.

Reading and checking a line takes as long as writing it does. With a second processor both go on at once.
"""

import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from tracker.adapters.files import name_of
from tracker.adapters.jsonl import Placed, read_events
from tracker.ahead import hand_over, is_of_use, taken_from
from tracker.errors import FileUnavailable, Finding

LONG = 16 << 20
"""From how many bytes on another process is worth its start, which takes a fifth of a second."""

Chunk = list[Placed | Finding]


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
    found = (item for path in paths for item in read_events(path))
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
            yield [_lighter(item) for item in chunk]
        yield []
    except FileUnavailable as unavailable:
        yield unavailable


def _lighter(item: Placed | Finding) -> Placed | Finding:
    """The same without the event, which is quicker read again by who needs it than handed over."""
    return item._replace(offered=item.offered._replace(event=None)) if isinstance(item, Placed) else item


if __name__ == "__main__":
    hand_over(_read(*sys.argv[1:]))

"""Read long events files in a process of their own, ahead of who takes the entries in.

Reading and checking a line takes as long as writing it does. With a second processor both go on at once: the
other process runs `read_events`, and hands over what it finds as pickled chunks. It ends when nobody reads on.
"""

import gc
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tracker.adapters.files import name_of
from tracker.adapters.jsonl import Placed, read_events
from tracker.errors import FileUnavailable, Finding

LONG = 16 << 20
"""From how many bytes on another process is worth its start, which takes a fifth of a second."""

Chunk = list[Placed | Finding]


def read_chunks(paths: Sequence[Path], size: int) -> Iterator[Chunk]:
    """What `read_events` finds in these files, one after the other, so many at a time. Raises FileUnavailable."""
    process = _started(paths, size) if _length(paths) >= LONG and _processors() > 1 else None
    if process is None or not (yield from _handed_over(process, paths)):
        yield from _in_chunks(paths, size)


def _handed_over(process: "subprocess.Popen[bytes]", paths: Sequence[Path]) -> Generator[Chunk, None, bool]:
    """The chunks that the process reads; returns whether it could begin at all. Raises FileUnavailable."""
    with process:
        try:
            chunk = _next(process)
            if chunk is None:
                return False
            while chunk:
                yield chunk
                chunk = _next(process)
        finally:
            process.kill()
    if chunk is None:
        names = ", ".join(map(name_of, paths))
        raise FileUnavailable(names, "could not be read: the process that read ended", "Try again.")
    return True


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


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _started(paths: Sequence[Path], size: int) -> "subprocess.Popen[bytes] | None":
    """The process, with the modules of this one, if the system lets us have it.

    A key that interrupts the command goes to the command alone.
    """
    with suppress(OSError):
        return subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(size), *map(str, paths)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)},
            process_group=0,
        )
    return None


def _next(process: "subprocess.Popen[bytes]") -> Chunk | None:
    """What the process hands over next: nothing at the end, None if it ended before. Raises FileUnavailable."""
    assert process.stdout is not None
    try:
        found: Chunk | FileUnavailable = pickle.load(process.stdout)
    except (EOFError, pickle.UnpicklingError):
        return None
    if isinstance(found, FileUnavailable):
        raise found
    return found


def _main(out: BinaryIO, size: str, *paths: str) -> None:
    end: Chunk | FileUnavailable = []
    try:
        for chunk in _in_chunks([Path(path) for path in paths], int(size)):
            _hand_over([_lighter(item) for item in chunk], out)
    except FileUnavailable as unavailable:
        end = unavailable
    _hand_over(end, out)


def _hand_over(found: Chunk | FileUnavailable, out: BinaryIO) -> None:
    pickle.dump(found, out, pickle.HIGHEST_PROTOCOL)
    out.flush()


def _lighter(item: Placed | Finding) -> Placed | Finding:
    """The same without the event, which is quicker read again by who needs it than handed over."""
    return item._replace(offered=item.offered._replace(event=None)) if isinstance(item, Placed) else item


if __name__ == "__main__":
    try:
        gc.disable()
        _main(sys.stdout.buffer, *sys.argv[1:])
    except BrokenPipeError:
        os._exit(1)  # nobody reads on

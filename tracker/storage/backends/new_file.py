"""Create a file atomically: under another name first, then moved into place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.errors import FileUnavailable


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield a path to write to; the file gets its name, synced to disk, when the block ends without an error.

    An empty file of that name counts as missing. Raises FileExistsError, OSError as the system gives it, and
    FileUnavailable where SQLite would take another file for a part of it, or it for a part of another.
    """
    _stand_alone(path)
    if path.exists() and not _is_empty(path):
        raise FileExistsError(f"{path} is there already")
    folder = path.absolute().parent
    with TemporaryDirectory(dir=folder, prefix=".tracker-", ignore_cleanup_errors=True) as aside:
        made = Path(aside) / "new"
        yield made
        _to_disk(made)
        _put_in_place(made, path)
        _to_disk(folder)


def _stand_alone(path: Path) -> None:
    if not path.name:
        raise FileUnavailable(str(path), "is a folder", "Name a file in it.")
    for ending in COMPANIONS:
        if path.name.endswith(ending):
            raise FileUnavailable(
                str(path), f"has a name that SQLite gives to its own files ({ending})", "Choose another."
            )
        beside = path.with_name(path.name + ending)
        if beside.exists() and (not path.exists() or _is_empty(path)):
            left = f"is left over from a database called {path.name}, and would be read into the new one"
            raise FileUnavailable(str(beside), left, "Bring that database back, or move this file away.")


COMPANIONS = ("-wal", "-shm", "-journal")
"""Suffixes of the files that SQLite keeps beside a database."""


def _put_in_place(made: Path, path: Path) -> None:
    if _is_empty(path):
        made.replace(path)
        return
    try:
        os.link(made, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(f"{path} is there already") from None
        made.replace(path)


def _is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0


def has_content(path: Path) -> bool:
    """Return whether there is a file that is not empty."""
    return path.is_file() and not _is_empty(path)


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

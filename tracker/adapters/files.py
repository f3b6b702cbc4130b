"""Read files from outside: every error of the system becomes one refusal, and every read has a limit."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tracker.domain.terms.safe_text import is_file_path, plain
from tracker.errors import FileUnavailable


def name_of(path: Path) -> str:
    """The name of a file in findings and refusals; `-` is standard input."""
    return "standard input" if str(path) == "-" else plain(str(path))


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or standard input, to read. Raises FileUnavailable, also for errors while it is read."""
    name = name_of(path)
    if not is_file_path(str(path)):
        raise FileUnavailable(name, "is not a file's path", "Check the name.")
    try:
        if str(path) != "-":
            with path.open("rb") as file:
                yield file
        elif sys.stdin is None:
            raise FileUnavailable(name, "is closed", "Name a file instead of -.")
        else:
            yield sys.stdin.buffer
    except IsADirectoryError:
        raise FileUnavailable(name, "is a folder", "Name the files in it.") from None
    except OSError as error:
        raise FileUnavailable(name, f"cannot be read ({error.strerror})") from error


def read_whole(path: Path, *, at_most: int) -> bytes:
    """Read a file of at most so many bytes. Raises FileUnavailable."""
    with opened(path) as file:
        content = file.read(at_most + 1)
    if len(content) > at_most:
        raise FileUnavailable(name_of(path), f"is longer than {at_most:,} bytes", "Name another file, or split it.")
    return content

"""Open the file that --output names: it is written whole or not at all, and is none that the command needs."""

import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

import click

from tracker.cli.settings import Settings
from tracker.errors import FileUnavailable


@contextmanager
def output_file(path: Path, *, reads: Sequence[Path] = ()) -> Iterator[BinaryIO]:
    """Open a file to write, which appears whole once all of it is written, or not at all.

    Links are followed. Pipes and devices are written as they are, and a descriptor such as /dev/stdout goes on where it
    stands. Raises FileUnavailable, also for the files of the database and those that the command `reads`, and
    BrokenPipeError if the reader of a pipe goes away.
    """
    try:
        target = _resolve(path)
        _keep_off(path, target, reads)
        with _opened(path, target) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        if re.match(r"[a-z+]{2,}:/", str(path)):
            raise FileUnavailable(str(path), "is an address", "Name a file by its path.") from error
        reason = "links that lead in a circle" if error.errno == errno.ELOOP else error.strerror
        raise FileUnavailable(str(path), f"cannot be written ({reason})") from error


@contextmanager
def _opened(path: Path, target: Path) -> Iterator[BinaryIO]:
    if (descriptor := _descriptor(path)) is not None:  # to open its file anew would empty that
        with os.fdopen(os.dup(descriptor), "wb") as out:
            yield out
    elif path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
    else:
        with _replacement(target) as out:
            yield out


def _descriptor(path: Path) -> int | None:
    """The open descriptor that a path stands for: /dev/stdout, /dev/fd/3, `>(...)` of a shell, or a link to one."""
    own = ("/dev/fd", f"/proc/{os.getpid()}/fd")
    for _ in range(_MOST_LINKS):
        folder = os.path.realpath(path.parent)
        if folder in own and re.fullmatch(r"\d{1,9}", path.name, re.ASCII):
            return int(path.name)
        if not path.is_symlink():
            return None
        path = Path(folder) / path.readlink()
    return None


_MOST_LINKS = 40
"""Links that the system follows in one path."""


def _resolve(path: Path) -> Path:
    """The path behind all links. Raises OSError for a circle of links, on which Python versions differ."""
    with suppress(FileNotFoundError):
        path.stat()
    return Path(os.path.realpath(path))


# --- files that the command needs -----------------------------------------------------------------


def _keep_off(path: Path, target: Path, reads: Sequence[Path]) -> None:
    """Compare the files themselves: a file can be spelled, linked and mounted in many ways."""
    for needed, what in (*((file, "is the database itself") for file in _database_files()), *_read_files(reads)):
        if _is_same_file(target, needed):
            raise FileUnavailable(str(path), what, "Name another file.")


def _read_files(reads: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    return ((_resolve(file), "is a file that this command reads") for file in reads if str(file) != "-")


def _database_files() -> Iterator[Path]:
    from tracker.storage.backends.new_file import COMPANIONS
    from tracker.storage.backends.transactions import backend_of

    settings = click.get_current_context().find_object(Settings)
    named = backend_of(settings.db).file if settings else None
    for database in {named, _resolve(named)} if named else ():  # SQLite names its own files after the one behind links
        for ending in ("", *COMPANIONS):
            yield database.with_name(database.name + ending)


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, or would if it were there."""
    try:
        return one.samefile(other)
    except OSError:
        return one.name == other.name and one.parent.samefile(other.parent)


# --- regular files --------------------------------------------------------------------------------


@contextmanager
def _replacement(target: Path) -> Iterator[BinaryIO]:
    """A file that replaces the target at the end or, where that is not possible, is copied into it."""
    import shutil

    with _unfinished(target) as written:
        yield written
        written.flush()
        if not _take_place(written, target):
            written.seek(0)
            with target.open("wb") as out:
                shutil.copyfileobj(written, out)


@contextmanager
def _unfinished(target: Path) -> Iterator[BinaryIO]:
    """A new file beside the target, or without a name if its folder takes none; it is gone afterwards."""
    from tempfile import NamedTemporaryFile, TemporaryFile

    try:
        beside = NamedTemporaryFile(dir=target.parent, prefix=".tracker-", delete=False)  # noqa: SIM115
    except OSError as error:
        if error.errno not in _TAKES_NO_FILE or not target.exists():
            raise
        with TemporaryFile() as elsewhere:
            yield cast(BinaryIO, elsewhere)
        return
    with beside:
        try:
            yield cast(BinaryIO, beside)
        finally:
            Path(beside.name).unlink(missing_ok=True)


_TAKES_NO_FILE = (errno.EACCES, errno.EPERM, errno.EROFS)


def _take_place(written: BinaryIO, target: Path) -> bool:
    """Move a file into the target's place; return False if the target must stay, as one does that is mounted."""
    try:
        if not isinstance(written.name, str):
            return False
        mode = target.stat().st_mode if target.exists() else 0o666 & ~_umask()
        Path(written.name).chmod(mode & 0o777)
        Path(written.name).replace(target)
    except OSError:
        if not target.exists():
            raise
        return False
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

"""Restore a database from a backup: a SQLite database, or an export."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from tracker.adapters.files import name_of
from tracker.domain.log.chain import LogHead
from tracker.errors import BackupDamaged, FileUnavailable, Finding, NotEmpty
from tracker.storage.backends.backend import WAIT_SECONDS, Backend
from tracker.storage.backends.sqlite import SQLite
from tracker.storage.backends.transactions import backend_of, open_database, reading, writing
from tracker.storage.log import event_log
from tracker.storage.log.reader import CHUNK, Progress, rows
from tracker.storage.log.writer import Writer
from tracker.storage.maintenance.migrate import create_database
from tracker.storage.maintenance.rebuild import rebuild
from tracker.storage.maintenance.verify import entries_damage
from tracker.storage.schema import log
from tracker.usecases.load import LoadResult, load_into


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The last entry of a restored log, and the first of `noted` notes: what would be refused of a new entry."""

    head: LogHead
    noted: int = 0
    notes: tuple[Finding, ...] = ()


def restore_database(
    url: str,
    file: Path,
    *,
    checkpoint: LogHead | None = None,
    clock: Callable[[], datetime] = event_log.utc_now,
    wait_seconds: float = WAIT_SECONDS,
    progress: Progress = lambda _: None,
) -> RestoreResult:
    """Create a database with the log of a backup, on either back end: the same entries, positions, times and hashes.

    The backup is a SQLite database, or an export (of the log from its first
    entry on), which may come from a pipe or, as `-`, from standard input. It is
    verified against its hashes, and against a checkpoint if one is given; the
    projections are derived anew. Nothing is kept unless all is well. Entries that
    were accepted once come back whatever the clock says and whatever rules were
    added since. Raises BackupDamaged, BadData for a damaged export,
    NotEmpty if the database holds entries, and as `create_database`.
    """
    backend = backend_of(url)
    _require_two_files(backend, file)
    restored: list[RestoreResult] = []

    def fill(connection: Connection) -> None:
        if _is_sqlite(file):
            _copy_log(file, connection, backend, checkpoint, progress=progress)
            ahead = event_log.stamp_ahead(connection, clock())
            notes = tuple(Finding(str(file), None, None, str(note)) for note in (ahead,) if note)
            noted = len(notes)
        else:
            loaded = _load_log(file, connection, backend, clock, progress=progress)
            _require_sound(connection, file, checkpoint)
            noted, notes = loaded.noted, loaded.notes
        restored.append(RestoreResult(event_log.head(connection), noted, notes))

    if not create_database(url, fill=fill):
        _fill_empty(backend, fill, wait_seconds)
    return restored[0]


def _fill_empty(backend: Backend, fill: Callable[[Connection], None], wait_seconds: float) -> None:
    engine = open_database(backend, wait_seconds=wait_seconds)
    try:
        with writing(engine, backend) as (begun, _):
            if event_log.head(begun).position:
                raise NotEmpty(backend.place)
            fill(begun.core)
    finally:
        engine.dispose()


def _require_two_files(backend: Backend, file: Path) -> None:
    try:
        is_same = backend.file is not None and backend.file.samefile(file)
    except OSError:  # one of them is missing, as it may be, or cannot be looked at, as reading it will say
        return
    if is_same:
        raise FileUnavailable(str(file), "is the database itself", "Name the database to restore into with --db.")


def _is_sqlite(file: Path) -> bool:
    """Return whether a file is a SQLite database: no pipe is, and what is read of one is gone."""
    try:
        if str(file) == "-" or not file.is_file():
            return False
        with file.open("rb") as opened:
            return opened.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise FileUnavailable(str(file), f"cannot be read ({error.strerror})") from error


_MAGIC = b"SQLite format 3\x00"


def _require_sound(connection: Connection, file: Path, checkpoint: LogHead | None) -> None:
    for damage in entries_damage(connection, checkpoint):
        raise BackupDamaged(name_of(file), damage.position, damage.message)


def _load_log(
    file: Path, into: Connection, backend: Backend, clock: Callable[[], datetime], *, progress: Progress
) -> LoadResult:
    with backend.in_bulk(into):
        writer = Writer(into, backend, clock, event_log.LAST.rows(into), fills=True)
        loaded = load_into(writer, [file], progress=progress)
        writer.finish()
    return loaded


def _copy_log(
    file: Path, into: Connection, backend: Backend, checkpoint: LogHead | None, *, progress: Progress
) -> None:
    """Copy a log as it is stored: entries that were accepted once are not checked again."""
    source = SQLite(str(file))
    engine = source.connect()
    try:
        with reading(engine, source) as begun, source.damaged_text(begun.core):
            source.tables(begun.core)
            _require_sound(begun.core, file, checkpoint)
            stored = rows(begun.core)
            while chunk := list(islice(stored, CHUNK)):
                backend.insert(into, log, [tuple(row) for row in chunk])
    finally:
        engine.dispose()
    rebuild(into, backend, progress=progress)

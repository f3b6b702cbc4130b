"""Check entries on a copy of a log that its reader may not write to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.storage.backends.sqlite import SQLite
from tracker.storage.backends.transactions import open_database
from tracker.storage.log.event_log import EventLog
from tracker.storage.log.writer import Writer
from tracker.usecases.backup import back_up
from tracker.usecases.restore import restore_database


@contextmanager
def writing_to_a_copy(log: EventLog, clock: Callable[[], datetime]) -> Iterator[Writer]:
    """Yield a writer on a copy of a log, a SQLite file that is removed at the end: nothing that it appends is kept.

    The log of a server is copied entry by entry, which takes about as long as a `load` of them.
    """
    with TemporaryDirectory(prefix="tracker-") as folder:
        file, backup = Path(folder, "copy.db"), Path(folder, "backup.jsonl")
        with log.reading() as begun:
            back_up(begun, log.backend, file if log.backend.file else backup)
        if not log.backend.file:
            restore_database(str(file), backup, clock=clock)
        copy = SQLite(str(file))
        copied = EventLog(open_database(copy), copy, clock=clock)
        try:
            with copied.writing(keep=False) as writer:
                yield writer
        finally:
            copied.close()

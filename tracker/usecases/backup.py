"""Copy the whole log, as it is at one moment, to a new file: a SQLite database again, or an export of a server's."""

from pathlib import Path

from tracker.adapters.jsonl import write_events
from tracker.domain.log.chain import LogHead
from tracker.errors import FileUnavailable
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.backends.new_file import new_file
from tracker.storage.log.event_log import head
from tracker.storage.log.reader import entries


def back_up(begun: Transaction, backend: Backend, file: Path) -> LogHead:
    """Write a backup of what a read transaction sees. Returns its last entry.

    Raises FileUnavailable, also if there is such a file.
    """
    try:
        with new_file(file) as copy:
            last = head(begun)  # the first read: what is seen from here on is of this moment
            if not backend.copy(begun.core, copy):
                with copy.open("wb") as out:
                    write_events(entries(begun.core), out)
        return last
    except FileExistsError:
        raise FileUnavailable(str(file), "is there already", "Name a new file; a backup replaces none.") from None
    except OSError as error:
        raise FileUnavailable(str(file), f"cannot be written ({error.strerror})") from error

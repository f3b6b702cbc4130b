"""Copy the whole log to a new file while others write."""

from pathlib import Path

from tracker.adapters.jsonl import write_events
from tracker.domain.log.chain import LogHead
from tracker.errors import FileUnavailable
from tracker.storage.backends.new_file import new_file
from tracker.storage.log.event_log import EventLog, head
from tracker.storage.log.reader import entries


def backup(log: EventLog, file: Path) -> LogHead:
    """Copy the log, as it is at one moment: a SQLite database as one, any other as an export.

    Returns the last entry of what was copied. Raises FileUnavailable, also if there is such a file.
    """
    try:
        with new_file(file) as copy, log.reading() as begun:
            last = head(begun)  # the first read: what is seen from here on is of this moment
            if not log.backend.copy(begun.core, copy):
                with copy.open("wb") as out:
                    write_events(entries(begun.core), out)
        return last
    except FileExistsError:
        raise FileUnavailable(str(file), "is there already", "Name a new file; a backup replaces none.") from None
    except OSError as error:
        raise FileUnavailable(str(file), f"cannot be written ({error.strerror})") from error

"""Errors of SQLite as messages with advice."""

import os
import sqlite3
from pathlib import Path

from tracker.domain.terms.safe_text import plain
from tracker.errors import DatabaseDamaged, DatabaseUnavailable, NotATrackerDatabase, TrackerError
from tracker.storage.backends.backend import MAKE_ROOM, MEND_PROJECTIONS, NOTHING


def refusal(path: Path, reason: BaseException | None) -> TrackerError:
    """Return an error of SQLite on a file as a TrackerError."""
    place = str(path)
    code = getattr(reason, "sqlite_errorcode", 0) & 0xFF
    name = getattr(reason, "sqlite_errorname", "no code")
    if code == sqlite3.SQLITE_NOTADB:
        return NotATrackerDatabase(place, "the file is not a SQLite database")
    if code == sqlite3.SQLITE_CORRUPT or any(words in str(reason) for words in _DAMAGED):
        return DatabaseDamaged(
            place,
            f"is damaged ({plain(str(reason))})",
            "Run `tracker verify` to see where, and restore it from a backup or an export.",
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return not_writable(path)
    if code == sqlite3.SQLITE_CANTOPEN:
        return DatabaseUnavailable(place, "cannot be opened", _how_to_open(path))
    if any(missing in str(reason) for missing in _MISSING):
        advice = "Run `tracker rebuild`; if it is the log's, restore a backup."
        return DatabaseDamaged(place, f"lacks a table or a column ({plain(str(reason))})", advice)
    what, advice = _REFUSALS.get(code) or ("refused: {reason}", MEND_PROJECTIONS)
    return DatabaseUnavailable(place, what.format(reason=reason, name=name), advice)


def not_writable(path: Path) -> TrackerError:
    """Return the refusal to write to a database that this user can only read."""
    folder = path.absolute().parent
    advice = f"Make it and its folder {folder} writable (SQLite keeps files beside it), or copy it elsewhere."
    return DatabaseUnavailable(str(path), "cannot be written", advice)


def _how_to_open(path: Path) -> str:
    if path.exists() and not os.access(path, os.R_OK):
        return "You may not read it: ask its owner."
    wal = path.with_name(f"{path.name}-wal")
    what = f"it and {wal.name}, in which the last entries may be," if wal.exists() else "it"
    return f"SQLite keeps files beside it: copy {what} to a folder where you may write. Now: {path.absolute().parent}."


_DAMAGED = ("Could not decode", "can't decode", "unsupported file format")
_MISSING = ("no such table", "no such column", "has no column named")
_REFUSALS = {
    sqlite3.SQLITE_BUSY: ("is in use by another writer, which did not finish in the time set (--wait)", NOTHING),
    sqlite3.SQLITE_PROTOCOL: ("is in use by too many at once", NOTHING),
    sqlite3.SQLITE_FULL: ("has no space left on its disk", MAKE_ROOM),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written (disk error {name})",
        "Nothing was recorded. Check the disk: its state, its free space, your quota.",
    ),
    sqlite3.SQLITE_CONSTRAINT: ("refused what was to be written: {reason}", MEND_PROJECTIONS),
}
"""Messages and advice by SQLite's result codes."""

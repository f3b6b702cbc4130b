"""Errors of a PostgreSQL server as messages with advice."""

import re

from sqlalchemy.exc import DBAPIError, InterfaceError

from tracker.errors import DatabaseDamaged, DatabaseUnavailable, TrackerError
from tracker.storage.backends.backend import MAKE_ROOM, MEND_PROJECTIONS, NOTHING


def is_ours(error: DBAPIError) -> bool:
    """Return whether an error is a bug in this program, not a refusal of the server."""
    state = _sqlstate(error)
    misused = isinstance(error, InterfaceError) and not error.connection_invalidated
    return misused or (state[:2] == "42" and state not in REFUSALS)


def refusal(place: str, error: DBAPIError) -> TrackerError:
    """Return a server's error as a TrackerError."""
    state = _sqlstate(error)
    reason = next(iter(str(error.orig).strip().splitlines()), "no reason given")
    known = REFUSALS.get(state) or REFUSALS.get(state[:2])
    if known is None and error.connection_invalidated:
        known = REFUSALS["08"]
    if known is not None:
        what, advice = known
        kind = DatabaseDamaged if state[:2] == "XX" or state in _MISSING else DatabaseUnavailable
        return kind(place, what.format(reason=reason), advice)
    if state:
        return DatabaseUnavailable(place, f"refused: {reason}", "Nothing was recorded. Ask whoever runs the server.")
    return unreachable(place, reason)


def unreachable(place: str, reason: str) -> TrackerError:
    """Return a failed connection as a TrackerError, from its message alone: it comes without an SQLSTATE."""
    for words, state in _AT_THE_DOOR.items():
        if re.search(words, reason):
            return DatabaseUnavailable(place, *REFUSALS[state])
    return DatabaseUnavailable(
        place, f"cannot be reached ({reason})", "Check that the server runs, and its host and port."
    )


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


_POOLED = (
    "is behind a pooler that loses prepared statements",
    "Nothing was recorded; add ?prepare_threshold=none to the URL (docs/postgresql.md).",
)
REFUSALS = {
    "23": ("refused what was to be written: {reason}", MEND_PROJECTIONS),
    "P0001": ("refused what was to be written: {reason}", MEND_PROJECTIONS),
    "55P03": ("is in use by another writer, which did not finish in the time set (--wait)", NOTHING),
    "57014": ("cancelled the command (its statement timeout, or an administrator)", NOTHING),
    "22012": (
        "has lost the row of log_head, which is the writer's lock",
        "Nothing was recorded; run `tracker verify`.",
    ),
    "25006": ("is read-only, perhaps a replica", "Nothing was recorded; name the primary server with --db."),
    "25P03": ("ended the connection, which idled too long", NOTHING),
    "25P04": ("ended the connection, as the command took too long", NOTHING),
    "28P01": ("refuses the user or the password", "Check both in the URL, or PGPASSWORD and ~/.pgpass."),
    "28": ("refuses this user", "Ask whoever runs the server for access (docs/postgresql.md)."),
    "3D000": ("does not exist on the server", "Create it with `createdb`, then run `tracker init`."),
    "26000": _POOLED,
    "42P05": _POOLED,
    "3F000": ("shows this user no schema", "Ask whoever runs the server for USAGE on it (docs/postgresql.md)."),
    "42P01": ("lacks a table ({reason})", "Run `tracker rebuild`; if the log itself is missing, restore a backup."),
    "42703": ("lacks a column ({reason})", "Run `tracker rebuild`; if the log's own is missing, restore a backup."),
    "42501": (
        "does not allow this user to do that ({reason})",
        "Nothing was recorded; ask whoever runs the server for a role that may (docs/postgresql.md).",
    ),
    "53100": ("has no space left on its disk", MAKE_ROOM),
    "53": ("has no connection or memory left", NOTHING),
    "57P01": ("ended the connection (a restart, or an administrator)", NOTHING),
    "57P02": ("ended the connection, as one of its processes failed", NOTHING),
    "57P05": ("ended the connection, which idled too long", NOTHING),
    "57": ("is shutting down or starting up", NOTHING),
    "08": ("was lost during the command", NOTHING),
    "40": ("asks to try again (a conflict between transactions)", NOTHING),
    "58": ("cannot read or write its files ({reason})", "Nothing was recorded. Ask whoever runs the server."),
    "XX": ("is damaged ({reason})", "Run `tracker verify`, and restore it from a backup or an export."),
}
"""Messages and advice by SQLSTATE (PostgreSQL, appendix A) or its class."""

_MISSING = ("42P01", "42703")
"""SQLSTATEs of a missing table or column."""

_AT_THE_DOOR = {
    "authentication failed|no password supplied": "28P01",
    "role .* does not exist|not permitted to log in|permission denied for database|no pg_hba.conf entry": "28",
    "database .* does not exist": "3D000",
    "too many (clients|connections)|remaining connection slots": "53",
    "the database system is": "57",
    "server closed the connection|consuming input failed": "08",
}
"""Patterns in the messages of refused connections, and the SQLSTATE that the driver does not report."""

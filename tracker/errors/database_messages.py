"""Refused databases: missing, of another release, unavailable, damaged, or holding something else."""

import re

from tracker.errors.base import TrackerError


class DatabaseMissing(TrackerError):
    """No database is at the place named."""

    place: str

    sentence = "There is no tracker database at {place}. Create one with `tracker init`, or name another with --db."


class DatabaseOlder(TrackerError):
    """The database's schema, or the rules by which its projections were derived, are older than this release's."""

    place: str

    sentence = "The database {place} was made by an older release. Run `tracker upgrade`."


class DatabaseNewer(TrackerError):
    """The database's schema or rules are newer than this release's; `what` says which."""

    place: str
    what: str

    sentence = (
        "The database {place} was made by a newer release ({what}). "
        "Upgrade the tracker to read it, for example with `pip install --upgrade`."
    )


class NotATrackerDatabase(TrackerError):
    """A file or database that holds something else."""

    place: str
    why: str

    sentence = "{place} is not a tracker database: {why}. Name another with --db."


class DatabaseUnavailable(TrackerError):
    """The database is there, but the operating system or the server says no."""

    place: str
    why: str
    advice: str

    sentence = "The database {place} {why}. {advice}"


class DatabaseDamaged(DatabaseUnavailable):
    """The database cannot be read as what it was written as."""


class OutcomeUnknown(TrackerError):
    """The server was lost between being asked to keep what was written and saying that it did."""

    sentence = (
        "The database was lost while it recorded this: all of it is on record, or nothing. "
        "Look with `tracker log` before you run the command again."
    )


class UnsupportedDatabase(TrackerError):
    """A text that names no SQLite file and no PostgreSQL database."""

    url: str

    def __str__(self) -> str:
        shown = re.sub(r"://.*@", "://***@", re.sub(r"(password=)[^&]*", r"\1***", self.url))
        hint = ""
        if re.match("postgres.*@", self.url):
            hint = " Write special characters of a user or a password as %40 and so on."
        return f"{shown!r} is not a database. Give a file's path, sqlite:///PATH or postgresql://...{hint}"


class LogDamaged(TrackerError):
    """A stored entry that cannot be read back."""

    why: str
    position: int | None = None

    def __str__(self) -> str:
        where = "A stored entry" if self.position is None else f"The entry at position {self.position}"
        return f"{where} cannot be read: {self.why}. Run `tracker verify` to see where the log is damaged."


class NotEmpty(TrackerError):
    """A restore into a database that has entries."""

    place: str

    sentence = (
        "The database {place} holds entries already. A backup is restored into a database of its own: "
        "name a new one with --db."
    )


class NotTheDemo(TrackerError):
    """A demo in a database with other entries."""

    place: str

    sentence = (
        "The database {place} holds something other than the demo's corpus, which would mix with it. "
        "Name a new file with --db."
    )

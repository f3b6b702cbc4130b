"""The database behind the pages: one snapshot for each answer."""

from contextlib import AbstractContextManager

from tracker.snapshot import Snapshot
from tracker.tracker import Tracker


class Database:
    """A database that answers are read from."""

    def __init__(self, url: str) -> None:
        self._tracker = Tracker.open(url)

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The log at this moment. Raises TrackerError."""
        return self._tracker.snapshot()

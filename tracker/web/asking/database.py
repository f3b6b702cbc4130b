"""The database beneath the pages: one pool of connections, and a look at each snapshot whether it is still the same.

Whoever runs a server upgrades, restores or replaces the database meanwhile. A snapshot of a database that changed so is
refused, and as soon as it is one of this release again, whatever it holds, the next snapshot is answered from it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, NamedTuple

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.rules import RULES
from tracker.errors import DatabaseUnavailable, TrackerError
from tracker.storage.backends.backend import POOL, WAIT_SECONDS
from tracker.storage.backends.transactions import backend_of
from tracker.storage.log.event_log import utc_now
from tracker.storage.schema import REVISION
from tracker.tracker import Tracker

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

AGAIN_SECONDS = 1.0
"""Seconds for which a refusal holds: a server that is gone is not asked anew for every page."""
SNAPSHOT_SECONDS = 45.0
"""Seconds to wait for one of the snapshots that may be open at once."""


class Database:
    """An open database of this release. Raises TrackerError, as `Tracker.open` does, if it cannot be opened.

    It may be used by several threads. At most as many snapshots are open at once as the pool keeps connections: more
    would not be answered sooner, and each connection has a cache of its own. So no snapshot is opened within another.
    """

    def __init__(
        self, url: str, *, wait_seconds: float = WAIT_SECONDS, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._url, self._wait_seconds, self._clock = url, wait_seconds, clock
        backend = backend_of(url)
        self.place, self._file = backend.place, backend.file
        self._slots = BoundedSemaphore(POOL["pool_size"])
        self._lock = Lock()
        self._refused: tuple[float, TrackerError] | None = None
        self._opened = self._open()

    @contextmanager
    def snapshot(self) -> "Iterator[Snapshot]":
        """The log at this moment. Raises TrackerError if the database is no longer there, or not of this release."""
        if not self._slots.acquire(timeout=SNAPSHOT_SECONDS):
            raise DatabaseUnavailable(self.place, "is asked for too much at once", "Try again in a minute.")
        try:
            with ExitStack() as stack:
                yield self._begin(stack).snapshot
        finally:
            self._slots.release()

    def head(self) -> LogHead:
        """The log's last entry, in one cheap query. Raises as `snapshot`."""
        with ExitStack() as stack:
            return self._begin(stack).head

    def tracker(self) -> Tracker:
        """The tracker to record with. Raises as `snapshot`."""
        with ExitStack() as stack:
            return self._begin(stack).tracker

    def close(self) -> None:
        """Close the connections."""
        self._opened.tracker.close()

    def _begin(self, stack: ExitStack) -> "_OpenSnapshot":
        """Begin a snapshot of the database as it is, opened anew if it changed; `stack` ends it."""
        self._require_time_since_refusal()
        opened = self._opened
        try:
            with ExitStack() as attempt:
                snapshot = attempt.enter_context(opened.tracker.snapshot())
                if (head := opened.head_of(snapshot, self._file_now())) is not None:
                    stack.enter_context(attempt.pop_all())
                    return _OpenSnapshot(opened.tracker, snapshot, head)
        except TrackerError:  # tables are gone, or the connection is: opening it anew mends that, or says what is wrong
            pass
        opened = self._open_after(opened)
        return _OpenSnapshot(opened.tracker, stack.enter_context(opened.tracker.snapshot()), opened.seen)

    def _open_after(self, stale: "_OpenDatabase") -> "_OpenDatabase":
        """Open the database anew, unless another thread did. Raises TrackerError."""
        with self._lock:
            if self._opened is not stale:
                return self._opened
            self._require_time_since_refusal()
            try:
                self._opened = self._open()
            except TrackerError as refusal:
                self._refused = time.monotonic() + AGAIN_SECONDS, refusal
                raise
            stale.tracker.close()
            return self._opened

    def _require_time_since_refusal(self) -> None:
        if self._refused is not None and time.monotonic() < self._refused[0]:
            raise self._refused[1].with_traceback(None)

    def _open(self) -> "_OpenDatabase":
        file = self._file_now()
        tracker = Tracker.open(self._url, clock=self._clock, wait_seconds=self._wait_seconds)
        try:
            return _OpenDatabase(tracker, file, tracker.checkpoint())
        except BaseException:
            tracker.close()
            raise

    def _file_now(self) -> tuple[int, int] | None:
        """Which file the database is, if it is one that is there."""
        try:
            found = self._file.stat() if self._file is not None else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None


class _OpenSnapshot(NamedTuple):
    """A snapshot that began, of this tracker, with the log's last entry in it."""

    tracker: Tracker
    snapshot: "Snapshot"
    head: LogHead


class _OpenDatabase:
    """A tracker, the file that it opened, and the last entry that was seen in it."""

    def __init__(self, tracker: Tracker, file: tuple[int, int] | None, seen: LogHead) -> None:
        self.tracker, self.file, self.seen = tracker, file, seen

    def head_of(self, snapshot: "Snapshot", file: tuple[int, int] | None) -> LogHead | None:
        """Return the last entry of a snapshot; None if its file, release or log is not the one that was opened."""
        seen = self.seen
        found = snapshot.identity(seen.position)
        if (file, found.schema, found.rules, found.hash_at) != (self.file, REVISION, RULES, seen.hash):
            return None
        if found.head.position > seen.position:
            self.seen = found.head
        return found.head

"""New entries as they are recorded: one look at the log's head in a while, for all who wait for one.

It looks only while somebody waits, whoever and however many they are, and reads what is new once for all of them. No
transaction is open while anybody waits.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import dropwhile
from logging import getLogger
from typing import TYPE_CHECKING

from anyio import to_thread

from tracker.web.asking.database import Database

if TYPE_CHECKING:
    from tracker.questions.entries import LogPage, StoredLine

PAUSE_SECONDS = 0.5
"""Seconds between two looks."""
TROUBLE_SECONDS = 3.0
"""Seconds until the next look after one that failed."""
MOST_WAITING = 100
"""How many may wait at once."""
AT_ONCE = 500
"""How many entries somebody who waits is given at once."""
_KEPT = 2_000
"""How many of the newest entries are kept for those who wait."""

_log = getLogger("tracker.web")


class TooManyWait(Exception):
    """As many wait for new entries as may."""


class WaitOver(Exception):
    """Nothing more is to come: the server stops, or the log has fewer entries than before and is another one."""


class LogWatch:
    """Tells those who wait what was recorded after a position. It is used by one event loop at a time."""

    def __init__(self, database: Database, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._database, self._pause = database, pause_seconds
        self._waiting = 0
        self._looking: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._head = 0
        self._newest: deque[StoredLine] = deque(maxlen=_KEPT)
        self._restarts = 0
        self._is_stopped = False

    @contextmanager
    def waiting(self) -> "Iterator[Waiting]":
        """Be one of those who wait. Raises TooManyWait."""
        if self._waiting >= MOST_WAITING:
            raise TooManyWait
        self._waiting += 1
        try:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.get_running_loop().create_task(self._look())
            yield Waiting(self, self._restarts)
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """Let nobody wait any longer, as the server stops. It is called in the event loop."""
        self._is_stopped = True
        self._tell()

    async def after(self, position: int, seconds: float, *, restarts: int) -> "Sequence[StoredLine]":
        """Return the first entries after a position, as soon as there are any; none after so many seconds.

        Raises WaitOver, also if the log is another one than after so many restarts, and TrackerError.
        """
        until = asyncio.get_running_loop().time() + seconds
        while True:
            if self._is_stopped or restarts != self._restarts:
                raise WaitOver
            if position < self._head:
                return await self._entries_after(position)
            try:
                async with asyncio.timeout_at(until):
                    await self._changed.wait()
            except TimeoutError:
                return ()

    async def _entries_after(self, position: int) -> "Sequence[StoredLine]":
        if self._newest and self._newest[0].line.position <= position + 1:
            return list(dropwhile(lambda one: one.line.position <= position, self._newest))[:AT_ONCE]
        page = await to_thread.run_sync(self._read, position)
        return page.found if page else ()

    async def _look(self) -> None:
        """Look at the head while anybody waits."""
        while self._waiting and not self._is_stopped:
            try:
                await self._look_once()
                await asyncio.sleep(self._pause)
            except Exception as error:  # noqa: BLE001 (whatever it is, the next look may find it mended)
                _log.warning("new entries: %s: %s", type(error).__name__, error)
                await asyncio.sleep(TROUBLE_SECONDS)

    async def _look_once(self) -> None:
        last = self._newest[-1].line if self._newest else None
        page = await to_thread.run_sync(self._read, last.position if last else None, last.hash if last else None)
        if page is None:  # another log is in its place
            self._newest.clear()
            self._restarts += 1
            self._head = 0
            self._tell()
            return
        if page.head.position < self._head:
            self._newest.clear()
            self._restarts += 1
        elif page.up_to < page.head.position:  # more than one page is new: those who wait read it themselves
            self._newest.clear()
        else:
            self._newest.extend(page.found)
        if page.head.position != self._head:
            self._head = page.head.position
            self._tell()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _read(self, after: int | None, seen: bytes | None = None) -> "LogPage | None":
        """Read the entries after a position; the last one without it, or if the log does not reach so far.

        None if the entry at the position has another hash than the one that was seen.
        """
        with self._database.snapshot() as snapshot:
            if seen is not None and after is not None and snapshot.identity(after).hash_at != seen:
                return None
            if after is None or snapshot.checkpoint().position < after:
                return snapshot.page_before(None, 1)
            return snapshot.page_after(after, AT_ONCE)


class Waiting:
    """Somebody who waits for new entries."""

    def __init__(self, watch: LogWatch, restarts: int) -> None:
        self._watch, self._restarts = watch, restarts

    async def after(self, position: int, seconds: float) -> "Sequence[StoredLine]":
        """As `LogWatch.after`, of the log as it was when the wait began."""
        return await self._watch.after(position, seconds, restarts=self._restarts)

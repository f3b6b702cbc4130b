"""A SQLite connection as compiled queries use it, and a writer lock that is fair among processes."""

import random
import sqlite3
import time
from collections.abc import Sequence
from typing import Any

from tracker.storage.backends.compiled_query import Rows, Sql

_POLL_SECONDS = (0.0005, 0.001, 0.008)
"""Bounds of the random pause before a writer tries again: the least, and the most after a long wait and after none."""

_CONTENDED_SECONDS = 1.0
"""How long a writer lets others go first after it met one."""


class SQLiteConnection(sqlite3.Connection):
    """A connection that knows whether SQLite's own waiting for locks is on, as reading needs it."""

    busy_timeout_is_on = True
    outcome_unknown = False

    def fetch(self, queries: Sequence[Sql]) -> list[Rows]:
        return [self.execute(sql, values).fetchall() for sql, values in queries]

    def execute_many(self, sql: str, many: Sequence[Sequence[Any]]) -> None:
        self.executemany(sql, many)

    def flush(self) -> None:
        """Do nothing: writes are executed at once."""


class WriterLock:
    """A fair writer lock: every waiter polls at random intervals, more often the longer it has waited.

    With SQLite's own waiting a writer can starve: it polls less often the longer it has waited, and a writer that has
    just finished comes first. A connection that writes turns it off until it reads again.
    """

    def __init__(self, wait_seconds: float, *, readers_wait_seconds: float) -> None:
        self._wait_seconds = wait_seconds
        self._readers_wait = round(readers_wait_seconds * 1000)
        self._met_others_at = -_CONTENDED_SECONDS

    def acquire(self, connection: SQLiteConnection) -> None:
        """Begin a write transaction when no other one is open; the lock is released at its end.

        Raises OperationalError (SQLITE_BUSY) after the wait that was set.
        """
        if connection.busy_timeout_is_on:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.busy_timeout_is_on = False
        began = time.monotonic()
        if began - self._met_others_at < _CONTENDED_SECONDS:
            self._pause(waited=0)
        while not self._try(connection, last_time=(waited := time.monotonic() - began) >= self._wait_seconds):
            self._pause(waited=waited)

    def restore_busy_timeout(self, connection: SQLiteConnection) -> None:
        """Turn SQLite's own waiting on again: a reader waits only while SQLite recovers or checkpoints."""
        if not connection.busy_timeout_is_on:
            connection.execute(f"PRAGMA busy_timeout = {self._readers_wait}")
            connection.busy_timeout_is_on = True

    def _try(self, connection: sqlite3.Connection, *, last_time: bool) -> bool:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if last_time or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            self._met_others_at = time.monotonic()
            return False
        return True

    def _pause(self, *, waited: float) -> None:
        soonest, late, latest = _POLL_SECONDS
        time.sleep(random.uniform(soonest, max(late, latest / (1 + waited))))

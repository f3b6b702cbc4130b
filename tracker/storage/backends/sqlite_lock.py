"""Whose turn it is to write to a SQLite file: fair among processes that come again and again."""

import random
import sqlite3
import time
from collections.abc import Sequence
from typing import Any

from tracker.storage.backends.compiled_query import Rows, Statement

_ASK_AGAIN = (0.0005, 0.001, 0.008)
"""After how many seconds a waiting writer asks again: the least, and the most after a long wait and after none."""

_REMEMBERED = 1.0
"""For how many seconds a writer remembers that others write too."""


class SQLiteConnection(sqlite3.Connection):
    """A connection that knows whether SQLite itself waits on it for others, as readers want it to."""

    waits = True
    in_doubt = False

    def ask(self, statements: Sequence[Statement]) -> list[Rows]:
        return [self.execute(sql, values).fetchall() for sql, values in statements]

    def tell(self, sql: str, many: Sequence[Sequence[Any]]) -> None:
        self.executemany(sql, many)

    def settle(self) -> None:
        """Nothing waits here."""


class Turn:
    """The writer's turn, for which all ask equally often, at random, and who has waited longer more often.

    SQLite's own waiting is unfair: who has waited longer asks less often, and who has just written asks first, so that
    among writers who come again and again one can starve. A connection that writes does without it until it reads.
    """

    def __init__(self, wait_seconds: float, *, readers_wait_seconds: float) -> None:
        self._wait_seconds = wait_seconds
        self._readers_wait = round(readers_wait_seconds * 1000)
        self._met_others = -_REMEMBERED

    def take(self, connection: SQLiteConnection) -> None:
        """Begin to write as soon as no other writer does. Raises OperationalError (SQLITE_BUSY) after the time set."""
        if connection.waits:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.waits = False
        began = time.monotonic()
        if began - self._met_others < _REMEMBERED:
            self._let_others(waited=0)
        while not self._is_ours(connection, last_try=(waited := time.monotonic() - began) >= self._wait_seconds):
            self._let_others(waited=waited)

    def leave(self, connection: SQLiteConnection) -> None:
        """Let SQLite wait again on a connection that wrote, where it recovers or tidies up."""
        if not connection.waits:
            connection.execute(f"PRAGMA busy_timeout = {self._readers_wait}")
            connection.waits = True

    def _is_ours(self, connection: sqlite3.Connection, *, last_try: bool) -> bool:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if last_try or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            self._met_others = time.monotonic()
            return False
        return True

    def _let_others(self, *, waited: float) -> None:
        soonest, late, latest = _ASK_AGAIN
        time.sleep(random.uniform(soonest, max(late, latest / (1 + waited))))

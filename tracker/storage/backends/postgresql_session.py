"""A session on a PostgreSQL server: several statements go to it, and their answers come back, in one round trip.

psycopg's own statements each wait for the server, and its pipeline sends each on its own. This one speaks to libpq
itself, by `psycopg.pq`.
"""

from collections.abc import Generator, Sequence
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow
from psycopg.waiting import Ready, Wait

from tracker.storage.backends.compiled_query import Rows, Statement

_MOST_PREPARED = 200
"""So many statements a session prepares at most: the server keeps a plan for each."""
_MANY_VALUES = 40
"""From so many values on a statement is planned for them: a plan for any values would go through a list one by one."""
_MOST_WAITING = 200
_COMMIT: Statement = ("COMMIT", ())
_Encoded = tuple[str, list[bytes | None], list[int]]
"""A statement, its values as the server reads them, and the format of each."""


class Session(psycopg.Connection[TupleRow]):
    """A connection that prepares a statement when it is first run, unless `prepares` is off.

    What it is told, which finds nothing, waits for what is asked next or for
    the commit, to go with it; what the server refuses of it is raised then.
    """

    prepares = True
    in_doubt = False
    """Whether the server was lost when it may have committed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._names: dict[str, bytes] = {}
        self._waiting: list[Statement] = []
        self._done = 0
        self._reads = Transformer(self)

    def ask(self, statements: Sequence[Statement]) -> list[Rows]:
        """What each of these statements finds."""
        results = self._send(statements)
        return [self._rows(result) for result in results[len(results) - len(statements) :]]

    def tell(self, sql: str, many: Sequence[Sequence[Any]]) -> None:
        """Run a statement that finds nothing, once for each of the values."""
        for values in many:
            self._waiting.append((sql, values))
            if len(self._waiting) >= _MOST_WAITING:
                self.settle()

    def settle(self) -> None:
        """Send what waits."""
        if self._waiting:
            self._send(())

    def commit(self) -> None:
        """Commit what was told, and what waits."""
        if not self._waiting and self.pgconn.transaction_status == TransactionStatus.IDLE:
            return
        before = len(self._waiting)
        try:
            self._send([_COMMIT])
        except psycopg.Error as error:
            refused = self._done < before and error.sqlstate is not None and not error.sqlstate.startswith("08")
            self.in_doubt = self.closed and not refused
            raise

    def rollback(self) -> None:
        self._waiting.clear()
        super().rollback()

    def cursor(self, *args: Any, **options: Any) -> Any:
        """psycopg's own, for all that is not asked here; what waits goes first."""
        self.settle()
        return super().cursor(*args, **options)

    def _send(self, statements: Sequence[Statement]) -> list[PGresult]:
        sent = [*self._waiting, *statements]
        self._waiting.clear()
        encoded = [(sql, *_encoded(values)) for sql, values in sent]
        self._done = 0
        with self.lock:
            if self.closed:
                raise psycopg.OperationalError("the connection is closed")
            return self.wait(self._exchange(encoded))

    def _rows(self, result: PGresult) -> Rows:
        if not result.ntuples:
            return []
        self._reads.set_pgresult(result)
        return self._reads.load_rows(0, result.ntuples, tuple)

    def _exchange(self, statements: Sequence[_Encoded]) -> Generator[Wait, Ready | int, list[PGresult]]:
        """Send statements and collect their results. Raises what the server refuses, which is the last that it runs."""
        expected: list[str | None] = []
        results: list[PGresult] = []
        self.pgconn.enter_pipeline_mode()
        try:
            self._post(statements, expected)
            yield from _collect(self.pgconn, results)
            self.pgconn.exit_pipeline_mode()
        except psycopg.OperationalError:
            results += _last_words(self.pgconn)
            self.pgconn.finish()
            if not any(result.status == ExecStatus.FATAL_ERROR for result in results):
                raise
        except BaseException:
            self.pgconn.finish()  # what it still answers would be taken for answers to the next statements
            raise
        return self._answers(expected, results)

    def _post(self, statements: Sequence[_Encoded], expected: list[str | None]) -> None:
        """Hand statements to libpq, and note of each result that will come: the statement that it prepares, or None."""
        for sql, values, formats in statements:
            name = self._names.get(sql)
            if name is None and self.prepares and len(values) < _MANY_VALUES and len(self._names) < _MOST_PREPARED:
                name = self._names[sql] = f"tracker_{len(self._names)}".encode()
                self.pgconn.send_prepare(name, sql.encode())
                expected.append(sql)
            if name is None:
                self.pgconn.send_query_params(sql.encode(), values, param_formats=formats)
            else:
                self.pgconn.send_query_prepared(name, values, formats)
            expected.append(None)
        self.pgconn.pipeline_sync()

    def _answers(self, expected: Sequence[str | None], results: Sequence[PGresult]) -> list[PGresult]:
        found: list[PGresult] = []
        refused: PGresult | None = None
        for prepares, result in zip(expected, results, strict=False):
            if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
                if prepares is None:
                    found.append(result)
                continue
            refused = refused or result
            if prepares is not None:
                del self._names[prepares]
        self._done = len(found)
        if refused is not None:
            raise error_from_result(refused, "utf-8")
        return found


def _collect(connection: PGconn, results: list[PGresult]) -> Generator[Wait, Ready | int, None]:
    """Send what libpq was handed, and take the results up to the end of the trip as they come."""
    unsent = connection.flush()
    while True:
        while connection.is_busy():
            ready = yield Wait.RW if unsent else Wait.R
            if ready:
                connection.consume_input()
                unsent = connection.flush()
        result = connection.get_result()
        if result is None:  # the end of one statement's results
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return
        results.append(result)


def _last_words(connection: PGconn) -> list[PGresult]:
    """What the server that is lost said before, and was not taken yet."""
    said: list[PGresult | None] = []
    while not connection.is_busy() and said[-2:] != [None, None]:
        said.append(connection.get_result())
    return [result for result in said if result is not None]


def _encoded(values: Sequence[Any]) -> tuple[list[bytes | None], list[int]]:
    """Values as the server reads them, and each one's format: text goes as bytes with a length, as NUL would end it."""
    return [_bytes(value) for value in values], [isinstance(value, str | bytes) for value in values]


def _bytes(value: str | bytes | int | None) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else b"%d" % value

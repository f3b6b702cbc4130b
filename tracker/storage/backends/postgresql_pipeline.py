"""Many queries to a PostgreSQL server in one round trip, by libpq's pipeline mode: the session that sends them.

`postgresql.py` beside it opens the connection. psycopg's own pipeline sends and polls for each query
(docs/performance.md, "Fast paths that are kept").
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch, send
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

from tracker.storage.backends.compiled_query import Rows, Sql

_MOST_PREPARED = 200
"""Upper bound on prepared queries in a session: the server keeps a plan for each."""
_LONG_LIST = 40
"""List length from which a query gets a plan of its own: a generic plan assumes a short list."""
_MOST_WAITING = 200
"""Upper bound on writes that wait for the next round trip."""
_COMMIT: Sql = ("COMMIT", ())
_EncodedSql = tuple[str, list[bytes | None], list[int], bool]
"""SQL, its values as the server reads them, the format of each, and whether to prepare it."""


class Session(psycopg.Connection[TupleRow]):
    """A connection that prepares each query on first use, unless `prepares` is off, and queues writes.

    Queued writes are sent with the next query or the commit; a write that the server rejects raises there.
    """

    prepares = True
    outcome_unknown = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._names: dict[str, bytes] = {}
        self._waiting: list[Sql] = []
        self._succeeded = 0
        self._decoder = Transformer(self)

    def fetch(self, queries: Sequence[Sql]) -> list[Rows]:
        """Send the queued writes and the queries in one round trip; return the rows of each query."""
        results = self._send(queries)
        return [self._rows(result) for result in results[len(results) - len(queries) :]]

    def execute_many(self, sql: str, many: Sequence[Sequence[Any]]) -> None:
        """Queue a write for each sequence of values."""
        for values in many:
            self._waiting.append((sql, values))
            if len(self._waiting) >= _MOST_WAITING:
                self.flush()

    def flush(self) -> None:
        """Send the queued writes."""
        if self._waiting:
            self._send(())

    def commit(self) -> None:
        """Send the queued writes and COMMIT in one round trip.

        If the server is lost, `outcome_unknown` says whether it may have committed: not if it rejected a write.
        """
        if not self._waiting and self.pgconn.transaction_status == TransactionStatus.IDLE:
            return
        writes = len(self._waiting)
        try:
            self._send([_COMMIT])
        except psycopg.Error as error:
            rejected = self._succeeded < writes and error.sqlstate is not None and not error.sqlstate.startswith("08")
            self.outcome_unknown = self.closed and not rejected
            raise

    def rollback(self) -> None:
        """Drop the queued writes and roll back."""
        self._waiting.clear()
        super().rollback()

    def cursor(self, *args: Any, **options: Any) -> Any:
        """Return psycopg's own cursor, after the queued writes were sent."""
        self.flush()
        return super().cursor(*args, **options)

    def _send(self, queries: Sequence[Sql]) -> list[PGresult]:
        encoded = [self._encode(sql, values) for sql, values in (*self._waiting, *queries)]
        self._waiting.clear()
        self._succeeded = 0
        with self.lock:
            if self.closed:
                raise psycopg.OperationalError("the connection is closed")
            return self.wait(self._exchange(encoded))

    def _encode(self, sql: str, values: Sequence[Any]) -> _EncodedSql:
        """Encode values; text goes in binary format, with a length, as NUL would end it in text format."""
        formats = [isinstance(value, str | bytes) for value in values]
        has_long_list = any(len(value) >= _LONG_LIST for value in values if isinstance(value, list))
        return sql, [_bytes(value) for value in values], [int(one) for one in formats], not has_long_list

    def _rows(self, result: PGresult) -> Rows:
        if not result.ntuples:
            return []
        self._decoder.set_pgresult(result)
        return self._decoder.load_rows(0, result.ntuples, tuple)

    def _exchange(self, queries: Sequence[_EncodedSql]) -> PQGen[list[PGresult]]:
        """Send queries and collect their results; the server skips all after the first that it rejects.

        If the connection is lost, an error that the server sent before is raised rather than the loss. After any other
        exception the connection is closed, as its late answers would be taken for those to the next queries.
        """
        prepared: list[str | None] = []
        results: list[PGresult] = []
        self.pgconn.enter_pipeline_mode()
        try:
            self._post(queries, prepared)
            yield from _collect(self.pgconn, results)
            self.pgconn.exit_pipeline_mode()
        except psycopg.OperationalError:
            results += _last_results(self.pgconn)
            self.pgconn.finish()
            if not any(result.status == ExecStatus.FATAL_ERROR for result in results):
                raise
        except BaseException:
            self.pgconn.finish()
            raise
        return self._checked(prepared, results)

    def _post(self, queries: Sequence[_EncodedSql], prepared: list[str | None]) -> None:
        """Hand queries to libpq, and list for each result to come the SQL that it prepares, None for a query's own."""
        for sql, values, formats, prepares in queries:
            name = self._names.get(sql) if prepares else None
            if name is None and prepares and self.prepares and len(self._names) < _MOST_PREPARED:
                name = self._names[sql] = f"tracker_{len(self._names)}".encode()
                self.pgconn.send_prepare(name, sql.encode())
                prepared.append(sql)
            if name is None:
                self.pgconn.send_query_params(sql.encode(), values, param_formats=formats)
            else:
                self.pgconn.send_query_prepared(name, values, formats)
            prepared.append(None)
        self.pgconn.pipeline_sync()

    def _checked(self, prepared: Sequence[str | None], results: Sequence[PGresult]) -> list[PGresult]:
        """Return the results of queries, without those of preparing them; raise the first error."""
        found: list[PGresult] = []
        rejected: PGresult | None = None
        for sql, result in zip(prepared, results, strict=False):
            if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
                if sql is None:
                    found.append(result)
                continue
            rejected = rejected or result
            if sql is not None:
                del self._names[sql]
        self._succeeded = len(found)
        if rejected is not None:
            raise error_from_result(rejected, "utf-8")
        return found


def _collect(connection: PGconn, results: list[PGresult]) -> PQGen[None]:
    """Send what libpq holds, and append results as they arrive, up to the end of the pipeline."""
    yield from send(connection)
    while (result := (yield from fetch(connection))) is None or result.status != ExecStatus.PIPELINE_SYNC:
        if result is not None:  # None ends the results of a query
            results.append(result)


def _last_results(connection: PGconn) -> list[PGresult]:
    """Return the results that a lost server sent before, which nobody has read."""
    found: list[PGresult | None] = []
    while not connection.is_busy() and found[-2:] != [None, None]:
        found.append(connection.get_result())
    return [result for result in found if result is not None]


def _bytes(value: str | bytes | int | list[Any] | None) -> bytes | None:
    """Encode a value as the server reads it."""
    match value:
        case None | bytes():
            return value
        case str():
            return value.encode()
        case list():
            return b"{%b}" % b",".join(map(_element, value))
        case _:
            return b"%d" % value


def _element(value: str | int) -> bytes:
    """Encode an element of an array literal (PostgreSQL, 8.15.6)."""
    if isinstance(value, str):
        return b'"%b"' % value.replace("\\", "\\\\").replace('"', '\\"').encode()
    return b"%d" % value

"""The bare engine: what sqlite3 alone needs for the same rows, with nothing between it and the statement."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

from tracker.storage.schema import PROJECTIONS, log, rules

LOG_ALONE = (log.name,)
PROJECTED = tuple(table.name for table in PROJECTIONS if table is not rules)
"""The projections of entries; the number of the rules is in every new database already."""
CHUNK = 10_000

HEADS = """
    SELECT pair.issue, pair.party, held.value, held.effective_on, log.id, log.line
    FROM pair
    JOIN statement AS held ON held.position = (
        SELECT position FROM statement AS one
        WHERE one.pair = pair.id AND one.effective_on <= :on AND one.ended_at IS NULL
        ORDER BY one.effective_on DESC, one.sequence DESC, one.rank DESC LIMIT 1)
    JOIN log ON log.position = held.position
    ORDER BY pair.issue, pair.party"""
"""The newest counting statement of each pair, with its line of the log: one probe of an index for each pair."""

ONE_PAIR = """
    SELECT one.value, one.effective_on, log.id, log.line
    FROM statement AS one JOIN log ON log.position = one.position
    WHERE one.pair = (SELECT id FROM pair WHERE issue = :issue AND party = :party)
        AND one.effective_on <= :on AND one.ended_at IS NULL
    ORDER BY one.effective_on DESC, one.sequence DESC, one.rank DESC LIMIT 1"""

WINDOW = """
    SELECT one.pair, one.value, one.effective_on, log.id, log.line
    FROM statement AS one JOIN log ON log.position = one.position
    WHERE one.effective_on > :after AND one.effective_on <= :up_to AND one.ended_at IS NULL
    ORDER BY one.pair, one.effective_on, one.sequence, one.rank"""
"""The counting statements that took effect in some days, with their lines of the log."""


def connect(path: Path, *, cache_kib: int | None = None) -> sqlite3.Connection:
    """A connection as durable as the tracker's: WAL and synchronous=FULL. Transactions are begun by hand."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    if cache_kib is not None:
        connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    require_durable(connection)
    return connection


def require_durable(connection: sqlite3.Connection) -> None:
    """Stop unless each commit reaches the disk: the figures could not be compared."""
    settings = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous"))
    if settings != ("wal", 2):
        raise RuntimeError(f"journal_mode and synchronous are {settings}, not WAL and FULL")


def insert_of(connection: sqlite3.Connection, table: str) -> str:
    """The statement that inserts a whole row into a table."""
    columns = len(connection.execute(f"SELECT * FROM {table} LIMIT 0").description)
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"


def chunks_of(connection: sqlite3.Connection, table: str) -> Iterator[Sequence[Any]]:
    """All rows of a table in the order of their keys, many at a time."""
    cursor = connection.execute(f"SELECT * FROM {table} ORDER BY 1")
    while chunk := cursor.fetchmany(CHUNK):
        yield chunk


def copy_rows(source: Path, target: Path, tables: Sequence[str], *, cache_kib: int | None = None) -> float:
    """Insert the rows of one database's tables into another's in one transaction.

    Returns the seconds that inserting and committing took; the rows lie ready in memory, and reading them is not timed.
    """
    seconds = 0.0
    with closing(connect(source)) as reader, closing(connect(target, cache_kib=cache_kib)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        for table in tables:
            insert = insert_of(writer, table)
            for chunk in chunks_of(reader, table):
                start = perf_counter()
                writer.executemany(insert, chunk)
                seconds += perf_counter() - start
        start = perf_counter()
        writer.execute("COMMIT")
        return seconds + perf_counter() - start


def read_log(path: Path) -> float:
    """Fetch every row of the log. Returns the seconds that it took."""
    with closing(connect(path)) as reader:
        start = perf_counter()
        for _ in chunks_of(reader, log.name):
            pass
        return perf_counter() - start


def hash_log(path: Path) -> float:
    """Fetch every line of the log and chain their hashes. Returns the seconds that it took."""
    with closing(connect(path)) as reader:
        start = perf_counter()
        previous = bytes(32)
        for (line,) in reader.execute("SELECT line FROM log ORDER BY position"):
            previous = sha256(previous + line.encode()).digest()
        return perf_counter() - start

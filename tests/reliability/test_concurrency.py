"""A reader that follows the log by position never misses an entry, whatever commits in whatever order."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.databases import Databases, PostgreSQLDatabases
from tests.forked import CONTEXT, ForkedCommand
from tests.reliability.processes import (
    Process,
    Said,
    Unit,
    compete,
    events_file,
    follow,
    hear,
    register,
    running,
    said,
    write,
)
from tracker.tracker import Tracker

ENTRIES = int(os.environ.get("TRACKER_CONCURRENT_ENTRIES", "320"))
WRITERS, FOLLOWERS = 8, 2
RECORD = ("record", "AAA", "a/a", "supports", "--on", "2019-12-10", "--summary", "Yes.")
both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


def units(writer: int, entries: int) -> list[Unit]:
    """Half of the entries by bulk loads, the others one by one and by five; every third call dawdles."""
    planned: list[Unit] = []
    bulk, left = min(300, entries // 2), entries
    while left:
        number = len(planned)
        kind, size = [("record", 1), ("dawdle", 1), ("record", 5), ("record", 1), ("dawdle", 3)][number % 5]
        if number % 25 == writer * 3 and left >= bulk:
            kind, size = "load", bulk
        planned.append(Unit(f"writer {writer} {kind} {number}", kind, min(size, left)))
        left -= planned[-1].size
    return planned


@both
def test_two_followers_see_every_entry_of_eight_writers_once_and_in_order(
    databases: Databases, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    plans = [units(writer, ENTRIES // WRITERS) for writer in range(WRITERS)]
    with databases.empty() as url:
        register(url)
        finished = CONTEXT.Event()
        followers = [Process(follow, url, finished) for _ in range(FOLLOWERS)]
        assert [next(process.messages()) for process in followers] == ["following"] * FOLLOWERS
        started = time.monotonic()
        writers = [Process(write, url, plan, tmp_path) for plan in plans]
        with running([*followers, *writers]):
            with ThreadPoolExecutor(WRITERS) as pool:
                heard = list(pool.map(hear, writers))
            took = time.monotonic() - started
            finished.set()
            seen = [next(process.messages()) for process in followers]
        check_log(url, plans, heard, [entries for entries, _ in seen])
    written = sum(unit.size for plan in plans for unit in plan)
    speed = f"{written / took:.0f} ({written:,} entries, {WRITERS} writers, {took:.1f} s)"
    record_property("entries per second", speed)
    record_property("longest wait for the lock", f"{max(said.longest_wait for said in heard):.2f} s")
    record_property("slowest read of a follower", f"{max(slowest for _, slowest in seen):.3f} s")


def check_log(url: str, plans: list[list[Unit]], heard: list[Said], followed: list[list[tuple[int, str]]]) -> None:
    with Tracker.open(url) as tracker:
        logged = [(entry.position, entry.id) for entry, _ in tracker.entries()]
        assert [position for position, _ in logged] == list(range(1, len(logged) + 1))
        assert [said.refused for said in heard] == [[]] * len(heard)
        acknowledged = [name for said in heard for ids in said.committed.values() for name in ids]
        assert len(acknowledged) == sum(unit.size for plan in plans for unit in plan)
        assert len(logged) == len({name for _, name in logged}) == len(acknowledged) + 7
        where = {name: position for position, name in logged}
        assert set(acknowledged) <= set(where)
        assert all(where[name] == position for said in heard for name, position in said.positions.items())
        for entries in followed:
            assert entries == logged
        assert tracker.verify().sound


def test_writers_find_the_head_whatever_isolation_the_server_prefers(
    postgresql_databases: PostgreSQLDatabases, tmp_path: Path
) -> None:
    plans = [units(writer, 30) for writer in range(4)]
    with postgresql_databases.empty() as url:
        register(url)
        strict = f"{url}&options=-c%20default_transaction_isolation%3Dserializable"
        writers = [Process(write, strict, plan, tmp_path) for plan in plans]
        with running(writers), ThreadPoolExecutor(len(writers)) as pool:
            assert [said.refused for said in pool.map(hear, writers)] == [[]] * len(writers)
        with Tracker.open(url) as tracker:
            assert tracker.checkpoint().position == 7 + 4 * 30
            assert tracker.verify().sound


@both
def test_of_writers_who_saw_the_same_head_exactly_one_appends_to_a_pair(databases: Databases) -> None:
    rivals, rounds = 3, 10
    together = CONTEXT.Barrier(rivals, timeout=60)
    with databases.empty() as url:
        register(url)
        plans = [
            [Unit(f"round {number} rival {rival}", "record", 1) for number in range(rounds)] for rival in range(rivals)
        ]
        processes = [Process(compete, url, together, plan) for plan in plans]
        with running(processes):
            heard = [message for process in processes for message in process.messages()]
        outcomes = Counter((name.partition(" rival")[0], outcome) for name, outcome in heard)
        assert outcomes == Counter(
            {
                (f"round {n}", outcome): much
                for n in range(rounds)
                for outcome, much in (("appended", 1), ("too late", 2))
            }
        )
        with Tracker.open(url) as tracker:
            assert tracker.checkpoint().position == 7 + rounds
            assert tracker.verify().sound


@both
def test_many_threads_share_one_tracker(databases: Databases) -> None:
    threads = 24
    with databases.empty() as url:
        register(url)
        with Tracker.open(url) as tracker, ThreadPoolExecutor(threads) as pool:
            with tracker._log.writing():  # all others have to wait at the same time
                units = [Unit(f"thread {number}", "record", 2) for number in range(threads)]
                waiting = [pool.submit(tracker.record, said(unit), by="writer") for unit in units]
                time.sleep(0.5)
                assert tracker.checkpoint().position == 7
            positions = {recorded.receipt.entry.position for done in waiting for recorded in done.result()}
            assert positions == set(range(8, 8 + 2 * threads))
            assert tracker.verify().sound


@contextmanager
def open_load(url: str, folder: Path) -> Iterator[tuple[ForkedCommand, Callable[[], None]]]:
    """A `tracker load` of 2,500 entries that has appended most of them and waits for the last; and what finishes it."""
    lines = events_file(Unit("bulk", "load", 2500), folder).read_bytes().splitlines(keepends=True)
    pipe = folder / "pipe.jsonl"
    os.mkfifo(pipe)
    with ForkedCommand("--db", url, "load", pipe) as process, pipe.open("wb", buffering=0) as out:
        out.write(b"".join(lines[:-1]))

        def finish() -> None:
            out.write(lines[-1])
            out.close()

        yield process, finish


def command(url: str, *args: str) -> tuple[Ran, float]:
    started = time.monotonic()
    with ForkedCommand("--db", url, "--by", "me", *args) as process:
        out, err = process.communicate()
    assert "Traceback" not in err
    assert process.returncode is not None
    return Ran(process.returncode, out, err), time.monotonic() - started


@both
def test_during_an_open_load_readers_answer_at_once_and_writers_wait(databases: Databases, tmp_path: Path) -> None:
    with databases.empty() as url:
        register(url)
        with Tracker.open(url) as reader, open_load(url, tmp_path) as (load, finish), ThreadPoolExecutor(1) as pool:
            started = time.monotonic()
            assert reader.checkpoint().position == len(list(reader.entries())) == 7
            assert reader.state().rows == ()
            with Tracker.open(url, wait_seconds=0) as another:
                assert another.verify().sound
            assert (
                time.monotonic() - started < 20
            )  # the load goes on: a reader that waited for it would wait 30 seconds
            log, took = command(url, "--wait", "0", "log")
            assert (log.code, len(log.out.splitlines())) == (0, 7)

            hasty, took = command(url, "--wait", "0.5", *RECORD)
            assert (hasty.code, hasty.out) == (1, "")
            assert "is in use by another writer" in hasty.err
            assert "--wait" in hasty.err
            assert 0.5 <= took < 15

            patient = pool.submit(command, url, *RECORD)
            time.sleep(1)
            assert not patient.done()
            finish()
            recorded, _ = patient.result()
            out, err = load.communicate()
            assert (load.returncode, out, err) == (0, "2,500 entries appended.\n", "")
            assert recorded.code == 0
            assert f"@{7 + 2500 + 1} " in recorded.out
            assert reader.checkpoint().position == 7 + 2500 + 1
            assert reader.verify().sound

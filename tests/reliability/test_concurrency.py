"""A reader that follows the log by position never misses an entry, whatever commits in whatever order."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.reliability.processes import CONTEXT, Process, Said, Unit, follow, hear, register, running, write
from tracker.tracker import Tracker

ENTRIES = int(os.environ.get("TRACKER_CONCURRENT_ENTRIES", "1500"))
WRITERS, FOLLOWERS = 8, 2
both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


def units(writer: int, entries: int) -> list[Unit]:
    """Half of the entries by bulk loads, the others one by one and by five; every third call dawdles."""
    planned: list[Unit] = []
    bulk, left = min(300, entries // 2), entries
    while left:
        number = len(planned)
        kind, size = [("record", 1), ("dawdle", 1), ("record", 5), ("record", 1), ("dawdle", 3)][number % 5]
        if number % 50 == writer * 6 % 50 and left >= bulk:
            kind, size = "load", bulk
        planned.append(Unit(f"writer {writer} {kind} {number}", kind, min(size, left)))
        left -= planned[-1].size
    return planned


@both
def test_two_followers_see_every_entry_of_eight_writers_once_and_in_order(
    databases: Databases, tmp_path: Path, record_property
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
        assert len(logged) == len(set(logged)) == len(acknowledged) + 7
        where = {name: position for position, name in logged}
        assert set(acknowledged) <= set(where)
        assert all(where[name] == position for said in heard for name, position in said.positions.items())
        for entries in followed:
            assert entries == logged
        assert tracker.verify().sound

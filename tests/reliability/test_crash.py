"""Whatever is killed at whatever moment: what was acknowledged is there, nothing is there by half, all verifies."""

import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg
import pytest

from tests.databases import Databases, PostgreSQLDatabases
from tests.forked import ForkedCommand
from tests.reliability.conftest import TIMES
from tests.reliability.processes import (
    Found,
    Process,
    Said,
    Unit,
    create,
    events_file,
    hear,
    ids_of,
    killed,
    look,
    register,
    write,
)
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

KINDS = (("record", 1), ("record", 5), ("load", 300), ("load", 1500), ("dawdle", 3))

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


def found_in(url: str, name: str) -> Found:
    """What a fresh process finds; it appends one entry more, without any repair."""
    process = Process(look, url, Unit(f"after {name}", "record", 1))
    found: Found = next(process.messages(until=time.monotonic() + 90))
    process.process.join()
    return found


def check(found: Found, plan: Sequence[Unit], said: Said) -> None:
    """Hold what is in the log to what was planned and what was acknowledged."""
    assert found.damage == []
    assert [position for position, _, _ in found.entries] == list(range(1, len(found.entries) + 1))
    assert found.next_position == len(found.entries) + 1
    there = Counter(summary for _, _, summary in found.entries)
    for unit in plan:
        assert there[unit.name] in (0, unit.size), f"{unit.name} is there by half"
    where = {event_id: position for position, event_id, _ in found.entries}
    for unit in plan:
        if unit.name in said.committed:
            assert all(event_id in where for event_id in said.committed[unit.name]), f"{unit.name} is lost"
    for event_id, position in said.positions.items():
        assert where[event_id] == position


def planned(name: str, kind: str, size: int, *, calls: int = 500) -> list[Unit]:
    return [Unit(f"{name} {kind} {number}", kind, size) for number in range(calls)]


@both
def test_a_killed_writer_leaves_what_it_acknowledged_and_no_half(
    durable: Databases, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    phases: Counter[str] = Counter()
    for turn in range(TIMES):
        with durable.empty() as url:
            register(url)
            for kind, size in KINDS:
                plan = planned(f"{turn}.{size}", kind, size)
                said = killed(random.uniform(0, 0.6), write, url, plan, tmp_path)
                phases[said.phase] += said.killed
                assert said.refused == []
                check(found_in(url, plan[0].name), plan, said)
    record_property("kills", f"{phases.total()} ({_shares(phases)})")


@both
def test_a_killed_rebuild_leaves_the_projections_as_they_were(
    durable: Databases, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    phases: Counter[str] = Counter()
    with durable.empty() as url:
        register(url)
        with Tracker.open(url) as tracker:
            tracker.load([events_file(Unit("much", "load", 2000), tmp_path)])
            started = time.monotonic()
            tracker.rebuild()
            took = time.monotonic() - started
        for number in range(TIMES):
            plan = [Unit(f"{number} rebuild {again}", "rebuild", 0) for again in range(100)]
            said = killed(random.uniform(0, 2 * took), write, url, plan, tmp_path)
            phases[said.phase] += said.killed
            check(found_in(url, plan[0].name), plan, said)
    record_property("kills", f"{phases.total()} ({_shares(phases)})")


@both
def test_a_killed_creation_leaves_a_database_or_none(
    durable: Databases, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    made: Counter[str] = Counter()
    started = time.monotonic()
    hear(Process(create, _nothing_yet(durable, tmp_path, 0)))
    took = time.monotonic() - started
    for number in range(1, 1 + TIMES):
        url = _nothing_yet(durable, tmp_path, number)
        said = killed(random.uniform(0, took), create, url)
        again = create_database(url)
        assert not (again and said.phase == "between appends"), "it was acknowledged, and is not there"
        made["not there" if again else "there"] += said.killed
        register(url)
        check(found_in(url, str(number)), [], Said())
    record_property("kills", f"{made.total()} ({_shares(made)})")


def _nothing_yet(databases: Databases, folder: Path, number: int) -> str:
    if isinstance(databases, PostgreSQLDatabases):
        return databases.new_database(f"tracker_test_creation_{number % 3}")
    return str(folder / f"new-{number}.db")


@both
def test_a_killed_command_leaves_what_it_printed_and_no_half(
    durable: Databases, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    ends: Counter[str] = Counter()
    took: dict[str, float] = {}
    for number in range(TIMES):
        with durable.empty() as url:
            register(url)
            for kind, size in _COMMANDS:
                finished, _ = _command(url, Unit(f"first {kind}", kind, size), tmp_path)
                took[kind] = min(finished, took.get(kind, finished))
                unit = Unit(f"{number} {kind}", kind, size)
                _, said = _command(url, unit, tmp_path, kill_after=random.uniform(0.5, 1) * took[kind])
                found = found_in(url, unit.name)
                check(found, [unit], said)
                there = any(summary == unit.name for _, _, summary in found.entries)
                end = "acknowledged" if said.committed else "committed, not told" if there else "not recorded"
                ends[end] += said.killed
            with ForkedCommand("--db", url, "verify") as verifying:
                assert verifying.communicate()[1] == ""
            assert verifying.returncode == 0
    record_property("kills", f"{ends.total()} ({_shares(ends)})")


_COMMANDS = (("load", 1000), ("record", 1))


def _command(url: str, unit: Unit, folder: Path, *, kill_after: float | None = None) -> tuple[float, Said]:
    """Append a unit with a `tracker` command, and kill it after so many seconds; how long it took and what it said."""
    command = ["record", "AAA", "a/a", "supports", "--on", "2019-12-10", "--summary", unit.name, "--anyway"]
    if unit.kind == "load":
        command = ["load", str(events_file(unit, folder))]
    started = time.monotonic()
    said = Said()
    with ForkedCommand("--db", url, "--by", "writer", *command) as process:
        try:
            out, err = process.communicate(timeout=kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            said.killed = process.returncode == -signal.SIGKILL
    assert "Traceback" not in err
    if told := re.search(r"@(\d+) ([0-9a-f-]{36})\n", out):
        said.committed[unit.name], said.positions = [told[2]], {told[2]: int(told[1])}
    elif f"{unit.size:,} entries appended." in out:
        said.committed[unit.name] = ids_of(unit)
    return time.monotonic() - started, said


@pytest.mark.skipif(TIMES == 1, reason="crashes a server of its own: a part of `make test-crash`")
def test_a_server_that_crashes_keeps_what_it_acknowledged_and_its_users_go_on(
    own_server: PostgreSQLDatabases, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    phases: Counter[str] = Counter()
    with own_server.empty() as url:
        register(url)
        for number in range(TIMES):
            kind, size = KINDS[number % len(KINDS)]
            plan = planned(f"crash {number}", kind, size, calls=3_000)
            process = Process(write, url, plan, tmp_path)
            said = Said()
            said.take(next(process.messages()))
            _hear_for(process, said, random.uniform(0, 0.4))
            os.kill(_server_process(url), signal.SIGKILL)
            phases[said.phase] += 1
            before = len(said.committed)
            deadline = time.monotonic() + 60
            while not (said.refused and len(said.committed) > before + 1) and time.monotonic() < deadline:
                _hear_for(process, said, 0.05)
                before = before if said.refused else len(said.committed)
            process.kill()
            for message in process.messages():
                said.take(message)
            assert len(said.committed) > before + 1, f"it did not go on: {said.refused[-3:]}"
            assert all(refusal.startswith("The database ") for refusal in said.refused)
            check(found_in(url, plan[0].name), plan, said)
    record_property("crashes of the server", f"{phases.total()} ({_shares(phases)})")


def _hear_for(process: Process, said: Said, seconds: float) -> None:
    for message in process.messages(until=time.monotonic() + seconds):
        said.take(message)


def _server_process(url: str) -> int:
    """The server's process for the one writer there is."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'tracker' AND datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _shares(counted: Counter[str]) -> str:
    return ", ".join(f"{name}: {number}" for name, number in counted.most_common())

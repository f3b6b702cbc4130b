"""Writers and followers in processes of their own, which say what they do as they do it, and can be killed."""

import random
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from tests import ledger
from tests.forked import CONTEXT
from tracker.domain.log.entries import Draft, Entry, file_line
from tracker.domain.log.events import PositionStated
from tracker.errors import DatabaseUnavailable, PairMovedOn, TrackerError
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

PARTIES, ISSUES = ("AAA", "BBB", "CCC", "DDD"), ("a/a", "a/b", "b/c")


class Unit(NamedTuple):
    """What one call appends, all or nothing: so many entries that carry its name as their summary."""

    name: str
    kind: str
    size: int


@dataclass
class Said:
    """What a process said until it ended or was killed."""

    committed: dict[str, list[str]] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    phase: str = "before the first"
    killed: bool = False
    longest_wait: float = 0.0
    longest_call: float = 0.0

    def take(self, message: tuple[str, Any]) -> None:
        """Keep a message."""
        kind, value = message
        if kind == "acknowledged":
            unit, ids, positions, waited, took = value
            self.committed[unit] = ids
            self.positions.update(positions)
            self.longest_wait, self.longest_call = max(self.longest_wait, waited), max(self.longest_call, took)
            self.phase = "between appends"
        elif kind == "refused":
            self.refused.append(value)
        else:
            self.phase = kind


# --- what is appended -----------------------------------------------------------------------------


def register(url: str) -> None:
    """Register the parties and issues that everything here is about."""
    text = "\n".join([*(f"party {party}" for party in PARTIES), *(f"issue {issue}" for issue in ISSUES)])
    with Tracker.open(url) as tracker, tracker._log.writing() as log:
        for draft in ledger.drafts(text):
            log.append(Draft(draft.event, draft.id, draft.recorded_by))


def said(unit: Unit) -> list[PositionStated]:
    """The statements of a unit: on few pairs, where writers meet, each by a speaker of its own."""
    return [
        PositionStated(
            party=PARTIES[number % len(PARTIES)],
            issue=ISSUES[number % len(ISSUES)],
            stance="supports",
            stated_on=f"2019-12-{1 + number % 28:02}",
            speaker=f"{unit.name} {number}",
            summary=unit.name,
        )
        for number in range(unit.size)
    ]


def ids_of(unit: Unit) -> list[str]:
    return [str(uuid5(NAMESPACE_OID, f"{unit.name} {number}")) for number in range(unit.size)]


def events_file(unit: Unit, folder: Path) -> Path:
    """An events file with the statements of a unit."""
    path = folder / f"{unit.name.replace(' ', '-')}.jsonl"
    events = zip(ids_of(unit), said(unit), strict=True)
    with path.open("wb") as out:
        out.writelines(file_line(Entry(0, name, event, ledger.START, "writer")) + b"\n" for name, event in events)
    return path


def record(tracker: Tracker, unit: Unit, _: Path) -> dict[str, int]:
    done = tracker.record(said(unit), by="writer", event_ids=ids_of(unit))
    return {recorded.receipt.entry.id: recorded.receipt.entry.position for recorded in done}


def load(tracker: Tracker, unit: Unit, folder: Path) -> dict[str, int]:
    path = events_file(unit, folder)
    assert tracker.load([path]).appended == unit.size
    path.unlink()
    return {}


def append_and_dawdle(tracker: Tracker, unit: Unit, _: Path) -> dict[str, int]:
    """Append at the log's own interface, and hold the commit back for as long as chance will have it."""
    positions = {}
    with tracker._log.writing() as log:
        for name, statement in zip(ids_of(unit), said(unit), strict=True):
            positions[name] = log.append(Draft(statement, name, "writer")).entry.position
            time.sleep(random.random() ** 4 * 0.05)
    return positions


def rebuild(tracker: Tracker, _: Unit, __: Path) -> dict[str, int]:
    tracker.rebuild()
    return {}


KINDS: dict[str, Callable[[Tracker, Unit, Path], dict[str, int]]] = {
    "record": record,
    "load": load,
    "dawdle": append_and_dawdle,
    "rebuild": rebuild,
}


# --- what the processes do ------------------------------------------------------------------------


def write(pipe: Connection, url: str, units: Iterable[Unit], folder: Path) -> None:
    """Append units, and say which phase each is in, what was committed, and what was refused."""
    with Tracker.open(url) as tracker:
        began = _tell_phases(tracker, pipe)
        pipe.send(("before the first", None))
        for unit in units:
            called = time.monotonic()
            try:
                positions = KINDS[unit.kind](tracker, unit, folder)
            except TrackerError as refusal:
                pipe.send(("refused", str(refusal)))
                time.sleep(0.05)  # whoever mends it takes longer than we to ask again
                continue
            ids = ids_of(unit) if unit.kind != "rebuild" else []
            took = time.monotonic() - called
            pipe.send(("acknowledged", (unit.name, ids, positions, began[-1] - called, took)))


def _tell_phases(tracker: Tracker, pipe: Connection) -> list[float]:
    """Say when a writing transaction has the lock and when it commits; returns when the last one got it."""
    began = [0.0]

    writing = tracker._log.writing

    @contextmanager
    def told(**how: Any) -> Iterator[Any]:
        with writing(**how) as log:
            began[0] = time.monotonic()
            pipe.send(("inside the transaction", None))
            yield log
            pipe.send(("committing", None))

    tracker._log.writing = told  # type: ignore[method-assign]
    return began


def follow(pipe: Connection, url: str, finished: Any) -> None:
    """Read the log by position until nothing comes any more, and say which entries came, in their order."""
    seen: list[tuple[int, str]] = []
    slowest = 0.0
    with Tracker.open(url) as tracker:
        pipe.send("following")
        last_round = False
        while True:
            started = time.monotonic()
            new = [(entry.position, entry.id) for entry, _ in tracker.entries(after=seen[-1][0] if seen else 0)]
            slowest = max(slowest, time.monotonic() - started)
            seen += new
            if last_round and not new:
                break
            last_round = finished.is_set()
            time.sleep(random.random() * 0.01)
    pipe.send((seen, slowest))


def compete(pipe: Connection, url: str, together: Any, units: Sequence[Unit]) -> None:
    """Look at the log, wait until the others have looked too, and append to the same pair as they."""
    with Tracker.open(url) as tracker:
        for unit in units:
            together.wait()
            seen = tracker.checkpoint().position
            together.wait()
            try:
                tracker.record(said(unit), by="writer", expected_position=seen)
                pipe.send((unit.name, "appended"))
            except PairMovedOn:
                pipe.send((unit.name, "too late"))


class Found(NamedTuple):
    """What a process finds that opens the database afterwards."""

    entries: list[tuple[int, str, str]]
    damage: list[str]
    next_position: int


def look(pipe: Connection, url: str, unit: Unit) -> None:
    """Read the whole log, verify it, and append one more unit. Waits for a server that recovers."""
    with _opened(url) as tracker:
        entries = [(entry.position, entry.id, getattr(entry.event, "summary", "")) for entry, _ in tracker.entries()]
        verified = tracker.verify()
        damage = [f"{found.position}: {found.message}" for found in (*verified.log, *verified.projections)]
        done = tracker.record(said(unit), by="writer", event_ids=ids_of(unit))
        pipe.send(Found(entries, damage, done[0].receipt.entry.position))


def _opened(url: str) -> Tracker:
    deadline = time.monotonic() + 60
    while True:
        try:
            return Tracker.open(url)
        except DatabaseUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def create(pipe: Connection, url: str) -> None:
    """Make a database."""
    pipe.send(("before the first", None))
    create_database(url)
    pipe.send(("between appends", None))


# --- start them, listen to them, kill them --------------------------------------------------------


class Process:
    """A process of ours and the pipe on which it speaks."""

    def __init__(self, target: Callable[..., None], *args: Any) -> None:
        self.pipe, theirs = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(target=target, args=(theirs, *args), daemon=True)
        self.process.start()
        theirs.close()

    def messages(self, *, until: float | None = None) -> Iterator[Any]:
        """What it says, until it ends or the monotonic clock shows a time."""
        while until is None or (left := until - time.monotonic()) > 0:
            try:
                if not self.pipe.poll(None if until is None else left):
                    return
                yield self.pipe.recv()
            except (EOFError, ConnectionResetError):  # it ended, perhaps in the middle of a word
                return

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


def killed(delay: float, target: Callable[..., None], *args: Any) -> Said:
    """Run a process, kill it so long after it is ready, and return what it said until then."""
    process = Process(target, *args)
    heard = Said()
    heard.take(next(process.messages(until=time.monotonic() + 60)))
    for message in process.messages(until=time.monotonic() + delay):
        heard.take(message)
    process.kill()
    for message in process.messages():
        heard.take(message)
    heard.killed = process.process.exitcode == -signal.SIGKILL
    return heard


def hear(process: Process) -> Said:
    """What a process said until it ended by itself."""
    heard = Said()
    for message in process.messages():
        heard.take(message)
    process.process.join()
    assert process.process.exitcode == 0
    return heard


@contextmanager
def running(processes: Sequence[Process]) -> Iterator[None]:
    """Leave none of them behind."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()

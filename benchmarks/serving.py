"""How long the page takes: the matrix, the same again, and many readers beside a writer, over a real server."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import quantiles

from benchmarks import turns
from benchmarks.asking import whole
from benchmarks.bench import LAST_DAY, Bench
from benchmarks.results import MEGABYTE, Figure, Goal, Result, at_most, within
from benchmarks.shape import issue_path, party_code
from benchmarks.turns import in_turn, timed
from tracker.domain.log.events import PositionStated
from tracker.domain.terms.vocabulary import Attribution, Stance
from tracker.tracker import Tracker

MATRIX, AGAIN, OF_STATE = 0.100, 0.005, 1.7
"""How many seconds the matrix of 4,000 cells and a repeated read may take, and the matrix beside `Tracker.state`."""
FIRST_VIEW = 300_000
"""How many bytes the first view of the page may have, as they are sent."""
READERS, P95 = 50, 1.0
"""How many read at once beside a writer, and how many seconds 95 of 100 of their answers may take."""
ASSETS = ("/static/style.css", "/static/page.css", "/static/page.js", "/static/icon.svg")


def page(bench: Bench) -> Iterator[Result]:
    """The matrix on the last day, and the same read again, against the Python API's own state."""
    path = bench.data.database(bench.shape)
    address = f"/?on={LAST_DAY.isoformat()}"
    with ExitStack() as stack:
        tracker = stack.enter_context(Tracker.open(str(path)))
        server = stack.enter_context(served(path))
        client = stack.enter_context(closing(HTTPConnection("127.0.0.1", server.port, timeout=60)))
        body, tag = _get(client, address)
        sent = len(body) + sum(len(_get(client, asset)[0]) for asset in ASSETS)
        contenders = {
            "tracker": lambda: timed(_get, client, address),
            "Tracker.state": whole(tracker),
            "again": lambda: timed(_get, client, address, tag),
        }
        ours, state, again = in_turn(contenders, times=2 * bench.runs, warm_up=2).values()
    cells = bench.parties * bench.issues
    goals = (within(MATRIX, ours), at_most(OF_STATE, ours, state, "Tracker.state"), _small(sent))
    yield Result("page", f"page of the matrix, {cells:,} cells", bench.entries, ours, state, goals)
    yield Result("page", "the same page read again (304)", bench.entries, again, None, (within(AGAIN, again),))


def readers(bench: Bench) -> Iterator[Result]:
    """Many readers at once beside a writer: how long an answer takes, and what it costs the server in memory."""
    each = 8 if turns.AT_MOST > 1 else 1
    with bench.data.copy(bench.data.database(bench.smaller)) as path, served(path) as server:
        _read_at_once(server.port, 4, bench)
        before = server.resident
        with _writing(path, bench.issues):
            seconds, refused = _read_at_once(server.port, each, bench)
        grown = server.resident / before
    ours = Figure.of("tracker", seconds)
    slowest = quantiles(seconds, n=20)[-1]
    goals = (
        Goal("no error", f"{refused} of {len(seconds) + refused}", not refused),
        Goal(f"p95 at most {P95:g} s", f"{slowest:.2f} s", slowest <= P95),
        Goal("memory flat: at most 1.2 × that after the first answers", f"{grown:.2f} ×", grown <= 1.2),
    )
    yield Result("readers", f"{READERS} readers at once beside a writer", bench.entries // 10, ours, None, goals)


class Served:
    """A server in a process of its own, at a port of loopback."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.port, self._process = port, process

    @property
    def resident(self) -> float:
        """The memory that the server holds now, in megabytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1_000 / MEGABYTE


@contextmanager
def served(path: Path) -> Iterator[Served]:
    """Serve a database as `tracker serve` does, and end it."""
    command = [str(Path(sys.executable).parent / "tracker"), "--db", str(path), "serve", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found is not None, "the server did not start"
        server = Served(process, int(found[1]))
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as client:
            _get(client, "/")
        yield server
    finally:
        process.terminate()
        process.wait()


def _get(client: HTTPConnection, address: str, tag: str = "") -> tuple[bytes, str]:
    client.request("GET", address, headers={"Accept-Encoding": "gzip", **({"If-None-Match": tag} if tag else {})})
    answer = client.getresponse()
    body = answer.read()
    if answer.status != (304 if tag else 200):
        raise RuntimeError(f"{address}: {answer.status}")
    return body, answer.headers.get("ETag", "")


def _small(sent: int) -> Goal:
    return Goal(f"first view under {FIRST_VIEW // 1_000} kB", f"{sent / 1_000:.0f} kB", sent < FIRST_VIEW)


@contextmanager
def _writing(path: Path, issues: int) -> Iterator[None]:
    """Record a statement again and again meanwhile."""
    ended = threading.Event()

    def write() -> None:
        with Tracker.open(str(path)) as tracker:
            for number in count():
                if ended.wait(0.01):
                    return
                tracker.record([_said_again(number, issues)], by="bench", anyway=True)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def _said_again(number: int, issues: int) -> PositionStated:
    return PositionStated(
        party=party_code(0),
        issue=issue_path(0, issues),
        stance=Stance.SUPPORTS,
        stated_on=LAST_DAY.isoformat(),
        attribution=Attribution.REPORTED,
        summary=f"It said so again ({number}).",
    )


def _read_at_once(port: int, each: int, bench: Bench) -> tuple[list[float], int]:
    """The seconds of every answer, and how many were refused or broke off."""
    seconds: list[float] = []
    refused: list[str] = []

    def read(number: int) -> None:
        party, issue = party_code(number % bench.parties), issue_path(number % bench.issues, bench.issues)
        pair = f"party={party}&issue={issue}"
        asked = (f"/?issue={issue}", f"/api/state?party={party}", f"/explain?{pair}", f"/api/history?{pair}")
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as client:
            for at in range(each):
                try:
                    seconds.append(timed(_get, client, asked[(number + at) % len(asked)]))
                except (OSError, RuntimeError) as error:
                    refused.append(str(error))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    _all(threads, threading.Thread.start)
    _all(threads, threading.Thread.join)
    return seconds, len(refused)


def _all(threads: list[threading.Thread], act: Callable[[threading.Thread], None]) -> None:
    for thread in threads:
        act(thread)

"""How long it takes to record one statement durably."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from benchmarks import bare
from benchmarks.bench import LAST_DAY, Bench
from benchmarks.results import Result, at_least, at_most, faster_than
from benchmarks.shape import issue_path, party_code, words
from benchmarks.turns import Timing, in_turn
from tracker.domain.log.events import Event, IssueOpened, PositionStated, SourceRegistered
from tracker.tracker import Tracker

LONG_PAIR = 5_000
"""How many statements the pair holds into which a late one is recorded."""


def record(bench: Bench) -> Iterator[Result]:
    """One statement in one commit: the tracker, sqlite3 with the very same rows, and `eventsourcing`."""
    with ExitStack() as stack:
        path = stack.enter_context(bench.data.copy(bench.data.database(bench.shape)))
        with Tracker.open(str(path)) as tracker:
            tracker.record([the_source()], by="bench")
            last = tracker.checkpoint().position
        same = stack.enter_context(bench.data.copy(path))
        tracker = stack.enter_context(Tracker.open(str(path)))
        new = new_statements(bench)
        record_one(tracker, next(new))  # which sqlite3 inserts first: it is always one behind
        reader = stack.enter_context(closing(bare.connect(path)))
        writer = stack.enter_context(closing(bare.connect(same)))
        rows = rows_after(last, reader)
        contenders: dict[str, Timing] = {
            "tracker": lambda: record_one(tracker, next(new)),
            "sqlite3": lambda: _insert(next(rows), writer),
        }
        if bench.peer("eventsourcing"):
            contenders |= _event_store(bench, stack, reader)
        figures = in_turn(contenders, times=40 * bench.runs, warm_up=20)
    ours, limit, *peers = figures.values()
    goals = [at_least(0.5, ours, limit)]
    goals += [faster_than(ours, peers[:1])] if peers else []
    yield Result("record", "record a statement", bench.entries, ours, limit, tuple(goals), tuple(peers))


def record_late(bench: Bench) -> Iterator[Result]:
    """A late statement into a pair with 5,000 statements, and one into a pair without any."""
    days = [LAST_DAY - timedelta(days=2 * number) for number in range(LONG_PAIR)]
    in_between = iter(random.Random(4).sample([day - timedelta(days=1) for day in days], k=LONG_PAIR))
    issues = [f"late/{number}" for number in range(20 * bench.runs + 10)]
    empty_pairs = ((party_code(party), issue) for issue in issues for party in range(1, bench.parties))
    with bench.data.copy(bench.data.database(bench.shape)) as path, Tracker.open(str(path)) as tracker:
        tracker.record([IssueOpened(issue=one, title="Late", question="Is it late?") for one in issues], by="bench")
        tracker.record([PositionStated(**_affirmed(party_code(0), issues[0], day)) for day in days], by="bench")

        def into_the_long_pair() -> float:
            return record_one(tracker, _affirmed(party_code(0), issues[0], next(in_between)))

        def into_an_empty_pair() -> float:
            return record_one(tracker, _affirmed(*next(empty_pairs), date(1990, 1, 1)))

        contenders = {"tracker": into_the_long_pair, "an empty pair": into_an_empty_pair}
        ours, empty = in_turn(contenders, times=20 * bench.runs, warm_up=10).values()
    title = f"record late, into a pair with {LONG_PAIR:,}"
    yield Result("record-late", title, bench.entries, ours, empty, (at_most(3, ours, empty, "into an empty pair"),))


def new_statements(bench: Bench) -> Iterator[dict[str, Any]]:
    """The fields of statements such as the history has: most of them of today, about any pair."""
    chance = random.Random(2)
    while True:
        late = int(chance.random() ** 2 * 2_000) if chance.random() < bench.shape.late else 0
        yield {
            "party": party_code(chance.randrange(bench.parties)),
            "issue": issue_path(chance.randrange(bench.issues), bench.issues),
            "stance": chance.choice(("opposes", "sceptical", "neutral", "supports")),
            "stated_on": (LAST_DAY - timedelta(days=late)).isoformat(),
            "summary": words(chance, 14),
            "quote": words(chance, 12),
            "speaker": f"Minister {chance.randrange(10**9)}",
            "speaker_role": "Foreign Minister",
            "act": "offers",
            "source": _SOURCE,
        }


def the_source() -> Event:
    """The source of the new statements."""
    return SourceRegistered(source=_SOURCE, title="Wire", publisher="Agency")


def record_one(tracker: Tracker, data: dict[str, Any]) -> float:
    """Build a statement from its fields and record it. Returns the seconds."""
    start = perf_counter()
    tracker.record([PositionStated(**data)], by="bench")
    return perf_counter() - start


def rows_after(position: int, reader: Any, mark: str = "?") -> Iterator[tuple[Any, ...]]:
    """The rows of the log after a position, one by one as they are appended."""
    while True:
        position += 1
        yield reader.execute(f"SELECT * FROM log WHERE position = {mark}", (position,)).fetchone()


def _insert(row: tuple[Any, ...], writer: Any) -> float:
    """Insert a row that the tracker appended into a copy of its database, and commit."""
    insert = bare.insert_of(writer, "log")
    start = perf_counter()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute(insert, row)
    writer.execute("COMMIT")
    return perf_counter() - start


def _event_store(bench: Bench, stack: ExitStack, reader: Any) -> dict[str, Timing]:
    from benchmarks.peers.events import EventStore

    folder = stack.enter_context(bench.data.scratch())
    bench.say(f"filling eventsourcing with {bench.entries:,} events")
    store = stack.enter_context(closing(EventStore(folder / "events.db", bench.data.history(bench.shape))))
    new = new_statements(bench)

    def insert() -> float:
        (line,) = reader.execute("SELECT line FROM log ORDER BY position DESC LIMIT 1").fetchone()
        return store.insert(line)

    return {
        "eventsourcing Application.save": lambda: store.save(next(new)),
        "eventsourcing repository.get, save": lambda: store.get_and_save(next(new)),
        "eventsourcing recorder": insert,
    }


def _affirmed(party: str, issue: str, day: date) -> dict[str, Any]:
    said = {"stance": "supports", "stated_on": day.isoformat(), "summary": "As before."}
    return {"party": party, "issue": issue, **said}


_SOURCE = "bench-wire"

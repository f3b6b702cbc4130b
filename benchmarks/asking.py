"""How long it takes to ask: the state on a day, with each clock, of long runs and of one pair, and the report."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date, timedelta
from sqlite3 import Connection
from typing import Any

from benchmarks import bare
from benchmarks.bench import LAST_DAY, Bench
from benchmarks.results import Figure, Goal, Result, at_most, faster_than, within
from benchmarks.shape import Shape, issue_path, party_code, with_long_runs
from benchmarks.statements import answer_of, counting_statements
from benchmarks.turns import Timing, in_turn, timed
from tracker.domain.terms.scope import KnownAt, Query, Scope
from tracker.tracker import Tracker

MATRIX, WHOLE_MATRIX = 4_000, 0.060
"""How many seconds the state of so many pairs may take."""
QUANTITIES = 1.2
"""How much longer the state may take if half of the pairs are quantities."""
REPORT = 0.100
"""How many seconds a report may take."""

_A_ROW = "a row with a tenth of the entries"
Answer = Callable[[date], Sequence[tuple[Any, ...]]]


def state(bench: Bench) -> Iterator[Result]:
    """Who stands where on the last day, all pairs, against one probe of an index for each pair."""
    with ExitStack() as stack:
        tracker, raw = _opened(bench, stack, bench.shape)
        smaller, _ = _opened(bench, stack, bench.smaller)
        peers = _peers(bench, stack, tracker, bench.shape)
        contenders = {"tracker": whole(tracker), "a tenth": whole(smaller), "sqlite3": _heads(raw)}
        contenders |= {name: _asked(ask) for name, ask in peers.items()}
        ours, tenth, limit, *others = in_turn(contenders, times=2 * bench.runs, warm_up=2).values()
        rows, fewer = (len(one.state(LAST_DAY).cells) for one in (tracker, smaller))
    pairs = bench.parties * bench.issues
    title = f"state, all {pairs:,} pairs"
    tenth = tenth.times(rows / fewer)
    goals = [within(WHOLE_MATRIX, ours), at_most(2, ours, tenth, _A_ROW)] if pairs <= MATRIX else []
    yield Result("state", title, bench.entries, ours, limit, (*goals, *_faster(ours, others)), tuple(others))


def state_of_quantities(bench: Bench) -> Iterator[Result]:
    """The same where half of the issues ask for an amount, against one where all ask for a stance."""
    shape = replace(bench.shape, quantities=bench.issues // 2)
    with ExitStack() as stack:
        tracker, raw = _opened(bench, stack, shape)
        stances, _ = _opened(bench, stack, bench.shape)
        contenders = {"tracker": whole(tracker), "stances": whole(stances), "sqlite3": _heads(raw)}
        ours, plain, limit = in_turn(contenders, times=2 * bench.runs, warm_up=2).values()
    title = f"state, {bench.parties * bench.issues:,} pairs, half of them quantities"
    goals = (at_most(QUANTITIES, ours, plain, "stances alone"),)
    yield Result("state-quantities", title, bench.entries, ours, limit, goals, (plain.named("stances alone"),))


def state_of_long_runs(bench: Bench) -> Iterator[Result]:
    """The same where each pair has about 1,000 statements, and half of the pairs have affirmed one stance with all."""
    shape = with_long_runs(bench.entries)
    with ExitStack() as stack:
        tracker, raw = _opened(bench, stack, shape)
        peers = _peers(bench, stack, tracker, shape)
        contenders = {"tracker": whole(tracker), "sqlite3": _heads(raw)}
        contenders |= {name: _asked(ask) for name, ask in peers.items()}
        ours, limit, *others = in_turn(contenders, times=2 * bench.runs, warm_up=2).values()
    title = f"state, {shape.parties * shape.issues:,} pairs with runs of 1,000"
    goals = (within(WHOLE_MATRIX, ours), *_faster(ours, others))
    yield Result("state-runs", title, bench.entries, ours, limit, goals, tuple(others))


def state_by_clocks(bench: Bench) -> Iterator[Result]:
    """The state as known at a position in the newest and the oldest tenth, and as public by a day."""
    with ExitStack() as stack:
        tracker = stack.enter_context(Tracker.open(str(bench.data.database(bench.shape))))
        asked: dict[str, tuple[date, Query]] = {}
        for share in (0.95, 0.05):
            position = int(bench.entries * share)
            query = Query(known_at=KnownAt(f"@{position}", position=position))
            asked[f"known at @{position:,}, last day"] = (LAST_DAY, query)
            asked[f"known at @{position:,}, its day"] = (tracker.recorded_on(position), query)
        for day in (_middle(bench), LAST_DAY - timedelta(days=365)):
            query = Query(published_by=day)
            asked[f"public by {day}, last day"] = (LAST_DAY, query)
            asked[f"public by {day}, that day"] = (day, query)
        contenders = {"plain": whole(tracker)}
        contenders |= {name: whole(tracker, day, query) for name, (day, query) in asked.items()}
        figures = in_turn(contenders, times=bench.runs, warm_up=1)
    plain = figures.pop("plain")
    for name, ours in figures.items():
        goals = (at_most(2, ours, plain, "the plain state"),)
        yield Result("clocks", f"state as {name}", bench.entries, ours.named("tracker"), plain, goals)


def one_pair(bench: Bench) -> Iterator[Result]:
    """One party, one issue, one day, against the bare select of that pair's newest statement."""
    chance = random.Random(3)
    pairs = [
        (party_code(chance.randrange(bench.parties)), issue_path(chance.randrange(bench.issues), bench.issues))
        for _ in range(50)
    ]
    with ExitStack() as stack:
        tracker, raw = _opened(bench, stack, bench.shape)
        queries = [Query(Scope(frozenset({party}), frozenset({issue}))) for party, issue in pairs]

        def ask() -> None:
            for query in queries:
                tracker.state(LAST_DAY, query)

        def select() -> None:
            for party, issue in pairs:
                bound = {"party": party, "issue": issue, "on": LAST_DAY.isoformat()}
                raw.execute(bare.ONE_PAIR, bound).fetchone()

        contenders = {"tracker": lambda: timed(ask) / len(pairs), "sqlite3": lambda: timed(select) / len(pairs)}
        ours, limit = in_turn(contenders, times=2 * bench.runs, warm_up=2).values()
    yield Result("pair", "state of one pair", bench.entries, ours, limit, (at_most(8, ours, limit, "the limit"),))


def report(bench: Bench) -> Iterator[Result]:
    """What changed in 30 days, and in so many of a log with a tenth of the entries that as much changed."""
    with ExitStack() as stack:
        tracker, raw = _opened(bench, stack, bench.shape)
        smaller, fewer = _opened(bench, stack, bench.smaller)
        for name, up_to in (("end", LAST_DAY), ("middle", _middle(bench))):
            changes = len(_window(raw, up_to, 30))
            days = next((days for days in range(10, 9_000, 10) if len(_window(fewer, up_to, days)) >= changes), 9_000)
            contenders = {
                "tracker": _report(tracker, up_to, 30),
                "a tenth": _report(smaller, up_to, days),
                "sqlite3": _timed_window(raw, up_to, 30),
            }
            ours, tenth, limit = in_turn(contenders, times=2 * bench.runs, warm_up=2).values()
            title = f"report, 30 days, {name}: {changes:,} changes"
            goals = [within(REPORT, ours)]
            if bench.parties * bench.issues <= MATRIX:  # with more, a tenth of the log holds fewer of the pairs
                goals.append(at_most(2, ours, tenth, "as many changes in a log a tenth as long"))
            yield Result("report", title, bench.entries, ours, limit, tuple(goals))


def whole(tracker: Tracker, on: date = LAST_DAY, query: Query | None = None) -> Timing:
    """The state on a day, all pairs, as rows."""
    asked = query or Query()
    return lambda: timed(lambda: tracker.state(on, asked).rows)


def _opened(bench: Bench, stack: ExitStack, shape: Shape) -> tuple[Tracker, Connection]:
    path = bench.data.database(shape)
    return stack.enter_context(Tracker.open(str(path))), stack.enter_context(closing(bare.connect(path)))


def _peers(bench: Bench, stack: ExitStack, tracker: Tracker, shape: Shape) -> dict[str, Answer]:
    """The peers that are installed, ready to answer; each is first held to the tracker's own answer."""
    duckdb, polars = bench.peer("duckdb"), bench.peer("polars")
    if not polars:
        return {}
    from benchmarks.peers.frames import Frame

    bench.say("preparing the peers' tables")
    statements = counting_statements(bench.data.history(shape))
    peers: dict[str, Answer] = {"polars": Frame(statements).state}
    if duckdb:
        from benchmarks.peers.duck import Duck

        folder = stack.enter_context(bench.data.scratch())
        duck = stack.enter_context(closing(Duck(folder / "peer.duckdb", statements)))
        peers |= {"duckdb arg_max": duck.arg_max, "duckdb intervals": duck.intervals}
    expected = [answer_of(row) for row in tracker.state(LAST_DAY).rows]
    for name, ask in peers.items():
        if list(ask(LAST_DAY)) != expected:
            raise RuntimeError(f"{name} answers differently from the tracker")
    return peers


def _faster(ours: Figure, peers: Sequence[Figure]) -> Iterator[Goal]:
    """Than those that answer from the statements, and than those whose answers lie ready."""
    ready = [peer for peer in peers if peer.name.endswith("intervals")]
    for some in ([peer for peer in peers if peer not in ready], ready):
        if some:
            yield faster_than(ours, some)


def _middle(bench: Bench) -> date:
    return LAST_DAY - timedelta(days=round(bench.shape.years * 365.25 / 2))


def _asked(ask: Answer) -> Timing:
    return lambda: timed(ask, LAST_DAY)


def _heads(raw: Connection) -> Timing:
    return lambda: timed(lambda: raw.execute(bare.HEADS, {"on": LAST_DAY.isoformat()}).fetchall())


def _report(tracker: Tracker, up_to: date, days: int) -> Timing:
    return lambda: timed(tracker.report, up_to - timedelta(days=days), up_to)


def _window(raw: Connection, up_to: date, days: int) -> Sequence[tuple[Any, ...]]:
    bound = {"after": (up_to - timedelta(days=days)).isoformat(), "up_to": up_to.isoformat()}
    return raw.execute(bare.WINDOW, bound).fetchall()


def _timed_window(raw: Connection, up_to: date, days: int) -> Timing:
    return lambda: timed(_window, raw, up_to, days)

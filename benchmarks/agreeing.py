"""How long it takes to say who could agree, and who does: over 1,000 issues, however many the other measures have."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from benchmarks import bare
from benchmarks.bench import LAST_DAY, Bench
from benchmarks.results import Result, within
from benchmarks.turns import in_turn, timed
from tracker.tracker import Tracker

ISSUES, CONSENSUS = 1_000, 1.0
"""How many issues it is asked about, and how many seconds `consensus` may take."""


def consensus(bench: Bench) -> Iterator[Result]:
    """Who could agree on each issue, of all parties, against one probe of an index for each pair."""
    path = bench.data.database(bench.about(ISSUES).shape)
    with Tracker.open(str(path)) as tracker, closing(bare.connect(path)) as raw:
        contenders = {
            "tracker": lambda: timed(lambda: tracker.consensus(on=LAST_DAY)),
            "sqlite3": lambda: timed(lambda: raw.execute(bare.HEADS, {"on": LAST_DAY.isoformat()}).fetchall()),
        }
        ours, limit = in_turn(contenders, times=bench.runs, warm_up=1).values()
    title = f"consensus, {bench.parties:,} parties, {ISSUES:,} issues"
    yield Result("consensus", title, bench.entries, ours, limit, (within(CONSENSUS, ours),))


def agreement(bench: Bench) -> Iterator[Result]:
    """How often every two parties agree, half of the issues quantities, against one probe of an index for each pair."""
    path = bench.data.database(replace(bench.about(ISSUES).shape, quantities=ISSUES // 2))
    with Tracker.open(str(path)) as tracker, closing(bare.connect(path)) as raw:
        contenders = {
            "tracker": lambda: timed(lambda: tracker.agreement(LAST_DAY)),
            "sqlite3": lambda: timed(lambda: raw.execute(bare.HEADS, {"on": LAST_DAY.isoformat()}).fetchall()),
        }
        ours, limit = in_turn(contenders, times=bench.runs, warm_up=1).values()
    title = f"agreement, {bench.parties:,} parties, {ISSUES:,} issues, half of them quantities"
    yield Result("agreement", title, bench.entries, ours, limit)

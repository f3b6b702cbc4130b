"""How a log of very many pairs is asked, exported and verified: the shape of the General Assembly's votes."""

from collections.abc import Iterator
from functools import partial

from benchmarks import bare, child
from benchmarks.bench import Bench
from benchmarks.results import Figure, Goal, Result, at_most, under, within
from benchmarks.turns import Timing, in_turn
from benchmarks.votes import Votes

AT_MOST_FOR_ROWS = 12.0
"""How many seconds the whole of the full log may take as data; of a smaller one it is its share, over start-up."""
AT_MOST_TO_FIND = 0.3
START = ("checkpoint",)
"""A command that answers at once: the rest is starting."""

_SEARCHES = (("find", "nuclear", "--limit", "100"), ("find", '"nuclear disarmament" voted', "--limit", "100"))
_SMALL = (*_SEARCHES, ("conditions",), ("asks",))
_ROWS = tuple((name, "--format", form) for name in ("state", "history", "log") for form in ("json", "csv"))


def size(bench: Bench) -> Iterator[Result]:
    """Commands on such a log, from the start of their process to its end."""
    votes = Votes().scaled(bench.entries)
    path = bench.data.votes_database(votes)
    session = ("state", "--issue", f"un/{votes.session(votes.roll_calls - 1)}")
    pages = ((*session, "--format", "html"), session)
    commands = (START, *_SMALL, *_ROWS, *pages, ("export",), ("verify",))
    peaks: dict[tuple[str, ...], int] = {}

    def run(arguments: tuple[str, ...]) -> float:
        ran = child.run_command(path, *arguments)
        peaks[arguments] = max(ran.peak, peaks.get(arguments, 0))
        return ran.seconds

    contenders: dict[str, Timing] = {" ".join(arguments): partial(run, arguments) for arguments in commands}
    contenders["bare"] = partial(bare.hash_log, path)
    figures = in_turn(contenders, times=max(1, bench.runs // 2), warm_up=0)
    start, limit = figures[START[0]], figures["bare"].named("read and hash the log")
    for arguments in commands[1:]:
        name = " ".join(arguments)
        ours, megabytes = figures[name].named("tracker"), _megabytes(arguments)
        goals = [
            _time(arguments, ours, start, limit, votes.entries / Votes().entries),
            under(megabytes, peaks[arguments]),
        ]
        yield Result(
            "size", f"votes: {name}", bench.entries, ours, limit if arguments in commands[-2:] else start, tuple(goals)
        )


def word_index(bench: Bench) -> Iterator[Result]:
    """What the full-text index adds to a load, on one processor, where nothing hides it."""
    history = bench.data.votes(Votes().scaled(bench.entries))

    def load(*, indexed: bool) -> float:
        with bench.data.copy(bench.data.empty()) as path:
            return child.load_on_one_processor(path, history, indexed=indexed).seconds

    contenders: dict[str, Timing] = {"tracker": partial(load, indexed=True), "without": partial(load, indexed=False)}
    ours, without = in_turn(contenders, times=max(1, bench.runs // 2), warm_up=0).values()
    without = without.named("load without the full-text index")
    goals = (at_most(7 / 6, ours, without, "without the index"),)
    yield Result("word-index", "load, one processor", bench.entries, ours, without, goals)


def _megabytes(arguments: tuple[str, ...]) -> int:
    return 100 if arguments in _SMALL else 300


def _time(arguments: tuple[str, ...], ours: Figure, start: Figure, limit: Figure, share: float) -> Goal:
    if arguments in _ROWS:
        return within(AT_MOST_FOR_ROWS * share + start.seconds, ours)
    if arguments[0] in ("export", "verify"):
        return within(2 * limit.seconds + start.seconds, ours)
    return within((AT_MOST_TO_FIND if arguments in _SMALL else 2.0) + start.seconds, ours)

"""How long it takes to load a file, and to derive the projections again, and how much memory that needs."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import bare, child
from benchmarks.bench import Bench
from benchmarks.results import Figure, Result, at_least, at_most, flat, under
from benchmarks.shape import Shape
from benchmarks.turns import Timing, in_turn

CACHES = {"usual": None, "large": 65_536}
"""The page caches, in KiB, that the bare engine is given; the faster one is the limit."""


def load(bench: Bench) -> Iterator[Result]:
    """A JSON Lines file into a new database, against `executemany` of the rows that come of it."""
    full = bench.data.database(bench.shape)
    peaks: dict[int, int] = {}

    def ours(shape: Shape) -> float:
        with bench.data.copy(bench.data.empty()) as path:
            ran = child.load(path, bench.data.history(shape))
        peaks[shape.entries] = max(ran.peak, peaks.get(shape.entries, 0))
        return ran.seconds

    def bare_rows(tables: tuple[str, ...], cache_kib: int | None) -> Timing:
        def run() -> float:
            with bench.data.copy(bench.data.empty()) as path:
                return bare.copy_rows(full, path, tables, cache_kib=cache_kib)

        return run

    contenders: dict[str, Timing] = {"tracker": lambda: ours(bench.shape), "smaller": lambda: ours(bench.smaller)}
    for cache, size in CACHES.items():
        contenders[f"log, {cache} cache"] = bare_rows(bare.LOG_ALONE, size)
        contenders[f"all, {cache} cache"] = bare_rows((*bare.LOG_ALONE, *bare.PROJECTED), size)
    figures = in_turn(contenders, times=_few(bench), warm_up=0)
    tracker = figures["tracker"]
    log_alone = _fastest(figures, "log, ").named("executemany, log alone")
    everything = _fastest(figures, "all, ").named("executemany, log and projections")
    peak, smaller = peaks[bench.entries], peaks[bench.smaller.entries]
    goals = (at_least(0.4, tracker, log_alone), under(300, peak), flat(peak, smaller))
    yield Result("load", "load a JSON Lines file", bench.entries, tracker, log_alone, goals, (everything,))


def rebuild(bench: Bench) -> Iterator[Result]:
    """The projections derived again, against reading the log and writing the projections' rows."""
    full, small = bench.data.database(bench.shape), bench.data.database(bench.smaller)
    peaks: dict[Path, int] = {}

    def again(path: Path) -> Timing:
        def run() -> float:
            ran = child.rebuild(path)
            peaks[path] = max(ran.peak, peaks.get(path, 0))
            return ran.seconds

        return run

    def read_and_write(cache_kib: int | None) -> Timing:
        def run() -> float:
            with bench.data.copy(bench.data.empty()) as path:
                return bare.read_log(full) + bare.copy_rows(full, path, bare.PROJECTED, cache_kib=cache_kib)

        return run

    with bench.data.copy(full) as large, bench.data.copy(small) as smaller:
        contenders = {"tracker": again(large), "smaller": again(smaller)}
        contenders |= {f"bare, {cache} cache": read_and_write(size) for cache, size in CACHES.items()}
        figures = in_turn(contenders, times=_few(bench), warm_up=0)
        limit = _fastest(figures, "bare, ").named("read the log, executemany")
        goals = (at_most(2, figures["tracker"], limit, "the limit"), flat(peaks[large], peaks[smaller]))
        yield Result("rebuild", "rebuild the projections", bench.entries, figures["tracker"], limit, goals)


def _few(bench: Bench) -> int:
    """Repeats of what takes long."""
    return (bench.runs + 1) // 2


def _fastest(figures: dict[str, Figure], kind: str) -> Figure:
    return min((figure for name, figure in figures.items() if name.startswith(kind)), key=lambda one: one.seconds)

"""Take the time of contenders in turn, so that what else the machine does falls on all of them alike."""

import gc
import random
import sys
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from benchmarks.results import Figure

Timing = Callable[[], float]
"""Does it once and returns the seconds that it took; what only prepares it is not in them."""

AT_MOST = sys.maxsize
"""How many rounds are run at most: tests, which want no times, need only one."""


def in_turn(contenders: Mapping[str, Timing], *, times: int, warm_up: int = 1) -> dict[str, Figure]:
    """Run each contender once, then each once more, and so on; the first rounds only warm up.

    Each round has another order, the same on every machine: what the one before
    leaves behind, in caches and on the disk, falls on all of them alike.
    """
    order, chance = list(contenders.items()), random.Random(3)
    samples: dict[str, list[float]] = {name: [] for name in contenders}
    gc.collect()
    gc.freeze()  # what the benchmark itself holds would make every collection in a contender's time longer
    warm_up, times = min(warm_up, AT_MOST - 1), min(times, AT_MOST)
    for number in range(warm_up + times):
        chance.shuffle(order)
        for name, run in order:
            seconds = run()
            if number >= warm_up:
                samples[name].append(seconds)
    gc.unfreeze()
    return {name: Figure.of(name, found) for name, found in samples.items()}


def timed(call: Callable[..., Any], *args: Any, **named: Any) -> float:
    """How long a call takes, in seconds."""
    start = perf_counter()
    result = call(*args, **named)
    seconds = perf_counter() - start
    del result  # freeing it is not in the time
    return seconds

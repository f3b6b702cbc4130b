"""What every measure is given: sizes, data, and how often to repeat."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from typing import Self

from benchmarks.data import Data
from benchmarks.shape import LAST, Shape

LAST_DAY: date = LAST.date()
"""The day on which the last entry of every history is recorded."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The sizes and the data of one run; `runs` is how often a measure of middling length is repeated."""

    data: Data
    say: Callable[[str], None]
    entries: int = 100_000
    issues: int = 20
    parties: int = 200
    runs: int = 5
    with_peers: bool = True

    @property
    def shape(self) -> Shape:
        return Shape(self.entries, issues=self.issues, parties=self.parties)

    @property
    def smaller(self) -> Shape:
        """The same with a tenth of the entries, to see what grows with the log."""
        return replace(self.shape, entries=self.entries // 10)

    def about(self, issues: int) -> Self:
        return replace(self, issues=issues)

    def peer(self, package: str) -> bool:
        """Whether to measure a peer; says so if it is wanted and not installed."""
        if self.with_peers and find_spec(package) is None:
            self.say(f"without {package}, which is not installed: pip install '.[bench]'")
        return self.with_peers and find_spec(package) is not None

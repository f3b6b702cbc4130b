"""What a measure finds: how long each contender took, and whether the goals are reached."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any, Self

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender took: the median of its runs, the fastest and the slowest, in seconds."""

    name: str
    seconds: float
    fastest: float
    slowest: float
    runs: int

    @classmethod
    def of(cls, name: str, samples: Sequence[float]) -> Self:
        return cls(name, median(samples), min(samples), max(samples), len(samples))

    def named(self, name: str) -> "Figure":
        return replace(self, name=name)

    def times(self, factor: float) -> "Figure":
        """What so much more of the same would take."""
        return Figure(self.name, factor * self.seconds, factor * self.fastest, factor * self.slowest, self.runs)


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached, what was found, and for a goal in time how many seconds would just reach it."""

    text: str
    found: str
    reached: bool
    allowed: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: the tracker, what it is held against, and the peers that do the same."""

    measure: str
    title: str
    entries: int
    ours: Figure
    against: Figure | None
    goals: tuple[Goal, ...] = ()
    peers: tuple[Figure, ...] = ()

    def about(self, what: str) -> "Result":
        """The same under a title that says what it is about."""
        return replace(self, title=f"{self.title}, {what}")

    def data(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Read again what `data` gave."""
        made = {
            "ours": Figure(**data["ours"]),
            "against": Figure(**data["against"]) if data["against"] else None,
            "goals": tuple(Goal(**goal) for goal in data["goals"]),
            "peers": tuple(Figure(**peer) for peer in data["peers"]),
        }
        return cls(**{**data, **made})


# --- goals ----------------------------------------------------------------------------------------


def at_least(share: float, ours: Figure, limit: Figure) -> Goal:
    """So large a share of the limit's speed."""
    found = limit.seconds / ours.seconds
    return Goal(f"at least {share} of the limit's speed", f"{found:.2f}", found >= share, limit.seconds / share)


def at_most(times: float, ours: Figure, other: Figure, name: str) -> Goal:
    """So many times what another one takes."""
    found = ours.seconds / other.seconds
    return Goal(f"at most {times:g} × {name}", f"{found:.2f} ×", found <= times, times * other.seconds)


def within(seconds: float, ours: Figure) -> Goal:
    """So long a time."""
    return Goal(f"at most {duration(seconds)}", duration(ours.seconds), ours.seconds <= seconds, seconds)


def faster_than(ours: Figure, peers: Sequence[Figure]) -> Goal:
    """Less time than each peer; there is at least one."""
    best = min(peers, key=lambda peer: peer.seconds)
    found = ours.seconds / best.seconds
    return Goal(
        f"faster than {' and '.join(peer.name for peer in peers)}",
        f"{found:.2f} × {best.name}",
        found < 1,
        best.seconds,
    )


def under(megabytes: int, peak: int) -> Goal:
    """A peak of memory, in megabytes."""
    return Goal(f"peak memory under {megabytes} MB", f"{peak / MEGABYTE:.0f} MB", peak < megabytes * MEGABYTE)


def flat(peak: int, smaller: int) -> Goal:
    """A peak of memory that grows by no more than a fifth when the log is ten times as long."""
    found = peak / smaller
    return Goal(
        "memory flat: at most 1.2 × with a tenth of the entries",
        f"{found:.2f} ×, {peak / MEGABYTE:.0f} MB",
        found <= 1.2,
    )


def duration(seconds: float) -> str:
    """A time in the unit that suits it, with three digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= 0.9995 * size:
            return f"{_three_digits(seconds / size)} {unit}"
    return f"{_three_digits(seconds / 1e-6)} µs"


def _three_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"

"""Shapes of which a picture is drawn: boxes, lines, words and dots, at days, numbers or places on the paper.

Across, a shape lies at a day, at a number of the picture's scale, or at a place in pixels; down, always in pixels.
Nothing here knows how it is painted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from tracker.domain.terms.safe_text import plain

Across = date | Decimal | float
"""A day, a number of the picture's scale, or pixels from the left."""


class Box(NamedTuple):
    """A box from one place to another, in the colours of a role, told in words and perhaps leading to an entry.

    One that is not `edged` has no line around it, as grounds have none.
    """

    left: Across
    right: Across
    top: float
    bottom: float
    role: str
    told: str = ""
    entry: int | None = None
    dashed: bool = False
    rounded: float = 0
    edged: bool = True


class Line(NamedTuple):
    """A straight line in the colour of a role."""

    left: Across
    right: Across
    top: float
    bottom: float
    role: str = "rule"
    dashed: bool = False
    width: float = 1


class Words(NamedTuple):
    """A line of text; `at` is its start, its middle or its end, by `anchor`, and `base` its base line."""

    at: Across
    base: float
    text: str
    role: str = "ink"
    size: int = 12
    bold: bool = False
    anchor: str = "left"
    entry: int | None = None
    told: str = ""


class Dot(NamedTuple):
    """A mark at one place: `form` is a shape by name, hollow unless it is `filled`."""

    at: Across
    middle: float
    form: str
    filled: bool
    role: str = "ink"
    told: str = ""
    entry: int | None = None
    size: int = 44


Shape = Box | Line | Words | Dot


Of = TypeVar("Of", date, Decimal)


@dataclass(frozen=True, slots=True)
class Scale(Generic[Of]):
    """What lies between two places in pixels: from one day, or number, to another."""

    first: Of
    last: Of
    left: float
    right: float

    def place(self, value: date | Decimal) -> float:
        """Return where a day or a number lies, in pixels from the left."""
        part = _number(value) - _number(self.first)
        whole = _number(self.last) - _number(self.first)
        return self.left + (self.right - self.left) * (float(part / whole) if whole else 0.5)


def _number(value: date | Decimal) -> Decimal:
    return Decimal(value.toordinal()) if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its title, what it tells in words, its size in pixels, and its shapes from the back to the front."""

    title: str
    told: str
    width: int
    height: float
    shapes: Sequence[Shape] = field(default_factory=tuple)
    scale: Scale[date] | Scale[Decimal] | None = None


def safe(text: str) -> str:
    """Return text that moves no letters and fits in XML."""
    return plain(text)

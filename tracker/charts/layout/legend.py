"""The legend of a picture: each sign with its words, in as many lines as its width needs."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tracker.charts.layout.letters import width_of
from tracker.charts.shapes import Box, Dot, Line, Shape, Words

SIZE, LINE = 11, 20
_SIGN, _GAP = 18, 16


def red_line(left: float, middle: float) -> Iterator[Line]:
    """Yield the two strokes that are the sign of a red line: few fonts have it."""
    for stroke in (left, left + 3.5):
        yield Line(stroke, stroke, middle - 6, middle + 6, "line", width=1.8)


STROKES = 9
"""The room in pixels that the sign of a red line takes."""


class Key(NamedTuple):
    """A sign and its words: a box in the colours of a value with its glyph, a mark by its form, or a glyph alone."""

    words: str
    role: str = "soft"
    glyph: str = ""
    form: str = ""
    filled: bool = False
    dashed: bool = False


def legend(keys: Iterable[Key], *, left: float, right: float, top: float) -> tuple[list[Shape], float]:
    """Return the shapes of a legend below a height, and the height at which it ends."""
    shapes: list[Shape] = []
    at, base = left, top + 13
    for key in keys:
        sign = _SIGN if key.form != "none" else 0
        width = sign + width_of(key.words, SIZE) + _GAP
        if at > left and at + width - _GAP > right:
            at, base = left, base + LINE
        shapes += _sign(key, at, base - 4) if sign else ()
        shapes.append(Words(at + sign, base, key.words, "soft", SIZE))
        at += width
    return shapes, base + 8


def _sign(key: Key, at: float, middle: float) -> Iterator[Shape]:
    if key.form == "line":
        yield Line(at + 6, at + 6, middle - 7, middle + 7, key.role, dashed=key.dashed)
    elif key.form in ("dashes", "stroke"):
        yield Line(at, at + 13, middle, middle, key.role, dashed=key.form == "dashes", width=1.6)
    elif key.form == "strokes":
        yield from red_line(at + 4, middle)
    elif key.form:
        yield Dot(at + 6, middle, key.form, key.filled, key.role)
    elif key.role == "soft":
        yield Words(at + 6.5, middle + 4, key.glyph, "ink", SIZE, bold=True, anchor="center")
    else:
        yield Box(at, at + 13, middle - 7, middle + 7, key.role, dashed=key.dashed, rounded=2)
        if key.glyph:
            yield Words(at + 6.5, middle + 4, key.glyph, f"{key.role}-ink", SIZE, bold=True, anchor="center")

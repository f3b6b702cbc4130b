"""What every picture has around it: its title and what it rests on above, sentences below."""

from collections.abc import Iterable
from dataclasses import replace

from tracker.charts.layout.letters import wrapped
from tracker.charts.shapes import Line, Shape, Words
from tracker.reports.basis import Basis, basis_parts, filters_text
from tracker.reports.names import Names
from tracker.reports.wording import left_out

WIDE, NARROW, LEAST, MOST = 960, 390, 320, 4_000
"""Usual widths of a picture in pixels, on a screen and on a phone, and the least and the greatest."""
NARROWEST_WIDE = 640
"""From this width on names stand beside what is theirs, else above it."""
EDGE = 14
"""How far everything stays from the edge of the paper."""


def heading(title: str, told: str, basis: Basis, width: int) -> tuple[list[Shape], float]:
    """Return the title of a picture with what it tells and rests on, and the height at which that ends."""
    base, shapes = 30.0, list[Shape]()
    for line in wrapped(title, 19, width - 2 * EDGE, bold=True, most=3):
        shapes.append(Words(EDGE, base, line, "ink", 19, bold=True))
        base += 24
    asked = replace(basis.scope, issues=frozenset()) if len(basis.scope.issues) == 1 else basis.scope
    rests = [told, *basis_parts(basis), filters_text(asked, basis.listing).strip()]
    below, base = sentences([" · ".join(filter(None, rests))], width, base - 17, most=3)
    return [*shapes, *below], base


def issue_heading(
    issue: str, unit: str, names: Names, width: int, top: float, *, titled: bool
) -> tuple[list[Shape], float]:
    """Return the question of an issue below a height with its path and its unit, and where that ends.

    Its title stands above them unless it is that of the whole picture.
    """
    room = width - 2 * EDGE
    title = names.title(issue)
    registered = names.registers.issues.get(issue) if names.registers else None
    lines = [(line, "accent", 15, True) for line in wrapped(title, 15, room, bold=True)] if titled else []
    if title != issue:
        lines += [(line, "soft", 11, False) for line in wrapped(issue, 11, room)]
    measure = f"In {unit}." if unit else ""
    asked = " ".join(filter(None, (registered.question if registered else "", measure)))
    lines += [(line, "soft", 12, False) for line in wrapped(asked, 12, room)]
    shapes: list[Shape] = [Line(EDGE, width - EDGE, top, top)]
    base = top + 5
    for text, role, size, bold in lines:
        base += size + 4
        shapes.append(Words(EDGE, base, text, role, size, bold=bold))
    return shapes, base + 10


def sentences(
    texts: Iterable[str], width: int, top: float, *, most: int = 4, role: str = "soft"
) -> tuple[list[Shape], float]:
    """Return sentences below a height, each in as many lines as it needs, and the height at which they end."""
    base, shapes = top, list[Shape]()
    for text in filter(None, texts):
        for line in wrapped(text, 12, width - 2 * EDGE, most=most):
            shapes.append(Words(EDGE, base + 12, line, role, 12))
            base += 16
    return shapes, base + 6


def told_in_words(parts: Iterable[str]) -> str:
    """Return the first parts of what a picture shows, for those who do not see it, and how many more there are."""
    every = [*parts]
    more = len(every) - MOST_TOLD
    return "; ".join([*every[:MOST_TOLD], *([f"and {more:,} more"] if more > 0 else [])])


MOST_TOLD = 100
"""How many parts of a picture are told in words too."""


def closing_sentences(basis: Basis, cut: str) -> list[str]:
    """Return what is said below a picture: that it is cut, and what a cut-off left out of it."""
    return [cut, left_out(basis.left_out_undated) if basis.left_out_undated else ""]

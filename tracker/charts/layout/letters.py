"""The room that text takes, by a table on the safe side: no font is asked, so that a picture is the same everywhere."""

import unicodedata
from collections.abc import Iterator

_NARROW = frozenset("iljtfrI.,:;'|!()[]·-‖ ")
_WIDE = frozenset("mwMW@%—…&≈")


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many pixels a text takes at most in a usual sans serif of a size."""
    ems = sum(map(_ems, text))
    return ems * size * (1.07 if bold else 1)


def _ems(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.97
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.71 if character.isupper() else 0.58


def wrapped(text: str, size: float, room: float, *, bold: bool = False, most: int = 4) -> list[str]:
    """Return the lines of a text that fit a room in pixels; what `most` lines do not hold ends in an ellipsis.

    A word that is too long for a line is broken.
    """
    lines = list(_lines(text, size, room, bold=bold))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last}…", size, bold=bold) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return a text in one line that fits a room in pixels, cut with an ellipsis if it must be."""
    return next(iter(wrapped(text, size, room, bold=bold, most=1)), "")


def _lines(text: str, size: float, room: float, *, bold: bool) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            yield line
        *full, line = _broken(word, size, room, bold=bold)
        yield from full
    if line:
        yield line


def _broken(word: str, size: float, room: float, *, bold: bool) -> list[str]:
    """Return the pieces of a word, after slashes and hyphens where it has any, each of which fits the room."""
    pieces, piece = [], ""
    for character in word:
        if piece and width_of(piece + character, size, bold=bold) > room:
            at = max(piece.rfind("/"), piece.rfind("-")) + 1
            pieces.append(piece[:at] or piece)
            piece = piece[at:] if at else ""
        piece += character
    return [*pieces, piece]

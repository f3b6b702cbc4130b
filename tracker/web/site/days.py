"""The days of the slider as data: what of the matrix differs from one day of change to the next.

Files of scripts hold it, since a page that is opened from a disk may load scripts but read no other file.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import orjson

MOST_CELLS = 2_000_000
"""How many cells are asked for, over all days: a matrix of 4,000 cells has its last 500 days of change."""
MOST_DAYS = 2_000
PART_BYTES = 300_000
"""How much a file of changes holds beside its first day, roughly."""

_PIECE = re.compile(
    r'<p class="basis">.*?</p>|<section class="legend".*?</section>|<tr(?: class="(?P<row>[^"]*)")?>'
    r"|<th\b.*?</th>|<td\b.*?</td>",
    re.DOTALL,
)
_BODY = re.compile(r"<thead>.*?</thead>|<p class=\"basis\">Log hash.*?</p>", re.DOTALL)


class Days(NamedTuple):
    """The days that the slider offers: those of statements with their number, and all on which a cell changes."""

    marks: Sequence[tuple[date, int]]
    changes: Sequence[date]
    left_out: int
    """Days of statements before them."""

    @property
    def remark(self) -> str:
        """What readers are told of days that are left out."""
        if not self.left_out:
            return ""
        return f"The slider begins on {self.changes[0]}: this site leaves out {self.left_out:,} earlier days of change."


def days_of(
    statements: Sequence[tuple[date, int]], others: Iterable[date], on: date, cells: int, stale_after: int
) -> Days:
    """Choose the days up to `on`, from those of statements and `others` on which something took effect.

    Each statement has a second day, on which it gets old if nothing is said again.
    """
    most = max(2, min(MOST_DAYS, MOST_CELLS // max(1, cells)) // 2)
    marks = [one for one in statements if one[0] <= on]
    shown = marks[-most:]
    if not shown:
        return Days((), (on,), 0)
    first = shown[0][0]
    aging = {day + timedelta(stale_after + 1) for day, _ in shown if (date.max - day).days > stale_after}
    changes = {day for day, _ in shown} | {day for day in {*aging, *others} if first <= day <= on}
    return Days(shown, sorted(changes | {on}), len(marks) - len(shown))


class Part(NamedTuple):
    """Days in a row: the pieces of the first one, and of each later one those that differ from the day before."""

    day: date
    pieces: Sequence[str]
    changes: list[tuple[date, Sequence[tuple[int, str]]]]

    @property
    def is_full(self) -> bool:
        """Whether a new part is no dearer than to go on."""
        size = sum(len(piece) + 8 for _, changed in self.changes for _, piece in changed)
        return size > PART_BYTES + sum(map(len, self.pieces))

    def script(self, lead: Callable[[str], str]) -> bytes:
        """The script that hands the part over, its links led by `lead`."""
        changes = [(day.isoformat(), [(at, lead(piece)) for at, piece in changed]) for day, changed in self.changes]
        part = {"day": self.day.isoformat(), "pieces": [lead(piece) for piece in self.pieces], "changes": changes}
        return b"addPart(" + orjson.dumps(part) + b");\n"


async def parts_of(days: Sequence[date], page_on: Callable[[date], Awaitable[str]]) -> AsyncIterator[Part]:
    """Yield the parts of days; `page_on` returns the matrix on a day."""
    part: Part | None = None
    before: list[str] = []
    for day in days:
        pieces = pieces_of(await page_on(day))
        if part is None or part.is_full:
            if part is not None:
                yield part
            part = Part(day, pieces, [])
        elif changed := [(at, piece) for at, piece in enumerate(pieces) if piece != before[at]]:
            part.changes.append((day, changed))
        before = pieces
    if part is not None:
        yield part


def index_script(days: Days, parts: Sequence[tuple[date, str]]) -> bytes:
    """The script that lists the marks of the slider, and the parts by their first day and their file."""
    marks = [(day.isoformat(), number) for day, number in days.marks]
    listed = [(day.isoformat(), file) for day, file in parts]
    return b"const siteDays = " + orjson.dumps({"marks": marks, "parts": listed}) + b";\n"


def pieces_of(page: str) -> list[str]:
    """Cut out of a matrix what a day may change: its basis, its signs, and of each row the class, the head, the cells.

    The pieces of all days are the same in number and order, since rows and columns are those of the whole record.
    """
    body = _BODY.sub("", page)
    pieces = (found["row"] or "" if found[0].startswith("<tr") else found[0] for found in _PIECE.finditer(body))
    return [_AGE.sub(r"\1\2", piece) for piece in pieces]


_AGE = re.compile(r'(<time datetime="[^"]*">)[^<]*(</time>)')
"""The age of a cell, which differs each day, so that the script writes it."""

"""The timeline as a picture: one band for each party, which changes its colour on the day on which it moves."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tracker.charts.frame import (
    EDGE,
    NARROWEST_WIDE,
    closing_sentences,
    heading,
    issue_heading,
    sentences,
    told_in_words,
)
from tracker.charts.lanes.bands import Ends, Room, lane_height, lane_shapes
from tracker.charts.lanes.keys import keys_of
from tracker.charts.layout.legend import legend
from tracker.charts.layout.letters import wrapped
from tracker.charts.layout.ticks import day_ticks
from tracker.charts.shapes import Box, Dot, Line, Picture, Scale, Shape, Words
from tracker.charts.timeline_rows import Block, Timeline
from tracker.domain.report.context import ContextRow
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.numbers import counted
from tracker.reports.basis import nothing_found
from tracker.reports.names import Names
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import unit_heading
from tracker.reports.wording import day_text

NAMES_ROOM = 150
MOST_FLAGS = 30
"""How many things that happened are numbered on one issue; the last ones are."""


def timeline_picture(found: Timeline, names: Names, width: int, after: date | None = None) -> Picture:
    """Return the picture of a timeline, so many pixels wide, perhaps from a day on."""
    title = _title(found, names)
    shapes, top = heading(title, f"Who stood where up to {day_text(found.basis.on)}", found.basis, width)
    if not found.blocks:
        basis = found.basis
        empty = nothing_found("Nothing is on record.", "Nothing on record", basis.scope, basis.listing)
        below, bottom = sentences([empty, *closing_sentences(basis, "")], width, top + 8)
        return Picture(title, empty, width, bottom + EDGE, (*shapes, *below))
    scale = _scale(found, width, after)
    for block in found.blocks:
        more, top = _IssueDrawing(block, scale, names, width, len(found.blocks) == 1).shapes(top + 6)
        shapes += more
    keys, top = legend(keys_of(found), left=EDGE, right=width - EDGE, top=top + 6)
    below, bottom = sentences(closing_sentences(found.basis, found.cut), width, top + 4)
    return Picture(title, _told(found, names), width, bottom + EDGE, (*shapes, *keys, *below), scale)


def _title(found: Timeline, names: Names) -> str:
    """Return the title of the one issue, or of the group to which all belong."""
    issues = [block.issue for block in found.blocks]
    if len(issues) == 1:
        return names.title(issues[0])
    return f"{counted(len(issues), 'issue', 'issues')} over time" if issues else "Timeline"


def _told(found: Timeline, names: Names) -> str:
    """Return in words what each party holds on the last day, for those who do not see the picture."""
    held = (
        f"{names.party(lane.party)} on {names.issue(lane.issue)}: {lane.last if lane.last is not None else 'nothing'}"
        for block in found.blocks
        for lane in block.lanes
    )
    return f"One band for each party over time. On {day_text(found.basis.on)}: {told_in_words(held)}."


def _scale(found: Timeline, width: int, after: date | None) -> Scale[date]:
    """Return the days that are drawn: from the first step to the day asked for, or not long after all is closed."""
    lanes = [lane for block in found.blocks for lane in block.lanes]
    first = after or min(step.on for lane in lanes for step in lane.steps)
    last = found.basis.on
    ends = [max((since for since, until in block.closed if until is None), default=None) for block in found.blocks]
    if all(ends):
        latest = max(*(step.on for lane in lanes for step in lane.steps), *filter(None, ends))
        last = min(last, latest + timedelta(max(5, (latest - first).days // 10)))
    margin = timedelta(max(1, (last - first).days // 60))
    first = first if after or first <= date.min + margin else first - margin
    last = max(last, first + timedelta(1))
    left = EDGE if width < NARROWEST_WIDE else EDGE + NAMES_ROOM
    return Scale(first, last, left, width - EDGE)


class _IssueDrawing(NamedTuple):
    """A block as it is drawn."""

    block: Block
    scale: Scale[date]
    names: Names
    width: int
    alone: bool

    def shapes(self, top: float) -> tuple[list[Shape], float]:
        """Return its shapes below a height, and the height at which they end."""
        block, unit = self.block, unit_heading(self.block.unit)
        found, top = issue_heading(block.issue, unit, self.names, self.width, top, titled=not self.alone)
        flags = self._flags(top)
        begin = top + (46 if flags else 22)
        room, end = self._room(), begin
        lanes: list[Shape] = []
        party = ""
        for lane in block.lanes:
            lanes += lane_shapes(lane, end, room, named=lane.party != party)
            end += lane_height(lane, room)
            party = lane.party
        found += self._ticks(begin, end)
        found += lanes
        found += self._veils(begin, end)
        for flag in flags:
            day = flag.row.on
            found += (*flag.sign, Line(flag.place, day, flag.middle + 8, begin - 6, "accent", dashed=True))
            found.append(Line(day, day, begin - 6, end, "accent", dashed=True))
        keys, end = self._keys(flags, end + 2)
        return [*found, *keys], end + 8

    def _room(self) -> Room:
        narrow = self.width < NARROWEST_WIDE
        values = [step.to_value for lane in self.block.lanes for step in lane.steps]
        numbers = [
            end
            for value in values
            if isinstance(value, Amount)
            for end in (value.at_least, value.at_most)
            if end is not None
        ]
        ends = Ends(min(numbers), max(numbers)) if numbers else None
        choice = self.block.issue if self.block.is_choice else None
        return Room(self.scale, self.scale.last, EDGE, NAMES_ROOM - 10, narrow, ends, self.names, choice)

    def _ticks(self, begin: float, end: float) -> Iterator[Shape]:
        scale = self.scale
        for tick in day_ticks(scale.first, scale.last, int((scale.right - scale.left) / 70) + 1):
            yield Line(tick.at, tick.at, begin - 4, end)
            place = scale.place(tick.at)
            anchor = "left" if place < scale.left + 16 else "right" if place > scale.right - 16 else "center"
            yield Words(place, begin - 7, tick.text, "soft", 11, anchor=anchor)

    def _veils(self, begin: float, end: float) -> Iterator[Shape]:
        for since, until in self.block.closed:
            last = min(until or self.scale.last, self.scale.last)
            if last > max(since, self.scale.first):
                yield Box(max(since, self.scale.first), last, begin - 3, end - 3, "veil")

    def _flags(self, top: float) -> list["_Flag"]:
        """Return what happened with its numbers, in one row, so far apart that none covers another."""
        scale = self.scale
        most = min(MOST_FLAGS, int((scale.right - scale.left) / _FLAG))
        rows = [row for row in self.block.happened if scale.first <= row.on <= scale.last][-most:]
        places = _apart([scale.place(row.on) for row in rows], scale.right - 9)
        flags = enumerate(zip(rows, places, strict=True), 1)
        return [_Flag(number, row, place, top + 9) for number, (row, place) in flags]

    def _keys(self, flags: list["_Flag"], top: float) -> tuple[list[Shape], float]:
        """Return the words to the numbers, in two columns where there is room."""
        columns = 2 if len(flags) > 3 and self.width >= NARROWEST_WIDE else 1
        room = (self.width - 2 * EDGE) / columns
        half = -(-len(flags) // columns)
        shapes: list[Shape] = []
        end = top
        for column in range(columns):
            base = top
            for flag in flags[column * half : (column + 1) * half]:
                base += 15
                left = EDGE + column * room
                shapes.append(Words(left + 14, base, str(flag.number), "accent", 11, bold=True, anchor="right"))
                for number, line in enumerate(wrapped(_happened(flag.row, self.names), 11, room - 34, most=3)):
                    base += 14 if number else 0
                    shapes.append(Words(left + 20, base, line, "ink", 11, entry=flag.row.position))
            end = max(end, base)
        return shapes, end + 6


_FLAG = 18
"""How far numbers stand from each other."""


def _apart(places: list[float], right: float) -> list[float]:
    """Return places moved so that they are far enough from each other, and none lies beyond the right."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + _FLAG) if found else place)
    limit = right
    for at in reversed(range(len(found))):
        found[at] = min(found[at], limit)
        limit = found[at] - _FLAG
    return found


class _Flag(NamedTuple):
    """Something that happened, with its number, and the place of that."""

    number: int
    row: ContextRow
    place: float
    middle: float

    @property
    def sign(self) -> tuple[Dot, Words]:
        """The number in a disc."""
        told = f"{day_text(self.row.on)}: {self.row.title}"
        disc = Dot(
            self.place, self.middle, "circle", filled=True, role="accent", told=told, entry=self.row.position, size=170
        )
        return disc, Words(self.place, self.middle + 3.5, str(self.number), "paper", 9, bold=True, anchor="center")


def _happened(row: ContextRow, names: Names) -> str:
    """Return what happened in words, with its day; a closing with its outcome."""
    day = day_text(row.on)
    if row.kind == "closed":
        note = "" if row.title.startswith(f"{row.issues[0]}:") else f". {row.title}"
        return f"{day}: closed, {outcome_words(row, names)}{note}"
    return f"{day}: {'open again' if row.kind == 'reopened' else row.title}"

"""One party's lane of a timeline: its bands or its ranges, and below them the marks of its statements."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tracker.charts.frame import EDGE
from tracker.charts.layout.legend import STROKES, red_line
from tracker.charts.layout.letters import fitted, width_of, wrapped
from tracker.charts.shapes import Box, Dot, Scale, Shape, Words
from tracker.charts.timeline_rows import Lane, Segment
from tracker.domain.answers.changes import Change
from tracker.domain.report.corrections import Correction
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports.names import Names
from tracker.reports.positions.choices import Attitude
from tracker.reports.positions.details import can_live_with
from tracker.reports.positions.values import bare_value_text, glyph_of, is_converted, value_class
from tracker.reports.steps import marked_stance, step_day
from tracker.reports.wording import day_text, statement_marks, with_voice

BAND, RANGE, STRIP, MARKS, OURS, GAP = 20, 30, 15, 14, 11, 7
"""Heights in pixels: of a band, of a range with the text above it, of the marks and of our corrections below it."""
LABEL = 12
FORMS = {
    Attribution.DIRECT: ("circle", True),
    Attribution.REPORTED: ("circle", False),
    Attribution.ASCRIBED: ("diamond", False),
    Attribution.INFERRED: ("triangle-up", False),
}
"""The form of a statement's mark, and whether it is filled, by its attribution."""
WITHDREW, CORRECTED, HAPPENED = "cross", "square", "triangle-down"
"""The forms of a withdrawal's mark, of our correction's and of what happened to the party."""


class Ends(NamedTuple):
    """The least and the greatest number that the ranges of an issue name."""

    least: Decimal
    most: Decimal

    def height(self, number: Decimal, top: float, bottom: float) -> float:
        """Return at which height a number lies between a top and a bottom, with some room beyond either end."""
        span = self.most - self.least
        part = float((number - self.least) / span) if span else 0.5
        return bottom - 6 - part * (bottom - top - 12)


class Room(NamedTuple):
    """Where the lanes of a block lie: their scale of days, the room for names, and the last day.

    On a `narrow` paper a name stands above its lane. `ends` are those of a quantity's numbers.
    """

    scale: Scale[date]
    last: date
    names_left: float
    names_room: float
    narrow: bool
    ends: Ends | None
    names: Names
    choice: str | None


def could_live_with(step: Change) -> bool:
    """Return whether a step says that the party takes no side but could live with a yes."""
    return step.statement is not None and can_live_with(step.statement)


def band_marks(segment: Segment) -> str:
    """Return the marks of what a band shows, which are those of its last step, as in the state."""
    step = segment.steps[-1]
    return statement_marks(step.attribution, step.standing)


def lane_height(lane: Lane, room: Room) -> float:
    """Return how high a lane is."""
    held = BAND if room.ends is None else STRIP + RANGE
    beside = 0 if room.narrow else 13 * len(_name_lines(lane, room)) + 18
    return max(beside, held + MARKS + (OURS if lane.corrections else 0) + GAP + (STRIP if room.narrow else 0))


def _name_lines(lane: Lane, room: Room) -> list[str]:
    return wrapped(room.names.name(lane.party), LABEL, room.names_room, bold=True, most=2)


def lane_shapes(lane: Lane, top: float, room: Room, *, named: bool = True) -> Iterator[Shape]:
    """Yield the shapes of a lane, with the name of its party unless the lane above is the same party's."""
    yield from _name(lane, top, room, named=named)
    top += STRIP if room.narrow else 0
    bottom = top + (BAND if room.ends is None else STRIP + RANGE)
    yield Box(room.scale.left, room.scale.right, bottom - (RANGE if room.ends else BAND), bottom, "faint")
    for segment in lane.segments:
        shapes = _band(segment, top, bottom, room) if room.ends is None else _range(segment, top, bottom, room)
        yield from shapes
    for step in (step for step in lane.steps if step.on >= room.scale.first):
        yield _mark(step, bottom + MARKS / 2 + 1, room)
    for row in lane.happened:
        if room.scale.first <= row.on <= room.last:
            told = f"{day_text(row.on)}: {row.title}"
            yield Dot(row.on, top - 1, HAPPENED, filled=True, role="soft", told=told, entry=row.position, size=30)
    for one in lane.corrections:
        yield from _ours(one, lane, bottom + MARKS + OURS / 2 - 1, room)


def _name(lane: Lane, top: float, room: Room, *, named: bool) -> Iterator[Shape]:
    """Yield the name of a party beside its first lane, or above it, and of a choice the option of each lane."""
    name = room.names.name(lane.party)
    below = room.names.option(lane.issue, room.choice) if room.choice else "" if name == lane.party else lane.party
    if room.narrow:
        texts = [f"{name} ({lane.party})" if named and name != lane.party else name if named else "", below]
        line = ": ".join(filter(None, texts)) if room.choice else texts[0]
        line = fitted(line, LABEL, room.scale.right - room.names_left, bold=True)
        yield Words(room.names_left, top + 11, line, "ink", LABEL, bold=named)
        return
    base = top + 13
    for line in _name_lines(lane, room) if named else ():
        yield Words(room.names_left, base, line, "ink", LABEL, bold=True)
        base += 13
    for line in wrapped(below, 11, room.names_room, most=1):
        yield Words(room.names_left, base, line, "soft", 11)


def _spans(segment: Segment, room: Room) -> tuple[date, date, float]:
    """Return the days from which and to which a segment is drawn, and how many pixels lie between them."""
    since, until = max(segment.since, room.scale.first), min(segment.until or room.last, room.last)
    return since, until, room.scale.place(until) - room.scale.place(since)


def _told(segment: Segment, room: Room) -> str:
    step = segment.steps[0]
    until = f" to {day_text(segment.until)}" if segment.until else ""
    number = len(segment.steps)
    times = f", stated {number} times" if number > 1 else ""
    about = f" on {room.names.title(step.issue)}" if room.choice else ""
    return f"{room.names.party(step.party)}{about}: {marked_stance(step)}, {day_text(segment.since)}{until}{times}"


def _band(segment: Segment, top: float, bottom: float, room: Room) -> Iterator[Shape]:
    since, until, width = _spans(segment, room)
    if width <= 0:
        return
    role, thin = value_class(segment.value), segment.value is WITHDRAWN
    yield Box(since, until, top, bottom, role, _told(segment, room), segment.entry, dashed=thin)
    yield from _label(segment, room.scale.place(since), bottom, width)


def _label(segment: Segment, left: float, bottom: float, width: float) -> Iterator[Shape]:
    """Yield the sign and the word of a band, or the sign alone, as there is room, with its marks.

    A red line shows as two strokes.
    """
    step, role = segment.steps[-1], value_class(segment.value)
    sign = Attitude.CAN_LIVE_WITH.sign if could_live_with(step) else glyph_of(segment.value)
    word = Attitude.CAN_LIVE_WITH.words if could_live_with(step) else bare_value_text(segment.value)
    bloc = f" ({step.inherited_from}'s)" if step.inherited_from is not None else ""
    strokes = STROKES if segment.red_line else 0
    marks = band_marks(segment)
    for text in (f"{sign} {word}{marks}{bloc}", f"{sign} {word}{marks}", f"{sign}{marks}"):
        taken = width_of(text, LABEL, bold=True)
        if taken + strokes + 8 <= width:
            yield Words(left + 5, bottom - 6, text, f"{role}-ink", LABEL, bold=True)
            yield from red_line(left + taken + 7, bottom - 10) if strokes else ()
            return


def _range(segment: Segment, top: float, bottom: float, room: Room) -> Iterator[Shape]:
    """Yield the range of an amount between its ends; an end that was not stated goes on to the edge, with an arrow."""
    since, until, width = _spans(segment, room)
    if width <= 0:
        return
    assert room.ends is not None
    upper, lower = bottom - RANGE, float(bottom)
    role, told, value = value_class(segment.value), _told(segment, room), segment.value
    if isinstance(value, Amount):
        high = upper if value.at_most is None else room.ends.height(value.at_most, upper, lower) - 2
        low = lower if value.at_least is None else room.ends.height(value.at_least, upper, lower) + 2
        yield Box(since, until, high, low, role, told, segment.entry)
        if width > 12:
            place = room.scale.place(since) + 6
            if value.at_most is None:
                yield Dot(place, upper + 5, "triangle-up", filled=True, role="amount-ink", size=26)
            if value.at_least is None:
                yield Dot(place, lower - 5, "triangle-down", filled=True, role="amount-ink", size=26)
    else:
        yield Box(since, until, upper, lower, role, told, segment.entry, dashed=True)
    yield from _amount_label(segment, top, width, room)


def _amount_label(segment: Segment, top: float, width: float, room: Room) -> Iterator[Shape]:
    """Yield an amount in words above its range; that of the last one always, before the edge of the paper."""
    step, role = segment.steps[0], value_class(segment.value)
    left = room.scale.place(max(segment.since, room.scale.first))
    text = bare_value_text(segment.value, step.unit, converted=is_converted(step.statement))
    for amount in (text, str(segment.value)):
        words = f"{amount}{band_marks(segment)}"
        taken = width_of(words, LABEL, bold=True)
        is_last = segment.until is None or segment.until >= room.last
        if taken <= width + 4 or is_last:
            at_edge = left + taken > room.scale.right + EDGE - 4
            place = room.scale.right + EDGE - 4 if at_edge else left
            yield Words(place, top + 11, words, f"{role}-ink", LABEL, bold=True, anchor="right" if at_edge else "left")
            start = place - taken if at_edge else place + taken
            yield from red_line(start + (-8 if at_edge else 2), top + 7) if segment.red_line else ()
            return


def _mark(step: Change, middle: float, room: Room) -> Dot:
    """Return the mark of a step: its form by attribution, or a cross for a withdrawal."""
    if step.to_value is None or step.to_value is WITHDRAWN:
        form, filled, role = WITHDREW, True, "withdrawn-ink"
    else:
        form, filled = FORMS[step.attribution or Attribution.DIRECT]
        role = f"{value_class(step.to_value)}-ink"
    told = f"{step_day(step)}: {room.names.party(step.party)}, {marked_stance(step)}. {with_voice(step)}"
    return Dot(step.on, middle, form, filled, role, told, step.position)


def _ours(one: Correction, lane: Lane, middle: float, room: Room) -> Iterator[Dot]:
    """Yield the mark of our revision, at the day at which what it is about stood or now stands."""
    side = one.before if one.before.pair == (lane.issue, lane.party) or one.after is None else one.after
    if not room.scale.first <= side.on <= room.last:
        return
    reason = getattr(one.entry.event, "reason", "")
    told = f"Our record of {day_text(side.on)} was {one.kind}: {reason}"
    yield Dot(side.on, middle, CORRECTED, filled=False, role="soft", told=told, entry=one.entry.position, size=36)

"""On random negotiations a timeline agrees with the state of every day, and every picture stays on its paper."""

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.laws import EXAMPLES
from tests.negotiations import DAYS, negotiations
from tracker.charts import pictures
from tracker.charts.layout.letters import width_of
from tracker.charts.shapes import Box, Line, Picture, Words
from tracker.charts.timeline_rows import Timeline, timeline_of
from tracker.domain.log.entries import Draft
from tracker.domain.timeline.statement import Pair, Value

Open = Callable[..., Any]
LAST = date(2030, 1, 1)


@settings(max_examples=EXAMPLES)
@given(negotiations(), st.lists(DAYS, min_size=3, max_size=3))
def test_the_bands_of_a_day_are_the_state_on_it(new_tracker: Open, drafts: list[Draft], days: list[str]) -> None:
    with new_tracker(drafts=drafts) as tracker, tracker.snapshot() as snapshot:
        for inherit in (False, True):
            found = timeline_of(snapshot, snapshot.query(), LAST, inherit=inherit)
            assert not found.cut
            for day in map(date.fromisoformat, days):
                rows = snapshot.state(day, inherit=inherit).rows
                assert held_on(found, day) == {(row.issue, row.party): row.value for row in rows}


def held_on(found: Timeline, day: date) -> dict[Pair, Value]:
    return {
        (lane.issue, lane.party): segment.value
        for block in found.blocks
        for lane in block.lanes
        for segment in lane.segments
        if segment.since <= day and (segment.until is None or day < segment.until)
    }


@settings(max_examples=EXAMPLES)
@given(negotiations(), DAYS, st.integers(320, 2_000))
def test_nothing_is_drawn_outside_the_paper(new_tracker: Open, drafts: list[Draft], day: str, width: int) -> None:
    on = date.fromisoformat(day)
    with new_tracker(drafts=drafts) as tracker, tracker.snapshot() as snapshot:
        query = snapshot.query()
        for picture in (
            pictures.timeline(snapshot, query, LAST, width=width, inherit=True),
            pictures.timeline(snapshot, query, LAST, width=width, after=on),
            pictures.matrix(snapshot, query, on, width=width, closed=True),
            pictures.amounts(snapshot, query, on, width=width),
            pictures.agreement(snapshot, query, on, width=width),
            pictures.agreement(snapshot, query, LAST, width=width, after=on, network=True),
        ):
            assert not [shape for shape in picture.shapes if not fits(picture, shape)]


def fits(picture: Picture, shape: Any) -> bool:
    across: tuple[Any, ...] = (shape.left, shape.right) if isinstance(shape, Box | Line) else (shape.at,)
    down = [getattr(shape, name) for name in ("top", "bottom", "middle", "base") if hasattr(shape, name)]
    places = [picture.scale.place(at) if picture.scale and isinstance(at, date) else at for at in across]
    if isinstance(shape, Words):
        taken = width_of(shape.text, shape.size, bold=shape.bold)
        before = {"left": 0.0, "center": 0.5, "right": 1.0}[shape.anchor]
        places = [places[0] - taken * before, places[0] + taken * (1 - before)]
    ends = ((picture.width, places), (picture.height, down))
    return all(0 <= at <= most for most, found in ends for at in found)

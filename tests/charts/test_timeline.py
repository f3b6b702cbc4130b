"""What a timeline draws: bands, ranges and marks, each at the days and with the values of the history's rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.charts.record import ON, RECORD, boxes, dots, texts
from tracker.charts import pictures
from tracker.charts.shapes import Box, Dot, Line, Picture
from tracker.charts.timeline_rows import MOST_LANES, timeline_of
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports.positions.values import value_class
from tracker.tracker import Tracker

Open = Callable[..., Any]


@pytest.fixture
def drawn(new_tracker: Open) -> Callable[..., Picture]:
    def draw(issue: str, width: int = 960, **how: Any) -> Picture:
        with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
            return pictures.timeline(snapshot, snapshot.query(issue=issue), ON, width=width, **how)

    return draw


def test_a_band_lasts_from_the_step_that_begins_it_to_the_next_one(drawn: Callable[..., Picture]) -> None:
    found = {(box.role, box.left, box.right) for box in boxes(drawn("arms/start")) if box.role != "veil"}
    end = max(right for _, _, right in found)
    assert found == {
        ("conditional", date(2019, 1, 10), date(2020, 2, 1)),
        ("supports", date(2020, 2, 1), end),
        ("sceptical", date(2019, 3, 2), date(2020, 6, 1)),
        ("withdrawn", date(2020, 6, 1), end),
    }


def test_every_step_of_the_history_has_its_mark_at_its_day_that_leads_to_its_entry(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        for issue in ("arms/start", "goal", "coal"):
            query = snapshot.query(issue=issue)
            rows = snapshot.history_rows(ON, query).rows
            marks = {(dot.at, dot.entry) for dot in dots(pictures.timeline(snapshot, query, ON))}
            assert {(row.on, row.position) for row in rows} <= marks


def test_the_bands_of_a_day_are_those_of_the_state_on_it(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        lanes = [lane for block in timeline_of(snapshot, snapshot.query(), ON).blocks for lane in block.lanes]
        for day in (date(2019, 1, 10), date(2019, 6, 10), date(2020, 6, 1), date(2020, 12, 1)):
            held = {
                (lane.issue, lane.party): segment.value
                for lane in lanes
                for segment in lane.segments
                if segment.since <= day and (segment.until is None or day < segment.until)
            }
            assert held == {(row.issue, row.party): row.value for row in snapshot.state(day).rows}


def test_marks_say_by_their_form_on_whose_word_we_have_it(drawn: Callable[..., Picture]) -> None:
    forms = {(dot.at, dot.form, dot.filled) for dot in dots(drawn("arms/start"))}
    assert {
        (date(2019, 1, 10), "circle", True),
        (date(2019, 5, 10), "circle", False),
        (date(2020, 2, 1), "triangle-up", False),
        (date(2019, 3, 2), "diamond", False),
        (date(2020, 6, 1), "cross", True),
    } <= forms


def test_a_band_and_its_legend_have_the_marks_that_the_state_has(drawn: Callable[..., Picture]) -> None:
    assert {"+ supports?", "- sceptical^", "?", "inferred, not in the words", "^"} <= {*texts(drawn("arms/start"))}
    unmarked = {"? inferred", "?", "^"} & {*texts(drawn("coal"))}
    assert not unmarked
    assert "~ conditional" in texts(drawn("arms/start"))


def test_our_corrections_are_marked_apart_and_move_no_band(drawn: Callable[..., Picture]) -> None:
    [ours] = [dot for dot in dots(drawn("arms/start")) if dot.form == "square"]
    assert (ours.told, ours.filled) == ("Our record of 1 Mar 2019 was corrected: The wrong day.", False)


def test_what_happened_is_numbered_and_a_closed_issue_fades(drawn: Callable[..., Picture]) -> None:
    picture = drawn("arms/start")
    assert "20 Jan 2020: A summit" in texts(picture)
    assert "3 Feb 2021: closed, agreed" in texts(picture)
    veils = [box for box in boxes(picture) if box.role == "veil"]
    assert [veil.left for veil in veils] == [date(2021, 2, 3)]
    assert any(dot.form == "triangle-down" and dot.told == "20 Jan 2021: A new president" for dot in dots(picture))


def test_an_end_that_was_not_stated_goes_on_to_the_edge_of_its_range(drawn: Callable[..., Picture]) -> None:
    picture = drawn("goal")
    ranges = {(box.told.split(": ")[1].split(",")[0]): box for box in boxes(picture) if box.role == "amount"}
    lanes = {shape.top: shape for shape in picture.shapes if isinstance(shape, Box) and shape.role == "faint"}
    at_least, exactly = ranges["at least 100 USD bn"], ranges["200 USD bn"]
    assert at_least.top in lanes
    assert at_least.bottom < lanes[at_least.top].bottom
    assert lanes[at_least.top].top < exactly.top < exactly.bottom < at_least.bottom
    at_most = ranges["at most 50 USD bn"]
    assert at_most.bottom in {lane.bottom for lane in lanes.values()}
    arrows = {shape.form for shape in picture.shapes if isinstance(shape, Dot) and not shape.told}
    assert {"triangle-up", "triangle-down"} <= arrows
    assert "no figure" in texts(picture)


def test_a_choice_has_a_band_for_each_option_below_the_name_of_its_party(drawn: Callable[..., Picture]) -> None:
    written = texts(drawn("coal"))
    assert [text for text in written if text in ("Party CHN", "Party USA", "Phase-down", "Phase-out")] == [
        "Party CHN",
        "Phase-down",
        "Phase-out",
        "Party USA",
        "Phase-out",
    ]


def test_a_red_line_is_two_strokes_whatever_the_font(drawn: Callable[..., Picture]) -> None:
    assert sum(isinstance(shape, Line) and shape.role == "line" for shape in drawn("arms/start").shapes) == 4


def test_nothing_is_drawn_outside_the_paper_at_any_width(drawn: Callable[..., Picture]) -> None:
    for width in (320, 390, 640, 960, 1920):
        for issue in ("arms/start", "goal", "coal"):
            picture = drawn(issue, width)
            assert picture.scale is not None
            for shape in picture.shapes:
                places = (shape.at,) if not isinstance(shape, Box | Line) else (shape.left, shape.right)
                across = [at if isinstance(at, int | float) else picture.scale.place(at) for at in places]
                assert all(0 <= at <= width for at in across), shape


def test_a_picture_from_a_day_on_shows_what_was_held_then(drawn: Callable[..., Picture]) -> None:
    picture = drawn("arms/start", after=date(2020, 1, 1))
    assert picture.scale is not None
    assert picture.scale.first == date(2020, 1, 1)
    assert {box.role for box in boxes(picture) if box.left == date(2020, 1, 1)} >= {"conditional", "sceptical"}
    assert all(not isinstance(dot.at, date) or dot.at >= date(2020, 1, 1) for dot in dots(picture))


def test_an_empty_answer_says_so(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        picture = pictures.timeline(snapshot, snapshot.query(), date(2018, 1, 1))
        filtered = pictures.timeline(snapshot, snapshot.query(party="RUS"), date(2018, 1, 1))
    assert "Nothing is on record." in texts(picture)
    assert "Nothing on record matches what was asked for." in texts(filtered)


def test_a_cut_off_leaves_out_what_was_recorded_later(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        query = snapshot.query(issue="arms/start", known_at="@10")
        picture = pictures.timeline(snapshot, query, ON)
    assert not [dot for dot in dots(picture) if dot.form == "square" or dot.told.endswith("A summit")]
    assert any("known at @10" in text for text in texts(picture))


def test_very_many_bands_are_cut_with_a_sentence(new_tracker: Open) -> None:
    parties = "\n".join(f"stated P{number:03} arms/start supports 2019-12-10" for number in range(MOST_LANES + 10))
    with new_tracker(parties) as tracker, tracker.snapshot() as snapshot:
        picture = pictures.timeline(snapshot, snapshot.query(), ON)
    assert sum(box.role == "supports" for box in boxes(picture)) == MOST_LANES
    assert f"Only the first {MOST_LANES} bands and {MOST_LANES} statements are drawn" in " ".join(texts(picture))


def test_every_value_has_the_class_of_its_band(new_tracker: Open) -> None:
    tracker: Tracker
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        found = timeline_of(snapshot, snapshot.query(issue="arms/start"), ON)
        drawn = {box.role for box in boxes(pictures.timeline(snapshot, snapshot.query(issue="arms/start"), ON))}
    values = {segment.value for block in found.blocks for lane in block.lanes for segment in lane.segments}
    assert WITHDRAWN in values
    assert {value_class(value) for value in values} <= drawn

"""What a matrix draws: a cell for each row of the state, with its value, its marks and its entry."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.charts.record import ON, RECORD, texts
from tracker.charts import pictures
from tracker.charts.shapes import Box, Picture
from tracker.reports.positions.values import value_class

Open = Callable[..., Any]


def cells(picture: Picture) -> list[Box]:
    return [shape for shape in picture.shapes if isinstance(shape, Box) and shape.entry is not None]


def test_every_row_of_the_state_has_its_cell(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        for day in (date(2019, 6, 10), date(2020, 7, 1)):
            found = {(box.role, box.entry) for box in cells(pictures.matrix(snapshot, snapshot.query(), day))}
            rows = snapshot.state(day).rows
            assert found == {(value_class(row.value), row.position) for row in rows}


def test_cells_say_what_is_held_with_its_sign_and_its_age(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        written = texts(pictures.matrix(snapshot, snapshot.query(issue="arms"), date(2020, 2, 3)))
    assert {"~ conditional", "- sceptical^†", "2d", "Party RUS", "New START"} & set(written) == {
        "- sceptical^†",
        "2d",
        "Party RUS",
        "New START",
    }
    assert "+ supports?" in written


def test_a_closed_issue_is_a_line_unless_its_rows_are_asked_for(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        folded = pictures.matrix(snapshot, snapshot.query(), ON)
        unfolded = pictures.matrix(snapshot, snapshot.query(), ON, closed=True)
    assert "New START: agreed on 3 Feb 2021" in texts(folded)
    assert len(cells(unfolded)) == len(cells(folded)) + 2


def test_more_parties_than_there_is_room_for_go_on_in_another_table(new_tracker: Open) -> None:
    said = "\n".join(f"stated P{number:02} arms/start supports 2019-12-10" for number in range(30))
    with new_tracker(said) as tracker, tracker.snapshot() as snapshot:
        for width in (320, 390, 960):
            found = cells(pictures.matrix(snapshot, snapshot.query(), ON, width=width))
            assert len(found) == 30
            assert all(isinstance(box.right, float) and box.right <= width for box in found)
            places = {(box.left, box.top) for box in found}
            assert len(places) == 30


def test_nobody_with_a_stance_is_a_sentence(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        written = texts(pictures.matrix(snapshot, snapshot.query(), date(2018, 1, 1)))
    assert "Nobody has a stance on record on 1 Jan 2018." in written

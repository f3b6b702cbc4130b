"""What the picture of amounts draws: a range for each row of the state with an amount, and what all of them share."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.charts.record import RECORD, texts
from tracker.charts import pictures
from tracker.charts.shapes import Box, Dot, Line, Picture

Open = Callable[..., Any]
DAY = date(2020, 3, 1)


def ranges(picture: Picture) -> dict[int | None, Box]:
    """The ranges by their entries."""
    found = (shape for shape in picture.shapes if isinstance(shape, Box) and shape.role == "amount" and shape.told)
    return {box.entry: box for box in found}


def grounds(picture: Picture) -> list[Box]:
    return [shape for shape in picture.shapes if isinstance(shape, Box) and not shape.edged]


def test_every_amount_of_the_state_has_its_range_and_its_words(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        for day in (date(2019, 1, 10), date(2019, 7, 1), DAY, date(2020, 7, 1)):
            picture = pictures.amounts(snapshot, snapshot.query(), day)
            rows = [row for row in snapshot.state(day).rows if row.amount is not None]
            assert set(ranges(picture)) == {row.position for row in rows}
    assert {"200", "No figure: Party USA (USA)."} <= set(texts(picture))


def test_an_end_that_was_not_stated_goes_on_to_the_edge_with_an_arrow(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        picture = pictures.amounts(snapshot, snapshot.query(), date(2019, 7, 1))
        positions = {row.party: row.position for row in snapshot.state(date(2019, 7, 1)).rows}
    at_least, at_most = (ranges(picture)[positions[party]] for party in ("CHN", "USA"))
    assert at_most.right < at_least.left  # type: ignore[operator]
    assert max(at_least.right, at_most.right) == picture.width - 14
    arrows = {shape.form for shape in picture.shapes if isinstance(shape, Dot) and shape.size == 30}
    assert arrows == {"triangle-left", "triangle-right"}


def test_what_all_share_and_the_gap_between_them_lie_behind_the_ranges(new_tracker: Open) -> None:
    apart = "issue goal form=quantity unit=USD\nstated CHN goal >=100 2019-01-10\nstated USA goal <=50 2019-01-10"
    shared = apart.replace("<=50", "120..300")
    found = {}
    for text, name in ((apart, "apart"), (shared, "shared")):
        with new_tracker(text) as tracker, tracker.snapshot() as snapshot:
            found[name] = pictures.amounts(snapshot, snapshot.query(), DAY)
    [gap], [zone] = grounds(found["apart"]), grounds(found["shared"])
    assert (gap.role, gap.told) == ("opposes", "Apart by 50 USD")
    assert (zone.role, zone.told) == ("supports", "All who named an amount share 120 to 300")
    assert "Apart by 50 USD." in texts(found["apart"])


def test_the_outcome_and_a_figure_asked_about_are_lines_with_their_words(new_tracker: Open) -> None:
    text = """
        issue goal form=quantity unit=USD
        stated CHN goal 100..300 2019-01-10
        closed goal 2020-01-01 agreed amount=200
        """
    with new_tracker(text) as tracker, tracker.snapshot() as snapshot:
        picture = pictures.amounts(snapshot, snapshot.query(issue="goal"), DAY, at="250")
        same = pictures.amounts(snapshot, snapshot.query(issue="goal"), DAY, at="200")
    assert {"agreed at 200 USD, 1 Jan 2020", "at 250"} <= set(texts(picture))
    lines = [shape for shape in picture.shapes if isinstance(shape, Line) and shape.width == 1.6]
    assert [line.role for line in lines] == ["ink", "accent"]
    assert "agreed at 200 USD, 1 Jan 2020; at 200" in texts(same)


def test_nothing_is_drawn_outside_the_paper_at_any_width(new_tracker: Open) -> None:
    text = f"{RECORD}\n stated RUS goal 100..999999999999 2019-01-10 could_accept=>=1 red_line=yes"
    with new_tracker(text) as tracker, tracker.snapshot() as snapshot:
        for width in (320, 390, 960, 1920):
            picture = pictures.amounts(snapshot, snapshot.query(), DAY, width=width)
            for shape in picture.shapes:
                ends = (shape.left, shape.right) if isinstance(shape, Box | Line) else (shape.at,)
                assert all(isinstance(end, int | float) and 0 <= end <= width for end in ends), shape


def test_no_amount_is_a_sentence(new_tracker: Open) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        written = texts(pictures.amounts(snapshot, snapshot.query(issue="arms/start"), DAY))
        nobody = texts(pictures.amounts(snapshot, snapshot.query(), date(2018, 1, 1)))
    assert "No amount on record matches what was asked for." in written
    assert "Nobody named an amount." in nobody

"""What the heat map and the network of agreement draw: every two parties with their index and its number."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.charts.record import texts
from tracker.charts import pictures
from tracker.charts.agreement import MOST_PARTIES, role_of
from tracker.charts.shapes import Box, Line, Picture, Words
from tracker.domain.agreement.agreement import Counts
from tracker.reports.agreement.matrix import index_text

Open = Callable[..., Any]
TEXT = """
    stated RUS arms/start supports 2019-12-10
    stated USA arms/start opposes 2019-12-10
    stated USA arms/start supports 2020-12-10
    stated CHN trade supports 2019-12-10
    stated RUS trade supports 2019-12-10
    stated FRA arms/inf supports 2019-12-10
    """
DAY = date(2019, 12, 31)


def cells(picture: Picture) -> list[Box]:
    return [shape for shape in picture.shapes if isinstance(shape, Box) and shape.told]


def test_every_two_parties_have_their_index_in_both_cells(new_tracker: Open) -> None:
    with new_tracker(TEXT) as tracker, tracker.snapshot() as snapshot:
        picture = pictures.agreement(snapshot, snapshot.query(), DAY)
        pairs = snapshot.agreement(DAY).pairs
    assert len(cells(picture)) == 2 * len(pairs)
    written = texts(picture)
    for pair in pairs:
        assert written.count(index_text(pair.now)) == 2
    assert written.count("(1)") == 2 * len(pairs)


def test_two_days_show_the_index_of_both(new_tracker: Open) -> None:
    with new_tracker(TEXT) as tracker, tracker.snapshot() as snapshot:
        written = texts(pictures.agreement(snapshot, snapshot.query(), date(2020, 12, 31), after=DAY))
    assert written.count("from -1.00") == 2
    assert any(text.startswith("Agreement 31 Dec 2019 -> 31 Dec 2020") for text in written)


@pytest.mark.parametrize(
    ("counts", "role"),
    [
        (Counts(4, agree=4), "supports"),
        (Counts(5, agree=3, opposed=2), "conditional"),
        (Counts(2, agree=1, opposed=1), "neutral"),
        (Counts(5, agree=2, opposed=3), "sceptical"),
        (Counts(4, opposed=4), "opposes"),
        (Counts(4, open=4), "neutral"),
    ],
)
def test_the_colour_of_a_cell_is_that_of_its_index(counts: Counts, role: str) -> None:
    assert role_of(counts) == role


def test_parties_that_agree_stand_beside_each_other(new_tracker: Open) -> None:
    said = [f"stated {party} x/{issue} {stance} 2019-12-10" for party, issue, stance in WHO]
    with new_tracker("\n".join(said)) as tracker, tracker.snapshot() as snapshot:
        picture = pictures.agreement(snapshot, snapshot.query(), DAY, titles=False)
    heads = [shape.text for shape in picture.shapes if isinstance(shape, Words) and shape.text in "ABCD"]
    assert heads[:4] == ["A", "C", "B", "D"]


WHO = [(party, issue, "supports" if party in "AC" else "opposes") for party in "ABCD" for issue in ("a", "b")]


def test_a_network_has_a_line_for_every_two_parties_on_a_side(new_tracker: Open) -> None:
    with new_tracker(TEXT) as tracker, tracker.snapshot() as snapshot:
        picture = pictures.agreement(snapshot, snapshot.query(), DAY, network=True)
    ties = [(shape.role, shape.dashed) for shape in picture.shapes if isinstance(shape, Line)]
    assert sorted(ties)[:1] == [("opposes-ink", True)]
    assert ("supports-ink", False) in ties


def test_very_many_parties_are_cut_with_a_sentence(new_tracker: Open) -> None:
    said = "\n".join(f"stated P{number:02} x supports 2019-12-10" for number in range(MOST_PARTIES + 5))
    with new_tracker(said) as tracker, tracker.snapshot() as snapshot:
        picture = pictures.agreement(snapshot, snapshot.query(), DAY)
    assert len(cells(picture)) == MOST_PARTIES * (MOST_PARTIES - 1)
    assert f"Only the {MOST_PARTIES} parties of {MOST_PARTIES + 5}" in " ".join(texts(picture))


def test_nobody_who_meets_another_is_a_sentence_in_both_forms(new_tracker: Open) -> None:
    with new_tracker(TEXT) as tracker, tracker.snapshot() as snapshot:
        for network in (False, True):
            written = texts(pictures.agreement(snapshot, snapshot.query(), date(2018, 1, 1), network=network))
            assert "Nobody holds anything on an issue on which another party does." in written

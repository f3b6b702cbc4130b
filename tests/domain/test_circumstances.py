"""What holds beside positions on a day: closings, wordings, governments, and from when each was public."""

from datetime import date

import pytest

from tests.ledger import entries
from tests.replayed import circumstances_in
from tracker.domain.log.kind_registry import KINDS
from tracker.domain.timeline.circumstances import Circumstances, fact_public_on
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.publication import published_days

LAST = date(2019, 12, 31)


def around(text: str, on: date = LAST, published_by: date | None = None) -> Circumstances:
    return circumstances_in(replay(entries(text)), on, published_by)


def test_a_statement_is_public_no_earlier_than_it_can_have_been_said() -> None:
    early = "source early 2019-12-05\n"
    assert published_days(replay(entries(early + "stated RUS x supports 2019-12-20 source=early"))) == {
        4: date(2019, 12, 20)
    }
    assert published_days(replay(entries(early + "stated RUS x supports 2019-12 source=early"))) == {
        4: date(2019, 12, 5)
    }
    corrected = early + "a: stated RUS x supports 2019-12-01 source=early\ncorrected a stated_on=2019-12-08"
    assert published_days(replay(entries(corrected))) == {4: date(2019, 12, 8)}


@pytest.mark.parametrize(
    ("kind", "source_day", "expected"),
    [
        ("issue.closed", None, date(2019, 6, 1)),
        ("issue.closed", date(2019, 5, 1), date(2019, 6, 1)),
        ("issue.closed", date(2019, 7, 1), date(2019, 7, 1)),
        ("membership.started", date(2019, 7, 1), date(2019, 7, 1)),
        ("milestone.noted", None, date(2019, 6, 1)),
        ("milestone.noted", date(2019, 5, 1), date(2019, 5, 1)),
        ("milestone.noted", date(2019, 7, 1), date(2019, 7, 1)),
    ],
)
def test_a_fact_is_public_from_its_day_or_its_sources_and_a_milestone_from_its_sources(
    kind: str, source_day: date | None, expected: date
) -> None:
    assert fact_public_on(KINDS[kind], date(2019, 6, 1), source_day) == expected


def test_a_closing_whose_source_is_of_a_later_day_is_not_public_before_it() -> None:
    text = "source late 2019-11-24\nclosed x 2019-11-20 agreed source=late"
    assert "x" not in around(text, published_by=date(2019, 11, 23)).closings
    assert around(text, published_by=date(2019, 11, 24)).closings["x"].on == date(2019, 11, 20)
    assert around(text).closings["x"].outcome == "agreed"


def test_a_question_is_reworded_if_it_differs_and_not_by_a_title() -> None:
    text = """
        issue x
        reworded x 2019-03-01 title=Other
        same: reworded x 2019-04-01 question="Should x be?"
        other: reworded x 2019-05-01 question="Should it be longer?"
        back: reworded x 2019-06-01 question="Should x be?"
        """
    first, other = (date.min, "Should x be?"), (date(2019, 5, 1), "Should it be longer?")
    assert around(text).wordings == {"x": [first, other, (date(2019, 6, 1), "Should x be?")]}
    assert around(text, published_by=date(2019, 5, 31)).wordings == {"x": [first, other]}
    assert around(text, on=date(2019, 4, 30)).wordings == {}
    found = around(text, on=date(2019, 5, 31))
    assert found.is_reworded("x", date(2019, 4, 30))
    assert not found.is_reworded("x", date(2019, 5, 1))
    assert not found.is_reworded("x", date(2019, 4, 1), up_to=date(2019, 4, 30))


def test_what_answered_a_question_that_was_changed_and_changed_back_answers_it_again() -> None:
    text = """
        issue x
        other: reworded x 2019-05-01 question="Should it be longer?"
        back: reworded x 2019-06-01 question="Should x be?"
        """
    found = around(text)
    assert not found.is_reworded("x", date(2019, 4, 30))
    assert found.is_reworded("x", date(2019, 4, 30), up_to=date(2019, 5, 31))
    assert found.is_reworded("x", date(2019, 5, 31))
    assert not found.is_reworded("x", date(2019, 6, 1))
    assert around(text.replace("2019-05-01", "2019-06-01")).is_reworded("x", date(2019, 5, 31)) is False


def test_a_new_government_is_one_of_the_party_that_the_milestone_names() -> None:
    text = """
        party RUS
        party USA
        milestone Election 2019-03-01 category=government parties=USA
        milestone Again 2019-06-01 category=government parties=USA
        milestone Summit 2019-09-01 category=summit parties=USA,RUS
        """
    found = around(text)
    assert found.governments == {"USA": [date(2019, 3, 1), date(2019, 6, 1)]}
    assert found.government_since("USA", date(2019, 2, 28)) == date(2019, 6, 1)
    assert found.government_since("USA", date(2019, 6, 1)) is None
    assert found.government_since("USA", date(2019, 2, 28), up_to=date(2019, 5, 31)) == date(2019, 3, 1)
    assert found.government_since("USA", date(2019, 3, 1), up_to=date(2019, 5, 31)) is None
    assert around(text, on=date(2019, 5, 31)).governments == {"USA": [date(2019, 3, 1)]}

"""A corroboration adds evidence, or is refused: a source counts once unless it adds a quote or a place."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger import id_of
from tests.storage.judgement import refusals
from tracker.domain.log.events import StatementCorroborated
from tracker.errors import (
    AddsNoEvidence,
    RefusedEntries,
)

pytestmark = pytest.mark.on_both_backends

STATED = """
    source dw 2020-01-02
    source tass 2020-01-02
    said: stated AAA x supports 2020-01-02 source=dw quote=Yes locator=1
    withdrawn: withdrawn AAA y 2020-01-02 source=dw
"""


@pytest.mark.parametrize(
    ("before", "then", "refused"),
    [
        ("", {"target": "said", "source": "dw"}, True),
        ("", {"target": "withdrawn", "source": "dw"}, True),
        ("", {"target": "said", "source": "dw", "quote": "Yes", "locator": "1"}, True),
        ("", {"target": "said", "source": "dw", "note": "The same again."}, True),
        ("", {"target": "said", "source": "dw", "quote": " ye\u200bs "}, True),
        ("", {"target": "said", "source": "dw", "locator": "\u00a01"}, True),
        (
            "k: corroborated said source=tass quote='Oh  yes'",
            {"target": "said", "source": "tass", "quote": "oh yes"},
            True,
        ),
        ("", {"target": "said", "source": "dw", "quote": "Indeed"}, False),
        ("", {"target": "said", "source": "dw", "locator": "2"}, False),
        ("", {"target": "said", "source": "tass"}, False),
        ("k: corroborated said source=tass", {"target": "said", "source": "tass"}, True),
        ("k: corroborated said source=tass", {"target": "said", "source": "tass", "locator": "2"}, False),
        ("k: corroborated said source=tass\nretracted k", {"target": "said", "source": "tass"}, False),
        (
            "k: corroborated said source=tass\nc: corrected k source=dw quote=No",
            {"target": "said", "source": "tass"},
            False,
        ),
        ("k: corroborated said source=tass\nv: corrected said summary=Other", {"target": "v", "source": "tass"}, True),
        ("v: corrected said source=tass", {"target": "v", "source": "dw"}, False),
        ("v: corrected said source=tass", {"target": "v", "source": "tass"}, True),
    ],
)
def test_a_source_corroborates_once_unless_it_adds_a_quote_or_a_place(
    new_tracker: Callable[..., Any], before: str, then: dict[str, str], refused: bool
) -> None:
    corroboration = StatementCorroborated(**{**then, "target": id_of(then["target"])})
    with new_tracker(STATED + before) as tracker:
        if refused:
            with pytest.raises(RefusedEntries, match="adds nothing"):
                tracker.record([corroboration], by="me")
        else:
            tracker.record([corroboration], by="me")
            with pytest.raises(RefusedEntries, match="adds nothing"):
                tracker.record([corroboration], by="me")


def test_a_corroboration_that_is_corrected_does_not_stand_in_its_own_way(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(STATED + "k: corroborated said source=tass\nl: corroborated said source=dw locator=3") as tracker:
        tracker.correct(id_of("k"), {"note": "As printed."}, reason="A note.", by="me")
        with pytest.raises(AddsNoEvidence):
            tracker.correct(id_of("l"), {"locator": None}, reason="No place.", by="me")


def test_of_two_corroborations_in_one_transaction_the_second_is_judged_by_the_first(
    new_tracker: Callable[..., Any],
) -> None:
    twice = [StatementCorroborated(target=id_of("said"), source="tass") for _ in range(2)]
    with new_tracker(STATED) as tracker, pytest.raises(RefusedEntries, match="adds nothing") as refused:
        tracker.record(twice, by="me")
    assert [index for index, _ in refused.value.refusals] == [1]


def test_words_around_a_quote_add_evidence_if_they_are_not_on_record(new_tracker: Callable[..., Any]) -> None:
    def corroborated(**around: str) -> StatementCorroborated:
        return StatementCorroborated(target=id_of("said"), source="dw", quote={"exact": "Yes", **around})

    with new_tracker(STATED) as tracker:
        assert refusals(tracker, corroborated()) == [AddsNoEvidence]
        assert refusals(tracker, corroborated(prefix="Oh,")) == []
        assert refusals(tracker, corroborated(prefix=" oh, ")) == [AddsNoEvidence]

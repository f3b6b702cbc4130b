"""On a question on which each party answers for itself nothing is inherited, and there are no relations."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tracker.domain.log.events import IssueOpened, MembershipStarted, PartyRegistered, PositionStated


@pytest.mark.on_both_backends
def test_an_own_question_is_known_as_such_by_every_answer(new_tracker: Callable[..., Any]) -> None:
    said = [("EUN", "supports", "2020-03-02"), ("USA", "supports", "2020-03-02"), ("USA", "opposes", "2020-03-05")]
    with new_tracker() as tracker:
        tracker.record(
            [
                *(PartyRegistered(party=party, name=party, kind="bloc") for party in ("EUN", "DEU", "USA")),
                MembershipStarted(party="DEU", bloc="EUN", on="2020-03-01"),
                IssueOpened(issue="pledge", title="Pledge", question="Will you?", own=True),
                *(
                    PositionStated(party=party, issue="pledge", stance=stance, stated_on=day, summary="So.")
                    for party, stance, day in said
                ),
            ],
            by="me",
        )
        for _ in ("written", "rebuilt"):
            rows = tracker.state(date(2020, 3, 9), inherit=True).rows
            assert [row.party for row in rows] == ["EUN", "USA"]
            assert not tracker.report(date(2020, 3, 3), date(2020, 3, 9)).relations
            tracker.rebuild()

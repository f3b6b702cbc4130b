"""What the fast answers rest on beside the laws: bounds that no random history comes near, forms that they know."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.databases import Databases
from tracker.domain.log.events import Event, IssueOpened, PartyRegistered, PositionStated
from tracker.domain.terms.scope import KnownAt, Query
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

REGISTERS: list[Event] = [
    PartyRegistered(party="RUS", name="Russia", kind="state"),
    IssueOpened(issue="a/b", title="A", question="Should it?"),
]


def stated(on: str, stance: str = "supports") -> PositionStated:
    return PositionStated(party="RUS", issue="a/b", stance=stance, stated_on=on, summary="Said.")


def test_a_year_said_on_the_last_evening_before_it_is_known_for_all_of_it(databases: Databases) -> None:
    """A day of grace and a whole year lie between the recording and the last day on which it takes effect."""
    eve = datetime(2020, 12, 31, 23, tzinfo=UTC)
    with databases.empty() as url:
        with Tracker.open(url, clock=lambda: eve) as tracker:
            tracker.record([*REGISTERS, stated("2021")], by="me")
        with Tracker.open(url, clock=lambda: eve + timedelta(days=900)) as tracker:
            tracker.record([stated("2023-01-01", "opposes")], by="me")
            then = Query(known_at=KnownAt("@3", position=3))
            assert [row.stance for row in tracker.state(date(2021, 12, 31), then).rows] == ["supports"]
            assert [row.stance for row in tracker.state(date(2023, 6, 1), then).rows] == ["supports"]
            assert tracker.state(date(2021, 12, 30), then).rows == ()


def test_a_long_run_is_counted_up_to_any_day_in_it(new_tracker: Callable[..., Any]) -> None:
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(40)]
    with new_tracker() as tracker:
        tracker.record([*REGISTERS, *(stated(day.isoformat()) for day in days)], by="me")
        tracker.record([stated("2020-01-20", "opposes")], by="me", anyway=True)  # splits the run
        found = {on: tracker.state(on).rows[0] for on in (days[9], days[19], days[25], days[39])}
        assert [(row.stance, row.since, row.statements) for row in found.values()] == [
            ("supports", days[0], 10),
            ("opposes", days[19], 1),
            ("supports", days[20], 6),
            ("supports", days[20], 20),
        ]
        assert tracker.verify().sound


def test_one_writer_after_another_and_a_stranger_between_them_see_the_same_registers(databases: Databases) -> None:
    """What a writer remembers holds only while nobody else has written."""
    with databases.empty() as url, Tracker.open(url) as one, Tracker.open(url) as other:
        one.record([*REGISTERS, stated("2020-01-01")], by="one")
        other.record([PartyRegistered(party="USA", name="America", kind="state")], by="other")
        usa = stated("2020-01-02").model_copy(update={"party": "USA"})
        assert [done.receipt.entry.position for done in one.record([usa], by="one")] == [5]
        other.retract("@5", reason="no", by="other")
        other.retract("@4", reason="no", by="other")
        with pytest.raises(Exception, match="No party 'USA' is registered"):
            one.record([usa], by="one")

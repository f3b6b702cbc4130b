"""What moved, by the entry that says so, as the log knew it then."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.log.events import PositionEvent
from tracker.domain.terms.scope import Listing
from tracker.reports.movements import movement_text
from tracker.reports.names import CODES
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

LEDGER = """
    source press 2021-01-02
    source later 2021-06-01
    issue sea/quota title="Catch limits" question="Should catches be limited?"
    issue sea/goal form=quantity unit="kt"
    a: stated RUS sea/quota supports 2021-01-02 summary="Ready for quotas" source=press
    stated RUS sea/quota supports 2021-01-03 summary="Still ready for quotas" source=press
    stated RUS sea/quota supports 2021-01-04 summary="Ready on a condition" if="prices are fair" source=press
    b: stated RUS sea/quota opposes 2021-01-05 summary="No quotas" speaker=Lavrov source=later
    stated USA sea/goal 100 2021-01-05
    stated USA sea/goal 150 2021-01-06
    withdrawn USA sea/goal 2021-01-07
    c: corrected b stance=sceptical reason=Misread.
    closed sea/quota 2021-02-01 agreed
    reopened sea/quota 2021-03-01
    d: stated RUS sea/quota neutral 2021-01-01 summary="Learned late: no view"
    retracted d reason="It was another party."
"""


def told(tracker: Tracker, limit: int = 100, listing: Listing | None = None, **filters: Any) -> list[str]:
    with tracker.snapshot() as snapshot:
        found = snapshot.movements(snapshot.query(**filters), listing=listing or Listing(), limit=limit)
    return [f"{(words := movement_text(one, CODES)).kind}: {words.title}" for one in found]


def test_every_movement_is_told_by_its_entry_the_newest_first(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        assert told(tracker) == [
            "retracted: Our retraction: RUS on sea/quota, 1 Jan 2021: neutral, was retracted",
            "new: RUS on sea/quota, 1 Jan 2021: new: neutral",
            "reopened: sea/quota, 1 Mar 2021: reopened",
            "closed: sea/quota, 1 Feb 2021: closed, agreed",
            "corrected: Our correction: RUS on sea/quota, 5 Jan 2021: opposes, was corrected to sceptical",
            "withdrawn: USA on sea/goal, 7 Jan 2021: withdrawn, before: 150 kt",
            "raised: USA on sea/goal, 6 Jan 2021: ↑ raised: 100 kt → 150 kt",
            "new: USA on sea/goal, 5 Jan 2021: new: 100 kt",
            "reversed: RUS on sea/quota, 5 Jan 2021: reversed: supports → opposes",
            "amended: RUS on sea/quota, 4 Jan 2021: amended: supports on other terms",
            "new: RUS on sea/quota, 2 Jan 2021: new: supports",
        ]


def test_a_movement_stays_as_it_was_whatever_is_recorded_later(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        everything = told(tracker)
        head = tracker.checkpoint().position
        for position in range(head + 1):
            known = told(tracker, known_at=f"@{position}")
            assert known == everything[len(everything) - len(known) :]


def test_movements_are_those_of_the_filters(new_tracker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with new_tracker(LEDGER) as tracker:
        everything = told(tracker)
        of_usa = [line for line in everything if "USA" in line]
        endings = [everything[2], everything[3]]  # they concern everybody, as in the report
        assert told(tracker, party="USA") == endings + of_usa
        assert told(tracker, issue="sea/goal") == of_usa
        assert told(tracker, issue="sea") == everything
        assert told(tracker, attribution="ascribed") == endings
        assert told(tracker, listing=Listing(speakers=("Lavrov",))) == [everything[4], everything[8]]
        # Before its source was public, nobody could read that it was reversed, or that we had misread it.
        assert told(tracker, published_by="2021-02-28") == [everything[3], *everything[-2:]]
        assert told(tracker, limit=3) == everything[:3]
        monkeypatch.setattr("tracker.storage.queries.moving.AT_ONCE", 2)
        from tracker.storage.queries import moving

        moving._queries.cache_clear()
        assert told(tracker) == everything
        moving._queries.cache_clear()


def test_steps_are_those_of_the_history_that_was_known_then(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker, tracker.snapshot() as snapshot:
        found = {one.entry.position: one.what for one in snapshot.movements() if isinstance(one.what, Change)}
        for row in snapshot.entries(where=lambda entry: isinstance(entry.event, PositionEvent)):
            entry = row.entry
            steps = snapshot.history(entry.event.party, entry.event.issue, date.max, known_at=entry.position).changes
            step = next(step for step in steps if step.event_id == entry.id)
            if step.kind is Kind.REAFFIRMED:
                assert entry.position not in found
            else:
                told = found[entry.position]
                assert (told.kind, told.from_value, told.to_value) == (step.kind, step.from_value, step.to_value)

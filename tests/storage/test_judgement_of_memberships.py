"""Rules for memberships: who may join and leave what, when, and what is recorded together is judged together."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.ledger import drafts, id_of
from tests.storage.judgement import DESK, Join, Leave, refusals
from tracker.domain.log.events import PartyRegistered
from tracker.errors import (
    JoinsInACircle,
    JoinsItself,
    JoinsTwice,
    LeavesUnjoined,
    MembershipAhead,
    NotABloc,
    RefusedEntries,
    StillHasMembers,
    TrackerError,
)

pytestmark = pytest.mark.on_both_backends


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (Join(party="EUN", bloc="EUN", on="2020-01-01"), JoinsItself),
        (Join(party="GBR", bloc="FRA", on="2020-01-01"), NotABloc),
        (Join(party="FRA", bloc="EUN", on="2020-01-01"), JoinsTwice),
        (Leave(party="GBR", bloc="EUN", on="2020-03-01"), LeavesUnjoined),
        (Join(party="FRA", bloc="EUN", on="1950-01-01"), JoinsTwice),
        (Join(party="GBR", bloc="EUN", on="1980-01-01"), JoinsTwice),
        (Leave(party="GBR", bloc="EUN", on="2021-01-01"), LeavesUnjoined),
        (Leave(party="FRA", bloc="NATO", on="2021-01-01"), LeavesUnjoined),
        (Leave(party="FRA", bloc="EUN", on="1957-12-31"), LeavesUnjoined),
        (Join(party="FRA", bloc="G77", on=(NOW + timedelta(2)).date()), MembershipAhead),
        (Leave(party="FRA", bloc="EUN", on=(NOW + timedelta(2)).date()), MembershipAhead),
    ],
)
def test_a_membership_that_breaks_a_rule_is_refused_when_it_is_recorded(
    new_tracker: Callable[..., Any], event: Any, refusal: type[TrackerError]
) -> None:
    with new_tracker(DESK) as tracker:
        assert refusal in refusals(tracker, event)


def test_a_party_joins_again_after_it_left_and_leaves_tomorrow_at_the_latest(new_tracker: Callable[..., Any]) -> None:
    tomorrow = (NOW + timedelta(1)).date()
    with new_tracker(DESK) as tracker:
        assert refusals(tracker, Join(party="GBR", bloc="EUN", on="2020-02-01")) == []
        assert refusals(tracker, Leave(party="GBR", bloc="EUN", on=tomorrow)) == []


def test_blocs_do_not_join_each_other_in_a_circle_unless_one_has_left_before(new_tracker: Callable[..., Any]) -> None:
    def joins(party: str, bloc: str, on: str) -> Any:
        return Join(party=party, bloc=bloc, on=on)

    with new_tracker(DESK) as tracker:
        circle = [joins("EUN", "NATO", "2001-01-01"), joins("NATO", "G77", "2002-01-01")]
        assert refusals(tracker, *circle, joins("G77", "EUN", "1999-01-01")) == [JoinsInACircle]
        assert refusals(tracker, *circle) == []
        assert refusals(tracker, joins("G77", "EUN", "1999-01-01")) == [JoinsInACircle]
        before = [joins("G77", "EUN", "1999-01-01"), Leave(party="G77", bloc="EUN", on="2001-06-01")]
        assert refusals(tracker, *before) == []


def test_what_is_recorded_together_is_judged_together(new_tracker: Callable[..., Any]) -> None:
    earlier = [Leave(party="FRA", bloc="EUN", on="1955-01-01"), Join(party="FRA", bloc="EUN", on="1950-01-01")]
    with new_tracker(DESK) as tracker:
        assert refusals(tracker, *earlier) == []
        new = PartyRegistered(party="OPEC", name="OPEC", kind="organisation")
        assert refusals(tracker, new, Join(party="FRA", bloc="OPEC", on="1960-01-01")) == []


@pytest.mark.parametrize(
    ("target", "changes", "refusal"),
    [
        ("joined", {"on": "2021-01-01"}, LeavesUnjoined),
        ("joined", {"bloc": "NATO"}, LeavesUnjoined),
        ("joined", {"bloc": "FRA"}, NotABloc),
        ("left", {"on": "2040-01-01"}, MembershipAhead),
        ("left", {"party": "FRA", "on": "1950-01-01"}, LeavesUnjoined),
        ("joined", None, LeavesUnjoined),
        ("bloc", {"kind": "state"}, StillHasMembers),
    ],
)
def test_corrections_and_retractions_of_memberships_are_judged(
    new_tracker: Callable[..., Any], target: str, changes: dict[str, Any] | None, refusal: type[TrackerError]
) -> None:
    with new_tracker(DESK) as tracker:
        if changes is None:
            with pytest.raises(refusal):
                tracker.retract(id_of(target), reason="no", by="me")
            return
        with pytest.raises(refusal):
            tracker.correct(id_of(target), changes, reason="no", by="me")


@pytest.mark.parametrize(
    "event",
    [
        Join(party="FRA", bloc="EUN", on="1958-01-01"),
        Join(party="FRA", bloc="EUN", on="1958-01-01", locator="p. 1"),
        Leave(party="GBR", bloc="EUN", on="2020-02-01"),
    ],
)
def test_a_membership_that_says_the_same_is_accepted_with_a_note_and_has_no_effect(
    new_tracker: Callable[..., Any], tmp_path: Path, event: Any
) -> None:
    with new_tracker(DESK) as tracker:
        before = tracker.memberships()
        (result,) = tracker.record([event], by="me")
        (note,) = result.receipt.notes
        assert "says the same" in note
        assert "This entry changes nothing" in note
        assert tracker.memberships() == before
        tracker.retract("@last", reason="Twice.", by="me")
        theirs = tmp_path / "theirs.jsonl"
        tracker.record([event], by="me")
        with theirs.open("wb") as out:
            tracker.export(out)
    for keep_going in (False, True):
        with new_tracker(DESK) as tracker:
            loaded = tracker.load([theirs], keep_going=keep_going)
            assert (loaded.left_out, loaded.already_there) == (0, len(drafts(DESK)))
            assert any("says the same" in note.message for note in loaded.notes)
            assert tracker.memberships() == before


def test_a_membership_since_before_the_one_on_record_names_the_days_in_order(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(DESK) as tracker, pytest.raises(RefusedEntries) as refused:
        tracker.record([Join(party="FRA", bloc="EUN", on="1950-01-01")], by="me")
    assert "FRA would join EUN on 1950-01-01 and again on 1958-01-01 without having left" in str(refused.value)


def test_a_second_leaving_names_the_first(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(DESK) as tracker, pytest.raises(RefusedEntries) as refused:
        tracker.record([Leave(party="GBR", bloc="EUN", on="2021-01-01")], by="me")
    left = [one.id for one in drafts(DESK)].index(id_of("left")) + 1
    assert "GBR would leave EUN on 2020-02-01 and again on 2021-01-01 without having joined again" in str(refused.value)
    assert f"if the day on record is wrong: tracker correct @{left} --on 2021-01-01 --reason TEXT" in str(refused.value)


@pytest.mark.parametrize(("on", "command"), [("2021-01-01", "--on 2021-01-01"), ("2019-12-31", "--on 2019-12-31")])
def test_a_changed_day_is_told_with_the_correction_of_the_version_on_record(
    new_tracker: Callable[..., Any], on: str, command: str
) -> None:
    with new_tracker(DESK) as tracker:
        corrected = tracker.correct(id_of("left"), {"locator": "p. 1"}, reason="x", by="me").entry.position
        with pytest.raises(RefusedEntries) as refused:
            tracker.record([Leave(party="GBR", bloc="EUN", on=on)], by="me")
        assert f"tracker correct @{corrected} {command} --reason TEXT" in str(refused.value)
        tracker.correct(f"@{corrected}", {"on": on}, reason="x", by="me")
        with pytest.raises(RefusedEntries, match="else keep one of the two"):
            tracker.record(
                [
                    Leave(party="GBR", bloc="EUN", on="2022-01-01"),
                    Join(party="GBR", bloc="EUN", on="2021-06-01"),
                    Join(party="GBR", bloc="EUN", on="2021-07-01"),
                ],
                by="me",
            )

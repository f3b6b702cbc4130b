"""Taking back one's own last entry."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger import id_of
from tracker.domain.log.events import EntryCorrected, EntryRetracted, PartyRegistered, PositionStated
from tracker.errors import (
    NoLongerCounts,
    NothingToUndo,
    NotTheLastEntry,
    PositionAhead,
    RetractionIsFinal,
    StillReferredTo,
)

pytestmark = pytest.mark.on_both_backends

LEDGER = "a: stated RUS a/b supports 2019-12-10"


def stances(tracker: Any) -> list[str | None]:
    return [row.stance for row in tracker.state().rows]


def state(tracker: Any, **changes: Any) -> None:
    data = {"party": "RUS", "issue": "a/b", "stance": "opposes", "stated_on": "2019-12-11", "summary": "No."}
    tracker.record([PositionStated(**{**data, **changes})], by="me")


def test_a_statement_is_retracted(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        state(tracker)
        undone = tracker.undo(by="me", reason="x")
        assert isinstance(undone.entry.event, EntryRetracted)
        assert (undone.target.position, stances(tracker)) == (4, ["supports"])


def test_a_correction_is_corrected_back_and_the_statement_stays(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        tracker.correct("@3", {"stance": "neutral", "summary": "Undecided."}, reason="x", by="me")
        assert stances(tracker) == ["neutral"]
        undone = tracker.undo(by="me", reason="x")
        assert isinstance(undone.entry.event, EntryCorrected)
        assert undone.entry.event.target == undone.target.id
        assert {change.field for change in undone.difference} == {"stance", "summary"}
        assert tracker.show("@last").says == tracker.show("@3").says
        tracker.undo(by="me", reason="x")
        assert stances(tracker) == ["neutral"]


def test_a_retraction_is_final_and_the_refusal_says_what_to_record_anew(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        state(tracker, summary="It's no.", conditions=["x y"])
        tracker.retract("@last", reason="x", by="me")
        with pytest.raises(RetractionIsFinal) as refused:
            tracker.undo(by="me", reason="x")
        assert "@5 is a retraction, which is final." in str(refused.value)
        assert "To have again what it removed, @4 (RUS:a/b), record that anew: " in str(refused.value)
        assert "tracker record RUS a/b opposes --on 2019-12-11 --summary" in str(refused.value)
        assert "--condition 'x y'" in str(refused.value)
        assert tracker.checkpoint().position == 5


def test_the_last_entry_is_ones_own_although_others_recorded_since(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        with pytest.raises(NothingToUndo, match="'me' has recorded nothing here"):
            tracker.undo(by="me", reason="x")
        state(tracker)
        tracker.record([tracker.show("@4").says.model_copy(update={"stated_on": "2019-12-12"})], by="other")
        assert tracker.undo(by="me", reason="x").target.position == 4


def test_an_entry_that_is_named_must_be_the_last_one(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        state(tracker)
        state(tracker, stated_on="2019-12-12")
        with pytest.raises(NotTheLastEntry, match="@4 is not the last entry of 'me': that is @5"):
            tracker.undo("@4", by="me", reason="x")
        with pytest.raises(NotTheLastEntry):
            tracker.undo(id_of("a"), by="me", reason="x")
        assert tracker.undo("@5", by="me", reason="x").target.position == 5


def test_what_no_longer_counts_or_is_referred_to_cannot_be_undone(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        state(tracker)
        tracker.correct("@4", {"summary": "Other."}, reason="x", by="other")
        with pytest.raises(NoLongerCounts, match="Target the correction @5"):
            tracker.undo(by="me", reason="x")
    with new_tracker("issue a/b\nparty RUS") as tracker:
        state(tracker)
        with pytest.raises(StillReferredTo, match="Entry @2 registers 'RUS', which entry @3 refers to"):
            tracker.undo(by="analyst", reason="x")


def test_a_trial_records_nothing(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        state(tracker)
        before = tracker.checkpoint()
        tracker.undo(by="me", reason="x", check_only=True)
        assert tracker.checkpoint() == before


def test_a_batch_is_retracted_as_a_whole_what_refers_before_what_it_refers_to(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        batch = [
            PartyRegistered(party="IND", name="India", kind="state"),
            PositionStated(party="IND", issue="a/b", stance="opposes", stated_on="2019-12-11", summary="No."),
            PositionStated(party="RUS", issue="a/b", stance="opposes", stated_on="2019-12-12", summary="No."),
        ]
        tracker.record(batch, by="me")
        with pytest.raises(StillReferredTo):
            tracker.retract("@4", reason="x", by="me")
        with pytest.raises(PositionAhead):
            tracker.retract("@4..@7", reason="x", by="me")
        with pytest.raises(StillReferredTo):
            tracker.retract("@6", "@4", reason="x", by="me")
        assert tracker.checkpoint().position == 6
        tried = tracker.retract("@6", "@4..@6", reason="x", by="me", check_only=True)
        retracted = tracker.retract("@4..@6", reason="x", by="me")
        assert [one.target.position for one in tried] == [one.target.position for one in retracted] == [6, 5, 4]
        assert stances(tracker) == ["supports"]
        assert [row.party.party for row in tracker.parties()] == ["RUS"]
        with pytest.raises(NoLongerCounts):
            tracker.retract("@3..@5", reason="x", by="me")
        assert stances(tracker) == ["supports"]

"""What somebody is told who records a fact again, withdraws twice, or changes a question on the day of statements."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger import id_of
from tracker.domain.log.events import (
    IssueReworded,
    MembershipStarted,
    MilestoneNoted,
    PositionStated,
    PositionWithdrawn,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.terms.vocabulary import MilestoneCategory

pytestmark = pytest.mark.on_both_backends

LEDGER = """
    party IND
    issue coal
    stated IND coal opposes 2021-11-13
    stated USA coal supports 2021-11
    stated RUS coal supports 2021-11-12
    stated CHN coal supports 2021-11-14
    """


def notes(tracker: Any, *events: Any) -> list[str]:
    return [note for result in tracker.record(events, by="me") for note in result.receipt.notes]


def test_a_fact_on_record_in_the_same_words_is_named(new_tracker: Callable[..., Any]) -> None:
    summit = MilestoneNoted(title="COP 26", on=date(2021, 11, 13))
    with new_tracker(LEDGER) as tracker:
        assert notes(tracker, summit) == []
        first = tracker.checkpoint().position
        (again,) = notes(tracker, summit)
        assert again.startswith(f"@{first} says the same.")
        assert again.endswith(f"tracker retract @{first + 1} --reason TEXT")
        assert notes(tracker, summit.model_copy(update={"title": "COP 27"})) == []
        assert len(notes(tracker, MilestoneNoted(title="x", on=date(2022, 1, 1)), summit)) == 1


def test_a_milestone_of_the_same_title_and_day_may_be_a_correction(new_tracker: Callable[..., Any]) -> None:
    summit = MilestoneNoted(title="COP 26", on=date(2021, 11, 13))
    with new_tracker(LEDGER) as tracker:
        notes(tracker, summit)
        first = tracker.checkpoint().position
        (again,) = notes(tracker, summit.model_copy(update={"title": "cop  26", "category": MilestoneCategory.SUMMIT}))
        assert f"@{first} has the same title and day, and differs in title, category." in again
        assert f"tracker correct @{first} --title 'cop  26' --category summit --reason TEXT" in again
        assert f"tracker retract @{first + 1} --reason TEXT" in again


@pytest.mark.parametrize(
    "event",
    [
        PositionStated(party="IND", issue="coal", stance="neutral", stated_on="2021-11-12", summary="x"),
        PositionWithdrawn(party="IND", issue="coal", on="2021-12-01", summary="No longer."),
        MilestoneNoted(title="COP 26", on=date(2021, 11, 13)),
        SourceRegistered(source="s", title="T", publisher="P"),
        MembershipStarted(party="IND", bloc="G77", on=date(1964, 1, 1)),
    ],
)
def test_what_was_retracted_is_noted_when_it_is_recorded_again(new_tracker: Callable[..., Any], event: Any) -> None:
    with new_tracker(LEDGER + "party G77 kind=bloc\n") as tracker:
        first = tracker.checkpoint().position + 1
        for reason, changes in (("direct", None), ("as corrected", {"locator": "p. 1"})):
            notes(tracker, event)
            if changes and isinstance(event, PositionStated):
                tracker.correct("@last", changes, reason="x", by="me")
            tracker.retract("@last", reason=reason, by="me")
            (note,) = (note for note in notes(tracker, event) if "retracted" in note)
            assert note.startswith(f"@{first} said the same and was retracted (see tracker show @{first}).")
            assert note.endswith(f"tracker retract @{tracker.checkpoint().position} --reason TEXT")
            tracker.retract("@last", reason="again", by="me")
        assert not any(
            "retracted" in note for one in tracker.record([event], by="me", anyway=True) for note in one.receipt.notes
        )


def test_what_was_corrected_is_no_retraction(new_tracker: Callable[..., Any]) -> None:
    said = PositionStated(party="IND", issue="coal", stance="neutral", stated_on="2021-11-12", summary="x")
    with new_tracker(LEDGER) as tracker:
        notes(tracker, said)
        tracker.correct("@last", {"stance": "supports"}, reason="x", by="me")
        assert notes(tracker, said) == []


def test_a_second_withdrawal_names_the_first(new_tracker: Callable[..., Any]) -> None:
    withdrawal = PositionWithdrawn(party="IND", issue="coal", on="2021-12-01", summary="No longer.")
    with new_tracker(LEDGER) as tracker:
        assert notes(tracker, withdrawal) == []
        (again,) = notes(tracker, withdrawal)
        assert "on record as withdrawn since 2021-12-01" in again
        (never,) = notes(tracker, withdrawal.model_copy(update={"party": "USA", "on": "2021-10-01"}))
        assert "Check party, issue and day" in never


def test_a_new_question_says_which_statements_answer_it_by_their_date(new_tracker: Callable[..., Any]) -> None:
    rewording = IssueReworded(issue="coal", question="Phased down?", on=date(2021, 11, 13))
    with new_tracker(LEDGER) as tracker:
        ledger = tracker.checkpoint().position
        (bound,) = notes(tracker, rewording)
        assert "IND opposes (2021-11-13)" in bound
        assert "USA supports (2021-11)" in bound
        assert "RUS" not in bound
        assert "CHN" not in bound
        assert f"tracker correct @{ledger + 1} --on DAY" in bound
        (later,) = tracker.correct("@last", {"on": "2021-11-14"}, reason="x", by="me").notes
        assert "CHN supports (2021-11-14)" in later
        assert "IND" not in later
        assert tracker.correct("@last", {"on": "2021-12-14"}, reason="x", by="me").notes == ()
        assert notes(tracker, IssueReworded(issue="coal", title="Coal", on=date(2021, 11, 13))) == []


def test_a_rewording_or_a_publication_ahead_is_noted(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        ahead = tracker.today() + timedelta(1)
        (note,) = notes(tracker, IssueReworded(issue="coal", title="Coal", on=ahead))
        assert note == f"{ahead} lies ahead: until then coal keeps its earlier wording in every answer."
        (note,) = notes(tracker, SourceRegistered(source="s", title="T", publisher="P", published_on=ahead))
        assert "lies ahead" in note
        assert (
            notes(tracker, SourceRegistered(source="t", title="T", publisher="P", published_on=tracker.today())) == []
        )
        (note,) = tracker.correct("@last", {"published_on": ahead.isoformat()}, reason="x", by="me").notes
        assert "lies ahead" in note


EARLY = """
    source early 2021-11-12
    source same 2021-11-13
    source later 2021-11-14
    source undated
    dated: stated IND coal opposes 2021-11-13 source=later
    """
NOTE = (
    "early was published on 2021-11-12, before IND took this position on coal (2021-11-13). "
    "Check both days, and that it is the source."
)


@pytest.mark.parametrize(
    ("stated_on", "source", "noted"),
    [
        ("2021-11-13", "early", True),
        ("2021-11-12", "early", False),
        ("2021-11", "early", False),
        ("2021-12", "early", True),
        ("2022", "later", True),
        ("2021-11-13~", "early", True),
        ("2021-11-13", "same", False),
        ("2021-11-13", "later", False),
        ("2021-11-13", "undated", False),
        ("2021-11-13", None, False),
    ],
)
def test_a_source_from_before_the_statement_is_noted_with_both_days(
    new_tracker: Callable[..., Any], stated_on: str, source: str | None, *, noted: bool
) -> None:
    said = PositionStated(party="RUS", issue="coal", stance="neutral", stated_on=stated_on, summary="x", source=source)
    with new_tracker(LEDGER + EARLY) as tracker:
        told = notes(tracker, said)
        assert [str(source) in note and stated_on in note and "2021-11-1" in note for note in told] == [True] * noted


def test_a_withdrawal_and_a_corroboration_are_noted_too(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER + EARLY) as tracker:
        (note,) = notes(
            tracker, PositionWithdrawn(party="IND", issue="coal", on="2021-11-14", summary="x", source="same")
        )
        assert note.startswith(
            "same was published on 2021-11-13, before IND withdrew this position on coal (2021-11-14)"
        )
        assert notes(tracker, StatementCorroborated(target=id_of("dated"), source="early")) == [NOTE]
        assert notes(tracker, StatementCorroborated(target=id_of("dated"), source="same")) == []
        assert notes(tracker, MilestoneNoted(title="COP 26", on=date(2021, 11, 13), source="early")) == []


def test_a_source_that_the_same_transaction_registers_is_noted_too(new_tracker: Callable[..., Any]) -> None:
    source = SourceRegistered(source="new", title="T", publisher="P", published_on=date(2021, 11, 12))
    said = PositionStated(
        party="RUS", issue="coal", stance="neutral", stated_on="2021-11-13", summary="x", source="new"
    )
    with new_tracker(LEDGER) as tracker:
        assert len(notes(tracker, source, said)) == 1


def test_a_correction_is_noted_once_it_says_what_no_longer_fits(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER + EARLY) as tracker:

        def corrected(**changes: str) -> list[str]:
            return list(tracker.correct("@last", changes, reason="x", by="me").notes)

        assert corrected(summary="y") == []
        assert corrected(source="early") == [NOTE]
        assert corrected(summary="z") == []
        assert corrected(stated_on="2021-11-12") == []
        (again,) = corrected(stated_on="2021-12")
        assert "2021-12" in again
        assert len(corrected(stated_on="2021-11-14", source="same")) == 1


def test_a_source_that_is_dated_earlier_names_what_cites_it_and_was_said_later(new_tracker: Callable[..., Any]) -> None:
    more = "stated RUS coal opposes 2021-11 source=later\nstated USA coal neutral 2021-11-14 source=later"
    with new_tracker(LEDGER + EARLY + more) as tracker:
        registered = next(row.entry.id for row in tracker.entries() if row.entry.event.data().get("title") == "later")
        (note,) = tracker.correct(registered, {"published_on": "2021-11-13"}, reason="x", by="me").notes
        assert note.startswith("later was published on 2021-11-13, before what cites it was said: @")
        assert "USA neutral (2021-11-14). Check the days." in note
        assert "IND" not in note
        assert tracker.correct("@last", {"published_on": "2021-11-15"}, reason="x", by="me").notes == ()
        (note,) = tracker.correct("@last", {"published_on": "2021-11-10"}, reason="x", by="me").notes
        assert ("IND opposes (2021-11-13)" in note, "USA" in note, "RUS" in note) == (True, True, False)

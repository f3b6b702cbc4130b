"""What counts, in which order, and what is in effect (DESIGN sections 4 to 6)."""

from collections.abc import Mapping
from datetime import date

import pytest

from tests.ledger import entries, id_of
from tests.replayed import circumstances_in
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.order import last_on
from tracker.domain.timeline.publication import published_days
from tracker.domain.timeline.runs import StanceInEffect, in_effect
from tracker.domain.timeline.timelines import timelines

PAIR = ("a/b", "RUS")


def held(text: str, on: str, *, published_by: str | None = None, known_at: int | None = None) -> StanceInEffect | None:
    day = date.fromisoformat(on)
    public = date.fromisoformat(published_by) if published_by else None
    pairs = timelines(replay(entries(text), known_at=known_at), Scope(), up_to=date.max, published_by=public)
    return in_effect(pairs.by_pair.get(PAIR, ()), day)


def stance(text: str, on: str, **cuts: object) -> str | None:
    found = held(text, on, **cuts)  # type: ignore[arg-type]
    return found.statement.stance if found else "none on record"


def test_a_stance_holds_from_the_day_it_was_stated_inclusive() -> None:
    text = "stated RUS a/b supports 2019-12-10"
    assert stance(text, "2019-12-09") == "none on record"
    assert stance(text, "2019-12-10") == "supports"


def test_the_last_step_of_a_day_is_that_of_the_day_itself_or_the_one_before() -> None:
    text = """
        a: stated RUS a/b supports 2019-12-10
        b: stated RUS a/b supports 2019-12-12
        """
    timeline = timelines(replay(entries(text)), Scope(), up_to=date.max).by_pair[PAIR]
    found = [last_on(timeline, date(2019, 12, day)) for day in (9, 10, 11, 12, 13)]
    expected = [None, *(id_of(name) for name in "aabb")]
    assert [step and step.event_id for step in found] == expected


def test_what_is_not_public_yet_hides_nothing_that_is() -> None:
    text = """
        source later 2020-02-01
        source early 2019-12-11
        stated RUS a/b supports 2019-12-10 source=later
        stated RUS a/b opposes 2019-12-09 source=early
        """
    assert stance(text, "2019-12-10", published_by="2019-12-31") == "opposes"


def test_a_late_entry_takes_its_rightful_place() -> None:
    text = """
        stated RUS a/b supports 2019-12-10
        stated RUS a/b opposes 2019-12-01
        """
    assert stance(text, "2019-12-05") == "opposes"
    assert stance(text, "2019-12-11") == "supports"


def test_an_imprecise_date_takes_effect_on_its_last_day() -> None:
    text = """
        stated RUS a/b supports 2019-12-10
        stated RUS a/b opposes 2019-12
        """
    assert stance(text, "2019-12-30") == "supports"
    assert stance(text, "2019-12-31") == "opposes"


def test_sequence_orders_a_day_before_the_order_of_recording_does() -> None:
    text = """
        stated RUS a/b supports 2019-12-10 sequence=2
        stated RUS a/b opposes 2019-12-10 sequence=1
        """
    assert stance(text, "2019-12-10") == "supports"
    one_and_none = text.replace(" sequence=1", "").replace("=2", "=1")
    assert stance(one_and_none, "2019-12-10") == "supports"


def test_a_withdrawal_leaves_no_stance_and_is_not_neutral() -> None:
    text = """
        stated RUS a/b supports 2019-12-10
        withdrawn RUS a/b 2019-12-12
        """
    assert stance(text, "2019-12-12") is None


def test_a_correction_keeps_the_place_of_its_target() -> None:
    text = """
        first: stated RUS a/b supports 2019-12-10
        stated RUS a/b opposes 2019-12-10
        corrected first stance=neutral
        """
    assert stance(text, "2019-12-10") == "opposes"


def test_a_correction_moves_a_statement_to_another_party_and_day() -> None:
    text = """
        wrong: stated USA a/b supports 2019-12-10
        corrected wrong party=RUS stated_on=2019-12-12
        """
    assert stance(text, "2019-12-11") == "none on record"
    assert stance(text, "2019-12-12") == "supports"


def test_retracting_a_correction_does_not_bring_the_earlier_version_back() -> None:
    text = """
        first: stated RUS a/b supports 2019-12-10
        second: corrected first stance=opposes
        retracted second
        """
    assert stance(text, "2019-12-10") == "none on record"


def test_what_was_known_before_a_correction_is_the_uncorrected_entry() -> None:
    text = """
        first: stated RUS a/b supports 2019-12-10
        corrected first stance=opposes
        """
    assert stance(text, "2019-12-10", known_at=3) == "supports"
    assert stance(text, "2019-12-10", known_at=4) == "opposes"
    assert stance(text, "2019-12-10", known_at=2) == "none on record"


def test_a_run_is_the_unbroken_row_of_equal_stances() -> None:
    found = held(
        """
        stated RUS a/b supports 2019-01-01
        stated RUS a/b opposes 2019-02-01
        stated RUS a/b supports 2019-03-01 if=x
        stated RUS a/b supports 2019-04-01
        stated RUS a/b supports 2019-05-01
        """,
        "2019-06-01",
    )
    assert found is not None
    assert (found.since, found.statement.on, len(found.run)) == (date(2019, 3, 1), date(2019, 5, 1), 3)
    assert found.conditions == ("x",)
    assert found.conditions_from is not None
    assert found.conditions_from.on == date(2019, 3, 1)


def test_an_empty_list_of_conditions_ends_those_in_force() -> None:
    text = """
        stated RUS a/b supports 2019-03-01 if=x
        stated RUS a/b supports 2019-04-01 if=;
        """
    found = held(text, "2019-06-01")
    assert found is not None
    assert found.conditions == ()


def test_conditions_of_an_earlier_run_are_not_in_force() -> None:
    text = """
        stated RUS a/b supports 2019-03-01 if=x
        stated RUS a/b opposes 2019-04-01
        stated RUS a/b supports 2019-05-01
        """
    found = held(text, "2019-06-01")
    assert found is not None
    assert found.conditions == ()


def contested(earlier: str, later: str) -> bool:
    found = held(f"{earlier}\n{later}", "2019-12-31")
    assert found is not None
    return bool(found.contested_by)


def test_a_differing_statement_by_another_speaker_within_three_days_contests() -> None:
    ann, bob = "stated RUS a/b supports 2019-12-10 speaker=Ann", "stated RUS a/b opposes 2019-12-13 speaker=Bob"
    assert contested(ann, bob)
    assert not contested(ann, bob.replace("12-13", "12-14"))
    assert not contested(ann, bob.replace("Bob", "Ann"))
    assert not contested(ann, bob.replace("opposes", "supports"))
    assert contested(ann.replace("speaker=Ann", ""), bob.replace("speaker=Bob", ""))


@pytest.mark.parametrize("spelling", ["sergey  lavrov", "Sergey\u00a0Lavrov", "Ser\u00adgey Lavrov\u200f"])
def test_a_speaker_does_not_contest_himself_however_his_name_is_spelled(spelling: str) -> None:
    earlier = 'stated RUS a/b supports 2019-12-10 speaker="Sergey Lavrov"'
    later = "stated RUS a/b opposes 2019-12-11 speaker='{}'"
    assert not contested(earlier, later.format(spelling))
    assert contested(earlier, later.format("Sergey Lavrow"))
    assert contested(earlier.replace("Sergey Lavrov", "\u200b"), later.format("\u200b"))


def test_the_window_of_an_imprecise_statement_opens_before_its_first_possible_day() -> None:
    assert contested("stated RUS a/b supports 2019-11-28 speaker=Ann", "stated RUS a/b opposes 2019-12 speaker=Bob")


def test_a_withdrawal_contests_nothing() -> None:
    assert not contested("withdrawn RUS a/b 2019-12-10 speaker=Ann", "stated RUS a/b opposes 2019-12-10 speaker=Bob")


PUBLISHED = """
    source early 2019-12-01
    source late 2019-12-20
    source undated
    a: stated RUS a/b supports 2019-11-01 source=late
    corroborated a source=early
    """


def test_a_statement_is_public_from_the_day_of_its_earliest_evidence() -> None:
    assert stance(PUBLISHED, "2019-12-31", published_by="2019-11-30") == "none on record"
    assert stance(PUBLISHED, "2019-12-31", published_by="2019-12-01") == "supports"


def test_a_corroboration_stays_with_a_corrected_statement_and_a_replaced_source_no_longer_counts() -> None:
    text = PUBLISHED + "corrected a source=undated"
    assert published_days(replay(entries(text))) == {6: date(2019, 12, 1)}
    alone = "source early 2019-12-01\nsource undated\na: stated RUS a/b supports 2019-11-01 source=early"
    assert published_days(replay(entries(alone + "\ncorrected a source=undated"))) == {}


def test_a_correction_of_a_sources_date_moves_what_the_public_could_know() -> None:
    text = "s: source dw 2019-12-01\nstated RUS a/b supports 2019-11-01 source=dw\ncorrected s published_on=2019-12-05"
    assert stance(text, "2019-12-31", published_by="2019-12-04") == "none on record"
    assert stance(text, "2019-12-31", published_by="2019-12-04", known_at=4) == "supports"


def test_undated_statements_are_counted_when_they_are_left_out() -> None:
    text = """
        stated RUS a/b supports 2019-11-01
        stated RUS a/b supports 2019-12-01
        """
    pairs = timelines(replay(entries(text)), Scope(), up_to=date(2019, 11, 30), published_by=date(2020, 1, 1))
    assert (dict(pairs.by_pair), pairs.undated) == ({}, 1)


def test_an_issue_is_closed_by_its_last_counting_closing() -> None:
    log = entries(
        """
        closed a/b 2019-12-10 agreed
        closed a/b 2019-12-01 expired
        wrong: closed a/b 2020-01-01 abandoned
        retracted wrong
        """
    )
    history = replay(log)

    def closings(on: date) -> Mapping[str, Closing]:
        return circumstances_in(history, on).closings

    assert closings(date(2019, 11, 30)) == {}
    assert closings(date(2019, 12, 1))["a/b"].outcome == "expired"
    assert closings(date(2020, 2, 1))["a/b"].outcome == "agreed"


def test_entries_are_told_apart_by_their_ids() -> None:
    counting = replay(entries("a: stated RUS a/b supports 2019-12-10\nretracted a")).counting
    assert id_of("a") not in {version.entry.id for version in counting}

"""Rules that judge what people record, and let what was accepted once come back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.databases import Databases
from tests.ledger import drafts, id_of
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PartyRegistered,
    StatementCorroborated,
)
from tracker.errors import (
    AddsNoEvidence,
    BadData,
    BlankText,
    JoinsInACircle,
    JoinsItself,
    JoinsTwice,
    LeavesUnjoined,
    MembershipAhead,
    NameInUse,
    NotABloc,
    RefusedEntries,
    StillHasMembers,
    TrackerError,
)
from tracker.tracker import Tracker
from tracker.usecases.restore import restore_database

MILESTONE = {"title": "Summit", "on": "2020-01-01"}
pytestmark = pytest.mark.on_both_backends

BREAKS = """
    party AAA
    bloc: party EUN kind=bloc
    party NATO kind=organisation
    self: started AAA AAA 2020-01-01
    fixed: corrected self on=2020-01-02
    state: started BBB AAA 2020-01-01
    started AAA EUN 2020-01-01
    again: started AAA EUN 2021-01-01
    unjoined: ended AAA NATO 2020-01-01
    started EUN NATO 2020-01-01
    circle: started NATO EUN 2020-06-01
    ahead: started AAA NATO 2040-01-01
    kind: corrected bloc kind=state
    party TUR name=Türkiye aliases=Turkey
    alias: party TUR2 name=turkey
    updated TUR2 name=Turkey
    code: updated TUR2 aliases_added=tur
    plain: party TUR3 name="Tu\u0308rkiye "
    issue a/b
    blank: stated TUR a/b supports 2020-01-01 summary=\u200b
    unseen: corrected blank speaker=\u00ad summary=Said.
    source dw 2020-01-02
    said: stated AAA x supports 2020-01-02 source=dw quote=Yes
    own: corroborated said source=dw
    source tass 2020-01-02
    first: corroborated said source=tass quote=Da
    twice: corroborated said source=tass
    changed: corrected twice note=Again.
"""
"""A log that was accepted before there were rules, and breaks every one of them."""
BROKEN = {
    "self": "AAA cannot be a member of itself",
    "fixed": "AAA cannot be a member of itself",
    "state": "AAA is of the kind state",
    "again": "AAA would join EUN on 2020-01-01 and again on 2021-01-01 without having left",
    "unjoined": "AAA would leave NATO on 2020-01-01 without being a member",
    "circle": "NATO would belong to itself: NATO -> EUN -> NATO",
    "ahead": "2040-01-01 is later than 2030-01-02",
    "kind": "EUN cannot be of the kind state: AAA is on record as its member",
    "alias": "The name 'turkey' of TUR2 is in use: it already names TUR",
    "code": "The name 'tur' of TUR2 is in use: it already names TUR",
    "plain": "of TUR3 is in use: it already names TUR",
    "blank": "summary: holds nothing that can be seen",
    "unseen": "speaker: holds nothing that can be seen",
    **dict.fromkeys(("own", "twice", "changed"), "so that this adds nothing"),
}
"""What the notes on its entries say."""

DESK = """
    party FRA
    party GBR
    bloc: party EUN kind=bloc
    party NATO kind=organisation
    party G77 kind=delegation
    joined: started GBR EUN 1973-01-01
    left: ended GBR EUN 2020-02-01
    other: started FRA EUN 1958-01-01
"""

Join, Leave = MembershipStarted, MembershipEnded


def refusals(tracker: Tracker, *events: Any) -> list[type[TrackerError]]:
    """The classes of the refusals of events that are recorded together; the log stays as it was if there are any."""
    before = tracker.checkpoint()
    try:
        tracker.record(events, by="me")
    except RefusedEntries as refused:
        assert tracker.checkpoint() == before
        return [type(refusal) for _, refusal in refused.refusals]
    return []


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (Join(party="AAA", bloc="AAA", on="2020-01-01"), JoinsItself),
        (PartyRegistered(party="BBB", name="aaa", kind="state"), NameInUse),
        (MilestoneNoted(title="\u200b", on="2020-01-01"), BlankText),
        (EntryRetracted(target=id_of("a"), reason="\u00ad\u2060"), BlankText),
        (EntryCorrected(target=id_of("a"), replacement=MILESTONE, reason="\u3164"), BlankText),
        (EntryCorrected(target=id_of("a"), replacement=MILESTONE | {"title": "\u202e"}, reason="We erred."), BlankText),
    ],
)
def test_what_breaks_a_rule_is_refused_when_it_is_recorded(
    new_tracker: Callable[..., Any], event: Event, refusal: type[TrackerError]
) -> None:
    with new_tracker("party AAA\na: milestone Summit 2020-01-01") as tracker:
        assert refusals(tracker, event) == [refusal]


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


def test_what_was_wrong_before_keeps_nobody_from_putting_it_right(new_tracker: Callable[..., Any]) -> None:
    twice = DESK + "again: started FRA EUN 1960-01-01"
    with new_tracker(twice) as tracker:
        assert refusals(tracker, Leave(party="FRA", bloc="EUN", on="2025-01-01")) == []
        tracker.retract(id_of("again"), reason="It had joined.", by="me")


def test_a_log_that_breaks_every_rule_comes_back_with_notes(
    new_tracker: Callable[..., Any], databases: Databases, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    with new_tracker(BREAKS) as tracker:
        with file.open("wb") as out:
            tracker.export(out)
        head = tracker.checkpoint()
        ids = [row.entry.id for row in tracker.entries()]
    with databases.empty() as url:
        restored = restore_database(url, file, checkpoint=head, clock=lambda: NOW)
        assert (restored.head, restored.noted) == (head, len(BROKEN))
    for keep_going in (False, True):
        with new_tracker() as tracker:
            loaded = tracker.load([file], keep_going=keep_going)
            assert (loaded.appended, loaded.left_out) == (len(ids), 0)
            notes = {(ids[(note.line or 0) - 1], note.message) for note in loaded.notes}
            assert loaded.noted == len(notes) == len(BROKEN)
            for name, words in BROKEN.items():
                assert any(found == id_of(name) and words in message for found, message in notes)
            assert tracker.checkpoint() == head


def test_a_load_into_a_log_with_entries_is_judged_together_or_each_line_alone(
    new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "more.jsonl"
    with (
        new_tracker(DESK + "started FRA EUN 1960-01-01\nstarted FRA NATO 1949-04-04") as tracker,
        file.open("wb") as out,
    ):
        tracker.export(out)
    with new_tracker(DESK) as tracker:
        with pytest.raises(BadData) as refused:
            tracker.load([file])
        (finding,) = refused.value.findings
        assert (finding.line, finding.field) == (len(drafts(DESK)) + 1, "on")
        loaded = tracker.load([file], keep_going=True)
        assert (loaded.appended, loaded.left_out) == (1, 1)
        assert "EUN" not in {row.entry.event.bloc for row in tracker.entries(after=len(drafts(DESK)))}


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
    assert f"it left on 2020-02-01, @{[one.id for one in drafts(DESK)].index(id_of('left')) + 1}" in str(refused.value)


@pytest.mark.parametrize(
    ("target", "changes"),
    [
        ("bloc", {"name": "Another"}),
        ("blank", {"locator": "p. 1"}),
        ("state", {"locator": "p. 1"}),
        ("twice", {"note": "As printed."}),
    ],
)
def test_a_rule_broken_before_is_not_held_against_a_correction_that_leaves_it_so(
    new_tracker: Callable[..., Any], target: str, changes: dict[str, str]
) -> None:
    broken = "\n".join(line for line in BREAKS.splitlines() if ": corrected" not in line)
    broken = broken.replace("kind=bloc", "kind=state")
    with new_tracker(broken) as tracker:
        tracker.correct(id_of(target), changes, reason="A name.", by="me")


def test_a_correction_that_breaks_a_rule_anew_is_refused_beside_one_broken_before(
    new_tracker: Callable[..., Any],
) -> None:
    with new_tracker(BREAKS) as tracker, pytest.raises(BlankText):
        tracker.correct(id_of("unseen"), {"summary": "\u2060"}, reason="x", by="me")

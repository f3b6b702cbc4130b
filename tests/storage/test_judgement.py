"""Rules that judge what people record, and let what was accepted once come back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.databases import Databases
from tests.ledger import id_of
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    MembershipStarted,
    MilestoneNoted,
    PartyRegistered,
    StatementCorroborated,
)
from tracker.errors import AddsNoEvidence, BlankText, JoinsItself, NameInUse, RefusedEntries, TrackerError
from tracker.usecases.restore import restore_database

MILESTONE = {"title": "Summit", "on": "2020-01-01"}
pytestmark = pytest.mark.on_both_backends

BREAKS = """
    party AAA
    self: started AAA AAA 2020-01-01
    fixed: corrected self on=2020-01-02
    party TUR name=Türkiye aliases=Turkey
    alias: party TUR2 name=turkey
    updated TUR2 name=Turkey
    code: updated TUR2 aliases_added=tur
    plain: party TUR3 name="Tu\u0308rkiye "
    issue a/b
    blank: stated TUR a/b supports 2020-01-01 summary=\u200b
    again: corrected blank speaker=\u00ad summary=Said.
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
    "self": "cannot be a member of itself",
    "fixed": "cannot be a member of itself",
    "alias": "The name 'turkey' of TUR2 is in use: it already names TUR",
    "code": "The name 'tur' of TUR2 is in use: it already names TUR",
    "plain": "of TUR3 is in use: it already names TUR",
    "blank": "summary: holds nothing that can be seen",
    "again": "speaker: holds nothing that can be seen",
    **dict.fromkeys(("own", "twice", "changed"), "so that this adds nothing"),
}
"""What the notes on its entries say."""


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (MembershipStarted(party="AAA", bloc="AAA", on="2020-01-01"), JoinsItself),
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
        before = tracker.checkpoint()
        with pytest.raises(RefusedEntries) as refused:
            tracker.record([event], by="me")
        assert isinstance(refused.value.refusals[0][1], refusal)
        assert tracker.checkpoint() == before


def test_a_log_that_breaks_every_rule_comes_back_with_notes(
    new_tracker: Callable[..., Any], databases: Databases, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    with new_tracker(BREAKS) as tracker:
        with file.open("wb") as out:
            tracker.export(out)
        head = tracker.checkpoint()
        ids = {row.entry.id for row in tracker.entries()}
    assert {id_of(name) for name in BROKEN} <= ids
    with databases.empty() as url:
        restored = restore_database(url, file, checkpoint=head, clock=lambda: NOW)
        assert (restored.head, restored.noted) == (head, len(BROKEN))
    with new_tracker() as tracker:
        loaded = tracker.load([file])
        assert (loaded.appended, loaded.noted) == (len(ids), len(BROKEN))
        for says, note in zip(BROKEN.values(), loaded.notes, strict=True):
            assert says in note.message
        assert tracker.checkpoint() == head


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

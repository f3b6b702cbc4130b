"""Rules that judge what people record, and let what was accepted once come back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.databases import Databases
from tests.ledger import drafts, id_of
from tests.storage.judgement import DESK, Join, Leave, refusals
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    IssueOpened,
    MilestoneNoted,
    PartyRegistered,
    SourceRegistered,
)
from tracker.errors import (
    BadData,
    BlankText,
    JoinsItself,
    NameInUse,
    TrackerError,
    UntypableId,
)
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
    glob: party *
    quoted: issue a/b*
    source: source -x
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
    "glob": "The party code '*' cannot be typed as it is",
    "quoted": "cannot be typed as it is",
    "source": "The source id '-x' cannot be typed as it is",
    **dict.fromkeys(("own", "twice", "changed"), "so that this adds nothing"),
}
"""What the notes on its entries say."""


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (Join(party="AAA", bloc="AAA", on="2020-01-01"), JoinsItself),
        (PartyRegistered(party="BBB", name="aaa", kind="state"), NameInUse),
        *(
            (PartyRegistered(party=code, name="Name", kind="state"), UntypableId)
            for code in (
                "?",
                "*A",
                "A*",
                '"A',
                "A'B",
                "-A",
                "--",
                "[A]",
                "{A}",
                "$A",
                "A&B",
                "~A",
                "#1",
                "@5",
                "A;",
                "«Б»",
            )
        ),
        (IssueOpened(issue="a/*", title="T", question="Q?"), UntypableId),
        (IssueOpened(issue="-a/b", title="T", question="Q?"), UntypableId),
        (SourceRegistered(source="-x", title="T", publisher="P"), UntypableId),
        (SourceRegistered(source="*", title="T", publisher="P"), UntypableId),
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


@pytest.mark.parametrize("code", ["A", "ÅLAND", "日本", "G-77", "G77+CHN", "3D", "A.B_C", "Β", "ФРА", "A=1", "A%"])
def test_a_code_that_can_be_typed_is_taken(new_tracker: Callable[..., Any], code: str) -> None:
    with new_tracker("party AAA") as tracker:
        assert refusals(tracker, PartyRegistered(party=code, name="Name", kind="state")) == []
        assert refusals(tracker, IssueOpened(issue=f"a/{code}", title="T", question="Q?")) == []
        assert refusals(tracker, SourceRegistered(source=f'{code} said "so"?', title="T", publisher="P")) == []


def test_what_cannot_be_typed_and_is_on_record_keeps_its_place(new_tracker: Callable[..., Any]) -> None:
    with new_tracker("party *A name='Party *A'\nissue a*/b") as tracker:
        assert refusals(tracker, PartyRegistered(party="*A", name="Party *A", kind="state")) == []
        assert refusals(tracker, IssueOpened(issue="a*/c", title="T", question="Q?")) == []
        assert refusals(tracker, IssueOpened(issue="a*/c*", title="T", question="Q?")) == [UntypableId]


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

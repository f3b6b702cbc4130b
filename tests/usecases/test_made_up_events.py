"""A new version and a new kind of event, made up and only registered, go the whole way on both back ends.

The version says neither `stance` nor anything else that the newest one does for it: whoever reads a stored line without
upcasting it takes the statement for a withdrawal, or fails.
"""

import io
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.conftest import NOW
from tests.databases import Databases
from tracker.domain.log.event_parts import EvidenceFields
from tracker.domain.log.events import MODELS, Event
from tracker.domain.log.field_types import Day, IssuePath, PartyCode, StatementDate, Text
from tracker.domain.log.kind_registry import KINDS, EventKind, Revision, Role
from tracker.domain.log.parsing import parse_event
from tracker.domain.log.upcasting import OLD_VERSIONS, OLDER, OldVersion
from tracker.domain.terms.scope import KnownAt, Query
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

STANCES = {"yes": "supports", "no": "opposes"}
ON = date(2020, 6, 1)


class PositionStatedV99(EvidenceFields):
    """A statement whose form knows yes and no alone."""

    type: Literal["position.stated.v99"] = "position.stated.v99"
    party: PartyCode
    issue: IssuePath
    answer: Literal["yes", "no"]
    stated_on: StatementDate
    summary: Text


class OmenSeen(EvidenceFields):
    """A made-up kind."""

    type: Literal["omen.seen.v1"] = "omen.seen.v1"
    issue: IssuePath
    parties: tuple[PartyCode, ...] = ()
    on: Day


def up(data: Mapping[str, Any]) -> dict[str, Any]:
    return {("stance" if name == "answer" else name): STANCES.get(value, value) for name, value in data.items()}


def down(data: Mapping[str, Any]) -> dict[str, Any] | None:
    answers = {stance: answer for answer, stance in STANCES.items()}
    if data["stance"] not in answers or "conditions" in data or "act" in data:
        return None
    return {("answer" if name == "stance" else name): answers.get(value, value) for name, value in data.items()}


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    adds = frozenset({"stance", "conditions", "act", "standing", "addressed_to", "on_behalf_of", "sequence"})
    old = OldVersion("position.stated.v1", lambda: PositionStatedV99, adds, up, down)
    monkeypatch.setitem(OLD_VERSIONS, "position.stated.v99", old)
    monkeypatch.setitem(OLDER, old.newer, "position.stated.v99")
    monkeypatch.setitem(MODELS, "omen.seen.v1", OmenSeen)
    kind = EventKind("omen.seen", Role.FACT, Revision.NOTED, key="issue", day="on")
    monkeypatch.setitem(KINDS, kind.name, kind)


def events() -> list[Event]:
    said = {"party": "RUS", "issue": "a/b", "summary": "Said so."}
    return [
        parse_event("party.registered.v1", {"party": "RUS", "name": "Russia", "kind": "state"}),
        parse_event("party.registered.v1", {"party": "USA", "name": "America", "kind": "state"}),
        parse_event("issue.opened.v1", {"issue": "a/b", "title": "B", "question": "Should it?"}),
        parse_event("position.stated.v99", {**said, "answer": "yes", "stated_on": "2020-01-01"}),
        parse_event(
            "position.stated.v1", {**said, "stance": "conditional", "stated_on": "2020-02-01", "act": "offers"}
        ),
        parse_event("position.stated.v99", {**said, "answer": "no", "stated_on": "2020-03-01", "party": "USA"}),
        parse_event("position.stated.v1", {**said, "stance": "supports", "stated_on": "2020-03-02"}),
        parse_event("omen.seen.v1", {"issue": "a/b", "on": "2020-04-01", "parties": ["RUS", "USA"]}),
    ]


def stances(tracker: Tracker, query: Query | None = None) -> list[tuple[str, str | None]]:
    return [(row.party, row.stance) for row in tracker.state(ON, query or Query()).rows]


def exported(tracker: Tracker) -> bytes:
    out = io.BytesIO()
    tracker.export(out)
    return out.getvalue()


def test_they_are_appended_answered_rebuilt_verified_and_loaded_again(
    new_tracker: Callable[..., Any], databases: Databases, tmp_path: Path
) -> None:
    with new_tracker() as tracker:
        tracker.record(events(), by="analyst")
        types = [json.loads(line)["type"] for line in exported(tracker).splitlines()]
        assert types[3:] == [f"position.stated.v{n}" for n in (99, 1, 99, 99)] + ["omen.seen.v1"]
        assert stances(tracker) == [("RUS", "supports"), ("USA", "opposes")]
        found = tracker.correct("@6", {"stance": "supports"}, reason="Misheard.", by="analyst")
        omen = tracker.correct("@8", {"on": "2020-04-02"}, reason="A day later.", by="analyst")
        for _ in range(2):
            assert tracker.verify().sound
            assert stances(tracker) == [("RUS", "supports"), ("USA", "supports")]
            assert stances(tracker, Query(known_at=KnownAt("@8", position=8))) == [
                ("RUS", "supports"),
                ("USA", "opposes"),
            ]
            report = tracker.report(date(2020, 1, 15), ON)
            kinds = [(change.party, str(change.kind)) for change in report.changes]
            assert kinds == [("RUS", "away"), ("RUS", "towards"), ("USA", "new")]
            assert [(row.before.value, row.after.value) for row in report.corrections] == [("opposes", "supports")]
            explanation = tracker.explain("USA", "a/b", ON)
            assert explanation.row is not None
            assert explanation.row.stance == "supports"
            assert tracker.show(omen.entry.id).ended_by is None
            assert tracker.asks(ON).asks == ()
            assert len(tracker.find("said so").found) == 4
            assert tracker.rebuild() == 10
        tracker.retract(omen.entry.id, reason="Nothing was seen.", by="analyst")
        tracker.retract(found.entry.id, reason="Nothing was said.", by="analyst")
        assert stances(tracker) == [("RUS", "supports")]
        assert tracker.verify().sound
        file = tmp_path / "events.jsonl"
        file.write_bytes(exported(tracker))
        with databases.empty() as url, Tracker.open(url, clock=lambda: NOW + timedelta(1)) as other:
            assert other.load([file]).appended == 12
            assert exported(other) == file.read_bytes()
            assert stances(other) == stances(tracker)
            assert other.verify().sound


def test_an_entry_of_them_is_acknowledged_once_whatever_its_form(new_tracker: Callable[..., Any]) -> None:
    (said,) = [
        event for event in events() if event.type == "position.stated.v2" and event.data()["stance"] == "opposes"
    ]
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(4)]
    with new_tracker() as tracker:
        tracker.record([*events()[:3], said], by="analyst", event_ids=ids)
        again = parse_event("position.stated.v1", said.data())
        (result,) = tracker.record([again], by="analyst", event_ids=ids[3:])
        assert not result.receipt.appended

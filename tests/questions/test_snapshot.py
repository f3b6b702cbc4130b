"""A snapshot is one moment of the log: all its answers agree, whatever others record meanwhile."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.databases import Databases
from tracker.domain.log.events import Event, IssueOpened, PartyRegistered, PositionStated
from tracker.snapshot import Snapshot
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

FIRST, ON = date(2019, 1, 1), date(2019, 12, 31)
REGISTERS: list[Event] = [
    PartyRegistered(party="RUS", name="Russia", kind="state"),
    IssueOpened(issue="x", title="X", question="Should it?"),
]
QUESTIONS: dict[str, Callable[[Snapshot], Any]] = {
    "state": lambda snapshot: snapshot.state(ON),
    "history": lambda snapshot: snapshot.history(on=ON),
    "inherited history": lambda snapshot: snapshot.history(on=ON, inherit=True),
    "report": lambda snapshot: snapshot.report(FIRST, ON),
    "inherited report": lambda snapshot: snapshot.report(FIRST, ON, inherit=True),
    "explain": lambda snapshot: snapshot.explain("RUS", "x", ON),
    "find": lambda snapshot: snapshot.find("said"),
    "show": lambda snapshot: snapshot.show("@3").ended_by,
    "names": lambda snapshot: list(snapshot.names().parties),
    "entries": lambda snapshot: list(snapshot.entries()),
    "checkpoint": lambda snapshot: snapshot.checkpoint(),
}


def stated(stance: str, day: str) -> PositionStated:
    return PositionStated(party="RUS", issue="x", stance=stance, stated_on=day, summary="Said so.")


def answers(snapshot: Snapshot) -> dict[str, Any]:
    return {name: ask(snapshot) for name, ask in QUESTIONS.items()}


def test_a_snapshot_answers_of_one_moment_whatever_is_recorded_meanwhile(databases: Databases, backend: str) -> None:
    with databases.empty() as url, Tracker.open(url) as one, Tracker.open(url) as other:
        one.record([*REGISTERS, stated("supports", "2019-02-01")], by="me")
        with one.snapshot() as snapshot:
            before = answers(snapshot)
            other.record([PartyRegistered(party="USA", name="America", kind="state")], by="other")
            other.record([stated("opposes", "2019-03-01")], by="other")
            other.retract("@3", reason="Misheard.", by="other")
            assert answers(snapshot) == before
        with one.snapshot() as snapshot:
            after = answers(snapshot)
    assert [name for name in QUESTIONS if after[name] == before[name]] == []

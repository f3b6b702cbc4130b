"""What stops members from taking their bloc's position: forums, choices, issues of their own, and leaving it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.questions.test_rows_with_amounts import record, state
from tracker.domain.answers.changes import Kind
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

ON = date(2024, 12, 31)


@pytest.fixture
def talks(new_tracker: Callable[..., Any]) -> Any:
    """POL is in EUN, EUN in G20, and POL in the forum UMB, since 2020."""
    with new_tracker() as tracker:
        kinds = {"POL": "state", "EUN": "bloc", "G20": "organisation", "UMB": "forum", "USA": "state"}
        for party, kind in kinds.items():
            record(tracker, "party.registered.v2", party=party, name=party, kind=kind)
        record(tracker, "issue.opened.v2", issue="goal", title="Goal", question="?", form="quantity", unit="bn")
        record(tracker, "issue.opened.v2", issue="own", title="P", question="?", form="quantity", unit="bn", own=True)
        record(tracker, "issue.opened.v2", issue="coal", title="Coal", question="?", form="choice")
        for option in ("down", "out"):
            record(tracker, "issue.opened.v1", issue=f"coal/{option}", title=option, question="?")
        for party, bloc in (("POL", "EUN"), ("EUN", "G20"), ("POL", "UMB")):
            record(tracker, "membership.started.v1", party=party, bloc=bloc, on="2020-01-01")
        yield tracker


def taken(tracker: Tracker, issue: str, party: str = "POL", on: date = ON) -> str | None:
    """The bloc whose position a party shows."""
    cells = tracker.state(on, inherit=True).cells
    found = {(cell.row.issue, cell.row.party): cell.inherited_from for cell in cells}
    narrowed = tracker.state(on, inherit=True, party=party, issue=issue).cells
    assert [cell.inherited_from for cell in narrowed] == [
        bloc for pair, bloc in found.items() if pair == (issue, party)
    ]
    return found.get((issue, party))


def steps(tracker: Tracker, issue: str) -> list[tuple[str, str, str | None]]:
    found = tracker.history("POL", issue, on=ON, inherit=True).changes
    return [(one.on.isoformat()[5:], str(one.kind), one.inherited_from) for one in found]


def test_a_forum_passes_nothing_on(talks: Tracker) -> None:
    state(talks, "UMB", "2024-01-01", amount={"at_least": "1"})
    assert taken(talks, "goal") is None
    state(talks, "EUN", "2024-01-01", amount={"at_least": "1"})
    assert taken(talks, "goal") == "EUN"


def test_where_each_answers_for_itself_nothing_is_taken(talks: Tracker) -> None:
    state(talks, "EUN", "2024-01-01", "own", amount={"at_least": "1"})
    assert taken(talks, "own") is None
    assert steps(talks, "own") == []


def test_a_position_on_one_option_stops_inheritance_on_all_until_it_is_withdrawn(talks: Tracker) -> None:
    state(talks, "EUN", "2024-01-01", "coal/out", stance="supports")
    assert taken(talks, "coal/out") == "EUN"
    state(talks, "POL", "2024-02-01", "coal/down", stance="supports")
    assert taken(talks, "coal/out") is None
    told = talks.explain("POL", "coal/out", ON, inherit=True)
    assert (told.cell, told.beside) == (None, ("coal/down",))
    record(talks, "position.withdrawn.v1", party="POL", issue="coal/down", on="2024-03-01", summary="-")
    assert taken(talks, "coal/out") == "EUN"
    assert steps(talks, "coal/out") == [("01-01", "new", "EUN"), ("02-01", "lost", None), ("03-01", "new", "EUN")]
    net = talks.report(date(2024, 1, 15), date(2024, 2, 15), inherit=True, issue="coal/out").net
    assert [(row.party, row.from_value, row.to_value) for row in net if row.party == "POL"] != []
    (lost,) = talks.report(date(2024, 1, 15), date(2024, 2, 15), inherit=True, issue="coal/out").changes
    assert (lost.kind, lost.summary) == (Kind.LOST, "POL stated a position of its own on coal/down")


def test_who_leaves_a_blocs_position_takes_nothing_from_it_nor_through_it_until_it_states_its_own(
    talks: Tracker,
) -> None:
    state(talks, "EUN", "2024-01-01", amount={"at_least": "1"})
    state(talks, "G20", "2024-01-01", amount={"at_least": "2"})
    leaving = {"party": "POL", "issue": "goal", "summary": "-"}
    record(talks, "position.withdrawn.v2", on="2024-02-01", leaves_position_of="EUN", **leaving)
    assert taken(talks, "goal") is None
    (cell,) = talks.state(ON, party="POL", issue="goal").cells
    assert cell.left_blocs == ("EUN",)
    assert steps(talks, "goal") == [("01-01", "new", "EUN"), ("02-01", "withdrawn", None)]
    record(talks, "membership.started.v1", party="POL", bloc="G20", on="2024-03-01")
    assert taken(talks, "goal") == "G20"
    state(talks, "POL", "2024-04-01", amount={"at_least": "3"})
    record(talks, "position.withdrawn.v2", on="2024-05-01", **leaving)
    assert taken(talks, "goal", on=date(2024, 4, 2)) is None
    assert taken(talks, "goal") == "G20"  # of two blocs one step away the one that stated last


def test_a_bloc_answers_no_ask_for_who_left_its_position(talks: Tracker) -> None:
    ask: dict[str, Any] = {"act": "demands", "addressed_to": ["POL"]}
    state(talks, "USA", "2024-01-01", amount={"at_least": "9"}, **ask)
    state(talks, "EUN", "2024-03-01", amount={"at_least": "1"})
    (asked,) = talks.asks(ON, inherit=True).asks
    assert asked.answer is not None
    leaving = {"party": "POL", "issue": "goal", "on": "2024-02-01", "summary": "-"}
    record(talks, "position.withdrawn.v2", leaves_position_of="EUN", **leaving)
    (asked,) = talks.asks(ON, inherit=True).asks
    assert asked.answer is None


def test_blocs_of_equal_rank_contest_each_other_only_if_their_amounts_are_apart(talks: Tracker) -> None:
    record(talks, "membership.started.v1", party="POL", bloc="G20", on="2024-01-01")
    state(talks, "EUN", "2024-01-01", amount={"at_least": "1"})
    state(talks, "G20", "2024-01-02", amount={"at_least": "2"})
    assert not next(cell for cell in talks.state(ON, inherit=True).cells if cell.row.party == "POL").row.contested
    state(talks, "G20", "2024-01-03", amount={"at_most": "0.5"})
    assert next(cell for cell in talks.state(ON, inherit=True).cells if cell.row.party == "POL").row.contested

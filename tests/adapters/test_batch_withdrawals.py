"""Withdrawals in batches: from issues and from options, with all that a withdrawal may say."""

import json
from typing import Any

import pytest

from tests.ledger import entries
from tracker.adapters.batch import read_batch
from tracker.adapters.batch_events import BatchEvent, batch_events
from tracker.domain.log.events import PositionStated, PositionWithdrawn
from tracker.domain.registers.registers import Issue, Registers, registers
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.counting import replay
from tracker.errors import Finding


@pytest.fixture(scope="module")
def names() -> Registers:
    known = registers(replay(entries("party RUS\nparty USA\nparty EUN\nissue q\nsource s")).counting)
    opened = (
        Issue("goal", "Goal", "How much?", IssueForm.QUANTITY, "USD bn a year"),
        Issue("coal", "Coal", "Which?", IssueForm.CHOICE),
        Issue("coal/phase-down", "Down", "Should it be down?"),
        Issue("coal/phase-out", "Out", "Should it be out?"),
    )
    return Registers(known.parties, {**known.issues, **{one.issue: one for one in opened}}, known.sources)


def read(names: Registers, text: str) -> tuple[list[BatchEvent], list[Finding]]:
    return batch_events(read_batch("batch", text.encode()), names, list)


def withdrawn(names: Registers, row: dict[str, Any]) -> list[dict[str, Any]]:
    events, findings = read(names, json.dumps({"withdrawals": [{"on": "2024-11-23", "summary": "x", **row}]}))
    assert findings == []
    assert all(isinstance(one.event, PositionWithdrawn) for one in events)
    return [one.event.data() for one in events]


def test_a_row_says_all_that_a_withdrawal_may_say(names: Registers) -> None:
    row = {
        "party": "Rus",
        "issue": "goal",
        "on": "Nov 2024",
        "leaves_position_of": "EUN",
        "sequence": 2,
        "source": "s",
        "quote": "Mots.",
        "language": "fr",
        "translation": "Words.",
        "locator": "p. 3",
        "speaker": "A",
        "role": "Envoy",
        "ascribed_by": "USA",
    }
    (said,) = withdrawn(names, row)
    assert said == {
        **{name: value for name, value in row.items() if name != "role"},
        "party": "RUS",
        "on": "2024-11",
        "summary": "x",
        "speaker_role": "Envoy",
        "attribution": "ascribed",
    }


@pytest.mark.parametrize(
    "options", [["phase-down", "phase-out"], "phase-down, phase-out", ["coal/phase-down", "Phase-Out"]]
)
def test_each_option_and_each_party_has_a_withdrawal_of_its_own(names: Registers, options: Any) -> None:
    said = withdrawn(names, {"party": "USA, RUS", "issue": "coal", "options": options})
    assert [(one["issue"], one["party"]) for one in said] == [
        ("coal/phase-down", "USA"),
        ("coal/phase-down", "RUS"),
        ("coal/phase-out", "USA"),
        ("coal/phase-out", "RUS"),
    ]
    assert all("joint_with" not in one for one in said)


@pytest.mark.parametrize("form", ["yaml", "json lines", "table"])
def test_lists_of_every_form_are_recorded_behind_the_statements(names: Registers, form: str) -> None:
    row = {"party": "USA", "issue": "q", "on": "2024-11-23", "summary": "x"}
    table = {"columns": list(row), "rows": [list(row.values())]}
    statement = {**row, "stance": "supports"}
    text = {
        "yaml": json.dumps({"withdrawals": [row], "statements": [statement]}),
        "json lines": f'{{"withdrawals": {json.dumps([row])}}}\n{json.dumps(statement)}',
        "table": json.dumps({"withdrawals": table, "statements": [statement]}),
    }[form]
    events, findings = read(names, text)
    assert findings == []
    assert [type(one.event) for one in events] == [PositionStated, PositionWithdrawn]


def test_defaults_hold_for_withdrawals_as_for_statements_but_for_options(names: Registers) -> None:
    text = """\
defaults: {party: RUS, issue: coal, on: 2024-11-23, source: s, speaker: A, act: rejects, options: {phase-out: opposes}}
statements:
  - {summary: x}
withdrawals:
  - {summary: y, issue: q}
memberships:
  - {bloc: EUN, on: 2020}
"""
    events, findings = read(names, text)
    assert findings == []
    statement, withdrawal, membership = sorted((one.event.data() for one in events), key=lambda data: "bloc" in data)
    assert statement["issue"] == "coal/phase-out"
    assert withdrawal == {
        "party": "RUS",
        "issue": "q",
        "on": "2024-11-23",
        "source": "s",
        "speaker": "A",
        "summary": "y",
    }
    assert membership == {"party": "RUS", "bloc": "EUN", "on": "2020", "source": "s"}


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ({"issue": "coal"}, "issue", "withdrawn from, its options: phase-down, phase-out. Write --option phase-down"),
        ({"issue": "coal", "options": {"phase-out": "opposes"}}, "options", "none: write phase-out without a stance."),
        ({"issue": "coal", "options": "phase-out=opposes"}, "options", "none: write phase-out without a stance."),
        ({"issue": "coal", "options": []}, "options", "names no option."),
        ({"issue": "coal", "options": "phase-uot"}, "options", "Did you mean phase-out?"),
        (
            {"issue": "goal", "options": "phase-out"},
            "options",
            "is of the form quantity and has no options. Leave",
        ),
        ({"issue": "goal", "amount": "300"}, "amount", "A withdrawal only ends a position; another one that the party"),
        ({"issue": "goal", "tags": "a"}, "tags", "A withdrawal only ends a position"),
        ({"issue": "goal", "bloc": "EUN"}, "bloc", "is not a field of a withdrawal. It has: party, issue, options,"),
        ({"issue": "goal", "leaves_position_of": "EUX"}, "leaves_position_of", "Did you mean EUN?"),
        ({"issue": "goal", "on": "2024-11-22/2024-11-23"}, "on", "Write its last day."),
        ({"issue": "goal", "on": "soon"}, "on", "'soon' is not"),
    ],
)
def test_what_does_not_fit_is_one_finding_under_its_field(
    names: Registers, row: dict[str, Any], field: str, says: str
) -> None:
    text = json.dumps({"withdrawals": [{"party": "RUS", "on": "2024-11-23", "summary": "x", **row}]})
    _, (finding,) = read(names, text)
    assert finding.field == field
    assert says in finding.message


def test_a_statement_that_leaves_a_position_is_sent_to_the_withdrawals(names: Registers) -> None:
    row = {
        "party": "RUS",
        "issue": "q",
        "stance": "supports",
        "on": "2024",
        "summary": "x",
        "leaves_position_of": "EUN",
    }
    _, (finding,) = read(names, json.dumps({"statements": [row]}))
    assert (
        finding.message
        == "is not a field of a statement. It is one of a withdrawal, which stands under `withdrawals:`."
    )

"""Positions in batches, in the form that their issue asks for, and what else a statement may say."""

import json
from typing import Any

import pytest

from tests.ledger import entries
from tracker.adapters.batch import read_batch
from tracker.adapters.batch_events import batch_events, statements
from tracker.domain.log.events import IssueOpened, PositionStated
from tracker.domain.registers.registers import Issue, Registers, registers
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.counting import replay
from tracker.errors import BadEvent

SAID = {"party": "RUS", "on": "2024-11-23", "summary": "x"}


@pytest.fixture(scope="module")
def names() -> Registers:
    known = registers(replay(entries("party RUS\nparty USA\nissue q\nsource s")).counting)
    opened = (
        Issue("goal", "Goal", "How much?", IssueForm.QUANTITY, "USD bn a year"),
        Issue("coal", "Coal", "Which?", IssueForm.CHOICE),
        Issue("coal/phase-down", "Down", "Should it be down?"),
        Issue("coal/phase-out", "Out", "Should it be out?"),
    )
    return Registers(known.parties, {**known.issues, **{one.issue: one for one in opened}}, known.sources)


def said(names: Registers, **fields: Any) -> list[PositionStated]:
    return statements({**SAID, **fields}, names)


def problems(names: Registers, **fields: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(BadEvent) as refused:
        said(names, **fields)
    return list(refused.value.problems)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("300", {"at_least": "300", "at_most": "300"}),
        (">=1300", {"at_least": "1300"}),
        ("<= 0.50", {"at_most": "0.5"}),
        ("100..300", {"at_least": "100", "at_most": "300"}),
        (300, {"at_least": "300", "at_most": "300"}),
        ({"at_least": "100.0"}, {"at_least": "100"}),
    ],
)
def test_an_amount_is_read_as_people_type_it_and_stored_in_one_spelling(
    names: Registers, written: Any, stored: dict[str, str]
) -> None:
    (event,) = said(names, issue="goal", amount=written)
    assert event.data()["amount"] == stored
    assert event.stance is None


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("1.50", "1.5"),
        ("300", "300"),
        ("0.1", "0.1"),
        ("123456789012345678.123456789012", "123456789012345678.123456789012"),
    ],
)
def test_numbers_of_yaml_and_json_are_read_exactly_as_they_are_written(
    names: Registers, line: str, stored: str
) -> None:
    in_yaml = f"statements:\n  - {{party: RUS, issue: goal, on: 2024-11-23, summary: x, amount: {line}}}\n"
    in_json = (
        f'{{"statements": [{{"party": "RUS", "issue": "goal", "on": "2024-11-23", "summary": "x", "amount": {line}}}]}}'
    )
    in_lines = (
        f'{{"defaults": {{"amount": {line}}}}}\n{{"party": "RUS", "issue": "goal", "on": "2024", "summary": "x"}}\n'
    )
    for text in (in_yaml, in_json, in_lines):
        events, findings = batch_events(read_batch("batch", text.encode()), names, list)
        assert not findings
        assert events[0].event.data()["amount"] == {"at_least": stored, "at_most": stored}


@pytest.mark.parametrize("act", ["declines", "rejects", "abstains", "reserves"])
def test_some_acts_name_no_figure(names: Registers, act: str) -> None:
    (event,) = said(names, issue="goal", act=act)
    assert (event.stance, event.amount) == (None, None)


@pytest.mark.parametrize(
    "written", [{"phase-down": "supports", "Phase-Out": "Opposes"}, "phase-down=supports, phase-out=opposes"]
)
def test_options_are_statements_of_their_own_with_the_same_evidence(names: Registers, written: Any) -> None:
    events = said(names, issue="coal", options=written, source="s", quote="Words.", reasons="Jobs.")
    assert [(event.issue, event.stance) for event in events] == [
        ("coal/phase-down", "supports"),
        ("coal/phase-out", "opposes"),
    ]
    assert {(event.source, event.quote, event.reasons) for event in events} == {("s", "Words.", ("Jobs.",))}


def test_parties_that_state_it_together_are_named_in_order_on_each_statement(names: Registers) -> None:
    events = said(names, issue="coal", options={"phase-out": "supports"}, party="USA, RUS")
    assert [(event.party, event.joint_with) for event in events] == [("USA", ("RUS", "USA")), ("RUS", ("RUS", "USA"))]
    assert said(names, issue="q", stance="supports")[0].joint_with == ()


def test_what_else_a_statement_says_is_read(names: Registers) -> None:
    (event,) = said(
        names,
        issue="goal",
        amount="200..300",
        could_accept="<=400",
        stated_as="two to three hundred billion",
        priority="High",
        red_line="yes",
        reasons=["Debt."],
        provision="Article 9",
        note="Checked.",
        tags="finance, baku",
        language="fr",
        quote="Mots.",
        translation="Words.",
        on="2015-12-05/2015-12-11",
    )
    assert event.data() == {
        "party": "RUS",
        "issue": "goal",
        "amount": {"at_least": "200", "at_most": "300"},
        "could_accept": {"at_most": "400"},
        "stated_as": "two to three hundred billion",
        "stated_on": "2015-12-05/2015-12-11",
        "summary": "x",
        "priority": "high",
        "red_line": True,
        "reasons": ["Debt."],
        "provision": "Article 9",
        "note": "Checked.",
        "tags": ["finance", "baku"],
        "language": "fr",
        "quote": "Mots.",
        "translation": "Words.",
    }


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        (
            {"issue": "goal", "stance": "supports"},
            "stance",
            "goal asks for an amount, in USD bn a year, not for a stance.",
        ),
        ({"issue": "goal"}, "amount", "is missing: goal asks for an amount, in USD bn a year, such as --amount 300"),
        (
            {"issue": "goal", "options": {"a": "supports"}},
            "options",
            "goal is of the form quantity and has no options.",
        ),
        ({"issue": "q", "amount": "3"}, "amount", "q asks a question, not for an amount."),
        ({"issue": "goal", "act": "accepts"}, "amount", "declines, rejects, abstains or reserves, not accepts."),
        ({"issue": "q"}, "stance", "is missing: q asks a question. Give a stance: opposes, sceptical, neutral"),
        ({"issue": "q", "act": "declines"}, "stance", "a stance, also with the act declines: opposes, sceptical,"),
        ({"issue": "q", "act": "accepts"}, "stance", "neutral (can live with it), conditional or supports."),
        ({"issue": "q", "stance": "withdrawn"}, "stance", "tracker withdraw, in files under `withdrawals:`."),
        ({"issue": "nowhere"}, "stance", "is missing."),
        ({"issue": "coal", "stance": "supports"}, "issue", "coal is a choice: positions are stated on its options"),
        ({"issue": "coal"}, "issue", "phase-down, phase-out. Write --option phase-down=supports"),
        ({"issue": "coal", "options": {"phase-dwn": "supports"}}, "options", "Did you mean phase-down?"),
        ({"issue": "coal", "options": {"phase-out": "pro"}}, "options", "'pro' is not one of opposes"),
        ({"issue": "coal", "options": "phase-out"}, "options", "is not an option with a stance. Write ID=STANCE"),
        ({"issue": "coal", "options": "phase-out=opposes,phase-out=supports"}, "options", "phase-out stands twice"),
        ({"issue": "goal", "amount": ">=abc"}, "amount", "'>=abc' is not an amount: write 300"),
        ({"issue": "goal", "amount": "5..1"}, "amount", "ends below its beginning: 5..1. Write 1..5."),
        ({"issue": "goal", "amount": "1,300"}, "amount", "'1,300' is not an amount: write 1300."),
        ({"issue": "goal", "amount": "1e9"}, "amount", "'1e9' is not an amount: write 1000000000."),
        ({"issue": "goal", "amount": "NaN"}, "amount", "'NaN' is not an amount"),
        ({"issue": "goal", "amount": "３００"}, "amount", "write 300."),
        ({"issue": "goal", "amount": "1234567890123456789"}, "amount", "has 19 digits before the point"),
        ({"issue": "goal", "amount": "0.1234567890123"}, "amount", "has 13 digits after the point"),
        ({"issue": "goal", "amount": 1.5}, "amount", "1.5 is not an amount."),
        ({"issue": "goal", "amount": True}, "amount", "True is not an amount."),
        ({"issue": "goal", "amount": {"from": "3"}}, "amount", "Its ends are at_least and at_most."),
        (
            {"issue": "goal", "amount": "3", "could_accept": "4"},
            None,
            'could_accept, 4, does not contain the amount, 3. Write all that it could accept: "3..4" or "<=4".',
        ),
        ({"issue": "goal", "amount": "3", "red_line": "perhaps"}, "red_line", "'perhaps' is neither true nor false."),
        (
            {"issue": "goal", "amount": "3", "priority": "urgent"},
            "priority",
            "'urgent' is not one of low, medium, high.",
        ),
    ],
)
def test_what_does_not_fit_is_one_problem_under_its_field(
    names: Registers, fields: dict[str, Any], field: str | None, says: str
) -> None:
    found = [message for name, message in problems(names, **fields) if name == field]
    assert len(found) == 1
    assert says in found[0]


def test_a_row_that_does_not_fit_its_issue_is_checked_in_its_other_fields_too(names: Registers) -> None:
    found = problems(names, issue="goal", stance="supports", summary=" ", to="GBR")
    assert {name for name, _ in found} == {"stance", "summary", "to"}


def test_issues_are_opened_with_their_form_and_statements_of_the_file_fit_it(names: Registers) -> None:
    text = """\
issues:
  - {issue: warheads, title: Warheads, question: "How many?", form: Quantity, unit: warheads, own: yes}
statements:
  - {party: RUS, issue: warheads, on: 2024, summary: x, amount: "<=1550"}
  - {party: RUS, issue: warheads, on: 2023, summary: x, stance: supports}
"""
    events, findings = batch_events(read_batch("batch", text.encode()), names, list)
    opened, limit = (one.event for one in events)
    assert isinstance(opened, IssueOpened)
    assert (opened.form, opened.unit, opened.own) == (IssueForm.QUANTITY, "warheads", True)
    assert isinstance(limit, PositionStated)
    assert limit.amount is not None
    assert [(one.line, one.field) for one in findings] == [(5, "stance")]


@pytest.mark.parametrize("written", ["amount: >=1300", "summary: x, amount: >= 1300"])
def test_an_amount_that_yaml_cannot_read_is_to_be_put_in_quotes(names: Registers, written: str) -> None:
    text = f"statements:\n  - {{party: RUS, issue: goal, {written}}}\n"
    (found,) = read_batch("batch", text.encode()).findings
    assert found.line == 2
    assert 'Put it in quotes: ">=' in found.message


def test_an_answer_names_its_ask_by_position(names: Registers) -> None:
    text = json.dumps({**SAID, "issue": "q", "stance": "supports", "answers": "@7"})
    ask = "018f4b6e-0000-7000-8000-000000000007"
    (found,), _ = batch_events(read_batch("batch", text.encode()), names, list, {"@7": ask}.__getitem__)
    assert isinstance(found.event, PositionStated)
    assert found.event.answers == ask

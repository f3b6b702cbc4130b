"""Batches written by hand."""

from typing import Any

import pytest

from tests.ledger import entries
from tracker.adapters.batch import statements
from tracker.adapters.batch_files import TEMPLATE, read_batch
from tracker.domain.registers import Registers, registers
from tracker.domain.timeline import replay
from tracker.errors import BadData, BadEvent

YAML = """\
defaults:
  party: [Moscow, USA]
  on: 2019-12-10
statements:
  - issue: b
    stance: supports
    summary: no
  - party: USA
    issue: b
    on: 2019
    stance: conditional
    conditions: [it is verified]
    sequence: 2
    summary: "yes"
"""


@pytest.fixture(scope="module")
def names() -> Registers:
    log = entries("party RUS aliases=Moscow\nparty USA\nissue a/b")
    return registers(replay(log).counting)


def data(text: str, names: Registers) -> list[dict[str, Any]]:
    return [event.data() for row in read_batch(None, text) for event in statements(row.fields, names)]


def test_defaults_hold_until_a_statement_says_otherwise_and_words_stay_words(names: Registers) -> None:
    joint, other, single = data(YAML, names)
    assert (joint["party"], other["party"], single["party"]) == ("RUS", "USA", "USA")
    assert (joint["stated_on"], joint["summary"], single["stated_on"]) == ("2019-12-10", "no", "2019")
    assert (single["conditions"], single["sequence"]) == (["it is verified"], 2)


def test_json_lines_say_the_same(names: Registers) -> None:
    text = (
        '{"defaults": {"on": "2019-12-10"}}\n{"party": "RUS", "issue": "a/b", "stance": "supports", "summary": "x"}\n'
    )
    assert data(text, names)[0]["stated_on"] == "2019-12-10"


def test_the_template_is_a_batch(names: Registers) -> None:
    assert len(read_batch(None, TEMPLATE)) == 2


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("statements:\n  - party: RUS\n    stanze: supports\n", 3, "is not a field of a statement"),
        ("statements:\n  - party: RUS\n    party: USA\n", 3, "stands twice"),
        ("statements: RUS\n", 1, "is not a list"),
        ("statments:\n  - party: RUS\n", 1, "is unknown here"),
        ("statements:\n  - RUS\n", 2, "is not a list of `field: value`"),
        ("statements:\n  - party: [RUS\n", 3, "is not YAML"),
        ('{"party": "RUS"\n', 1, "is not JSON"),
        ("", None, "holds no statements"),
    ],
)
def test_a_malformed_batch_is_a_finding_with_its_line(text: str, line: int | None, says: str) -> None:
    with pytest.raises(BadData) as refused:
        read_batch(None, text)
    assert [finding.line for finding in refused.value.findings][:1] == [line]
    assert any(says in finding.message for finding in refused.value.findings)


def test_every_problem_of_a_statement_is_named_as_the_batch_names_it(names: Registers) -> None:
    fields = {"party": "Moskow", "issue": "c", "stance": "pro", "on": "2019-02-30", "to": "XXX", "summary": " "}
    with pytest.raises(BadEvent) as refused:
        statements(fields, names)
    assert {field for field, _ in refused.value.problems} == {"party", "issue", "stance", "on", "to", "summary"}

"""Batches written by hand."""

from typing import Any

import pytest

from tests.ledger import entries
from tracker.adapters.batch import statements
from tracker.adapters.batch_files import read_batch
from tracker.adapters.batch_template import template
from tracker.domain.timeline.registers import Registers, registers
from tracker.domain.timeline.replay import replay
from tracker.errors import BadEvent, FileUnavailable

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
    return [event.data() for row in read_batch("batch", text.encode()).rows for event in statements(row.fields, names)]


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
    assert len(read_batch("batch", template().encode()).rows) == 2


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
        ('{"party": "RUS", "party": "USA"}\n', 1, "has the field 'party' twice"),
        ("statements:\n  - &a {party: [*a]}\n", 2, "aliases"),
        ("a: &a [1, 1]\nb: &b [*a, *a]\nstatements: [*b, *b]\n", 2, "aliases"),
        ("", None, "holds no statements"),
    ],
)
def test_a_malformed_batch_is_a_finding_with_its_line(text: str, line: int | None, says: str) -> None:
    found = read_batch("batch", text.encode()).findings
    assert found[0].line == line
    assert says in found[0].message


def test_every_problem_of_a_statement_is_named_as_the_batch_names_it(names: Registers) -> None:
    fields = {"party": "Moskow", "issue": "c", "stance": "pro", "on": "2019-02-30", "to": "XXX", "summary": " "}
    with pytest.raises(BadEvent) as refused:
        statements(fields, names)
    assert {field for field, _ in refused.value.problems} == {"party", "issue", "stance", "on", "to", "summary"}


def test_a_batch_may_be_one_json_document_and_begin_with_a_byte_order_mark(names: Registers) -> None:
    statement = '{"party": "RUS", "issue": "b", "stance": "Supports", "summary": "x"}'
    text = f'\ufeff{{"defaults": {{"on": "2019"}},\n "statements": [{statement}]}}'
    assert data(text, names)[0]["stance"] == "supports"


@pytest.mark.parametrize("sequence", ["0x10", "1:30", "1e3", "9" * 30])
def test_a_sequence_is_a_whole_number(names: Registers, sequence: str) -> None:
    row = read_batch("batch", f"statements:\n  - {{sequence: {sequence}}}\n".encode()).rows[0]
    with pytest.raises(BadEvent) as refused:
        statements(row.fields, names)
    assert "sequence" in {field for field, _ in refused.value.problems}


def test_a_batch_in_another_encoding_is_named() -> None:
    with pytest.raises(FileUnavailable, match="is not UTF-8"):
        read_batch("batch", "summary: café".encode("latin-1"))


def test_a_name_may_hold_a_comma() -> None:
    known = registers(replay(entries('party KOR name="Korea, Republic of"\nparty USA\nissue a/b')).counting)
    row = {"party": ["Korea, Republic of", "USA"], "issue": "b", "stance": "supports", "on": "2019", "summary": "x"}
    assert [event.party for event in statements(row, known)] == ["KOR", "USA"]
    assert [event.party for event in statements({**row, "party": "KOR, USA"}, known)] == ["KOR", "USA"]

"""Batches written by hand."""

import json
from typing import Any

import pytest
import yaml

from tests.ledger import entries
from tracker.adapters.batch import read_batch
from tracker.adapters.batch_events import batch_events, statements
from tracker.adapters.batch_templates import batch_template
from tracker.domain.log.events import SourceRegistered
from tracker.domain.registers.registers import Registers, registers
from tracker.domain.timeline.counting import replay
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
    batch = read_batch("batch", batch_template().encode())
    assert (len(batch.rows), batch.findings) == (2, ())


def test_the_table_in_the_template_is_one(names: Registers) -> None:
    template = batch_template(names)
    before, _, table = template.partition("# statements:\n")
    defaults = before[: before.index("statements:")]
    shown = "".join(line.removeprefix("# ") + "\n" for line in table.split("\n\n")[0].splitlines())
    batch = read_batch("batch", f"{defaults}statements:\n{shown}".encode())
    events, findings = batch_events(batch, names, lambda: ["dw-2019-12-11"])
    assert (len(events), findings) == (2, [])


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("statements:\n  - party: RUS\n    stanze: supports\n", 3, "is not a field of a statement"),
        ("statements:\n  - party: RUS\n    party: USA\n", 3, "stands twice"),
        ("statements: RUS\n", 1, "is not a list"),
        ("statments:\n  - party: RUS\n", 1, "is unknown here"),
        ("statements:\n  - RUS\n", 2, "is a text. Write its fields as `field: value`"),
        ("statements:\n  - [RUS]\n", 2, "a statement is a list. Write its fields"),
        ("RUS\n", 1, "the file is a text"),
        ("- party: RUS\n  issue: b\n", 1, "the file is a list. Write `statements:` above it."),
        ("defaults: [RUS]\nstatements: []\n", 1, "defaults is a list"),
        ("statements:\n  - party: [RUS\n", 2, "is not YAML: `[` opens here and is not closed"),
        ("statements:\n  - condition: x\n", 2, "Did you mean conditions?"),
        ('{"speaker_role": "x"}\n', 1, "Did you mean role?"),
        ("statements:\n  - colour: x\n", 2, "It has: party, issue"),
        ("statements:\n  - summary: Norway: it was for it.\n", 2, "Put a text that holds `: ` in quotes"),
        ("statements:\n  - conditions:\n      - Norway: it agrees\n", 3, "Put a text that holds `: ` in quotes"),
        ("statements:\n  - summary:\n      Norway: it was for it.\n", 3, "Put a text that holds `: ` in quotes"),
        ("statements:\n  - summary: @Norway agreed\n", 2, "put the text in quotes"),
        ("statements:\n  - summary: *Norway* agreed\n", 2, "put the text in quotes"),
        ("statements:\n  - summary: !Norway agreed\n", 2, "put the text in quotes"),
        ("statements:\n  - summary: &c. and so on\n", 2, "put the text in quotes"),
        ("statements:\n  - summary: [now] agreed\n", 2, "put the text in quotes"),
        ("statements:\n  - summary: 'it's agreed'\n", 2, "on a line below `|`"),
        ("statements:\n  - party: RUS\n\tissue: b\n", 3, "Indent by spaces"),
        ("statements:\n  - summary: one\ttwo\n", 2, "put a text that holds a tab in quotes"),
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


@pytest.mark.parametrize(
    ("rows", "line", "says"),
    [
        ('summary: "text\n    quote: x', 2, "opens here is never closed"),
        ("summary: 'text\n    quote: x", 2, "opens here is never closed"),
        ('summary: "text\n    quote: "Yes"', 2, 'opens here is closed only in line 3, before `Yes"`'),
        ("summary: {summary: text\n    quote: x", 2, "`{` opens here and is not closed"),
        ("party: RUS\n    conditions: [a, b\n    summary: x", 3, "`[` opens here and is not closed"),
        ("party: {exact: We are #1, prefix: x}", 2, "`#1, prefix: x}` begins a comment, which hides the end of `{`"),
        ("party: {exact: a, suffix: 'We #2', prefix: We #1}", 2, "`#1}` begins a comment"),
        ('quote: "Yes" he said\n    party: x', 2, "`he said` stands behind the closing quotation mark"),
        ("quote: 'it's so'\n    party: x", 2, "a quotation mark within the text as ''"),
        ("party: x\n    summary:x\n    quote: y", 3, "`summary:x` is no field. Write `field: value`, with a space"),
        ("summary:x\n    quote: y", 2, "`summary:x` is no field"),
        ("party: x\n    summary\n    quote: y", 3, "`summary` is no field"),
        ("party: x\n    url: http://x:y\n    on: a: b", 4, "mapping values are not allowed here"),
    ],
)
@pytest.mark.parametrize("below", ["", "\n  - party: USA", "\n  - party: USA\n    on: 2020" * 300])
def test_a_mistake_in_yaml_is_reported_where_it_begins(rows: str, line: int, says: str, below: str) -> None:
    (found,) = read_batch("batch", f"statements:\n  - {rows}{below}\n".encode()).findings
    assert (found.line, found.file) == (line, "batch")
    assert says in found.message


@pytest.mark.parametrize("row", ["conditions:\n      - Norway: it agrees", "summary: {a: b}", "party: {a: b}"])
def test_a_value_of_the_wrong_form_has_one_finding(row: str, names: Registers) -> None:
    rest = {"party": "RUS", "issue": "b", "stance": "supports", "on": "2019", "summary": "x"}
    rest.pop(row.partition(":")[0], None)
    fields = "".join(f"    {key}: {value}\n" for key, value in rest.items())
    batch = read_batch("batch", f"statements:\n  - {row}\n{fields}".encode())
    _, findings = batch_events(batch, names, list)
    assert [finding.message for finding in findings] == [
        "is neither text nor a list of texts. Put a text that holds `: ` in quotes."
    ]


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("statements:\n  - quote: We are #1 in this\n", 2, "quote"),
        ("statements:\n  - quote: We are # one\n", 2, "quote"),
        ("statements:\n  - quote:\n      We are\n      now #1\n", 4, "quote"),
        ("statements:\n  - quote: #1 of them\n", 2, "quote"),
        ("statements:\n  - quote: {exact: a, prefix: b}\n    summary: x  # why\n", 3, "summary"),
        ("statements:\n  - quote:\n      exact: article #5\n", 3, "exact"),
        ("statements:\n  - conditions:\n      - article #5 holds\n", 3, "conditions"),
        ("defaults:\n  speaker: Ann #2\nstatements:\n  - party: RUS\n  - party: USA\n", 2, "speaker"),
    ],
)
def test_a_text_that_a_comment_would_cut_is_a_finding(text: str, line: int, field: str) -> None:
    (found,) = read_batch("batch", text.encode()).findings
    assert (found.line, found.field) == (line, field)
    assert "begins a comment in YAML. Put the text in quotes" in found.message


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("'We are #1'", "We are #1"),
        ('"We are #1"  # a comment', "We are #1"),
        ("We are#1", "We are#1"),
        ("|\n      We are #1\n", "We are #1"),
        (">\n      We are\n      #1\n", "We are #1"),
        ("|+\n      one\n      two\n\n", "one\ntwo"),
        ("Null", "Null"),
        ("NULL", "NULL"),
        ("'null'", "null"),
        ("null", None),
        ("~", None),
        ("", None),
        ("  # the official's words", None),
        ("one\u2028two\x85three\u2029four", "one\u2028two\x85three\u2029four"),
        ('"one\u2028two"', "one\u2028two"),
        ('" kept "', " kept "),
        ("no", "no"),
    ],
)
def test_a_text_is_read_as_it_is_written(written: str, read: str | None) -> None:
    batch = read_batch("batch", f"statements:\n  - speaker: {written}\n".encode())
    assert batch.findings == ()
    assert batch.rows[0].fields == {"speaker": read}


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_counted_as_an_editor_counts_them(character: str, end: str) -> None:
    lines = [f"# a{character}comment", "statements:", f"  - speaker: A{character}nn", "    stanze: supports"]
    assert [found.line for found in read_batch("batch", end.join(lines).encode()).findings] == [4]
    lines.append("    x: y: z")
    assert [found.line for found in read_batch("batch", end.join(lines).encode()).findings] == [5]


def test_every_problem_of_a_statement_is_named_as_the_batch_names_it(names: Registers) -> None:
    fields = {"party": "Moskow", "issue": "c", "stance": "pro", "on": "2019-02-30", "to": "XXX", "summary": " "}
    with pytest.raises(BadEvent) as refused:
        statements(fields, names)
    assert {field for field, _ in refused.value.problems} == {"party", "issue", "stance", "on", "to", "summary"}


def test_a_batch_may_be_one_json_document_and_begin_with_a_byte_order_mark(names: Registers) -> None:
    statement = '{"party": "RUS", "issue": "b", "stance": "Supports", "summary": "x"}'
    text = f'\ufeff{{"defaults": {{"on": "2019"}},\n "statements": [{statement}]}}'
    assert data(text, names)[0]["stance"] == "supports"


DOCUMENT: dict[str, Any] = {
    "defaults": {"party": "RUS", "issue": "b", "on": "2019", "stance": "supports"},
    "statements": [
        {"summary": "\U0001f600 \u00e9 \t \x7f \u2028 /", "conditions": ["a: b # c", "[]{},:"], "sequence": -2}
    ],
}


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 0, 2, "\t"])
@pytest.mark.parametrize("separators", [None, (",", ":")])
def test_json_of_any_tool_is_read(
    ascii_only: bool, indent: str | int | None, separators: Any, names: Registers
) -> None:
    text = json.dumps(DOCUMENT, ensure_ascii=ascii_only, indent=indent, separators=separators)
    (statement,) = DOCUMENT["statements"]
    (found,) = data(text.replace("/", r"\/"), names)
    assert {key: found[key] for key in statement} == statement


def test_a_list_of_rows_in_json_keeps_the_lines_of_its_fields() -> None:
    text = (
        '[\n\t{"party": "RUS",\r\n\t "name": "\\ud83d\\ude00", "kind": null},\n\t{"colour": "x"},\n\t{"party": true}\n]'
    )
    batch = read_batch("batch", text.encode(), only="parties")
    assert [(row.line, dict(row.fields)) for row in batch.rows] == [
        (2, {"party": "RUS", "name": "\U0001f600", "kind": None}),
        (4, {"colour": "x"}),
        (5, {"party": "true"}),
    ]
    assert batch.rows[0].lines == {"party": 2, "name": 3, "kind": 3}
    assert [found.line for found in batch.findings] == [4]


def test_an_escape_in_yaml_may_be_spelled_by_surrogates_as_in_json() -> None:
    (row,) = read_batch("batch", b'statements:\n  - summary: "a \\ud83d\\ude00 b \\ud83d c"\n').rows
    assert row.fields == {"summary": "a \U0001f600 b \ud83d c"}


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
    for written in ("korea,republic of", "USA,Korea ,  republic of", "korea,republic of,USA"):
        assert "KOR" in {event.party for event in statements({**row, "party": written}, known)}


@pytest.mark.parametrize("word", ["null", "No", "true", "ON", "y"])
def test_a_template_quotes_words_that_are_no_text_in_yaml(word: str) -> None:
    source = SourceRegistered(source=word, title="T", publisher="P")
    text = batch_template(Registers({}, {}, {word: source}))
    assert yaml.safe_load(text)["defaults"]["source"] == word

"""Lists of a batch written as tables, and the defaults that hold for their rows."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger import entries
from tracker.adapters.batch import read_batch
from tracker.adapters.batch_events import batch_events
from tracker.adapters.batch_sections import SECTIONS, BatchRow
from tracker.domain.registers.registers import Registers, registers
from tracker.domain.timeline.counting import replay


@pytest.fixture(scope="module")
def names() -> Registers:
    return registers(replay(entries("party RUS\nparty USA\nparty NATO kind=bloc\nissue a/b")).counting)


def read(text: str, only: str | None = None) -> list[BatchRow]:
    batch = read_batch("batch", text.encode(), only=only)
    assert batch.findings == ()
    return list(batch.rows)


def fields(text: str, only: str | None = None) -> list[dict[str, Any]]:
    return [dict(row.fields) for row in read(text, only)]


TABLE = """\
defaults:
  on: 2019-12-10
  party: RUS
statements:
  columns: [party, issue, stance, on, summary, conditions]
  rows:
    - [USA, b, supports, 11 Dec 2019, "Yes, at once", [first, second]]
    - [, b, opposes, , "No: never", ]
    - - USA
      - b
      - neutral
      -
      - |
        Neither.
      - null
"""


def test_a_table_says_what_a_list_of_rows_says_and_an_empty_cell_is_the_default() -> None:
    rows = read(TABLE.replace('never", ]', 'never", , ]'))
    assert [dict(row.fields) for row in rows] == [
        {
            **{"on": "11 Dec 2019", "party": "USA", "issue": "b", "stance": "supports", "summary": "Yes, at once"},
            "conditions": ["first", "second"],
        },
        {"on": "2019-12-10", "party": "RUS", "issue": "b", "stance": "opposes", "summary": "No: never"},
        {
            **{"on": "2019-12-10", "party": "USA", "issue": "b", "stance": "neutral", "summary": "Neither."},
            "conditions": None,
        },
    ]
    assert [row.line for row in rows] == [7, 8, 9]
    assert [row.lines["summary"] for row in rows] == [7, 8, 13]
    assert rows[1].lines["on"] == 2


FIELD = {
    "party": st.sampled_from(["RUS", "USA", ["RUS", "USA"]]),
    "on": st.sampled_from(["2019", "10 Dec 2019"]),
    "summary": st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).map(
        lambda x: f"x{x}x"
    ),
    "conditions": st.lists(st.sampled_from(["one", "two, or three"]), max_size=2),
    "sequence": st.integers(-3, 3),
    "quote": st.just({"exact": "yes", "prefix": "he said"}),
}


@given(
    st.lists(st.fixed_dictionaries({}, optional=FIELD), min_size=1, max_size=4),
    st.fixed_dictionaries({}, optional=FIELD),
    st.permutations(list(FIELD)),
)
def test_every_list_is_read_alike_as_rows_as_a_table_and_in_lines(
    rows: list[dict[str, Any]], defaults: dict[str, Any], columns: list[str]
) -> None:
    first = json.dumps({"defaults": defaults})
    plain = fields(json.dumps({"defaults": defaults, "statements": rows}))
    assert fields(f"{first}\n{json.dumps({'statements': rows})}") == plain
    assert fields("\n".join([first, *map(json.dumps, rows)])) == plain
    cells = ["".join(f"{json.dumps(row[name]) if name in row else ''}, " for name in columns) for row in rows]
    empty = f"{{columns: {json.dumps(columns)}, rows: [{', '.join(f'[{row}]' for row in cells)}]}}"
    assert fields(f"defaults: {json.dumps(defaults)}\nstatements: {empty}") == plain

    full = [{column: row.get(column) for column in columns} for row in rows]
    none = fields(json.dumps({"defaults": defaults, "statements": full}))
    table = {"columns": columns, "rows": [list(row.values()) for row in full]}
    assert fields(json.dumps({"defaults": defaults, "statements": table})) == none
    assert fields(f"{first}\n{json.dumps({'statements': table})}") == none
    cells = [", ".join("~" if cell is None else json.dumps(cell) for cell in row) for row in map(dict.values, full)]
    tildes = f"{{columns: {json.dumps(columns)}, rows: [{', '.join(f'[{row}]' for row in cells)}]}}"
    assert fields(f"defaults: {json.dumps(defaults)}\nstatements: {tildes}") == none


@pytest.mark.parametrize("section", SECTIONS)
def test_every_list_may_be_a_table(section: str) -> None:
    columns = list(SECTIONS[section].fields)
    text = json.dumps({section: {"columns": columns, "rows": [[f"{column} 1" for column in columns]]}})
    (row,) = read(text)
    assert (row.section, row.fields) == (section, {column: f"{column} 1" for column in columns})
    line = f'{text}\n{{"defaults": {{}}}}'
    assert [(row.section, row.line, dict(row.fields)) for row in read(line)] == [(section, 1, dict(row.fields))]


@pytest.mark.parametrize(
    "text",
    ["columns: [party, name]\nrows:\n- [RUS, Russia]", '{"columns": ["party", "name"], "rows": [["RUS", "Russia"]]}'],
)
def test_the_file_of_a_register_may_be_a_table_alone(text: str) -> None:
    assert fields(text, "parties") == [{"party": "RUS", "name": "Russia"}]


@pytest.mark.parametrize(
    ("table", "line", "says"),
    [
        ("columns: [party, on]\n  rows:\n  - [RUS]", 4, "a row has 1 cell for 2 columns. Write a comma behind"),
        ("columns: [party, on]\n  rows:\n  - [~, ~]\n  - [RUS, Yes, x]", 5, "3 cells for 2 columns. Put a text that"),
        ("columns: [party]\n  rows:\n  - []", 4, "0 cells for 1 column"),
        ("columns: [party, stanze]\n  rows:\n  - [RUS, x]", 2, "columns: stanze is not a field of a statement. Did"),
        ("columns:\n  - party\n  - stated_on\n  rows: []", 4, "Did you mean on?"),
        ("columns: [party, on, party]\n  rows:\n  - [RUS, ~, USA]", 2, "columns: has party twice. Keep one."),
        ("columns: [party, ]\n  rows:\n  - [RUS, x]", 4, "2 cells for 1 column"),
        ("columns: [party, ~, on]\n  rows: []", 2, "~ is not a field"),
        ("columns: [party, , on]\n  rows: []", 2, "has a column without the name of a field"),
        ("columns: [party, [on]]\n  rows: []", 2, "has a column without the name of a field"),
        ("columns: party\n  rows: []", 2, "columns: is not a list of fields, such as [party, issue, stance]."),
        ("columns: [party]\n  rows: RUS", 3, "rows: is not a list. Begin each row with `- `."),
        ("columns: [party]\n  rows:\n  - RUS", 4, "a row of a table is a list of its 1 cell"),
        ("columns: [party]\n  rows:\n  - party: RUS", 4, "a row of a table is a list of its 1 cell"),
        ("columns: [party]", 2, "statements: is a table without `rows:`."),
        ("rows: [[RUS]]", 2, "statements: is a table without `columns:`."),
        ("columns: [party]\n  rows: []\n  on: 2019", 4, "on: is no part of a table. It has `columns:` and `rows:`."),
        ("columns: [party, summary]\n  rows:\n  - [RUS, It said: yes]", 4, "summary: is neither text nor a list"),
        ("columns: [party, summary]\n  rows:\n  - [RUS, We are #1]", 4, "`#1]` begins a comment, which hides"),
        ("columns: [party, summary]\n  rows:\n  - - RUS\n    - We are #1", 5, "summary: is cut at #1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_stands_with_its_line(table: str, line: int, says: str) -> None:
    (found,) = read_batch("batch", f"statements:\n  {table}\n".encode()).findings
    assert says in str(found)
    assert found.line == line


def test_a_list_as_the_name_of_a_field_is_refused() -> None:
    (found,) = read_batch("batch", b"statements:\n  ? [a]\n  : b\n").findings
    assert (found.line, str(found)) == (2, "batch:2: statements: is not a list. Begin each statement with `- `.")


def test_a_cell_is_refused_on_its_own_line_by_the_name_of_its_column(names: Registers) -> None:
    rows = "- [RUS, b, suports, 2019, x]\n  - - USA\n    - c\n    - supports\n    - 2019\n    - x"
    text = f"statements:\n  columns: [party, issue, stance, on, summary]\n  rows:\n  {rows}\n"
    _, found = batch_events(read_batch("batch", text.encode()), names, list)
    assert [(one.line, one.field) for one in found] == [(4, "stance"), (6, "issue")]


SAID = "issue: b, stance: conditional, on: 2019, summary: x"


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        (f"statements:\n- {{{SAID}, party: [, RUS, , ~]}}", 2, "party"),
        (f"statements:\n- {{{SAID}, party: RUS,\n   to: [, USA, , ~]}}", 3, "to"),
        (f"statements:\n- {{{SAID}, party: RUS, conditions: [, one, , null]}}", 2, "conditions"),
        (
            f"defaults:\n  conditions: [, one, , ~]\nstatements: [{{{SAID}, party: RUS}}, {{{SAID}, party: USA}}]",
            2,
            "conditions",
        ),
        ("statements:\n  columns: [party, issue, stance]\n  rows:\n  - [[, RUS, , ~], b, supports]", 4, "party"),
        ("milestones:\n- on: 2019-01-01\n  title: x\n  issues:\n  -\n  - b\n  - ~\n  - ~", 4, "issues"),
        ("parties:\n- {party: FRA, name: France, aliases: [, Paris, , ~]}", 2, "aliases"),
        ('{"conditions": [null, "one", null, null], "party": "RUS"}', 1, "conditions"),
    ],
)
def test_an_empty_item_of_a_list_is_refused_by_its_place_and_its_list_for_nothing_else(
    names: Registers, text: str, line: int, field: str
) -> None:
    _, found = batch_events(read_batch("batch", text.encode()), names, list)
    says = "is empty. Fill it in, or take it out of the list."
    of_list = [str(one) for one in found if (one.field or "").startswith(field)]
    assert of_list == [f"batch:{line}: {field}, item {place}: {says}" for place in (1, 3, 4)]


def test_nothing_between_commas_is_no_row_and_no_field() -> None:
    (found,) = read_batch("batch", b"parties: [{party: RUS}, , {party: USA}]").findings
    assert str(found) == "batch:1: a party is empty. Write its fields as `field: value`."
    assert "is not YAML" in read_batch("batch", b"statements:\n- {party: RUS, , issue: b}").findings[0].message


# --- defaults --------------------------------------------------------------------------------------

STATEMENTS = "statements:\n- {issue: b, stance: supports, summary: x}\n"
OTHERS = "memberships:\n- {}\n- {left: 2020-01-01}\nmilestones:\n- {title: Talks}\n"
DEFAULTS = """\
defaults:
  party: RUS
  bloc: NATO
  on: 2019-12-10
  source: dw
  locator: p. 1
  speaker: Somebody
  role: Minister
  attribution: reported
  issues: b
"""


def test_defaults_of_statements_do_not_leak_into_what_nobody_said() -> None:
    joined, left, said, milestone = fields(DEFAULTS + STATEMENTS + OTHERS)
    assert said == {
        **{"party": "RUS", "on": "2019-12-10", "source": "dw", "locator": "p. 1", "speaker": "Somebody"},
        **{"role": "Minister", "attribution": "reported", "issue": "b", "stance": "supports", "summary": "x"},
    }
    assert joined == {"party": "RUS", "bloc": "NATO", "source": "dw"}
    assert left == {"party": "RUS", "bloc": "NATO", "source": "dw", "left": "2020-01-01"}
    assert milestone == {"on": "2019-12-10", "source": "dw", "issues": "b", "title": "Talks"}


def test_without_statements_every_default_is_meant_for_the_rows_that_are_there() -> None:
    joined, left, milestone = fields(DEFAULTS + OTHERS)
    evidence = {"locator": "p. 1", "speaker": "Somebody", "role": "Minister", "attribution": "reported"}
    assert joined == {"party": "RUS", "bloc": "NATO", "on": "2019-12-10", "source": "dw", **evidence}
    assert left == {"party": "RUS", "bloc": "NATO", "left": "2020-01-01", "source": "dw", **evidence}
    assert milestone == {"on": "2019-12-10", "source": "dw", "issues": "b", "title": "Talks", **evidence}


def test_registers_take_no_defaults() -> None:
    text = "defaults: {party: RUS, source: dw, issue: a/b, title: T}\nparties: [{name: x}]\n"
    text += "issues: [{question: x}]\nsources: [{publisher: x}]\n"
    assert fields(text) == [{"name": "x"}, {"question": "x"}, {"publisher": "x"}]


def test_defaults_in_lines_hold_for_the_lists_below_them_by_the_same_rules() -> None:
    default = json.dumps({"defaults": {"party": "RUS", "bloc": "NATO", "on": "2019", "source": "dw", "speaker": "S"}})
    said = '{"issue": "b"}'
    joined = '{"memberships": [{}]}'
    assert fields(f"{default}\n{joined}") == [
        {"party": "RUS", "bloc": "NATO", "on": "2019", "source": "dw", "speaker": "S"}
    ]
    assert fields(f"{joined}\n{default}\n{said}\n{joined}") == [
        {},
        {"party": "RUS", "on": "2019", "source": "dw", "speaker": "S", "issue": "b"},
        {"party": "RUS", "bloc": "NATO", "source": "dw"},
    ]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (f"defaults:\n  bloc: NATO\n{STATEMENTS}", 2, "bloc: is not a field of a statement."),
        (f"defaults:\n  speeker: x\n{STATEMENTS}{OTHERS}", 2, "is not a field of a statement. Did you mean speaker?"),
        ("defaults:\n  stance: supports\nmilestones:\n- {on: 2019, title: x}", 2, "is not a field of a milestone."),
        ('{"defaults": {"bloc": "NATO"}}\n{"issue": "b"}', 1, "bloc: is not a field of a statement."),
    ],
)  # fmt: skip
def test_a_default_that_no_list_has_a_field_for_is_refused_once(text: str, line: int, says: str) -> None:
    (found,) = read_batch("batch", text.encode()).findings
    assert (found.line, says in str(found)) == (line, True)


@pytest.mark.parametrize(
    ("written", "field", "advice"),
    [
        ("amount: 1,300", "amount", "'1,300' is not an amount: write 1300."),
        ("amount: 1,300,000", "amount", "'1,300,000' is not an amount: write 1300000."),
        ("amount: [1,300]", "amount", "'1,300' is not an amount: write 1300."),
        ("amount: {at_least: 1,300}", "amount", "'1,300' is not a number: write 1300."),
        ("amount: 1, could_accept: 1,300", "could_accept", "'1,300' is not an amount: write 1300."),
    ],
)
def test_an_amount_that_yaml_parts_at_its_comma_is_refused_as_one(written: str, field: str, advice: str) -> None:
    known = registers(replay(entries("party RUS\nissue goal form=quantity unit=USD")).counting)
    text = f"statements: [{{party: RUS, issue: goal, {written}, on: 2019-12-10, summary: x}}]"
    _, findings = batch_events(read_batch("batch", text.encode()), known, list)
    assert [(one.field, one.message) for one in findings] == [(field, advice)]


def test_a_row_with_an_amount_parted_at_its_comma_says_how_to_write_it() -> None:
    text = "statements:\n  columns: [party, amount, summary]\n  rows:\n    - [RUS, 1,300, x]\n"
    (finding,) = read_batch("batch", text.encode()).findings
    assert "1,300 makes two: write 1300" in finding.message

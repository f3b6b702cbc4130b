"""Registers from files: parties, issues and sources, and one batch for all, recorded whole or not at all."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tracker.adapters.batch import read_batch
from tracker.adapters.batch_sections import SECTIONS
from tracker.adapters.batch_templates import TEMPLATES, batch_template, commented_templates

ALL = """\
statements:
  - party: Paris
    issue: finance
    stance: supports
    on: 2015-12-05
    summary: France would double it.
    source: le-monde
  - party: [India, China]
    issue: climate/finance
    stance: conditional
    conditions: it is new money
    on: 2015-12-05
    summary: Both want new money.
milestones:
  - {on: 2015-12-12, title: Adopted, category: Treaty, parties: "Paris, India", issues: finance}
memberships:
  - {party: "IND, CHN", bloc: Group of 77, on: 1964-06-15, source: le-monde}
  - {party: FRA, bloc: G77, on: 1964-06-15, left: 1964-06-16}
sources:
  - {source: le-monde, title: Le climat, publisher: Le Monde, published_on: 2015-12-06}
issues:
  - {issue: climate/finance, title: Finance, question: 'Should it double?'}
parties:
  - {party: FRA, name: France, aliases: [Paris]}
  - {party: IND, name: India}
  - {party: CHN, name: China}
  - {party: G77, name: Group of 77, kind: Bloc}
"""


def log(desk: Run) -> list[str]:
    return [row["type"].rpartition(".")[0] for row in json.loads(desk("log", "--after", "4", "--format", "json").out)]


def test_one_file_registers_and_uses_what_it_registers_in_whatever_order_it_says_it(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(ALL)
    checked = desk("record", "--from-file", "all.yaml", "--check")
    assert (checked.code, "Checked 14 of 14" in checked.err, log(desk)) == (0, True, [])
    recorded = desk("record", "--from-file", "all.yaml")
    assert recorded.code == 0, recorded.err
    assert "membership.started: IND joined G77 on 15 Jun 1964" in recorded.out
    assert log(desk) == [
        *["party.registered"] * 4,
        *("issue.opened", "source.registered"),
        *("membership.started", "membership.started", "membership.started", "membership.ended"),
        *["position.stated"] * 3,
        "milestone.noted",
    ]
    milestone = json.loads(desk("show", "@18", "--format", "json").out)["data"]
    assert (milestone["parties"], milestone["issues"], milestone["category"]) == (
        ["FRA", "IND"], ["climate/finance"], "treaty"
    )  # fmt: skip


def test_a_file_for_everything_is_run_again_with_more_rows(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(ALL)
    assert desk("record", "--from-file", "all.yaml").code == 0
    again = desk("record", "--from-file", "all.yaml", "--skip-recorded")
    assert (again.code, again.err, again.out) == (0, "", "14 of 14 were recorded before and skipped.\n")
    (tmp_path / "all.yaml").write_text(ALL + "  - {party: EUN, name: European Union, kind: bloc, aliases: [EU]}\n")
    more = desk("record", "--from-file", "all.yaml", "--skip-recorded")
    assert (more.code, "14 of 15 were recorded before and skipped." in more.out) == (0, True)
    assert len(log(desk)) == 15


def test_days_of_every_list_are_read_as_people_write_them_and_named_once(desk: Run, tmp_path: Path) -> None:
    written = ALL.replace("2015-12-12", "12 Dec 2015").replace("1964-06-16", "16 June 1964")
    (tmp_path / "all.yaml").write_text(written.replace("2015-12-06", "06.12.2015"))
    refused = desk("record", "--from-file", "all.yaml").err
    assert refused.count("published_on: '06.12.2015' can be read in two ways.") == 1
    assert len(set(refused.splitlines())) == len(refused.splitlines())
    (tmp_path / "all.yaml").write_text(written.replace("2015-12-06", "6 Dec 2015"))
    assert desk("record", "--from-file", "all.yaml").code == 0
    days = [json.loads(desk("show", f"@{number}", "--format", "json").out)["data"] for number in (10, 14, 18)]
    assert [day.get("published_on") or day.get("on") for day in days] == ["2015-12-06", "1964-06-16", "2015-12-12"]


def test_a_source_that_the_same_file_registers_is_no_unknown_one(desk: Run, tmp_path: Path) -> None:
    row = "  - {party: RUS, issue: start, stance: support, on: 2019-01-01, summary: x, source: SOURCE}\n"
    for source, named in (("le-monde", False), ("lemonde", True)):
        text = ALL.replace("milestones:", row.replace("SOURCE", source) + "milestones:")
        (tmp_path / "all.yaml").write_text(text)
        refused = desk("record", "--from-file", "all.yaml")
        assert (refused.code, "stance: 'support'" in refused.err) == (1, True)
        assert ("source: " in refused.err) == named
        assert desk("party", "join", "RUS,Nowhere", "USA", "--on", "2019-01-01", "--source", source).code == 1


def test_what_a_file_registers_may_be_named_in_another_spelling_that_looks_alike(desk: Run, tmp_path: Path) -> None:
    spelled = ALL.replace("source: le-monde}", "source: LE\u2010Monde}").replace(
        "source: le-monde\n", "source: LE-MONDE\n"
    )
    spelled = spelled.replace("party: Paris", "party: pARIS").replace("issue: finance", "issue: FINANCE")
    (tmp_path / "all.yaml").write_text(spelled.replace("bloc: G77", "bloc: g77"))
    recorded = desk("record", "--from-file", "all.yaml")
    assert recorded.code == 0, recorded.err
    cited = [json.loads(desk("show", f"@{number}", "--format", "json").out)["data"] for number in (11, 12, 15)]
    assert [one["source"] for one in cited] == ["le-monde"] * 3
    again = desk("record", "--from-file", "all.yaml", "--skip-recorded")
    assert again.out == "14 of 14 were recorded before and skipped.\n"


def test_of_two_sources_that_look_alike_each_is_named_as_it_is_spelled(desk: Run, tmp_path: Path) -> None:
    rows = "sources: [{source: DW, title: x, publisher: x}]\nmilestones: [{on: 2019-01-01, title: x, source: DW}]"
    (tmp_path / "two.yaml").write_text(rows)
    refused = desk("record", "--from-file", "two.yaml").err
    assert "two.yaml:1: source: The source 'DW' looks like 'dw'" in refused
    assert refused.count("two.yaml:") == 1


def test_json_lines_say_the_same_a_section_to_a_line(desk: Run, tmp_path: Path) -> None:
    lines = [
        {"statements": [{"party": "FRA", "issue": "finance", "stance": "supports", "on": "2015", "summary": "x"}]},
        {"parties": [{"party": "FRA", "name": "France"}, {"party": "EUN", "name": "Union", "kind": "bloc"}]},
        {"issues": [{"issue": "climate/finance", "title": "Finance", "question": "Should it?"}]},
        {"memberships": [{"party": "FRA", "bloc": "EUN", "on": "1993-11-01"}]},
        {"party": "EUN", "issue": "climate/finance", "stance": "opposes", "on": "2015", "summary": "y"},
    ]
    (tmp_path / "all.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert desk("record", "--from-file", "all.jsonl").code == 0
    assert log(desk)[-3:] == ["membership.started", "position.stated", "position.stated"]
    (tmp_path / "bad.jsonl").write_text('{"parties": [{"party": "DEU", "name": "Germany"}, 3]}\n{"parties": []}')
    bad = desk("record", "--from-file", "bad.jsonl")
    assert (bad.code, "bad.jsonl:1: a party is a text. Write its fields" in bad.err) == (1, True)


def test_every_problem_stands_with_its_file_its_line_and_the_field_as_written(desk: Run, tmp_path: Path) -> None:
    text = """\
parties:
  - party: fra
    name: France
  - party: G77
    name: Group of 77
    kind: blok
  - {party: RUS, name: Roussia}
memberships:
  - party: RUS
    bloc: USA
    on: 2019-01-01
  - party: USA
    bloc: RUS
    left: 2020-01-01
  - {party: USA, bloc: RUS, until: 2019-01-01}
statements:
  - {party: Sovjetunion, issue: start, stance: supports, on: 2019-01-01, summary: x}
"""
    (tmp_path / "bad.yaml").write_text(text)
    refused = desk("record", "--from-file", "bad.yaml")
    assert refused.code == 1
    for line, words in (
        (2, "party: 'fra'"),
        (6, "kind: 'blok'"),
        (7, "The party 'RUS' is already registered, @1, with other data: name, aliases (none here)."),
        (10, "bloc: USA is of the kind state"),
        (14, "left: USA would leave RUS on 2020-01-01 without being a member."),
        (15, "until: is not a field of a membership."),
        (15, "on: "),
        (17, "party: No party 'Sovjetunion' is registered."),
    ):
        assert any(found.startswith(f"bad.yaml:{line}: ") and words in found for found in refused.err.splitlines())
    assert log(desk) == []


@pytest.mark.parametrize(
    ("command", "yaml", "lines"),
    [
        (
            "party",
            "parties:\n- {party: FRA, name: France}\n",
            '{"party": "DEU", "name": "Germany", "aliases": "Berlin"}',
        ),
        (
            "issue",
            "issues:\n- {issue: a/b, title: B, question: 'Q?'}\n",
            '{"issue": "c", "title": "C", "question": "R?"}',
        ),
        ("source", "- {source: s, title: T, publisher: P}\n", '{"source": "t", "title": "T", "publisher": "P"}'),
    ],
)
def test_each_register_takes_a_file_of_its_own(desk: Run, tmp_path: Path, command: str, yaml: str, lines: str) -> None:
    for name, text in (("rows.yaml", yaml), ("rows.jsonl", lines)):
        (tmp_path / name).write_text(text)
        assert desk(command, "add", "--from-file", name, "--check").err.startswith("Checked 1 of 1: all good.")
        assert desk(command, "add", "--from-file", name).code == 0
    assert len(log(desk)) == 2


def test_a_register_reads_no_other_list_and_takes_a_file_or_one_entry(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(ALL)
    refused = desk("party", "add", "--from-file", "all.yaml")
    assert "all.yaml:1: statements: is not read here, only `parties:`." in refused.err
    assert (refused.code, log(desk)) == (1, [])
    assert desk("party", "add", "FRA", "--from-file", "all.yaml").code == 2
    assert desk("party", "add", "FRA").code == 2
    assert desk("issue", "add", "a/b", "--title", "B").code == 2
    (tmp_path / "none.yaml").write_text("parties:\n")
    assert "`tracker party add --template` shows the form" in desk("party", "add", "--from-file", "none.yaml").err


@pytest.mark.on_both_backends
def test_a_failing_row_leaves_nothing_of_its_file(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("- {party: FRA, name: France}\n- {party: DEU, name: Germany, aliases: [Moscow]}\n")
    refused = desk("party", "add", "--from-file", "p.yaml")
    assert (refused.code, "p.yaml:2: aliases: " in refused.err, log(desk)) == (1, True, [])


@pytest.mark.on_both_backends
def test_several_parties_join_and_leave_together_or_not_at_all(desk: Run) -> None:
    for code, name, kind in (("KOR", "Korea, Republic of", "state"), ("G77", "Group of 77", "bloc")):
        assert desk("party", "add", code, name, "--kind", kind).code == 0
    joining = ("party", "join", "Moscow, USA,Korea, Republic of", "Group of 77", "--on", "2000-01-01")
    assert "Checked 3 of 3: all good." in desk(*joining, "--check").err
    assert desk(*joining).out.count("joined G77") == 3
    again = desk("party", "leave", "RUS,G77", "G77", "--on", "2010-01-01")
    assert (again.code, "G77 would leave G77" in again.err) == (1, True)
    assert desk("party", "leave", "RUS,USA", "G77", "--on", "2010-01-01").code == 0
    assert desk("party", "leave", "Korea, Republic of", "G77", "--on", "2010-01-01").code == 0
    assert log(desk).count("membership.ended") == 3


@pytest.mark.parametrize("section", TEMPLATES)
def test_a_template_is_a_file_that_can_be_read_and_all_fit_into_one(section: str, desk: Run) -> None:
    assert {row.section for row in read_batch("t", TEMPLATES[section].encode()).rows} == {section}
    plain = "".join(line.removeprefix("# ") + "\n" for line in commented_templates().splitlines()[2:])
    whole = read_batch("t", (batch_template() + plain).encode())
    assert ({row.section for row in whole.rows}, whole.findings) == (set(SECTIONS), ())
    if section in ("parties", "issues", "sources"):
        printed = desk(SECTIONS[section].noun, "add", "--template").out
        assert read_batch("t", printed.encode(), only=section).findings == ()
    assert TEMPLATES["parties"].splitlines()[1].strip(" -") in desk("record", "--template").out


@pytest.mark.parametrize(
    ("register", "rows"),
    [
        ("party", "parties:\n- {party: FRA, name: France}\n"),
        ("issue", 'issues:\n- {issue: a/b, title: T, question: "Q?"}\n'),
        ("source", "sources:\n- {source: s, title: T, publisher: P}\n"),
    ],
)
def test_a_register_file_that_is_run_again_names_the_option_that_passes_over_its_rows(
    desk: Run, tmp_path: Path, register: str, rows: str
) -> None:
    (tmp_path / "rows.yaml").write_text(rows)
    assert desk(register, "add", "--from-file", "rows.yaml").code == 0
    again = desk(register, "add", "--from-file", "rows.yaml", "--skip-recorded")
    assert again.out == "1 of 1 was recorded before and skipped.\n"
    assert "--skip-recorded passes over such rows" in desk(register, "add", "--from-file", "rows.yaml", "--check").err


def test_a_missing_argument_is_named_without_brackets_and_every_message_ends(desk: Run) -> None:
    assert "Missing argument 'NAME'. See" in desk("party", "add", "FRA").err
    assert "extra argument (foo). `tracker party list` takes options alone;" in desk("party", "list", "foo").err
    assert "`tracker issue add` takes PATH, and options;" in desk("issue", "add", "fin/goal", "How much?").err
    assert "Did you mean @1 (the first)?" in desk("show", "@0").err

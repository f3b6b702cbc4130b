"""The commands, within this process; that the installed console script does the same is a test of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracker.domain.terms.rules import RULES
from tracker.storage.schema import REVISION

Run = Callable[..., Any]


def said(*more: str) -> tuple[str, ...]:
    return ("record", "Moscow", "start", "supports", "--on", "2019-12-10", "--summary", "For it.", *more)


def state(run: Run, *more: str) -> list[dict[str, Any]]:
    found = run("state", "--on", "2019-12-31", "--format", "json", *more)
    assert found.code == 0, found.err
    rows: list[dict[str, Any]] = json.loads(found.out)
    return rows


def test_a_position_is_recorded_by_names_and_its_effect_is_said(desk: Run) -> None:
    done = desk(*said("--source", "dw", "--quote", "Yes.", "--speaker", "Lavrov", "--condition", "soon"))
    assert done.code == 0
    assert "RUS arms/start: no stance -> supports (new, 10 Dec 2019)" in done.out
    row = state(desk)[0]
    assert (row["party"], row["stance"], row["attribution"]) == ("RUS", "supports", "direct")
    assert row["conditions"] == ["soon"]
    assert row["event_id"] in done.out


def test_several_parties_state_one_position(desk: Run) -> None:
    assert desk("record", "RUS,USA", "start", "supports", "--on", "2019-12-10", "--summary", "Joint.").code == 0
    assert [row["party"] for row in state(desk)] == ["RUS", "USA"]


def test_a_late_entry_says_what_is_in_effect_instead(desk: Run) -> None:
    desk(*said())
    done = desk("record", "RUS", "start", "opposes", "--on", "2019-12-01", "--summary", "Before.")
    assert "in effect today is supports, of 10 Dec 2019" in done.out


def test_a_look_alike_is_refused_with_its_id_and_the_command_to_use(desk: Run) -> None:
    first = desk(*said("--speaker", "Lavrov"))
    event_id = first.out.split()[-1]
    again = desk(*said("--speaker", "Lavrov", "--source", "dw"))
    assert again.code == 1
    assert "If this is another source for it: tracker corroborate @5 --source dw" in again.err
    assert desk("corroborate", event_id, "--source", "dw").code == 0
    assert desk(*said("--speaker", "Ryabkov")).code == 0
    assert desk(*said("--speaker", "Lavrov", "--anyway")).code == 0
    assert len(state(desk)) == 1


@pytest.mark.on_both_backends
def test_check_records_nothing(desk: Run) -> None:
    done = desk(*said("--check"))
    assert "no stance -> supports" in done.out
    assert "Nothing was recorded" in done.err
    assert state(desk) == []


BATCH = """\
defaults: {source: dw, on: 2019-12-10, speaker: Lavrov}
statements:
  - {party: RUS, issue: start, stance: supports, summary: One.}
  - {party: USA, issue: start, stance: opposes, summary: Two.}
"""


@pytest.mark.on_both_backends
def test_a_batch_is_recorded_whole_from_a_file_or_standard_input(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "batch.yaml").write_text(BATCH)
    assert desk("record", "--from-file", "batch.yaml", "--check").code == 0
    assert desk("record", "--from-file", "batch.yaml").code == 0
    assert len(state(desk)) == 2
    assert desk("record", "--from-file", "-", "--anyway", stdin=BATCH).code == 0
    assert [row["statements"] for row in state(desk)] == [2, 2]


@pytest.mark.on_both_backends
def test_a_batch_reports_all_bad_entries_at_once_and_keeps_none(desk: Run, tmp_path: Path) -> None:
    bad = """\
  - {party: CHN, issue: start, stance: pro, summary: Three.}
  - {party: USA, source: x, issue: start, stance: neutral, summary: Four.}
"""
    (tmp_path / "batch.yaml").write_text(BATCH + bad)
    refused = desk("record", "--from-file", "batch.yaml")
    assert refused.code == 1
    for finding in (
        "batch.yaml:5: party: No party 'CHN' is registered",
        "batch.yaml:5: stance: 'pro' is not one of",
        "batch.yaml:6: source: No source 'x' is registered",
        "3 problems found; nothing was recorded",
    ):
        assert finding in refused.err
    assert state(desk) == []


def test_the_template_is_a_batch_of_ones_own_parties_issues_and_sources(desk: Run, tmp_path: Path) -> None:
    desk("source", "add", "late: #1", "--title", "x", "--publisher", "y", "--published-on", "2020-01-02")
    (tmp_path / "template.yaml").write_text(desk("record", "--template").out)
    assert desk("record", "--from-file", "template.yaml", "--check").code == 0
    assert desk("record", "--from-file", "template.yaml").code == 0
    row = state(desk, "--on", "2020-01-02")[0]
    assert (row["party"], row["issue"], row["source"], row["since"]) == ("RUS", "arms/start", "late: #1", "2020-01-02")


def test_without_a_database_the_template_is_an_example(here: Run) -> None:
    printed = here("record", "--template")
    assert (printed.code, printed.err) == (0, "")
    assert "issue: new-start/extension" in printed.out
    here("init")
    assert here("record", "--template").out == printed.out


def test_a_withdrawal_is_no_stance(desk: Run) -> None:
    desk(*said())
    done = desk("withdraw", "RUS", "start", "--on", "2019-12-20", "--summary", "Dropped.")
    assert "supports -> withdrawn" in done.out
    assert state(desk)[0]["stance"] is None


def test_milestones_and_closings_are_context(desk: Run) -> None:
    desk(*said())
    assert desk("milestone", "Summit", "--on", "2019-12-15", "--party", "Moscow", "--issue", "start").code == 0
    assert desk("issue", "close", "start", "--on", "2019-12-16", "--outcome", "agreed", "--note", "Done.").code == 0
    report = json.loads(desk("report", "--from", "2019-12-01", "--to", "2019-12-31", "--format", "json").out)
    assert [(row["kind"], row["title"]) for row in report["context"]] == [("milestone", "Summit"), ("closed", "Done.")]
    assert state(desk)[0]["closed"] == {"on": "2019-12-16", "outcome": "agreed"}


@pytest.mark.on_both_backends
def test_cut_offs_and_filters_work_in_state_and_report(desk: Run) -> None:
    desk(*said("--source", "dw"))
    desk("record", "USA", "start", "opposes", "--on", "2019-12-10", "--summary", "No.", "--attribution", "inferred")
    assert [row["party"] for row in state(desk, "--published-by", "2019-12-11")] == ["RUS"]
    assert state(desk, "--published-by", "2019-12-10") == []
    cut = ("state", "--on", "2019-12-31", "--published-by", "2019-12-11")
    assert "1 statement was left out" in desk(*cut).out
    assert "1 statement was left out" in desk(*cut, "--format", "json").err
    assert [row["party"] for row in state(desk, "--attribution", "direct,reported")] == ["RUS"]
    assert [row["party"] for row in state(desk, "--party", "United States")] == ["USA"]
    assert len(state(desk, "--issue", "arms")) == 2
    assert state(desk, "--known-at", "@4") == []
    assert len(state(desk, "--known-at", "@5")) == 1
    assert len(state(desk, "--known-at", "today")) == 2
    found = desk("report", "--from", "2019-12-01", "--to", "2019-12-31", "--known-at", "@5", "--format", "json")
    report = json.loads(found.out)
    assert (report["known_at"], report["log"]["position"], len(report["changes"])) == ("@5", 5, 1)


@pytest.mark.on_both_backends
def test_a_report_comes_out_the_same_again_whatever_was_recorded_since(desk: Run) -> None:
    desk(*said())
    cut = ("report", "--from", "2019-12-01", "--to", "2019-12-31", "--known-at", "@5", "--format", "json")
    before = desk(*cut)
    desk("record", "USA", "start", "opposes", "--on", "2019-12-10", "--summary", "No.")
    assert desk(*cut).out == before.out


@pytest.mark.on_both_backends
def test_an_entry_is_shown_by_the_start_of_its_id_or_its_position(desk: Run) -> None:
    event_id = desk(*said("--source", "dw", "--quote", "Yes.")).out.split()[-1]
    shown = json.loads(desk("show", event_id[:30], "--format", "json").out)
    assert shown["id"] == event_id
    assert shown["source"]["publisher"] == "DW"
    assert shown["counts"] is True
    text = desk("show", "@5").out
    for words in ("Should it be extended?", "“Yes.”", "News (DW, 11 Dec 2019)"):
        assert words in text


@pytest.mark.on_both_backends
def test_history_and_find_list_the_steps_with_their_words(desk: Run) -> None:
    desk(*said())
    desk("record", "RUS", "start", "opposes", "--on", "2019-12-12", "--summary", "Against it.")
    assert [row["kind"] for row in json.loads(desk("history", "RUS", "start", "--format", "json").out)] == [
        "new",
        "reversed",
    ]
    assert [row["summary"] for row in json.loads(desk("find", "AGAINST", "--format", "json").out)] == ["Against it."]
    assert "Nothing on record holds 'zebra'." in desk("find", "zebra").out


@pytest.mark.parametrize(
    "command",
    [
        ("state", "--on", "2019-12-31"),
        ("report", "--from", "2019-01-01", "--known-from", "@4"),
        ("history",),
        ("asks",),
        ("conditions",),
        ("find", "for"),
        ("log",),
        ("party", "list"),
        ("issue", "list"),
        ("source", "list"),
    ],
)
def test_every_query_has_every_format_and_an_output_file(desk: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    desk(*said())
    for form in ("table", "json", "csv", "md"):
        printed = desk(*command, "--format", form)
        written = desk(*command, "--format", form, "--output", "out")
        assert (printed.code, written.code, written.out) == (0, 0, ""), form
        assert printed.out, form
        if form != "table":
            assert (tmp_path / "out").read_bytes().decode() == printed.out


@pytest.mark.parametrize("command", [("state", "--on", "2019-12-31"), ("report", "--from", "2019-01-01")])
def test_states_and_reports_are_pages_too(desk: Run, command: tuple[str, ...]) -> None:
    desk(*said())
    page = desk(*command, "--format", "html")
    assert page.code == 0
    assert page.out.startswith("<!doctype html>")
    assert "New START" in page.out


def test_registers_list_and_show(desk: Run) -> None:
    desk("party", "alias", "Moscow", "the Kremlin")
    refused = desk("party", "show", "kremlin", "--format", "json")
    assert (refused.code, refused.out) == (1, "")
    assert "No party 'kremlin' is registered." in refused.err
    assert json.loads(desk("party", "show", "the kremlin", "--format", "json").out)["aliases"] == [
        "Moscow",
        "the Kremlin",
    ]
    assert "Should it be extended?" in desk("issue", "show", "start").out
    assert "11 Dec 2019" in desk("source", "show", "dw").out


@pytest.mark.on_both_backends
def test_an_exported_log_loads_into_an_empty_one_and_exports_the_same(desk: Run, tmp_path: Path) -> None:
    desk(*said("--source", "dw"))
    assert desk("export", "--output", "events.jsonl").code == 0
    other = ("--db", "other.db")
    assert desk(*other, "init").code == 0
    assert "5 entries appended." in desk(*other, "load", "events.jsonl").out
    assert desk(*other, "export").out == (tmp_path / "events.jsonl").read_text()
    assert desk(*other, "checkpoint").out == desk("checkpoint").out
    assert "0 entries appended. 5 were there already." in desk(*other, "load", "events.jsonl").out


@pytest.mark.on_both_backends
def test_a_load_keeps_nothing_unless_all_is_good_or_it_is_told_to_go_on(desk: Run, tmp_path: Path) -> None:
    desk("export", "--output", "events.jsonl")
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    (tmp_path / "bad.jsonl").write_text("\n".join([*lines, lines[-1][:50], lines[0].replace("Russia", "Russland")]))
    other = ("--db", "other.db")
    desk(*other, "init")
    refused = desk(*other, "load", "bad.jsonl")
    assert refused.code == 1
    assert "bad.jsonl:5: ends in the middle of an entry" in refused.err
    assert "bad.jsonl:6: id: " in refused.err
    assert json.loads(desk(*other, "checkpoint").out)["position"] == 0
    kept = desk(*other, "load", "bad.jsonl", "--keep-going")
    assert kept.code == 1
    assert "4 entries appended." in kept.out
    assert "2 problems found; what they concern was left out." in kept.err


def test_a_load_that_goes_on_names_problems_in_the_order_of_their_lines(desk: Run, tmp_path: Path) -> None:
    desk("export", "--output", "events.jsonl")
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    (tmp_path / "bad.jsonl").write_text("\n".join([*lines, lines[0].replace("Russia", "Russland"), "{bad}"]))
    found = desk("load", "bad.jsonl", "--keep-going").err
    assert 0 <= found.find("bad.jsonl:5: id: ") < found.find("bad.jsonl:6: ")


@pytest.mark.on_both_backends
def test_verify_and_its_exit_code(desk: Run, tmp_path: Path) -> None:
    desk(*said())
    desk("checkpoint", "--output", "kept.json")
    assert "5 entries verified" in desk("verify", "--checkpoint", "kept.json").out
    desk("export", "--output", "events.jsonl")
    shorter = (tmp_path / "events.jsonl").read_text().splitlines()[:-1]
    (tmp_path / "events.jsonl").write_text("\n".join(shorter))
    desk("--db", "other.db", "init")
    desk("--db", "other.db", "load", "events.jsonl")
    cut = desk("--db", "other.db", "verify", "--checkpoint", "kept.json")
    assert cut.code == 3
    assert "it was cut" in cut.out
    assert desk("rebuild").code == 0


def test_who_records_is_named(desk: Run) -> None:
    desk("--by", "Ms Smith", *said())
    assert json.loads(desk("log", "--format", "json").out)[-1]["recorded_by"] == "Ms Smith"


def test_the_installed_script_says_and_ends_as_the_commands_do_within_this_process(installed: Run, here: Run) -> None:
    assert installed(*said("--source", "dw")).code == 0
    for code, command in (
        (0, ("state", "--on", "2019-12-31", "--wide")),
        (0, ("record", "--from-file", "-", "--check")),
        (1, ("show", "nothing")),
        (2, ("record", "RUS")),
    ):
        ended = installed(*command, stdin=BATCH)
        assert ended == here(*command, stdin=BATCH)
        assert ended.code == code, command


def test_the_database_may_be_a_url_or_come_from_the_environment(here: Run, tmp_path: Path) -> None:
    assert here("--db", f"sqlite:///{tmp_path}/a.db", "init").code == 0
    assert here("party", "list", TRACKER_DB=str(tmp_path / "a.db")).code == 0
    assert (
        here("upgrade", TRACKER_DB=str(tmp_path / "a.db")).out
        == f"Nothing to do: the schema is {REVISION}, the rules are {RULES}.\n"
    )

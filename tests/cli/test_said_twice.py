"""What is given twice, or beside nothing that it is about: lists keep each text once, single values are refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]
SAID = ("--on", "2024-11-23", "--summary", "x")
UNQUOTED = "Note: language and translation are said of a quote, and there is none. Add the quote, or leave this out.\n"


def stored(run: Run, entry: str) -> Any:
    return json.loads(run("show", entry, "--format", "json").out)["data"]


def test_lists_hold_each_text_once(desk: Run, tmp_path: Path) -> None:
    lists = {"--tag": "tags", "--reason": "reasons", "--condition": "conditions"}
    given = [word for option in lists for word in (option, "a", option, "b", option, "a")]
    to = ("--to", "USA", "--to", "United States", "--on-behalf-of", "USA", "--on-behalf-of", "USA")
    assert desk("record", "RUS,Moscow", "start", "supports", *given, *to, *SAID).code == 0
    said = stored(desk, "@5")
    assert {name: said[name] for name in lists.values()} == {name: ["a", "b"] for name in lists.values()}
    assert (said["addressed_to"], said["on_behalf_of"]) == (["USA"], ["USA"])
    assert "joint_with" not in said
    assert desk("correct", "@5", "--tag", "c", "--tag", "c", "--to", "RUS", "--to", "Russia", "--reason", "x").code == 0
    said = stored(desk, "@6")["replacement"]
    assert (said["tags"], said["addressed_to"]) == (["c"], ["RUS"])
    row = {
        "party": ["USA", "USA"],
        "issue": "start",
        "stance": "supports",
        "on": "2024",
        "summary": "x",
        "tags": "a, a",
    }
    (tmp_path / "a.yaml").write_text(json.dumps({"statements": [row]}))
    assert desk("record", "--from-file", "a.yaml").code == 0
    assert stored(desk, "@7")["tags"] == ["a"]


@pytest.mark.parametrize(
    "command",
    [
        ("record", "RUS", "start", "supports", "--note", "a", "--note", "b", *SAID),
        ("withdraw", "RUS", "start", *SAID, "--locator", "a", "--locator", "a"),
        ("corroborate", "@5", "--source", "dw", "--note", "a", "--note", "b"),
        ("correct", "@4", "--title", "a", "--title", "b", "--reason", "x"),
        ("milestone", "Talks", "--on", "2024-11-23", "--on", "2024-11-24"),
        ("issue", "close", "start", "--on", "2024-11-23", "--outcome", "agreed", "--note", "a", "--note", "b"),
    ],
)
def test_of_two_values_for_one_none_is_dropped_in_silence(desk: Run, command: tuple[str, ...]) -> None:
    refused = desk(*command)
    assert (refused.code, refused.out) == (2, "")
    assert " is given twice, and takes one value. Keep one." in refused.err


def test_language_and_translation_are_of_a_quote(desk: Run) -> None:
    words = ("--language", "ru", "--translation", "Yes.")
    said = desk("record", "RUS", "start", "supports", *words, *SAID)
    assert (said.code, said.err) == (0, UNQUOTED)
    assert desk("withdraw", "RUS", "start", *words, *SAID, "--check").err.startswith(UNQUOTED)
    assert UNQUOTED in desk("corroborate", "@5", "--source", "dw", *words, "--check").err
    noted = desk("correct", "@5", "--translation", "No.", "--reason", "x", "--check")
    assert UNQUOTED in noted.err
    assert "said of a quote" not in desk("correct", "@5", "--summary", "y", "--reason", "x", "--check").err
    quoted = desk("correct", "@5", "--quote", "Da.", "--reason", "x")
    assert "said of a quote" not in quoted.err
    assert desk("record", "USA", "start", "supports", *words, "--quote", "Da.", *SAID).err == ""
    assert "source" not in desk("source", "add", "tass", "--title", "t", "--publisher", "p", "--language", "ru").err


def test_a_near_issue_that_is_a_choice_is_named_as_one(desk: Run) -> None:
    opened = ("issue", "add", "coal", "--title", "Wording", "--question", "Which?", "--form", "choice")
    assert desk(*opened).code == 0
    assert "Did you mean coal (a choice)?" in desk("record", "RUS", "caol", "supports", *SAID).err
    assert "Did you mean arms/start?" in desk("record", "RUS", "strat", "supports", *SAID).err


@pytest.mark.parametrize(
    ("unit", "says"),
    [
        (
            "USD bn per year",
            "that of goal 'USD bn a year'. If it is one unit, spell it alike: tracker correct @6 --unit",
        ),
        ("usd BN / years", "that of goal 'USD bn a year'"),
        ("EUR bn a year", None),
        ("Year", "Amounts are calendar years (by 2040) in the unit 'year' alone"),
        ("Years", "a number of years is best counted in 'years'."),
        ("year", None),
        ("years", None),
    ],
)
def test_a_unit_in_another_spelling_is_noted(desk: Run, unit: str, says: str | None) -> None:
    issue = ("issue", "add")
    goal = ("goal", "--form", "quantity", "--title", "Goal", "--question", "How much?", "--unit", "USD bn a year")
    assert desk(*issue, *goal).code == 0
    other = ("other", "--form", "quantity", "--title", "Other", "--question", "How much else?", "--unit", unit)
    ran = desk(*issue, *other)
    assert ran.code == 0
    assert says in ran.err if says else ran.err == ""


# --- on one day, and of whose position -----------------------------------------------------------


def consensus(run: Run) -> Any:
    (row,) = json.loads(run("consensus", "start", "--format", "json").out)
    return row


@pytest.mark.parametrize(("later_has_it", "lines"), [(True, ["USA"]), (False, [])])
def test_of_two_statements_of_a_day_the_later_ones_red_line_holds(
    desk: Run, later_has_it: bool, lines: list[str]
) -> None:
    drawn, none = ("supports", "--red-line"), ("opposes",)
    for said in (none, drawn) if later_has_it else (drawn, none):
        assert desk("record", "USA", "start", *said, *SAID).code == 0
    (row,) = json.loads(desk("state", "--format", "json").out)
    held = ("supports", True) if later_has_it else ("opposes", False)
    assert (row["stance"], row["red_line"], row["contested"]) == (*held, True)
    found = consensus(desk)
    assert (found["contested"], found["red_lines"], found["verdict"]) == (["USA"], lines, "doubted")
    first = "@5"
    assert desk("correct", first, "--sequence", "1", "--reason", "It came last.").code == 0
    assert consensus(desk)["red_lines"] == ([] if later_has_it else ["USA"])


def test_a_withdrawal_that_leaves_no_blocs_position_is_kept_by_a_load_and_dissociates(
    desk: Run, here: Run, tmp_path: Path
) -> None:
    assert desk("party", "add", "EUN", "European Union", "--kind", "bloc").code == 0
    assert desk("party", "join", "USA", "EUN", "--on", "2020").code == 0
    noted = desk("withdraw", "USA", "start", "--leaves-position-of", "RUS", *SAID)
    assert "USA is not in RUS on 2024-11-23, so that it had no position of RUS to leave." in noted.err
    assert consensus(desk)["dissociated"] == ["USA"]
    itself = desk("export").out.replace('"leaves_position_of":"RUS"', '"leaves_position_of":"USA"')
    (tmp_path / "log.jsonl").write_text(itself)
    database = ("--db", str(tmp_path / "other.db"))
    assert here(*database, "init").code == 0
    loaded = here(*database, "load", str(tmp_path / "log.jsonl"))
    assert loaded.code == 0
    assert "USA cannot leave its own position" in loaded.err
    assert here(*database, "verify").code == 0
    (row,) = json.loads(here(*database, "consensus", "start", "--format", "json").out)
    assert row["dissociated"] == ["USA"]

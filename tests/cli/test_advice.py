"""Advice that works as it is printed, and commands that say when they would change nothing."""

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SAID = ("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary")


def advised(refusal: str) -> list[str]:
    """The first command with --db that a refusal names, in backticks or up to the end of its sentence."""
    command = refusal.partition("tracker --db ")[2]
    return shlex.split("--db " + command.partition("`")[0].partition(". ")[0].replace("TEXT", "why").rstrip(".\n"))


def test_the_advice_on_a_missing_database_makes_the_one_that_was_asked_for(here: Run, tmp_path: Path) -> None:
    refused = here("--db", "my own.db", "state").err
    assert "Create one with `tracker --db 'my own.db' init`" in refused
    assert here(*advised(refused)).code == 0
    assert here("--db", "my own.db", "state").code == 0
    assert "`tracker init`" in here("state").err
    assert not (tmp_path / "tracker.db").exists()


def test_notes_and_refusals_repeat_the_database_of_the_command_line(here: Run) -> None:
    for command in (("init",), ("party", "add", "RUS", "Russia"), ("issue", "add", "start", "--title", "S")):
        here("--db", "my.db", *command, *(("--question", "Should it?") if "issue" in command else ()))
    assert here("--db", "my.db", *SAID, "For it.").code == 0
    refused = here("--db", "my.db", *SAID, "All for it.").err
    assert "tracker --db my.db corroborate @3 --source ID." in refused
    assert "tracker --db my.db correct @3 --summary 'All for it.' --reason TEXT" in refused
    assert here(*advised(refused.partition("otherwise: ")[2])).code == 0
    noted = here("--db", "my.db", "party", "add", "RUS", "Russia").err
    assert noted.startswith("Note: @1 registers the same.")
    assert "tracker --db my.db party list" in here("--db", "my.db", "party", "show", "X").err
    assert "`tracker log --help`" in here("--db", "my.db", "log", "--type", "x").err


def test_what_people_wrote_is_repeated_as_it_is_though_it_looks_like_a_command(here: Run) -> None:
    register = ("--db", "my.db", "source", "add", "s1", "--publisher", "The party's press", "--title")
    assert here("--db", "my.db", "init").code == 0
    assert here(*register, "A tracker report").code == 0
    refused = here(*register, "Another tracker report").err
    assert "tracker --db my.db correct @1 --title 'Another tracker report' --reason TEXT" in refused


def test_a_password_of_the_command_line_is_not_repeated(here: Run) -> None:
    refused = here("--db", "postgresql://me:secret@nowhere.invalid/db", "party", "show", "X")
    assert refused.code == 1
    assert "secret" not in refused.err


def test_a_type_of_entry_that_is_none_is_answered_with_all(desk: Run) -> None:
    refused = desk("log", "--type", "foo").err
    assert "membership.started, milestone.noted, party.registered" in refused


def test_rows_that_were_recorded_before_are_not_to_be_corrected(desk: Run, tmp_path: Path) -> None:
    row = "{party: RUS, issue: start, stance: supports, on: 2019-12-10, summary: For it.}"
    other = row.replace("2019-12-10", "2018")
    (tmp_path / "b.yaml").write_text(f"statements:\n- {row}\n- {other}\n")
    assert desk("record", "--from-file", "b.yaml").code == 0
    end = desk("record", "--from-file", "b.yaml").err.splitlines()[-1]
    assert end == (
        "2 problems found; nothing was recorded. With --skip-recorded, rows that were recorded before are passed over."
    )
    (tmp_path / "b.yaml").write_text(f"statements:\n- {row}\n- {other.replace('For', 'Against')}\n")
    end = desk("record", "--from-file", "b.yaml").err.splitlines()[-1]
    assert "Correct the lines above and run the command again. With --skip-recorded, rows" in end


@pytest.mark.on_both_backends
def test_a_correction_that_changes_nothing_is_recorded_only_when_asked_for(desk: Run) -> None:
    assert desk(*SAID, "x").code == 0
    same = ("correct", "@5", "--stance", "supports", "--reason", "x")
    for how in ((), ("--check",)):
        refused = desk(*same, *how)
        assert (refused.code, refused.out) == (1, "")
        assert refused.err.startswith("Error: @5 says that already: nothing differs.")
    assert desk(*same, "--anyway").code == 0
    refused = desk("undo")
    assert (refused.code, "@6 changed nothing of @5, so that there is nothing to undo." in refused.err) == (1, True)
    assert '"position":6' in desk("checkpoint").out.replace(" ", "")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("party", "rename", "RUS", "Russia"), "RUS is called 'Russia' already"),
        (("party", "alias", "RUS", "Moscow"), "RUS goes by Moscow already"),
        (("party", "alias", "RUS", "moscow"), "RUS goes by moscow already"),
        (("party", "alias", "RUS", "RUSSIA"), "RUS goes by RUSSIA already"),
        (("party", "alias", "RUS", "rus"), "RUS goes by rus already"),
        (("issue", "reword", "start", "--on", "2019-01-01", "--title", "New START"), "arms/start is worded so on"),
    ],
)
def test_a_change_of_a_register_to_what_holds_is_refused(desk: Run, command: tuple[str, ...], says: str) -> None:
    refused = desk(*command)
    assert (refused.code, says in refused.err) == (1, True)
    assert desk(*command, "--check").code == 1
    changed = desk(*command[:-1], "Another")
    assert changed.code == 0
    assert desk(*command[:-1], "Another").code == 1


def test_a_name_that_is_to_be_shown_in_another_case_is_a_change(desk: Run) -> None:
    assert desk("party", "rename", "RUS", "RUSSIA").code == 0
    assert desk("party", "rename", "RUS", "RUSSIA").code == 1


def test_a_registration_of_what_was_renamed_since_advises_what_is_not_on_record_yet(desk: Run) -> None:
    again = ("party", "add", "RUS", "Russian Federation", "--alias", "Rossiya", "--alias", "MOSCOW")
    says = desk(*again).err
    assert (
        "tracker party rename RUS 'Russian Federation'. If it has more names: tracker party alias RUS Rossiya." in says
    )
    assert "correct @1 --name 'Russian Federation' --alias Rossiya --alias MOSCOW --reason" in says
    assert desk("party", "rename", "RUS", "Russian Federation").code == 0
    says = desk(*again).err
    assert "On record by now: name. If it has more names: tracker party alias RUS Rossiya." in says
    assert ("rename" in says, "--name" in says) == (False, False)
    assert desk("party", "alias", "RUS", "Rossiya").code == 0
    says = desk(*again).err
    assert says.endswith("other data: name, aliases. All of that is on record by now: there is nothing to record.\n")

    issue = ("issue", "add", "arms/start", "--title", "START", "--question", "Should it be?")
    assert "tracker issue reword arms/start --on DAY --title START --question 'Should it be?'" in desk(*issue).err
    assert desk("issue", "reword", "arms/start", "--on", "2019-01-01", "--title", "START").code == 0
    says = desk(*issue).err
    assert "tracker issue reword arms/start --on DAY --question 'Should it be?'. If @" in says


def test_an_ambiguous_entry_a_group_and_an_item_of_a_list_are_named_as_people_know_them(desk: Run) -> None:
    assert "'0' is ambiguous: @1, @2, @3, @4." in desk("show", "0").err
    assert "'arms' is a group of issues. Name one of them: arms/start." in desk("explain", "RUS", "arms").err
    assert "conditions, item 1: is empty." in desk(*SAID, "x", "--condition", "").err
    assert (
        "is a registration of a party, which cannot be corroborated" in desk("corroborate", "@1", "--source", "dw").err
    )


def test_a_template_names_neither_an_unknown_source_nor_the_party_itself_as_addressee(
    here: Run, tmp_path: Path
) -> None:
    here("init")
    here("party", "add", "AAA", "A")
    here("issue", "add", "a/b", "--title", "T", "--question", "Q?")
    template = here("record", "--template").out
    assert "  to: AAA" not in template
    (tmp_path / "t.yaml").write_text(template)
    checked = here("record", "--from-file", "t.yaml", "--check")
    assert checked.code == 0, checked.err

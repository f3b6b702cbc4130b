"""What `record` and its siblings say: all that is wrong at once, the question answered, hints."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def said(*more: str) -> tuple[str, ...]:
    return ("record", "Moscow", "start", "supports", "--on", "2019-12-10", "--summary", "For it.", *more)


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (
            ("record", "RUZ", "starts", "pro", "--on", "05.12.2015", "--act", "offer", "--source", "bbc", "--to", "UK"),
            2,
            [
                "Invalid value for 'STANCE': 'pro' is not one of",
                "Invalid value for '--on': '05.12.2015' can be read in two ways.",
                "Invalid value for '--act': 'offer' is not one of",
                "Missing option --summary.",
                "party: No party 'RUZ' is registered. Did you mean RUS?",
                "issue: No issue 'starts' is on record. Did you mean arms/start?",
                "to: No party 'UK' is registered.",
                "source: No source 'bbc' is registered.",
            ],
        ),
        (
            ("record", "RUZ", "--condition", "x", "--no-conditions", "--summary", " "),
            2,
            [
                "Say PARTY, ISSUE and STANCE (or --amount, or --option), or --from-file FILE.",
                "Missing option --on.",
                "Give either --condition or --no-conditions, not both.",
                "party: No party 'RUZ' is registered. Did you mean RUS?",
                "summary: is empty. Write at least one word.",
            ],
        ),
        (
            ("record", "RUZ", "starts", "supports", "--on", "2019", "--summary", " ", "--source", "bbc"),
            1,
            [
                "party: No party 'RUZ' is registered. Did you mean RUS?",
                "issue: No issue 'starts' is on record. Did you mean arms/start?",
                "summary: is empty. Write at least one word.",
                "source: No source 'bbc' is registered.",
            ],
        ),
        (
            ("withdraw", "RUZ", "starts", "--on", "2019", "--summary", " "),
            1,
            ["party: No party 'RUZ'", "issue: No issue 'starts'", "summary: is empty."],
        ),
        (
            ("withdraw", "RUS", "start", "--on", "soon", "--sequence", "x"),
            2,
            ["'--on': 'soon' is not a day", "'--sequence': 'x' is not a valid integer", "Missing option '--summary'"],
        ),
        (
            ("milestone", " ", "--on", "2019-01-01", "--party", "RUZ", "--issue", "starts"),
            1,
            ["parties: No party 'RUZ'", "issues: No issue 'starts'", "title: is empty."],
        ),
        (("milestone", "x", "--category", "y"), 2, ["'--category': 'y' is not one of", "Missing option '--on'"]),
        (
            ("correct", "@1", "--stance", "y", "--on", "z"),
            2,
            ["'--stance': 'y'", "'--on': 'z'", "Missing option '--reason'"],
        ),
        (("source", "add"), 2, ["Missing argument 'ID'.", "Missing option --title.", "Missing option --publisher."]),
        (
            ("source", "add", "s1", "--published-on", "soon"),
            2,
            ["'--published-on': 'soon' is not a day", "Missing option --title.", "Missing option --publisher."],
        ),
        (("issue", "add", "a/b"), 2, ["Missing option --title.", "Missing option --question."]),
        (("party", "add"), 2, ["Missing argument 'CODE'.", "Missing argument 'NAME'."]),
        (
            ("party", "add", "--kind", "x"),
            2,
            ["'--kind': 'x' is not one of", "Missing argument 'CODE'.", "Missing argument 'NAME'."],
        ),
        (("issue", "close"), 2, ["'ISSUE'", "Missing option '--on'", "Missing option '--outcome'"]),
        (("party", "join"), 2, ["'PARTY[,PARTY...]'", "'BLOC'", "Missing option '--on'"]),
        (("corroborate", "@1", "--attribution", "y"), 2, ["'--attribution': 'y'", "Missing option '--source'"]),
    ],
)
def test_all_that_is_wrong_is_named_at_once(desk: Run, command: tuple[str, ...], code: int, says: list[str]) -> None:
    refused = desk(*command)
    lines = refused.err.removeprefix("Error: ").splitlines()
    assert (refused.code, len(lines)) == (code, len(says)), refused.err
    assert all(any(text in line for line in lines) for text in says), refused.err
    assert lines[-1].endswith("--help`.") == (code == 2)
    assert '"position": 4' in desk("checkpoint").out


def test_wrong_usage_is_named_without_a_database(here: Run) -> None:
    refused = here("record", "RUS", "start", "pro", "--on", "soon")
    assert refused.code == 2
    assert ("'pro' is not one of" in refused.err, "'soon' is not a day" in refused.err) == (True, True)


def test_a_batch_names_unknown_sources_with_the_rest(desk: Run) -> None:
    row = "statements: [{party: RUZ, issue: start, stance: demands, source: bbc, on: 2019, summary: x}]"
    refused = desk("record", "--from-file", "-", stdin=row)
    for text in ("party: No party 'RUZ'", "source: No source 'bbc'", "It is a word for `act`.", "3 problems found"):
        assert text in refused.err


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        (("record", "RUS", "start", "Demands"), "It is a word for --act: --act demands."),
        (said("--act", "opposes"), "It is a word for --stance: --stance opposes."),
        (said("--standing", "inferred"), "It is a word for --attribution: --attribution inferred."),
        (said("--attribution", "remark"), "It is a word for --standing: --standing remark."),
        (("correct", "@1", "--stance", "rejects", "--reason", "x"), "It is a word for --act: --act rejects."),
    ],
)
def test_a_word_of_another_list_hints_at_its_option(desk: Run, command: tuple[str, ...], hint: str) -> None:
    assert hint in desk(*command).err


def test_the_question_that_was_answered_is_repeated_as_it_was_worded_then(desk: Run) -> None:
    desk("issue", "reword", "start", "--question", "Should it be extended by five years?", "--on", "2020-01-01")
    assert "\n  Should it be extended?\n" in desk(*said()).out
    later = desk("record", "RUS", "start", "supports", "--on", "2020-02-01", "--summary", "x", "--check")
    assert "\n  Should it be extended by five years?\n" in later.out
    assert "\n  Should it be extended?\n" in desk("withdraw", "RUS", "start", "--on", "2019", "--summary", "x").out


@pytest.mark.on_both_backends
def test_a_file_is_run_again_with_skip_recorded(desk: Run, tmp_path: Path) -> None:
    one = "- {party: RUS, issue: start, stance: supports, on: 2019-12-10, summary: One.}\n"
    (tmp_path / "start.yaml").write_text(f"statements:\n{one}")
    assert desk("record", "--from-file", "start.yaml").code == 0
    (tmp_path / "start.yaml").write_text(f"statements:\n{one}{one.replace('RUS', 'USA')}")
    again = desk("record", "--from-file", "start.yaml", "--skip-recorded")
    assert again.code == 0
    assert "USA arms/start" in again.out
    assert "1 of 2 were recorded before and skipped." in again.out
    (tmp_path / "start.yaml").write_text(f"statements:\n{one.replace('One', 'Two')}")
    changed = desk("record", "--from-file", "start.yaml", "--skip-recorded")
    assert changed.code == 1
    assert "start.yaml:2: RUS arms/start supports on 2019-12-10 differs from @5 on record in summary." in changed.err
    assert "tracker correct @5 --summary Two. --reason TEXT" in changed.err


def test_a_withdrawal_of_no_stance_is_noted(desk: Run) -> None:
    withdraw = ("withdraw", "RUS", "start", "--summary", "Dropped.", "--on")
    first = desk(*withdraw, "2019-12-01")
    assert first.code == 0
    assert "Note: RUS held no stance on arms/start that it could withdraw on 2019-12-01." in first.err
    assert "held no stance" in desk(*withdraw, "2019-12-02").err
    assert desk(*said()).err == ""
    assert desk(*withdraw, "2019-12-11").err == ""


def test_a_note_says_how_to_take_back_an_entry_that_is_there(desk: Run) -> None:
    withdraw = ("withdraw", "RUS", "start", "--summary", "x", "--on", "2019-12-01")
    checked = desk(*withdraw, "--check").err
    assert "do not record this one." in checked
    assert "undo" not in checked
    assert "retract" not in checked
    (taken_back,) = re.findall(r"take this one back: tracker retract (@\d+) --reason TEXT", desk(*withdraw).err)
    assert desk("retract", taken_back, "--reason", "Never held.").code == 0


def test_a_party_that_speaks_for_itself_or_to_itself_is_noted(desk: Run) -> None:
    said = ("record", "RUS", "start", "supports", "--summary", "x", "--on", "2019-12-01")
    own = desk(*said, "--on-behalf-of", "RUS", "--to", "Russia", "--check").err
    assert "RUS is said to speak on behalf of itself" in own
    assert "RUS is said to address itself" in own
    assert "tracker record RUS" not in own
    both = desk(*said, "--on-behalf-of", "RUS", "--on-behalf-of", "USA", "--check").err
    assert "this gives RUS a stance, and USA none." in both


def test_recording_on_behalf_of_a_bloc_says_how_to_record_its_own_position(desk: Run) -> None:
    done = desk(*said("--on-behalf-of", "United States"))
    assert "this gives RUS a stance, and USA none." in done.err
    assert "tracker record USA arms/start supports --on 2019-12-10 --summary TEXT." in done.err
    row = "statements: [{party: RUS, issue: start, stance: supports, on: 2019, summary: x, on_behalf_of: USA}]"
    assert "and USA none" in desk("record", "--from-file", "-", "--check", stdin=row).err


@pytest.mark.parametrize(
    ("options", "attribution"),
    [
        ({"ascribed_by": "United States"}, "ascribed"),
        ({"ascribed_by": "USA", "quote": "Yes"}, "ascribed"),
        ({"ascribed_by": "USA", "attribution": "inferred"}, "inferred"),
        ({"ascribed_by": "USA", "attribution": "ascribed"}, "ascribed"),
        ({"attribution": "ascribed"}, "ascribed"),
        ({"quote": "Yes"}, None),
        ({}, None),
    ],
)
def test_who_names_the_party_that_says_it_means_ascribed(
    desk: Run, options: dict[str, str], attribution: str | None
) -> None:
    given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    row = ", ".join(f"{name}: {value}" for name, value in options.items())
    fields = "party: RUS, issue: start, on: 2019-12-11, stance: opposes, summary: Against it."
    recordings = (
        (said(*given), ""),
        (("record", "--from-file", "-"), f"statements: [{{{fields}, {row}}}]"),
        (("withdraw", "RUS", "start", "--on", "2019-12-12", "--summary", "Gone.", *given), ""),
        (("milestone", "Summit", "--on", "2019-12-12", *given), ""),
    )
    for command, rows in recordings:
        done = desk(*command, stdin=rows)
        assert done.code == 0, done.err
        entry = json.loads(desk("show", "@last", "--format", "json").out)["data"]
        assert (entry.get("attribution"), entry.get("ascribed_by")) == (
            attribution,
            "USA" if "ascribed_by" in options else None,
        )
        assert ("is named as ascribing the stance" in done.err) == (attribution == "inferred" and "stance" in entry)
        assert ("but not by whom" in done.err) == (options == {"attribution": "ascribed"} and "stance" in entry)


@pytest.mark.parametrize(
    ("before", "options", "after"),
    [
        ((), ("--ascribed-by", "USA"), "ascribed"),
        (("--attribution", "direct"), ("--ascribed-by", "United States"), "ascribed"),
        ((), ("--ascribed-by", "USA", "--attribution", "inferred"), "inferred"),
        (("--attribution", "direct"), ("--ascribed-by", "USA", "--unset", "attribution"), None),
    ],
)
def test_a_correction_that_names_the_party_that_says_it_means_ascribed_too(
    desk: Run, before: tuple[str, ...], options: tuple[str, ...], after: str | None
) -> None:
    assert desk(*said(*before)).code == 0
    assert desk("correct", "@last", *options, "--reason", "x").code == 0
    replacement = json.loads(desk("show", "@last", "--format", "json").out)["data"]["replacement"]
    assert (replacement.get("attribution"), replacement["ascribed_by"]) == (after, "USA")


def test_an_entry_that_takes_no_ascription_is_refused_for_that_alone(desk: Run) -> None:
    refused = desk("correct", "@1", "--ascribed-by", "USA", "--reason", "x")
    assert (refused.code, "ascribed_by" in refused.err, "attribution:" in refused.err) == (1, True, False)

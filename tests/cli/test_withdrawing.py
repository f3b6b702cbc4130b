"""`withdraw`, alone and in files: what it records, and where what it does not take belongs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]
SAID = ("--on", "2024-11-23", "--summary", "x")
ENDS = "a withdrawal only ends a position"


@pytest.fixture
def coal(desk_after: Callable[..., Run]) -> Run:
    """A desk with a choice (@5), its options, and the stances of USA and RUS on both (@8 to @11)."""
    return desk_after(
        ("issue", "add", "coal", "--title", "Coal", "--question", "Which wording?", "--form", "choice"),
        ("issue", "option", "coal", "phase-down", "a phase-down"),
        ("issue", "option", "coal", "phase-out", "a phase-out"),
        ("record", "USA,RUS", "coal", "--option", "phase-down=supports", "--option", "phase-out=opposes", *SAID),
    )


@pytest.mark.on_both_backends
def test_a_party_withdraws_from_options_and_several_parties_do_together(coal: Run) -> None:
    ran = coal("withdraw", "USA,Moscow", "coal", "--option", "phase-down", "--option", "phase-out", *SAID)
    assert (ran.code, ran.err) == (0, "")
    assert "USA coal/phase-down: supports -> withdrawn (withdrawn, 23 Nov 2024)\n" in ran.out
    assert "RUS coal/phase-out: opposes -> withdrawn (withdrawn, 23 Nov 2024)\n" in ran.out
    assert ran.out.endswith("Recorded 4 entries, @12 to @15.\n")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("withdraw", "--amount", "300"), f"{ENDS}. What the party states instead ends it too, by itself:"),
        (("withdraw", "--amount", "300"), "tracker record PARTY ISSUE --amount 300."),
        (("withdraw", "--stance", "supports"), "tracker record PARTY ISSUE supports."),
        (("withdraw", "--condition", "a b", "--condition", "c"), "ISSUE --condition 'a b' --condition c."),
        (("withdraw", "--no-red-line"), "tracker record PARTY ISSUE --no-red-line."),
        (("withdraw", "--act", "leaves"), "tracker record PARTY ISSUE --act leaves."),
        (("withdraw", "--note", "Why."), f"'--note': {ENDS}: say it in --summary."),
        (("withdraw", "--reason", "Why."), f"{ENDS}: say it in --summary."),
        (("withdraw", "--from-file", "a.yaml"), "withdrawals in files stand under `withdrawals:`, for tracker record"),
        (("record", "--leaves-position-of", "EUN"), "tracker withdraw PARTY ISSUE --leaves-position-of EUN"),
        (("record", "--stance", "supports"), "the stance is a word by itself: tracker record PARTY ISSUE supports."),
        (("record", "withdrawn"), "'withdrawn' is not a stance. A withdrawal is an entry of its own: tracker withdraw"),
        (("record", "--option", "a=withdraws"), "'withdraws' is not a stance. A withdrawal is an entry of its own"),
    ],
)
def test_what_the_other_command_takes_is_named_with_it(coal: Run, command: tuple[str, ...], says: str) -> None:
    verb, *given = command
    refused = coal(verb, "USA", "start", *given, *SAID)
    assert (refused.code, refused.out) == (2, "")
    assert says in refused.err


def test_a_stance_behind_the_issue_is_no_riddle(coal: Run) -> None:
    refused = coal("withdraw", "USA", "start", "supports")
    assert refused.code == 2
    assert f"Invalid value for the last word: {ENDS}" in refused.err
    assert "Missing option '--on'" in refused.err


@pytest.mark.parametrize("given", [("--amount", "300"), ("--stance", "opposes"), ("--no-red-line",), ("--on", "2024")])
def test_a_corroboration_changes_nothing(coal: Run, given: tuple[str, ...]) -> None:
    refused = coal("corroborate", "@8", "--source", "dw", *given)
    assert refused.code == 2
    assert f"tracker correct EVENT {' '.join(given)} --reason TEXT." in refused.err


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            ("coal",),
            "positions are stated on, and withdrawn from, its options: phase-down, phase-out.",
        ),
        (("coal", "--option", "phase-down=supports"), "states none: write phase-down without a stance."),
        (("coal", "--option", "phase-dwn"), "Did you mean phase-down?"),
        (("start", "--option", "phase-down"), "arms/start is of the form question and has no options. Leave them out"),
    ],
)
def test_options_that_are_none_are_refused(coal: Run, given: tuple[str, ...], says: str) -> None:
    refused = coal("withdraw", "USA", *given, *SAID)
    assert (refused.code, refused.out) == (1, "")
    assert says in refused.err


def test_help_shows_only_what_a_withdrawal_takes(coal: Run) -> None:
    shown = coal("withdraw", "--help").out
    assert shown.startswith("Usage: tracker withdraw [OPTIONS] PARTY[,PARTY...] ISSUE\n")
    assert "--option" in shown
    assert not any(option in shown for option in ("--amount", "--red-line", "--note", "--stance"))


@pytest.mark.on_both_backends
def test_a_file_with_withdrawals_that_is_run_again_is_passed_over_and_what_changed_is_named(
    coal: Run, tmp_path: Path
) -> None:
    file = tmp_path / "night.yaml"
    rows = """\
defaults: {on: 2024-11-23}
statements:
  - {party: USA, issue: start, stance: supports, summary: Yes.}
withdrawals:
  - {party: "USA, RUS", issue: coal, options: [phase-out], summary: Dropped., source: dw}
  - {party: RUS, issue: start, summary: Gone.}
"""
    file.write_text(rows)
    first = coal("record", "--from-file", str(file))
    assert first.out.endswith("Recorded 4 entries, @12 to @15.\n")
    again = coal("record", "--from-file", str(file), "--skip-recorded")
    assert (again.code, again.out, again.err) == (0, "4 of 4 were recorded before and skipped.\n", "")
    file.write_text(rows.replace("summary: Gone.", "summary: Gone., speaker: Lavrov, on: 2024-11-22"))
    changed = coal("record", "--from-file", str(file), "--skip-recorded")
    assert changed.code == 1
    assert (
        "night.yaml:6: RUS arms/start withdrawn on 2024-11-22 differs from @15 on record in speaker, on." in changed.err
    )
    assert "tracker correct @15 --speaker Lavrov --on 2024-11-22 --reason TEXT" in changed.err
    coal("source", "add", "tass", "--title", "Wire", "--publisher", "TASS")
    file.write_text(rows.replace("dw}", "tass}"))
    other = coal("record", "--from-file", str(file), "--skip-recorded")
    assert "If this is another source for it: tracker corroborate @13 --source tass." in other.err

"""Recording amounts, choices and what else a statement may say, from the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import OPENED
from tests.conftest import Ran

Run = Callable[..., Ran]
AT_BAKU = ("--on", "2024-11-23", "--summary", "x")


@pytest.fixture
def baku(desk_after: Callable[..., Run]) -> Run:
    """A desk with a quantity (@5), a choice (@6) and its two options."""
    return desk_after(
        *OPENED,
    )


def data(run: Run, *command: str) -> Any:
    return json.loads(run(*command, "--format", "json").out)


def length(run: Run) -> int:
    return len(run("export").out.splitlines())


def stored(run: Run, entry: str) -> Any:
    return data(run, "show", entry)["data"]


def test_the_echo_tells_an_amount_with_its_unit_once_and_how_it_moved(baku: Run) -> None:
    first = baku("record", "USA", "goal", "--amount", "100", "--on", "2024-01-05", "--summary", "x")
    assert first.out.startswith("USA finance/goal: no position -> 100 USD bn a year (new, 5 Jan 2024)\n")
    assert "How much a year?" in first.out
    second = baku("record", "USA", "goal", "--amount", "200..300", *AT_BAKU)
    assert second.out.startswith("USA finance/goal: 100 -> 200 to 300 USD bn a year (raised, 23 Nov 2024)\n")
    late = baku("record", "USA", "goal", "--amount", "<=90.50", "--on", "2024-03", "--summary", "x")
    assert "100 -> at most 90.5 USD bn a year (lowered, March 2024)" in late.out
    assert "in effect today is 200 to 300 USD bn a year, of 23 Nov 2024" in late.out
    words = baku("record", "RUS", "goal", "--amount", "55", "--stated-as", "50 billion euros", *AT_BAKU)
    assert "no position -> ≈55 USD bn a year (new" in words.out
    assert (
        "≈55 -> no figure"
        in baku("record", "RUS", "goal", "--act", "declines", "--on", "2024-11-24", "--summary", "x").out
    )


@pytest.mark.on_both_backends
def test_an_option_each_is_recorded_in_one_transaction_and_parties_together(baku: Run) -> None:
    options = ("--option", "phase-down=supports", "--option", "phase-out=opposes")
    ran = baku("record", "USA,RUS", "coal", *options, *AT_BAKU, "--source", "dw", "--quote", "Words.")
    assert ran.code == 0, ran
    assert ran.out.endswith("Recorded 4 entries, @9 to @12.\n")
    said = [stored(baku, f"@{position}") for position in range(9, 13)]
    assert [(one["party"], one["issue"], one["stance"]) for one in said] == [
        ("USA", "coal/phase-down", "supports"),
        ("RUS", "coal/phase-down", "supports"),
        ("USA", "coal/phase-out", "opposes"),
        ("RUS", "coal/phase-out", "opposes"),
    ]
    assert all((one["joint_with"], one["quote"]) == (["RUS", "USA"], "Words.") for one in said)
    wrong = baku("record", "USA", "coal", "--option", "phase-down=neutral", "--option", "phase-dwn=supports", *AT_BAKU)
    assert (wrong.code, length(baku)) == (1, 12)


def test_everything_that_a_statement_may_say_has_an_option_and_can_be_corrected(baku: Run) -> None:
    more = ("--could-accept", "<=400", "--priority", "high", "--red-line", "--reason", "Debt.", "--reason", "Trust.")
    ours = ("--provision", "Article 9", "--note", "Checked.", "--tag", "baku", "--language", "fr")
    words = ("--quote", "Mots.", "--translation", "Words.")
    assert baku("record", "USA", "goal", "--amount", "200..300", *AT_BAKU, *more, *ours, *words).code == 0
    said = stored(baku, "@9")
    assert said["could_accept"] == {"at_most": "400"}
    assert (said["priority"], said["red_line"], said["reasons"]) == ("high", True, ["Debt.", "Trust."])
    assert (said["provision"], said["note"], said["tags"]) == ("Article 9", "Checked.", ["baku"])
    assert (said["language"], said["translation"]) == ("fr", "Words.")

    changes = ("--amount", ">=250", "--could-accept", ">=200", "--no-red-line", "--reasons", "Debt.", "--tag", "a")
    ran = baku("correct", "@9", *changes, "--unset", "priority", "--unset", "provision", "--reason", "Misheard.")
    assert ran.code == 0, ran
    assert "at least 250" in ran.out
    says = data(baku, "show", "@10")["says"]
    assert (says["amount"], says["could_accept"]) == ({"at_least": "250"}, {"at_least": "200"})
    assert (says["red_line"], says["reasons"], says["tags"]) == (False, ["Debt."], ["a"])
    assert says.keys().isdisjoint({"priority", "provision"})


def test_an_answer_names_its_ask_however_it_is_named(baku: Run) -> None:
    assert baku("record", "RUS", "goal", "--amount", ">=1300", "--act", "demands", "--to", "USA", *AT_BAKU).code == 0
    ran = baku("record", "USA", "goal", "--act", "rejects", "--answers", "@9", *AT_BAKU)
    assert ran.code == 0, ran
    assert "no position -> no figure (new, 23 Nov 2024)" in ran.out
    ask = data(baku, "show", "@9")["id"]
    assert stored(baku, "@10")["answers"] == ask
    asks = data(baku, "asks", "--all")
    assert [row["answered_by"] for row in asks] == [data(baku, "show", "@10")["id"]]
    again = baku("record", "USA", "goal", "--act", "rejects", "--answers", "@9", *AT_BAKU)
    assert (again.code, "looks like one on record" in again.err) == (1, True)
    assert "is not an ask on record" in baku("record", "USA", "goal", "--amount", "3", "--answers", "@10", *AT_BAKU).err


@pytest.mark.parametrize(("act", "bound"), [("demands", ">=300"), ("offers", "<=300")])
def test_an_exact_demand_or_offer_hints_at_a_bound(baku: Run, act: str, bound: str) -> None:
    assert f"the amount is '{bound}'." in baku("record", "USA", "goal", "--amount", "300", "--act", act, *AT_BAKU).err
    assert "the amount is" not in baku("record", "RUS", "goal", "--amount", bound, "--act", act, *AT_BAKU).err


def test_a_provision_hints_at_an_issue_of_its_own_once(baku: Run) -> None:
    ran = baku("record", "USA,RUS", "start", "opposes", "--provision", "Article 3", *AT_BAKU)
    assert ran.err.count("belongs to an issue of its own below arms/start") == 1


def test_days_of_a_span_are_recorded_as_an_interval(baku: Run) -> None:
    days = ("--on", "5 Dec 2015/11 Dec 2015", "--summary", "x")
    assert "5-11 Dec 2015" in baku("record", "USA", "start", "supports", *days).out
    assert stored(baku, "@9")["stated_on"] == "2015-12-05/2015-12-11"
    refused = baku("withdraw", "USA", "start", *days)
    assert (refused.code, "is an interval; only a statement may be dated by one" in refused.err) == (1, True)


def test_a_member_leaves_its_blocs_position(baku: Run) -> None:
    assert baku("party", "add", "EUN", "European Union", "--kind", "bloc").code == 0
    assert baku("party", "join", "USA", "EUN", "--on", "1993").code == 0
    ran = baku("withdraw", "USA", "goal", *AT_BAKU, "--leaves-position-of", "European Union")
    assert "withdrawn (withdrawn, 23 Nov 2024); leaves the position of EUN\n" in ran.out
    assert stored(baku, "@11")["leaves_position_of"] == "EUN"


def test_an_outcome_names_its_amount_or_its_option_and_an_issue_is_reopened(baku: Run) -> None:
    outcome = ("--on", "2024-11-24", "--outcome", "agreed")
    assert "finance/goal, agreed at 300" in baku("issue", "close", "goal", *outcome, "--amount", "300").out
    assert "coal, agreed: phase-down" in baku("issue", "close", "coal", *outcome, "--option", "Phase-down").out
    assert (stored(baku, "@9")["amount"], stored(baku, "@10")["option"]) == (
        {"at_least": "300", "at_most": "300"},
        "coal/phase-down",
    )
    assert "coal is open again from 25 Nov 2024" in baku("issue", "reopen", "coal", "--on", "2024-11-25").out
    assert data(baku, "issue", "show", "coal")["closed"] is None
    assert (
        "agreed: phase-down 24 Nov 2024; reopened 25 Nov 2024"
        in baku("issue", "show", "coal", "--on", "2024-11-26").out
    )


def test_registers_tell_form_unit_and_options(baku: Run) -> None:
    goal, coal = (data(baku, "issue", "show", issue) for issue in ("goal", "coal"))
    assert (goal["form"], goal["unit"], goal["own"]) == ("quantity", "USD bn a year", False)
    assert (coal["form"], coal["options"]) == ("choice", ["coal/phase-down", "coal/phase-out"])
    listed = baku("issue", "list").out
    assert "USD bn a year" in listed
    assert "choice of 2" in listed
    assert data(baku, "issue", "show", "phase-down")["question"] == "Should it be a phase-down?"


def test_parties_may_be_forums_succeed_each_other_and_join_in_a_year(baku: Run) -> None:
    assert baku("party", "add", "G20", "Group of 20", "--kind", "forum").code == 0
    assert "USA joined G20 in 1999" in baku("party", "join", "USA", "G20", "--on", "1999").out
    assert "USA left G20 in May 2001" in baku("party", "leave", "USA", "G20", "--on", "May 2001").out
    ran = baku("party", "succeed", "Russia", "USA", "G20", "--on", "2030-01-01")
    assert "RUS was succeeded by USA, G20" in ran.out
    assert (stored(baku, "@12")["party"], stored(baku, "@12")["by"]) == ("RUS", ["USA", "G20"])
    source = ("source", "add", "memo", "--title", "Memo", "--publisher", "Ministry", "--dated-on", "2020-01-01")
    assert baku(*source).code == 0
    assert data(baku, "source", "show", "memo")["dated_on"] == "2020-01-01"


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (("record", "USA", "goal", "supports", *AT_BAKU), 1, "asks for an amount, in USD bn a year, not for a stance"),
        (("record", "USA", "goal", "supports", *AT_BAKU), 1, "--amount 300"),
        (("record", "USA", "goal", "300", *AT_BAKU), 2, "'300' is not a stance. An amount is given by --amount 300."),
        (("record", "USA", "goal", "≥1,300", *AT_BAKU), 2, 'An amount is given by --amount: write ">=1300".'),
        (("record", "USA", "goal", "at least 5 bn", *AT_BAKU), 2, "is given by --amount: write it in the unit"),
        (("record", "USA", "goal", "support5", *AT_BAKU), 2, "'support5' is not one of opposes"),
        (("record", "USA", "goal", ">=1300", *AT_BAKU), 2, "An amount is given by --amount '>=1300'."),
        (("record", "USA", "goal", *AT_BAKU), 2, "amount: is missing: finance/goal asks for an amount"),
        (("record", "USA", "start", "--amount", "3", *AT_BAKU), 1, "asks a question, not for an amount"),
        (("record", "USA", "coal", "supports", *AT_BAKU), 1, "coal is a choice: positions are stated on its options"),
        (("record", "USA", "coal", "--option", "phase-dwn=supports", *AT_BAKU), 1, "Did you mean phase-down?"),
        (("record", "USA", "coal", "--option", "phase-down", *AT_BAKU), 2, "is not an option with a stance"),
        (("record", "USA", "coal", "--option", "phase-down=pro", *AT_BAKU), 2, "'pro' is not one of opposes"),
        (("record", "USA", "goal", "--amount", ">=abc", *AT_BAKU), 2, "'>=abc' is not an amount: write 300"),
        (("record", "USA", "goal", "--amount", "5..1", *AT_BAKU), 2, "ends below its beginning: 5..1"),
        (
            ("record", "USA", "goal", "--amount", "1,300", *AT_BAKU),
            2,
            "'1,300' is not an amount: write 1300.",
        ),
        (("withdraw", "USA", "coal", *AT_BAKU), 1, "coal is a choice"),
        (("issue", "add", "x", "--title", "x", "--question", "x?", "--unit", "t"), 1, "form question has no unit"),
        (("issue", "add", "x", "--title", "x", "--question", "x?", "--form", "quantity"), 1, "A quantity needs a unit"),
        (
            ("issue", "add", "finance/goal", "--title", "Goal", "--question", "How much a year?"),
            1,
            "form (none here), unit (none here). The form of an issue never changes: open another issue",
        ),
        (("issue", "option", "phase-out", "late", "Late"), 1, "of the form question; only a choice has options"),
        (("issue", "option", "coal", "a/b", "x"), 2, "is one part of a path"),
        (
            ("issue", "add", "coal/x", "--title", "x", "--question", "x?", "--form", "choice"),
            1,
            "would be an option of the choice coal, and options are questions",
        ),
        (("correct", "@5", "--form", "choice", "--unset", "unit", "--reason", "x"), 1, "The form of finance/goal is"),
        (("correct", "@5", "--unit", "EUR", "--reason", "x"), 1, "Amounts on finance/goal are on record in this unit"),
        (("correct", "@9", "--stance", "supports", "--reason", "x"), 1, "cannot turn a stance into an amount"),
        (("correct", "@9", "--issue", "start", "--reason", "x"), 1, "asks a question, not for an amount"),
        (("correct", "@10", "--amount", "3", "--reason", "x"), 1, "cannot turn a stance into an amount"),
        (("correct", "@10", "--issue", "goal", "--reason", "x"), 1, "asks for an amount, in USD bn a year"),
        (
            ("issue", "close", "start", "--on", "2024-11-24", "--outcome", "agreed", "--amount", "3"),
            1,
            "Only a quantity",
        ),
        (("issue", "close", "start", "--on", "2024-11-24", "--outcome", "agreed", "--option", "x"), 1, "Only a choice"),
        (("retract", "@6", "--reason", "x"), 1, "coal"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(baku: Run, command: tuple[str, ...], code: int, says: str) -> None:
    assert baku("record", "USA", "goal", "--amount", "100", *AT_BAKU).code == 0
    assert baku("record", "USA", "start", "supports", *AT_BAKU).code == 0
    refused = baku(*command)
    assert (refused.code, refused.out) == (code, "")
    assert says in refused.err
    assert length(baku) == 10


@pytest.mark.on_both_backends
def test_a_file_that_is_run_again_is_passed_over_and_a_changed_amount_is_corrected(baku: Run, tmp_path: Path) -> None:
    batch = tmp_path / "night.yaml"
    rows = """\
defaults: {on: 2024-11-23, source: dw}
statements:
  - {party: "USA, RUS", issue: coal, summary: Down., options: {phase-down: supports}}
  - {party: USA, issue: finance/goal, summary: Low., amount: "<=100", red_line: yes}
"""
    batch.write_text(rows)
    assert baku("record", "--from-file", str(batch), "--check").code == 0
    assert baku("record", "--from-file", str(batch)).code == 0
    again = baku("record", "--from-file", str(batch), "--skip-recorded")
    assert (again.code, again.out) == (0, "3 of 3 were recorded before and skipped.\n")
    batch.write_text(rows.replace("<=100", "<=250").replace("yes", "no").replace('"USA, RUS"', "USA"))
    changed = baku("record", "--from-file", str(batch), "--skip-recorded")
    assert changed.code == 1
    assert "night.yaml:4: USA finance/goal <=250 on 2024-11-23 differs from @11 on record" in changed.err
    assert "tracker correct @11 --amount '<=250' --no-red-line --reason TEXT" in changed.err


def test_a_load_names_the_line_of_what_does_not_fit(baku: Run, tmp_path: Path) -> None:
    assert baku("record", "USA", "goal", "--amount", "100", *AT_BAKU).code == 0
    line = json.loads(baku("export").out.splitlines()[-1])
    wrong: list[dict[str, Any]] = [
        {"amount": {"at_least": "1e9"}},
        {"amount": {"at_least": "5", "at_most": "1"}},
        {"amount": {"at_least": 300}},
        {"issue": "arms/start"},
        {"issue": "coal"},
    ]
    lines = []
    for number, change in enumerate(wrong):
        event = {**line, "id": f"018f4b6e-0000-7000-8000-00000000000{number}", "data": {**line["data"], **change}}
        lines.append(json.dumps(event))
    file = tmp_path / "wrong.jsonl"
    file.write_text("\n".join(lines) + "\n")
    ran = baku("load", str(file))
    assert ran.code == 1
    for number, says in enumerate(
        (
            "amount.at_least: '1e9' is not a number",
            "amount: ends below",
            "300 is not a decimal in text",
            "asks a",
            "is a choice",
        ),
        1,
    ):
        assert f"wrong.jsonl:{number}: " in ran.err
        assert says in ran.err
    assert length(baku) == 9

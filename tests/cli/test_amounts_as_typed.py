"""Amounts as people type them, wherever a command takes one: what is refused, and what is noted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]
SAID = ("--on", "2024-11-23", "--summary", "x")
READ = "Note: 1.300 is read with a decimal point, as 1.3. If thousands are meant, write 1300.\n"


@pytest.fixture
def baku(desk_after: Callable[..., Run]) -> Run:
    """A desk with a quantity (@5) and a statement on it (@6)."""
    quantity = ("--title", "Goal", "--question", "How much a year?", "--form", "quantity", "--unit", "USD bn a year")
    return desk_after(
        ("issue", "add", "finance/goal", *quantity),
        ("record", "USA", "goal", "--amount", "1.5", *SAID),
    )


@pytest.mark.parametrize(
    "command",
    [
        ("record", "RUS", "goal", "--amount", *SAID),
        ("record", "RUS", "goal", "--amount", "1.3", "--could-accept", *SAID),
        ("correct", "@6", "--reason", "x", "--amount"),
        ("correct", "@6", "--reason", "x", "--amount", "1.3", "--could-accept"),
        ("issue", "close", "goal", "--on", "2024-11-24", "--outcome", "agreed", "--amount"),
        ("consensus", "goal", "--at"),
    ],
)
def test_every_command_says_what_is_read_and_what_is_to_be_written(baku: Run, command: tuple[str, ...]) -> None:
    at = command.index(next(option for option in ("--could-accept", "--amount", "--at") if option in command)) + 1
    refused = baku(*command[:at], "1,300", *command[at:])
    assert refused.code == 2
    assert f"Invalid value for '{command[at - 1]}': '1,300' is not a" in refused.err
    assert ": write 1300." in refused.err
    assert refused.out == ""
    noted = baku(*command[:at], "1.300", *command[at:])
    assert noted.code == 0
    assert noted.err.endswith(READ)
    assert (
        READ
        not in baku(*command[:at], "1.31", *command[at:], "--check" if "--at" not in command else "--on=2024-11-23").err
    )


@pytest.mark.parametrize("name", ["night.yaml", "night.jsonl"])
def test_files_say_it_once_for_each_row(baku: Run, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    row = {"party": "USA, RUS", "issue": "finance/goal", "on": "2024-11-24", "summary": "y", "amount": "1.300"}
    exact = json.dumps(row).replace('"1.300"', "1.300")
    file.write_text(f"{exact}\n" if name.endswith("l") and "json" in name else f"statements: [{exact}]\n")
    first = baku("record", "--from-file", str(file))
    assert (first.code, first.err) == (0, READ)
    again = baku("record", "--from-file", str(file), "--skip-recorded")
    assert (again.code, again.err) == (0, "")
    file.write_text(file.read_text().replace("1.300", '"1,300"'))
    refused = baku("record", "--from-file", str(file))
    assert f"{name}:1: amount: '1,300' is not an amount: write 1300.\n" in refused.err


def test_a_load_is_refused_with_the_spelling_that_is_stored(baku: Run, tmp_path: Path) -> None:
    line = json.loads(baku("export").out.splitlines()[-1])
    line |= {"id": "018f4b6e-0000-7000-8000-000000000001", "data": {**line["data"], "amount": {"at_least": "1,300"}}}
    (tmp_path / "wrong.jsonl").write_text(f"{json.dumps(line)}\n")
    ran = baku("load", str(tmp_path / "wrong.jsonl"))
    assert "wrong.jsonl:1: amount.at_least: '1,300' is not a number: write 1300." in ran.err

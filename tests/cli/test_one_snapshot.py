"""Every command opens the database once, and reads it in one snapshot beside the check of its schema."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from tests.cli.every_command import ASKING, BATCH, FIRST, WRITING, formats
from tests.command_tree import command_tree
from tests.conftest import Ran
from tracker.storage.backends.sqlite import SQLite

Run = Callable[..., Ran]

OF_A_DATABASE_ITSELF = {"demo", "init", "upgrade", "restore"}
"""Commands that make a database or change it as a whole."""
OF_NO_DATABASE = {"completion show", "completion install"}
WITHOUT_END = {"serve"}
OF_A_SNAPSHOT_FOR_EACH_PAGE = {"site"}
"""All of them at one log position."""


@pytest.fixture
def counted(desk_after: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Counter[str]]:
    """Runs a command on two blocs and parties with a statement, and counts what it does to the database."""
    desk = desk_after(*FIRST)
    Path("more.jsonl").write_text(desk("export").out, encoding="utf-8")
    counts: Counter[str] = Counter()

    def count(name: str) -> None:
        called = getattr(SQLite, name)

        def counting(*arguments: Any, **options: Any) -> Any:
            counts[name] += 1
            return called(*arguments, **options)

        monkeypatch.setattr(SQLite, name, counting)

    for name in ("connect", "begin_snapshot", "lock_for_writing"):
        count(name)

    def run(*command: str) -> Counter[str]:
        counts.clear()
        ran = desk(*command, stdin=BATCH)
        assert ran.code == 0, ran
        return counts

    return run


@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_a_question_is_answered_from_one_snapshot_in_every_format(
    counted: Callable[..., Counter[str]], command: tuple[str, ...]
) -> None:
    for form in formats(command):
        found = counted(*command, *(("--format", form) if form else ()))
        check = 0 if command[0] == "doctor" else 1
        as_it_is = command[0] == "verify"
        assert found == {"connect": 1, "begin_snapshot": 1 + check - as_it_is}, form


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_what_is_recorded_takes_one_transaction_after_one_snapshot_at_most(
    counted: Callable[..., Counter[str]], command: tuple[str, ...]
) -> None:
    found = counted(*command)
    assert (found["connect"], found["lock_for_writing"]) == (1, 1)
    assert found["begin_snapshot"] <= 2


def test_every_command_that_records_can_check_only() -> None:
    """Those that load whole logs, or derive what is derived, record nothing of their own; a token is no entry."""
    tree = {path.removeprefix("tracker "): command for path, command, _ in command_tree()}
    recording = {" ".join(command[:2]) if " ".join(command[:2]) in tree else command[0] for command in WRITING}
    without = {name for name in recording if "check" not in {option.name for option in tree[name].params}}
    assert without == {"load", "rebuild", "token add", "token revoke"}


def test_every_command_is_counted() -> None:
    listed = {
        path.removeprefix("tracker ") for path, command, _ in command_tree() if not isinstance(command, click.Group)
    }
    counted = {
        name for name in listed for command in (*ASKING, *WRITING) if name == " ".join(command[: name.count(" ") + 1])
    }
    assert listed - counted == OF_A_DATABASE_ITSELF | OF_NO_DATABASE | WITHOUT_END | OF_A_SNAPSHOT_FOR_EACH_PAGE

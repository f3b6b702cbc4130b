"""Every command opens the database once, and reads it in one snapshot beside the check of its schema."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from tests.command_tree import command_tree
from tests.conftest import Ran
from tracker.cli import cli
from tracker.storage.backends.sqlite import SQLite

Run = Callable[..., Ran]

NAMED = ("--party", "Moscow", "--issue", "start", "--known-at", "@6")
EVIDENCE = ("--source", "dw", "--speaker", "Lavrov", "--ascribed-by", "USA", "--attribution", "ascribed")
ASKING = (
    ("state", "--inherit", "--questions", "--wide", *NAMED),
    ("history", "Moscow", "start", "--known-at", "@6"),
    ("history", "--inherit", *NAMED),
    ("report", "--from", "2019-01-01", *NAMED),
    ("report", "--from", "2019-01-01", "--inherit", *NAMED),
    ("report", "--since", "@6", *NAMED[:4]),
    ("report", "--from", "2019-01-01", "--known-from", "@2"),
    ("explain", "Moscow", "start", "--known-at", "@6"),
    ("asks", "--all", *NAMED),
    ("conditions", *NAMED),
    ("consensus", "start", "--of", "Moscow", "--inherit", "--known-at", "@6"),
    ("consensus", "--from", "2019-01-01", "--of", "NATO", "--inherit"),
    ("agreement", "--format", "graphml", *NAMED),
    ("agreement", "--from", "2019-01-01", "--rows", *NAMED[:4]),
    ("find", "words", *NAMED),
    ("show", "@6"),
    *((register, "list") for register in ("party", "issue", "source")),
    ("party", "show", "Moscow"),
    ("issue", "show", "start"),
    ("source", "show", "dw"),
    ("log",),
    ("log", "--tail", "2", "--by", "analyst"),
    ("export",),
    ("checkpoint",),
    ("backup", "copy.db"),
    ("verify",),
    ("token", "list"),
    ("doctor",),
)
SAID = ("--on", "2019-12-12", "--summary", "Said so.")
WRITING = (
    ("record", "Moscow,USA", "start", "opposes", *SAID, "--to", "USA", *EVIDENCE),
    ("record", "--from-file", "-"),
    ("withdraw", "Moscow", "start", *SAID, *EVIDENCE),
    ("corroborate", "@6", "--source", "dw"),
    ("milestone", "Summit", "--on", "2019-12-12", "--party", "Moscow", "--issue", "start", *EVIDENCE),
    ("correct", "@6", "--party", "United States", "--to", "Moscow", "--reason", "Misread."),
    ("retract", "@6", "--reason", "Misread."),
    ("undo",),
    ("party", "add", "CHN", "China"),
    ("party", "alias", "Moscow", "Kremlin"),
    ("party", "rename", "Moscow", "Russian Federation"),
    ("party", "join", "Moscow", "NATO", "--on", "2019-12-12", *EVIDENCE),
    ("party", "leave", "USA", "NATO", "--on", "2019-12-12", *EVIDENCE),
    ("issue", "add", "arms/inf", "--title", "INF", "--question", "Should it be kept?"),
    ("issue", "reword", "start", "--on", "2019-12-12", "--title", "START"),
    ("issue", "close", "start", "--on", "2019-12-12", "--outcome", "agreed", "--party", "Moscow", *EVIDENCE),
    ("issue", "option", "coal", "phase-out", "phase-out"),
    ("issue", "reopen", "start", "--on", "2019-12-13", *EVIDENCE),
    ("party", "succeed", "USA", "Moscow", "--on", "2019-12-12", *EVIDENCE),
    ("source", "add", "tass", "--title", "News", "--publisher", "TASS"),
    ("load", "more.jsonl"),
    ("rebuild",),
    ("token", "add", "Bob"),
    ("token", "revoke", "Ann"),
)
BATCH = "statements:\n  - {party: Moscow, issue: start, stance: opposes, on: 2019-12-13, summary: Said so.}\n"
OF_A_DATABASE_ITSELF = {"demo", "init", "upgrade", "restore"}
"""Commands that make a database or change it as a whole."""
OF_NO_DATABASE = {"completion show", "completion install"}


@pytest.fixture
def counted(desk: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Counter[str]]:
    """Runs a command on two blocs and parties with a statement, and counts what it does to the database."""
    desk("party", "add", "NATO", "NATO", "--kind", "bloc")
    assert desk("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", "Words.").code == 0
    assert desk("party", "join", "USA", "NATO", "--on", "2019-01-01").code == 0
    choice = ("--title", "Coal", "--question", "Which wording?", "--form", "choice")
    assert desk("issue", "add", "coal", *choice).code == 0
    assert desk("token", "add", "Ann").code == 0
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


def formats(command: tuple[str, ...]) -> list[str | None]:
    """The formats that a command offers; the one that it has no option for, if it has none."""
    with click.Context(cli) as context:
        _, found, rest = cli.resolve_command(context, list(command))
        if isinstance(found, click.Group):
            _, found, _ = found.resolve_command(context, rest)
    offered = [option.type.choices for option in found.params if option.name == "form"]
    return [str(form) for form in offered[0]] if offered else [None]


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
    assert listed - counted == OF_A_DATABASE_ITSELF | OF_NO_DATABASE

"""Every command says the same on SQLite and on PostgreSQL, so that a test of its words may run on SQLite alone."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run, copy_entries, within_this_process
from tests.cli.every_command import ASKING, BATCH, FIRST, WRITING, formats
from tests.conftest import Ran
from tests.databases import Databases

SAID = ("--on", "2019-12-12", "--summary", "Said so.")
REFUSED: tuple[tuple[str, ...], ...] = (
    ("record", "RUZ", "starts", "supports", *SAID, "--source", "bbc", "--to", "UKR"),
    ("record", "RUS", "start", "supports", "--on", "2999", "--summary", "x"),
    ("record", "RUS", "arms", "supports", *SAID),
    ("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", "Words."),
    ("record", "RUS", "coal", "--option", "phase-down=supports", *SAID),
    ("withdraw", "China", "start", *SAID),
    ("corroborate", "@1", "--source", "dw"),
    ("corroborate", "@5000000000", "--source", "dw"),
    ("correct", "@6", "--stance", "supports", "--reason", "x"),
    ("correct", "@6", "--party", "NATO", "--unset", "summary", "--reason", "x"),
    ("retract", "@1", "--reason", "x"),
    ("undo", "0"),
    ("party", "add", "RUS", "Russian Federation"),
    ("party", "add", "XXX", "moscow"),
    ("party", "join", "RUS", "USA", "--on", "2019-01-01"),
    ("party", "leave", "RUS", "NATO", "--on", "2019-01-01"),
    ("issue", "add", "arms/START", "--title", "x", "--question", "x?"),
    ("issue", "close", "starts", "--on", "2019-12-12", "--outcome", "agreed"),
    ("issue", "option", "start", "x", "X"),
    ("source", "add", "DW", "--title", "x", "--publisher", "x"),
    ("show", "@0"),
    ("state", "--known-at", "@99"),
    ("load", "nothing.jsonl"),
)


OF_THE_DATABASE_ITSELF = {"backup", "doctor", "token"}
OF_ONE_RUN = {
    "ID": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "HASH": re.compile(r"[0-9a-f]{64}"),
    "TOKEN": re.compile(r"tracker_[\w-]{43}"),
    "TIME": re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?"),
}
"""What differs from run to run."""


@pytest.fixture
def empty(here: Run, sqlite_databases: Databases, postgresql_databases: Databases) -> Iterator[tuple[str, str]]:
    """The URLs of an empty database on each back end, for commands that run in an empty folder."""
    with sqlite_databases.empty() as on_sqlite, postgresql_databases.empty() as on_postgresql:
        yield on_sqlite, on_postgresql


def test_what_is_recorded_and_what_is_refused_reads_alike(empty: tuple[str, str], prepared: Path) -> None:
    more = Path("more.jsonl")
    for url in empty:
        copy_entries(prepared, url, more)
    on_sqlite, on_postgresql = map(within_this_process, empty)
    more.write_text(on_sqlite("export").out, encoding="utf-8")
    for command in (*FIRST, *REFUSED, *WRITING, ("export",)):
        expected = anonymous(on_sqlite(*command, stdin=BATCH))
        assert anonymous(on_postgresql(*command, stdin=BATCH)) == expected, command
    assert len(on_sqlite("export").out.splitlines()) > 20


def test_every_question_is_answered_alike_for_people_and_for_programs(empty: tuple[str, str], prepared: Path) -> None:
    first, second = empty
    shutil.copy(prepared, first)
    on_sqlite, on_postgresql = map(within_this_process, empty)
    for command in (*FIRST, *WRITING[:2]):
        assert on_sqlite(*command, stdin=BATCH).code == 0
    copy_entries(Path(first), second, Path("more.jsonl"))
    for command in ASKING:
        if command[0] not in OF_THE_DATABASE_ITSELF:
            for how in ((), ("--format", "json")) if "json" in formats(command) else ((),):
                assert on_postgresql(*command, *how) == on_sqlite(*command, *how), (*command, *how)


def anonymous(ran: Ran) -> tuple[int, str]:
    """The code of a command and what it printed, without what differs from run to run."""
    printed = ran.out + ran.err
    for name, pattern in OF_ONE_RUN.items():
        printed = pattern.sub(name, printed)
    return ran.code, printed

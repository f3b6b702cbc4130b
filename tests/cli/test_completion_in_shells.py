"""Completion as people meet it: a line is typed in a real bash, zsh or fish, and the Tab key pressed."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.terminals import Terminal

Run = Callable[..., Any]

pytestmark = [pytest.mark.on_sqlite, pytest.mark.parametrize("shell", ["bash", "zsh", "fish"], indirect=True)]


@pytest.fixture
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def terminal(desk_after: Callable[..., Run], shell: str, tmp_path: Path) -> Iterator[Terminal]:
    """A shell without `tracker` on its PATH, in a folder with it as `bin/tracker`, as in a `.venv`."""
    said = ("supports", "--on", "2019-12-10", "--summary", "x", "--speaker")
    desk = desk_after(
        ("party", "add", "GBR", "United Kingdom"),
        ("issue", "add", "arms/inf", "--title", "INF", "--question", "Should it be kept?"),
        ("source", "add", "un:cop 25", "--title", "x", "--publisher", "y"),
        ("record", "RUS", "start", *said, "Sergey Lavrov"),
        ("record", "USA", "start", *said, "Conor O'Neill"),
        ("record", "GBR", "start", *said, "Lord A$AP"),
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/tracker").symlink_to(Path(sys.executable).parent / "tracker")
    shutil.copy("tracker.db", "other.db")
    assert desk("--db", "other.db", "party", "add", "CHN", "China").code == 0
    os.mkfifo("pipe")
    Path("script").write_text(desk("completion", "show", shell).out)
    variable = "set FILE other.db" if shell == "fish" else "FILE=other.db"
    opened = Terminal(shell, tmp_path, f"source {tmp_path}/script\n{variable}\n")
    yield opened
    opened.close()


COMPLETED = [
    ("bin/tracker", "sta", "state "),
    ("~/bin/tracker", "sta", "state "),
    ("$HOME/bin/tracker", "sta", "state "),
    ("bin/tracker state", "--party=USA,R", "--party=USA,RUS "),
    ("bin/tracker record USA start supports --source", r"un:cop\ 2", r"un:cop\ 25 "),
    ("bin/tracker history --speaker", "Serg", r"Sergey\ Lavrov "),
    ("bin/tracker history --speaker", r"Sergey\ L", r"Sergey\ Lavrov "),
    ("bin/tracker history --speaker", '"Sergey L', '"Sergey Lavrov" '),
    ("bin/tracker history --speaker", "'Sergey L", "'Sergey Lavrov' "),
    ("bin/tracker history --speaker", '"Conor O', '"Conor O\'Neill" '),
    ("bin/tracker history --speaker", '"Lord A', r'"Lord A\$AP" '),
    ("bin/tracker", "--db oth", "--db other.db "),
    ("bin/tracker", "--db=oth", "--db=other.db "),
    ("bin/tracker record", "--from-file=oth", "--from-file=other.db "),
    ("bin/tracker --db ~/other.db record", "C", "CHN "),
    ('bin/tracker --db "$HOME/other.db" record', "C", "CHN "),
    ("bin/tracker --db=$FILE record", "C", "CHN "),
    ("bin/tracker --db '$FILE' record", "C", "C"),
    ("bin/tracker --db pipe record", "R", "R"),
    ("bin/tracker report", "--since=@9", "--since=@9 "),
]
"""Lines that are typed, with their last word, and what it has become once the Tab key was pressed.

Each is about how a shell breaks and quotes words; which words are offered, `test_completion.py` says.
"""


def test_the_tab_key_completes_the_word(terminal: Terminal) -> None:
    completed = [
        (line, typed, terminal.type(f"{line} {typed}\t").removeprefix(f"{line} ")) for line, typed, _ in COMPLETED
    ]
    assert completed == COMPLETED


def test_what_is_typed_stays_where_several_are_meant_by_another_name(terminal: Terminal) -> None:
    lines = [
        f"bin/tracker {command}" for command in ("record Uni", 'record "Uni', "record USA,Uni", "state --party=Uni")
    ]
    assert [terminal.type(f"{line}\t") for line in lines] == lines

"""Files that answers are written to: an answer never replaces the database that it comes from."""

import os
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import within_this_process
from tracker.tracker import Tracker

Run = Callable[..., Any]
FILE = "my tracker.db"
EXPORT = ("export",)
COMMANDS = (
    EXPORT,
    ("checkpoint",),
    *(("state", "--on", "2020-01-01", "--format", form) for form in ("table", "json", "csv", "md", "html")),
    *(
        ("report", "--from", "2019-01-01", "--to", "2020-01-01", "--format", form)
        for form in ("table", "json", "csv", "md", "html")
    ),
    *(("log", "--format", form) for form in ("table", "json", "csv", "md")),
    ("history", "--on", "2020-01-01"),
    ("asks", "--on", "2020-01-01"),
    ("conditions", "--on", "2020-01-01"),
    ("explain", "RUS", "start", "--on", "2020-01-01"),
    ("find", "x"),
    ("show", "@1"),
    ("show", "@1", "--format", "json"),
    ("doctor", "--format", "json"),
    ("party", "list"),
    ("party", "show", "RUS"),
)


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a database that has a space in its name, and links to it of every kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "same").symlink_to(".")
    shutil.copy(prepared, FILE)
    os.link(FILE, "hard.db")
    (tmp_path / "soft.db").symlink_to("x/soft.db")
    (tmp_path / "x" / "soft.db").symlink_to(tmp_path / FILE)
    return tmp_path


def assert_refused(database: str, output: str, command: tuple[str, ...] = EXPORT) -> None:
    """Writing an answer to the file is refused, and every file stays as it was."""
    before = contents()
    refused = within_this_process(database)(*command, "--output", output)
    assert (refused.code, refused.out) == (1, "")
    assert f"{output}: is the database itself. Name another file." in refused.err
    assert contents() == before


def contents() -> dict[str, tuple[int, bytes]]:
    """Every file with its inode and its bytes; those of -shm change with every reader."""
    files = (path for path in Path().rglob("*") if path.is_file())
    return {str(path): (path.lstat().st_ino, b"" if "-shm" in path.name else path.read_bytes()) for path in files}


@pytest.mark.parametrize(
    "database",
    [
        FILE,
        f"sqlite:///{FILE}",
        "sqlite:///my%20tracker.db",
        f"sqlite:///{FILE}?timeout=5",
        f"sqlite+pysqlite:///{FILE}",
        f"sqlite:///./x/../{FILE}",
        f"./x/../{FILE}",
        f"same/{FILE}",
        "sqlite:///{folder}/{file}",
        "soft.db",
        "sqlite:///soft.db?timeout=5",
        "hard.db",
    ],
)
def test_no_spelling_of_the_database_lets_an_answer_replace_it(folder: Path, database: str) -> None:
    database = database.format(folder=folder, file=FILE)
    for output in (FILE, f"x/../{FILE}", f"same/{FILE}", "soft.db", "hard.db", str(folder / FILE)):
        assert_refused(database, output)


@pytest.mark.parametrize("database", [f"sqlite:///{FILE}?timeout=5", "sqlite:///my%20tracker.db", "soft.db", "hard.db"])
@pytest.mark.parametrize("is_open", [False, True], ids=["idle", "open elsewhere"])
def test_no_answer_replaces_a_file_that_belongs_to_the_database(folder: Path, database: str, is_open: bool) -> None:
    """Whether that file is there, as while another process reads, or not."""
    name = "hard.db" if database == "hard.db" else FILE
    with Tracker.open(name) if is_open else nullcontext() as other:
        if other is not None:
            other.checkpoint()
            assert (folder / f"{name}-wal").exists()
        for ending in ("-wal", "-shm", "-journal"):
            (folder / f"link{ending}").symlink_to(f"{name}{ending}")
            outputs = [f"{name}{ending}", f"same/{name}{ending}", f"link{ending}"]
            if (folder / f"{name}{ending}").exists():
                os.link(f"{name}{ending}", f"hard{ending}")
                outputs.append(f"hard{ending}")
            for output in outputs:
                assert_refused(database, output)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_replaces_the_database_with_its_answer(folder: Path, command: tuple[str, ...]) -> None:
    assert_refused(f"sqlite:///{FILE}?timeout=5", FILE, command)


def test_the_environment_and_the_option_name_the_same_database(folder: Path) -> None:
    before = contents()
    elsewhere = within_this_process("sqlite:///elsewhere.db")
    refused = elsewhere("--db", f"sqlite:///{FILE}?timeout=5", "export", "--output", FILE)
    assert "is the database itself" in refused.err
    assert contents() == before


def test_a_file_beside_the_database_is_written(folder: Path) -> None:
    for name in ("answer.jsonl", f"x/{FILE}", f"{FILE}-wal.jsonl", f"x/{FILE}-wal"):
        assert within_this_process(f"sqlite:///{FILE}?timeout=5")("export", "--output", name).code == 0
        assert len((folder / name).read_bytes().splitlines()) == 4


def test_a_circle_of_links_is_refused_and_a_link_to_nothing_is_followed(folder: Path) -> None:
    (folder / "loop").symlink_to("circle")
    (folder / "circle").symlink_to("loop")
    (folder / "new").symlink_to("x/answer.jsonl")
    run = within_this_process(FILE)
    for name in ("loop", "loop/answer.jsonl"):
        refused = run("export", "--output", name)
        assert (refused.code, refused.out) == (1, "")
        assert f"{name}: cannot be written (links that lead in a circle)" in refused.err
    assert Path("loop").readlink() == Path("circle")
    assert run("export", "--output", "new").code == 0
    assert (folder / "x" / "answer.jsonl").is_file()
    assert (folder / "new").is_symlink()


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("state",), "rows.jsonl"),
        (("report", "--from", "2019-01-01"), "rows.NDJSON"),
        (("log", "--format", "json"), "log.jsonl"),
        (("log", "--format", "csv"), "log.json"),
        (("log", "--format", "table"), "log.md"),
        (("export",), "events.csv"),
        (("export",), "events.md"),
        (("export",), "events.html"),
        (("export",), "events.json"),
        (("export",), "events.txt"),
        (("checkpoint",), "head.csv"),
        (("checkpoint",), "head.html"),
        (("checkpoint",), "head.jsonl"),
        (("checkpoint",), "head.txt"),
        (("checkpoint",), "head.xlsx"),
    ],
)
def test_nothing_is_written_under_the_ending_of_another_form(folder: Path, command: tuple[str, ...], name: str) -> None:
    refused = within_this_process(FILE)(*command, "--output", name)
    assert refused.code == 2
    assert f"--output {name} asks for" in refused.err or f"--output {name} (" in refused.err
    assert not (folder / name).exists()


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("export", "x.jsonl"),
        ("export", "x.NDJSON"),
        ("export", "whole"),
        ("checkpoint", "x.json"),
        ("checkpoint", "x.kept"),
    ],
)
def test_an_ending_that_fits_or_stands_for_no_form_is_taken(folder: Path, command: str, name: str) -> None:
    assert within_this_process(FILE)(command, "--output", name).code == 0
    assert (folder / name).stat().st_size


def test_a_file_to_write_to_need_not_be_readable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "new.json").touch()
    allows = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **more: mode != os.R_OK and allows(path, mode, **more))
    assert within_this_process(FILE)("state", "--output", "new.json").code == 0
    assert (folder / "new.json").read_text().startswith("[")

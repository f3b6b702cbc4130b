"""Names of files are safe on every file system and stay for ever; the folder of a site holds a whole site or none."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from tests.forked import ForkedCommand
from tests.processes import PATIENCE
from tests.web.sites import contents, write
from tests.web.test_serve import uninstall
from tracker.cli import cli
from tracker.errors import FileUnavailable, NotOurSite, UnknownParty
from tracker.web.site import writing
from tracker.web.site.files import issue_file, link_between, party_file
from tracker.web.site.folder import MARKER

SEGMENTS = st.text(st.characters(exclude_characters="/,: \t\n", exclude_categories=["Cs", "Cc"]), min_size=1)
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9~-]{0,63}")
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("arms/new-start", "arms/new-start"),
        ("arms/START", "arms/start~39f17ec6ebcf3cec"),
        ("con/aux", "con~1143da2bc54c495c/aux~321f68140efca2b3"),
        ("..", "x~5ec1f7e700f37c3d"),
        ("日本", "x~cf2abf0c5be326cb"),
        ("x" * 70, "x" * 24 + "~c71bd109227e2343"),
        ("/".join(["deep"] * 60), "deep-deep-deep-deep-deep~8bd175af14fc4dd9"),
    ],
)
def test_names_stay_for_ever(path: str, file: str) -> None:
    assert issue_file(path) == file


@given(st.lists(SEGMENTS, min_size=1, max_size=4), st.lists(SEGMENTS, min_size=1, max_size=4))
@example(["a"], ["A"])
@example(["a-b"], ["a", "b"])
@example(["con"], ["CON"])
@example([".."], ["."])
@example(["ß"], ["ss"])
@example(["x" * 70], ["x" * 71])
def test_different_paths_have_different_files_that_any_system_holds(one: list[str], other: list[str]) -> None:
    first, second = issue_file("/".join(one)), issue_file("/".join(other))
    assert (first.lower() == second.lower()) == (one == other)
    for part in first.split("/"):
        assert SAFE.fullmatch(part)
        assert part.lower() not in DEVICES


def test_codes_that_differ_in_case_have_files_of_their_own() -> None:
    assert party_file("RUS") == "RUS"
    names = ["RUS", "ÄÖ", "A.B", "NUL", "-", "中国"]
    assert len({party_file(name).lower() for name in names}) == len(names)
    assert all(SAFE.fullmatch(party_file(name)) for name in names)


def test_links_are_relative() -> None:
    assert link_between("positions/RUS/arms/start.html", "index.html") == "../../../index.html"
    assert link_between("index.html", "static/page.css") == "static/page.css"


def test_a_folder_with_anything_else_is_refused(empty_database: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("Dear")
    with pytest.raises(NotOurSite, match=r"holds letter\.txt, which no site of the tracker wrote"):
        write(str(empty_database), tmp_path / "mine")
    (tmp_path / "mine" / MARKER).write_text("{}")
    with pytest.raises(NotOurSite):
        write(str(empty_database), tmp_path / "mine")
    with pytest.raises(NotOurSite, match="is a file"):
        write(str(empty_database), tmp_path / "mine/letter.txt")
    assert (tmp_path / "mine/letter.txt").read_text() == "Dear"


def test_an_earlier_site_is_replaced_whole_but_not_with_what_others_put_there(
    empty_database: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    write(str(empty_database), folder, base="https://example.org")
    assert "sitemap.xml" in contents(folder)
    write(str(empty_database), folder)
    assert "sitemap.xml" not in contents(folder)
    (folder / "CNAME").write_text("example.org")
    with pytest.raises(NotOurSite, match="holds CNAME"):
        write(str(empty_database), folder)
    assert (folder / "CNAME").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]


def test_nothing_is_left_of_a_site_that_fails(
    empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    write(str(empty_database), folder)
    before = contents(folder)

    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "finish", fail)
    with pytest.raises(FileUnavailable, match="No space left on device"):
        write(str(empty_database), folder)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_names_that_are_unknown_are_refused_before_anything_is_written(empty_database: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownParty):
        write(str(empty_database), tmp_path / "site", parties=("RUS",))
    assert not (tmp_path / "site").exists()


@pytest.fixture
def ran(empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.chdir(tmp_path)

    def run(*args: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["--db", str(empty_database), "site", *args])
        return done.exit_code, done.output

    return run


def test_the_command_says_how_many_files_it_wrote_and_from_what(ran: Callable[..., tuple[int, str]]) -> None:
    code, said = ran("out", "--on", "2021-01-01")
    assert code == 0
    number = len(contents(Path("out")))
    assert said.startswith(f"{number} files written to out: as of 2021-01-01, from the log up to position 0, hash 0000")


def test_without_the_extra_the_command_says_what_to_install(empty_database: Path, tmp_path: Path) -> None:
    with ForkedCommand(
        "--db", str(empty_database), "site", str(tmp_path / "site"), first=partial(uninstall, "fastapi")
    ) as command:
        _, err = command.communicate(PATIENCE)
    assert (command.returncode, "pip install 'negotiation-tracker[web]'" in err) == (1, True)
    assert not (tmp_path / "site").exists()


def test_an_address_that_is_none_is_wrong_usage(ran: Callable[..., tuple[int, str]]) -> None:
    code, said = ran("out", "--base", "example.org/x")
    assert code == 2
    assert "--base 'example.org/x' is no address" in said
    assert not Path("out").exists()

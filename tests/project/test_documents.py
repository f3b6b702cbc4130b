"""The documents say what is true: their commands run, their output is today's, their reference is complete."""

import re
from pathlib import Path

import pytest

from tests.documents import DOCUMENTS, PICTURES, REFERENCE, ROOT, play, reference, shape
from tests.page_pictures import MOST_BYTES, PAGES
from tests.pictures import CHAPTER, pictures, screenshots


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_commands_of_a_document_give_the_output_that_it_shows(name: str) -> None:
    played = list(play((ROOT / name).read_text()))
    assert played
    for step, output in played:
        assert shape(output) == shape(step.shown), step.command
        assert "No such option" not in output, step.command


def test_the_pictures_show_what_the_tracker_answers_in_their_chapter() -> None:
    drawn = pictures()
    assert {name: (PICTURES / name).read_text() for name in drawn} == drawn, "run `make docs`"
    for name in drawn:
        assert f"](pictures/{name})" in CHAPTER.read_text()


def test_the_picture_of_the_readme_shows_what_the_tracker_answers() -> None:
    drawn = screenshots()
    assert {name: (PICTURES / name).read_text() for name in drawn} == drawn, "run `make docs`"
    for name, picture in drawn.items():
        assert f"](docs/pictures/{name})" in (ROOT / "README.md").read_text()
        assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)[^\s<]*", re.sub(r"<text.*?</text>", "", picture))


def test_the_photographs_of_the_page_are_in_its_chapter_and_small() -> None:
    chapter = (ROOT / "docs" / "page.md").read_text()
    for name in PAGES:
        assert f"](pictures/{name})" in chapter
        assert (PICTURES / name).read_bytes().startswith(b"\x89PNG"), "run `make pictures`"
        assert (PICTURES / name).stat().st_size <= MOST_BYTES


def test_every_picture_has_something_that_draws_it() -> None:
    measured = "performance.svg"  # drawn by the benchmark
    linked = {
        name
        for path in (ROOT / "README.md", CHAPTER)
        for name in re.findall(r"pictures/([\w-]+\.svg)", path.read_text())
    }
    assert {path.name for path in PICTURES.iterdir()} == {*linked, measured, *PAGES}


def test_the_command_line_reference_is_the_commands_own_help() -> None:
    assert REFERENCE.read_text() == reference(), "run `make docs`"


def test_the_python_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    assert "RUS supports" in capsys.readouterr().out


def test_links_between_the_documents_lead_somewhere() -> None:
    documents = (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "events/README.md")
    links = [(one, target) for one in documents for target in re.findall(r"\]\(([^)#:]+)\)", one.read_text())]
    assert len(links) > 40
    assert [(one.name, target) for one, target in links if not (one.parent / target).exists()] == []

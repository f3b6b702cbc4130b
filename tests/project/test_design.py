"""The design document is complete: every section that code cites exists, and so does every file that it names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import ROOT
from tracker.cli.main import COMMANDS

DESIGN = ROOT / "docs" / "design.md"
TITLE = "## To change X, look in Y"
CITING = ("tracker", "migrations", "tests")

_HEADING = re.compile(r"^## (\d+)\. \S", re.M)
# Other documents have sections too: `RFC 8785 section 3`, `ISO 8601-2 section 4`.
_CITATION = re.compile(
    r"(?<!\w)(?P<of>(?:RFC|ISO)[ \d-]+,? )?sections? (?P<numbers>\d+(?:(?:,| and| to| or|-)? ?\d+)*)"
)


def cited(text: str) -> Iterator[int]:
    """The sections of the design that a text cites; a range counts by its ends."""
    flowing = re.sub(r"\s+#?\s*", " ", text)  # a citation may wrap, also within a comment
    for citation in _CITATION.finditer(flowing):
        if not citation["of"]:
            yield from map(int, re.findall(r"\d+", citation["numbers"]))


def named_paths(text: str) -> list[str]:
    """The file of each row of the table that says where to look."""
    table = text.partition(TITLE)[2].partition("\n## ")[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")]
    return [path for row in rows for path in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("as DESIGN section 4 says", [4]),
        ("DESIGN sections 4 to 6 as pure functions", [4, 6]),
        ("see docs/design.md section 12.", [12]),
        ("(DESIGN\n    # section 8)", [8]),
        ("in section 6's order", [6]),
        ("RFC 8785 section 3.2", []),
        ("in sections of 20 lines", []),
    ],
)
def test_a_citation_is_found_wherever_it_wraps(text: str, sections: list[int]) -> None:
    assert list(cited(text)) == sections


def test_every_section_that_code_cites_is_a_heading_of_the_design() -> None:
    sections = [int(number) for number in _HEADING.findall(DESIGN.read_text())]
    assert sections == list(range(1, len(sections) + 1))
    files = [path for folder in CITING for path in (ROOT / folder).rglob("*.py") if path != Path(__file__)]
    unknown = {
        f"{path.relative_to(ROOT)}: section {number}"
        for path in files
        for number in cited(path.read_text())
        if number not in sections
    }
    assert files
    assert not unknown


def test_the_table_of_questions_names_one_file_for_each_and_the_file_exists() -> None:
    paths = named_paths(DESIGN.read_text())
    assert len(paths) >= 18
    assert len(paths) == len(set(paths))
    assert not [path for path in paths if not (ROOT / path).is_file()]


def test_the_table_of_questions_names_only_what_its_files_hold() -> None:
    rows = questions(DESIGN.read_text())
    missing = {f"{path}: {name}" for path, there in rows for name in named(there) if not holds(path, there, name)}
    assert rows
    assert not missing


def questions(text: str) -> list[tuple[str, str]]:
    """The rows of the table that says where to look: the file, and what is found there."""
    table = text.partition(TITLE)[2].partition("\n## ")[0]
    cells = [line.split("|") for line in table.splitlines() if line.startswith("| `") or "` |" in line]
    return [(row[2].strip(" `"), row[3]) for row in cells]


def named(there: str) -> list[str]:
    """The names of code that a text has in backticks; options and log positions are none."""
    return [name for name in re.findall(r"`([^`]+)`", there) if re.fullmatch(r"[^\W\d][\w./]*", name)]


def holds(path: str, there: str, name: str) -> bool:
    """Whether there is such a file or folder, or a file of the row has the name in its text."""
    paths = [place.as_posix() for folder in CITING for place in (ROOT / folder).rglob("*")]
    if name.endswith((".py", "/")) or "/" in name:
        return any(f"{place}/".endswith(f"/{name.strip('/')}/") for place in paths)
    beside = [other for other in named(there) if other.endswith(".py")]
    files = [ROOT / path, *(Path(place) for place in paths if place.endswith(tuple(f"/{other}" for other in beside)))]
    return any(re.search(rf"\b{re.escape(name)}\b", file.read_text()) for file in files)


def test_the_table_of_commands_is_the_one_of_the_command_line() -> None:
    text = DESIGN.read_text().partition("## 9. Commands")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \| (`.*`) \|$", text, re.M)
    assert {group: re.findall(r"`([^`]+)`", names) for group, names in rows} == {
        group: list(commands) for group, commands in COMMANDS.items()
    }


def test_every_folder_and_file_of_the_layout_exists() -> None:
    layout = DESIGN.read_text().partition("## 13. Layout")[2].partition("\n## ")[0]
    paths = re.findall(r"^\| `([^`]+)`", layout, re.M)
    assert paths
    assert not [path for path in paths if not (ROOT / path).exists()]

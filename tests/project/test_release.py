"""The release, its changelog and its links agree."""

import re
import tomllib
from datetime import date
from typing import Any

from tests.documents import ROOT

ON_GITHUB = "https://github.com/negotiation-tracker/negotiation-tracker"
CHANGELOG = ROOT / "CHANGELOG.md"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_changelog_begins_with_what_is_to_come_and_then_this_release() -> None:
    headings = re.findall(r"^## (.+)$", CHANGELOG.read_text(), re.M)
    assert headings[0] == "[Unreleased]"
    released = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading) for heading in headings[1:]]
    assert all(released)
    versions = [match[1] for match in released if match]
    days = [date.fromisoformat(match[2]) for match in released if match]
    assert versions[0] == PROJECT["version"]
    assert days == sorted(days, reverse=True)


def test_every_version_of_the_changelog_has_its_link() -> None:
    text = CHANGELOG.read_text()
    named = re.findall(r"^## \[([^\]]+)\]", text, re.M)
    linked = dict(re.findall(r"^\[([^\]]+)\]: (\S+)$", text, re.M))
    assert list(linked) == named
    assert all(url.startswith(ON_GITHUB) for url in linked.values())


def test_the_project_says_where_its_documentation_changes_source_and_issues_are() -> None:
    assert PROJECT["urls"].keys() == {"Documentation", "Changelog", "Source", "Issues"}
    assert all(url.startswith(ON_GITHUB) for url in PROJECT["urls"].values())

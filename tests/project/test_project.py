"""The project's own files agree with each other: templates, hooks, the workflow and the package's metadata."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.documents import ROOT

GITHUB = ROOT / ".github"
WORKFLOW = GITHUB / "workflows" / "test.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"
TEMPLATES = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
FORMS = [path for path in TEMPLATES if path.name != "config.yml"]
SPEAKING = [ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", GITHUB / "PULL_REQUEST_TEMPLATE.md", *TEMPLATES]

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def pythons() -> list[str]:
    found = (re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one) for one in PROJECT["classifiers"])
    return [one[1] for one in found if one]


def steps() -> Iterator[dict[str, Any]]:
    for job in read(WORKFLOW)["jobs"].values():
        yield from job["steps"]


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))


def test_the_workflow_tests_the_pythons_that_the_package_claims() -> None:
    tested = read(WORKFLOW)["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tested == pythons()
    assert PROJECT["requires-python"] == f">={tested[0]}"


def test_the_workflow_tests_two_versions_of_sqlite_each_with_the_system_that_has_it() -> None:
    matrix = read(WORKFLOW)["jobs"]["test"]["strategy"]["matrix"]
    assert len(set(matrix["sqlite"])) == 2
    systems = {one["sqlite"]: one["debian"] for one in matrix["include"]}
    assert set(systems) == set(matrix["sqlite"])
    assert len(set(systems.values())) == 2


def test_the_workflow_may_read_and_nothing_else_and_names_actions_by_their_major_version() -> None:
    workflow = read(WORKFLOW)
    assert workflow["permissions"] == {"contents": "read"}
    assert not [job for job in workflow["jobs"].values() if "permissions" in job]
    actions = [step["uses"] for step in steps() if "uses" in step]
    assert actions
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in actions)


def test_the_workflow_runs_what_is_there() -> None:
    commands = [step["run"] for step in steps() if "run" in step]
    assert ".ci/run" in commands
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    assert {command.split()[1] for command in commands if command.startswith("make ")} <= targets()


def test_the_hooks_fetch_nothing_and_run_what_lint_runs() -> None:
    (repository,) = read(HOOKS)["repos"]
    assert repository["repo"] == "local"
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}
    tools = [hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in repository["hooks"]]
    recipe = (ROOT / "Makefile").read_text().partition("\nlint:")[2].partition("\n\n")[0]
    assert set(tools) == set(re.findall(r"\$\(BIN\)/(\S+)", recipe))


@pytest.mark.parametrize("path", FORMS, ids=name_of)
def test_an_issue_form_has_what_a_form_needs(path: Path) -> None:
    form = read(path)
    assert form.keys() >= {"name", "description", "body"}
    questions = [question for question in form["body"] if question["type"] != "markdown"]
    assert all(question["attributes"]["label"] for question in questions)
    ids = [question["id"] for question in questions]
    assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize("path", SPEAKING, ids=name_of)
def test_files_and_make_targets_that_the_templates_name_exist(path: Path) -> None:
    text = re.sub(r"https?://[^\s)]+", "", path.read_text())
    linked = [(path.parent, target) for target in re.findall(r"\]\(([^)#]+)", text)]
    named = [(ROOT, name) for name in re.findall(r"\b((?:docs|tests|tracker)/[\w./-]*\w|[A-Z]+\.md)\b", text)]
    places = [ROOT / target.lstrip("/") if target.startswith("/") else folder / target for folder, target in linked]
    assert not [str(place) for place in (*places, *(folder / name for folder, name in named)) if not place.exists()]
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.M)) <= targets()

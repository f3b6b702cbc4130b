"""Identifiers speak the field's English: glossary words keep their meaning, types are nouns, modules are told apart."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import ROOT

PACKAGE = ROOT / "tracker"
GLOSSARY = {
    "Party": "domain/registers/registers.py",
    "Issue": "domain/registers/registers.py",
    "Statement": "domain/timeline/statement.py",
    "Stance": "domain/terms/vocabulary.py",
    "Standing": "domain/terms/vocabulary.py",
    "Attribution": "domain/terms/vocabulary.py",
    "Act": "domain/terms/vocabulary.py",
    "Evidence": "domain/answers/explanation.py",
    "Entry": "domain/log/entries.py",
    "MilestoneCategory": "domain/terms/vocabulary.py",
    "MilestoneNoted": "domain/log/events.py",
    "SourceId": "domain/log/field_types.py",
    "SourceRegistered": "domain/log/events.py",
}
"""The only module that may define a type of this name."""
FAMILIES = ("Milestone", "Source")
"""Words of the glossary with which no type may begin that is not in the table."""

PAST_TENSE = ("domain/log/events.py",)
"""Modules of events, which are past-tense facts."""
NOUNS = {"Screen", "Token", "Feed", "Seed", "Withdrawn"}
"""Nouns that look like participles, and the one participle that is the word for a value."""
IRREGULAR = {"Asked", "Held", "Kept", "Known", "Made", "Met", "Put", "Said", "Shown", "Told"}

VAGUE = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
"""Words that say nothing about the content of a module."""


def types_in(source: str) -> Iterator[str]:
    """The names of the classes and of the module's type aliases, without leading underscores."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name.lstrip("_")
    for node in tree.body:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and re.fullmatch(r"_?[A-Z][a-z]\w*", target.id):
                yield target.id.lstrip("_")


def is_bare_participle(name: str) -> bool:
    """Whether a type's name is one word, and that a past participle."""
    looks_like_one = re.fullmatch(r"[A-Z][a-z]*(ed|en|wn)", name) is not None or name in IRREGULAR
    return looks_like_one and name not in NOUNS


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def singular(path: Path) -> str:
    return path.stem.removesuffix("s")


def test_a_word_of_the_glossary_names_one_type_in_the_module_where_it_belongs() -> None:
    definitions = {
        (name, relative(path))
        for path in modules()
        for name in types_in(path.read_text())
        if name in GLOSSARY or name.startswith(FAMILIES)
    }
    assert definitions == set(GLOSSARY.items())


def test_no_type_is_named_by_a_bare_participle() -> None:
    found = [
        f"{relative(path)}: {name}"
        for path in modules()
        if relative(path) not in PAST_TENSE
        for name in types_in(path.read_text())
        if is_bare_participle(name)
    ]
    assert not found


@pytest.mark.parametrize("name", ["Asked", "Placed", "Taken", "Shown", "Told"])
def test_a_bare_participle_is_recognised(name: str) -> None:
    assert is_bare_participle(name)


@pytest.mark.parametrize("name", ["Withdrawn", "PreparedEntry", "StoredVersion", "LogDamaged", "Statement"])
def test_a_noun_is_not_taken_for_a_participle(name: str) -> None:
    assert not is_bare_participle(name)


@pytest.mark.parametrize("package", ["domain", "storage"])
def test_no_two_rooms_of_a_package_have_modules_of_one_name(package: str) -> None:
    """Neither the same name nor its plural, nor that of a neighbouring room; layers may share one."""
    rooms = [path for path in (PACKAGE / package).iterdir() if (path / "__init__.py").exists()]
    files = [path for path in (PACKAGE / package).rglob("*.py") if path.name != "__init__.py"]
    assert len(rooms) > 3
    names = Counter(singular(path) for path in files)
    assert not [name for name, number in names.items() if number > 1]
    assert not [
        relative(path) for path in files for room in rooms if singular(path) == singular(room) != singular(path.parent)
    ]


def test_every_module_is_named_for_its_content() -> None:
    assert not [relative(path) for path in modules() if VAGUE.intersection(path.stem.strip("_").split("_"))]

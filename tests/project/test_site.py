"""The documentation site builds from the files here alone, strictly, and its pages load nothing from other hosts.

Needs the extra `docs`, which `make site` installs; without it the tests are skipped.
"""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.documents import ROOT

pytest.importorskip("mkdocs", reason="`make site` installs the extra `docs`")
pytest.importorskip("material", reason="`make site` installs the extra `docs`")


def load_hooks() -> ModuleType:
    specification = importlib.util.spec_from_file_location("site_hooks", ROOT / "docs" / "site" / "hooks.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


hooks = load_hooks()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def pages(nav: object) -> list[str]:
    if isinstance(nav, list):
        return [page for one in nav for page in pages(one)]
    if isinstance(nav, dict):
        return [page for one in nav.values() for page in pages(one)]
    return [str(nav)] if str(nav).endswith(".md") else []


def test_every_page_of_the_navigation_is_built_and_every_document_is_in_it(site: Path) -> None:
    named = pages(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])
    assert all((site / page.replace("README.md", "index.md")).with_suffix(".html").is_file() for page in named)
    folder = ROOT / "docs"
    documents = {str(path.relative_to(folder)) for path in folder.rglob("*.md") if path.parent != folder / "site"}
    assert documents <= set(named)
    assert {place for place in hooks.MOVED.values() if place.endswith(".md")} <= set(named)


def test_links_out_of_docs_lead_to_pages_or_to_the_repository(site: Path) -> None:
    home = (site / "index.html").read_text()
    assert 'href="docs/' not in home
    assert 'href="tutorial.html"' in home
    assert f'href="{hooks.REPOSITORY}/blob/main/LICENSE"' in home
    assert (
        f'href="{hooks.REPOSITORY}/blob/main/tests/reliability/test_crash.py"'
        in (site / "reliability.html").read_text()
    )


def test_the_reference_shows_the_fields_of_events_and_rows(site: Path) -> None:
    text = re.sub(r"<[^>]+>", "", (site / "api.html").read_text())
    assert re.search(r"PositionStated\(\s+party: PartyCode,\s+issue: IssuePath,\s+stated_on: StatementDates", text)
    assert re.search(r"StateRow\(\s+party: str,\s+issue: str,\s+value: Value", text)
    assert "opposes, sceptical, neutral, conditional, supports" in text


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ('<link rel="stylesheet" href="https://fonts.example/css">', ["https://fonts.example/css"]),
        ("<script src=//cdn.example/x.js></script>", ["//cdn.example/x.js"]),
        ('<img alt="" src="http://img.example/x.png">', ["http://img.example/x.png"]),
        ("a{background:url('https://img.example/x.png')}", ["https://img.example/x.png"]),
        ('@import "https://fonts.example/css";', ["https://fonts.example/css"]),
        ('<a href="https://example.org">a link to follow</a>', []),
        ('<script src="assets/x.js"></script>', []),
    ],
)
def test_what_a_page_loads_from_another_host_is_found(text: str, addresses: list[str]) -> None:
    assert list(hooks.foreign(text)) == addresses


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.suffix in (".html", ".css", ".svg")]
    assert files
    assert not {path.name: found for path in files if (found := list(hooks.foreign(path.read_text())))}

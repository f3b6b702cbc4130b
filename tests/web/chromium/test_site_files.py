"""The site as files, opened from a folder: links lead on, the slider moves, no server and no script is needed."""

from pathlib import Path

import pytest

from tests.conftest import filled
from tests.databases import Databases
from tests.forked import ForkedCommand
from tests.processes import PATIENCE
from tests.web.chromium.conftest import Open
from tests.web.chromium.judging import reads_well
from tests.web.chromium.pages import SMALL


@pytest.fixture(scope="module")
def folder(sqlite_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("written") / "site"
    command = ("site", into, "--on", "2019-12-10")
    with filled(sqlite_databases, SMALL) as (url, _), ForkedCommand("--db", url, *command) as writing:
        _, said = writing.communicate(PATIENCE)
        assert writing.returncode == 0, said
    return into


def test_its_slider_moves_over_the_files_and_a_cell_leads_to_its_quote(open_page: Open, folder: Path) -> None:
    page = open_page((folder / "index.html").as_uri())
    page.get_by_role("slider").wait_for()
    page.keyboard.press("[")
    page.locator("#day-title", has_text="5 Dec 2019").wait_for()
    assert page.locator("#matrix .withdrawn").count() == 1
    page.keyboard.press("[")
    page.locator("#day-title", has_text="1 Dec 2019").wait_for()
    assert page.locator("#matrix .withdrawn").count() == 0
    page.keyboard.press("]")
    page.locator("#day-title", has_text="5 Dec 2019").wait_for()
    page.locator("#matrix td a").first.click()
    page.get_by_role("link", name="RUS").first.click()
    assert "Party RUS" in page.locator("main").inner_text()


def test_without_scripts_all_of_it_can_be_read(open_page: Open, folder: Path) -> None:
    page = open_page((folder / "index.html").as_uri(), java_script_enabled=False)
    assert not page.locator("#day-form").is_visible()
    assert page.locator("#matrix td .stance").count() > 5
    page.get_by_role("link", name="Changes").click()
    assert page.locator("main h1").inner_text()


@pytest.mark.parametrize("name", ["index.html", "pages.html"])
def test_its_pages_read_well_for_everybody(open_page: Open, folder: Path, name: str) -> None:
    reads_well(open_page((folder / name).as_uri(), bypass_csp=True))

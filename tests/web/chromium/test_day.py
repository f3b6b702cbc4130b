"""The matrix in a browser: its day and its clock move, and its cells are those that the command line prints."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.cells import Cells
from tests.web.chromium.conftest import Open

if TYPE_CHECKING:
    from playwright.sync_api import Page

Printed = Callable[..., bytes]


def test_the_slider_shows_the_cells_of_the_command_line(
    open_page: Open, arms_site: str, arms: Path, printed: Printed
) -> None:
    page = open_page(f"{arms_site}/?on=2019-12-10&issue=new-start")
    _cells_are_those_of(page, arms, printed, "2019-12-10")
    slider = page.get_by_role("slider")
    slider.fill(_number("2021-02-03"))
    _shows(page, "2021-02-03")
    _cells_are_those_of(page, arms, printed, "2021-02-03")
    assert set(page.url.partition("?")[2].split("&")) == {"issue=new-start", "on=2021-02-03"}
    slider.press("ArrowLeft")
    _shows(page, "2021-02-02")
    assert page.title().startswith("Who stands where on 2 Feb 2021")
    assert page.locator("#status").inner_text().startswith("2021-02-02: ")


def test_brackets_go_from_change_to_change(open_page: Open, arms_site: str) -> None:
    page = open_page(f"{arms_site}/?on=2019-12-10&issue=new-start")
    days = page.evaluate("fetch('/days?issue=new-start').then(found => found.json())")
    changes = [day for day, _ in days]
    page.get_by_role("slider").wait_for()
    after = [day for day in changes if day > "2019-12-10"]
    for key, day in (("]", after[0]), ("]", after[1]), ("[", after[0])):
        page.keyboard.press(key)
        _shows(page, day)
    page.get_by_role("button", name="The change before").click()
    _shows(page, max(day for day in changes if day < after[0]))


def test_play_goes_on_until_it_is_paused(open_page: Open, arms_site: str) -> None:
    page = open_page(f"{arms_site}/?on=2019-12-10&issue=new-start")
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector("#matrix:not([data-on='2019-12-10'])")
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Play").get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize(
    ("words", "cut", "day"),
    [("as public then", "published-by", "2019-12-10"), ("as we knew it then", "known-at", "2026-11-08")],
)
def test_another_clock_outlines_the_cells_that_differ(
    open_page: Open, arms_site: str, arms: Path, printed: Printed, words: str, cut: str, day: str
) -> None:
    page = open_page(f"{arms_site}/?on={day}&issue=new-start")
    page.get_by_role("slider").wait_for()
    assert page.locator("td.differs").count() == 0
    page.get_by_label(words).check()
    page.wait_for_selector("#matrix:not([data-clock='stated'])")
    _cells_are_those_of(page, arms, printed, day, f"--{cut}", day)
    differing = page.locator("td.differs").count()
    assert f"{differing} cell" in page.locator(".differs-count").inner_text()
    assert differing > 0
    outline = page.locator("td.differs").first.evaluate("cell => getComputedStyle(cell).outlineStyle")
    assert outline == "dashed"


def test_without_scripts_a_form_moves_the_day_and_the_clock(
    open_page: Open, arms_site: str, arms: Path, printed: Printed
) -> None:
    page = open_page(f"{arms_site}/?issue=new-start", java_script_enabled=False)
    page.get_by_role("textbox", name="Day").fill("2019-12-10")
    page.get_by_label("as public then").check()
    page.get_by_role("button", name="Show").click()
    assert "on=2019-12-10" in page.url
    assert "clock=public" in page.url
    _cells_are_those_of(page, arms, printed, "2019-12-10", "--published-by", "2019-12-10")


def _number(day: str) -> str:
    """The place of a day on the slider: its number since 1970."""
    return str((date.fromisoformat(day) - date(1970, 1, 1)).days)


def _shows(page: "Page", day: str) -> None:
    page.wait_for_selector(f"#matrix[data-on='{day}']")
    assert page.get_by_role("textbox", name="Day").input_value() == day


def _cells_are_those_of(page: "Page", database: Path, printed: Printed, day: str, *cut: str) -> None:
    shown = Cells(page.locator("#matrix").inner_html()).cells
    asked = ("state", "--on", day, "--issue", "new-start", *cut, "--format", "json")
    held = {(row["issue"], row["party"]): row["stance"] for row in json.loads(printed(database, *asked))}
    assert shown.keys() == held.keys()
    words = {pair: re.findall(r"[a-z]+", text.partition(" ")[2]) for pair, text in shown.items()}  # behind the sign
    assert {pair: words[pair][0] for pair, stance in held.items() if stance} == {
        pair: stance for pair, stance in held.items() if stance
    }

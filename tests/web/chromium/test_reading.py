"""From a cell to the words that it rests on, from change to change, and by keys alone."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.chromium.conftest import Open

NARROW = "/?on=2019-12-10&party=RUS&issue=extension"


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_a_cell_shows_its_sentence_quote_and_source_until_escape(
    open_page: Open, arms_site: str, arms: Path, printed: Callable[..., bytes], way: str
) -> None:
    page = open_page(arms_site + NARROW)
    asked = ("state", "--on", "2019-12-10", "--party", "RUS", "--issue", "extension")
    (row,) = json.loads(printed(arms, *asked, "--format", "json"))
    cell, card = page.locator("#matrix td a"), page.locator("#card")
    assert not card.is_visible()
    getattr(cell, way)()
    card.wait_for()
    said = card.inner_text()
    assert row["summary"] in said
    assert card.locator("blockquote").count() == 1
    assert cell.get_attribute("aria-describedby") == "card"
    page.keyboard.press("Escape")
    assert not card.is_visible()


def test_a_cell_leads_to_the_quote_that_its_stance_rests_on(
    open_page: Open, arms_site: str, arms: Path, printed: Callable[..., bytes]
) -> None:
    page = open_page(arms_site + NARROW)
    page.locator("#matrix td a").click()
    page.wait_for_url("**/explain?**")
    explained = json.loads(printed(arms, "explain", "RUS", "extension", "--on", "2019-12-10", "--format", "json"))
    quotes = [entry["quote"] for entry in explained["entries"] if entry.get("quote") and entry["counts"]]
    shown = page.locator("main").inner_text()
    assert quotes
    for quote in quotes:
        assert quote in shown


def test_keys_search_go_to_pages_and_list_themselves(open_page: Open, small_site: str) -> None:
    page = open_page(f"{small_site}/asks?party=USA")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("/")
    page.keyboard.type("ready g m /")  # keys are letters within a field
    assert page.locator("#find").input_value() == "ready g m /"
    page.locator("#find").fill("ready")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?text=ready**")
    for keys, path in (("gm", "/"), ("gr", "/report"), ("gc", "/compare")):
        page.locator("h1").click()
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(re.compile(rf"//[^/]+{path}(\?|$)"))


def test_arrows_go_from_change_to_change(open_page: Open, small_site: str) -> None:
    page = open_page(f"{small_site}/compare?from=2019-03-01&to=2019-12-20")
    changes = page.locator("[data-change]")
    assert changes.count() > 2
    for key, at in (("ArrowRight", 0), ("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowLeft", 0)):
        page.keyboard.press(key)
        assert changes.nth(at).evaluate("change => change === document.activeElement")


def test_by_keyboard_alone_one_skips_to_the_answer_and_reaches_every_cell(open_page: Open, small_site: str) -> None:
    page = open_page(f"{small_site}/?on=2019-12-10")
    page.get_by_role("slider").wait_for()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="To the answer")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer"
    reached = page.evaluate(
        """() => [...document.querySelectorAll("main :is(a[href], button, input, select, summary)")]
          .filter(one => one.checkVisibility() && one.tabIndex < 0).map(one => one.outerHTML)"""
    )
    assert reached == []
    page.keyboard.press("Tab")
    focus = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(focus) != "none"
    page.locator("#matrix td a").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(focus) != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/explain?**")


def test_text_from_right_to_left_stands_so(open_page: Open, small_site: str) -> None:
    page = open_page(f"{small_site}/?on=2019-12-10&party=EGY")
    direction = "shown => getComputedStyle(shown).direction"
    page.locator("#matrix td a").focus()
    assert page.locator("#card blockquote[lang=ar]").evaluate(direction) == "rtl"
    assert page.locator("#card .translation").evaluate(direction) == "ltr"


def test_hostile_text_shows_as_text_in_a_card(open_page: Open, hostile_site: str) -> None:
    page = open_page(f"{hostile_site}/?on=2019-12-10&party=RUS&issue=arms/start")
    page.locator("#matrix td a").focus()
    page.locator("#card").wait_for()
    assert "<script>alert(1)</script>" in page.locator("#card").inner_text()


def test_a_matrix_prints_whole(open_page: Open, arms_site: str) -> None:
    page = open_page(f"{arms_site}/?on=2019-12-10")
    page.emulate_media(media="print")
    sticking_out = "[...document.querySelectorAll('.scrolled')].filter(one => one.scrollWidth > one.clientWidth).length"
    page.set_viewport_size({"width": 1001, "height": 673})
    assert page.evaluate(sticking_out) == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")

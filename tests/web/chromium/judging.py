"""What every page must be: accessible as axe judges it, of enough contrast in the dark, no wider than its window."""

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from tests.chromium import CONTRASTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
FINDINGS = """async rules => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"], runOnly: rules, preload: false});
  return violations.flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.html.slice(0, 200)}`));
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (390, 1280, 1920)
PAPER = 1001
"""The width of A4 on its side between its margins, in pixels."""


def findings(page: "Page") -> list[str]:
    """What axe, a script of ours, finds on a page, which must have been opened past its policy."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(FINDINGS, RULES)
    return found


def reads_well(page: "Page") -> None:
    """Axe finds nothing in light, every text has enough contrast in the dark too, and nothing sticks out."""
    found = findings(page)
    assert not found, (page.url, found)
    page.emulate_media(color_scheme="dark")
    assert min(page.evaluate(CONTRASTS)) >= 4.5, page.url
    page.emulate_media(color_scheme="light")
    fits(page)


def fits(page: "Page", widths: Sequence[int] = WIDTHS) -> None:
    """Nothing sticks out of a page at some widths and, without the bar of the site, on paper."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 673})
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER, page.url
    assert not page.locator(".bar").is_visible()
    assert page.locator("h1").is_visible()
    page.emulate_media(media="screen")

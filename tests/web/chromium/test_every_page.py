"""Every page, whatever it shows: axe has no finding, nothing sticks out, scripts are not needed, and it prints."""

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from tests.chromium import CONTRASTS
from tests.web.chromium.conftest import Open
from tests.web.chromium.pages import MORE, OF_SMALL, PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
FINDINGS = """async rules => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"], runOnly: rules});
  return violations.flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.html.slice(0, 200)}`));
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (390, 1280, 1920)
PAPER = 1001
"""The width of A4 on its side between its margins, in pixels."""
EVERY = [*PAGES.values(), *MORE]
NOT_PAGES = ("/api/", "/static", "/health", "/card", "/days", "/log/events", "/feed.atom")
"""Where paths begin that have data, or parts of a page."""


def test_every_route_of_a_page_is_among_these(client: TestClient) -> None:
    app: Any = client.app
    routes = [
        route for part in app.routes for route in getattr(getattr(part, "original_router", None), "routes", [part])
    ]
    paths = {route.path for route in routes}
    assert {path for path in paths if not path.startswith(NOT_PAGES)} == set(PAGES)


@pytest.mark.parametrize("address", [*EVERY, *OF_SMALL])
def test_a_page_reads_well_for_everybody(open_page: Open, small_site: str, address: str) -> None:
    page = _open(open_page, small_site + address, bypass_csp=True)  # axe is a script of ours, not of the page's
    page.evaluate(AXE)
    assert page.evaluate(FINDINGS, RULES) == []
    page.emulate_media(color_scheme="dark")
    assert min(page.evaluate(CONTRASTS)) >= 4.5
    _fits(page)


def test_axe_would_find_something(open_page: Open, small_site: str) -> None:
    page = _open(open_page, f"{small_site}/search", bypass_csp=True)
    page.evaluate("document.querySelector('h1').outerHTML = '<img src=\"data:,\">'")
    page.evaluate(AXE)
    assert {"image-alt", "page-has-heading-one"} <= {
        found.partition(":")[0] for found in page.evaluate(FINDINGS, RULES)
    }


def test_hostile_text_is_inert_and_stays_within_its_page(open_page: Open, hostile_site: str) -> None:
    for address in EVERY:
        page = _open(open_page, hostile_site + address)
        _fits(page)
        page.context.close()


def test_every_page_is_whole_without_scripts(open_page: Open, small_site: str) -> None:
    for address in EVERY:
        page = _open(open_page, small_site + address, java_script_enabled=False)
        assert page.locator("main h1").inner_text()
        assert page.locator("main :is(p, table, form)").count(), address
        page.context.close()


def _fits(page: "Page") -> None:
    """Nothing sticks out of a page at three widths and, without the bar of the site, on paper."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 673})
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER, page.url
    assert not page.locator(".bar").is_visible()
    assert page.locator("h1").is_visible()


def _open(open_page: Open, address: str, **options: Any) -> "Page":
    return open_page(address, refused=address.endswith("/nowhere"), **options)

"""Every page, whatever it shows: axe has no finding, nothing sticks out, scripts are not needed, and it prints."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.chromium.conftest import Open
from tests.web.chromium.judging import findings, fits, reads_well
from tests.web.chromium.pages import MORE, OF_SMALL, PAGES

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
    reads_well(open_page(small_site + address, bypass_csp=True))


def test_axe_would_find_something(open_page: Open, small_site: str) -> None:
    page = open_page(f"{small_site}/nowhere", bypass_csp=True)
    page.evaluate("document.querySelector('h1').outerHTML = '<img src=\"data:,\">'")
    assert {"image-alt", "page-has-heading-one"} <= {found.partition(":")[0] for found in findings(page)}


def test_hostile_text_is_inert_and_stays_within_its_page(open_page: Open, hostile_site: str) -> None:
    page = open_page(hostile_site)
    for address in EVERY:
        page.goto(hostile_site + address)
        fits(page, (390,))


def test_every_page_is_whole_without_scripts(open_page: Open, small_site: str) -> None:
    page = open_page(small_site, java_script_enabled=False)
    for address in EVERY:
        page.goto(small_site + address)
        assert page.locator("main h1").inner_text()
        assert page.locator("main :is(p, table, form)").count(), address

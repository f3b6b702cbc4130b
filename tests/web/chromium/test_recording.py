"""Recording in a browser: seen before it is kept, corrected as was and is, refused where somebody was faster."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.conftest import filled
from tests.databases import Databases
from tests.web.browser import token_for
from tests.web.chromium.conftest import Open, served
from tests.web.chromium.judging import reads_well
from tests.web.chromium.pages import SMALL
from tracker.tracker import Tracker

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAID = {"party": "India", "issue": "trade", "stance": "opposes", "on": "2019-12-29", "summary": "India says no."}


class Desk(NamedTuple):
    """A server that records, the database behind it, and a token to record with."""

    site: str
    database: str
    token: str


@pytest.fixture
def desk(sqlite_databases: Databases) -> Iterator[Desk]:
    ledger = f"{SMALL}\n    updated IND aliases_added=India"
    with filled(sqlite_databases, ledger) as (url, _), served(url, "--recording") as site:
        yield Desk(site, url, token_for(url, "Ann"))


def test_what_is_typed_is_seen_as_one_types_kept_corrected_and_found_again(open_page: Open, desk: Desk) -> None:
    page = _signed_in(open_page, desk)
    _fill(page, SAID)
    page.locator("#told", has_text="IND trade").wait_for(state="attached")
    page.get_by_role("button", name="Save").click()
    assert "IND trade opposes on 2019-12-29" in page.locator(".done").inner_text()
    page.locator(".done a").click()
    assert SAID["summary"] in page.locator("main").inner_text()
    page.get_by_role("link", name="Correct").click()
    _fill(page, {"stance": "sceptical", "reason": "Misheard."})
    page.get_by_role("button", name="Check").click()
    assert page.locator(".was-is del").all_inner_texts() == ["opposes"]
    assert page.locator(".was-is ins").all_inner_texts() == ["sceptical"]
    page.get_by_role("button", name="Save").click()
    page.locator(".done a").click()
    assert "Misheard." in page.locator("main").inner_text()


def test_without_scripts_a_stale_form_is_refused_and_shows_what_is_new(open_page: Open, desk: Desk) -> None:
    page = _signed_in(open_page, desk, java_script_enabled=False)
    _fill(page, SAID)
    with Tracker.open(desk.database) as tracker:
        tracker.correct("@25", {"summary": "Said otherwise."}, reason="Misread.", by="Bob")
    page.get_by_role("button", name="Check").click()
    assert page.locator("#wrong-title").inner_text() == "Nothing was recorded"
    assert "Misread." in page.locator(".news").inner_text()
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Save").click()
    assert "IND trade opposes" in page.locator(".done").inner_text()


def test_what_is_on_record_already_is_said_before_it_is_kept_twice(open_page: Open, desk: Desk) -> None:
    page = _signed_in(open_page, desk)
    _fill(page, {**SAID, "stance": "supports", "on": "2019-05-01", "source": "dw", "summary": "Said so."})
    page.get_by_role("button", name="Check").click()
    assert page.locator(".alike").is_visible()
    assert page.get_by_label("It is another statement").is_visible()


def test_the_forms_read_well_for_everybody(open_page: Open, desk: Desk) -> None:
    page = _signed_in(open_page, desk, bypass_csp=True)
    reads_well(page)
    for path in ("/record/correction?entry=@6", "/record/source"):
        page.goto(desk.site + path)
        reads_well(page)
    page.get_by_role("button", name="Check").click()
    assert page.locator("#wrong").is_visible()
    reads_well(page)
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{desk.site}/sign-in")
    reads_well(page)


def _signed_in(open_page: Open, desk: Desk, **options: bool) -> "Page":
    page = open_page(f"{desk.site}/record", **options)
    page.get_by_label("Token").fill(desk.token)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/record")
    return page


def _fill(page: "Page", typed: dict[str, str]) -> None:
    for name, text in typed.items():
        field = page.locator(f"#field-{name}")
        field.evaluate("field => { const around = field.closest('details'); if (around) around.open = true; }")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)

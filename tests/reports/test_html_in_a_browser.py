"""The HTML pages in a real browser: nothing runs, nothing is fetched, nothing sticks out, and they print."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reports.test_html import BREAKOUT, SCRIPT, TEXT, hostile_text, question_pages, report_page, state_page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the path")

WIDTHS = (1280, 390)
LONG = "x" * 300
CONTRASTS = """() => {
  const channel = c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const rgba = text => text.match(/[\\d.]+/g).map(Number);
  const behind = element => {
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour.length === 3 || colour[3] === 1 ? colour : behind(element.parentElement);
  };
  return [...document.querySelectorAll("body *")].filter(element => element.innerText?.trim()).map(element => {
    const [one, other] = [light(rgba(getComputedStyle(element).color)), light(behind(element))];
    return (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
  });
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def pages(new_tracker: Callable[..., Any], tmp_path: Path) -> dict[str, Path]:
    """Every page, of a usual ledger and of a hostile one with words too long for any line."""
    made = {}
    for name, text in (("usual", TEXT), ("hostile", hostile_text(LONG))):
        with new_tracker(text) as tracker:
            for kind, page in (
                ("report", report_page(tracker)),
                ("state", state_page(tracker)),
                *question_pages(tracker).items(),
            ):
                path = tmp_path / f"{name}-{kind}.html"
                path.write_text(page, encoding="utf-8")
                made[f"{name} {kind}"] = path
    return made


def opened(browser: Any, path: Path, **context: Any) -> tuple[Any, list[str]]:
    """A page, and what happened while it was opened that should not: requests, scripts, errors."""
    page = browser.new_page(**context)
    happened: list[str] = []
    page.on("request", lambda request: happened.append(f"request {request.url}"))
    page.on("dialog", lambda dialog: happened.append(f"dialog {dialog.message}"))
    page.on("console", lambda message: happened.append(f"console {message.text}"))
    page.on("pageerror", lambda error: happened.append(f"error {error}"))
    page.goto(path.as_uri())
    happened.remove(f"request {path.as_uri()}")
    return page, happened


def test_nothing_runs_and_nothing_is_fetched(browser: Any, pages: dict[str, Path]) -> None:
    for path in pages.values():
        page, happened = opened(browser, path)
        assert happened == []
        assert page.evaluate("document.scripts.length + document.images.length") == 0
        page.close()


def test_quotes_with_markup_show_as_text(browser: Any, pages: dict[str, Path]) -> None:
    page, _ = opened(browser, pages["hostile report"])
    shown = page.locator("blockquote").first.inner_text()
    assert SCRIPT in shown
    assert BREAKOUT in shown
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_also_with_everything_unfolded(browser: Any, pages: dict[str, Path], width: int) -> None:
    for path in pages.values():
        page, _ = opened(browser, path, viewport={"width": width, "height": 900})
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_that_wcag_aa_asks_for(browser: Any, pages: dict[str, Path], scheme: str) -> None:
    for path in pages.values():
        page, _ = opened(browser, path, color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert min(page.evaluate(CONTRASTS)) >= 4.5
        page.close()


def test_a_cell_unfolds_by_keyboard_without_a_script(browser: Any, pages: dict[str, Path]) -> None:
    page, _ = opened(browser, pages["usual state"])
    said = page.locator(".matrix details .said").first
    assert not said.is_visible()
    page.locator(".matrix summary").first.press("Enter")
    assert said.is_visible()
    page.close()


def test_the_pages_print_on_a4(browser: Any, pages: dict[str, Path]) -> None:
    for name, path in pages.items():
        page, _ = opened(browser, path)
        pdf = page.pdf(prefer_css_page_size=True)
        page.close()
        assert pdf.startswith(b"%PDF-")
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert len(boxes) == len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1
        sizes = {tuple(round(float(side)) for side in box) for box in boxes}
        assert sizes <= ({(595, 842), (596, 842)} if "state" not in name else {(842, 595), (842, 596)})

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


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """One page for all that a test opens: making one takes longer than all that is asked of it."""
    made = browser.new_page()
    yield made
    made.close()


def opened(page: Any, path: Path) -> list[str]:
    """Open a file, and say what happened meanwhile that should not: requests, scripts, errors."""
    happened: list[str] = []

    def dismiss(dialog: Any) -> None:
        happened.append(f"dialog {dialog.message}")
        dialog.dismiss()

    heard = {
        "request": lambda request: happened.append(f"request {request.url}"),
        "dialog": dismiss,
        "console": lambda message: happened.append(f"console {message.text}"),
        "pageerror": lambda error: happened.append(f"error {error}"),
    }
    for event, hear in heard.items():
        page.on(event, hear)
    page.goto(path.as_uri())
    scripts = page.evaluate("document.scripts.length + document.images.length")
    for event, hear in heard.items():
        page.remove_listener(event, hear)
    happened.remove(f"request {path.as_uri()}")
    return happened + ["scripts or images"] * scripts


def test_nothing_runs_and_nothing_is_fetched(page: Any, pages: dict[str, Path]) -> None:
    for name, path in pages.items():
        assert opened(page, path) == [], name


def test_what_runs_or_is_fetched_is_seen(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<img src=missing.png><script>console.log('ran'); alert(1); nothing()</script>")
    assert {one.split()[0] for one in opened(page, path)} == {"console", "dialog", "error", "request", "scripts"}


def test_quotes_with_markup_show_as_text(page: Any, pages: dict[str, Path]) -> None:
    opened(page, pages["hostile report"])
    shown = page.locator("blockquote").first.inner_text()
    assert SCRIPT in shown
    assert BREAKOUT in shown


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_also_with_everything_unfolded(page: Any, pages: dict[str, Path], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for name, path in pages.items():
        opened(page, path)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_that_wcag_aa_asks_for(page: Any, pages: dict[str, Path], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    for name, path in pages.items():
        opened(page, path)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert min(page.evaluate(CONTRASTS)) >= 4.5, name


def test_a_cell_unfolds_by_keyboard_without_a_script(page: Any, pages: dict[str, Path]) -> None:
    opened(page, pages["usual state"])
    said = page.locator(".matrix details .said").first
    assert not said.is_visible()
    page.locator(".matrix summary").first.press("Enter")
    assert said.is_visible()


def test_the_pages_print_on_a4(page: Any, pages: dict[str, Path]) -> None:
    for name, path in pages.items():
        opened(page, path)
        pdf = page.pdf(prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF-")
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert len(boxes) == len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1
        sizes = {tuple(round(float(side)) for side in box) for box in boxes}
        assert sizes <= ({(595, 842), (596, 842)} if "state" not in name else {(842, 595), (842, 596)})

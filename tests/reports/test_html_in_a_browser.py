"""The HTML pages in a browser: nothing runs, is fetched, sticks out or lies over another, and all of it prints."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import CONTRASTS, launched
from tests.conftest import filled
from tests.databases import Databases
from tests.reports.test_html import BREAKOUT, SCRIPT, TEXT, TO, hostile_text, question_pages, report_page, state_page
from tracker.reports.html import render_state
from tracker.reports.state_answer import StateAnswer

WIDTHS = (1600, 1280, 1000, 800, 600, 400, 320)
PRINTED_WIDTHS = {"landscape": 1001, "portrait": 673}
"""The widths of A4 between its margins, in CSS pixels."""
LONG = "x" * 300
OVERPRINTED = """() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest(".aside")) continue;
    const cell = element.closest("td, th")?.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const {left, right, top, bottom} of range.getClientRects())
      if (right - left > 1) texts.push({node, cell, left, right, top, bottom});
  }
  texts.sort((one, other) => one.top - other.top);
  const shown = ({node}) => node.data.trim().slice(0, 30);
  const found = texts.filter(({cell, left, right}) => cell && (left < cell.left - 1 || right > cell.right + 1))
    .map(text => `${shown(text)} leaves its cell`);
  texts.forEach((one, at) => {
    for (const other of texts.slice(at + 1)) {
      if (other.top > one.bottom - 4) break;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (one.node !== other.node && wide > 2) found.push(`${shown(one)} over ${shown(other)}`);
    }
  });
  return found;
}"""
MANY = """
    issue arms/start title="A title of some length" question="Should a question of some length be answered?"
    started PAA NATO 2019-01-01
    stated NATO arms/start neutral 2019-01-01 attribution=inferred standing=remark
    """ + "\n".join(
    f"""
    stated P{letter}A arms/start opposes 2019-01-10 speaker=Ann
    stated P{letter}A arms/start conditional 2019-01-20 attribution=inferred standing=remark speaker=Bob
    stated P{letter}A trade conditional 2019-01-10 attribution=ascribed ascribed_by=PAA standing=remark if=mutual
    withdrawn P{letter}A arms/inf 2019-01-11
    """
    for letter in "ABCDEFGH"
)
"""A ledger of eight parties, each with the longest stance and as many marks as there can be."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(sqlite_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every page, of a usual ledger and of a hostile one with words too long for any line."""
    made, folder = {}, tmp_path_factory.mktemp("pages")
    for name, text in (("usual", TEXT), ("hostile", hostile_text(LONG))):
        with filled(sqlite_databases, text) as (_, tracker):
            for kind, page in (
                ("report", report_page(tracker)),
                ("state", state_page(tracker)),
                *question_pages(tracker).items(),
            ):
                path = folder / f"{name}-{kind}.html"
                path.write_text(page, encoding="utf-8")
                made[f"{name} {kind}"] = path
    with filled(sqlite_databases, MANY) as (_, tracker):
        made["many state"] = folder / "many-state.html"
        answer = StateAnswer(tracker.state(TO, inherit=True), names=tracker.registers(TO))
        made["many state"].write_text(render_state(answer), encoding="utf-8")
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


def test_nothing_sticks_out_or_lies_over_another_also_with_everything_unfolded(
    page: Any, pages: dict[str, Path]
) -> None:
    for name, path in pages.items():
        opened(page, path)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert page.evaluate(OVERPRINTED) == [], (name, width)


def test_what_lies_over_another_or_leaves_its_cell_is_seen(page: Any) -> None:
    page.set_content("<p style='margin-bottom: -1em'>one</p><p style='margin: 0'>other</p>")
    assert page.evaluate(OVERPRINTED) == ["one over other"]
    page.set_content("<table style='table-layout: fixed; width: 9px'><td>supports")
    assert page.evaluate(OVERPRINTED) == ["supports leaves its cell"]


def test_paper_shows_what_was_said_and_nothing_over_another(page: Any, pages: dict[str, Path]) -> None:
    page.emulate_media(media="print")
    for name, path in pages.items():
        opened(page, path)
        for width in PRINTED_WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert page.evaluate(OVERPRINTED) == [], (name, width)
        assert page.evaluate("[...document.querySelectorAll('.said')].every(said => said.checkVisibility())"), name
    assert page.locator(".said").count() > 20


def test_all_text_has_the_contrast_that_wcag_aa_asks_for(page: Any, pages: dict[str, Path]) -> None:
    for name, path in pages.items():
        opened(page, path)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert min(page.evaluate(CONTRASTS)) >= 4.5, (name, scheme)


def test_an_issue_unfolds_by_keyboard_without_a_script(page: Any, pages: dict[str, Path]) -> None:
    opened(page, pages["usual state"])
    said = page.locator(".matrix details .said").first
    assert not said.is_visible()
    page.locator(".matrix summary").first.press("Enter")
    assert said.is_visible()


def test_the_pages_print_on_a4(page: Any, pages: dict[str, Path]) -> None:
    for name in ("usual report", "usual history", "many state", "hostile report", "hostile state"):
        opened(page, pages[name])
        pdf = page.pdf(prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF-")
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert len(boxes) == len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1
        sizes = {tuple(round(float(side)) for side in box) for box in boxes}
        assert sizes <= ({(595, 842), (596, 842)} if "state" not in name else {(842, 595), (842, 596)})

"""Debian's Chromium, driven by Playwright; what wants it is skipped, with a sentence, where it is not installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium")
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
"""The contrast of every text on a page with what is behind it: WCAG AA asks for 4.5."""


@contextmanager
def launched() -> Iterator["Browser"]:
    """A browser without a window, which asks nothing of other hosts by itself."""
    if CHROMIUM is None:
        pytest.skip("There is no chromium on the path: install Debian's package of that name to run these tests.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        try:
            yield browser
        finally:
            browser.close()

"""Photograph the page for the documents: the shipped record behind `tracker serve`, in a Chromium without a window.

`make pictures` writes them. Text is drawn with the fonts of the machine, so that no test compares the pixels.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.documents import PICTURES

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRACKER = Path(sys.executable).parent / "tracker"
TODAY = datetime(2026, 12, 1)
"""The browser's day: the slider of days ends there."""
MOST_BYTES = 150_000


class Picture(NamedTuple):
    """A page at an address. `before` does what a reader would, `part` is the selector of what is shown of the page."""

    address: str
    height: int
    before: "Callable[[Page], None]" = lambda _: None
    part: str | None = None


def _point_at_a_cell(page: "Page") -> None:
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Extension of New START", exact=True))
    row.get_by_role("cell").nth(1).get_by_role("link").hover()
    page.locator("#card").wait_for(state="visible")


PAGES = {
    "page-matrix.png": Picture("/?on=2019-12-10&issue=arms-control", 780, _point_at_a_cell),
    "page-clock.png": Picture("/?on=2019-12-10&issue=arms-control&clock=public", 640),
    "page-issue.png": Picture("/issues/arms-control/new-start/extension?on=2021-02-05", 900, part="main svg:visible"),
    "page-compare.png": Picture("/compare?from=2019-12-10&to=2021-02-05&issue=new-start&party=USA&party=RUS", 640),
}
"""By file name."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the shipped record; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([TRACKER, "demo"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
        command = [str(TRACKER), "--db", "tracker-demo.db", "serve", "--port", "0"]
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            assert server.stdout is not None
            try:
                yield server.stdout.readline().split()[-1].rstrip("/")
            finally:
                server.terminate()


def photographs() -> Iterator[tuple[str, bytes]]:
    """The pictures by file name, as PNG."""
    from playwright.sync_api import sync_playwright

    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, picture in PAGES.items():
            size = {"width": 1240, "height": picture.height}
            page = browser.new_page(viewport=size, color_scheme="light", locale="en-GB", timezone_id="UTC")  # type: ignore[arg-type]
            page.clock.set_fixed_time(TODAY)
            page.goto(f"{address}{picture.address}", wait_until="networkidle", timeout=120_000)
            picture.before(page)
            shown = page.locator(picture.part).first if picture.part else page
            yield name, shown.screenshot(animations="disabled")
            page.close()
        browser.close()


def main() -> None:
    for name, picture in photographs():
        assert len(picture) <= MOST_BYTES, f"{name} has {len(picture)} bytes"
        (PICTURES / name).write_bytes(picture)


if __name__ == "__main__":
    main()

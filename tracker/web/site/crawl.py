"""Every page that the site leads to: asked of the application one after the other, from the front page on."""

from collections import deque
from collections.abc import Callable
from pathlib import Path

from starlette.types import ASGIApp

from tracker.errors import TrackerError
from tracker.web.problems import problem_of
from tracker.web.site.asking import ask
from tracker.web.site.files import link_between
from tracker.web.site.links import links, relinked, title_of
from tracker.web.site.places import Place, Places

START = "/"
ENTRIES = "entries/"


class Crawl:
    """The pages of a site, written as the application gives them, and then led to each other.

    A page that the application does not have is left out, with the links to it.
    """

    def __init__(self, app: ASGIApp, places: Places, folder: Path, *, base: str, entries_lead_on: bool) -> None:
        self._app, self._places, self._folder, self._base = app, places, folder, base
        self._entries_lead_on = entries_lead_on
        self._found: dict[str, Place] = {}
        self._waiting: deque[Place] = deque()
        self.pages: dict[str, str] = {}
        """The pages that were written, by file, with their titles."""
        self.data: list[Place] = []
        """The answers that are written whole, for the caller to write."""

    def expect(self, address: str) -> None:
        """Have a page, or another file, written."""
        place = self._places.find(address)
        if place is not None and place.file not in self._found:
            self._found[place.file] = place
            if place.question is not None:
                self.data.append(place)
            elif place.address:
                self._waiting.append(place)

    async def run(self, progress: Callable[[int], None]) -> None:
        """Write all that is expected, and all that it leads to. Raises TrackerError."""
        while self._waiting:
            place = self._waiting.popleft()
            body = await self.text_of(place.address)
            if body is None:
                del self._found[place.file]
                continue
            if place.is_page:
                page = body.decode()
                self.pages[place.file] = title_of(page)
                for address in links(page):
                    self._follow(address, place)
            self.write(place.file, body)
            progress(1)

    def _follow(self, address: str, page: Place) -> None:
        """The entries that others cite belong to a narrowed site, those that only entries lead to do not."""
        if self._entries_lead_on or not page.file.startswith(ENTRIES):
            self.expect(address)
            return
        place = self._places.find(address)
        if place is not None and not (place.is_page and place.file.startswith(ENTRIES)):
            self.expect(address)

    async def text_of(self, address: str) -> bytes | None:
        """Return what the application has at an address; None if it has nothing there. Raises TrackerError."""
        try:
            reply = await ask(self._app, address)
        except TrackerError as refusal:
            if problem_of(refusal).status == 404:
                return None
            raise
        if reply.status == 404:
            return None
        if reply.status != 200:
            raise RuntimeError(f"{address} is answered with {reply.status}")
        return reply.body

    def write(self, file: str, body: bytes) -> None:
        """Write a file of the site."""
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def lead(self, page: str) -> None:
        """Lead the links of a page that was written to the files of the site."""
        path = self._folder / page
        path.write_bytes(self.led(path.read_text(encoding="utf-8"), page).encode())

    def led(self, text: str, page: str) -> str:
        """Return a page with links that lead to the files of the site from where it stands."""

        def target(address: str) -> str | None:
            place = self._places.find(address)
            if place is None or not (place.file in self._found or not place.address):
                return None
            fragment = f"#{place.fragment}" if place.fragment else ""
            whole = self._base and page.endswith(".atom")
            return (f"{self._base}{place.file}" if whole else link_between(page, place.file)) + fragment

        return relinked(text, target)

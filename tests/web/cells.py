"""The cells of a matrix, read from its page."""

from html.parser import HTMLParser


class Cells(HTMLParser):
    """The cells of all tables by issue and party, with the text of the stance and whether they differ."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: dict[tuple[str, str], str] = {}
        self.differing: set[tuple[str, str]] = set()
        self._parties: list[str] = []
        self._issue = ""
        self._at = 0
        self._within: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        href = given.get("href") or ""
        if tag == "table":
            self._parties = []
        elif tag == "a" and href.startswith("/parties/"):
            self._parties.append(href.removeprefix("/parties/").partition("?")[0])
        elif tag == "a" and href.startswith("/issues/"):
            self._issue, self._at = href.removeprefix("/issues/").partition("?")[0], 0
        elif tag == "td":
            if "differs" in (given.get("class") or ""):
                self.differing.add((self._issue, self._parties[self._at]))
        elif "stance" in (given.get("class") or "").split():
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within is not None:
            self._within += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._within is not None:
            self.cells.setdefault((self._issue, self._parties[self._at]), self._within)
            self._within = None
        elif tag == "td":
            self._at += 1

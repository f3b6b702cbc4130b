"""Where the addresses of the application lead in a site: to a file, and to the address that asks for its contents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tracker.presenting.parameters import QUESTIONS
from tracker.reports.formats import FORMATS
from tracker.web.asking.address import ASKED, address_name, parameters_of, query_text
from tracker.web.frame import PATHS, api_path
from tracker.web.site.cut import Cut
from tracker.web.site.files import issue_file, party_file

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """A file of a site. `address` asks the application for its contents; empty for one that the site makes itself."""

    file: str
    address: str = ""
    question: str | None = None
    """The question whose answer the file holds as data, whole."""
    fragment: str = ""

    @property
    def pairs(self) -> Pairs:
        """The query of the address."""
        return parse_qsl(self.address.partition("?")[2], keep_blank_values=True)

    @property
    def is_page(self) -> bool:
        """Whether links lead on from it."""
        return self.file.endswith((".html", ".atom"))


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of the application: its file without ending, its path, and what its address holds beside the cut."""

    stem: str
    path: str
    own: Pairs = ()
    question: str | None = None


class Places:
    """The files of a site of one cut.

    `between` are the days of its change report; `position_of` finds the log position of an entry by its id.
    """

    def __init__(self, cut: Cut, between: tuple[date, date], position_of: Callable[[str], int | None]) -> None:
        self._cut, self._position_of = cut, position_of
        self._between = [("from", between[0].isoformat()), ("to", between[1].isoformat())]
        self.find = lru_cache(maxsize=100_000)(self._find)
        """Return the place to which an address of the application leads; None for what the site has no file of."""
        self._cuts = {name: [value for key, value in cut.pairs if key == name] for name, _ in cut.pairs}

    def _find(self, address: str) -> Place | None:
        split = urlsplit(address)
        path, given = unquote(split.path), parse_qsl(split.query, keep_blank_values=True)
        if path.startswith("/static/"):
            return Place(path[1:], path)
        if path.startswith(OWN):
            return Place(path.removeprefix(OWN))
        form = dict(given).get("format", "json") if path.startswith("/api/") else "html"
        page = self._page_at(_without_api(path), [pair for pair in given if pair[0] not in _OF_NO_PAGE])
        if page is None or (form != "html" and not FORMATS.get(form, FORMATS["html"]).is_data):
            return None
        return self._place(page, form, dict(given).get("on", ""))

    def matrix_on(self, day: date) -> str:
        """Return the address of the matrix on a day."""
        return f"/?{query_text([('on', day.isoformat()), *self._cut.pairs])}"

    def _place(self, page: _Page, form: str, on: str) -> Place:
        fragment = on if page.path == "/" and on != self._cut.on.isoformat() else ""
        if page.path == FEED:
            return Place(page.stem, f"{FEED}?{query_text(self._cut.pairs)}")
        if form == "html":
            return Place(f"{page.stem}.html", self._address(page, page.path), fragment=fragment)
        question = page.question if page.question in QUESTIONS else None
        path = api_path(question) if question else f"/api{page.path}"
        return Place(f"{page.stem}.{form}", self._address(page, path, ("format", form)), question)

    def _address(self, page: _Page, path: str, *more: tuple[str, str]) -> str:
        taken = None
        if page.question is not None and page.question in ASKED:
            taken = {address_name(one) for one in parameters_of(page.question)} - {name for name, _ in page.own}
        pairs = [("on", self._cut.on.isoformat()), *self._cut.pairs]
        if page.question == "report":
            pairs = [*self._between, *self._cut.pairs]
        kept = [pair for pair in pairs if taken is None or pair[0] in taken]
        return f"{quote(path)}?{query_text([*page.own, *kept, *more])}"

    def _page_at(self, path: str, given: Pairs) -> _Page | None:
        """The page at a path, if what is given beside the cut asks for nothing else than the page of this site."""
        question = next((one for one, at in PATHS.items() if at == path), None)
        if question == "explain":
            return self._explanation(dict(given))
        own = [pair for pair in given if pair[1] not in self._cuts.get(pair[0], ())]
        match path.strip("/").split("/", 1):
            case ["issues", issue] if self._cut.has_issue(issue) and _only(own, "on"):
                return _Page(f"issues/{issue_file(issue)}", path, question="issue")
            case ["parties", party] if self._cut.has_party(party) and _only(own, "on"):
                return _Page(f"parties/{party_file(party)}", path, question="party")
            case ["entries", name] if _only(own, "on"):
                return self._entry(name)
            case _ if path == FEED and _only(own):
                return _Page("feed.atom", path)
        if question not in STEMS or not self.has(question):
            return None
        fixed = {"from": {self._between[0][1]}, "to": {self._between[1][1]}} if question == "report" else {}
        fixed["on"] = {value for _, value in own} if question == "state" else {self._cut.on.isoformat()}
        asks_it = all(value in fixed.get(name, ()) for name, value in own)
        return _Page(STEMS[question], path, question=question) if asks_it else None

    def _entry(self, name: str) -> _Page | None:
        """An entry has one page, whether it is named by its position or by its id."""
        position = int(name) if name.isascii() and name.isdigit() else self._position_of(name)
        if position is None or not 0 < position <= self._cut.position:
            return None
        return _Page(f"entries/{position}", f"/entries/{position}", question="entry")

    def _explanation(self, given: Mapping[str, str]) -> _Page | None:
        party, issue = given.get("party", ""), given.get("issue", "")
        rest = [pair for pair in given.items() if pair[0] not in ("party", "issue", "on", "within_cutoffs")]
        same = all(value in self._cuts.get(name, ()) for name, value in rest)
        if not (party and issue and same and self._cut.has_party(party) and self._cut.has_issue(issue)):
            return None
        stem = f"positions/{party_file(party)}/{issue_file(issue)}"
        return _Page(stem, "/explain", (("party", party), ("issue", issue), ("within_cutoffs", "1")), "explain")

    def has(self, question: str) -> bool:
        """Whether a question has its page: not if its answer would show what the filters leave out."""
        taken = {address_name(one) for one in parameters_of(question)}
        return question in STEMS and self._cuts.keys() <= taken


STEMS = {
    "state": "index",
    "report": "changes",
    "consensus": "consensus",
    "agreement": "agreement",
    "asks": "asks",
    "conditions": "conditions",
    "history": "history",
}
"""By question: the name of its file."""
OWN = "/site/"
"""What the paths of files begin with that the application does not know."""
FEED = "/feed.atom"
_OF_NO_PAGE = ("format", "hash", "titles")


def _without_api(path: str) -> str:
    if not path.startswith("/api/"):
        return path
    return "/" if path == api_path("state") else path.removeprefix("/api")


def _only(pairs: Pairs, *names: str) -> bool:
    return all(name in names for name, _ in pairs)

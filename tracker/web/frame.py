"""What stands around an answer on every page: where one can go, what narrows it, and how it is taken away or cited."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader

from tracker.reports.formats import RENDERERS, formats_of
from tracker.reports.html import TEMPLATES, Shell, environment_of
from tracker.reports.positions.values import GLYPHS
from tracker.web.asking.address import ASKED, Address, address_name, filter_pairs, query_text
from tracker.web.asking.answering import Inquiry, days_of, pinned
from tracker.web.asking.question_form import QuestionForm, form_of
from tracker.web.asking.questions import formats_name
from tracker.web.release import RELEASE
from tracker.web.written import SiteFacts

PATHS = {
    "state": "/",
    "report": "/report",
    "consensus": "/consensus",
    "agreement": "/agreement",
    "asks": "/asks",
    "conditions": "/conditions",
    "history": "/history",
    "explain": "/explain",
    "find": "/search",
    "compare": "/compare",
}
"""The page of each question."""


def api_path(question: str) -> str:
    """The path of a question's answer in the API: that of its page below /api, of the matrix `/api/state`."""
    return f"/api{PATHS[question]}" if PATHS[question] != "/" else f"/api/{question}"


class Tab(NamedTuple):
    """A page that every page leads to; the key is pressed after `g`."""

    path: str
    name: str
    key: str


TABS = (
    Tab("/", "Matrix", "m"),
    Tab("/report", "Changes", "r"),
    Tab("/compare", "Compare", "c"),
    Tab("/consensus", "Consensus", "o"),
    Tab("/agreement", "Agreement", "a"),
    Tab("/asks", "Asks", "k"),
    Tab("/conditions", "Conditions", "d"),
    Tab("/history", "Steps", "s"),
    Tab("/log", "Log", "l"),
)
"""In the order in which they show."""


class Link(NamedTuple):
    """Words, and the address to which they lead."""

    text: str
    href: str


class Tag(NamedTuple):
    """A filter or a cut-off, and the address without it. `positions` is how many pass it, where a page says so."""

    name: str
    value: str
    without: str
    positions: int | None = None


class Frame(NamedTuple):
    """What a page shows around its answer. `path` is that of the page, `asked` what it asks, None for other pages."""

    path: str
    tabs: Sequence[tuple[Tab, str]]
    """Each with its address, which keeps the filters and cut-offs."""
    tags: Sequence["Tag"]
    kept: Sequence[tuple[str, str]]
    """The same as names and values, for forms that keep them."""
    downloads: Sequence[Link]
    cite: str
    """The address of the same answer for ever; empty where there is none."""
    form: QuestionForm | None = None
    """The form of the page's question, if it has one."""
    feed: str = "/feed.atom"
    """The feed of what moves within the same filters."""
    search: str = ""
    release: str = RELEASE
    recording: bool = False
    about: str = ""
    """What follows the path of a party, an issue or an entry: the day and the cut-offs of the page."""
    cuts: str = ""
    """The same without the day, to follow other parameters."""

    def party(self, code: str) -> str:
        """The address of a party's page."""
        return f"/parties/{quote(code, safe='')}{self.about}"

    def issue(self, path: str) -> str:
        """The address of the page of an issue, or of a group of issues."""
        return f"/issues/{quote(path)}{self.about}"

    def entry(self, name: str | int) -> str:
        """The address of the page of an entry, by its position or its id."""
        return f"/entries/{quote(str(name), safe='')}{self.about}"


def frame_of(path: str, asked: Inquiry | None, *, recording: bool = False) -> Frame:
    """The frame of a page that shows the answer to an address, or of one that shows something else."""
    kept = tuple(filter_pairs(asked.address)) if asked else ()
    words = asked.address.values.get("text") if asked else None
    return Frame(
        path,
        [(tab, _with(tab.path, (*_day_for(tab, asked), *_taken_by(tab, kept)))) for tab in TABS],
        tuple(_tags(path, asked.address)) if asked else (),
        kept,
        [] if asked is None else _downloads(path, asked),
        f"{path}?{pinned(asked, hash=asked.head.hash.hex()[:16])}" if asked else "",
        form=form_of(asked.address, days_of(asked)) if asked else None,
        feed=feed_of(kept),
        search=words or "",
        recording=recording,
        about=_about(asked.address) if asked else "",
        cuts=_about(asked.address, with_day=False).replace("?", "&") if asked else "",
    )


def _about(address: Address, *, with_day: bool = True) -> str:
    """The day and the cut-offs of an address, as links to what it is about keep them."""
    given = dict(address.given)
    day = (given.get("on") or given.get("to")) if with_day else None
    cuts = [(name, given[name]) for name in ("known_at", "published_by") if name in given]
    attributions = [pair for pair in address.given if pair[0] == "attribution"]
    return _with("", [*([("on", day)] if day else []), *attributions, *cuts])


def feed_of(kept: Sequence[tuple[str, str]]) -> str:
    """The address of the feed of what moves within some filters."""
    return _with("/feed.atom", kept)


def _taken_by(tab: Tab, kept: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What another page takes of the filters and cut-offs of this one."""
    question = next((name for name, path in PATHS.items() if path == tab.path), None)
    names = {address_name(one) for one in ASKED[question]} if question else set()
    yield from (pair for pair in kept if pair[0] in names)


def _day_for(tab: Tab, asked: Inquiry | None) -> Sequence[tuple[str, str]]:
    """The day of a page as another page takes it, if the address names one: a report is of the year up to it."""
    given = dict(asked.address.given) if asked else {}
    day = given.get("on") or given.get("to")
    if asked is None or day is None or tab.path == "/log":
        return ()
    last = days_of(asked).get("on" if "on" in given else "to")
    if tab.path == "/report" and last is not None and last.year > 1:
        return ("from", (last - timedelta(365)).isoformat()), ("to", last.isoformat())
    return (("to" if tab.path == "/compare" else "on", day),)


def _with(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{query_text(pairs)}" if pairs else path


def _tags(path: str, address: Address) -> Iterator[Tag]:
    for pair in dict.fromkeys(filter_pairs(address)):
        yield Tag(pair[0].replace("_", " "), pair[1], _with(path, [one for one in address.given if one != pair]))


def _downloads(path: str, asked: Inquiry) -> list[Link]:
    """The answer of a page in every format that keeps, as the command line prints it."""
    path = api_path(asked.address.question) if asked.address.question in PATHS else f"/api{path}"
    name = formats_name(asked.address)
    own = name not in RENDERERS  # the page's own question has data alone
    forms = ["json"] if own else [form for form in formats_of(name) if form != "table"]
    return [Link(_FORMAT_NAMES.get(form, form.upper()), f"{path}?{pinned(asked, format=form)}") for form in forms]


_FORMAT_NAMES = {"md": "Markdown", "graphml": "GraphML"}
_PAGES = PackageLoader("tracker.web")


@lru_cache(maxsize=2)
def environment(written: SiteFacts | None = None) -> Environment:
    """The environment of the site: its own frame around the templates of answers, which are compiled once."""
    made = environment_of(ChoiceLoader([_PAGES, TEMPLATES]))
    made.globals |= {"query_text": query_text, "glyphs": GLYPHS, "written": written}
    return made


def shell(pages: Environment, frame: Frame, **contents: Any) -> Shell:
    """The frame as answers take it."""
    return Shell(pages, {"frame": frame, **contents})

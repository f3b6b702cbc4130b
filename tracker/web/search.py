"""The search page: what was found, with the words marked, and hints where nothing was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.domain.answers.search import Search, SearchHit, SearchTerms, is_too_short, marked, parse_search
from tracker.domain.terms.scope import Query, Scope
from tracker.errors import BadValue
from tracker.presenting.presentation import registers_of
from tracker.reports.names import Names
from tracker.reports.positions.joint import joint_rows
from tracker.reports.tables.statement_tables import signs_of
from tracker.reports.wording import stated_text
from tracker.web.asking.address import query_text
from tracker.web.asking.answering import Inquiry

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

MOST_SHOWN = 200
"""How many hits a page shows."""
_MOST_HINTS = 5

Parts = Sequence[tuple[str, bool]]
"""A text in parts, each with whether it is what was looked for."""


class Hit(NamedTuple):
    """An entry that was found: of several parties, if they said it jointly."""

    row: SearchHit
    parties: Sequence[tuple[str, str]]
    """The code and the name of each."""
    issue: str | None
    """The issue's title."""
    source: str | None
    """The source's publisher and title."""
    day: str
    signs: str
    summary: Parts
    passage: Parts
    """The words around those that were found, where they are not in the summary."""


class Hint(NamedTuple):
    """Another search, what comes of it, and its address if it finds something."""

    words: str
    says: str
    href: str | None = None


class SearchAnswer(NamedTuple):
    """What the page shows of a search; without `hits` the `sentence` says why."""

    hits: Sequence[Hit] = ()
    sentence: str = ""
    hints: Sequence[Hint] = ()
    has_more: bool = False
    found: Search | None = None


def search_answer(asked: Inquiry, snapshot: "Snapshot") -> SearchAnswer:
    """Search for the words that an address holds, or say in a sentence what is wrong with them."""
    words: str | None = asked.address.values["text"]
    if words is None:
        return SearchAnswer(sentence=_EMPTY)
    try:
        terms = parse_search(words)
    except BadValue as wrong:
        return SearchAnswer(sentence=wrong.message)
    if is_too_short(terms):
        return SearchAnswer(sentence=_TOO_SHORT)
    limit = min(asked.address.values["limit"], MOST_SHOWN)
    found = snapshot.find(words, asked.address.values["on"], asked.query, listing=asked.address.listing, limit=limit)
    if not found.found:
        return SearchAnswer(sentence=_NOTHING, hints=list(_hints(asked, snapshot, words)), found=found)
    hits = list(
        _hits(found, terms, Names(registers_of(snapshot, _Cut(found, asked.query), asked.address.values["on"])))
    )
    return SearchAnswer(hits, has_more=found.has_more, found=found)


_EMPTY = "Write the words to look for: in summaries, quotes, reasons, speakers, titles. Each word may go on (nucl)."
_TOO_SHORT = "One letter begins too many words: write at least two."
_NOTHING = "Nothing on record holds all of these words in one entry."


class _Cut:
    """The cut-offs of a search, as `registers_of` takes them."""

    def __init__(self, found: Search, query: Query) -> None:
        self.log, self.published_by = found.log, query.published_by


def _hits(found: Search, terms: SearchTerms, names: Names) -> Iterator[Hit]:
    for together in joint_rows(found.found, lambda hit: (hit.found_in, hit.passage)):
        row = together[0]
        is_in_summary = row.found_in == "summary" or row.passage in row.summary
        yield Hit(
            row,
            [(one.party, names.name(one.party)) for one in together if one.party],
            names.title(row.issue) if row.issue else None,
            _source(row.source, names),
            _day(row),
            signs_of(row),
            marked(terms, row.summary),
            [] if is_in_summary else marked(terms, row.passage),
        )


def _day(row: SearchHit) -> str:
    return stated_text(row.stated_on or row.on.isoformat()) if row.on else ""


def _source(source: str | None, names: Names) -> str | None:
    registered = names.registers.sources.get(source) if names.registers and source else None
    return f"{registered.publisher}: {registered.title}" if registered else source


def _hints(asked: Inquiry, snapshot: "Snapshot", words: str) -> Iterator[Hint]:
    """What finds something: the same without its filters, or each word alone."""
    values, query = asked.address.values, asked.query
    own: Mapping[str, Any] = {"on": values["on"], "known_at": query.known_at, "published_by": query.published_by}
    kept = [(name, value) for name, value in asked.address.given if name in own]
    without = replace(query, scope=Scope())
    if (query.scope != Scope() or asked.address.listing) and _finds(snapshot, words, values["on"], without):
        yield Hint(words, "is found without the filters", f"/search?{query_text([('text', words), *kept])}")
    parts = [part for part in words.replace('"', " ").split() if any(map(str.isalnum, part))]
    for part in parts[:_MOST_HINTS] if len(parts) > 1 else ():
        is_found = not is_too_short(parse_search(part)) and _finds(snapshot, part, values["on"], query)
        rest = [pair for pair in asked.address.given if pair[0] != "text"]
        if is_found:
            yield Hint(part, "alone is found", f"/search?{query_text([('text', part), *rest])}")
        else:
            yield Hint(part, "is not found at all")


def _finds(snapshot: "Snapshot", words: str, on: date | None, query: Query) -> bool:
    return bool(snapshot.find(words, on, query, limit=1).found)

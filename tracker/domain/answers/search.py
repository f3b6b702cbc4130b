"""What a search looks for, in which order it shows what it finds, and the passage that it shows."""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.columns import ForPeople
from tracker.domain.terms.vocabulary import Attribution, Standing
from tracker.domain.terms.words import PIECE, placed_words, words_in
from tracker.domain.timeline.statement import NO_DETAILS, Details, Statement, Value
from tracker.errors import BadValue

MOST_HITS = 1_000
"""How many hits a search shows unless it is asked for another number."""


class SearchTerm(NamedTuple):
    """Words that must follow each other; of a prefix, the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool

    def occurs_in(self, words: str) -> bool:
        """Return whether the words of an entry (see `searched_words`) hold it."""
        return f" {' '.join(self.words)}{'' if self.is_prefix else ' '}" in f" {words} "


SearchTerms = tuple[SearchTerm, ...]
"""All of them must occur in an entry."""


def parse_search(text: str) -> SearchTerms:
    """Read a search: words, each of which may go on, and phrases in quotation marks. Raises BadValue for none."""
    terms = []
    for phrase, word in _TERM.findall(text):
        if words := tuple(words_in(phrase or word)):
            terms.append(SearchTerm(words, is_prefix=not phrase))
    if not terms:
        raise BadValue(f"{text!r} holds no word to look for. Write words, or a phrase in quotation marks.")
    return tuple(terms)


def ranked_terms(terms: SearchTerms) -> tuple[SearchTerms, ...]:
    """Return what makes a hit a better one, the best first: the words in a row, whole words, beginnings of words.

    Each one finds all that those before it find. Among equals the entry recorded last comes first.
    """
    whole = tuple(SearchTerm(term.words, is_prefix=False) for term in terms)
    in_a_row = (SearchTerm(tuple(word for term in terms for word in term.words), is_prefix=False),)
    return tuple(dict.fromkeys((in_a_row, whole, terms)))


class SearchHit(NamedTuple):
    """An entry with the words of a search. `on` is its effective day, `found_in` the field, `passage` the words there.

    A statement or withdrawal has the fields of its own. A corroboration comes with the party, issue, days, value and
    summary of the statement that it is about, and its own quote, source and attribution. An issue has its path and its
    title as the summary, a source its id and title, any other fact the first of its words; all else is None. `reworded`
    says that the statement answers an earlier wording of the question; `unit` is that of a quantity, and `statement`
    the one with the words itself.
    """

    kind: str
    party: str | None
    issue: str | None
    on: date | None
    stated_on: str | None
    value: Value | None
    event_id: str
    summary: str
    quote: str | None
    source: str | None
    speaker: str | None
    attribution: Attribution | None
    found_in: str
    passage: str
    position: int
    standing: Standing | None = None
    on_behalf_of: tuple[str, ...] = ()
    ascribed_by: str | None = None
    reworded: bool = False
    unit: ForPeople[str | None] = None
    statement: ForPeople[Statement | None] = None

    @property
    def details(self) -> Details:
        """What the statement says besides its position."""
        return self.statement.details if self.statement else NO_DETAILS


@dataclass(frozen=True, slots=True)
class Search:
    """The best hits, and how many statements `published_by` left out because no dated source carries them.

    `log` is the log position that they rest on. `has_more` says whether there are more hits than were asked for.
    """

    log: LogHead
    found: tuple[SearchHit, ...]
    has_more: bool
    left_out_undated: int


def find_passage(terms: SearchTerms, texts: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the first field whose text holds a term, the first ones first, with the words around it."""
    texts = list(texts)
    for term in _shown_terms(terms):
        for field, text in texts:
            if place := _place_of(term, text):
                return field, _around(text, *place)
    return texts[0][0], _around(texts[0][1], 0, 0)


@lru_cache(maxsize=16)
def _shown_terms(terms: SearchTerms) -> SearchTerms:
    return (*ranked_terms(terms)[0], *terms)


def marked(terms: SearchTerms, text: str) -> list[tuple[str, bool]]:
    """Return a text in parts, each with whether it is what was looked for: every place of every term."""
    placed = list(placed_words(text))
    words = [word for word, *_ in placed]
    hits: list[tuple[int, int]] = []
    for term in terms:
        length = len(term.words)
        for at in range(len(words) - length + 1):
            if _holds(term, words[at : at + length]):
                hits.append((placed[at][1], placed[at + length - 1][2]))
    parts, done = list[tuple[str, bool]](), 0
    for start, end in sorted(hits):
        if end > done:
            parts += [(text[done:start], False), (text[max(start, done) : end], True)]
            done = end
    return [part for part in (*parts, (text[done:], False)) if part[0]]


def is_too_short(terms: SearchTerms) -> bool:
    """Return whether a search is for beginnings of words alone, of one letter each: too many words begin so.

    In scripts without spaces, one character is a word.
    """
    return all(term.is_prefix and len("".join(term.words)) == 1 and term.words[0].isascii() for term in terms)


def _holds(term: SearchTerm, words: Sequence[str]) -> bool:
    *before, last = term.words
    return [*words[:-1]] == before and (words[-1].startswith(last) if term.is_prefix else words[-1] == last)


_TERM = re.compile(r'["“”„«]([^"“”„«»]*)["“”»]|([^\s"“”„«»]+)')
_AROUND = 60
"""How many characters of a text are shown before and after what was looked for."""


def _place_of(term: SearchTerm, text: str) -> tuple[int, int] | None:
    """Return where a term begins and ends in a text as it was written."""
    *before, last = term.words
    recent = deque[tuple[str, re.Match[str]]](maxlen=len(term.words))
    for piece in PIECE.finditer(text):
        for word in _words_of_piece(piece[0]):
            recent.append((word, piece))
            is_last = word.startswith(last) if term.is_prefix else word == last
            if is_last and [one for one, _ in recent] == [*before, word]:
                return recent[0][1].start(), piece.end()
    return None


@lru_cache(maxsize=10_000)
def _words_of_piece(piece: str) -> Sequence[str]:
    return words_in(piece)


def _around(text: str, start: int, end: int) -> str:
    """Return the part of a text around a place, from the beginning of a word to the end of one."""
    first, last = max(0, start - _AROUND), min(len(text), max(end, start + _AROUND) + _AROUND)
    first = 0 if first == 0 else text.find(" ", first, start) + 1 or first
    last = len(text) if last == len(text) else max(text.rfind(" ", end, last), end) if " " in text[end:last] else last
    return f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"

"""The words of a text as a search compares them: folded, and in scripts without spaces one for each character."""

import re
from collections.abc import Iterable, Iterator

from tracker.domain.terms.text_key import search_key

BOUNDARY = "¦"
"""A word that no text has: it keeps phrases from running from one text of an entry into the next."""
_LONGEST_WORD = 60
_LONGEST = 200_000
"""Of an entry with more characters than this the rest is not searched: servers limit what they index."""

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana and Han: words are not set apart, so that any part of a text may be looked for."""
_SIGNS = "\u0300-\u036f\u0900-\u0963\u0966-\u0dff\u3099\u309a"
"""Marks that belong to the letter before them."""
_WITHIN = "\u00ad\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u2060"
"""Soft hyphens, joiners, and the points of Hebrew and Arabic, without which words are compared."""
_WORD = re.compile(rf"[{_SPACELESS}]|(?:(?![{_SPACELESS}])(?:[^\W_]|[{_SIGNS}]))+")
_WRITTEN = re.compile(rf"[{_SPACELESS}]|(?:(?![{_SPACELESS}])(?:[^\W_]|[{_SIGNS}{_WITHIN}]))+")
"""A word as written, with what is ignored in it."""
PIECE = re.compile(rf"[{_SPACELESS}]|[^\s{_SPACELESS}]+")
"""A part of a text as written that holds whole words."""


_FOLDED = bytes(ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)
"""For each byte of ASCII text its lower case, or a space for what is no letter or digit."""


def words_in(text: str) -> list[str]:
    """Return the words of a text in order, folded and shortened; punctuation separates them and is left out."""
    # The key of printable ASCII is its lower case: the same words in a fifth of the time.
    is_plain = text.isascii() and text.isprintable()
    words = text.encode().translate(_FOLDED).decode().split() if is_plain else _WORD.findall(search_key(text))
    if (is_plain and len(text) <= _LONGEST_WORD) or max(map(len, words), default=0) <= _LONGEST_WORD:
        return words
    return [word[:_LONGEST_WORD] for word in words]


def placed_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a text as `words_in` returns them, with where each begins and ends in it as written.

    Words that stand together without a space, and are parted otherwise once they are folded, have one place.
    """
    for piece in PIECE.finditer(text):
        folded = words_in(piece[0])
        written = [part for part in _WRITTEN.finditer(piece[0]) if words_in(part[0])]
        if [words_in(part[0]) for part in written] == [[word] for word in folded]:
            places = [(piece.start() + part.start(), piece.start() + part.end()) for part in written]
        else:
            places = [piece.span()] * len(folded)
        yield from ((word, *place) for word, place in zip(folded, places, strict=True))


def searched_words(texts: Iterable[str]) -> str:
    """Return the words of the texts that have some as one line, with a boundary between the texts."""
    found = [" ".join(words) for text in texts if (words := words_in(text))]
    return f" {BOUNDARY} ".join(found)[:_LONGEST].rstrip()

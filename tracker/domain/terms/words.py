"""The words of a text as a search compares them: folded, and in scripts without spaces one for each character."""

import re
from collections.abc import Iterable

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
_WORD = re.compile(rf"[{_SPACELESS}]|(?:(?![{_SPACELESS}])(?:[^\W_]|[{_SIGNS}]))+")
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


def searched_words(texts: Iterable[str]) -> str:
    """Return the words of the texts that have some as one line, with a boundary between the texts."""
    found = [" ".join(words) for text in texts if (words := words_in(text))]
    return f" {BOUNDARY} ".join(found)[:_LONGEST].rstrip()

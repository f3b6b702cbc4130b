"""Whole numbers and words of closed lists as people type them, in a terminal, an address or a form."""

import re
from collections.abc import Sequence
from typing import TypeVar

from tracker.domain.terms.safe_text import shown
from tracker.domain.terms.vocabulary import Word
from tracker.errors import BadValue

OneWord = TypeVar("OneWord", bound=Word)


def read_number(text: str, *, least: int | None = 0, most: int = 2**53) -> int:
    """Read a whole number in a range (inclusive); `least` is None for one that may be negative. Raises BadValue."""
    number = int(text) if re.fullmatch(r"\s*[-+]?\d{1,99}\s*", text, re.ASCII) else None
    if number is None or (least is not None and number < least):
        raise BadValue(f"{shown(text)} is not a whole number{'' if least is None else f' of at least {least}'}.")
    if number > most:
        raise BadValue(f"{shown(text)} is too large a number.")
    return number


def read_word(text: str, words: type[OneWord], advice: str = "") -> OneWord:
    """Read a word of a closed list. Raises BadValue, with `advice` or else the nearest words."""
    given = text.lower()
    try:
        return words(given)
    except ValueError:
        among = [word.value for word in words]
        hint = advice or nearest(given, among)
        raise BadValue(f"{shown(text)} is not one of {', '.join(among)}.{hint}") from None


def read_words(text: str, words: type[OneWord]) -> frozenset[OneWord]:
    """Read words of a closed list, separated by commas. Raises BadValue."""
    return frozenset(read_word(part.strip(), words) for part in text.split(","))


def nearest(word: str, words: Sequence[str]) -> str:
    """Return " Did you mean ...?" with the nearest words, to append to a refusal; empty if there are none."""
    from difflib import get_close_matches  # noqa: PLC0415 (for refusals alone)

    near = get_close_matches(word, words, 2)
    return f" Did you mean {' or '.join(near)}?" if near else ""

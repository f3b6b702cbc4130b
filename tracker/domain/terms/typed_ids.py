"""Ids that people can type: a shell takes them as they are, and so does a list separated by commas."""

import unicodedata

_SHELL = frozenset("*?[]{}()<>|&;$`\"'\\!")
_QUOTES = ("Pi", "Pf")


def is_typable(name: str, *, spaced: bool = False) -> bool:
    """Return whether an id begins with a letter or a digit and has neither quotes nor what a shell reads as its own.

    An id that may be `spaced` stands in quotes anyway: only its first character matters.
    """
    return name == typable_form(name, spaced=spaced) != ""


def typable_form(name: str, *, spaced: bool = False) -> str:
    """Return what remains of an id without the characters that cannot be typed; perhaps nothing."""
    kept = name if spaced else "".join(filter(_is_plain, name))
    return kept[next((place for place, sign in enumerate(kept) if sign.isalnum()), len(kept)) :]


def _is_plain(sign: str) -> bool:
    return sign not in _SHELL and unicodedata.category(sign) not in _QUOTES

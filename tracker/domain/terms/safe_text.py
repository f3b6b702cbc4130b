"""Make text safe to display: it cannot move the cursor, hide words or reverse their order."""

import unicodedata
from reprlib import Repr

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_JOINERS = "\u200c\u200d"
_SOFT_HYPHEN = "\xad"
_DIRECTION_MARKS = "\u200e\u200f\u061c"
"""Marks that place the signs beside them, and turn no letters as embeddings, overrides and isolates do."""
_OF_WORDS = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "So", "Sk")
_LONGEST = 60
_BRIEF = Repr()  # values from outside may be huge or deeply nested
_BRIEF.maxstring = _BRIEF.maxother = _LONGEST
_SPACES = "\n\r\t\v\f\u2028\u2029"


def plain(text: str, *, keep: str = "") -> str:
    """Return text with control and direction characters, but for `keep`, as visible escapes and line ends as spaces.

    Joiners and soft hyphens within or after a word stay, as the form of its letters and where it may be broken, and so
    do direction marks.
    """
    if text.isprintable():
        return text
    pieces, previous = [], ""
    for character in text:
        of_word = character in _JOINERS or character == _SOFT_HYPHEN
        stays = character in keep or is_visible(character) or character in _DIRECTION_MARKS
        pieces.append(character if stays or (of_word and _is_of_word(previous)) else _escape(character))
        previous = previous if of_word or character in _DIRECTION_MARKS else character
    return "".join(pieces)


def shown(value: object) -> str:
    """Return the safe, shortened representation of a value for an error message."""
    if isinstance(value, int) and value.bit_length() > _LONGEST * 4:
        return "a number with so many digits"
    return _cut(plain(repr(value[: _LONGEST + 1]) if isinstance(value, str) else _BRIEF.repr(value)))


def label(name: object) -> str:
    """Return the name of a field from input, on one line and shortened."""
    return _cut(plain(str(name)[: _LONGEST + 1]))


def is_file_path(text: str) -> bool:
    """Return whether a text can be a file's path: no NUL, and undecodable bytes spelled as in PEP 383."""
    try:
        return b"\x00" not in text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return False


def is_visible(character: str) -> bool:
    """Return whether a character is visible as itself: a letter, a sign or a plain space."""
    return character == " " or unicodedata.category(character) not in _HIDDEN


def _is_of_word(character: str) -> bool:
    """Return whether a character belongs to a word: a letter, a mark on one, or an emoji."""
    return character != "" and unicodedata.category(character) in _OF_WORDS


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _escape(character: str) -> str:
    if character in _SPACES:
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""Text made safe to show: nothing in it moves the cursor, hides words or turns them round."""

import unicodedata
from reprlib import Repr

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_LONGEST = 60
_BRIEF = Repr()  # a value from outside may be millions of lists, or lists in lists
_BRIEF.maxstring = _BRIEF.maxother = _LONGEST
_SPACES = "\n\r\t\v\f\u2028\u2029"


def plain(text: str, *, keep: str = "") -> str:
    """Text that shows as itself: control and direction characters become visible escapes, line ends spaces.

    Characters in `keep` stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(character if character in keep or shows(character) else _escape(character) for character in text)


def shown(value: object) -> str:
    """A value as it was given, cut short, for a sentence about it."""
    if isinstance(value, int) and value.bit_length() > _LONGEST * 4:
        return "a number with so many digits"
    return _cut(plain(repr(value[: _LONGEST + 1]) if isinstance(value, str) else _BRIEF.repr(value)))


def label(name: object) -> str:
    """A field's name as it was given, on one line and cut short."""
    return _cut(plain(str(name)[: _LONGEST + 1]))


def names_a_file(text: str) -> bool:
    """Whether a text can be a file's path: bytes without NUL, those that are no text as PEP 383 spells them."""
    try:
        return b"\x00" not in text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return False


def shows(character: str) -> bool:
    """Whether a character shows as itself: a letter, a sign or a plain space."""
    return character == " " or unicodedata.category(character) not in _HIDDEN


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _escape(character: str) -> str:
    if character in _SPACES:
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""Text made safe to show: nothing in it moves the cursor, hides words or turns them round."""

import unicodedata

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_LONGEST = 60
_SPACES = "\n\r\t\v\f\u2028\u2029"


def plain(text: str, *, keep: str = "") -> str:
    """Text that shows as itself: control and direction characters become visible escapes, line ends spaces.

    Characters in `keep` stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(character if character in keep or _shows(character) else _escape(character) for character in text)


def shown(value: object) -> str:
    """A value as it was given, cut short, for a sentence about it."""
    text = plain(repr(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _shows(character: str) -> bool:
    return character == " " or unicodedata.category(character) not in _HIDDEN


def _escape(character: str) -> str:
    if character in _SPACES:
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

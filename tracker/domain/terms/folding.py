"""Fold text to what people see in it, so that two spellings of the same words compare equal."""

import unicodedata


def folded(text: str) -> str:
    """Return text without case, diacritics and invisible characters, with single spaces between words.

    Compatible forms are equal (NFKC), and so are the Turkish i with and without its dot.
    """
    if not text.isascii():
        spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        text = unicodedata.normalize("NFC", spread.translate(_KEPT))
    return " ".join(text.lower().split())


class _CharacterMap(dict[int, str | None]):
    """The form of each character, looked up once: marks above a letter and invisible characters are left out."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        gone = unicodedata.category(character) == "Cf" or unicodedata.combining(character) > _VIRAMA
        self[code] = None if gone else character
        return self[code]


_VIRAMA = 9
"""Combining classes up to this one are signs of a script's own, which tell its words apart (Unicode 3.11)."""
_KEPT = _CharacterMap({ord("ı"): "i", ord("ـ"): None})

"""What people see of a text, for comparing: two texts with equal keys look the same, or differ only in case."""

import re
import unicodedata

_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Controls that are no white space, and Unicode's Default_Ignorable_Code_Point: soft hyphens, joiners, fillers."""
_IGNORED = re.compile(f"[{_INVISIBLE}]+")
_VISIBLE = re.compile(rf"[^{_INVISIBLE}\s\u2800]")
_LOOK_ALIKES = str.maketrans({"ı": "i", "\u2800": " ", "\u2010": "-", "\u2011": "-", "\u2019": "'", "\u02bc": "'"})
"""The Turkish i, as `str.casefold` knows no language; a blank pattern of Braille; hyphens and apostrophes as typed."""
_BASE_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters whose stroke or ligature Unicode does not take apart."""


def text_key(text: str) -> str:
    """Return the key by which two texts are one: equal after NFC, case folding and folding of spaces.

    Runs of white space, with no-break spaces and line breaks, are one space, and none at the ends. Invisible characters
    (soft hyphens, joiners, direction marks) are ignored, so the key of a text without a visible character is empty.
    The case of the Turkish İ and ı is folded as well.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFC", _IGNORED.sub("", text)).casefold().translate(_LOOK_ALIKES)
    return " ".join(unicodedata.normalize("NFC", folded.replace("i\u0307", "i")).split())


def is_blank(text: str) -> bool:
    """Return whether a text has no visible character: its `text_key` is empty."""
    return _VISIBLE.search(text) is None


def search_key(text: str) -> str:
    """Return the key in which a text is searched for: its `text_key` without diacritics ("canete" for "Cañete").

    Vowel signs and voicing marks, without which the words of some scripts are other words, stay.
    """
    key = text_key(text)
    if key.isascii():
        return key
    letters = (letter for letter in unicodedata.normalize("NFD", key) if not _is_diacritic(letter))
    plain = "".join(letters).translate(_BASE_LETTERS)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _is_diacritic(character: str) -> bool:
    """Return whether a character is an accent (combining class 200 or more) or a Hebrew or Arabic point (10 to 36)."""
    place = unicodedata.combining(character)
    return place >= 200 or 10 <= place <= 36

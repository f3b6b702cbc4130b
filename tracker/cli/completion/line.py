"""Split a command line that is being typed into words, as shells do."""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Line(NamedTuple):
    """The words of a line up to the cursor.

    `words` are those before the one being typed, without quotes and with their variables expanded. `raw` is the word
    being typed as it stands in the line, `typed` the same without quotes, and `quote` the quotation mark that is still
    open in it, if one is.
    """

    words: list[str]
    raw: str
    typed: str
    quote: str


def read_line(text: str, variables: Mapping[str, str], *, fish: bool = False) -> Line:
    """Split a line up to the cursor by the rules of bash and zsh, or of fish; a variable that is not set is empty."""
    words: list[str] = []
    start, begun, expanded, typed, quote = 0, False, "", "", ""
    for part in (_FISH if fish else _POSIX).finditer(text):
        if part["blank"]:
            if begun:
                words.append(expanded)
            start, begun, expanded, typed, quote = part.end(), False, "", "", ""
            continue
        begun, quote = True, part[0][0] if part["close"] == "" else ""
        typed += _text(part, None)
        expanded += _text(part, variables)
    return Line(words, text[start:], typed, quote)


def _text(part: "re.Match[str]", variables: Mapping[str, str] | None) -> str:
    """What a part of a word stands for; without variables their names stay as they are written."""

    def value(written: "re.Match[str]") -> str:
        if written["name"] is None:
            return written[1]
        return written[0] if variables is None else variables.get(written["name"], "")

    if (text := part["single"]) is not None:
        return re.sub(r"\\([\\'])", r"\1", text) if part.re is _FISH else text
    if (text := part["double"]) is not None:
        return _IN_DOUBLE.sub(value, text)
    if (text := part["escaped"]) is not None:
        return text
    return value(part) if part["name"] else part[0]


_VARIABLE = r"\$\{?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}?"
_IN_DOUBLE = re.compile(rf'\\([\\"$`])|{_VARIABLE}')
_PARTS = (
    r"(?P<blank>\s+)"
    r"|(?:'(?P<single>{single})|\"(?P<double>(?:[^\"\\]|\\.)*))\\?(?P<close>['\"]|\Z)"
    r"|\\(?P<escaped>.|\Z)"
    r"|{variable}"
    r"|."
)
_POSIX = re.compile(_PARTS.format(single="[^']*", variable=_VARIABLE), re.DOTALL)
_FISH = re.compile(_PARTS.format(single=r"(?:[^'\\]|\\.)*", variable=_VARIABLE), re.DOTALL)

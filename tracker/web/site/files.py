"""Names of files: from the codes and paths of the record to names that any file system holds, for ever the same."""

import re
from hashlib import sha256
from posixpath import dirname, relpath

_LONGEST = 60
"""Characters of a part that keeps its name; file systems take 255 bytes, some of them for the whole path."""
_DEEPEST = 150
"""Characters of a path that keeps its parts."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9])", re.IGNORECASE)
"""Names of devices on Windows, with any ending."""
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]*", re.ASCII)
_SEGMENT = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
_NEVER = re.compile(r"(?!)")


def party_file(code: str) -> str:
    """Return the name of a party's file: its code, where that is of capitals and digits, else one with its hash."""
    return _name(code, _CODE)


def issue_file(path: str) -> str:
    """Return the name of an issue's file: its path, whose parts of other than small letters and digits have a hash."""
    names = "/".join(_name(part, _SEGMENT) for part in path.split("/"))
    return names if len(names) <= _DEEPEST else _name(path, _NEVER)


def _name(part: str, plain: re.Pattern[str]) -> str:
    """A name that no other part has, also where capitals count for small letters: only hashed names have a `~`."""
    if plain.fullmatch(part) and not _RESERVED.fullmatch(part) and len(part) <= _LONGEST:
        return part
    kept = re.sub(r"[^a-z0-9]+", "-", part.lower(), flags=re.ASCII).strip("-")[:24]
    return f"{kept or 'x'}~{sha256(part.encode()).hexdigest()[:16]}"


def link_between(page: str, target: str) -> str:
    """Return the relative address by which one file of a site leads to another."""
    return relpath(target, dirname(page) or ".")

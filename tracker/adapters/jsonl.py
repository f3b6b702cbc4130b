"""Events files: one CloudEvents JSON object per line, read with every problem's place, and written canonically."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from tracker.adapters.files import name_of, opened
from tracker.domain.log.entries import LONGEST_LINE, Draft, Entry, draft_of, file_line
from tracker.domain.terms.safe_text import shown
from tracker.errors import BadEvent, BadValue, Finding, TrackerError

LONGEST_SPELLING = 8 * LONGEST_LINE
"""Longest line that is read, in bytes: an entry of the greatest length with every character escaped."""


class FileEntry(NamedTuple):
    """An entry read from a file, and where it stood."""

    file: str
    line: int
    draft: Draft


def read_events(path: Path) -> Iterator[FileEntry | Finding]:
    """Read an events file (`-` is standard input) line by line, an entry or a finding for each.

    Raises FileUnavailable.
    """
    with opened(path) as file:
        yield from _read(file, name_of(path))


def findings_of(refusal: TrackerError, file: str, line: int) -> Iterator[Finding]:
    """A refusal as findings, one for each field at fault."""
    if isinstance(refusal, BadEvent):
        for field, message in refusal.problems:
            yield Finding(file, line, field, message)
    else:
        yield Finding(file, line, refusal.field, str(refusal))


def write_events(entries: Iterable[Entry], out: BinaryIO) -> int:
    """Write entries in the file format. Returns their number."""
    return sum(out.write(file_line(entry) + b"\n") > 0 for entry in entries)


def _read(file: BinaryIO, name: str) -> Iterator[FileEntry | Finding]:
    number = 0
    while raw := file.readline(LONGEST_SPELLING + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) > LONGEST_SPELLING and not raw.endswith(b"\n"):
            yield Finding(name, number, None, f"is longer than {LONGEST_SPELLING:,} bytes; no entry is.")
            if not _skip_line(file):
                yield Finding(name, number, None, "does not end. What stands behind it was not read.")
                return
            continue
        if not raw.strip():
            continue
        try:
            yield FileEntry(name, number, draft_of(_object(raw)))
        except UnicodeDecodeError as error:
            byte = f"byte 0x{raw[error.start]:02x} in column {error.start + 1}"
            yield Finding(name, number, None, f"is not UTF-8 ({byte}). Convert the file, for example with iconv.")
            if number == 1 and raw.startswith(_UTF_16):
                return  # no line of it can be read
        except TrackerError as refusal:
            yield from findings_of(refusal, name, number)


def _skip_line(file: BinaryIO) -> bool:
    """Go to the end of a line; whether it has one within reason (a device such as /dev/zero has none)."""
    for _ in range(_ENDLESS // LONGEST_SPELLING):
        rest = file.readline(LONGEST_SPELLING)
        if not rest or rest.endswith(b"\n"):
            return True
    return False


_ENDLESS = 1 << 30


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raw.decode()  # or say that it is not even text
        raise BadValue(_syntax(error, raw)) from None
    if not isinstance(value, dict):
        raise BadValue("is not a JSON object.")
    try:
        if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != raw.rstrip():
            json.loads(raw, object_pairs_hook=once, parse_int=len)
    except BadValue:
        raise
    except (TypeError, ValueError, RecursionError):
        raise BadValue(TOO_DEEP) from None
    return value


TOO_DEEP = "is nested too deeply."


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a name stand twice and readers differ on what it then means; here it is refused (RFC 8259, 4)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadValue(f"has the field {shown(twice)} twice. Keep one.")
    return found


def _syntax(error: orjson.JSONDecodeError, raw: bytes) -> str:
    reason = error.msg.partition(":")[0]
    if error.pos >= len(raw.rstrip()) or "end of data" in reason:
        return "ends in the middle of an entry. Is the file truncated?"
    if "depth limit" in reason:
        return TOO_DEEP
    if raw[error.pos : error.pos + 1] == b"\x00":
        return f"holds a NUL character in column {error.colno}, which no text file does."
    if "surrogate" in reason:
        return f"holds a lone surrogate in column {error.colno}, which is not text."
    return f"is not JSON: {reason} in column {error.colno}."

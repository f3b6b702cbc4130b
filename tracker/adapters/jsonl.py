"""Events files: one CloudEvents JSON object per line, read with every problem's place, and written canonically."""

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from tracker.adapters.files import name_of, opened
from tracker.domain.log.chain import GENESIS, chain_hash
from tracker.domain.log.entries import LONGEST_LINE, Draft, draft_of, entry_of, file_line
from tracker.domain.terms.safe_text import shown
from tracker.errors import BadValue, Finding, TrackerError

LONGEST_SPELLING = 8 * LONGEST_LINE
"""Longest line that is read, in bytes: an entry of the greatest length with every character escaped."""
BLOCK = 1 << 19
"""Length of a block in bytes: about 1,000 entries."""


class FileEntry(NamedTuple):
    """An entry read from a file, and where it stood."""

    file: str
    line: int
    draft: Draft


class Block(NamedTuple):
    """Consecutive whole lines of an events file, and the number of the first.

    Of a last line that is longer than any entry the rest is left out; `is_endless` if even that has no end.
    """

    file: str
    first_line: int
    lines: bytes
    is_endless: bool = False


def read_events(path: Path) -> Iterator[FileEntry | Finding]:
    """Read an events file (`-` is standard input) line by line, an entry or a finding for each.

    Raises FileUnavailable.
    """
    for block in read_blocks(path):
        yield from parse_block(block)


def read_blocks(path: Path) -> Iterator[Block]:
    """Cut an events file (`-` is standard input) into blocks of lines. Raises FileUnavailable."""
    with opened(path) as file:
        number = 1
        while block := _next_block(file, name_of(path), number):
            yield block
            if block.is_endless or (number == 1 and _is_utf_16(block.lines)):
                return
            number += block.lines.count(b"\n") + (not block.lines.endswith(b"\n"))


def parse_block(block: Block) -> Iterator[FileEntry | Finding]:
    """Parse the lines of a block, an entry or a finding for each."""
    name, number, lines = block.file, block.first_line - 1, BytesIO(block.lines)
    while raw := lines.readline(LONGEST_SPELLING + 1):
        number += 1
        if len(raw) > LONGEST_SPELLING and not raw.endswith(b"\n"):
            yield Finding(name, number, None, f"is longer than {LONGEST_SPELLING:,} bytes; no entry is.")
            _skip_line(lines)
            continue
        if number == 1:
            raw = raw.removeprefix(_BOM)
        if not raw.strip():
            continue
        try:
            yield FileEntry(name, number, draft_of(read_object(raw)))
        except UnicodeDecodeError as error:
            byte = f"byte 0x{raw[error.start]:02x} in column {error.start + 1}"
            yield Finding(name, number, None, f"is not UTF-8 ({byte}). Convert the file, for example with iconv.")
            if number == 1 and raw.startswith(_UTF_16):
                return  # no line of it can be read
        except TrackerError as refusal:
            yield from findings_of(refusal, name, number)
    if block.is_endless:
        yield Finding(name, number, None, "does not end. What stands behind it was not read.")


def findings_of(refusal: TrackerError, file: str, line: int) -> Iterator[Finding]:
    """A refusal as findings, one for each field at fault."""
    return (Finding(file, line, field, message) for field, message in refusal.problems)


def write_lines(stored: Iterable[tuple[int, str, bytes]], out: BinaryIO) -> int:
    """Write stored lines, each with its position and hash, in the file format. Returns their number.

    Raises LogDamaged for one that cannot be read.
    """
    number, previous, write = 0, GENESIS, out.write
    for position, line, chain in stored:
        raw = line.encode()
        before, found, after = raw.rpartition(b',"position":%d,"recordedby":' % position)
        # It differs from the line of a file by the position alone. One without a hash that vouches for it is read.
        if found and chain == chain_hash(previous, raw):
            write(b'%b,"recordedby":%b\n' % (before, after))
        else:
            write(file_line(entry_of(line, position)) + b"\n")
        previous = chain
        number += 1
    return number


def _next_block(file: BinaryIO, name: str, number: int) -> Block | None:
    """Read about `BLOCK` bytes, up to the end of a line."""
    lines = _read_bytes(file)
    if not lines or lines.endswith(b"\n"):
        return Block(name, number, lines) if lines else None
    rest = file.readline(LONGEST_SPELLING + 1)
    too_long = len(rest) > LONGEST_SPELLING and not rest.endswith(b"\n")
    return Block(name, number, lines + rest, is_endless=too_long and not _skip_line(file))


def _read_bytes(file: BinaryIO) -> bytes:
    """Read `BLOCK` bytes, fewer only at the end of the file, in parts: between them Python handles signals."""
    parts: list[bytes] = []
    missing = BLOCK
    while missing and (part := file.read1(missing)):  # type: ignore[attr-defined]
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _is_utf_16(lines: bytes) -> bool:
    """Whether a file begins as UTF-16 does, with a line that is short enough to be read."""
    return lines.removeprefix(_BOM).startswith(_UTF_16) and -1 < lines.find(b"\n") <= LONGEST_SPELLING


def _skip_line(file: BinaryIO) -> bool:
    """Go to the end of a line; whether it has one within reason (a device such as /dev/zero has none)."""
    for _ in range(_ENDLESS // LONGEST_SPELLING):
        rest = file.readline(LONGEST_SPELLING)
        if not rest or rest.endswith(b"\n"):
            return True
    return False


_ENDLESS = 1 << 30


def read_object(raw: bytes) -> dict[str, Any]:
    """Read an object of JSON in which no field stands twice. Raises BadValue, or UnicodeDecodeError."""
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


_BOM = b"\xef\xbb\xbf"
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

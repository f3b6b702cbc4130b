"""The hash chain of the log.

It covers lines as they are stored. `content_hash` in `entries.py` is another hash: of what an entry says, wherever it
stands.
"""

import hashlib
from typing import NamedTuple

GENESIS = bytes(32)
"""The hash before the first entry."""


class LogHead(NamedTuple):
    """The last log entry on which an answer rests: its position and its chain hash."""

    position: int
    hash: bytes


def chain_hash(previous: bytes, line: bytes) -> bytes:
    """Return the SHA-256 of the previous entry's hash and this entry's stored line, in UTF-8."""
    return hashlib.sha256(previous + line).digest()

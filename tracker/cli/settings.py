"""What all commands share: the root's options, exit codes, and hints at words that were meant."""

from collections.abc import Sequence
from dataclasses import dataclass

REFUSED, WRONG_USAGE, FAILED_VERIFY = 1, 2, 3
"""Exit codes: refused, wrong usage, a failed `verify` (0 is done)."""

COMPLETION_VARIABLE = "_TRACKER_COMPLETE"
"""The environment variable by which a shell asks for completions."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of all commands: the database, the recorder, and how long to wait for another writer (seconds)."""

    db: str
    by: str | None
    wait: float


def nearest(word: str, words: Sequence[str]) -> str:
    """Return " Did you mean ...?" with the nearest words, to append to a refusal; empty if there are none."""
    from difflib import get_close_matches

    near = get_close_matches(word, words, 2)
    return f" Did you mean {' or '.join(near)}?" if near else ""

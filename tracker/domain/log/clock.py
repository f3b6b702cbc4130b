"""Stamps of the log that lie ahead of a machine's clock: what people are told of them (DESIGN section 4)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from tracker.domain.terms.dates import instant_text

_TOLERATED = timedelta(minutes=1)
"""Clocks of machines differ by less, and a long batch runs ahead of the clock by a microsecond for each entry."""


class StampAhead(NamedTuple):
    """The first entry of a log that is stamped ahead of the clock; `str` is a note on it.

    Stamps never decrease: those of all later entries lie ahead too.
    """

    position: int
    stamp: str

    def __str__(self) -> str:
        return (
            f"Entry @{self.position}, with all after it, is stamped {self.stamp}, ahead of this machine's clock. "
            "Check the clock: days are judged by it. New entries are stamped just after the last one; ask for what was "
            "known with --known-at @N."
        )


def latest_stamp(now: datetime) -> str:
    """Return the latest stamp that is not ahead of the clock."""
    return instant_text(now + _TOLERATED)

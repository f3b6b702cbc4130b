"""When a stance in effect is stale: nobody has affirmed it for long (shown as †)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from tracker.domain.timeline.state import StateRow

STALE_AFTER = 180
"""Days without affirmation after which a stance is stale, unless a question says otherwise (`--stale-after`)."""


def is_stale(row: StateRow, on: date, after: int = STALE_AFTER) -> bool:
    """Return whether a stance was last stated more than `after` days before a day; a withdrawal is never stale."""
    return not row.withdrawn and (on - row.last_stated).days > after

"""What the laws share: how many histories each is tried on, and a tracker's log and questions."""

import io
import os
from datetime import date

from tracker.domain.log.entries import Entry
from tracker.domain.terms.scope import KnownAt, Query, Scope
from tracker.tracker import Tracker

_WANTED = os.environ.get("TRACKER_LAW_EXAMPLES")
EXAMPLES = int(_WANTED or "3")
"""How many histories each law is tried on; `make test-laws` takes many more."""
ON_POSTGRESQL = 1 if _WANTED else 1 / 4
"""The share of them that it is tried on there; `make test-laws` takes all."""


def exported(tracker: Tracker) -> bytes:
    out = io.BytesIO()
    tracker.export(out)
    return out.getvalue()


def log_of(tracker: Tracker) -> list[Entry]:
    return [logged.entry for logged in tracker.entries()]


def query(scope: Scope, known_at: int | None, published_by: date | None) -> Query:
    asked = None if known_at is None else KnownAt(f"@{known_at}", position=known_at)
    return Query(scope, asked, published_by)

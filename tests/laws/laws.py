"""What the laws share: how many histories each is tried on, and a tracker's log and questions."""

import io
import os
from datetime import date

from tracker.domain.log.entries import Entry
from tracker.domain.terms.scope import KnownAt, Query, Scope
from tracker.tracker import Tracker

EXAMPLES = int(os.environ.get("TRACKER_LAW_EXAMPLES", "3"))
"""How many histories each law is tried on, on each back end; `make test-laws` takes many more."""


def exported(tracker: Tracker) -> bytes:
    out = io.BytesIO()
    tracker.export(out)
    return out.getvalue()


def log_of(tracker: Tracker) -> list[Entry]:
    return [logged.entry for logged in tracker.entries()]


def query(scope: Scope, known_at: int | None, published_by: date | None) -> Query:
    asked = None if known_at is None else KnownAt(f"@{known_at}", position=known_at)
    return Query(scope, asked, published_by)

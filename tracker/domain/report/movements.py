"""What moved, by the entry that says so: steps of parties, closings and reopenings of issues, revisions of our record.

Each is told as the log knew it when the entry was recorded, so that it stays the same for ever: what is recorded later
about the same days is a movement, or a revision, of its own.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tracker.domain.answers.changes import Change, Kind, changes
from tracker.domain.log.entries import Entry
from tracker.domain.report.context import ContextRow
from tracker.domain.report.context_revisions import LateContext
from tracker.domain.report.corrections import Correction
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.statement import Statement


class Movement(NamedTuple):
    """An entry with what moved by it.

    That is a step of a party which is no reaffirmation, the closing or reopening of an issue, or a correction or
    retraction of one of these.
    """

    entry: Entry
    what: Change | ContextRow | Correction | LateContext


def step_of(event_id: str, timeline: Iterable[Statement], *, on: date, around: Circumstances) -> Change | None:
    """Return the step that an entry made on a day, in its pair's timeline up to that day; None for a reaffirmation.

    Where the timeline does not hold it, as out of scope or not public, it made none.
    """
    steps = changes(timeline, after=None, up_to=on, around=around)
    step = next((step for step in steps if step.event_id == event_id), None)
    return None if step is None or step.kind is Kind.REAFFIRMED else step

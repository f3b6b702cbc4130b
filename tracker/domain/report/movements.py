"""What moved, by the entry that says so: steps of parties, closings and reopenings of issues, revisions of our record.

Each is told as the log knew it when the entry was recorded, so that it stays the same for ever: what is recorded later
about the same days is a movement, or a revision, of its own.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.answers.changes import Change, Kind, changes
from tracker.domain.log.entries import Entry
from tracker.domain.report.context import ContextRow
from tracker.domain.report.context_revisions import LateContext
from tracker.domain.report.corrections import Correction
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.timelines import timelines


class Movement(NamedTuple):
    """An entry with what moved by it.

    That is a step of a party which is no reaffirmation, the closing or reopening of an issue, or a correction or
    retraction of one of these.
    """

    entry: Entry
    what: Change | ContextRow | Correction | LateContext


def step_of(
    entry: Entry,
    pair: tuple[str, str],
    part: Sequence[Entry],
    scope: Scope,
    *,
    around: Circumstances,
    published_by: date | None = None,
) -> Change | None:
    """Return the step of a pair (issue, party) that an entry made when it was recorded; None for a reaffirmation.

    `part` is the log's part about the pair. An entry out of scope, or not public by then, made none.
    """
    known = replay(part, known_at=entry.position)
    by_pair = timelines(known, scope, up_to=date.max, published_by=published_by).by_pair
    steps = changes(by_pair.get(pair, ()), after=None, up_to=date.max, around=around)
    step = next((step for step in steps if step.event_id == entry.id), None)
    return None if step is None or step.kind is Kind.REAFFIRMED else step

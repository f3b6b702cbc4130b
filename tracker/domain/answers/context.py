"""Milestones and closings beside the parties' positions: `context` of the change report (DESIGN section 8)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, assert_never

from tracker.domain.log.events import ContextEvent, IssueClosed, MilestoneNoted
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Outcome
from tracker.domain.timeline.replay import Version


class ContextRow(NamedTuple):
    """A milestone or the closing of an issue, with its entry's id: an occurrence that is not a position."""

    on: date
    kind: str
    title: str
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    outcome: Outcome | None
    source: str | None
    event_id: str
    position: int


def context_row(version: Version) -> ContextRow | None:
    """Return the milestone or closing in a version; None for every other kind."""
    event, place = version.event, (version.entry.id, version.entry.position)
    if not isinstance(event, ContextEvent):
        return None
    match event:
        case MilestoneNoted():
            return ContextRow(
                event.on, "milestone", event.title, event.parties, event.issues, None, event.source, *place
            )
        case IssueClosed():
            title, issues = event.note or f"{event.issue}: {event.outcome}", (event.issue,)
            return ContextRow(event.on, "closed", title, event.parties, issues, event.outcome, event.source, *place)
        case _:
            assert_never(event)


def context(versions: Iterable[Version], scope: Scope, *, after: date, up_to: date) -> tuple[ContextRow, ...]:
    """Return the milestones and closings after a day and up to another that bear on the scope, by day."""
    rows = []
    for version in versions:
        row = context_row(version)
        if row is not None and after < row.on <= up_to and scope.concerns(row.parties, row.issues):
            rows.append((row.on, version.rank, row))
    rows.sort(key=lambda ranked: ranked[:2])
    return tuple(row for *_, row in rows)

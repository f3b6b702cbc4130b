"""Milestones and closings beside the parties' positions: `context` of the change report (DESIGN section 8)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, assert_never

from tracker.domain.log.events import ContextEvent, Event, IssueClosed, MilestoneNoted
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Outcome
from tracker.domain.timeline.replay import Version


class Happening(NamedTuple):
    """A milestone or the closing of an issue, in the common fields of both."""

    on: date
    kind: str
    title: str
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    outcome: Outcome | None
    source: str | None


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


def happening_of(event: Event | None) -> Happening | None:
    """Return the milestone or closing in an event; None for every other kind."""
    if not isinstance(event, ContextEvent):
        return None
    match event:
        case MilestoneNoted():
            return Happening(event.on, "milestone", event.title, event.parties, event.issues, None, event.source)
        case IssueClosed():
            title = event.note or f"{event.issue}: {event.outcome}"
            return Happening(event.on, "closed", title, event.parties, (event.issue,), event.outcome, event.source)
        case _:
            assert_never(event)


def context(versions: Iterable[Version], scope: Scope, *, after: date, up_to: date) -> tuple[ContextRow, ...]:
    """Return the milestones and closings after a day and up to another that bear on the scope, by day."""
    rows = []
    for version in versions:
        found = happening_of(version.event)
        if found is not None and after < found.on <= up_to and scope.concerns(found.parties, found.issues):
            rows.append((found.on, version.rank, ContextRow(*found, version.entry.id, version.entry.position)))
    rows.sort(key=lambda ranked: ranked[:2])
    return tuple(row for *_, row in rows)

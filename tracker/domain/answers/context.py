"""What happened beside the parties' positions: `context` of the change report (DESIGN section 8).

These are milestones, closings, rewordings and changes of membership.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, assert_never

from tracker.domain.log.events import (
    ContextEvent,
    IssueClosed,
    IssueReworded,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
)
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Outcome
from tracker.domain.timeline.replay import Version


class ContextRow(NamedTuple):
    """An occurrence that is not a position, with its entry's id.

    `kind` is milestone, closed, reworded, joined or left. The `parties` of a membership are the member and its bloc.
    `foreseen` says that it was recorded more than a day before its day (one day of grace for time zones).
    """

    on: date
    kind: str
    title: str
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    outcome: Outcome | None
    source: str | None
    event_id: str
    position: int
    foreseen: bool = False

    @property
    def noun(self) -> str:
        """The word for such an occurrence where it is corrected or retracted."""
        return _NOUNS.get(self.kind, self.kind)


_NOUNS = {"closed": "closing", "reworded": "rewording", "joined": "membership", "left": "membership"}


def context_row(version: Version) -> ContextRow | None:
    """Return the occurrence in a version; None for every kind that is not in context."""
    event, entry = version.event, version.entry
    if not isinstance(event, ContextEvent):
        return None
    place = entry.id, entry.position, event.on > entry.recorded_at.date() + timedelta(days=1)
    title = occurrence_text(event)
    match event:
        case MilestoneNoted():
            return ContextRow(event.on, "milestone", title, event.parties, event.issues, None, event.source, *place)
        case IssueClosed():
            issues = (event.issue,)
            return ContextRow(event.on, "closed", title, event.parties, issues, event.outcome, event.source, *place)
        case IssueReworded():
            return ContextRow(event.on, "reworded", title, (), (event.issue,), None, None, *place)
        case MembershipStarted() | MembershipEnded():
            kind = "joined" if isinstance(event, MembershipStarted) else "left"
            parties = (event.party, event.bloc)
            return ContextRow(event.on, kind, title, parties, (), None, event.source, *place)
        case _:
            assert_never(event)


def occurrence_text(event: ContextEvent) -> str:
    """Return an occurrence in words, without its day."""
    match event:
        case MilestoneNoted():
            return event.title
        case IssueClosed():
            return event.note or f"{event.issue}: {event.outcome}"
        case IssueReworded():
            wording = {"question": event.question, "title": event.title}
            new = (f"the {name} is now “{text}”" for name, text in wording.items() if text is not None)
            return f"{event.issue}: {', '.join(new) or 'nothing reworded'}"
        case MembershipStarted():
            return f"{event.party} joined {event.bloc}"
        case MembershipEnded():
            return f"{event.party} left {event.bloc}"
        case _:
            assert_never(event)


def context(versions: Iterable[Version], scope: Scope, *, after: date, up_to: date) -> tuple[ContextRow, ...]:
    """Return the occurrences after a day and up to another that bear on the scope, by day and rank."""
    rows = []
    for version in versions:
        row = context_row(version)
        if row is not None and after < row.on <= up_to and scope.concerns(row.parties, row.issues):
            rows.append((row.on, version.rank, row))
    rows.sort(key=lambda ranked: ranked[:2])
    return tuple(row for *_, row in rows)

"""What happened beside the parties' positions: `context` of the change report (DESIGN section 8).

These are milestones, closings and reopenings of issues, rewordings, changes of membership and successions of parties.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, assert_never

from tracker.domain.log.events import (
    ContextEvent,
    IssueClosed,
    IssueReopened,
    IssueReworded,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PartySucceeded,
    occurred_on,
)
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.columns import ForPeople
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Outcome
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Version


class ContextRow(NamedTuple):
    """An occurrence that is not a position, with its entry's id.

    `kind` is milestone, closed, reopened, reworded, joined, left or succeeded. The `parties` of a membership are the
    member and its bloc, those of a succession the party that ended and those that took its place. `foreseen` says that
    it was recorded more than a day before its day (one day of grace for time zones). A closing may have the `amount` of
    a quantity, in the `unit`, or the `option` of a choice. `noun` is the word for it
    in corrections.
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
    foreseen: bool
    amount: Amount | None
    option: str | None
    unit: ForPeople[str | None]
    noun: ForPeople[str]


def context_row(version: Version, around: Circumstances) -> ContextRow | None:
    """Return the occurrence in a version; None for every kind that is not in context. `around` has the units."""
    event, entry = version.event, version.entry
    if not isinstance(event, ContextEvent):
        return None
    kind, title, parties, issues = _occurrence(event)
    day = occurred_on(event)
    closing = event if isinstance(event, IssueClosed) else None
    return ContextRow(
        day,
        kind,
        title,
        parties,
        issues,
        outcome=getattr(event, "outcome", None),
        source=getattr(event, "source", None),
        event_id=entry.id,
        position=entry.position,
        foreseen=day > entry.recorded_at.date() + timedelta(days=1),
        amount=closing.amount.amount if closing and closing.amount else None,
        option=closing.option if closing else None,
        unit=around.unit_of(closing.issue) if closing else None,
        noun=event.event_kind.in_context,
    )


def occurrence_text(event: ContextEvent) -> str:
    """Return an occurrence in words, without its day."""
    return _occurrence(event)[1]


def _occurrence(event: ContextEvent) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """Return what kind of an occurrence it is, its words, and the parties and issues that it is about."""
    match event:
        case MilestoneNoted():
            return "milestone", event.title, event.parties, event.issues
        case IssueClosed():
            return "closed", event.note or f"{event.issue}: {event.outcome}", event.parties, (event.issue,)
        case IssueReworded():
            wording = {"question": event.question, "title": event.title}
            new = (f"the {name} is now “{text}”" for name, text in wording.items() if text is not None)
            return "reworded", f"{event.issue}: {', '.join(new) or 'nothing reworded'}", (), (event.issue,)
        case MembershipStarted() | MembershipEnded():
            kind = "joined" if isinstance(event, MembershipStarted) else "left"
            return kind, f"{event.party} {kind} {event.bloc}", (event.party, event.bloc), ()
        case IssueReopened():
            return "reopened", f"{event.issue} is open again", (), (event.issue,)
        case PartySucceeded():
            parties = (event.party, *event.by)
            return "succeeded", f"{event.party} was succeeded by {', '.join(event.by)}", parties, ()
        case _:
            assert_never(event)


def context(
    versions: Iterable[Version], scope: Scope, *, after: date, up_to: date, around: Circumstances
) -> tuple[ContextRow, ...]:
    """Return the occurrences after a day and up to another that bear on the scope, by day and rank."""
    rows = []
    for version in versions:
        row = context_row(version, around)
        if row is not None and after < row.on <= up_to and scope.concerns(row.parties, row.issues):
            rows.append((row.on, version.rank, row))
    rows.sort(key=lambda ranked: ranked[:2])
    return tuple(row for *_, row in rows)

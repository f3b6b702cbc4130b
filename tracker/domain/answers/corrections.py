"""What we did to our own record, apart from what parties did: corrections and retractions.

`corrections` (DESIGN section 8) is a function of the log, or of any part of it that is closed under what its
entries target.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    IssueClosed,
    MilestoneNoted,
    Position,
    PositionStated,
    PositionWithdrawn,
    StatementCorroborated,
)
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.replay import (
    Version,
    replay,
)
from tracker.domain.timeline.statement import Said


class Revision(StrEnum):
    """How an entry changes what the record says."""

    STATED = "stated"
    WITHDRAWN = "withdrawn"
    CORROBORATED = "corroborated"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    LEFT_OUT = "left out"
    NOTED = "noted"
    CLOSED = "closed"


class Correction(NamedTuple):
    """A correction or retraction of a statement or withdrawal: what the record said, and what it says instead.

    `on` and `to_on` are effective days. `from_stance` is the immediate target's
    own and `to_stance` the replacement's own; a retraction has no replacement.
    """

    event_id: str
    target: str
    kind: Revision
    party: str
    issue: str
    on: date
    from_stance: Stance | None
    to_party: str | None
    to_issue: str | None
    to_on: date | None
    to_stance: Stance | None
    reason: str
    recorded_by: str
    recorded_at: datetime
    position: int


class FieldChange(NamedTuple):
    """A field that a correction changes, with what it held and holds; None is absent."""

    field: str
    before: Any
    after: Any


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields in which two entries' data differ, in the order of the first and then the second."""
    fields = dict.fromkeys((*before, *after))
    changed = (FieldChange(field, before.get(field), after.get(field)) for field in fields)
    return tuple(change for change in changed if change.before != change.after)


class StanceChange(NamedTuple):
    """What our record has in effect for a pair on a day, before and after we revised it; None is nothing."""

    issue: str
    party: str
    on: date
    before: Said | None
    after: Said | None


@dataclass(frozen=True, slots=True)
class RevisionResult:
    """A correction or retraction, the entry that it targets, the fields that it changes, and what follows.

    `was` is what the target said; `difference` is empty for a retraction.
    `standings` is about the pairs concerned, on the statement's day and today.
    """

    entry: Entry
    target: Entry
    was: Event
    difference: tuple[FieldChange, ...]
    standings: tuple[StanceChange, ...]


# --- corrections ----------------------------------------------------------------------------------


def corrections(entries: Sequence[Entry], scope: Scope, *, after: date, up_to: date) -> tuple[Correction, ...]:
    """The corrections and retractions of what took effect after a day and up to another, in log order.

    Either side, the target or the replacement, may lie between the days, and
    either may be the one in scope.
    """
    versions = replay(entries).versions
    rows = []
    for entry in entries:
        old, new = sides_of(entry, versions.get)
        if old is None:
            continue
        sides = [side for side in (old, new) if side is not None]
        if any(after < side.day.effective <= up_to for side in sides) and any(map(scope.includes, sides)):
            rows.append(_correction(entry, old, new))
    return tuple(rows)


def sides_of(entry: Entry, version_of: Callable[[str], Version | None]) -> tuple[Position | None, Position | None]:
    """What a correction or retraction of a statement or withdrawal took away, and what it put instead."""
    if not isinstance(entry.event, EntryCorrected | EntryRetracted):
        return None, None
    old, new = version_of(entry.event.target), version_of(entry.id)
    if old is None or not isinstance(old.event, Position):
        return None, None
    return old.event, new.event if new is not None and isinstance(new.event, Position) else None


def _correction(entry: Entry, old: Position, new: Position | None) -> Correction:
    assert isinstance(entry.event, EntryCorrected | EntryRetracted)
    return Correction(
        event_id=entry.id,
        target=entry.event.target,
        kind=Revision.CORRECTED if new else Revision.RETRACTED,
        party=old.party,
        issue=old.issue,
        on=old.day.effective,
        from_stance=_own_stance(old),
        to_party=new.party if new else None,
        to_issue=new.issue if new else None,
        to_on=new.day.effective if new else None,
        to_stance=_own_stance(new) if new else None,
        reason=entry.event.reason,
        recorded_by=entry.recorded_by,
        recorded_at=entry.recorded_at,
        position=entry.position,
    )


def _own_stance(event: Position) -> Stance | None:
    return event.stance if isinstance(event, PositionStated) else None


def revision_of(entry: Entry) -> Revision:
    match entry.event:
        case EntryCorrected():
            return Revision.CORRECTED
        case EntryRetracted():
            return Revision.RETRACTED
        case StatementCorroborated():
            return Revision.CORROBORATED
        case PositionStated():
            return Revision.STATED
        case MilestoneNoted():
            return Revision.NOTED
        case IssueClosed():
            return Revision.CLOSED
        case PositionWithdrawn():
            return Revision.WITHDRAWN
        case event:
            raise AssertionError(f"{event.type} is no revision")

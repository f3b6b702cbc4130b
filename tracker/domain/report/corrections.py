"""Revisions of our own record, apart from the parties' moves: `corrections` (DESIGN section 8).

Functions of the log, or of any part that is closed under the targets of its entries.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from tracker.domain.log.entries import Entry, canonical
from tracker.domain.log.events import Event, PositionEvent, RevisionEvent
from tracker.domain.log.kind_registry import Revision
from tracker.domain.terms.columns import columns
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Version, replay
from tracker.domain.timeline.publication import is_public, published_versions
from tracker.domain.timeline.statement import Statement


@columns("""
    event_id=entry.id entry.event.target kind before.party before.issue before.on from_stance=before.value
    to_party=after.party to_issue=after.issue to_on=after.on to_stance=after.value entry.event.reason
    entry.recorded_by entry.recorded_at entry.position from_attribution=before.attribution
    to_attribution=after.attribution from_standing=before.standing to_standing=after.standing from_reworded reworded
""")
class Correction(NamedTuple):
    """A correction or retraction of a statement or withdrawal.

    `before` is the immediate target and `after` the replacement, None for a retraction; `content` and `to_content` are
    the whole data of both in canonical JSON. `from_reworded` and `reworded` say that they answer an earlier wording
    than that of the last day reported; `unit` is that of a quantity.
    """

    entry: Entry
    kind: Revision
    before: Statement
    after: Statement | None
    content: bytes
    to_content: bytes | None
    from_reworded: bool = False
    reworded: bool = False
    unit: str | None = None


class FieldChange(NamedTuple):
    """A field that a correction changes, with its old and its new value; None is absent."""

    field: str
    before: Any
    after: Any


class StanceChange(NamedTuple):
    """The statement in effect for a pair on a day, before and after a revision of our record; None is nothing.

    `unit` is that of a quantity.
    """

    issue: str
    party: str
    on: date
    before: Statement | None
    after: Statement | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class RevisionResult:
    """A correction or retraction, its target, the fields that it changes, and its effect on stances.

    `was` is the target's content; `difference` is empty for a retraction. `stances` covers the pairs concerned, on the
    statement's day and today. `notes` are what somebody should know of the new entry, as those of a receipt. If the
    target is a corroboration, `corroborates` is the log position of the statement that it is about. `unit` is that of
    the quantity that the target is about.
    """

    entry: Entry
    target: Entry
    was: Event
    difference: tuple[FieldChange, ...]
    stances: tuple[StanceChange, ...]
    notes: tuple[str, ...] = ()
    corroborates: int | None = None
    unit: str | None = None


def corrections(
    entries: Sequence[Entry],
    scope: Scope,
    *,
    after: date,
    up_to: date,
    around: Circumstances,
    published_by: date | None = None,
) -> tuple[Correction, ...]:
    """Return, in log order, the revisions with a side (target or replacement) in the window and a side in scope.

    `around` is what holds on the last day. With `published_by`, only those of which a side was public by then.
    """
    history = replay(entries)
    versions, published = history.versions, published_versions(history)
    rows = []
    for entry in entries:
        old, new = sides_of(entry, versions.get)
        if old is None:
            continue
        sides = [side for side in (old, new) if side is not None]
        shown = any(after < side.on <= up_to for side in sides) and any(side.is_in(scope) for side in sides)
        if shown and any(is_public(published.get(side.event_id), published_by) for side in sides):
            content, *to_content = (canonical(versions[side.event_id].event.data()) for side in sides)
            kind = entry.event.event_kind.revision
            row = Correction(entry, kind, old, new, content, to_content[0] if to_content else None)
            before, *after_it = (around.is_reworded(side.issue, side.on) for side in sides)
            unit = around.unit_of(old.issue)
            rows.append(row._replace(from_reworded=before, reworded=any(after_it), unit=unit))
    return tuple(rows)


def sides_of(entry: Entry, version_of: Callable[[str], Version | None]) -> tuple[Statement | None, Statement | None]:
    """Return the statement that a correction or retraction removes, and the one that it puts in its place."""
    if not isinstance(entry.event, RevisionEvent):
        return None, None
    old, new = version_of(entry.event.target), version_of(entry.id)
    if old is None or not isinstance(old.event, PositionEvent):
        return None, None
    return old.statement, new.statement if new is not None else None


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Return the fields in which the data of two entries differ, in the order of the first and then the second."""
    fields = dict.fromkeys((*before, *after))
    changed = (FieldChange(field, before.get(field), after.get(field)) for field in fields)
    return tuple(change for change in changed if change.before != change.after)


def net_difference(steps: Iterable[Iterable[FieldChange]]) -> tuple[FieldChange, ...]:
    """Return the fields in which the first and the last of a chain of corrected data differ, of what each changed."""
    net: dict[str, FieldChange] = {}
    for change in chain.from_iterable(steps):
        first = net.get(change.field, change)
        net[change.field] = first._replace(after=change.after)
    return tuple(change for change in net.values() if change.before != change.after)

"""Correct an entry, or retract entries, in one transaction, and return the effect on the stances concerned."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import uuid_utils
from sqlalchemy import Connection

from tracker.domain.log.admission import registered_key
from tracker.domain.log.entries import Draft, new_recorder_name, uuid_of
from tracker.domain.log.events import EntryCorrected, EntryRetracted, Event, PositionEvent, PositionStated
from tracker.domain.log.log_view import LocatedEntry
from tracker.domain.log.parsing import event_from, parse_event, parse_replacement, parse_unversioned
from tracker.domain.report.corrections import RevisionResult, StanceChange, difference
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.timeline.statement import Statement, statement_from
from tracker.errors import BadEvent, ChangesNothing, PositionOfAnotherForm
from tracker.storage.log.entry_names import resolve_entry_id, resolve_entry_ids
from tracker.storage.log.writer import Writer
from tracker.storage.queries import versions
from tracker.storage.queries.stances import stances_on
from tracker.storage.queries.statement_cache import StatementCache
from tracker.usecases.notes import evidence_notes, revision_notes
from tracker.usecases.position_notes import around_notes, joint_notes
from tracker.usecases.record import require_untouched
from tracker.usecases.targets import position_of_target


def revise_in(
    log: Writer,
    name: str,
    changes: Mapping[str, Any],
    *,
    reason: str,
    by: str,
    event_id: str | None,
    today: date,
    anyway: bool,
    expected_position: int | None = None,
) -> RevisionResult:
    """Append the correction of an entry, named by an unambiguous prefix of its id or `@N`. Raises TrackerError.

    One that changes nothing is refused unless `anyway`; one of a pair that was touched after `expected_position` too.
    """
    target = versions.locate_entry(log.connection, resolve_entry_id(log.connection, name))
    _require_untouched(log, [target], expected_position)
    if isinstance(target.event, PositionStated) and _turns(target.event, changes):
        raise PositionOfAnotherForm
    source = changes.get("source")
    if isinstance(source, str) and registered_key(target.event) is None:
        changes = {**changes, "source": log.spell_sources([source]).get(source, source)}
    revised = revise(log, target, _replacement(target, changes), reason=reason, by=by, event_id=event_id, today=today)
    if not revised.difference and not anyway:
        raise ChangesNothing(target.named)
    return revised


def retract_in(
    log: Writer, names: Sequence[str], *, reason: str, by: str, today: date, expected_position: int | None = None
) -> list[RevisionResult]:
    """Append the retractions of entries, the last entry's first: what refers to an entry goes before it.

    Each is named as in `revise_in`, or several as `@A..@B`. Raises TrackerError.
    """
    ids = {event_id for name in names for event_id in resolve_entry_ids(log.connection, name)}
    targets = sorted(versions.locate_entries(log.connection, sorted(ids)), key=lambda target: -target.position)
    _require_untouched(log, targets, expected_position)
    return [revise(log, target, None, reason=reason, by=by, today=today, besides=ids) for target in targets]


def _require_untouched(log: Writer, targets: Iterable[LocatedEntry], since: int | None) -> None:
    """Check that nobody touched the pairs of these entries after a position; an entry that is over says so itself."""
    if since is not None:
        counting = (target.event for target in targets if target.ended_by is None)
        positions = (event for event in counting if isinstance(event, PositionEvent))
        require_untouched(log, [(event.issue, event.party) for event in positions], since=since)


def revise(
    log: Writer,
    target: LocatedEntry,
    replacement: Mapping[str, Any] | None,
    *,
    reason: str,
    by: str,
    event_id: str | None = None,
    today: date,
    besides: Collection[str] = (),
) -> RevisionResult:
    """Append the correction of an entry to a replacement or, without one, its retraction. Raises TrackerError.

    Those with an id in `besides` are retracted with it.
    """
    fields = {"target": target.id, "reason": reason}
    says = None
    event: Event
    if replacement is None:
        event = event_from(EntryRetracted, fields)
    else:
        corrected = parse_event("entry.corrected.v1", {**fields, "replacement": replacement})
        assert isinstance(corrected, EntryCorrected)
        event = corrected
        if target.event is not None:
            says = parse_replacement(target.first_type, corrected).event
    events = [one for one in (target.event, says) if isinstance(one, PositionEvent)]
    about = [statement_from(one.event_kind.name, one.data()) for one in events]
    places = {(*one.pair, day) for one in about for day in (one.on, today)}
    before = _stances(log.connection, places)
    receipt = log.append(Draft(event, uuid_of(event_id or str(uuid_utils.uuid7())), new_recorder_name(by)))
    assert target.event is not None
    after = _stances(log.connection, places)
    changed = difference(target.event.data(), says.data()) if says else ()
    halves = joint_notes(log.connection, target, changed, besides=besides) if changed or says is None else ()
    return RevisionResult(
        receipt.entry,
        target.entry,
        target.event,
        changed,
        tuple(StanceChange(*key, before[key], after[key], log.unit_of(key[0])) for key in sorted(places)),
        (
            *receipt.notes,
            *revision_notes(log.connection, says, receipt.entry.position, today),
            *evidence_notes(log, target, says),
            *around_notes(log.connection, says, target.event),
            *halves,
        ),
        position_of_target(log.connection, target.event),
        log.unit_of(issue) if (issue := getattr(target.event, "issue", None)) is not None else None,
    )


def _replacement(target: LocatedEntry, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of an entry with new values of fields as JSON values, None for a field to leave out."""
    data = target.event.data() if target.event else {}
    merged = {field: value for field, value in {**data, **changes}.items() if value is not None}
    try:
        return parse_unversioned(target.first_type, merged).event.data()
    except BadEvent:  # which admission tells apart from a target that cannot be corrected
        return merged


def _turns(stated: PositionStated, changes: Mapping[str, Any]) -> bool:
    """Return whether changes turn a stance into an amount, or an amount or no figure into a stance."""
    amount = changes.get("amount") is not None or changes.get("could_accept") is not None
    return amount if stated.stance is not None else changes.get("stance") is not None


def _stances(
    connection: Connection, places: Iterable[tuple[str, str, date]]
) -> dict[tuple[str, str, date], Statement | None]:
    """The statement in effect for each issue, party and day, as on record now; None if there is none."""
    found = {}
    cache = StatementCache()  # of its own: a writer's entries may never be committed
    for issue, party, day in places:
        held = stances_on(connection, cache, Scope(frozenset({party})), Cutoffs(), day, issues=[issue])
        found[issue, party, day] = held.get((issue, party))
    return found

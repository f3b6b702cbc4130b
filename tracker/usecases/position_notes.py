"""What somebody who recorded or revised a position should know of the entries around it: asks, blocs, co-authors."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from tracker.domain.log.events import Event, PositionStated, PositionWithdrawn
from tracker.domain.log.kind_registry import MEMBERSHIP_KINDS
from tracker.domain.log.log_view import LocatedEntry
from tracker.domain.report.corrections import FieldChange
from tracker.domain.terms.dates import stated_day
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.memberships import Memberships, blocs_of, memberships
from tracker.domain.timeline.order import place_of
from tracker.domain.timeline.runs import in_effect
from tracker.errors.shared_parts import correction
from tracker.storage.log.writer import Writer
from tracker.storage.queries.neighbours import find_versions
from tracker.storage.queries.versions import counting_facts, locate_entry


def around_notes(connection: Connection, event: Event | None, was: Event | None = None) -> Iterator[str]:
    """Yield notes on an answer to what asked somebody else, and on leaving the position of a bloc as no member.

    What an entry said before it was corrected (`was`) is not noted again.
    """
    match event:
        case PositionStated() if event.answers is not None and event.answers != getattr(was, "answers", None):
            yield from _not_asked(connection, event, event.answers)
        case PositionWithdrawn() if event.leaves_position_of is not None:
            if event.leaves_position_of != getattr(was, "leaves_position_of", None):
                yield from _no_member(connection, event, event.leaves_position_of)
        case _:
            return


def _not_asked(connection: Connection, event: PositionStated, answers: str) -> Iterator[str]:
    ask = locate_entry(connection, answers)
    while ask.ended_by is not None:
        ask = locate_entry(connection, ask.ended_by[0])
    if not isinstance(ask.event, PositionStated):
        return
    asked = ask.event.addressed_to
    if not asked:
        yield f"@{ask.position}, which it answers, addresses nobody: `tracker asks` lists no ask and no answer."
    elif event.party not in asked:
        members = _members_on(connection, stated_day(event.stated_on).effective)
        if not any(_belongs(party, event.party, members) for party in asked):
            yield (
                f"@{ask.position}, which it answers, addresses {', '.join(asked)}, not {event.party}: `tracker asks` "
                "does not show this as an answer. Check the party and what it answers."
            )


def standing_red_lines(log: Writer, event: Event) -> Iterator[str]:
    """Yield a note for each red line that stands on another option than that on which the party says it has none."""
    if not isinstance(event, PositionStated) or event.red_line is not False:
        return
    on = stated_day(event.stated_on).effective
    for option in sorted(log.options_of(event.issue.rpartition("/")[0])):
        versions = find_versions(log.connection, option, event.party) if option != event.issue else ()
        statements = (Version(one.entry, one.event, one.rank).statement for one in versions if one.counts)
        held = in_effect(sorted(statements, key=place_of), on)
        if held is not None and held.lasting.red_line:
            yield (
                f"the red line of {event.party} on {option} stands: this statement is about {event.issue} "
                f"alone. To end it: tracker record {event.party} {option} {held.statement.stance} --no-red-line --on "
                f"{event.stated_on} --summary TEXT."
            )


def _no_member(connection: Connection, event: PositionWithdrawn, bloc: str) -> Iterator[str]:
    if not _belongs(event.party, bloc, _members_on(connection, stated_day(event.on).effective)):
        yield (
            f"{event.party} is not in {bloc} on {event.on}, so that it had no position of {bloc} to leave. Check the "
            f"bloc, or record the membership: tracker party join {event.party} {bloc} --on DAY."
        )


def _members_on(connection: Connection, day: date) -> Memberships:
    return memberships(counting_facts(connection, MEMBERSHIP_KINDS, up_to=day), day)


def _belongs(party: str, bloc: str, members: Memberships) -> bool:
    return any(bloc in level for level in blocs_of(party, members))


def joint_notes(
    connection: Connection, target: LocatedEntry, difference: Sequence[FieldChange], *, besides: Collection[str]
) -> Iterator[str]:
    """Yield a note on the others' halves of a joint statement of which one is corrected or, unchanged, retracted.

    Those with an id in `besides` are retracted with it.
    """
    was = target.event
    if not isinstance(was, PositionStated) or not was.joint_with:
        return
    changed = {change.field: change.after for change in difference}
    for party in was.joint_with:
        if party != was.party and (half := _half_of(connection, was, party)) is not None and half[0] not in besides:
            says = half[2].data()
            old = {change.field: change.before for change in difference}
            if all(says.get(field) == value for field, value in old.items()):
                yield _half_note(was, party, half[1], changed)


def _half_of(connection: Connection, was: PositionStated, party: str) -> tuple[str, int, PositionStated] | None:
    """Return the id, the position and the content of a co-author's counting half of a joint statement."""
    shared = was.model_copy(update={"party": party})
    for version in find_versions(connection, was.issue, party):
        event = version.event
        if version.counts and isinstance(event, PositionStated) and _shares(event, shared):
            return version.entry.id, version.entry.position, event
    return None


def _shares(one: PositionStated, other: PositionStated) -> bool:
    """Return whether two halves are one statement: by value, day, sequence and the list of its parties."""
    shared = ("stance", "amount", "stated_on", "sequence", "joint_with")
    return all(getattr(one, field) == getattr(other, field) for field in shared)


def _half_note(was: PositionStated, party: str, position: int, changed: Mapping[str, Any]) -> str:
    at = f"@{position}"
    if changed:
        return (
            f"{party} stated it jointly with {was.party}, and {at} stays as it was. If it is wrong for {party} too: "
            f"{correction(at, changed)}"
        )
    others = [one for one in was.joint_with if one != was.party]
    alone = correction(at, {"joint_with": others if len(others) > 1 else None})
    return (
        f"{party} stated it jointly with {was.party}, and {at} still says so. If {party} did not state it either: "
        f"tracker retract {at} --reason TEXT; if it did, without {was.party}: {alone}"
    )

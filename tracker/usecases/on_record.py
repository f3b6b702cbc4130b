"""Refuse what is on record: a statement that looks like one, and a name or a wording that holds already."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracker.adapters.batch_sections import NAMES
from tracker.domain.log.admission import references
from tracker.domain.log.entries import about
from tracker.domain.log.event_parts import changed_fields
from tracker.domain.log.events import (
    Event,
    IssueReworded,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PartyUpdated,
    PositionStated,
    PositionWithdrawn,
    StatementCorroborated,
)
from tracker.domain.log.judgement import adds_evidence
from tracker.domain.log.kind_registry import Register, register_kinds
from tracker.domain.registers.registers import Issue, Party, differing, registers
from tracker.domain.report.context import occurrence_text
from tracker.domain.terms.amounts import NO_FIGURE
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.look_alikes import Likeness, likeness
from tracker.domain.timeline.statement import WITHDRAWN, Statement
from tracker.errors import LooksLikeOneOnRecord, SaidTwice, SaysWhatHolds, TrackerError
from tracker.storage.log.prepared_entry import PreparedEntry
from tracker.storage.log.writer import Receipt, Writer
from tracker.storage.projections.rows import StatementRow
from tracker.storage.queries.look_alikes import find_by_likeness
from tracker.storage.queries.versions import counting_corroborations, counting_facts, locate_entry

Refusals = list[tuple[int, TrackerError]]
"""Refusals, each with the index of its entry."""


def look_alikes(log: Writer, entries: Sequence[tuple[int, PreparedEntry]]) -> Refusals:
    """Return the refusals of statements that look like one on record, or like another one of these.

    Those on record of a pair, day and value are read once, however many of these are of them too.
    """
    found: Refusals = []
    seen: set[Likeness] = set()
    known: dict[tuple[object, ...], Mapping[Likeness, Sequence[Statement]]] = {}
    for index, prepared in entries:
        if not isinstance(prepared.row, StatementRow) or prepared.row.value == str(WITHDRAWN):
            continue
        same = likeness(prepared.statement)
        pair_day_and_value = same[:3]
        *_, around = log.find_neighbours(prepared.row)
        if around.alike and pair_day_and_value not in known:
            known[pair_day_and_value] = find_by_likeness(log.transaction, around.alike)
        on_record = known.get(pair_day_and_value, {}).get(same, ())
        if same in seen:
            found.append((index, SaidTwice(label(prepared.parsed.event), _holds(prepared.statement))))
        elif on_record and all(one.event_id != prepared.id for one in on_record):
            found.append((index, _looks_like(log, prepared, on_record[0].event_id)))
        seen.add(same)
    return found


def _looks_like(log: Writer, prepared: PreparedEntry, event_id: str) -> LooksLikeOneOnRecord:
    known, new = locate_entry(log.connection, event_id), prepared.parsed.event
    assert isinstance(known.event, PositionStated)
    assert isinstance(new, PositionStated)
    corroborations = (version.event for version in counting_corroborations(log.connection, known))
    evidence: list[PositionStated | StatementCorroborated] = [known.event]
    evidence += (event for event in corroborations if isinstance(event, StatementCorroborated))
    unknown = unregistered(log, new)
    source = None if "source" in unknown else new.source
    adds = source is not None and all(adds_evidence(new, other) for other in evidence)
    differs = changes(known.event, new)
    return LooksLikeOneOnRecord(
        known.named,
        label(new),
        differs,
        unregistered=unknown,
        source=source,
        adds_evidence=adds,
        holds=_holds(prepared.statement),
    )


def _holds(statement: Statement) -> str:
    """The word for what a statement states."""
    return "amount" if statement.stance is None else "stance"


def without_effect(log: Writer, received: Iterable[tuple[int, Receipt]]) -> Refusals:
    """Return the refusals of newly appended names of a party, or wordings of an issue, that held before."""
    found: Refusals = []
    for index, receipt in received:
        event = receipt.entry.event
        if not receipt.appended or not isinstance(event, PartyUpdated | IssueReworded):
            continue
        register = Register.PARTY if isinstance(event, PartyUpdated) else Register.ISSUE
        versions = counting_facts(log.connection, register_kinds(register), key=about(event))
        before = [version for version in versions if version.rank < receipt.entry.position]
        if (holds := _what_holds(event, before)) is not None:
            found.append((index, SaysWhatHolds(holds)))
    return found


def _what_holds(event: PartyUpdated | IssueReworded, before: Sequence[Version]) -> str | None:
    """Return in words what an event says, if that holds without it; None if something would change."""
    now: Party | Issue
    if isinstance(event, PartyUpdated):
        now = registers(before).parties[event.party]
        values = {"name": event.name, "aliases": event.aliases_added}
        called = [f"is called {event.name!r}"] if event.name else []
        named = [f"goes by {', '.join(event.aliases_added)}"] if event.aliases_added else []
        holds = f"{event.party} {' and '.join([*called, *named])}"
    else:
        now = registers(before, on=event.on).issues[event.issue]
        values = {"title": event.title, "question": event.question}
        holds = f"{event.issue} is worded so on {event.on}"
    return None if differing(now, {field: value for field, value in values.items() if value}) else holds


def label(event: Event) -> str:
    """Return what an entry says in a few words, for messages."""
    match event:
        case PositionStated():
            return f"{event.party} {event.issue} {stated_value(event)} on {event.stated_on}"
        case PositionWithdrawn():
            return f"{event.party} {event.issue} withdrawn on {event.on}"
        case MilestoneNoted():
            return f"milestone {event.title!r} on {event.on}"
        case MembershipStarted() | MembershipEnded():
            return f"{occurrence_text(event)} on {event.on}"
        case _:
            return f"{event.event_kind.register or event.event_kind.name} {about(event)}"


def stated_value(event: PositionStated) -> str:
    """Return the stance or the amount of a statement, as it is typed."""
    return str(event.stance or (event.amount.amount if event.amount else NO_FIGURE))


def changes(old: Event, new: Event) -> dict[str, Any]:
    """Return the new values of the fields that differ, by their names in a batch; None for one to leave out.

    Who stated it together is no such field: recording sets it, by how a file gathers parties in rows.
    """
    found = {NAMES.get(field, field): value for field, value in changed_fields(old, new).items()}
    found.pop("joint_with", None)
    return found


def unregistered(log: Writer, event: Event) -> set[str]:
    """Return the fields, by their names in a batch, in which an event names what is not on record.

    What is recorded together with it is not, as long as it is not appended.
    """
    return {NAMES.get(field, field) for key, field in references(event) if not log.is_registered(key)}

"""Compare what is to be recorded with what is on record: look-alikes, and rows of a file that is run again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracker.adapters.batch import NAMES
from tracker.domain.answers.corrections import difference
from tracker.domain.log.events import PositionStated, StatementCorroborated
from tracker.domain.log.judgement import adds_evidence
from tracker.domain.log.kinds import Role
from tracker.domain.terms.text_key import text_key
from tracker.domain.timeline.statement import WITHDRAWN, Pair
from tracker.errors import ChangedSinceRecorded, LooksLikeOneOnRecord, NamedEntry, SaidTwice, TrackerError
from tracker.storage.log.prepared_entry import PreparedEntry
from tracker.storage.log.writer import Receipt, Writer
from tracker.storage.projections.rows import StatementRow
from tracker.storage.queries.neighbours import StatementVersion, find_look_alikes, find_versions
from tracker.storage.queries.versions import counting_corroborations, counting_facts, locate_entry

Refusals = list[tuple[int, TrackerError]]
"""Refusals, each with the index of its entry."""


def look_alikes(log: Writer, entries: Sequence[tuple[int, PreparedEntry]]) -> Refusals:
    """Return the refusals of statements that look like one on record, or like another one of these."""
    found: Refusals = []
    seen: set[tuple[object, ...]] = set()
    for index, prepared in entries:
        if not isinstance(prepared.row, StatementRow) or prepared.row.value == str(WITHDRAWN):
            continue
        statement = prepared.statement
        same = (*statement.pair, statement.first_day, statement.on, statement.speaker_key, statement.value)
        *_, around = log.find_neighbours(prepared.row)
        on_record = find_look_alikes(log.transaction, statement, around.alike) if around.alike else []
        if same in seen:
            found.append((index, SaidTwice(_label(prepared))))
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
    adds = new.source is not None and all(adds_evidence(new, other) for other in evidence)
    return LooksLikeOneOnRecord(
        known.named, _label(prepared), _changes(known.event, new), source=new.source, adds_evidence=adds
    )


def find_recorded(
    log: Writer, entries: Sequence[PreparedEntry], *, anyway: bool
) -> tuple[dict[int, Receipt], Refusals]:
    """Return the receipts of what was recorded before, and the refusals of statements that changed since.

    A statement was recorded before if any version of one says exactly the same; a registration, a membership or a
    milestone, if one that counts does. With `anyway`, a retracted statement may be recorded again, and one that
    resembles one on record is taken for another.
    """
    versions: dict[Pair, list[StatementVersion]] = {}
    stated = [(index, one) for index, one in enumerate(entries) if isinstance(one.parsed.event, PositionStated)]
    recorded = _recorded_facts(log, entries)
    for index, prepared in stated:
        pair = prepared.statement.pair
        if pair not in versions:
            versions[pair] = find_versions(log.transaction, *pair)
        if (receipt := _receipt(prepared, versions[pair], anyway=anyway)) is not None:
            recorded[index] = receipt
    if anyway:
        return recorded, []
    known = {receipt.entry.id for receipt in recorded.values()}
    for index, prepared in stated:
        if index not in recorded and (corroborated := _corroborated(log, prepared, versions[prepared.statement.pair])):
            recorded[index] = corroborated
    others = [(index, one) for index, one in stated if index not in recorded]
    changed = ((index, _changed(one, versions[one.statement.pair], known)) for index, one in others)
    return recorded, [(index, refusal) for index, refusal in changed if refusal is not None]


def _recorded_facts(log: Writer, entries: Sequence[PreparedEntry]) -> dict[int, Receipt]:
    """The receipts of registrations, memberships, milestones and other facts that are on record in the same words."""
    facts = [(index, one.parsed.event) for index, one in enumerate(entries)]
    facts = [(index, event) for index, event in facts if event.event_kind.role is Role.FACT]
    kinds = {event.event_kind.name for _, event in facts}
    on_record = {version.event: version.entry for version in counting_facts(log.connection, [*kinds])} if kinds else {}
    return {index: Receipt(on_record[event]) for index, event in facts if event in on_record}


def _receipt(prepared: PreparedEntry, versions: Sequence[StatementVersion], *, anyway: bool) -> Receipt | None:
    """The receipt of the version that says the same: best one that counts, else one whose statement still does."""
    counting = {version.rank: version for version in versions if version.counts}
    same = [version for version in versions if version.event == prepared.parsed.event]
    for version in sorted(same, key=lambda version: (not version.counts, version.rank not in counting)):
        position, current = version.entry.position, counting.get(version.rank)
        if version.counts:
            return Receipt(version.entry)
        if current is not None:
            note = f"{_label(prepared)}: @{position} was corrected since; @{current.entry.position} counts."
            return Receipt(version.entry, (note,))
        if not anyway:
            note = f"{_label(prepared)}: @{position} was retracted, and is not recorded again without --anyway."
            return Receipt(version.entry, (note,))
    return None


def _corroborated(log: Writer, prepared: PreparedEntry, versions: Sequence[StatementVersion]) -> Receipt | None:
    """The receipt of a statement on record that the row's evidence corroborates already, in whatever words."""
    new = prepared.parsed.event
    assert isinstance(new, PositionStated)
    for version in versions:
        if not version.counts or _said(version.event) != _said(new) or version.event.source == new.source:
            continue
        if not set(_changes(version.event, new)) <= {"source", "quote", "locator", "summary", "attribution"}:
            continue
        for found in counting_corroborations(log.connection, locate_entry(log.connection, version.entry.id)):
            if isinstance(found.event, StatementCorroborated) and not adds_evidence(new, found.event):
                note = f"{_label(prepared)}: {new.source} corroborates @{version.entry.position} already."
                return Receipt(version.entry, (note,))
    return None


def _changed(
    prepared: PreparedEntry, versions: Sequence[StatementVersion], known: set[str]
) -> ChangedSinceRecorded | None:
    """The refusal of a row in which something changed since it was recorded; None if it is another statement.

    It has the words of the one on record, or its day, speaker and stance; and that one is no other row of the file.
    """
    new = prepared.parsed.event
    assert isinstance(new, PositionStated)
    for version in versions:
        old = version.event
        if version.counts and version.entry.id not in known and any(_resemblance(old, new)):
            named = NamedEntry(version.entry.id, version.entry.position)
            cites_another = _said(old) == _said(new) and new.source != old.source
            source = new.source if cites_another else None
            return ChangedSinceRecorded(named, _label(prepared), _changes(old, new), source=source)
    return None


def _resemblance(old: PositionStated, new: PositionStated) -> Iterator[bool]:
    yield _said(old) == _said(new)
    yield old.summary == new.summary
    yield old.quote is not None and old.quote == new.quote


def _said(event: PositionStated) -> tuple[object, ...]:
    """Its day, its speaker as people see the name, and its stance."""
    return event.stated_on, text_key(event.speaker or ""), event.stance


def _changes(old: PositionStated, new: PositionStated) -> Mapping[str, Any]:
    """The new values of the fields that differ, by their names in a batch; None for one to leave out."""
    return {NAMES[change.field]: change.after for change in difference(old.data(), new.data()) if change.field in NAMES}


def _label(prepared: PreparedEntry) -> str:
    statement = prepared.statement
    return f"{statement.party} {statement.issue} {statement.value} on {statement.stated_on}"

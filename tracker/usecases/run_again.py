"""Tell which rows of a file that is run again were recorded before, and which have changed since."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from tracker.domain.log.entries import about
from tracker.domain.log.events import (
    Event,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PositionStated,
    StatementCorroborated,
)
from tracker.domain.log.judgement import adds_evidence
from tracker.domain.log.kind_registry import Role
from tracker.domain.terms.text_key import text_key
from tracker.domain.timeline.statement import Pair
from tracker.errors import ChangedSinceRecorded, NamedEntry
from tracker.storage.log.prepared_entry import PreparedEntry
from tracker.storage.log.writer import Receipt, Writer
from tracker.storage.queries.neighbours import find_versions
from tracker.storage.queries.versions import (
    RecordedVersion,
    counting_corroborations,
    locate_entry,
    recorded_facts,
)
from tracker.usecases.on_record import Refusals, changes, label, unregistered

Versions = Sequence[RecordedVersion]


def find_recorded(
    log: Writer, entries: Sequence[PreparedEntry], *, anyway: bool
) -> tuple[dict[int, Receipt], Refusals]:
    """Return the receipts of what was recorded before, and the refusals of what changed since, each by its index.

    An entry was recorded before if any version of one says exactly the same. With `anyway`, what was retracted may be
    recorded again, and what resembles an entry on record is taken for another.
    """
    rows = [(index, one, versions) for index, one, versions in _with_versions(log, entries) if versions]
    found = {index: same for index, one, versions in rows if (same := _same(one, versions, anyway=anyway))}
    if not anyway:
        others = [row for row in rows if row[0] not in found]
        found |= {index: same for index, one, versions in others if (same := _corroborated(log, one, versions))}
    receipts = {index: Receipt(version.entry, notes) for index, (version, notes) in found.items()}
    if anyway:
        return receipts, []
    known = {version.rank for version, _ in found.values()}
    changed = ((index, _changed(log, one, versions, known)) for index, one, versions in rows if index not in found)
    return receipts, [(index, refusal) for index, refusal in changed if refusal is not None]


def _with_versions(log: Writer, entries: Sequence[PreparedEntry]) -> Iterator[tuple[int, PreparedEntry, Versions]]:
    """Yield statements and facts with the versions on record that may say the same: of their pair, or their kind."""
    events = [one.parsed.event for one in entries]
    facts: dict[str, list[RecordedVersion]] = {
        event.event_kind.name: [] for event in events if event.event_kind.role is Role.FACT
    }
    for version in recorded_facts(log.transaction, sorted(facts)) if facts else ():
        facts[version.event.event_kind.name].append(version)
    by_subject = {name: _by_subject(versions) for name, versions in facts.items()}
    pairs: dict[Pair, Versions] = {}
    for index, (one, event) in enumerate(zip(entries, events, strict=True)):
        if isinstance(event, PositionStated):
            pair = event.issue, event.party
            if pair not in pairs:
                pairs[pair] = find_versions(log.transaction, *pair)
            yield index, one, pairs[pair]
        elif event.event_kind.role is Role.FACT:
            yield index, one, by_subject[event.event_kind.name].get(_subject(event), ())


def _by_subject(versions: Iterable[RecordedVersion]) -> dict[str, list[RecordedVersion]]:
    found: dict[str, list[RecordedVersion]] = {}
    for version in versions:
        found.setdefault(_subject(version.event), []).append(version)
    return found


def _subject(event: Event) -> str:
    """Return what an event of a kind is about; nothing for a milestone, whose title and day may have changed."""
    return "" if isinstance(event, MilestoneNoted) else about(event)


def _same(
    prepared: PreparedEntry, versions: Versions, *, anyway: bool
) -> tuple[RecordedVersion, tuple[str, ...]] | None:
    """Return the version that says the same, with notes: best one that counts, else one whose statement still does."""
    counting = {version.rank: version for version in versions if version.counts}
    event = prepared.parsed.event
    same = [version for version in versions if version.event == event]
    for version in sorted(same, key=lambda version: (not version.counts, version.rank not in counting)):
        position, current = version.entry.position, counting.get(version.rank)
        if version.counts:
            return version, ()
        if current is not None:
            return version, (f"{label(event)}: @{position} was corrected since; @{current.entry.position} counts.",)
        if not anyway:
            note = f"{label(event)}: @{position} was retracted, and is not recorded again without --anyway."
            return version, (note,)
    return None


def _corroborated(
    log: Writer, prepared: PreparedEntry, versions: Versions
) -> tuple[RecordedVersion, tuple[str, ...]] | None:
    """Return the statement on record that the row's evidence corroborates already, in whatever words, with a note."""
    new = prepared.parsed.event
    if not isinstance(new, PositionStated):
        return None
    for version in versions:
        old = version.event
        if not version.counts or not isinstance(old, PositionStated):
            continue
        if _said(old) != _said(new) or old.source == new.source or not changes(old, new).keys() <= _MAY_DIFFER:
            continue
        for found in counting_corroborations(log.connection, locate_entry(log.connection, version.entry.id)):
            if isinstance(found.event, StatementCorroborated) and not adds_evidence(new, found.event):
                note = f"{label(new)}: {new.source} corroborates @{version.entry.position} already."
                return version, (note,)
    return None


_MAY_DIFFER = {"source", "quote", "locator", "summary", "attribution"}
"""Fields in which a row that carries another source for a statement may differ from it."""


def _changed(
    log: Writer, prepared: PreparedEntry, versions: Versions, known: Collection[int]
) -> ChangedSinceRecorded | None:
    """Return the refusal of a row in which something changed since it was recorded; None if it says something else.

    What it resembles is no other row of the file, whose ranks are `known`.
    """
    new = prepared.parsed.event
    for version in versions:
        old = version.event
        if not version.counts or version.rank in known or not _resembles(old, new):
            continue
        named = NamedEntry(version.entry.id, version.entry.position)
        unknown = unregistered(log, new)
        source = None
        if isinstance(old, PositionStated) and isinstance(new, PositionStated) and "source" not in unknown:
            source = new.source if _said(old) == _said(new) and new.source != old.source else None
        noun = new.event_kind.noun
        return ChangedSinceRecorded(
            named, label(new), changes(old, new), unregistered=unknown, noun=noun, source=source
        )
    return None


def _resembles(old: Event, new: Event) -> bool:
    """Return whether an event on record may be what a row said before it was changed.

    A registration with other data is refused in any case, and a membership of another day by the rules of memberships.
    """
    match old, new:
        case PositionStated(), PositionStated():
            return _said(old) == _said(new) or old.summary == new.summary or _quotes_alike(old, new)
        case (MembershipStarted(on=day), MembershipStarted(on=other)) | (
            MembershipEnded(on=day),
            MembershipEnded(on=other),
        ):
            return day == other
        case MilestoneNoted(), MilestoneNoted():
            alike = text_key(old.title) == text_key(new.title) or _quotes_alike(old, new)
            return alike or (old.on == new.on and len(changes(old, new)) == 1)
        case _:
            return False


def _quotes_alike(old: PositionStated | MilestoneNoted, new: PositionStated | MilestoneNoted) -> bool:
    return old.quote is not None and old.quote == new.quote


def _said(event: PositionStated) -> tuple[object, ...]:
    """Return its day, its speaker as people see the name, and its stance."""
    return event.stated_on, text_key(event.speaker or ""), event.stance

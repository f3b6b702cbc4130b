"""Tell which rows of a file that is run again were recorded before, and which have changed since."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from tracker.domain.log.entries import about
from tracker.domain.log.events import (
    Event,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PositionEvent,
    PositionStated,
    PositionWithdrawn,
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
    corroborations_by_statement,
    recorded_facts,
)
from tracker.usecases.on_record import Refusals, changes, label, unregistered

Key = tuple[object, ...]


class Versions:
    """The versions on record of one pair, or of one kind and subject, found by what they say in one step each."""

    def __init__(self, versions: Sequence[RecordedVersion]) -> None:
        self._versions = versions
        self.counting = {version.rank: version for version in versions if version.counts}
        self._equal: dict[Event, RecordedVersion] = {}
        self._same_but_evidence: dict[Key, list[RecordedVersion]] = {}
        for version in versions:
            says = _apart_from_partners(version.event)
            known = self._equal.setdefault(says, version)
            if self._order(version) < self._order(known):
                self._equal[says] = version
            if version.counts and isinstance(version.event, PositionEvent):
                self._same_but_evidence.setdefault(_apart_from_evidence(version.event), []).append(version)

    def find_equal(self, event: Event) -> RecordedVersion | None:
        """Return the version that says exactly the same: best one that counts, else one whose statement still does."""
        return self._equal.get(_apart_from_partners(event))

    def find_same_but_evidence(self, event: PositionEvent) -> Sequence[RecordedVersion]:
        """Return those that count and differ in nothing but evidence and words, in log order."""
        return self._same_but_evidence.get(_apart_from_evidence(event), ())

    def first_by_resemblance(self, *, without: Collection[int]) -> Mapping[Key, RecordedVersion]:
        """Return the first that counts for each thing that it may have in common with a changed row, but some ranks."""
        first: dict[Key, RecordedVersion] = {}
        for version in self._versions:
            if version.counts and version.rank not in without:
                for key in _resemblances(version.event):
                    first.setdefault(key, version)
        return first

    def _order(self, version: RecordedVersion) -> tuple[bool, bool]:
        return not version.counts, version.rank not in self.counting


def find_recorded(
    log: Writer, entries: Sequence[PreparedEntry], *, anyway: bool
) -> tuple[dict[int, Receipt], Refusals]:
    """Return the receipts of what was recorded before, and the refusals of what changed since, each by its index.

    An entry was recorded before if any version of one says exactly the same. With `anyway`, what was retracted may be
    recorded again, and what resembles an entry on record is taken for another.
    """
    rows = list(_with_versions(log, entries))
    found = {index: same for index, one, versions in rows if (same := _same(one, versions, anyway=anyway))}
    if not anyway:
        others = [row for row in rows if row[0] not in found]
        corroborations = _corroborations_finder(log)
        found |= {
            index: same for index, one, versions in others if (same := _corroborated(one, versions, corroborations))
        }
    receipts = {index: Receipt(version.entry, notes) for index, (version, notes) in found.items()}
    if anyway:
        return receipts, []
    known = {version.rank for version, _ in found.values()}

    @cache
    def not_found(versions: Versions) -> Mapping[Key, RecordedVersion]:
        return versions.first_by_resemblance(without=known)

    changed = ((index, _changed(log, one, not_found(versions))) for index, one, versions in rows if index not in found)
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
        if isinstance(event, PositionEvent):
            pair = event.issue, event.party
            if pair not in pairs:
                pairs[pair] = Versions(find_versions(log.transaction, *pair))
            yield index, one, pairs[pair]
        elif event.event_kind.role is Role.FACT:
            versions = by_subject[event.event_kind.name].get(_subject(event))
            if versions is not None:
                yield index, one, versions


def _by_subject(versions: Iterable[RecordedVersion]) -> dict[str, Versions]:
    found: dict[str, list[RecordedVersion]] = {}
    for version in versions:
        found.setdefault(_subject(version.event), []).append(version)
    return {subject: Versions(those) for subject, those in found.items()}


def _subject(event: Event) -> str:
    """Return what an event of a kind is about; nothing for a milestone, whose title and day may have changed."""
    return "" if isinstance(event, MilestoneNoted) else about(event)


def _same(
    prepared: PreparedEntry, versions: Versions, *, anyway: bool
) -> tuple[RecordedVersion, tuple[str, ...]] | None:
    """Return the version that says exactly the same, with notes."""
    event = prepared.parsed.event
    version = versions.find_equal(event)
    if version is None or version.counts:
        return version and (version, ())
    position, current = version.entry.position, versions.counting.get(version.rank)
    if current is not None:
        return version, (f"{label(event)}: @{position} was corrected since; @{current.entry.position} counts.",)
    if anyway:
        return None
    return version, (f"{label(event)}: @{position} was retracted, and is not recorded again without --anyway.",)


def _corroborated(
    prepared: PreparedEntry, versions: Versions, corroborations: Callable[[int], Sequence[StatementCorroborated]]
) -> tuple[RecordedVersion, tuple[str, ...]] | None:
    """Return the statement on record that the row's evidence corroborates already, in whatever words, with a note."""
    new = prepared.parsed.event
    if not isinstance(new, PositionEvent):
        return None
    for version in versions.find_same_but_evidence(new):
        assert isinstance(version.event, PositionEvent)
        if version.event.source == new.source:
            continue
        if not all(adds_evidence(new, known) for known in corroborations(version.rank)):
            note = f"{label(new)}: {new.source} corroborates @{version.entry.position} already."
            return version, (note,)
    return None


def _corroborations_finder(log: Writer) -> Callable[[int], Sequence[StatementCorroborated]]:
    """Return what finds the counting corroborations of the statement of a rank, reading those of each once."""

    @cache
    def find(rank: int) -> Sequence[StatementCorroborated]:
        found = (version.event for version in corroborations_by_statement(log.transaction, [rank])[rank])
        return [event for event in found if isinstance(event, StatementCorroborated)]

    return find


def _apart_from_evidence(event: PositionEvent) -> Key:
    return tuple(getattr(event, name) for name in type(event).model_fields if name not in _MAY_DIFFER)


_MAY_DIFFER = {"source", "quote", "locator", "summary", "attribution", "language", "translation", "joint_with"}
"""Fields in which a row that carries another source for a statement or withdrawal may differ from it."""


def _changed(
    log: Writer, prepared: PreparedEntry, others: Mapping[Key, RecordedVersion]
) -> ChangedSinceRecorded | None:
    """Return the refusal of a row in which something changed since it was recorded; None if it says something else.

    What it resembles is one of the `others`, which are no other row of the file.
    """
    new = prepared.parsed.event
    alike = [version for key in _resemblances(new) if (version := others.get(key)) is not None]
    if not alike:
        return None
    version = min(alike, key=lambda version: version.entry.position)
    old = version.event
    named = NamedEntry(version.entry.id, version.entry.position)
    unknown = unregistered(log, new)
    source = None
    if isinstance(old, PositionEvent) and isinstance(new, PositionEvent) and "source" not in unknown:
        source = new.source if _said(old) == _said(new) and new.source != old.source else None
    noun = new.event_kind.noun
    return ChangedSinceRecorded(named, label(new), changes(old, new), unregistered=unknown, noun=noun, source=source)


def _resemblances(event: Event) -> Iterator[Key]:
    """Yield keys: an event on record that shares one may be what a row said before it was changed.

    A registration with other data is refused in any case, and a membership of another day by the rules of memberships.
    A milestone may have changed in any one thing but its day.
    """
    match event:
        case PositionStated() | PositionWithdrawn():
            yield "said", *_said(event)
            yield "summary", type(event), event.summary
        case MembershipStarted() | MembershipEnded():
            yield "day", event.on
        case MilestoneNoted():
            yield "title", text_key(event.title)
            values = {name: getattr(event, name) for name in MilestoneNoted.model_fields}
            for changed in values.keys() - {"type", "on"}:
                yield "all but", changed, *(value for name, value in values.items() if name != changed)
    if isinstance(event, PositionEvent | MilestoneNoted) and event.quote is not None:
        yield "quote", type(event), event.quote


def _apart_from_partners(event: Event) -> Event:
    """Return an event without who stated it together: recording sets that, by how a file gathers parties in rows."""
    return (
        event.model_copy(update={"joint_with": ()}) if isinstance(event, PositionStated) and event.joint_with else event
    )


def _said(event: PositionEvent) -> tuple[object, ...]:
    """Return its day, its speaker as people see the name, and its stance or amount, or that it is withdrawn."""
    value = (event.stance, event.amount) if isinstance(event, PositionStated) else (PositionWithdrawn,)
    return event.stated, text_key(event.speaker or ""), *value

"""The entries that count at a cut-off (DESIGN section 5).

This is the plain replay of a log, or of any part that is closed under the targets of its entries. A property test holds
every faster way to an answer to it: in SQL, `counts` in `storage/projections/counting.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import EntryCorrected, EntryRetracted, Event, RevisionEvent
from tracker.domain.log.parsing import parse_replacement
from tracker.domain.timeline.statement import Statement, statement_from


@dataclass(frozen=True, slots=True)
class Version:
    """The content of one entry in its place.

    `event` is the entry's own or, for a correction, the replacement. `rank` is the position of the first entry in its
    chain of corrections: a correction keeps the place of its target.
    """

    entry: Entry
    event: Event
    rank: int

    @property
    def statement(self) -> Statement:
        """The statement or withdrawal of this version."""
        event, entry = self.event, self.entry
        kind = event.event_kind.name
        return statement_from(kind, event.data(), rank=self.rank, position=entry.position, event_id=entry.id)


@dataclass(frozen=True, slots=True)
class Replay:
    """The log up to a cut-off: the versions that count, and all versions by entry id."""

    counting: tuple[Version, ...]
    versions: Mapping[str, Version]


def replay(entries: Iterable[Entry], *, known_at: int | None = None) -> Replay:
    """Replay the log up to a position (by default all): what was corrected or retracted by then counts no more."""
    versions: dict[str, Version] = {}
    targeted: set[str] = set()
    for entry in entries:
        if known_at is not None and entry.position > known_at:
            break
        first = Version(entry, entry.event, entry.position)
        if isinstance(entry.event, RevisionEvent):
            first = versions[entry.event.target]
            targeted.add(entry.event.target)
        if (event := event_in_effect(entry, first.event.type)) is not None:
            versions[entry.id] = Version(entry, event, first.rank)
    counting = tuple(version for event_id, version in versions.items() if event_id not in targeted)
    return Replay(counting, versions)


def event_in_effect(entry: Entry, first_type: str) -> Event | None:
    """Return an entry's event or, for a correction, the replacement, of type `first_type`; None for a retraction."""
    event = entry.event
    if isinstance(event, EntryCorrected):
        return parse_replacement(first_type, event).event
    return None if isinstance(event, EntryRetracted) else event

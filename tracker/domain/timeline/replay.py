"""The entries that count at a cut-off, and the days on which they became public (DESIGN sections 4 and 5).

This is the plain replay of a log, or of any part that is closed under the targets of its entries. A property test holds
every faster way to an answer to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    PositionEvent,
    RevisionEvent,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.log.parsing import parse_unversioned
from tracker.domain.timeline.circumstances import fact_public_on
from tracker.domain.timeline.statement import EVIDENCE_FIELDS, Statement, statement_from


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
        return parse_unversioned(first_type, event.replacement).event
    return None if isinstance(event, EntryRetracted) else event


def published_days(history: Replay) -> dict[int, date]:
    """Return the day on which each statement or withdrawal became public, by rank, without undated ones."""
    published = published_versions(history)
    return {version.rank: day for version in history.counting if (day := published.get(version.entry.id)) is not None}


def published_versions(history: Replay) -> dict[str, date]:
    """Return the day on which each version of a statement became public, by entry id, also of those that count no more.

    It is the earliest of its own source and of its chain's counting corroborations, but not before the first day on
    which it can have been said.
    """
    dated = source_days(history)
    corroborated: dict[int, date] = {}
    for version in history.counting:
        event = version.event
        if isinstance(event, StatementCorroborated) and (day := dated.get(event.source)) is not None:
            rank = history.versions[event.target].rank
            corroborated[rank] = min(day, corroborated.get(rank, date.max))
    published: dict[str, date] = {}
    for event_id, version in history.versions.items():
        if isinstance(version.event, PositionEvent):
            own = dated.get(version.event.source) if version.event.source is not None else None
            days = [day for day in (own, corroborated.get(version.rank)) if day is not None]
            if days:
                published[event_id] = max(min(days), version.event.day.first)
    return published


def public_facts(versions: Iterable[Version], source_days: Mapping[str, date], by: date | None) -> Iterator[Version]:
    """Yield the facts with a day that were public by a day (None lets everything through).

    Those that rest on an undated source come without it.
    """
    for version in versions:
        event: Any = version.event
        source_day = source_days.get(getattr(event, "source", None) or "")
        if by is None:
            yield version
        elif fact_public_on(event.event_kind, event.on, source_day) <= by:
            is_dated = source_day is not None or not hasattr(event, "source")
            public = event if is_dated else event.model_copy(update=dict.fromkeys(EVIDENCE_FIELDS))
            yield replace(version, event=public)


def is_public(day: date | None, by: date | None) -> bool:
    """Return whether a publication day (None is never) passes a cut-off (None lets everything through)."""
    return by is None or (day is not None and day <= by)


def source_days(history: Replay) -> dict[str, date]:
    """Return the publication day of each dated source, by the first of its counting registrations."""
    registered: dict[str, date | None] = {}
    for version in sorted(history.counting, key=lambda version: version.rank):
        if isinstance(version.event, SourceRegistered):
            registered.setdefault(version.event.source, version.event.published_on)
    return {source: day for source, day in registered.items() if day is not None}

"""When statements and facts are public, and the evidence that was public by a day (DESIGN section 4).

A statement may count because another source carried it before its own did. Then an answer shows that source and its
words: what nobody could read by the day, no answer may quote.

The faster twins, held to this by laws: `storage/projections/publication.py` keeps the days, `visible` in
`storage/queries/filters.py` compares them, and `public_statements.py` beside that reads the evidence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.domain.log.events import PositionEvent, SourceRegistered, StatementCorroborated, occurred_on
from tracker.domain.timeline.circumstances import fact_public_on
from tracker.domain.timeline.counting import Replay, Version
from tracker.domain.timeline.statement import EVIDENCE_FIELDS, Statement


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
        elif fact_public_on(event.event_kind, occurred_on(event), source_day) <= by:
            is_dated = source_day is not None or not hasattr(event, "source")
            evidence = EVIDENCE_FIELDS & event.__dict__.keys()
            public = event if is_dated else event.model_copy(update=dict.fromkeys(evidence))
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


class PublicEvidence:
    """The sources that were public by a day (None is any day), and the corroborations that rest on them."""

    def __init__(self, history: Replay, by: date | None) -> None:
        self._by = by
        self._days = source_days(history)
        found: dict[int, tuple[date, int, StatementCorroborated]] = {}
        for version in history.counting if by else ():
            event = version.event
            if isinstance(event, StatementCorroborated) and self.has(event.source):
                candidate = self._days[event.source], version.rank, event
                statement_rank = history.versions[event.target].rank
                found[statement_rank] = min(found.get(statement_rank, candidate), candidate, key=lambda one: one[:2])
        self._first = {rank: event for rank, (_, _, event) in found.items()}

    def has(self, source: str | None) -> bool:
        """Return whether a source was public by the day; what has no source was not."""
        return is_public(self._days.get(source) if source else None, self._by)

    def of(self, statement: Statement) -> Statement:
        """Return a statement with its evidence: its own or, if that was not public, that of the first public source."""
        if self.has(statement.source):
            return statement
        first = self._first.get(statement.rank)
        if first is None:
            return statement.with_evidence({})
        return statement.with_evidence(first.data())

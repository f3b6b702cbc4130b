"""What we did to our own record, apart from what parties did: `corrections` and `learned` of DESIGN section 8.

Both are functions of the log, or of any part of it that is closed under what
its entries target and cite.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from tracker.domain.entries import Entry
from tracker.domain.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    IssueClosed,
    MilestoneNoted,
    Position,
    PositionStated,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.scope import Cutoffs, Scope
from tracker.domain.timeline import (
    Pair,
    Step,
    Timelines,
    Version,
    pair_of,
    published_days,
    replay,
    source_days,
    stance_on,
)
from tracker.domain.vocabulary import Outcome, Stance


class Revision(StrEnum):
    """How an entry changes what the record says."""

    STATED = "stated"
    WITHDRAWN = "withdrawn"
    CORROBORATED = "corroborated"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    PUBLISHED = "published"
    NOTED = "noted"
    CLOSED = "closed"


class Correction(NamedTuple):
    """A correction or retraction of a statement or withdrawal: what the record said, and what it says instead.

    `on` and `to_on` are effective days. `from_stance` is the immediate target's
    own and `to_stance` the replacement's own; a retraction has no replacement.
    """

    event_id: str
    target: str
    kind: Revision
    party: str
    issue: str
    on: date
    from_stance: Stance | None
    to_party: str | None
    to_issue: str | None
    to_on: date | None
    to_stance: Stance | None
    reason: str
    recorded_by: str
    recorded_at: datetime


class Learned(NamedTuple):
    """An entry that a reader of an earlier report must be told of, and what it did to a pair's stance on that day.

    `of` is what was stated, corrected or retracted: a `statement`, a
    `corroboration` or a `source`. `on` is the statement's effective day.
    `from_stance` is the stance on the earlier report's last day as that report
    knew it, `to_stance` on the same day as known now.
    """

    event_id: str
    kind: Revision
    of: str
    party: str
    issue: str
    on: date
    summary: str
    source: str | None
    speaker: str | None
    reason: str | None
    from_stance: Stance | None
    to_stance: Stance | None
    recorded_by: str
    recorded_at: datetime


class LearnedContext(NamedTuple):
    """A milestone or a closing of an earlier day that was recorded, corrected or retracted since."""

    event_id: str
    kind: Revision
    of: str
    on: date
    title: str
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    outcome: Outcome | None
    reason: str | None
    recorded_by: str
    recorded_at: datetime


class FieldChange(NamedTuple):
    """A field that a correction changes, with what it held and holds; None is absent."""

    field: str
    before: Any
    after: Any


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields in which two entries' data differ, in the order of the first and then the second."""
    fields = dict.fromkeys((*before, *after))
    changed = (FieldChange(field, before.get(field), after.get(field)) for field in fields)
    return tuple(change for change in changed if change.before != change.after)


class StandingChange(NamedTuple):
    """What our record has in effect for a pair on a day, before and after we revised it; None is nothing."""

    issue: str
    party: str
    on: date
    before: Step | None
    after: Step | None


@dataclass(frozen=True, slots=True)
class Revised:
    """A correction or retraction, the entry that it targets, the fields that it changes, and what follows.

    `was` is what the target said; `difference` is empty for a retraction.
    `standings` is about the pairs concerned, on the statement's day and today.
    """

    entry: Entry
    target: Entry
    was: Event
    difference: tuple[FieldChange, ...]
    standings: tuple[StandingChange, ...]


# --- corrections ----------------------------------------------------------------------------------


def corrections(entries: Sequence[Entry], scope: Scope, *, after: date, up_to: date) -> tuple[Correction, ...]:
    """The corrections and retractions of what took effect after a day and up to another, in log order.

    Either side, the target or the replacement, may lie between the days, and
    either may be the one in scope.
    """
    versions = replay(entries).versions
    rows = []
    for entry in entries:
        old, new = _sides(entry, versions.get)
        if old is None:
            continue
        sides = [side for side in (old, new) if side is not None]
        if any(after < side.day.effective <= up_to for side in sides) and any(map(scope.includes, sides)):
            rows.append(_correction(entry, old, new))
    return tuple(rows)


def _sides(entry: Entry, version_of: Callable[[str], Version | None]) -> tuple[Position | None, Position | None]:
    """What a correction or retraction of a statement or withdrawal took away, and what it put instead."""
    if not isinstance(entry.event, EntryCorrected | EntryRetracted):
        return None, None
    old, new = version_of(entry.event.target), version_of(entry.id)
    if old is None or not isinstance(old.event, Position):
        return None, None
    return old.event, new.event if new is not None and isinstance(new.event, Position) else None


def _correction(entry: Entry, old: Position, new: Position | None) -> Correction:
    assert isinstance(entry.event, EntryCorrected | EntryRetracted)
    return Correction(
        event_id=entry.id,
        target=entry.event.target,
        kind=Revision.CORRECTED if new else Revision.RETRACTED,
        party=old.party,
        issue=old.issue,
        on=old.day.effective,
        from_stance=_own_stance(old),
        to_party=new.party if new else None,
        to_issue=new.issue if new else None,
        to_on=new.day.effective if new else None,
        to_stance=_own_stance(new) if new else None,
        reason=entry.event.reason,
        recorded_by=entry.recorded_by,
        recorded_at=entry.recorded_at,
    )


def _own_stance(event: Position) -> Stance | None:
    return event.stance if isinstance(event, PositionStated) else None


# --- learned --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier report: how much of the record it used, and the last day that it spoke of."""

    known_at: int
    published_by: date | None
    up_to: date


class Lesson(NamedTuple):
    """An entry that an earlier report did not use, and a statement or withdrawal of its days that it bears on."""

    entry: Entry
    kind: Revision
    of: str
    event: Position

    @property
    def pair(self) -> Pair:
        return pair_of(self.event)


def lessons(entries: Sequence[Entry], scope: Scope, cutoffs: Cutoffs, earlier: Earlier) -> list[Lesson]:
    """What was recorded since an earlier report that bears on a statement of its days, one for each entry and pair.

    That is a statement or withdrawal itself, its correction or retraction, a
    corroboration, a change of its source's date; and, if the earlier report had
    a cut-off on the published clock, a statement that became public since.
    """
    found = []
    for entry, kind, of, touched in _Lessons(entries, cutoffs, earlier).all():
        by_pair: dict[Pair, Lesson] = {}
        for event in touched:
            if event.day.effective <= earlier.up_to and scope.includes(event):
                by_pair[pair_of(event)] = Lesson(entry, kind, of, event)
        found += [by_pair[pair] for pair in sorted(by_pair)]
    return sorted(found, key=lambda lesson: lesson.entry.position)


def learned(found: Iterable[Lesson], earlier: Earlier, then: Timelines, now: Timelines) -> tuple[Learned, ...]:
    """The lessons, in log order, with their pairs' stances as known to the earlier report and as known now."""
    rows = []
    for lesson in found:
        before, after = (stance_on(pairs.by_pair.get(lesson.pair, ()), earlier.up_to) for pairs in (then, now))
        rows.append(_learned(lesson, before, after))
    return tuple(rows)


class _Lessons:
    """The entries that an earlier report did not have, each with the statements that it bears on."""

    def __init__(self, entries: Sequence[Entry], cutoffs: Cutoffs, earlier: Earlier) -> None:
        self._entries = entries
        self._earlier = earlier
        self._cutoffs = cutoffs
        self._now = replay(entries)
        self._then = replay(entries, known_at=earlier.known_at)
        self._counting = {v.rank: v.event for v in self._now.counting if isinstance(v.event, Position)}

    def all(self) -> Iterator[tuple[Entry, Revision, str, list[Position]]]:
        yield from self._published()
        for entry in self._entries:
            if entry.position > self._earlier.known_at:
                lesson = self._lesson(entry)
                if lesson is not None:
                    yield (entry, *lesson)

    def _lesson(self, entry: Entry) -> tuple[Revision, str, list[Position]] | None:
        event = entry.event
        first: object = event
        if isinstance(event, EntryCorrected | EntryRetracted):
            first = self._now.versions[event.target].event
        kind = _kind(entry)
        match first:
            case _ if isinstance(first, Position):
                old, new = _sides(entry, self._now.versions.get)
                own = event if isinstance(event, Position) else None
                return kind, "statement", [side for side in (old, new, own) if side is not None]
            case StatementCorroborated(target=target):
                rank = self._now.versions[target].rank
                counting = self._counting.get(rank)
                return kind, "corroboration", [counting] if counting else []
            case SourceRegistered(source=source) if self._redates(entry, source):
                return kind, "source", list(self._citing(source))
        return None

    def _redates(self, entry: Entry, source: str) -> bool:
        """Whether a correction or retraction changes the day on which a source was published."""
        if not isinstance(entry.event, EntryCorrected | EntryRetracted):
            return False
        before, after = (replay(self._entries, known_at=at) for at in (entry.position - 1, entry.position))
        return source_days(before).get(source) != source_days(after).get(source)

    def _citing(self, source: str) -> Iterator[Position]:
        """The counting statements and withdrawals that rest on a source."""
        cited = {
            self._now.versions[version.event.target].rank
            for version in self._now.counting
            if isinstance(version.event, StatementCorroborated) and version.event.source == source
        }
        for rank, event in self._counting.items():
            if event.source == source or rank in cited:
                yield event

    def _published(self) -> Iterator[tuple[Entry, Revision, str, list[Position]]]:
        """What the earlier report had on record and left out, because it was not public yet; and is public now."""
        if self._earlier.published_by is None:
            return
        published, limit = published_days(self._then), self._cutoffs.published_by
        still = {version.entry.id for version in self._now.counting}
        for version in self._then.counting:
            if not isinstance(version.event, Position) or version.entry.id not in still:
                continue
            day = published.get(version.rank)
            hidden = day is None or day > self._earlier.published_by
            if hidden and (limit is None or (day is not None and day <= limit)):
                yield version.entry, Revision.PUBLISHED, "statement", [version.event]


def _kind(entry: Entry) -> Revision:
    match entry.event:
        case EntryCorrected():
            return Revision.CORRECTED
        case EntryRetracted():
            return Revision.RETRACTED
        case StatementCorroborated():
            return Revision.CORROBORATED
        case PositionStated():
            return Revision.STATED
        case MilestoneNoted():
            return Revision.NOTED
        case IssueClosed():
            return Revision.CLOSED
        case _:
            return Revision.WITHDRAWN


def _learned(lesson: Lesson, before: Stance | None, after: Stance | None) -> Learned:
    entry, event = lesson.entry, lesson.event
    return Learned(
        event_id=entry.id,
        kind=lesson.kind,
        of=lesson.of,
        party=event.party,
        issue=event.issue,
        on=event.day.effective,
        summary=event.summary,
        source=entry.event.source if isinstance(entry.event, StatementCorroborated) else event.source,
        speaker=event.speaker,
        reason=getattr(entry.event, "reason", None),
        from_stance=before,
        to_stance=after,
        recorded_by=entry.recorded_by,
        recorded_at=entry.recorded_at,
    )


def learned_context(entries: Iterable[Entry], scope: Scope, earlier: Earlier) -> tuple[LearnedContext, ...]:
    """The milestones and closings of an earlier report's days that were recorded or revised since, in log order."""
    log = list(entries)
    versions = replay(log).versions
    rows = []
    for entry in log:
        if entry.position <= earlier.known_at:
            continue
        target = entry.event.target if isinstance(entry.event, EntryCorrected | EntryRetracted) else None
        sides = [versions[key].event for key in (target, entry.id) if key is not None and key in versions]
        about = [side for side in sides if isinstance(side, MilestoneNoted | IssueClosed)]
        concerned = [side for side in about if side.on <= earlier.up_to and scope.concerns(*_concerns(side))]
        if concerned:
            rows.append(_learned_context(entry, about[-1]))
    return tuple(rows)


def _concerns(event: MilestoneNoted | IssueClosed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return event.parties, event.issues if isinstance(event, MilestoneNoted) else (event.issue,)


def _learned_context(entry: Entry, event: MilestoneNoted | IssueClosed) -> LearnedContext:
    parties, issues = _concerns(event)
    closed = event if isinstance(event, IssueClosed) else None
    return LearnedContext(
        event_id=entry.id,
        kind=_kind(entry),
        of="closing" if closed else "milestone",
        on=event.on,
        title=event.title if isinstance(event, MilestoneNoted) else event.note or f"{event.issue}: {event.outcome}",
        parties=parties,
        issues=issues,
        outcome=closed.outcome if closed else None,
        reason=getattr(entry.event, "reason", None),
        recorded_by=entry.recorded_by,
        recorded_at=entry.recorded_at,
    )

"""What a reader of an earlier report must be told: `learned` of DESIGN section 8.

A function of the log, or of any part of it that is closed under what its
entries target and cite.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tracker.domain.answers.corrections import FieldChange, Revision, difference, revision_of, sides_of
from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    IssueClosed,
    MilestoneNoted,
    Position,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.terms.vocabulary import Outcome, Stance
from tracker.domain.timeline.replay import Pair, pair_of, published_days, replay, source_days
from tracker.domain.timeline.statement import Said


class Learned(NamedTuple):
    """An entry that a reader of an earlier report must be told of, and what it did to a pair's stance on that day.

    `of` is what was stated, corrected or retracted: a `statement`, a
    `corroboration` or a `source`. `on` is the statement's effective day.
    `difference` has the fields that a correction changed. `from_stance` is the
    stance on the earlier report's last day as that report knew it, `to_stance`
    on the same day as known now. A `left out` statement was on record then, but
    not public by that report's cut-off.
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
    difference: tuple[FieldChange, ...]
    from_stance: Stance | None
    to_stance: Stance | None
    recorded_by: str
    recorded_at: datetime
    position: int


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
    difference: tuple[FieldChange, ...]
    recorded_by: str
    recorded_at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier report: how much of the record it used, and the last day that it spoke of.

    With `once`, what is public to neither report is not told: it will be when
    it is public. Else every entry is (DESIGN section 8).
    """

    known_at: int
    published_by: date | None
    up_to: date
    once: bool = False


class Lesson(NamedTuple):
    """An entry that an earlier report did not use, and a statement or withdrawal of its days that it bears on."""

    entry: Entry
    kind: Revision
    of: str
    event: Position
    source: str | None
    difference: tuple[FieldChange, ...]

    @property
    def pair(self) -> Pair:
        return pair_of(self.event)


def lessons(entries: Sequence[Entry], scope: Scope, cutoffs: Cutoffs, earlier: Earlier) -> list[Lesson]:
    """What was recorded since an earlier report that bears on a statement of its days, one for each entry and pair.

    That is a statement or withdrawal itself, its correction or retraction, a
    corroboration, a change of its source's date; and, if the earlier report had
    a cut-off on the published clock, a statement that became public since.
    """
    lessons_of = _Lessons(entries, cutoffs, earlier)
    found = []
    for entry, kind, of, touched in lessons_of.all():
        changed = lessons_of.difference(entry)
        by_pair: dict[Pair, Lesson] = {}
        for event in touched:
            if event.day.effective <= earlier.up_to and scope.includes(event):
                by_pair[pair_of(event)] = Lesson(entry, kind, of, event, lessons_of.source(entry, event), changed)
        found += [by_pair[pair] for pair in sorted(by_pair)]
    return sorted(found, key=lambda lesson: lesson.entry.position)


def learned(found: Iterable[Lesson], then: Mapping[Pair, Said], now: Mapping[Pair, Said]) -> tuple[Learned, ...]:
    """The lessons, in log order, with their pairs' stances as known to the earlier report and as known now.

    `then` and `now` say where the pairs stood on the earlier report's last day.
    """
    rows = []
    for lesson in found:
        before, after = (pairs[lesson.pair].stance if lesson.pair in pairs else None for pairs in (then, now))
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
        self._published_then, self._published_now = published_days(self._then), published_days(self._now)
        self._counting = {v.rank: v.event for v in self._now.counting if isinstance(v.event, Position)}

    def source(self, entry: Entry, event: Position) -> str | None:
        """The source that an entry is about: its statement's own, a corroboration's, or the one registered."""
        about = self._now.versions.get(entry.id)
        if about is None and isinstance(entry.event, EntryRetracted):
            about = self._now.versions[entry.event.target]
        if about is not None and isinstance(about.event, StatementCorroborated | SourceRegistered):
            return about.event.source
        return event.source

    def difference(self, entry: Entry) -> tuple[FieldChange, ...]:
        """The fields that an entry changes, if it is a correction."""
        if not isinstance(entry.event, EntryCorrected) or entry.position <= self._earlier.known_at:
            return ()
        versions = self._now.versions
        return difference(versions[entry.event.target].event.data(), versions[entry.id].event.data())

    def all(self) -> Iterator[tuple[Entry, Revision, str, list[Position]]]:
        yield from self._left_out()
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
        match first:
            case _ if isinstance(first, Position):
                old, new = sides_of(entry, self._now.versions.get)
                own = event if isinstance(event, Position) else None
                sides = [side for side in (old, new, own) if side is not None]
                return revision_of(entry), "statement", sides if self._is_told(self._rank(entry)) else []
            case StatementCorroborated(target=target):
                rank = self._now.versions[target].rank
                counting = self._counting.get(rank)
                return revision_of(entry), "corroboration", [counting] if counting and self._is_told(rank) else []
            case SourceRegistered(source=source) if self._redates(entry, source):
                return revision_of(entry), "source", list(self._citing(source))
        return None

    def _rank(self, entry: Entry) -> int:
        target = entry.event.target if isinstance(entry.event, EntryCorrected | EntryRetracted) else entry.id
        return self._now.versions[target].rank

    def _is_told(self, rank: int) -> bool:
        """Whether a statement was public to the earlier report, or is to this one."""
        if not self._earlier.once:
            return True
        return _is_public(self._published_then.get(rank), self._earlier.published_by) or _is_public(
            self._published_now.get(rank), self._cutoffs.published_by
        )

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
            if (event.source == source or rank in cited) and self._is_told(rank):
                yield event

    def _left_out(self) -> Iterator[tuple[Entry, Revision, str, list[Position]]]:
        """What the earlier report had on record and left out as not public, and this one does not."""
        by, now_by = self._earlier.published_by, self._cutoffs.published_by
        still = {version.entry.id for version in self._now.counting}
        for version in self._then.counting:
            if not isinstance(version.event, Position) or version.entry.id not in still:
                continue
            then, now = (days.get(version.rank) for days in (self._published_then, self._published_now))
            if not _is_public(then, by) and _is_public(then, now_by) and _is_public(now, now_by):
                yield version.entry, Revision.LEFT_OUT, "statement", [version.event]


def _is_public(day: date | None, by: date | None) -> bool:
    """Whether what became public on a day (None is never) passes a cut-off (None lets everything through)."""
    return by is None or (day is not None and day <= by)


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
        source=lesson.source,
        speaker=event.speaker,
        reason=getattr(entry.event, "reason", None),
        difference=lesson.difference,
        from_stance=before,
        to_stance=after,
        recorded_by=entry.recorded_by,
        recorded_at=entry.recorded_at,
        position=entry.position,
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
            changed = difference(about[0].data(), about[-1].data()) if len(about) > 1 else ()
            rows.append(_learned_context(entry, about[-1], changed))
    return tuple(rows)


def _concerns(event: MilestoneNoted | IssueClosed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return event.parties, event.issues if isinstance(event, MilestoneNoted) else (event.issue,)


def _learned_context(
    entry: Entry, event: MilestoneNoted | IssueClosed, changed: tuple[FieldChange, ...]
) -> LearnedContext:
    parties, issues = _concerns(event)
    closed = event if isinstance(event, IssueClosed) else None
    return LearnedContext(
        event_id=entry.id,
        kind=revision_of(entry),
        of="closing" if closed else "milestone",
        on=event.on,
        title=event.title if isinstance(event, MilestoneNoted) else event.note or f"{event.issue}: {event.outcome}",
        parties=parties,
        issues=issues,
        outcome=closed.outcome if closed else None,
        reason=getattr(entry.event, "reason", None),
        difference=changed,
        recorded_by=entry.recorded_by,
        recorded_at=entry.recorded_at,
        position=entry.position,
    )

"""What counts, in which order, and what is in effect: DESIGN sections 4 to 6 as pure functions.

This is the plain replay. Every faster way to an answer is held to it by a property test.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    IssueClosed,
    Position,
    PositionStated,
    PositionWithdrawn,
    SourceRegistered,
    StatementCorroborated,
    quoted_words,
)
from tracker.domain.log.parsing import parse_in_any_form
from tracker.domain.terms.dates import StatedDay, days_before
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.statement import Said, Told

CONTEST_DAYS = 3
"""How many days before a statement's first possible day a differing one still contests it."""


STATED, WITHDRAWN = (model.model_fields["type"].default for model in (PositionStated, PositionWithdrawn))
"""The type names of what takes a place on a timeline."""


# --- which entries count (section 5) --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    """What one entry says, in its place.

    `event` is the entry's own or, for a correction, the replacement. `rank` is
    the position of the first entry in its chain of corrections: a correction
    keeps the place of its target.
    """

    entry: Entry
    event: Event
    rank: int


def said(entry: Entry, first_type: str) -> Event | None:
    """What an entry says: its own event, or what a correction puts in place of the chain's first, of this type.

    None for a retraction, which says nothing.
    """
    match entry.event:
        case EntryRetracted():
            return None
        case EntryCorrected(replacement=replacement):
            return parse_in_any_form(first_type, replacement).event
        case event:
            return event


@dataclass(frozen=True, slots=True)
class Replay:
    """The log up to a cut-off: what counts, and by id what every entry says that says anything."""

    counting: tuple[Version, ...]
    versions: Mapping[str, Version]


def replay(entries: Iterable[Entry], *, known_at: int | None = None) -> Replay:
    """Replay the log up to a position (everything without one).

    An entry counts if nothing recorded by then targets it with a correction or a retraction.
    """
    versions: dict[str, Version] = {}
    targeted: set[str] = set()
    for entry in entries:
        if known_at is not None and entry.position > known_at:
            break
        first = Version(entry, entry.event, entry.position)
        if isinstance(entry.event, EntryCorrected | EntryRetracted):
            first = versions[entry.event.target]
            targeted.add(entry.event.target)
        if (event := said(entry, first.event.type)) is not None:
            versions[entry.id] = Version(entry, event, first.rank)
    counting = tuple(version for event_id, version in versions.items() if event_id not in targeted)
    return Replay(counting, versions)


def published_days(history: Replay) -> dict[int, date]:
    """The day on which the public could know each statement or withdrawal, by rank; undated ones are left out.

    It is the earliest among the sources of its counting version and of the
    counting corroborations of any version in its chain.
    """
    dated = source_days(history)
    published: dict[int, date] = {}
    for version in history.counting:
        match version.event:
            case PositionStated(source=source) | PositionWithdrawn(source=source):
                rank = version.rank
            case StatementCorroborated(source=source, target=target):
                rank = history.versions[target].rank
            case _:
                continue
        if source is not None and source in dated:
            published[rank] = min(dated[source], published.get(rank, date.max))
    return published


def source_days(history: Replay) -> dict[str, date]:
    """The day on which each dated source was published, by the first of its counting registrations."""
    registered: dict[str, date | None] = {}
    for version in sorted(history.counting, key=lambda version: version.rank):
        if isinstance(version.event, SourceRegistered):
            registered.setdefault(version.event.source, version.event.published_on)
    return {source: day for source, day in registered.items() if day is not None}


# --- a pair's timeline (section 6) ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """A counting statement or withdrawal in its place on the timeline of its pair."""

    entry: Entry
    event: Position
    rank: int

    @property
    def day(self) -> StatedDay:
        return self.event.day

    @property
    def order(self) -> tuple[date, int, int]:
        return (self.event.day.effective, self.event.sequence, self.rank)

    @property
    def stance(self) -> Stance | None:
        """The stance; None for a withdrawal."""
        return self.event.stance if isinstance(self.event, PositionStated) else None

    @property
    def conditions(self) -> tuple[str, ...] | None:
        """The conditions that it states; None if it mentions none."""
        return self.event.conditions if isinstance(self.event, PositionStated) else None


def said_in(step: Step) -> Said:
    """What a statement or withdrawal says, by itself."""
    entry, event = step.entry, step.event
    standing = event.standing if isinstance(event, PositionStated) else None
    who = (event.speaker, event.attributed, standing, event.source)
    return Said(event.party, step.stance, step.day.effective, *who, entry.id, entry.position)


def told(step: Step) -> Told:
    """A statement or withdrawal with its words."""
    event = step.event
    act = event.act if isinstance(event, PositionStated) else None
    words = (event.stated, event.summary, quoted_words(event.quote))
    return Told(said_in(step), event.issue, *words, step.conditions, act)


Pair = tuple[str, str]
"""An issue and a party, in the order in which answers are sorted."""


def pair_of(event: Position) -> Pair:
    return event.issue, event.party


Timeline = Sequence[Step]
"""The counting steps of one pair, in section 6's order. A query may hold a part that is long enough for its answer."""


@dataclass(frozen=True, slots=True)
class Timelines:
    """The timelines that a query concerns, by pair in order.

    `undated` is how many steps were left out because no dated source puts them on public record.
    """

    by_pair: Mapping[Pair, Timeline]
    undated: int = 0


def timelines(history: Replay, scope: Scope, *, up_to: date, published_by: date | None = None) -> Timelines:
    """What took effect up to a day (inclusive), within scope and public by a day, ordered by pair."""
    published = {} if published_by is None else published_days(history)
    by_pair: dict[Pair, list[Step]] = {}
    undated = 0
    for version in history.counting:
        event = version.event
        if not isinstance(event, Position) or not scope.includes(event) or event.day.effective > up_to:
            continue
        if published_by is not None:
            public_since = published.get(version.rank)
            if public_since is None:
                undated += 1
            if public_since is None or public_since > published_by:
                continue
        step = Step(version.entry, event, version.rank)
        by_pair.setdefault(pair_of(event), []).append(step)
    ordered = {pair: tuple(sorted(by_pair[pair], key=lambda step: step.order)) for pair in sorted(by_pair)}
    return Timelines(ordered, undated)


@dataclass(frozen=True, slots=True)
class InEffect:
    """The stance in effect on a day, and the unbroken run of equal stances that it ends.

    `run` holds its steps, the last first, `since` and `last_stated` the
    effective days of its first and its last; `conditions_step` is the one that
    states the conditions in force; `contested_by` holds the recent statements
    by others that differ.
    """

    step: Step
    run: tuple[Step, ...]
    since: date
    last_stated: date
    conditions: tuple[str, ...]
    conditions_step: Step | None
    contested_by: tuple[Step, ...]


def last_on(timeline: Timeline, on: date) -> Step | None:
    """The step in effect on a day (inclusive), or None if nothing was on record by then."""
    return next((step for step in reversed(timeline) if step.day.effective <= on), None)


def in_effect(timeline: Timeline, on: date) -> InEffect | None:
    """The stance in effect on a day (inclusive), or None if nothing was on record by then."""
    held = [step for step in timeline if step.day.effective <= on]
    if not held:
        return None
    last = held[-1]
    run = tuple(takewhile(lambda step: step.stance == last.stance, reversed(held)))
    stating = next((step for step in run if step.conditions is not None), None)
    return InEffect(
        step=last,
        run=run,
        since=run[-1].day.effective,
        last_stated=last.day.effective,
        conditions=(stating.conditions or ()) if stating else (),
        conditions_step=stating,
        contested_by=_contesting(held[:-1], last),
    )


def _contesting(earlier: Timeline, last: Step) -> tuple[Step, ...]:
    since = days_before(last.day.first, CONTEST_DAYS)
    speaker = last.event.speaker
    return tuple(
        step
        for step in takewhile(lambda step: step.day.effective >= since, reversed(earlier))
        if step.stance not in (None, last.stance) and (speaker is None or step.event.speaker != speaker)
    )


# --- issues (section 6) ---------------------------------------------------------------------------


def closings_on(versions: Iterable[Version], on: date) -> dict[str, IssueClosed]:
    """Each issue's last counting closing up to a day (inclusive); open issues are left out."""
    made = [(version.event, version.rank) for version in versions if isinstance(version.event, IssueClosed)]
    made.sort(key=lambda closing: (closing[0].on, closing[1]))
    return {closing.issue: closing for closing, _ in made if closing.on <= on}

"""What the log accepts next: references, targets, second registrations and days (DESIGN sections 4 and 5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol, assert_never

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    PartyRegistered,
    PartyUpdated,
    PositionEvent,
    StatementCorroborated,
)
from tracker.domain.log.kinds import Key, Register, Role
from tracker.domain.log.parsing import ParsedEvent, parse_in_any_form
from tracker.domain.log.references import references, registered
from tracker.errors import (
    AliasInUse,
    BadEvent,
    IdentityChanged,
    NoLongerCounts,
    RegisteredOtherwise,
    SaidInTheFuture,
    StillReferredTo,
    TrackerError,
    UnknownEntry,
    UnknownIssue,
    UnknownParty,
    UnknownSource,
    WrongTarget,
)

GRACE = timedelta(days=1)
"""How far the first day of a statement may lie ahead of the day of recording (UTC), for time zones."""


@dataclass(frozen=True, slots=True)
class LocatedEntry:
    """An entry of the log in its chain of corrections.

    `rank` is the position of the chain's first entry and `first_type` its type
    (a retraction's own); `event` is what the entry says (for a correction, its
    replacement; None for a retraction), `ended_by` the id and type of what
    corrected or retracted it.
    """

    entry: Entry
    rank: int
    event: Event | None
    first_type: str
    ended_by: tuple[str, str] | None

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def position(self) -> int:
        return self.entry.position


class LogView(Protocol):
    """What admission asks of the log as it stands before the next entry."""

    def located(self, event_id: str) -> LocatedEntry | None:
        """The entry with this id."""

    def is_registered(self, key: Key) -> bool:
        """Whether a counting registration of this id exists."""

    def are_registered(self, keys: Iterable[Key]) -> bool:
        """Whether these ids are known to be registered; one that is may not be known yet."""

    def registration(self, key: Key) -> Event | None:
        """The registration of an id that holds, if it is registered."""

    def names(self, name: str) -> Iterable[tuple[str, bool]]:
        """The parties that go by a name, each with whether it is their code or an alias (else their plain name)."""

    def referring(self, key: Key) -> str | None:
        """A counting entry that would be left without its registration if this one went, if there is one."""

    def nearest(self, key: Key) -> Sequence[str]:
        """The registered ids that an unknown one may have been meant to be."""


class Admitted(NamedTuple):
    """An event that may be appended.

    `event` is what to store (a correction's replacement in canonical form),
    `says` what it says: the same or, for a correction, its replacement; None
    for a retraction. `chain` is the entry whose place a correction keeps or
    that a retraction removes.
    """

    event: Event
    says: Event | None
    chain: LocatedEntry | None


def last_first_day(recorded_on: date) -> date:
    """The last day that the first day of a statement may be that is recorded on a day (UTC)."""
    return recorded_on + GRACE if recorded_on < date.max else date.max


def admit(event: Event, *, recorded_on: date, log: LogView) -> Admitted:
    """Check an event against the log as it stands. Raises TrackerError, or BadEvent for several problems."""
    if isinstance(event, EntryCorrected):
        return _admit_correction(event, recorded_on, log)
    if isinstance(event, EntryRetracted):
        return _admit_retraction(event, log)
    _refuse(_problems(event, recorded_on, log))
    return Admitted(event, event, None)


def _admit_correction(event: EntryCorrected, recorded_on: date, log: LogView) -> Admitted:
    target = _counting_target(event.target, "corrected", log)
    assert target.event is not None
    replacement = parse_replacement(target.first_type, event.replacement)
    says = replacement.event
    if (key_field := _identity(says)) is not None:
        before, after = getattr(target.event, key_field), getattr(says, key_field)
        if before != after:
            raise IdentityChanged(key_field, before, after)
    _refuse(_problems(says, recorded_on, log, correcting=True))
    canonical = event.model_copy(update={"replacement": dict(replacement.data)})
    return Admitted(canonical, says, target)


def parse_replacement(first_type: str, replacement: Mapping[str, Any]) -> ParsedEvent:
    """What a correction says in place of a chain's first entry, of this type. Raises BadEvent."""
    try:
        return parse_in_any_form(first_type, replacement)
    except BadEvent as error:
        problems = [(f"replacement.{field}" if field else "replacement", text) for field, text in error.problems]
        raise BadEvent(problems) from None


def _admit_retraction(event: EntryRetracted, log: LogView) -> Admitted:
    target = _counting_target(event.target, "retracted", log)
    if (key := registered(target.event)) is not None and (referring := log.referring(key)) is not None:
        raise StillReferredTo(event.target, key[1], referring)
    return Admitted(event, None, target)


def _counting_target(event_id: str, action: str, log: LogView) -> LocatedEntry:
    target = log.located(event_id)
    if target is None:
        raise UnknownEntry(event_id)
    if target.event is None:
        final = "A retraction is final; record the entry anew instead."
        raise WrongTarget(event_id, target.entry.type, action, final)
    if target.ended_by is not None:
        raise NoLongerCounts(event_id, *_successor(target.ended_by, log))
    return target


def _successor(ended_by: tuple[str, str], log: LogView) -> tuple[str, str]:
    """The entry at the end of a chain: the correction that counts, or the retraction."""
    later = log.located(ended_by[0])
    return ended_by if later is None or later.ended_by is None else _successor(later.ended_by, log)


def _problems(event: Event, recorded_on: date, log: LogView, *, correcting: bool = False) -> Iterator[TrackerError]:
    yield from _unknown_references(event, log)
    role = event.event_kind.role
    match role:
        case Role.STATEMENT:
            yield from _day_problems(event, recorded_on)
        case Role.CORROBORATION:
            if not correcting:
                yield from _corroboration_problems(event, log)
        case Role.FACT:
            if not correcting:
                yield from _second_registration(event, log)
            yield from _alias_problems(event, log)
        case Role.CORRECTION | Role.RETRACTION:
            return  # which have admissions of their own
        case _:
            assert_never(role)


def _day_problems(event: Event, recorded_on: date) -> Iterator[TrackerError]:
    assert isinstance(event, PositionEvent)
    if event.day.first > last_first_day(recorded_on):
        assert event.event_kind.day is not None
        yield SaidInTheFuture(event.event_kind.day, event.stated, recorded_on.isoformat())


def _corroboration_problems(event: Event, log: LogView) -> Iterator[TrackerError]:
    assert isinstance(event, StatementCorroborated)
    target = log.located(event.target)
    if target is None:
        yield UnknownEntry(event.target)
    elif not isinstance(target.event, PositionEvent):
        yield WrongTarget(event.target, target.entry.type, "corroborated", "Name a statement or a withdrawal.")
    elif target.ended_by is not None:
        yield NoLongerCounts(event.target, *_successor(target.ended_by, log))


def _second_registration(event: Event, log: LogView) -> Iterator[TrackerError]:
    key = registered(event)
    known = log.registration(key) if key else None
    if key is None or known is None:
        return
    differs = [name for name in type(event).model_fields if getattr(known, name) != getattr(event, name)]
    if differs:
        yield RegisteredOtherwise(*key, differs, _INSTEAD[key[0]], field=key[0])


def _alias_problems(event: Event, log: LogView) -> Iterator[TrackerError]:
    if isinstance(event, PartyRegistered):
        yield from _aliases_in_use(event.party, event.aliases, log, code=event.party)
    elif isinstance(event, PartyUpdated):
        yield from _aliases_in_use(event.party, event.aliases_added, log)


def _aliases_in_use(
    party: str, aliases: Iterable[str], log: LogView, *, code: str | None = None
) -> Iterator[TrackerError]:
    for alias in aliases:
        holder = next((holder for holder, _ in log.names(alias) if holder != party), None)
        if holder is not None:
            yield AliasInUse(alias, holder)
    if code is not None:
        holder = next((holder for holder, firm in log.names(code) if firm and holder != party), None)
        if holder is not None:
            yield AliasInUse(code, holder)


_INSTEAD: Mapping[str, str] = {
    Register.PARTY: "`tracker party alias` or a correction",
    Register.ISSUE: "a rewording or a correction",
    Register.SOURCE: "a correction",
}
"""What to do instead of registering an id a second time."""
_UNKNOWN: Mapping[str, Any] = {
    Register.PARTY: UnknownParty,
    Register.ISSUE: UnknownIssue,
    Register.SOURCE: UnknownSource,
}


def _unknown_references(event: Event, log: LogView) -> Iterator[TrackerError]:
    for key, field in references(event):
        if not log.is_registered(key):
            register, name = key
            yield _UNKNOWN[register](name, log.nearest(key), field=field)


def _identity(event: Event) -> str | None:
    """The field that no correction may change: a registered id, or the statement that is corroborated."""
    kind = event.event_kind
    return kind.key if kind.register is not None or kind.role is Role.CORROBORATION else None


def _refuse(problems: Iterator[TrackerError]) -> None:
    found = list(problems)
    if len(found) == 1:
        raise found[0]
    if found:
        first = [(problem.field, str(problem)) for problem in found[: BadEvent.SHOWN]]
        raise BadEvent(first, more=len(found) - BadEvent.SHOWN)

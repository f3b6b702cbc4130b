"""Admission of events to the log: references, targets, repeated registrations, days (DESIGN sections 4 and 5).

A plain statement, which cannot be refused by these rules, does not come here: `_is_plain` in `storage/log/writer.py`
says which, by `storage/log/prepared_entry.py`. A new rule on statements changes it too.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple, assert_never

from tracker.domain.log.entries import Draft, content_hash
from tracker.domain.log.event_parts import changed_fields
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    PositionEvent,
    PositionStated,
    StatementCorroborated,
)
from tracker.domain.log.form_rules import form_problems, retraction_problems
from tracker.domain.log.judgement import blank_texts, judge
from tracker.domain.log.kind_registry import REFERENCES, Key, Register, Role, kind_of
from tracker.domain.log.log_view import LocatedEntry, LogView
from tracker.domain.log.parsing import parse_replacement, stored_replacement
from tracker.domain.terms.vocabulary import ASKING
from tracker.errors import (
    AnswersNoAsk,
    BadEvent,
    IdentityChanged,
    NoLongerCounts,
    RegisteredOtherwise,
    SaidInTheFuture,
    SameIdOtherContent,
    StillReferredTo,
    TrackerError,
    UnknownEntry,
    UnknownIssue,
    UnknownParty,
    UnknownSource,
    WrongTarget,
)

GRACE = timedelta(days=1)
"""The first day of a statement may lie this far ahead of the day of recording (UTC), for time zones."""


# --- references -----------------------------------------------------------------------------------


def references(event: Event) -> Iterator[tuple[Key, str]]:
    """Yield the registered ids to which an event refers, each with the field that holds it."""
    fields = event.__dict__
    for field, register in _reference_fields(type(event)):
        value = fields[field]
        if value.__class__ is str:
            yield (register, value), field
        elif value:
            for key in value:
                yield (register, key), field


def registered_key(event: Event | None) -> Key | None:
    """Return the id that an event registers, if it registers one."""
    register = event.event_kind.register if event is not None else None
    return None if register is None else (register.value, getattr(event, register))


@cache
def _reference_fields(model: type[Event]) -> tuple[tuple[str, str], ...]:
    fields = model.model_fields
    own = kind_of(fields["type"].default).register
    return tuple((field, register.value) for field, register in REFERENCES.items() if field in fields and field != own)


# --- admission ------------------------------------------------------------------------------------


class AdmittedEvent(NamedTuple):
    """An event that may be appended.

    `event` is the event to store (a correction's replacement in canonical form). `content` is its content: the same or,
    for a correction, its replacement; None for a retraction. `chain` is the entry that it corrects or retracts. `notes`
    are the rules that it breaks, where these do not judge it.
    """

    event: Event
    content: Event | None
    chain: LocatedEntry | None
    notes: tuple[TrackerError, ...] = ()


def require_same_content(event: Event, recorded_by: str, known: LocatedEntry) -> None:
    """Check that an event is the one that is in the log with its id. Raises SameIdOtherContent."""
    offered, stored = (
        content_hash(Draft(_canonical_content(event, known.first_type), known.id, recorded_by))
        for event, recorded_by in ((event, recorded_by), (known.entry.event, known.entry.recorded_by))
    )
    if stored != offered:
        raise SameIdOtherContent(known.id, known.position, stored, offered)


def _canonical_content(event: Event, first_type: str) -> Event:
    """Return an event with, for a correction, its replacement in canonical spelling and its oldest form."""
    if isinstance(event, EntryCorrected):
        with suppress(BadEvent):
            return event.model_copy(update=stored_replacement(parse_replacement(first_type, event).oldest_form))
    return event


def last_first_day(recorded_on: date) -> date:
    """Return the latest first day that a statement recorded on a day (UTC) may have."""
    return recorded_on + GRACE if recorded_on < date.max else date.max


def admit(event: Event, *, recorded_on: date, log: LogView, judged: bool = True) -> AdmittedEvent:
    """Check an event against the log as it stands. Raises TrackerError, or BadEvent for several problems.

    An event that is not `judged`, as it was accepted before, may break the rules of `judgement`.
    """
    if isinstance(event, EntryCorrected):
        return _admit_correction(event, recorded_on, log, judged=judged)
    if isinstance(event, EntryRetracted):
        return _admit_retraction(event, log, judged=judged)
    broken = tuple(judge(event, last_day=last_first_day(recorded_on), log=log))
    _refuse((*_problems(event, recorded_on, log), *form_problems(event, log), *(broken if judged else ())))
    return AdmittedEvent(event, event, None, broken)


def _admit_correction(event: EntryCorrected, recorded_on: date, log: LogView, *, judged: bool) -> AdmittedEvent:
    target = _counting_target(event.target, "corrected", log)
    assert target.event is not None
    replacement = parse_replacement(target.first_type, event)
    content = replacement.event
    if (key_field := _identity(content)) is not None:
        before, after = getattr(target.event, key_field), getattr(content, key_field)
        if before != after:
            raise IdentityChanged(key_field, before, after)
    judgement = list(judge(content, last_day=last_first_day(recorded_on), log=log, corrects=event.target))
    if judgement and judged:  # a rule broken before is not held against an entry that leaves it so
        before = judge(target.event, last_day=last_first_day(recorded_on), log=log, corrects=event.target)
        known = [problem.problems for problem in before]
        judgement = [problem for problem in judgement if problem.problems not in known]
    broken = (*blank_texts(event), *judgement)
    problems = [*_problems(content, recorded_on, log, target.event), *form_problems(content, log, target.event)]
    _refuse((*problems, *(broken if judged else ())))
    named = {} if event.replacement_type is None else {"replacement_type": event.replacement_type}
    canonical = event.model_copy(update=stored_replacement(replacement.form) | named)
    return AdmittedEvent(canonical, content, target, broken)


def _admit_retraction(event: EntryRetracted, log: LogView, *, judged: bool) -> AdmittedEvent:
    target = _counting_target(event.target, "retracted", log)
    if (key := registered_key(target.event)) is not None and (referrer := log.find_referrer(key)) is not None:
        raise StillReferredTo(target.named, key[1], referrer.named)
    broken = tuple(blank_texts(event))
    _refuse((*retraction_problems(target.event, log), *(broken if judged else ())))
    return AdmittedEvent(event, None, target, broken)


def _counting_target(event_id: str, action: str, log: LogView) -> LocatedEntry:
    target = log.locate(event_id)
    if target is None:
        raise UnknownEntry(event_id)
    if target.event is None:
        final = "A retraction is final; record the entry anew instead."
        raise WrongTarget(target.named, target.entry.event.event_kind.one, action, final)
    if target.ended_by is not None:
        raise _no_longer_counts(target, target.ended_by, log)
    return target


def _no_longer_counts(target: LocatedEntry, ended_by: tuple[str, str], log: LogView) -> NoLongerCounts:
    """Return the error for a target that was ended; it names the correction that counts now, or the retraction."""
    while (successor := log.locate(ended_by[0])) is not None and successor.ended_by is not None:
        ended_by = successor.ended_by
    assert successor is not None
    return NoLongerCounts(target.named, successor.named, corrected=kind_of(ended_by[1]).role is Role.CORRECTION)


def _problems(event: Event, recorded_on: date, log: LogView, target: Event | None = None) -> Iterator[TrackerError]:
    """Yield the problems of an event or, with a `target`, of what corrects it."""
    correcting = target is not None
    for key, field in references(event):
        if not log.is_registered(key):
            yield _UNKNOWN[key[0]](key[1], log.nearest(key), field=field)
    role = event.event_kind.role
    match role:
        case Role.STATEMENT:
            assert isinstance(event, PositionEvent)
            if event.certain_day > last_first_day(recorded_on):
                yield SaidInTheFuture(event.stated, recorded_on.isoformat(), field=event.event_kind.day)
            yield from _answer_problems(event, log, target)
        case Role.CORROBORATION:
            if not correcting:
                yield from _corroboration_problems(event, log)
        case Role.FACT:
            if not correcting:
                yield from _second_registration(event, log)
        case Role.CORRECTION | Role.RETRACTION:
            return  # admitted by functions of their own
        case _:
            assert_never(role)


def _answer_problems(event: PositionEvent, log: LogView, target: Event | None) -> Iterator[TrackerError]:
    """Yield a refusal of an answer to what is no ask that counts; one that was an answer to it stays one."""
    answers = event.answers if isinstance(event, PositionStated) else None
    if answers is None or (isinstance(target, PositionStated) and target.answers == answers):
        return
    ask = log.locate(answers)
    asks = ask is not None and isinstance(ask.event, PositionStated) and ask.event.act in ASKING
    if ask is None or not asks or ask.ended_by is not None:
        yield AnswersNoAsk(str(ask.named) if ask else answers)


def _corroboration_problems(event: Event, log: LogView) -> Iterator[TrackerError]:
    assert isinstance(event, StatementCorroborated)
    target = log.locate(event.target)
    if target is None:
        yield UnknownEntry(event.target)
    elif not isinstance(target.event, PositionEvent):
        yield WrongTarget(
            target.named, target.entry.event.event_kind.one, "corroborated", "Name a statement or a withdrawal."
        )
    elif target.ended_by is not None:
        yield _no_longer_counts(target, target.ended_by, log)


def _second_registration(event: Event, log: LogView) -> Iterator[TrackerError]:
    key = registered_key(event)
    known = log.registration(key) if key else None
    if key is None or known is None:
        return
    first, entry = known
    if changes := changed_fields(first, event):
        yield RegisteredOtherwise(*key, changes, log.differing_now(key, changes), entry, field=key[0])


_UNKNOWN: Mapping[str, Any] = {
    Register.PARTY: UnknownParty,
    Register.ISSUE: UnknownIssue,
    Register.SOURCE: UnknownSource,
}


def _identity(event: Event) -> str | None:
    """Return the field that no correction may change: a registered id, or a corroboration's target."""
    kind = event.event_kind
    return kind.key if kind.register is not None or kind.role is Role.CORROBORATION else None


def _refuse(found: Sequence[TrackerError]) -> None:
    if len(found) == 1:
        raise found[0]
    if found:
        problems = [one for refusal in found for one in refusal.problems]
        raise BadEvent(problems[: BadEvent.SHOWN], more=len(problems) - BadEvent.SHOWN)

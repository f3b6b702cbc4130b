"""Rules that judge what people record, beyond what the log needs to be sound (DESIGN sections 5 and 6).

They came later than the log: what was accepted once comes back with a note, in a restore or a load into an empty log.
"""

from collections.abc import Iterator
from datetime import date

from tracker.domain.log.event_parts import TextQuote, quoted_words, texts_of
from tracker.domain.log.events import (
    Event,
    PartyRegistered,
    PartyUpdated,
    PositionEvent,
    PositionWithdrawn,
    StatementCorroborated,
)
from tracker.domain.log.kind_registry import Key, Register
from tracker.domain.log.log_view import LocatedEntry, LogView
from tracker.domain.log.membership_rules import MembershipEvent, judge_kind, judge_membership
from tracker.domain.terms.text_key import is_blank, text_key
from tracker.domain.terms.typed_ids import is_typable, typable_form
from tracker.errors import AddsNoEvidence, BlankText, LeavesItself, LooksLikeId, NameInUse, TrackerError, UntypableId


def judge(event: Event, *, last_day: date, log: LogView, corrects: str | None = None) -> Iterator[TrackerError]:
    """Yield a refusal for every rule that an event breaks by itself in the log as it stands.

    `last_day` is the last day that something recorded now may have happened on. A correction's replacement is judged
    as if the entry with the id `corrects` had not been. What entries about a membership say together is judged at the
    end of their transaction (`MembershipReview`).
    """
    yield from blank_texts(event)
    yield from _names_in_use(event, log, corrects)
    if corrects is None:
        yield from _ids_alike(event, log)
        yield from _untypable_ids(event, log)
    yield from _repeated_evidence(event, log, corrects)
    if isinstance(event, PositionWithdrawn) and event.leaves_position_of == event.party:
        yield LeavesItself(event.party)
    if isinstance(event, MembershipEvent):
        yield from judge_membership(event, last_day=last_day, log=log)
    elif isinstance(event, PartyRegistered) and corrects is not None:
        yield from judge_kind(event, log=log)


def blank_texts(event: Event) -> Iterator[BlankText]:
    """Yield a refusal for every text in which nothing can be seen."""
    return (BlankText(field) for field, text in texts_of(event) if is_blank(text))


def _names_in_use(event: Event, log: LogView, corrects: str | None) -> Iterator[NameInUse]:
    """Yield a refusal for every name that would mean two parties; what the party goes by already is no new name."""
    if not isinstance(event, PartyRegistered | PartyUpdated):
        return
    for field, name in texts_of(event):
        if field in _NAMES and event.party not in log.find_holders(name):
            for holder in sorted(log.find_holders(name, without=corrects))[:1]:
                yield NameInUse(name, event.party, holder, field=field)


def _ids_alike(event: Event, log: LogView) -> Iterator[LooksLikeId]:
    """Yield a refusal for a new path or id, or a new group of issues, that people could not tell from another."""
    register = event.event_kind.register
    if register is None or register is Register.PARTY:
        return
    name = getattr(event, register)
    if not log.is_registered((register.value, name)):
        for spelled in ids_of((register.value, name)):
            for known in sorted(log.find_spellings((register.value, spelled)) - {spelled})[:1]:
                yield LooksLikeId(register.value, spelled, known, field=register.value)
                return


def _untypable_ids(event: Event, log: "LogView") -> Iterator[UntypableId]:
    """Yield a refusal for a new code, path or id that people could not type again; groups on record may stay so."""
    register = event.event_kind.register
    if register is None or log.is_registered(key := (register.value, getattr(event, register))):
        return
    for name, typed in untypable_ids(key):
        if name not in log.find_spellings((register.value, name)):
            yield UntypableId(_ID_WORDS[register], typed, typable_form(typed), field=register.value)


def untypable_ids(key: Key) -> Iterator[tuple[str, str]]:
    """Yield the ids that a registration brings and that cannot be typed, each with its part that is at fault."""
    for name in ids_of(key):
        typed = name.rpartition("/")[2] if key[0] == Register.ISSUE else name
        if not is_typable(typed, spaced=key[0] == Register.SOURCE):
            yield name, typed


_ID_WORDS = {Register.PARTY: "party code", Register.ISSUE: "part of a path", Register.SOURCE: "source id"}


def ids_of(key: Key) -> list[str]:
    """Return the ids that a registration brings: of an issue the groups above it too, the widest first."""
    register, name = key
    if register != Register.ISSUE:
        return [name]
    segments = name.split("/")
    return ["/".join(segments[:number]) for number in range(1, len(segments) + 1)]


_NAMES = ("party", "name", "aliases", "aliases_added")


def _repeated_evidence(event: Event, log: LogView, corrects: str | None) -> Iterator[AddsNoEvidence]:
    """Yield a refusal for a source that corroborates again without another quote, or another place in it."""
    if not isinstance(event, StatementCorroborated):
        return
    target = _last_version(event.target, log)
    if target is None or not isinstance(target.event, PositionEvent):
        return
    if not adds_evidence(event, target.event):
        yield AddsNoEvidence(event.source, target.position, own=True)
    corrected = log.locate(corrects) if corrects else None
    for rank, other in log.find_corroborations(target.rank):
        if (corrected is None or rank != corrected.rank) and not adds_evidence(event, other):
            yield AddsNoEvidence(event.source, target.position, own=False)
            return


def _last_version(event_id: str, log: LogView) -> LocatedEntry | None:
    found = log.locate(event_id)
    while found is not None and found.ended_by is not None:
        found = log.locate(found.ended_by[0])
    return found


def adds_evidence(new: PositionEvent | StatementCorroborated, other: PositionEvent | StatementCorroborated) -> bool:
    """Return whether evidence names another source, or a quote or a locator that the other evidence lacks.

    Texts are compared as people see them.
    """
    known = _places(other)
    return new.source != other.source or any(key and key != known[name] for name, key in _places(new).items())


def _places(evidence: PositionEvent | StatementCorroborated) -> dict[str, str]:
    """Return the keys of the words and places that evidence gives in its source; empty for those that it does not."""
    quote = evidence.quote
    around = (quote.prefix, quote.suffix) if isinstance(quote, TextQuote) else (None, None)
    texts = {"quote": quoted_words(quote), "prefix": around[0], "suffix": around[1], "locator": evidence.locator}
    return {name: text_key(text or "") for name, text in texts.items()}

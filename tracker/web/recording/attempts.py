"""What came of a form: what it would do or did, or what stands against it, each with the field at fault."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from tracker.adapters.batch_sections import name_in_row
from tracker.domain.log.entries import uuid_of
from tracker.domain.log.events import Event
from tracker.errors import (
    DatabaseUnavailable,
    LooksLikeOneOnRecord,
    NoLongerCounts,
    PairMovedOn,
    RefusedEntries,
    TrackerError,
)
from tracker.presenting.replies import Reply

Problem = tuple[str | None, str]
"""The field at fault, if it is one, and a sentence."""
MISSING = "is missing."
"""The sentence on a field that is needed and not typed."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a form.

    `content` is a digest of what it says, by which a save is known to be of what was shown. `recorded` are the log
    positions that it got. `looks_like` is the position of the statement on record that it may repeat, `moved_on` the
    pair that somebody else touched meanwhile, `successor` the position of what took the place of the entry meanwhile.
    """

    replies: Sequence[Reply] = ()
    differences: Sequence[tuple[str, str, str]] = ()
    content: str = ""
    recorded: Sequence[int] = ()
    problems: Sequence[Problem] = ()
    looks_like: int | None = None
    moved_on: PairMovedOn | None = None
    successor: int | None = None


def content_of(*parts: Any) -> str:
    """A digest of what a form says."""
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def event_content(events: Sequence[Event]) -> str:
    """A digest of events."""
    return content_of(*([event.event_kind.name, event.data()] for event in events))


def entry_ids(form_id: str, content: str, number: int) -> list[str]:
    """The ids of a form's entries: the same for the same form and content, so that sending it twice records once.

    They are UUIDs of version 7 with the time of the form's own. Raises BadValue for what is no id of a form.
    """
    time = UUID(uuid_of(form_id or None)).bytes[:6]
    return [
        _version_7(time + hashlib.sha256(f"{form_id} {content} {at}".encode()).digest()[:10]) for at in range(number)
    ]


def _version_7(made: bytes) -> str:
    marked = bytearray(made)
    marked[6] = 0x70 | marked[6] & 0x0F
    marked[8] = 0x80 | marked[8] & 0x3F
    return str(UUID(bytes=bytes(marked)))


def refused(refusal: TrackerError, names: Sequence[Mapping[str, str]] = ()) -> Attempt:
    """What stands against a form. `names` has, for each of its events, the form's field for each field of the event.

    Raises what is no refusal of the form itself: a database that cannot be read.
    """
    if isinstance(refusal, DatabaseUnavailable):
        raise refusal
    found = refusal.refusals if isinstance(refusal, RefusedEntries) else [(0, refusal)]
    problems: list[Problem] = []
    for index, one in found:
        own = names[index] if index < len(names) else {}
        problems += [(name_in_row(field, own), sentence) for field, sentence in one.problems]
    alike = next((one.entry.position for _, one in found if isinstance(one, LooksLikeOneOnRecord)), None)
    moved_on = refusal if isinstance(refusal, PairMovedOn) else None
    successor = refusal.successor.position if isinstance(refusal, NoLongerCounts) else None
    return Attempt(problems=list(dict.fromkeys(problems)), looks_like=alike, moved_on=moved_on, successor=successor)

"""Old versions of event types: each is checked in its own form, and read as the newest one.

What is stored is never rewritten: an entry keeps the form that it was written
in. To change a type, write its new model in `events.py` under the next version,
keep the old model here, and say how the data of one becomes that of the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from tracker.domain.log.events import Event, EventModel, EvidenceFields
from tracker.domain.log.fields import Day, IssuePath, PartyCode, Text
from tracker.domain.terms.vocabulary import MilestoneCategory

Data = Mapping[str, Any]


class StoredForm(NamedTuple):
    """The stored type name of an event, and its data in that form."""

    type: str
    data: Data


@dataclass(frozen=True, slots=True)
class OldVersion:
    """An old version of a type: its model, and the way to the version that followed it, and back.

    `down` gives the newer data in this form, or None if they say more than it can hold.
    """

    model: type[EventModel]
    newer: str
    up: Callable[[Data], Data]
    down: Callable[[Data], Data | None]


class MilestoneNotedV1(EvidenceFields):
    """A milestone before it said of what kind it is."""

    type: Literal["milestone.noted.v1"] = "milestone.noted.v1"
    on: Day
    title: Text
    parties: tuple[PartyCode, ...] = ()
    issues: tuple[IssuePath, ...] = ()


def _with_category(data: Data) -> Data:
    return {**data, "category": MilestoneCategory.OTHER.value}


def _without_category(data: Data) -> Data | None:
    if data.get("category", MilestoneCategory.OTHER) != MilestoneCategory.OTHER:
        return None
    return {name: value for name, value in data.items() if name != "category"}


OLD_VERSIONS: Mapping[str, OldVersion] = {
    "milestone.noted.v1": OldVersion(MilestoneNotedV1, "milestone.noted.v2", _with_category, _without_category),
}
"""Every old version, by its stored type name."""

_OLDER = {old.newer: name for name, old in OLD_VERSIONS.items()}


def forms(type_name: str) -> list[str]:
    """Every version of the type that a stored type name is a version of, the oldest first."""
    newest = type_name
    while newest in OLD_VERSIONS:
        newest = OLD_VERSIONS[newest].newer
    found = [newest]
    while found[0] in _OLDER:
        found.insert(0, _OLDER[found[0]])
    return found


def is_versioned(type_name: str) -> bool:
    """Whether a type has several versions."""
    return type_name in OLD_VERSIONS or type_name in _OLDER


def has_older_forms(event: Event) -> bool:
    """Whether there is an older version of an event's type."""
    return event.type in _OLDER


def oldest_form(event: Event) -> StoredForm:
    """An event in the oldest version that can say it, which the most readers understand: new ones are written so."""
    written = StoredForm(event.type, event.data())
    while (older := _OLDER.get(written.type)) and (data := OLD_VERSIONS[older].down(written.data)) is not None:
        written = StoredForm(older, data)
    return written

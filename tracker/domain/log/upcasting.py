"""Old versions of event types: each is checked in its own form, and read as the newest one.

Stored data are never rewritten: an entry keeps its original form. To change a type, give its model in `events.py` the
next version, and add the old version here: its model, and the conversions of its data to the newer version and back.
Data are JSON values throughout, so that stored lines can be upcast without their models.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tracker.domain.log.kind_registry import Role, kind_of
from tracker.domain.terms.vocabulary import MilestoneCategory

Data = Mapping[str, Any]


class StoredForm(NamedTuple):
    """The stored type name of an event, and its data in that version."""

    type: str
    data: Data


@dataclass(frozen=True, slots=True)
class OldVersion:
    """An old version of a type, with the conversions to the version after it and back.

    `model` returns its event model, `adds` names the fields that only the newer version has. `down` returns the newer
    data in this form, or None if this form cannot hold them.
    """

    newer: str
    model: Callable[[], Any]
    adds: frozenset[str]
    up: Callable[[Data], Data]
    down: Callable[[Data], Data | None]


def _milestone_v1() -> Any:
    from tracker.domain.log.old_events import MilestoneNotedV1  # noqa: PLC0415 (importing the models takes 0.1 s)

    return MilestoneNotedV1


def _with_category(data: Data) -> Data:
    return {**data, "category": MilestoneCategory.OTHER.value}


def _without_category(data: Data) -> Data | None:
    if data.get("category", MilestoneCategory.OTHER) != MilestoneCategory.OTHER:
        return None
    return {name: value for name, value in data.items() if name != "category"}


OLD_VERSIONS: dict[str, OldVersion] = {
    "milestone.noted.v1": OldVersion(
        "milestone.noted.v2", _milestone_v1, frozenset({"category"}), _with_category, _without_category
    ),
}
"""Every old version, by its stored type name."""


def versions_of(type_name: str) -> list[str]:
    """Return all versions of a stored type name's type, the oldest first."""
    newest = type_name
    while newest in OLD_VERSIONS:
        newest = OLD_VERSIONS[newest].newer
    found = [newest]
    while (older := _older(found[0])) is not None:
        found.insert(0, older)
    return found


def is_versioned(type_name: str) -> bool:
    """Return whether a type has several versions."""
    return type_name in OLD_VERSIONS or _older(type_name) is not None


def upcast(type_name: str, data: Data) -> Data:
    """Convert data of any version to the newest version of their type."""
    while (old := OLD_VERSIONS.get(type_name)) is not None:
        type_name, data = old.newer, old.up(data)
    return data


def content_of(type_name: str, data: Data, first_type: str) -> Data | None:
    """Return what an entry says in the newest version of its chain's first type: of a correction the replacement.

    A retraction says nothing. Raises KeyError for data that lack a replacement, and for an unknown type.
    """
    match kind_of(type_name).role:
        case Role.CORRECTION:
            return upcast_replacement(first_type, data["replacement"])
        case Role.RETRACTION:
            return None
        case _:
            return upcast(type_name, data)


def upcast_replacement(type_name: str, data: Data) -> Data:
    """Convert a correction's replacement, which does not name its version, to the newest version of a type."""
    return upcast(fitting_versions(type_name, data)[0], data) if is_versioned(type_name) else data


def oldest_form(type_name: str, data: Data) -> StoredForm:
    """Convert data of the newest version to the oldest that can hold them, which most readers understand."""
    while (older := _older(type_name)) and (lowered := OLD_VERSIONS[older].down(data)) is not None:
        type_name, data = older, lowered
    return StoredForm(type_name, data)


def fitting_versions(type_name: str, data: Data) -> tuple[str, str]:
    """Return the oldest version of a type that has all the fields of some data, and the newest."""
    versions = versions_of(type_name)
    newest = versions[-1]
    for version in reversed(versions[:-1]):
        if not OLD_VERSIONS[version].adds.isdisjoint(data):
            break
        versions.pop()
    return versions[-1], newest


def _older(type_name: str) -> str | None:
    for name, old in OLD_VERSIONS.items():
        if old.newer == type_name:
            return name
    return None

"""Old versions of event types: each is checked in its own form, and read as the newest one.

Stored data are never rewritten: an entry keeps its original form. To change a type, give its model in `events.py` the
next version, and describe the old one here: mostly by what the newer version adds (`Addition`), else by a model of its
own and the conversions of its data to the newer version and back (`OldVersion`). Data are JSON values throughout, so
that stored lines can be upcast without their models.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Addition:
    """An old version of a type, to which the version after it only adds.

    `adds` has the fields that only the newer version has, each with a value that says no more than to leave it out
    (None if there is none); those in `implies` are given that value. `needs` names fields that only the newer version
    can leave out. `holds` tests, by field, whether the old version can hold a value.
    """

    newer: str
    adds: Mapping[str, Any] = field(default_factory=dict)
    implies: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    holds: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)

    def up(self, data: Data) -> Data:
        """Return the data of the newer version."""
        return {**data, **{name: self.adds[name] for name in self.implies}} if self.implies else data

    def down(self, data: Data) -> Data | None:
        """Return the newer data in this form, or None if this form cannot hold them."""
        if not self.beyond(data):
            return data
        plain = {name: value for name, value in data.items() if value != self.adds.get(name, _NEVER)}
        return None if self.beyond(plain) else plain

    def beyond(self, data: Data) -> list[str]:
        """Return the fields of the newer version's data that this form lacks, or whose value it cannot hold."""
        found = [] if self.adds.keys().isdisjoint(data) else [*(self.adds.keys() & data.keys())]
        if self.needs:
            found += self.needs - data.keys()
        for name, is_held in self.holds.items():
            if name in data and not is_held(data[name]):
                found.append(name)
        return found


_NEVER = object()

_IN_TRANSLATION = {"language": None, "translation": None}
_NEW_ACTS = frozenset({"votes", "abstains", "cosponsors", "reserves", "dissociates", "declines"})


def _is_day(text: Any) -> bool:
    return not isinstance(text, str) or len(text) == len("2019-12-10")


OLD_VERSIONS: dict[str, OldVersion | Addition] = {
    "party.registered.v1": Addition("party.registered.v2", holds={"kind": lambda kind: kind != "forum"}),
    "membership.started.v1": Addition("membership.started.v2", holds={"on": _is_day}),
    "membership.ended.v1": Addition("membership.ended.v2", holds={"on": _is_day}),
    "issue.opened.v1": Addition("issue.opened.v2", adds={"form": "question", "unit": None, "own": False}),
    "issue.closed.v1": Addition("issue.closed.v2", adds={"amount": None, "option": None}),
    "source.registered.v1": Addition("source.registered.v2", adds={"dated_on": None}),
    "position.stated.v1": Addition(
        "position.stated.v2",
        adds={
            **dict.fromkeys(("amount", "could_accept", "stated_as", "priority", "red_line", "reasons", "provision")),
            **dict.fromkeys(("answers", "note", "suggestion")),
            **{"joint_with": [], "tags": []},
            **_IN_TRANSLATION,
        },
        needs=frozenset({"stance"}),
        holds={
            "act": lambda act: not isinstance(act, str) or act not in _NEW_ACTS,
            "stated_on": lambda date: not isinstance(date, str) or "/" not in date,
        },
    ),
    "position.withdrawn.v1": Addition("position.withdrawn.v2", adds={"leaves_position_of": None, **_IN_TRANSLATION}),
    "statement.corroborated.v1": Addition("statement.corroborated.v2", adds=_IN_TRANSLATION),
    "entry.corrected.v1": Addition("entry.corrected.v2", adds={"type": None}),
    "milestone.noted.v1": Addition(
        "milestone.noted.v2", adds={"category": MilestoneCategory.OTHER.value}, implies=frozenset({"category"})
    ),
}
"""Every old version, by its stored type name."""

OLDER = {old.newer: name for name, old in OLD_VERSIONS.items()}
"""The stored type name of the version before each one that has an older one."""

UNNAMED_IN_CORRECTIONS = frozenset({"milestone.noted.v2"})
"""Versions that are no first ones, of which corrections held data before these named a type: they still do not."""


def versions_of(type_name: str) -> list[str]:
    """Return all versions of a stored type name's type, the oldest first."""
    newest = type_name
    while newest in OLD_VERSIONS:
        newest = OLD_VERSIONS[newest].newer
    found = [newest]
    while (older := older_version(found[0])) is not None:
        found.insert(0, older)
    return found


def older_version(type_name: str) -> str | None:
    """Return the stored type name of the version before one, if there is any."""
    return OLDER.get(type_name)


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
            return upcast_replacement(data.get("type"), first_type, data["replacement"])
        case Role.RETRACTION:
            return None
        case _:
            return upcast(type_name, data)


def upcast_replacement(type_name: str | None, first_type: str, data: Data) -> Data:
    """Convert a correction's replacement to the newest version; without a type name it is of the oldest that fits."""
    return upcast(type_name or fitting_versions(first_type, data)[0], data)


def oldest_form(type_name: str, data: Data) -> StoredForm:
    """Convert data of the newest version to the oldest that can hold them, which most readers understand."""
    while (older := older_version(type_name)) and (lowered := OLD_VERSIONS[older].down(data)) is not None:
        type_name, data = older, lowered
    return StoredForm(type_name, data)


def fitting_versions(type_name: str, data: Data) -> tuple[str, str]:
    """Return the oldest version of a type that has all the fields of some data, and the newest."""
    versions = versions_of(type_name)
    newest = versions[-1]
    for version in reversed(versions[:-1]):
        old = OLD_VERSIONS[version]
        beyond = bool(old.beyond(data)) if isinstance(old, Addition) else not old.adds.isdisjoint(data)
        if beyond:
            break
        versions.pop()
    return versions[-1], newest

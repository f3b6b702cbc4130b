"""Entries of the log for people who look through it: what each is, what it is about, and its words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import Event
from tracker.domain.log.kind_registry import Register, Role
from tracker.domain.terms.dates import instant_text

_SAYS = ("reason", "name", "title", "outcome", "note")
"""Fields that say most of an entry whose words `find` does not look through, the best first."""


class About(NamedTuple):
    """What an entry is about: a party, an issue, a source or another entry, by its name there."""

    register: Register | None
    """None for another entry."""
    name: str


class ListedEntry(NamedTuple):
    """An entry of the log as a page lists it."""

    position: int
    event_id: str
    recorded: str
    """The instant to the second, in UTC."""
    recorded_by: str
    type: str
    noun: str
    about: tuple[About, ...]
    words: str


def listed_entry(entry: Entry) -> ListedEntry:
    """Return an entry as a page lists it."""
    kind = entry.event.event_kind
    return ListedEntry(
        entry.position,
        entry.id,
        instant_text(entry.recorded_at)[:19].replace("T", " "),
        entry.recorded_by,
        kind.name,
        kind.noun,
        tuple(_about(entry.event)),
        entry_words(entry.event),
    )


def entry_words(event: Event) -> str:
    """Return the words of an entry that say most of it; empty if it has none."""
    kind, data = event.event_kind, event.data()
    found = None if kind.role.revises else next(kind.texts_in(data), None)
    if found is not None:
        return found[1]
    return next((data[field] for field in _SAYS if isinstance(data.get(field), str)), "")


def targets(listed: Iterable[ListedEntry]) -> set[str]:
    """Return the ids of the entries that these are about."""
    return {about.name for one in listed for about in one.about if about.register is None}


def named_targets(listed: Iterable[ListedEntry], positions: Mapping[str, int]) -> list[ListedEntry]:
    """Return the entries with those that they are about named by their positions, as `@12`."""

    def named(about: About) -> About:
        return about._replace(name=f"@{positions[about.name]}") if about.name in positions else about

    return [one._replace(about=tuple(map(named, one.about))) for one in listed]


def _about(event: Event) -> Iterator[About]:
    kind, data = event.event_kind, event.data()
    if kind.role is Role.STATEMENT:
        yield About(Register.PARTY, data["party"])
        yield About(Register.ISSUE, data["issue"])
        return
    if kind.role.targets:
        yield About(None, data["target"])
        return
    for field in filter(None, (kind.key, kind.within)):
        yield About(Register(_REGISTERS.get(field, field)), data[field])
    if kind.key is None:
        yield from (About(Register.ISSUE, issue) for issue in data.get("issues", ()))


_REGISTERS = {"bloc": "party"}

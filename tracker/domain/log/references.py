"""The registers, and which of their ids an event refers to or registers itself."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tracker.domain.log.events import Event, IssueOpened, PartyRegistered, SourceRegistered
from tracker.domain.terms.vocabulary import Word


class Register(Word):
    PARTY = "party"
    ISSUE = "issue"
    SOURCE = "source"


Key = tuple[str, str]
"""A register's name, and an id in it."""

REGISTRATIONS: Mapping[type[Any], Register] = {
    PartyRegistered: Register.PARTY,
    IssueOpened: Register.ISSUE,
    SourceRegistered: Register.SOURCE,
}
"""The events that register an id, which stands in the field of the register's name."""

_REFERENCE_FIELDS = {
    "party": Register.PARTY,
    "bloc": Register.PARTY,
    "parties": Register.PARTY,
    "ascribed_by": Register.PARTY,
    "addressed_to": Register.PARTY,
    "on_behalf_of": Register.PARTY,
    "issue": Register.ISSUE,
    "issues": Register.ISSUE,
    "source": Register.SOURCE,
}


def references(event: Event) -> Iterator[tuple[Key, str]]:
    """The registered ids that an event refers to, each with the field that holds it."""
    fields = event.__dict__
    for field, register in _reference_fields(type(event)):
        value = fields[field]
        if value.__class__ is str:
            yield (register, value), field
        elif value:
            for key in value:
                yield (register, key), field


def registered(event: Event | None) -> Key | None:
    """The id that an event registers, if it does."""
    register = REGISTRATIONS.get(type(event))
    return None if register is None else (register.value, getattr(event, register))


@cache
def _reference_fields(model: type[Event]) -> tuple[tuple[str, str], ...]:
    own = REGISTRATIONS.get(model)
    fields = model.model_fields
    return tuple(
        (field, register.value) for field, register in _REFERENCE_FIELDS.items() if field in fields and field != own
    )

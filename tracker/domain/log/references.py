"""The registered ids to which an event refers, and the one that it registers itself."""

from collections.abc import Iterator
from functools import cache

from tracker.domain.log.events import Event
from tracker.domain.log.kinds import Key, Register, kind_of

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
    return tuple(
        (field, register.value) for field, register in _REFERENCE_FIELDS.items() if field in fields and field != own
    )

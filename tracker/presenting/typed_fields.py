"""The values of an event's fields as people type them: names for codes and paths, amounts in their short form."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tracker.domain.terms.typed_amounts import read_amount
from tracker.domain.terms.vocabulary import implied_attribution
from tracker.errors import BadEvent, TrackerError

if TYPE_CHECKING:
    from tracker.domain.log.event_parts import EventModel
    from tracker.domain.registers.registers import Registers


def read_event(model: "type[EventModel]", options: Mapping[str, Any], names: "Registers") -> Any:
    """Build an event from the values of options, in which parties and issues may go by any of their names.

    Raises BadEvent with every problem.
    """
    from tracker.domain.log.parsing import event_from

    given = {name: value for name, value in options.items() if value not in (None, ())}
    fields: dict[str, Any] = {}
    problems: list[tuple[str | None, str]] = []
    for name, value in given.items():
        try:
            fields["speaker_role" if name == "role" else name] = resolve(name, value, names, fields.get("issue"))
        except TrackerError as error:
            problems.append((name, str(error)))
            if name != "option":
                fields[name] = [] if isinstance(value, tuple) else "-"
    try:
        event = event_from(model, {**fields, **implied_attribution(fields)})
    except BadEvent as error:
        problems += error.problems
    if problems:
        raise BadEvent(problems)
    return event


def resolve(field: str, value: Any, names: "Registers", issue: str | None = None) -> Any:
    """The value of an event's field with codes and paths for names, and amounts as they are stored.

    An option is one of the `issue`. Raises TrackerError for an unknown name.
    """
    from tracker.domain.log.kind_registry import REFERENCES, Register
    from tracker.domain.registers.names import resolve_issue, resolve_option, resolve_party

    if isinstance(value, tuple):
        return list(dict.fromkeys(resolve(field, item, names) for item in value))
    if field in ("amount", "could_accept"):
        return read_amount(value).data
    if field == "option":
        return resolve_option(value, issue, names.issues) if issue is not None and issue in names.issues else value
    if REFERENCES.get(field) is Register.PARTY:
        return resolve_party(value, names.parties)
    return resolve_issue(value, names.issues) if field in ("issue", "issues") else value


def own_field(field: str | None) -> str | None:
    """The field of the entry that a problem with a correction is about; None if it is about several."""
    name = (field or "").removeprefix("replacement").removeprefix(".")
    return name or None

"""Read events from data, and report every problem in a sentence of the tracker's own."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from tracker.domain.log.event_parts import AmountData, EventModel, TextQuote
from tracker.domain.log.events import MODELS, EntryCorrected, Event
from tracker.domain.log.kind_registry import REFERENCES, Register
from tracker.domain.log.upcasting import (
    OLD_VERSIONS,
    UNNAMED_IN_CORRECTIONS,
    Addition,
    OldVersion,
    StoredForm,
    fitting_versions,
    older_version,
    oldest_form,
    upcast,
)
from tracker.domain.terms.safe_text import label, shown
from tracker.domain.terms.vocabulary import means_withdrawal, other_field
from tracker.errors import BadEvent, UnknownEventType


class ParsedEvent(NamedTuple):
    """An event, and its form in the input if that is not the oldest version of its type (else None)."""

    event: Event
    written: StoredForm | None

    @property
    def form(self) -> StoredForm:
        """The form of the input, with its data in canonical spelling."""
        return self.written or self.oldest_form

    @property
    def oldest_form(self) -> StoredForm:
        """The oldest form that can say it."""
        return oldest_form(self.event.type, self.event.data())


def parse_event(type_name: str, data: Mapping[str, Any]) -> Event:
    """Read an event of a stored type name, of any version, from JSON values.

    Raises UnknownEventType, and BadEvent with every problem in the data.
    """
    return _as_newest(type_name, _read_as_written(type_name, data))


def parse_written(type_name: str, data: Mapping[str, Any]) -> ParsedEvent:
    """Read an event like `parse_event`, and keep the form of the input."""
    event = _read_as_written(type_name, data)
    written = None if older_version(type_name) is None else StoredForm(type_name, event.data())
    return ParsedEvent(_as_newest(type_name, event), written)


def _read_as_written(type_name: str, data: Mapping[str, Any]) -> Any:
    """Read an event by the model of its version, which is the newest one's where newer versions only add."""
    if additions := additions_after(type_name):
        return _read_narrower(type_name, data, additions)
    event = _validated(model_of(type_name), type_name, data)
    if isinstance(event, EntryCorrected) and event.replacement_type is None:
        raise BadEvent([("type", "is missing: the stored type name of the replacement, such as position.stated.v2.")])
    return event


def _as_newest(type_name: str, event: Any) -> Event:
    """Return an event that was read by the model of its version as one of the newest."""
    old = OLD_VERSIONS.get(type_name)
    if isinstance(old, OldVersion):
        return parse_event(old.newer, old.up(event.data()))
    found: Event = event
    return found


def parse_unversioned(type_name: str, data: Mapping[str, Any]) -> ParsedEvent:
    """Read data without a version as the oldest version that can hold them. Raises as `parse_event`."""
    oldest, newest = fitting_versions(type_name, data)
    fits = data.keys() <= model_of(oldest).model_fields.keys()
    return parse_written(oldest if fits else newest, data)


def parse_replacement(first_type: str, event: EntryCorrected) -> ParsedEvent:
    """Read a correction's replacement for a chain whose first entry has a stored type name. Raises BadEvent."""
    named = event.replacement_type
    if named is not None and named.rpartition(".")[0] != first_type.rpartition(".")[0]:
        raise BadEvent([("type", f"{shown(named)} is not a version of {first_type.rpartition('.')[0]}.")])
    try:
        if named is not None:
            return parse_written(named, event.replacement)
        return parse_unversioned(first_type, event.replacement)
    except UnknownEventType as error:
        raise BadEvent([("type", str(error))]) from None
    except BadEvent as error:
        problems = [(f"replacement.{field}" if field else "replacement", text) for field, text in error.problems]
        raise BadEvent(problems) from None


def stored_replacement(form: StoredForm) -> dict[str, Any]:
    """Return the fields of a correction that hold a replacement.

    The type is left out where the data say it: of first versions, and of those in use before corrections named it.
    """
    unnamed = form.type.endswith(".v1") or form.type in UNNAMED_IN_CORRECTIONS
    return {"replacement": dict(form.data), "replacement_type": None if unnamed else form.type}


def _read_narrower(type_name: str, data: Mapping[str, Any], additions: Sequence[Addition]) -> Event:
    """Read an event of a version to which newer ones only add, by the newest version's model."""
    problems = []
    for old in additions:
        for field in old.beyond(data):
            if field in old.needs:
                problems.append((field, "is missing."))
            elif field in old.adds:
                problems.append((label(field), _unknown_field(field, type_name)))
            else:
                text = f"{shown(data[field])} is a value of {old.newer}, not of {type_name}."
                problems.append((field, text))
    if problems:
        raise BadEvent(problems)
    event: Event = _validated(model_of(additions[-1].newer), type_name, upcast(type_name, data))
    return event


@cache
def additions_after(type_name: str) -> tuple[Addition, ...]:
    """Return what newer versions of a type add to one, up to a version that does more than add."""
    found = []
    while isinstance(old := OLD_VERSIONS.get(type_name), Addition):
        found.append(old)
        type_name = old.newer
    return tuple(found)


def fields_of(type_name: str) -> list[str]:
    """Return the fields of an event's data in one version. Raises UnknownEventType."""
    model, later = model_of(type_name), {field for old in additions_after(type_name) for field in old.adds}
    fields = [model.stored_names.get(field, field) for field in model.model_fields if field != "type"]
    return [field for field in fields if field not in later]


def _validated(model: type[EventModel], type_name: str, data: Mapping[str, Any]) -> Any:
    """Validate data by a model. Raises BadEvent with every problem."""
    if model.stored_names:
        data = _with_names_of(model, data)
    elif "type" in data:
        raise BadEvent([("type", _unknown_field("type", type_name))])
    if None in data.values():
        fields = model.model_fields
        data = {name: value for name, value in data.items() if value is not None or name not in fields}
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        first = [_problem(type_name, dict(details)) for details in found[: BadEvent.SHOWN]]
        raise BadEvent(first, more=len(found) - BadEvent.SHOWN) from None


def _with_names_of(model: type[EventModel], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored data with the names that the model's fields have in Python."""
    names = {stored: name for name, stored in model.stored_names.items()}
    return {names.get(name, label(name) if name in model.stored_names else name): data[name] for name in data}


def model_of(type_name: str) -> type[EventModel]:
    """Return the model by which a stored type name, of any version, is read. Raises UnknownEventType."""
    if (model := MODELS.get(type_name)) is not None:
        return model
    if (old := OLD_VERSIONS.get(type_name)) is not None:
        found: type[EventModel] = model_of(old.newer) if isinstance(old, Addition) else old.model()
        return found
    family, _, version = type_name.rpartition(".")
    known = type_names()
    newer = version[:1] == "v" and version[1:].isdigit() and any(name.startswith(f"{family}.v") for name in known)
    raise UnknownEventType(type_name, [] if newer else get_close_matches(type_name, known, 2), newer=newer)


def event_from(model: type[EventModel], data: Mapping[str, Any]) -> Any:
    """Build an event of a model from Python or JSON values; None counts as absent. Raises BadEvent."""
    return parse_event(
        model.model_fields["type"].default, {key: value for key, value in data.items() if value is not None}
    )


def type_names() -> list[str]:
    """Return every stored type name that this release reads."""
    return [*MODELS, *OLD_VERSIONS]


def _problem(type_name: str, details: dict[str, Any]) -> tuple[str | None, str]:
    """Return a pydantic error as a field and a sentence of the tracker's own."""
    path = _path(details["loc"])
    field, value, context = ".".join(path) or None, details["input"], details.get("ctx", {})
    match details["type"]:
        case "value_error":
            message = getattr(context["error"], "message", str(context["error"]))
        case "extra_forbidden":
            message = _unknown_field(path[-1], type_name, inside=path[0] if len(path) > 1 else None)
        case "enum":
            message = _not_among(value, context["expected"])
        case "string_too_long":
            message = f"has {len(value):,} characters; at most {context['max_length']:,} are allowed."
        case found if found in _MISTAKES:
            message = _MISTAKES[found]
        case found if found in _EXPECTED:
            message = f"{shown(value)} is not {_EXPECTED[found]}."
        case "string_pattern_mismatch" | "string_too_short":
            message = _malformed(field or "", value)
        case _:
            message = f"{details['msg']} (given {shown(value)})."
    return field, message


_MISTAKES = {
    "missing": "is missing.",
    "string_unicode": "holds a lone surrogate, which is not text.",
    "too_short": "is an empty list. Name at least one.",
}
_EXPECTED = {
    "string_type": "text",
    "tuple_type": "a list",
    "bool_type": "true or false",
    "model_type": 'an amount: {"at_least": "300"}, with at_most, or both',
}


def _path(place: Sequence[str | int]) -> list[str]:
    """Return the path to a problem in the data, without the names of the union branches of a quote."""
    return [
        label(part)
        for before, part in zip((None, *place), place, strict=False)
        if before != "quote" or part not in _FORMS
    ]


_FORMS = ("words", "selector")


def _malformed(field: str, value: str) -> str:
    if "\x00" in value:
        return "holds a NUL character, which no text may hold."
    if not value.strip():
        return "is empty. Write at least one word."
    last = field.rsplit(".", maxsplit=1)[-1]
    given = shown(value)
    if last == "language":
        return f"{given} is not a language tag (BCP 47), such as ru or zh-Hant."
    if last in ("target", "answers", "suggestion"):
        return f"{given} is not an event id (a UUID)."
    if last == "sha256":
        return f"{given} is not a SHA-256 (64 lower-case hexadecimal digits)."
    if REFERENCES.get(field.split(".", maxsplit=1)[0]) is Register.PARTY:
        return f"{given} is not a party code: upper-case letters and digits without spaces, such as RUS."
    if last == "source":
        return f"{given} is not a source id: text on one line, without blanks at its ends."
    return f"{given} is not an issue path: words without spaces, colons or commas, joined by slashes."


def _not_among(value: object, expected: str) -> str:
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = get_close_matches(str(value), words, 2)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    if (field := other_field(str(value), words)) is not None:
        hint = f" It is a word for `{field}`."
    elif means_withdrawal(str(value)):
        hint = " A withdrawal is an entry of its own: tracker withdraw, in files under `withdrawals:`."
    return f"{shown(value)} is not one of {', '.join(words)}.{hint}"


def _unknown_field(name: str, type_name: str, *, inside: str | None = None) -> str:
    if inside is None:
        whole, fields = type_name, fields_of(type_name)
    elif inside == "quote":
        whole, fields = "a quote", list(TextQuote.model_fields)
    else:
        whole, fields = "an amount", list(AmountData.model_fields)
    near = get_close_matches(name, fields, 2)
    hint = f" Did you mean {', '.join(near)}?" if near else f" It has: {', '.join(fields)}."
    return f"is not a field of {whole}.{hint}"

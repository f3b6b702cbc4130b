"""The events: past-tense facts, frozen, in one union told apart by their versioned type name."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    TypeAdapter,
    ValidationError,
)

from tracker.domain.dates import Day, StatedDay, StatementDate, stated_day
from tracker.domain.vocabulary import (
    Act,
    Attribution,
    EventId,
    IssuePath,
    Outcome,
    PartyCode,
    PartyKind,
    QuotedText,
    Sha256,
    SourceId,
    Stance,
    Standing,
    Text,
)
from tracker.errors import BadEvent, BadValue, UnknownEventType


def _whole_number(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int or abs(value) > 2**53 - 1:
        raise BadValue(f"{value!r} is not a whole number.")
    return value


WholeNumber = Annotated[int, BeforeValidator(_whole_number)]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    type: str

    @property
    def family(self) -> str:
        """The type without its version: `position.stated`."""
        return self.type.rpartition(".")[0]

    def data(self) -> dict[str, Any]:
        """The data as JSON values, with the fields that were given and nothing else."""
        return self.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude=_TYPE)


_TYPE = {"type"}


class TextQuote(BaseModel):
    """A verbatim quotation and its surroundings (W3C Web Annotation, TextQuoteSelector)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    exact: QuotedText
    prefix: QuotedText | None = None
    suffix: QuotedText | None = None


def _quote_form(value: object) -> str:
    return "words" if isinstance(value, str) or not isinstance(value, (dict, TextQuote)) else "selector"


Quote = Annotated[
    Annotated[QuotedText, Tag("words")] | Annotated[TextQuote, Tag("selector")], Discriminator(_quote_form)
]
"""Quoted words: as plain text, or with what stands before and after them."""


def quoted_words(quote: str | TextQuote | None) -> str | None:
    """The quoted words themselves, without their surroundings."""
    return quote.exact if isinstance(quote, TextQuote) else quote


class _Evidenced(_Event):
    """An event that carries its own evidence."""

    source: SourceId | None = None
    quote: Quote | None = None
    locator: Text | None = None
    speaker: Text | None = None
    speaker_role: Text | None = None
    attribution: Attribution | None = None
    ascribed_by: PartyCode | None = None

    @property
    def attributed(self) -> Attribution:
        """The attribution as given, else direct with a quotation and reported without."""
        return self.attribution or (Attribution.REPORTED if self.quote is None else Attribution.DIRECT)


# --- registers ------------------------------------------------------------------------------------


class PartyRegistered(_Event):
    type: Literal["party.registered.v1"] = "party.registered.v1"
    party: PartyCode
    name: Text
    kind: PartyKind
    aliases: tuple[Text, ...] = ()


class PartyUpdated(_Event):
    type: Literal["party.updated.v1"] = "party.updated.v1"
    party: PartyCode
    name: Text | None = None
    aliases_added: tuple[Text, ...] = ()


class _Membership(_Evidenced):
    party: PartyCode
    bloc: PartyCode
    on: Day


class MembershipStarted(_Membership):
    type: Literal["membership.started.v1"] = "membership.started.v1"


class MembershipEnded(_Membership):
    type: Literal["membership.ended.v1"] = "membership.ended.v1"


class IssueOpened(_Event):
    type: Literal["issue.opened.v1"] = "issue.opened.v1"
    issue: IssuePath
    title: Text
    question: Text


class IssueReworded(_Event):
    type: Literal["issue.reworded.v1"] = "issue.reworded.v1"
    issue: IssuePath
    title: Text | None = None
    question: Text | None = None
    on: Day


class IssueClosed(_Evidenced):
    type: Literal["issue.closed.v1"] = "issue.closed.v1"
    issue: IssuePath
    on: Day
    outcome: Outcome
    parties: tuple[PartyCode, ...] = ()
    note: Text | None = None


class SourceRegistered(_Event):
    type: Literal["source.registered.v1"] = "source.registered.v1"
    source: SourceId
    title: Text
    publisher: Text
    url: Text | None = None
    published_on: Day | None = None
    language: Text | None = None
    sha256: Sha256 | None = None


# --- positions ------------------------------------------------------------------------------------


class PositionStated(_Evidenced):
    """A party's stance on an issue on a day."""

    type: Literal["position.stated.v1"] = "position.stated.v1"
    party: PartyCode
    issue: IssuePath
    stance: Stance
    stated_on: StatementDate
    summary: Text
    act: Act | None = None
    standing: Standing = Standing.OFFICIAL
    conditions: tuple[Text, ...] | None = None
    addressed_to: tuple[PartyCode, ...] = ()
    on_behalf_of: tuple[PartyCode, ...] = ()
    sequence: WholeNumber = 0

    @property
    def stated(self) -> str:
        """When it was said, as recorded."""
        return self.stated_on

    @property
    def day(self) -> StatedDay:
        return stated_day(self.stated_on)


class PositionWithdrawn(_Evidenced):
    """From that day the party holds no stance."""

    type: Literal["position.withdrawn.v1"] = "position.withdrawn.v1"
    party: PartyCode
    issue: IssuePath
    on: StatementDate
    summary: Text
    sequence: WholeNumber = 0

    @property
    def stated(self) -> str:
        """When it was said, as recorded."""
        return self.on

    @property
    def day(self) -> StatedDay:
        return stated_day(self.on)


class StatementCorroborated(_Event):
    """Another source for a statement or withdrawal on record."""

    type: Literal["statement.corroborated.v1"] = "statement.corroborated.v1"
    target: EventId
    source: SourceId
    quote: Quote | None = None
    locator: Text | None = None
    attribution: Attribution | None = None
    note: Text | None = None


class MilestoneNoted(_Evidenced):
    """Something that happened and is not a position."""

    type: Literal["milestone.noted.v1"] = "milestone.noted.v1"
    on: Day
    title: Text
    parties: tuple[PartyCode, ...] = ()
    issues: tuple[IssuePath, ...] = ()


# --- our own record -------------------------------------------------------------------------------


class EntryCorrected(_Event):
    """We erred: `replacement` is the full data that stands in for the target."""

    type: Literal["entry.corrected.v1"] = "entry.corrected.v1"
    target: EventId
    replacement: dict[str, JsonValue]
    reason: Text


class EntryRetracted(_Event):
    """The target should never have been in the log."""

    type: Literal["entry.retracted.v1"] = "entry.retracted.v1"
    target: EventId
    reason: Text


Position = PositionStated | PositionWithdrawn
Event = Annotated[
    PartyRegistered
    | PartyUpdated
    | MembershipStarted
    | MembershipEnded
    | IssueOpened
    | IssueReworded
    | IssueClosed
    | SourceRegistered
    | PositionStated
    | PositionWithdrawn
    | StatementCorroborated
    | MilestoneNoted
    | EntryCorrected
    | EntryRetracted,
    Field(discriminator="type"),
]


def parse_event(type_name: str, data: Mapping[str, Any]) -> Event:
    """The event of a stored type name with its data as JSON values.

    Raises UnknownEventType, and BadEvent with every problem in the data.
    """
    if type_name not in _MODELS:
        raise unknown_event_type(type_name)
    if "type" in data:
        raise BadEvent([("type", _unknown_field("type", type_name))])
    try:
        return _UNION.validate_python({**data, "type": type_name})
    except ValidationError as error:
        raise BadEvent([_problem(type_name, dict(details)) for details in error.errors(include_url=False)]) from None


def unknown_event_type(type_name: str) -> UnknownEventType:
    family, _, version = type_name.rpartition(".")
    newer = version[:1] == "v" and version[1:].isdigit() and any(name.startswith(f"{family}.v") for name in TYPE_NAMES)
    return UnknownEventType(type_name, [] if newer else get_close_matches(type_name, TYPE_NAMES, 2), newer=newer)


def event_from(model: type[_Event], data: Mapping[str, Any]) -> Any:
    """An event of one model from values of Python or of JSON; what is None is left out. Raises BadEvent."""
    return parse_event(
        model.model_fields["type"].default, {key: value for key, value in data.items() if value is not None}
    )


_UNION: TypeAdapter[Event] = TypeAdapter(Event)
_MODELS: dict[str, type[_Event]] = {model.model_fields["type"].default: model for model in get_args(get_args(Event)[0])}
TYPE_NAMES = tuple(_MODELS)
"""Every stored type name that this release reads, newest versions only."""


def _problem(type_name: str, details: dict[str, Any]) -> tuple[str | None, str]:
    """A validation error of the library as a field and a sentence of our own."""
    path = [str(part) for part in details["loc"] if part not in (type_name, *_UNION_BRANCHES)]
    field, value, context = ".".join(path) or None, details["input"], details.get("ctx", {})
    match details["type"]:
        case "value_error":
            message = getattr(context["error"], "message", str(context["error"]))
        case "missing":
            message = "is missing."
        case "extra_forbidden":
            message = _unknown_field(path[-1], type_name, inside_quote=len(path) > 1)
        case "enum":
            message = _not_among(value, context["expected"])
        case "string_too_long":
            message = f"has {len(value):,} characters; at most {context['max_length']:,} are allowed."
        case "string_unicode":
            message = "holds a lone surrogate, which is not text."
        case "string_type":
            message = f"{_shown(value)} is not text."
        case "tuple_type":
            message = f"{_shown(value)} is not a list."
        case "string_pattern_mismatch" | "string_too_short":
            message = _malformed(field or "", value)
        case _:
            message = f"{details['msg']} (given {_shown(value)})."
    return field, message


_UNION_BRANCHES = ("words", "selector")


def _malformed(field: str, value: str) -> str:
    if "\x00" in value:
        return "holds a NUL character, which no text may hold."
    if not value.strip():
        return "is empty. Write at least one word, or leave the field out."
    last = field.rsplit(".", maxsplit=1)[-1]
    shown = _shown(value)
    if last == "target":
        return f"{shown} is not an event id (a UUID)."
    if last == "sha256":
        return f"{shown} is not a SHA-256 (64 lower-case hexadecimal digits)."
    if field.split(".", maxsplit=1)[0] in ("party", "bloc", "parties", "addressed_to", "on_behalf_of", "ascribed_by"):
        return f"{shown} is not a party code: upper-case letters and digits without spaces, such as RUS."
    return f"{shown} is not an id: words without spaces, colons or commas, joined by slashes."


def _not_among(value: object, expected: str) -> str:
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = get_close_matches(str(value), words, 2)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    return f"{_shown(value)} is not one of {', '.join(words)}.{hint}"


def _unknown_field(name: str, type_name: str, *, inside_quote: bool = False) -> str:
    model = TextQuote if inside_quote else _MODELS[type_name]
    fields = [field for field in model.model_fields if field != "type"]
    near = get_close_matches(name, fields, 2)
    hint = f" Did you mean {', '.join(near)}?" if near else f" It has: {', '.join(fields)}."
    return f"is not a field of {'a quote' if inside_quote else type_name}.{hint}"


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."

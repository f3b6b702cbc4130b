"""The events: frozen past-tense facts, in one union discriminated by their versioned type name."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, JsonValue, Tag

from tracker.domain.log.field_types import (
    Day,
    EventId,
    IssuePath,
    PartyCode,
    QuotedText,
    Sha256,
    SourceId,
    StatementDate,
    Text,
)
from tracker.domain.log.kind_registry import EventKind, kind_of
from tracker.domain.terms.dates import StatedDay, stated_day
from tracker.domain.terms.safe_text import shown
from tracker.domain.terms.vocabulary import (
    Act,
    Attribution,
    MilestoneCategory,
    Outcome,
    PartyKind,
    Stance,
    Standing,
    attribution_of,
)
from tracker.errors import BadValue


def _whole_number(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int or abs(value) > 2**53 - 1:
        raise BadValue(f"{shown(value)} is not a whole number (of at most 15 digits).")
    return value


WholeNumber = Annotated[int, BeforeValidator(_whole_number)]


class EventModel(BaseModel):
    """Base of all events: a versioned type name, frozen, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    type: str

    @property
    def event_kind(self) -> EventKind:
        """The row of the event's kind in the registry of kinds."""
        return kind_of(self.type)

    def data(self) -> dict[str, Any]:
        """Return the data as JSON values, with only the fields that were set."""
        return self.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude=_TYPE)


_TYPE = {"type"}


def changed_fields(old: EventModel, new: EventModel) -> dict[str, Any]:
    """Return the values of the fields in which an event differs from another of its kind, as JSON values.

    None stands for a field that it leaves out; so does an empty list, but not that of conditions, which says something.
    """
    data = new.data()
    changed = {name: data.get(name) for name in type(new).model_fields if getattr(old, name) != getattr(new, name)}
    return {name: None if value == [] and name != "conditions" else value for name, value in changed.items()}


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
"""A quotation: plain text, or text with its surroundings."""


def texts_of(event: BaseModel) -> Iterator[tuple[str, str]]:
    """Yield the texts of an event, ids included, each with its field; those of a replacement are another event's."""
    for field, value in event.__dict__.items():
        if isinstance(value, str):
            yield field, value
        elif isinstance(value, TextQuote):
            yield from ((f"{field}.{part}", text) for part, text in texts_of(value))
        elif isinstance(value, tuple):
            yield from ((field, item) for item in value)


def quoted_words(quote: str | TextQuote | None) -> str | None:
    """Return the quoted words without their surroundings."""
    return quote.exact if isinstance(quote, TextQuote) else quote


class EvidenceFields(EventModel):
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
        """The recorded attribution; by default direct with a quotation and reported without."""
        return Attribution(attribution_of(self.attribution, self.quote))


# --- registers ------------------------------------------------------------------------------------


class PartyRegistered(EventModel):
    """A party entered the register, with its name and aliases."""

    type: Literal["party.registered.v1"] = "party.registered.v1"
    party: PartyCode
    name: Text
    kind: PartyKind
    aliases: tuple[Text, ...] = ()


class PartyUpdated(EventModel):
    """A party received a new name or further aliases."""

    type: Literal["party.updated.v1"] = "party.updated.v1"
    party: PartyCode
    name: Text | None = None
    aliases_added: tuple[Text, ...] = ()


class _Membership(EvidenceFields):
    party: PartyCode
    bloc: PartyCode
    on: Day


class MembershipStarted(_Membership):
    """A party joined a bloc, and is a member from that day on."""

    type: Literal["membership.started.v1"] = "membership.started.v1"


class MembershipEnded(_Membership):
    """A party left a bloc, and is no member from that day on."""

    type: Literal["membership.ended.v1"] = "membership.ended.v1"


class IssueOpened(EventModel):
    """An issue entered the register, with its title and question."""

    type: Literal["issue.opened.v1"] = "issue.opened.v1"
    issue: IssuePath
    title: Text
    question: Text


class IssueReworded(EventModel):
    """An issue received a new title or question, from a day on."""

    type: Literal["issue.reworded.v1"] = "issue.reworded.v1"
    issue: IssuePath
    title: Text | None = None
    question: Text | None = None
    on: Day


class IssueClosed(EvidenceFields):
    """An issue was closed on a day, with an outcome."""

    type: Literal["issue.closed.v1"] = "issue.closed.v1"
    issue: IssuePath
    on: Day
    outcome: Outcome
    parties: tuple[PartyCode, ...] = ()
    note: Text | None = None


class SourceRegistered(EventModel):
    """A source document entered the register."""

    type: Literal["source.registered.v1"] = "source.registered.v1"
    source: SourceId
    title: Text
    publisher: Text
    url: Text | None = None
    published_on: Day | None = None
    language: Text | None = None
    sha256: Sha256 | None = None


# --- positions ------------------------------------------------------------------------------------


class _Position(EvidenceFields):
    party: PartyCode
    issue: IssuePath

    @property
    def stated(self) -> str:
        """The date as recorded (EDTF)."""
        return str(getattr(self, self.event_kind.day or ""))

    @property
    def day(self) -> StatedDay:
        """The first day that the date can mean, and the effective day."""
        return stated_day(self.stated)


class PositionStated(_Position):
    """A party stated its stance on an issue."""

    type: Literal["position.stated.v1"] = "position.stated.v1"
    stance: Stance
    stated_on: StatementDate
    summary: Text
    act: Act | None = None
    standing: Standing = Standing.OFFICIAL
    conditions: tuple[Text, ...] | None = None
    addressed_to: tuple[PartyCode, ...] = ()
    on_behalf_of: tuple[PartyCode, ...] = ()
    sequence: WholeNumber = 0


class PositionWithdrawn(_Position):
    """A party withdrew its position: from that day it holds no stance."""

    type: Literal["position.withdrawn.v1"] = "position.withdrawn.v1"
    on: StatementDate
    summary: Text
    sequence: WholeNumber = 0


class StatementCorroborated(EventModel):
    """Another source was found for a statement or withdrawal on record."""

    type: Literal["statement.corroborated.v1"] = "statement.corroborated.v1"
    target: EventId
    source: SourceId
    quote: Quote | None = None
    locator: Text | None = None
    attribution: Attribution | None = None
    note: Text | None = None


class MilestoneNoted(EvidenceFields):
    """Something happened that is not a position."""

    type: Literal["milestone.noted.v2"] = "milestone.noted.v2"
    on: Day
    title: Text
    category: MilestoneCategory = MilestoneCategory.OTHER
    parties: tuple[PartyCode, ...] = ()
    issues: tuple[IssuePath, ...] = ()


# --- our own record -------------------------------------------------------------------------------


class EntryCorrected(EventModel):
    """An entry of ours was wrong: `replacement` is the full data that stands in for the target."""

    type: Literal["entry.corrected.v1"] = "entry.corrected.v1"
    target: EventId
    replacement: dict[str, JsonValue]
    reason: Text


class EntryRetracted(EventModel):
    """The target should never have been in the log."""

    type: Literal["entry.retracted.v1"] = "entry.retracted.v1"
    target: EventId
    reason: Text


PositionEvent = PositionStated | PositionWithdrawn
RevisionEvent = EntryCorrected | EntryRetracted
RegisterEvent = PartyRegistered | PartyUpdated | IssueOpened | IssueReworded | SourceRegistered
"""The events of kinds that are `in_register`."""
ContextEvent = MilestoneNoted | IssueClosed | IssueReworded | MembershipStarted | MembershipEnded
"""The events of kinds that are `in_context`."""
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

MODELS: dict[str, type[EventModel]] = {
    model.model_fields["type"].default: model for model in get_args(get_args(Event)[0])
}
"""The model of every kind, in its newest version, by its stored type name."""

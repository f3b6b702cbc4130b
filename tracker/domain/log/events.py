"""The events: past-tense facts, frozen, in one union told apart by their versioned type name."""

from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
)

from tracker.domain.log.fields import (
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
from tracker.domain.log.kinds import EventKind, Register, kind_of
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
    """What all events have: a versioned type name; frozen, and no field that is not theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    type: str

    @property
    def event_kind(self) -> EventKind:
        """The entry of this kind of event in the registry of kinds."""
        return kind_of(self.type)

    @classmethod
    def registered_as(cls) -> Register | None:
        """The register to which events of this model add an id."""
        return kind_of(cls.model_fields["type"].default).register

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
        """The attribution as given, else direct with a quotation and reported without."""
        return Attribution(attribution_of(self.attribution, self.quote))


# --- registers ------------------------------------------------------------------------------------


class PartyRegistered(EventModel):
    type: Literal["party.registered.v1"] = "party.registered.v1"
    party: PartyCode
    name: Text
    kind: PartyKind
    aliases: tuple[Text, ...] = ()


class PartyUpdated(EventModel):
    type: Literal["party.updated.v1"] = "party.updated.v1"
    party: PartyCode
    name: Text | None = None
    aliases_added: tuple[Text, ...] = ()


class _Membership(EvidenceFields):
    party: PartyCode
    bloc: PartyCode
    on: Day


class MembershipStarted(_Membership):
    type: Literal["membership.started.v1"] = "membership.started.v1"


class MembershipEnded(_Membership):
    type: Literal["membership.ended.v1"] = "membership.ended.v1"


class IssueOpened(EventModel):
    type: Literal["issue.opened.v1"] = "issue.opened.v1"
    issue: IssuePath
    title: Text
    question: Text


class IssueReworded(EventModel):
    type: Literal["issue.reworded.v1"] = "issue.reworded.v1"
    issue: IssuePath
    title: Text | None = None
    question: Text | None = None
    on: Day


class IssueClosed(EvidenceFields):
    type: Literal["issue.closed.v1"] = "issue.closed.v1"
    issue: IssuePath
    on: Day
    outcome: Outcome
    parties: tuple[PartyCode, ...] = ()
    note: Text | None = None


class SourceRegistered(EventModel):
    type: Literal["source.registered.v1"] = "source.registered.v1"
    source: SourceId
    title: Text
    publisher: Text
    url: Text | None = None
    published_on: Day | None = None
    language: Text | None = None
    sha256: Sha256 | None = None


# --- positions ------------------------------------------------------------------------------------


class PositionStated(EvidenceFields):
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


class PositionWithdrawn(EvidenceFields):
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


class StatementCorroborated(EventModel):
    """Another source for a statement or withdrawal on record."""

    type: Literal["statement.corroborated.v1"] = "statement.corroborated.v1"
    target: EventId
    source: SourceId
    quote: Quote | None = None
    locator: Text | None = None
    attribution: Attribution | None = None
    note: Text | None = None


class MilestoneNoted(EvidenceFields):
    """Something that happened and is not a position."""

    type: Literal["milestone.noted.v2"] = "milestone.noted.v2"
    on: Day
    title: Text
    category: MilestoneCategory = MilestoneCategory.OTHER
    parties: tuple[PartyCode, ...] = ()
    issues: tuple[IssuePath, ...] = ()


# --- our own record -------------------------------------------------------------------------------


class EntryCorrected(EventModel):
    """We erred: `replacement` is the full data that stands in for the target."""

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

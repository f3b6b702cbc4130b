"""The events: frozen past-tense facts, in one union discriminated by their versioned type name."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import (
    Field,
    JsonValue,
    StrictBool,
    model_validator,
)

from tracker.domain.log.event_parts import AmountData, EventModel, EvidenceFields, Quote, WholeNumber
from tracker.domain.log.field_types import (
    Day,
    EventId,
    IssuePath,
    Language,
    MembershipDate,
    PartyCode,
    QuotedText,
    Sha256,
    SourceId,
    StatementDate,
    StatementDates,
    Text,
    Unit,
)
from tracker.domain.terms.dates import StatedDay, day_as_written, is_interval, stated_day
from tracker.domain.terms.vocabulary import (
    NAMING_NO_FIGURE,
    Act,
    Attribution,
    IssueForm,
    MilestoneCategory,
    Outcome,
    PartyKind,
    Priority,
    Stance,
    Standing,
)
from tracker.errors import BadValue

# --- registers ------------------------------------------------------------------------------------


class PartyRegistered(EventModel):
    """A party entered the register, with its name and aliases."""

    type: Literal["party.registered.v2"] = "party.registered.v2"
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


class PartySucceeded(EvidenceFields):
    """A party ended on a day, and others took its place. No stance passes to them."""

    type: Literal["party.succeeded.v1"] = "party.succeeded.v1"
    party: PartyCode
    by: Annotated[tuple[PartyCode, ...], Field(min_length=1)]
    on: Day

    @model_validator(mode="after")
    def _check_successors(self) -> Self:
        if self.party in self.by:
            raise BadValue(f"{self.party} would be succeeded by itself. Leave it out.")
        return self


class _Membership(EvidenceFields):
    party: PartyCode
    bloc: PartyCode
    on: MembershipDate

    @property
    def day(self) -> date:
        """The day from which it is in force: the last that `on` can mean; it reads as `on`."""
        return day_as_written(self.on)


class MembershipStarted(_Membership):
    """A party joined a bloc, and is a member from that day on."""

    type: Literal["membership.started.v2"] = "membership.started.v2"


class MembershipEnded(_Membership):
    """A party left a bloc, and is no member from that day on."""

    type: Literal["membership.ended.v2"] = "membership.ended.v2"


class IssueOpened(EventModel):
    """An issue entered the register, with its title, its question, and the form of answer that it asks for.

    A quantity has a `unit`. On an issue with `own` each party answers for itself.
    """

    type: Literal["issue.opened.v2"] = "issue.opened.v2"
    issue: IssuePath
    title: Text
    question: Text
    form: IssueForm = IssueForm.QUESTION
    unit: Unit | None = None
    own: StrictBool = False


class IssueReworded(EventModel):
    """An issue received a new title or question, from a day on."""

    type: Literal["issue.reworded.v1"] = "issue.reworded.v1"
    issue: IssuePath
    title: Text | None = None
    question: Text | None = None
    on: Day


class IssueClosed(EvidenceFields):
    """An issue was closed on a day, with an outcome: of a quantity perhaps its amount, of a choice one of its options.

    Closing a choice closes its options: the one named with the outcome, the others as superseded.
    """

    type: Literal["issue.closed.v2"] = "issue.closed.v2"
    issue: IssuePath
    on: Day
    outcome: Outcome
    parties: tuple[PartyCode, ...] = ()
    note: Text | None = None
    amount: AmountData | None = None
    option: IssuePath | None = None

    @model_validator(mode="after")
    def _check_option(self) -> Self:
        if self.option is not None and not self.option.startswith(f"{self.issue}/"):
            raise BadValue(f"The option {self.option} is not below {self.issue}. Write its whole path.")
        return self


class IssueReopened(EvidenceFields):
    """A closed issue is open again from a day on."""

    type: Literal["issue.reopened.v1"] = "issue.reopened.v1"
    issue: IssuePath
    on: Day


class SourceRegistered(EventModel):
    """A source document entered the register. `dated_on` is the date of one that was not published."""

    type: Literal["source.registered.v2"] = "source.registered.v2"
    source: SourceId
    title: Text
    publisher: Text
    url: Text | None = None
    published_on: Day | None = None
    language: Text | None = None
    sha256: Sha256 | None = None
    dated_on: Day | None = None


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

    @property
    def certain_day(self) -> date:
        """The day that may not lie ahead of the recording: the first that it can mean, of an interval the last."""
        stated = self.stated
        return stated_day(stated).effective if is_interval(stated) else stated_day(stated).first


class TranslatedEvidence(EventModel):
    """What evidence may say of a quote in another language; the source's is the default."""

    language: Language | None = None
    translation: QuotedText | None = None


class PositionStated(_Position, TranslatedEvidence):
    """A party stated its position on an issue: a stance or, on a quantity, an amount or no figure."""

    type: Literal["position.stated.v2"] = "position.stated.v2"
    stance: Stance | None = None
    amount: AmountData | None = None
    could_accept: AmountData | None = None
    stated_as: Text | None = None
    stated_on: StatementDates
    summary: Text
    act: Act | None = None
    standing: Standing = Standing.OFFICIAL
    conditions: tuple[Text, ...] | None = None
    addressed_to: tuple[PartyCode, ...] = ()
    on_behalf_of: tuple[PartyCode, ...] = ()
    sequence: WholeNumber = 0
    priority: Priority | None = None
    red_line: StrictBool | None = None
    reasons: tuple[Text, ...] | None = None
    joint_with: tuple[PartyCode, ...] = ()
    provision: Text | None = None
    answers: EventId | None = None
    note: Text | None = None
    tags: tuple[Text, ...] = ()
    suggestion: EventId | None = None

    @model_validator(mode="after")
    def _check_position(self) -> Self:
        if self.stance is not None and self.amount is not None:
            raise BadValue("A statement has a stance or an amount, not both.")
        if self.stance is None and self.amount is None and self.act not in NAMING_NO_FIGURE:
            acts = ", ".join(NAMING_NO_FIGURE)
            raise BadValue(f"It states neither a stance nor an amount. Only these acts name no figure: {acts}.")
        if self.amount is None and (self.could_accept is not None or self.stated_as is not None):
            raise BadValue("could_accept and stated_as go with an amount.")
        if self.amount is not None and self.could_accept is not None:
            amount, wider = self.amount.amount, self.could_accept.amount
            if not wider.contains(amount):
                write = " or ".join(f'"{one}"' for one in amount.ranges_with(wider))
                advice = f" Write all that it could accept: {write}." if write else ""
                raise BadValue(f"could_accept, {wider}, does not contain the amount, {amount}.{advice}")
        if self.joint_with and (self.party not in self.joint_with or len(set(self.joint_with)) < 2):
            raise BadValue(f"joint_with names all who stated it together: {self.party} and at least one other.")
        if len(set(self.joint_with)) < len(self.joint_with):
            raise BadValue("joint_with names a party twice. Name each once.")
        return self


class PositionWithdrawn(_Position, TranslatedEvidence):
    """A party withdrew its position: from that day it holds none.

    With `leaves_position_of` a bloc it takes nothing from that bloc either.
    """

    type: Literal["position.withdrawn.v2"] = "position.withdrawn.v2"
    on: StatementDate
    summary: Text
    sequence: WholeNumber = 0
    leaves_position_of: PartyCode | None = None


class StatementCorroborated(TranslatedEvidence):
    """Another source was found for a statement or withdrawal on record."""

    type: Literal["statement.corroborated.v2"] = "statement.corroborated.v2"
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
    """An entry of ours was wrong: `replacement` is the full data that stands in for the target.

    `replacement_type` is the stored type name of these data, `type` in the log; without it they are of the oldest
    version of the target's type that can hold them.
    """

    type: Literal["entry.corrected.v2"] = "entry.corrected.v2"
    target: EventId
    replacement_type: str | None = None
    replacement: dict[str, JsonValue]
    reason: Text

    stored_names: ClassVar[Mapping[str, str]] = {"replacement_type": "type"}


class EntryRetracted(EventModel):
    """The target should never have been in the log."""

    type: Literal["entry.retracted.v1"] = "entry.retracted.v1"
    target: EventId
    reason: Text


PositionEvent = PositionStated | PositionWithdrawn
RevisionEvent = EntryCorrected | EntryRetracted
RegisterEvent = PartyRegistered | PartyUpdated | IssueOpened | IssueReworded | SourceRegistered
"""The events of kinds that are `in_register`."""
ContextEvent = (
    MilestoneNoted | IssueClosed | IssueReopened | IssueReworded | MembershipStarted | MembershipEnded | PartySucceeded
)
"""The events of kinds that are `in_context`."""


def occurred_on(event: ContextEvent) -> date:
    """Return the day of an occurrence; of a membership the one from which it is in force."""
    return event.day if isinstance(event, _Membership) else event.on


Event = Annotated[
    PartyRegistered
    | PartyUpdated
    | PartySucceeded
    | MembershipStarted
    | MembershipEnded
    | IssueOpened
    | IssueReworded
    | IssueClosed
    | IssueReopened
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

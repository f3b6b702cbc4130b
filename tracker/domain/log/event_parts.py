"""What events are made of: the base of all, quotations, amounts, and the fields of evidence."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Tag,
    model_validator,
)

from tracker.domain.log.field_types import (
    DecimalText,
    PartyCode,
    QuotedText,
    SourceId,
    Text,
)
from tracker.domain.log.kind_registry import EventKind, kind_of
from tracker.domain.terms.amounts import Amount, amount_of
from tracker.domain.terms.safe_text import shown
from tracker.domain.terms.vocabulary import (
    Attribution,
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

    stored_names: ClassVar[Mapping[str, str]] = {}
    """The names of fields in stored data, where they differ from those here."""

    @property
    def event_kind(self) -> EventKind:
        """The row of the event's kind in the registry of kinds."""
        return kind_of(self.type)

    def data(self) -> dict[str, Any]:
        """Return the data as JSON values, with only the fields that were set."""
        data = self.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude=_TYPE)
        return {self.stored_names.get(name, name): value for name, value in data.items()} if self.stored_names else data


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


class AmountData(BaseModel):
    """An amount as it is stored: exact decimals in text, at least one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at_least: DecimalText | None = None
    at_most: DecimalText | None = None

    @model_validator(mode="after")
    def _check_ends(self) -> Self:
        amount_of(self.at_least, self.at_most)
        return self

    @property
    def amount(self) -> Amount:
        """The range of numbers."""
        return amount_of(self.at_least, self.at_most)


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

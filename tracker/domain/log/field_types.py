"""Field types of events: ids, texts and days, each checked when pydantic reads it."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from tracker.domain.terms.dates import is_interval, parse_day, stated_day
from tracker.domain.terms.safe_text import shown
from tracker.domain.terms.typed_amounts import parse_decimal
from tracker.errors import BadValue

MAX_QUOTE = 2_000
"""Maximum length of a verbatim quotation, in characters."""

MAX_TEXT = 10_000
"""Maximum length of a text in our own words (summary, note, reason), in characters."""

# An id has no white space, no control or invisible character, and none of the marks that separate
# ids on the command line and in `subject`. Letters of every script are welcome.
_SEGMENT = r"[^\s\p{C}/,:]+"

PartyCode = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\p{Ll}\s\p{C}/,:]+$")]
"""A party's short upper-case code; a state's is its ISO 3166-1 alpha-3 code."""

IssuePath = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=rf"^{_SEGMENT}(/{_SEGMENT})*$")]
"""An issue's slash path; its prefixes name groups of issues."""

SourceId = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\s\p{C}]([^\p{C}]*[^\s\p{C}])?$")]
"""A source's id: text without control characters; by custom the publisher, the day and a word."""

EventId = Annotated[
    str,
    StringConstraints(
        to_lower=True, pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
    ),
]
"""An entry's id: a UUID in its canonical lower-case spelling (RFC 9562)."""

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""A text in our own words: not blank, without NUL."""

MAX_UNIT = 60


def _check_unit(value: object) -> object:
    if isinstance(value, str) and len(value) > MAX_UNIT:
        raise BadValue(f"has {len(value):,} characters; a unit has at most {MAX_UNIT}.")
    if isinstance(value, str) and (not value.isprintable() or value != " ".join(value.split())):
        raise BadValue(
            f"{shown(value)} is not a unit: words on one line with a space between them, as in USD bn a year."
        )
    return value


Unit = Annotated[Text, BeforeValidator(_check_unit)]
"""The unit of a quantity: on one line, in at most `MAX_UNIT` characters."""

QuotedText = Annotated[str, StringConstraints(max_length=MAX_QUOTE, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""Verbatim words of a source: not blank, without NUL, at most `MAX_QUOTE` characters."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hexadecimal digits."""


def _check_statement_date(value: object) -> str:
    if not isinstance(value, str):
        raise BadValue(f"{shown(value)} is not a date. Write it as text, for example 2019-12-10.")
    stated_day(value)
    return value


Day = Annotated[date, BeforeValidator(parse_day)]
"""One calendar day (ISO 8601)."""


def _check_one_date(value: object) -> str:
    text = _check_statement_date(value)
    if is_interval(text):
        raise BadValue(f"{shown(value)} is an interval; only a statement may be dated by one. Write its last day.")
    return text


def _check_precise_date(value: object) -> str:
    text = value.isoformat() if type(value) is date else _check_one_date(value)
    if text[-1] in "~?":
        raise BadValue(f"{shown(value)} is marked as uncertain. Write a day, a month or a year without a mark.")
    return text


StatementDate = Annotated[str, BeforeValidator(_check_one_date)]
"""A statement date: a day, a month or a year in EDTF (ISO 8601-2) level 0 or 1."""

StatementDates = Annotated[str, BeforeValidator(_check_statement_date)]
"""A statement date, or an interval of two days."""

MembershipDate = Annotated[str, BeforeValidator(_check_precise_date)]
"""A day, a month or a year (ISO 8601) on whose last day a membership begins or ends."""


def _check_decimal(value: object) -> str:
    parse_decimal(value)
    return str(value)


DecimalText = Annotated[str, BeforeValidator(_check_decimal)]
"""An exact decimal in text, in the one spelling of its number."""

Language = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$")]
"""A language tag (BCP 47), such as `ru` or `zh-Hant`."""

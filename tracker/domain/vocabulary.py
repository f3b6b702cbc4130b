"""The glossary in code: ids, and the closed lists of words that events are written in."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

MAX_QUOTE = 2_000
"""Longest verbatim quotation, in characters."""

MAX_TEXT = 10_000
"""Longest text of our own (summary, note, reason), in characters."""

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

QuotedText = Annotated[str, StringConstraints(max_length=MAX_QUOTE, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""Words of somebody else, verbatim: not blank, without NUL, at most `MAX_QUOTE` characters."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class PartyKind(StrEnum):
    STATE = "state"
    BLOC = "bloc"
    ORGANISATION = "organisation"
    DELEGATION = "delegation"
    OTHER = "other"


class Stance(StrEnum):
    """How a party answers an issue's question, on an ordinal scale from no to yes.

    "None on record" and "withdrawn" are not stances: they are `None` and never look like `NEUTRAL`.
    """

    OPPOSES = "opposes"
    SCEPTICAL = "sceptical"
    NEUTRAL = "neutral"
    CONDITIONAL = "conditional"
    SUPPORTS = "supports"

    @property
    def degree(self) -> int:
        """The place on the scale, from -2 (opposes) to +2 (supports)."""
        return _DEGREES[self]


_DEGREES = {
    Stance.OPPOSES: -2,
    Stance.SCEPTICAL: -1,
    Stance.NEUTRAL: 0,
    Stance.CONDITIONAL: 1,
    Stance.SUPPORTS: 2,
}


class Act(StrEnum):
    """How a position was stated."""

    PROPOSES = "proposes"
    DEMANDS = "demands"
    ASKS = "asks"
    OFFERS = "offers"
    ACCEPTS = "accepts"
    AGREES = "agrees"
    REJECTS = "rejects"
    REAFFIRMS = "reaffirms"
    DENIES = "denies"
    WARNS = "warns"
    THREATENS = "threatens"
    WELCOMES = "welcomes"
    CRITICISES = "criticises"
    SUSPENDS = "suspends"
    LEAVES = "leaves"


class Standing(StrEnum):
    """How much a statement commits the party."""

    FORMAL = "formal"
    OFFICIAL = "official"
    REMARK = "remark"


class Attribution(StrEnum):
    """Whose word we have that the party holds the stance."""

    DIRECT = "direct"
    REPORTED = "reported"
    ASCRIBED = "ascribed"
    INFERRED = "inferred"


class MilestoneCategory(StrEnum):
    """What kind of thing a milestone is."""

    SUMMIT = "summit"
    TALKS = "talks"
    TREATY = "treaty"
    GOVERNMENT = "government"
    DEADLINE = "deadline"
    OTHER = "other"


class Outcome(StrEnum):
    """How an issue was closed."""

    AGREED = "agreed"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    ABANDONED = "abandoned"
    SUPERSEDED = "superseded"

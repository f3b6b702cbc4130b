"""The glossary in code: the closed lists of words that events are written in."""

from collections.abc import Mapping
from enum import StrEnum


class Word(StrEnum):
    """A word of a closed list. It is hashed as the text that it is, which an enumeration would do more slowly."""

    __hash__ = str.__hash__


class PartyKind(Word):
    STATE = "state"
    BLOC = "bloc"
    ORGANISATION = "organisation"
    DELEGATION = "delegation"
    OTHER = "other"


class Stance(Word):
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
        return DEGREES[self]


DEGREES: Mapping[str, int] = {
    Stance.OPPOSES: -2,
    Stance.SCEPTICAL: -1,
    Stance.NEUTRAL: 0,
    Stance.CONDITIONAL: 1,
    Stance.SUPPORTS: 2,
}
"""The degree of each stance, by its word."""


STANCES: Mapping[int | None, Stance | None] = {None: None, **{stance.degree: stance for stance in Stance}}
"""The stance of each degree; none for none."""


class Act(Word):
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


CONTEST_DAYS = 3
"""How many days before a statement's first possible day a differing one still contests it."""

ASKING = (Act.PROPOSES, Act.DEMANDS, Act.ASKS, Act.OFFERS)
"""The acts that want an answer."""


class Standing(Word):
    """How much a statement commits the party."""

    FORMAL = "formal"
    OFFICIAL = "official"
    REMARK = "remark"


class Attribution(Word):
    """Whose word we have that the party holds the stance."""

    DIRECT = "direct"
    REPORTED = "reported"
    ASCRIBED = "ascribed"
    INFERRED = "inferred"


def attribution_of(given: str | None, quote: object) -> str:
    """The attribution as given, else direct with a quotation and reported without."""
    return given or ("reported" if quote is None else "direct")


class MilestoneCategory(Word):
    """What kind of thing a milestone is."""

    SUMMIT = "summit"
    TALKS = "talks"
    TREATY = "treaty"
    GOVERNMENT = "government"
    DEADLINE = "deadline"
    OTHER = "other"


class Outcome(Word):
    """How an issue was closed."""

    AGREED = "agreed"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    ABANDONED = "abandoned"
    SUPERSEDED = "superseded"

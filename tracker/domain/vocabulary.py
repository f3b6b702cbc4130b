"""The glossary in code: the closed lists of words that events are written in."""

from collections.abc import Mapping
from enum import StrEnum


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


STANCES: Mapping[int | None, Stance | None] = {None: None, **{degree: stance for stance, degree in _DEGREES.items()}}
"""The stance of each degree; none for none."""


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

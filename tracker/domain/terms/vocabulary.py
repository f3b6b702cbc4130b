"""The glossary's closed lists of words, in which events are written."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any


class Word(StrEnum):
    """A word of a closed list. Hashes as plain str; Enum's own hash is slower."""

    __hash__ = str.__hash__


class PartyKind(Word):
    """The kind of actor that a party is."""

    STATE = "state"
    BLOC = "bloc"
    ORGANISATION = "organisation"
    DELEGATION = "delegation"
    FORUM = "forum"
    OTHER = "other"


class IssueForm(Word):
    """The form of the answer that an issue asks for; it never changes."""

    QUESTION = "question"
    QUANTITY = "quantity"
    CHOICE = "choice"


class Priority(Word):
    """How much a party cares about an issue, as it says itself."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Stance(Word):
    """A party's answer to an issue's question, on an ordinal scale from no to yes.

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

    @property
    def is_for(self) -> bool | None:
        """Whether it is a yes; None for neutral, and for a yes under conditions, which is on neither side."""
        return None if self.degree in (0, 1) else self.degree > 0


DEGREES: Mapping[str, int] = {
    Stance.OPPOSES: -2,
    Stance.SCEPTICAL: -1,
    Stance.NEUTRAL: 0,
    Stance.CONDITIONAL: 1,
    Stance.SUPPORTS: 2,
}
"""The degree of each stance, by its word."""


class Act(Word):
    """The speech act by which a position was stated."""

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
    VOTES = "votes"
    ABSTAINS = "abstains"
    COSPONSORS = "cosponsors"
    RESERVES = "reserves"
    DISSOCIATES = "dissociates"
    DECLINES = "declines"


ASKING = (Act.PROPOSES, Act.DEMANDS, Act.ASKS, Act.OFFERS)
"""The acts that call for an answer."""

NAMING_NO_FIGURE = (Act.DECLINES, Act.REJECTS, Act.ABSTAINS, Act.RESERVES)
"""The acts with which a statement on a quantity may name no amount."""


class Standing(Word):
    """The degree to which a statement commits the party."""

    FORMAL = "formal"
    OFFICIAL = "official"
    REMARK = "remark"


class Attribution(Word):
    """The basis on which a party is said to hold the stance."""

    DIRECT = "direct"
    REPORTED = "reported"
    ASCRIBED = "ascribed"
    INFERRED = "inferred"


def attribution_of(given: str | None, quote: object) -> str:
    """Return the recorded attribution; by default direct with a quotation and reported without."""
    return given or ("reported" if quote is None else "direct")


def implied_attribution(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the attribution that fields written by hand imply: ascribed if they say by whom and nothing else."""
    implied = fields.get("ascribed_by") is not None and fields.get("attribution") is None
    return {"attribution": Attribution.ASCRIBED.value} if implied else {}


STATEMENT_WORDS: Mapping[str, type[Word]] = {
    "stance": Stance,
    "act": Act,
    "standing": Standing,
    "attribution": Attribution,
}
"""The fields of a statement that take a word of a closed list."""


def other_field(word: str, words: Collection[str]) -> str | None:
    """Return the field of a statement that takes a word, which was given where only these are taken."""
    return next((field for field, taken in STATEMENT_WORDS.items() if word in {*taken} - {*words}), None)


def means_withdrawal(word: str) -> bool:
    """Return whether a word that was given for a stance says that there is none any more."""
    return word.lower() in ("withdrawn", "withdraws", "withdraw", "withdrew")


class MilestoneCategory(Word):
    """The category of a milestone."""

    SUMMIT = "summit"
    TALKS = "talks"
    TREATY = "treaty"
    GOVERNMENT = "government"
    DEADLINE = "deadline"
    OTHER = "other"


class Outcome(Word):
    """The outcome with which an issue was closed."""

    AGREED = "agreed"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    ABANDONED = "abandoned"
    SUPERSEDED = "superseded"


class Because(StrEnum):
    """The reason why a party came to hold another position.

    A position was stated, a membership began or ended, or what stood before it was withdrawn.
    """

    STATED = "stated"
    JOINED = "joined"
    LEFT = "left"
    WITHDRAWN = "withdrawn"

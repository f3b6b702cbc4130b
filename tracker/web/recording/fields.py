"""The fields of the forms: what each is called, how it is typed, and which words or names complete it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tracker.domain.terms.vocabulary import (
    Act,
    Attribution,
    IssueForm,
    MilestoneCategory,
    Outcome,
    PartyKind,
    Priority,
    Stance,
    Standing,
    Word,
)


class Typing(StrEnum):
    """How a field is typed."""

    LINE = "line"
    TEXT = "text"
    ITEMS = "items"
    """A list, an item on each line."""
    WORD = "word"
    FLAG = "flag"
    NUMBER = "number"
    DAY = "day"


class Register(StrEnum):
    """What is on record and completes a field, as the page lists it."""

    PARTIES = "parties"
    ISSUES = "issues"
    SOURCES = "sources"
    SPEAKERS = "speakers"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `name` is that of a batch's row, or of an entry's data."""

    name: str
    label: str
    typing: Typing = Typing.LINE
    hint: str = ""
    words: Sequence[str] = ()
    register: Register | None = None
    required: bool = False


MORE = "More"
"""The title of the fields that are folded unless something in them is typed or wrong."""


class Sheet(NamedTuple):
    """What a page shows of a form: its path and title, its groups of fields, and what they said before.

    `entry` is the position of the entry that it is about, `about` what that says.
    """

    path: str
    title: str
    groups: Sequence[tuple[str, Sequence[Field]]]
    was: Mapping[str, str] = {}
    entry: int | None = None
    about: str = ""


def _word(name: str, label: str, words: type[Word], hint: str = "", *, required: bool = False) -> Field:
    return Field(name, label, Typing.WORD, hint, [word.value for word in words], required=required)


_DAY = "A day (2019-12-05, 5 Dec 2019), a month (2019-12) or a year."
PARTIES = Field(
    "party", "Party", register=Register.PARTIES, required=True, hint="Several, with commas, state it together."
)
ISSUE = Field("issue", "Issue", register=Register.ISSUES, required=True, hint="Its path, or an unambiguous tail.")
ON = Field("on", "Said on", Typing.DAY, f"{_DAY} Or DAY/DAY.", required=True)
SUMMARY = Field("summary", "Summary", Typing.TEXT, "The position in your own words.", required=True)
SOURCE = Field("source", "Source", register=Register.SOURCES, hint="The registered source that carries it.")
QUOTE = Field("quote", "Quote", Typing.TEXT, "The official's words, verbatim.")
LOCATOR = Field("locator", "Where in the source", hint="Such as a page or a paragraph.")
LANGUAGE = Field("language", "Language of the quote", hint="Such as ru; by default the source's.")
TRANSLATION = Field("translation", "Translation of the quote", Typing.TEXT, "Ours, shown beside it.")
ATTRIBUTION = _word("attribution", "Attribution", Attribution, "By default direct with a quote, reported without.")
NOTE = Field("note", "Note", Typing.TEXT, "A note of ours.")
EVIDENCE = (
    SOURCE,
    QUOTE,
    LOCATOR,
    Field("speaker", "Speaker", register=Register.SPEAKERS),
    Field("role", "The speaker's office", register=Register.ROLES),
)
ATTRIBUTED = (
    ATTRIBUTION,
    Field("ascribed_by", "Ascribed by", register=Register.PARTIES, hint="The party that says so."),
)
SEQUENCE = Field("sequence", "Order within the day", Typing.NUMBER, "0 by default.")
OPTIONS = Field("options", "Options", Typing.ITEMS, "Of a choice, one on each line: phase-down=supports.")
NO_CONDITIONS = Field("no_conditions", "There are no conditions any more", Typing.FLAG)
STATEMENT = (
    PARTIES,
    ISSUE,
    _word("stance", "Stance", Stance, "How the party answers the issue's question."),
    ON,
    Field("amount", "Amount", hint="Instead, where the issue asks for one: 300, >=1300, <=200 or 100..300."),
    NO_CONDITIONS,
    SUMMARY,
    Field("conditions", "Conditions or terms", Typing.ITEMS, "One on each line."),
    OPTIONS,
)
MORE_OF_STATEMENT = (
    _word("act", "Act", Act, "How it was stated."),
    _word("standing", "Standing", Standing, "Official by default."),
    Field("to", "Addressed to", register=Register.PARTIES, hint="Parties, with commas."),
    Field("on_behalf_of", "On behalf of", register=Register.PARTIES, hint="Parties, which get no stance by it."),
    _word("priority", "Priority", Priority, "How much the party cares, as it says itself."),
    Field("red_line", "Red line", Typing.FLAG, "It will not agree otherwise; no: it says so no longer."),
    Field("could_accept", "Could accept", hint="A wider range that it says it could live with."),
    Field("stated_as", "In its own words", hint="For a figure that we converted."),
    Field("reasons", "Reasons", Typing.ITEMS, "Why, in our words; one on each line."),
    Field("provision", "Provision", hint="The article, paragraph or draft that is meant."),
    Field("answers", "Answers the ask", hint="@N, or the start of its id."),
    NOTE,
    Field("tags", "Tags", hint="Ours, with commas."),
    LANGUAGE,
    TRANSLATION,
    *ATTRIBUTED,
    SEQUENCE,
)
WITHDRAWAL = (
    PARTIES,
    ISSUE,
    Field("options", "Options", Typing.ITEMS, "Of a choice, those from which it is withdrawn; one on each line."),
    Field("on", "From when", Typing.DAY, _DAY, required=True),
    Field("summary", "Summary", Typing.TEXT, "What was withdrawn, in your own words.", required=True),
)
MORE_OF_WITHDRAWAL = (
    Field("leaves_position_of", "Leaves the position of", register=Register.PARTIES, hint="A bloc."),
    LANGUAGE,
    TRANSLATION,
    *ATTRIBUTED,
    SEQUENCE,
)
MILESTONE = (
    Field("title", "What happened", required=True),
    Field("on", "Day", Typing.DAY, "The day on which it happened, or will.", required=True),
    _word("category", "Category", MilestoneCategory),
    Field("parties", "Parties", register=Register.PARTIES, hint="Whom it concerns, with commas."),
    Field("issues", "Issues", Typing.ITEMS, "What it concerns; one on each line."),
)
NEW_SOURCE = (
    Field("source", "Id", hint="Such as dw-2019-12-11.", required=True),
    Field("title", "Title", required=True),
    Field("publisher", "Publisher", hint="Name reposts as such (X via Y).", required=True),
    Field("url", "Address"),
    Field("published_on", "Published on", Typing.DAY, "The day on which the public could read it."),
    Field("dated_on", "Dated", Typing.DAY, "Of a document that was not published; it makes nothing public."),
    Field("language", "Language", hint="Such as en."),
    Field("sha256", "SHA-256", hint="Of its archived text."),
)
NEW_PARTY = (
    Field("party", "Code", hint="Such as RUS.", required=True),
    Field("name", "Name", required=True),
    _word("kind", "Kind", PartyKind),
    Field("aliases", "Other names", Typing.ITEMS, "One on each line."),
)
NEW_ISSUE = (
    Field("issue", "Path", hint="Such as arms-control/inf.", required=True),
    Field("title", "Title", required=True),
    Field("question", "Question", Typing.TEXT, "It is answered by yes or no, an amount or an option.", required=True),
    _word("form", "Form", IssueForm),
    Field("unit", "Unit", hint="Of a quantity, such as USD bn a year."),
    Field("own", "Each party answers for itself", Typing.FLAG),
)
CORROBORATION = (SOURCE, QUOTE, LOCATOR, ATTRIBUTION, LANGUAGE, TRANSLATION, NOTE)
REASON = Field("reason", "Reason", Typing.TEXT, "Why our record was wrong.", required=True)

_LISTS = (
    *("conditions", "reasons", "tags", "aliases", "aliases_added", "addressed_to", "on_behalf_of", "joint_with"),
    *("parties", "issues", "by"),
)
_WORDS: Mapping[str, type[Word]] = {
    "stance": Stance,
    "act": Act,
    "standing": Standing,
    "attribution": Attribution,
    "outcome": Outcome,
    "category": MilestoneCategory,
    "kind": PartyKind,
    "priority": Priority,
    "form": IssueForm,
}
_TEXTS = ("summary", "quote", "translation", "note", "question")
_DAYS = ("on", "stated_on", "published_on", "dated_on")
_REGISTERS = {
    **dict.fromkeys(("party", "bloc", "ascribed_by", "leaves_position_of"), Register.PARTIES),
    "issue": Register.ISSUES,
    "source": Register.SOURCES,
    "speaker": Register.SPEAKERS,
    "speaker_role": Register.ROLES,
}


def field_of_entry(name: str, label: str) -> Field:
    """The field of a form for a field of an entry's data."""
    if (words := _WORDS.get(name)) is not None:
        return _word(name, label, words)
    typing = (
        Typing.ITEMS
        if name in _LISTS
        else Typing.FLAG
        if name in ("red_line", "own")
        else Typing.TEXT
        if name in _TEXTS
        else Typing.DAY
        if name in _DAYS
        else Typing.NUMBER
        if name == "sequence"
        else Typing.LINE
    )
    return Field(name, label, typing, register=_REGISTERS.get(name))

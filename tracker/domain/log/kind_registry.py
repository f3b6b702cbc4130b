"""The registry of event kinds: the properties of each kind that other modules need, in one table.

It names no models, so that queries over stored lines need not import them. To add a kind, add its model to `events.py`
and its row here; mypy then reports every `match` over events that does not handle it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from tracker.domain.terms.vocabulary import MilestoneCategory, Word


class Register(Word):
    """A register of ids to which events refer; the field that holds such an id has the same name."""

    PARTY = "party"
    ISSUE = "issue"
    SOURCE = "source"


Key = tuple[str, str]
"""A register's name, and an id in it."""


REFERENCES: Mapping[str, Register] = {
    "party": Register.PARTY,
    "bloc": Register.PARTY,
    "parties": Register.PARTY,
    "ascribed_by": Register.PARTY,
    "addressed_to": Register.PARTY,
    "on_behalf_of": Register.PARTY,
    "by": Register.PARTY,
    "joint_with": Register.PARTY,
    "leaves_position_of": Register.PARTY,
    "issue": Register.ISSUE,
    "issues": Register.ISSUE,
    "option": Register.ISSUE,
    "source": Register.SOURCE,
}
"""The fields of events that hold ids, or lists of ids, each with the register that has them."""


class Role(Enum):
    """How entries of a kind take part in the record. Every `match` over roles ends in `assert_never`.

    `targets` says whether such an entry names another one that it is about, `revises` whether it ends that one.
    """

    STATEMENT = "takes a place on the timeline of a pair", False, False
    CORROBORATION = "adds evidence to a statement", True, False
    FACT = "counts for itself: registers, memberships, issues, milestones", False, False
    CORRECTION = "stands in for the entry that it targets", True, True
    RETRACTION = "removes the entry that it targets", True, True

    def __init__(self, meaning: str, targets: bool, revises: bool) -> None:  # noqa: FBT001 - a member's values
        self.meaning, self.targets, self.revises = meaning, targets, revises


class Revision(Word):
    """The word in reports for an entry's effect on the record."""

    STATED = "stated"
    WITHDRAWN = "withdrawn"
    CORROBORATED = "corroborated"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    LEFT_OUT = "left out"
    NOTED = "noted"
    CLOSED = "closed"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event.

    `name` is the type without its version. `key` is the field with the id of the entry's subject, `within` the field
    with a second id without which the first does not say what the entry is about, such as the bloc that a party joins
    (lists show both: `GBR:EUN`), `day` the field with its day, `register` the register to which it adds its key, and
    `title` the field that describes its subject if there is no id. Kinds `in_register` fold into the registers.
    A fact `known_ahead` is public before its day. `filed_under` is the field whose value finds facts without a key, and
    its default. `revision` is the word for what an entry of this kind does. `words` are the fields that `find` looks
    through, those shown first first. `noun` is the word for such an entry in messages, `in_context` the one in the
    context of reports; it is empty for kinds that are not shown there.
    """

    name: str
    role: Role
    revision: Revision
    key: str | None = None
    within: str | None = None
    day: str | None = None
    register: Register | None = None
    title: str | None = None
    in_register: bool = False
    in_context: str = ""
    known_ahead: bool = False
    filed_under: tuple[str, str] | None = None
    words: tuple[str, ...] = ()
    noun: str = "entry"

    @property
    def one(self) -> str:
        """An entry of this kind in words, such as "an opening of an issue"."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"

    @property
    def subject(self) -> str:
        """The word in answers for what such an entry is about: a statement, the register of its key, or itself."""
        if self.role is Role.STATEMENT:
            return "statement"
        return self.key if self.role is Role.FACT and self.key else self.noun

    def texts_in(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the fields of an entry's data that `words` names, each with its text; of a list, one for each item.

        `data` is in the newest version.
        """
        for field in self.words:
            match data.get(field):
                case None:
                    continue
                case str() as text:
                    yield field, text
                case {"exact": text}:  # the words of a quote, without those around it
                    yield field, text
                case list() as items:
                    for item in items:
                        yield field, item


MEMBERSHIP_STARTED = "membership.started"
MEMBERSHIP_ENDED = "membership.ended"
MEMBERSHIP_KINDS = (MEMBERSHIP_STARTED, MEMBERSHIP_ENDED)
ISSUE_OPENED = "issue.opened"
ISSUE_REWORDED = "issue.reworded"
ISSUE_CLOSED = "issue.closed"
ISSUE_REOPENED = "issue.reopened"
PARTY_SUCCEEDED = "party.succeeded"
MILESTONE_NOTED = "milestone.noted"
SOURCE_REGISTERED = "source.registered"
POSITION_STATED = "position.stated"
POSITION_WITHDRAWN = "position.withdrawn"


_SAID = ("summary", "quote", "translation", "conditions", "speaker", "speaker_role", "locator")
_SAID_BESIDES = ("reasons", "provision", "stated_as", "note", "tags")
_ASKED = ("title", "question")
_FACT, _STATEMENT = Role.FACT, Role.STATEMENT
_NEW, _NOTED = Revision.REGISTERED, Revision.NOTED

KINDS: dict[str, EventKind] = {
    kind.name: kind
    for kind in (
        EventKind(
            "party.registered",
            _FACT,
            _NEW,
            noun="registration of a party",
            key="party",
            register=Register.PARTY,
            in_register=True,
        ),
        EventKind("party.updated", _FACT, _NOTED, noun="change of a party's names", key="party", in_register=True),
        EventKind(
            PARTY_SUCCEEDED, _FACT, _NOTED, noun="succession of a party", key="party", day="on", in_context="succession"
        ),
        EventKind(
            MEMBERSHIP_STARTED,
            _FACT,
            _NOTED,
            noun="membership",
            key="party",
            within="bloc",
            day="on",
            in_context="membership",
        ),
        EventKind(
            MEMBERSHIP_ENDED,
            _FACT,
            _NOTED,
            noun="end of a membership",
            key="party",
            within="bloc",
            day="on",
            in_context="membership",
        ),
        EventKind(
            ISSUE_OPENED,
            _FACT,
            _NEW,
            noun="opening of an issue",
            key="issue",
            register=Register.ISSUE,
            in_register=True,
            words=_ASKED,
        ),
        EventKind(
            ISSUE_REWORDED,
            _FACT,
            _NOTED,
            noun="rewording",
            key="issue",
            day="on",
            in_register=True,
            in_context="rewording",
            words=_ASKED,
        ),
        EventKind(
            ISSUE_CLOSED,
            _FACT,
            Revision.CLOSED,
            noun="closing of an issue",
            key="issue",
            day="on",
            in_context="closing",
        ),
        EventKind(
            ISSUE_REOPENED, _FACT, _NOTED, noun="reopening of an issue", key="issue", day="on", in_context="reopening"
        ),
        EventKind(
            SOURCE_REGISTERED,
            _FACT,
            _NEW,
            noun="registration of a source",
            key="source",
            day="published_on",
            register=Register.SOURCE,
            in_register=True,
            words=("title",),
        ),
        EventKind(
            MILESTONE_NOTED,
            _FACT,
            _NOTED,
            noun="milestone",
            day="on",
            title="title",
            in_context="milestone",
            known_ahead=True,
            filed_under=("category", MilestoneCategory.OTHER),
        ),
        EventKind(
            POSITION_STATED,
            _STATEMENT,
            Revision.STATED,
            noun="statement",
            day="stated_on",
            words=(*_SAID, *_SAID_BESIDES),
        ),
        EventKind(POSITION_WITHDRAWN, _STATEMENT, Revision.WITHDRAWN, noun="withdrawal", day="on", words=_SAID),
        EventKind(
            "statement.corroborated",
            Role.CORROBORATION,
            Revision.CORROBORATED,
            noun="corroboration",
            key="target",
            words=("quote", "translation", "locator", "note"),
        ),
        EventKind("entry.corrected", Role.CORRECTION, Revision.CORRECTED, noun="correction", key="target"),
        EventKind("entry.retracted", Role.RETRACTION, Revision.RETRACTED, noun="retraction", key="target"),
    )
}
"""Every kind of event, by its name."""

REGISTRATIONS: Mapping[str, str] = {kind.register: name for name, kind in KINDS.items() if kind.register}
"""The name of the kind that registers an id, by register."""


@cache
def kind_of(type_name: str) -> EventKind:
    """Return the kind of a stored type name of any version. Raises KeyError for one unknown to this release."""
    return KINDS[type_name.rpartition(".")[0]]


def kinds_in(register: Register) -> list[str]:
    """Return the names of the kinds of facts whose subject is an id of a register."""
    return [name for name, kind in KINDS.items() if kind.role is Role.FACT and kind.key == register]


def register_kinds(*registers: Register) -> list[str]:
    """Return the names of the kinds that fold into these registers."""
    return [name for name, kind in KINDS.items() if kind.in_register and kind.key in registers]


def context_kinds() -> list[str]:
    """Return the names of the kinds that reports show as context."""
    return [name for name, kind in KINDS.items() if kind.in_context]

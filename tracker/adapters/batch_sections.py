"""The sections of a batch and their fields, and its rows as an analyst writes them.

`batch.py` reads the rows, `batch_events.py` makes events of them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from tracker.errors import Finding, TrackerError

FIELDS = {
    "party": "party",
    "issue": "issue",
    "stance": "stance",
    "on": "stated_on",
    "summary": "summary",
    "quote": "quote",
    "source": "source",
    "locator": "locator",
    "speaker": "speaker",
    "role": "speaker_role",
    "act": "act",
    "standing": "standing",
    "conditions": "conditions",
    "to": "addressed_to",
    "on_behalf_of": "on_behalf_of",
    "attribution": "attribution",
    "ascribed_by": "ascribed_by",
    "sequence": "sequence",
    "amount": "amount",
    "options": "options",
    "could_accept": "could_accept",
    "stated_as": "stated_as",
    "priority": "priority",
    "red_line": "red_line",
    "reasons": "reasons",
    "provision": "provision",
    "answers": "answers",
    "note": "note",
    "tags": "tags",
    "language": "language",
    "translation": "translation",
}
"""The field of an event for each field of a statement in a batch (and of `tracker record`).

`options` stands for several: an issue and a stance for each of them.
"""

NAMES = {of_event: name for name, of_event in FIELDS.items()}
"""The field of a statement in a batch for each field of its event."""

_EVIDENCE = ("source", "quote", "locator", "speaker", "role", "attribution", "ascribed_by")


@dataclass(frozen=True, slots=True)
class Section:
    """One of the lists in a batch: the word for one of its rows, and the field of an event for each field of a row."""

    noun: str
    fields: Mapping[str, str]

    @property
    def one(self) -> str:
        """One of its rows in words, such as "an issue"."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


def _section(noun: str, *fields: str) -> Section:
    return Section(noun, {name: FIELDS.get(name, name) if name in _EVIDENCE else name for name in fields})


SECTIONS: Mapping[str, Section] = {
    "parties": _section("party", "party", "name", "kind", "aliases"),
    "issues": _section("issue", "issue", "title", "question", "form", "unit", "own"),
    "sources": _section(
        "source", "source", "title", "publisher", "url", "published_on", "language", "sha256", "dated_on"
    ),
    "memberships": _section("membership", "party", "bloc", "on", "left", *_EVIDENCE),
    "statements": Section("statement", FIELDS),
    "withdrawals": _section(
        *("withdrawal", "party", "issue", "options", "on", "summary", "leaves_position_of", "sequence"),
        *("language", "translation", *_EVIDENCE),
    ),
    "milestones": _section("milestone", "on", "title", "category", "parties", "issues", *_EVIDENCE),
}
"""The lists that a batch may hold, in the order in which they are recorded: a row may name what an earlier one adds."""


_DEFAULTED = ("statements", "withdrawals", "memberships", "milestones")
_HOW_STATED = frozenset(_EVIDENCE) - {"source"}


def holds_by_default(name: str, section: str, own: Collection[str], sections: Collection[str]) -> bool:
    """Return whether a default holds for a row with fields of its `own`, in a file with these sections.

    It holds in statements, withdrawals, memberships and milestones that have a field of this name and do not say
    otherwise. Beside statements and withdrawals, defaults that say how they were stated are theirs alone, and so is
    their day for memberships; beside statements, options are. A row that says when a party left records no joining.
    """
    if section not in _DEFAULTED or name not in SECTIONS[section].fields or name in own:
        return False
    if section == "memberships" and name == "on" and "left" in own:
        return False
    if section == "withdrawals":
        return name != "options" or "statements" not in sections
    meant_for_positions = name in _HOW_STATED or (name == "on" and section == "memberships")
    return section == "statements" or not meant_for_positions or {"statements", "withdrawals"}.isdisjoint(sections)


def unused_default(name: str, sections: Collection[str]) -> str | None:
    """Return what is wrong with a default that no list of a file with these sections has a field for; None if one has.

    A file that takes no defaults at all may keep them.
    """
    having = [section for section in _DEFAULTED if section in sections]
    if not having or any(name in SECTIONS[section].fields for section in having):
        return None
    return not_a_field(name, SECTIONS[having[0]])


def not_a_field(name: str, section: Section) -> str:
    """Return the message on a field that the rows of a section do not have, with the nearest that they have."""
    of_event = {event_field: field_name for field_name, event_field in section.fields.items()}
    near = of_event.get(name) or next(iter(get_close_matches(name[:60], section.fields, 1)), None)
    hint = f"Did you mean {near}?" if near else f"It has: {', '.join(section.fields)}."
    if not near and section is SECTIONS["statements"] and name in SECTIONS["withdrawals"].fields:
        hint = "It is one of a withdrawal, which stands under `withdrawals:`."
    elif section is SECTIONS["withdrawals"] and name in FIELDS:
        hint = "A withdrawal only ends a position; another one that the party states stands under `statements:`."
    return f"is not a field of {section.one}. {hint}"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row of a batch, as written: its section, its fields, and the line on which each stands.

    Those of `unread` have a finding on their form already, so that what they say is not judged.
    """

    file: str
    line: int
    fields: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)
    section: str = "statements"
    unread: frozenset[str] = frozenset()

    def findings(self, refusal: TrackerError, names: Mapping[str, str]) -> Iterator[Finding]:
        """A refusal as findings, each on the line of the field at fault; `names` has the row's for an event's."""
        for field_name, message in refusal.problems:
            name = name_in_row(field_name, names)
            whole = (name or "").partition(".")[0]
            if whole not in self.unread:
                yield Finding(self.file, self.lines.get(whole, self.line), name, message)


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of a batch, and the problems of its form."""

    rows: tuple[BatchRow, ...]
    findings: tuple[Finding, ...]


def name_in_row(event_field: str | None, names: Mapping[str, str]) -> str | None:
    """Return the row's name of an event's field, or of a part of it, by the `names` that differ; None for no field."""
    first, _, rest = (event_field or "").partition(".")
    return f"{names.get(first, first)}.{rest}" if rest else names.get(first, first) or None

"""The rows of a batch, as an analyst writes them, and their events."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, partial
from typing import Any, NamedTuple

from tracker.adapters.batch_positions import positions, withdrawals
from tracker.adapters.batch_values import (
    AMOUNTS,
    Problems,
    once_each,
    read_amount_data,
    read_code,
    read_codes,
    read_flag,
    read_path,
    read_text,
)
from tracker.domain.log.events import (
    Event,
    IssueOpened,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PartyRegistered,
    PositionStated,
    PositionWithdrawn,
    SourceRegistered,
)
from tracker.domain.log.parsing import event_from
from tracker.domain.registers.registers import Registers, issue_of, party_of
from tracker.domain.terms.dates import read_day, read_stated
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.vocabulary import PartyKind, implied_attribution
from tracker.errors import BadEvent, Finding, TrackerError, UnknownSource

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
            name = _name_of(field_name, names)
            whole = (name or "").partition(".")[0]
            if whole not in self.unread:
                yield Finding(self.file, self.lines.get(whole, self.line), name, message)


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of a batch, and the problems of its form."""

    rows: tuple[BatchRow, ...]
    findings: tuple[Finding, ...]


KnownSources = Callable[[], Collection[str]]
"""Asked for the ids of the registered sources, only once it matters."""

FindEntry = Callable[[str], str]
"""Returns the id of the entry that a name such as `@12`, or the start of an id, means. Raises TrackerError."""


class RowEvent(NamedTuple):
    """An event of a row; `names` has the row's field for each field of the event."""

    event: Event
    names: Mapping[str, str]


class BatchEvent(NamedTuple):
    """An event of a batch, and the row that says it."""

    event: Event
    row: BatchRow
    names: Mapping[str, str]

    def findings(self, refusal: TrackerError) -> Iterator[Finding]:
        """A refusal of the event as findings on the row's lines."""
        return self.row.findings(refusal, self.names)


def batch_events(
    batch: Batch, names: Registers, known_sources: Callable[[], Iterable[str]], find_entry: FindEntry | None = None
) -> tuple[list[BatchEvent], list[Finding]]:
    """The events of a batch, registers first, and its problems: those of its form and of its rows.

    Names resolve to what is registered and to what the batch itself registers.
    """
    parties, issues = dict(names.parties), dict(names.issues)
    known = replace(names, parties=parties, issues=issues)
    own_sources = [row.fields.get("source") for row in batch.rows if row.section == "sources"]
    sources = cache(lambda: {*known_sources(), *(source for source in own_sources if isinstance(source, str))})
    order = list(SECTIONS)
    events: list[BatchEvent] = []
    findings = list(batch.findings)
    for row in sorted(batch.rows, key=lambda row: order.index(row.section)):
        try:
            found = row_events(row.section, row.fields, known, sources, find_entry)
        except BadEvent as refusal:
            findings += row.findings(refusal, {})
            continue
        for event, of_fields in found:
            events.append(BatchEvent(event, row, of_fields))
            if isinstance(event, PartyRegistered):
                parties.setdefault(event.party, party_of(event))
            elif isinstance(event, IssueOpened):
                issues.setdefault(event.issue, issue_of(event))
    return events, findings


def statements(
    fields: Mapping[str, Any],
    names: Registers,
    known_sources: KnownSources | None = None,
    find_entry: FindEntry | None = None,
) -> list[PositionStated]:
    """The statements of one row, one for each of its parties. Raises as `row_events`."""
    found = row_events("statements", fields, names, known_sources, find_entry)
    return [one.event for one in found if isinstance(one.event, PositionStated)]


def row_events(
    section: str,
    fields: Mapping[str, Any],
    names: Registers,
    known_sources: KnownSources | None = None,
    find_entry: FindEntry | None = None,
) -> list[RowEvent]:
    """The events of one row, with names resolved to codes and paths: one for each party that it names.

    Raises BadEvent with every problem, under the batch's names of the fields. An unknown source, which the log refuses
    by itself, is among them if there are others and the `known_sources` can be asked for.
    """
    problems: Problems = []
    found = []
    data = _resolve(section, fields, names, problems)
    if find_entry is not None and "answers" in data:
        data["answers"] = read_text(data["answers"], "answers", find_entry, problems, otherwise=_NO_ENTRY)
    for model, values, of_fields in list(_forms(section, data, names, problems)):
        try:
            found.append(RowEvent(event_from(model, values), of_fields))
        except BadEvent as error:
            problems += [(_name_of(name, of_fields), message) for name, message in error.problems]
    if problems:
        source = data.get("source") if section not in _REGISTERS else None
        if known_sources is not None and isinstance(source, str) and not _is_known(source, known_sources()):
            problems.append(("source", str(UnknownSource(source))))
        raise BadEvent(list(dict.fromkeys(problems)))
    return found


def _is_known(source: str, known: Collection[str]) -> bool:
    return source in known or text_key(source) in map(text_key, known)


def _forms(
    section: str, data: Mapping[str, Any], known: Registers, problems: Problems
) -> Iterator[tuple[type[Event], Mapping[str, Any], Mapping[str, str]]]:
    """The events that a row stands for: their models and data, and the row's name of each field."""
    names = {of_event: name for name, of_event in SECTIONS[section].fields.items()}
    match section:
        case "parties":
            yield PartyRegistered, {"kind": PartyKind.STATE, **data}, names
        case "issues":
            yield IssueOpened, data, names
        case "sources":
            yield SourceRegistered, data, names
        case "milestones":
            yield MilestoneNoted, data, names
        case "memberships":
            for code in data["party"]:
                joined = {**data, "party": code}
                left = joined.pop("left", None)
                if left is None or "on" in joined:
                    yield MembershipStarted, joined, names
                if left is not None:
                    yield MembershipEnded, {**joined, "on": left}, {**names, "on": "left"}
        case _:
            yield from _position_forms(section, data, known, problems)


def _position_forms(
    section: str, data: Mapping[str, Any], known: Registers, problems: Problems
) -> Iterator[tuple[type[Event], Mapping[str, Any], Mapping[str, str]]]:
    """The statements or withdrawals that a row stands for: one for each party and option."""
    names = {of_event: name for name, of_event in SECTIONS[section].fields.items()}
    states = section == "statements"
    together = sorted({*data["party"]})
    joint = {"joint_with": together} if states and len(together) > 1 else {}
    for position in (positions if states else withdrawals)(data, known, problems):
        for code in data["party"]:
            fields = {**position.fields, **joint, "party": code}
            yield PositionStated if states else PositionWithdrawn, fields, {**names, **position.names}


def _resolve(section: str, fields: Mapping[str, Any], names: Registers, problems: Problems) -> dict[str, Any]:
    """The fields of a row as an event's, with codes and paths for names; several parties wherever a list will do."""
    of_event = SECTIONS[section].fields
    data = {of_event[key]: value for key, value in fields.items() if value is not None and key in of_event}
    data |= implied_attribution(data)
    data |= {key: data[key].lower() for key in _WORDS if isinstance(data.get(key), str)}
    data |= {key: [data[key]] for key in _TEXTS if isinstance(data.get(key), str)}
    if isinstance(data.get("tags"), str):
        data["tags"] = [tag.strip() for tag in data["tags"].split(",")]
    data |= {key: once_each(data[key]) for key in _LISTS if isinstance(data.get(key), list)}
    of_row = {name: key for key, name in of_event.items()}
    days = {**_DAYS, **_STATED_DAYS} if section in ("memberships", "withdrawals") else _DAYS
    for key, (read, otherwise) in days.items():
        if key in data:
            data[key] = read_text(data[key], of_row[key], partial(read, today=None), problems, otherwise=otherwise)
    _resolve_amounts(data, problems)
    data |= {key: read_flag(data[key], key, problems) for key in _YES_OR_NO if key in data}
    if section in _REGISTERS:
        return data  # which register names, and refer to none
    for key in _PARTIES:
        if key in data:
            data[key] = read_codes(data[key], of_row[key], names, problems)
    for key in ("ascribed_by", "bloc", "leaves_position_of"):
        if key in data:
            data[key] = read_code(data[key], key, names, problems)
    if "issues" in data:
        written = data["issues"] if isinstance(data["issues"], list) else str(data["issues"]).split(",")
        data["issues"] = [read_path(path, "issues", names, problems) for path in written]
    if "issue" in data:
        data["issue"] = read_path(data["issue"], "issue", names, problems)
    if section != "milestones":
        data["party"] = read_codes(data.get("party") or "", "party", names, problems) or ["-"]
    return data


def _resolve_amounts(data: dict[str, Any], problems: Problems) -> None:
    """Read the amounts of a row; something stands in for one that cannot be read, and what must contain it goes."""
    for key in AMOUNTS:
        if key in data and (amount := read_amount_data(data[key], key, problems)) is not None:
            data[key] = amount
        elif key in data:
            data.pop("could_accept", None)
            data |= {"amount": {"at_least": "0"}} if key == "amount" else {}


_WORDS = ("stance", "act", "standing", "attribution", "kind", "category", "form", "priority")
_TEXTS = ("conditions", "aliases", "reasons")
_LISTS = ("conditions", "aliases", "reasons", "tags")
_YES_OR_NO = ("red_line", "own")
_DAYS: Mapping[str, tuple[Callable[..., Any], str]] = {
    "stated_on": (read_stated, "2000"),
    "on": (read_day, "2000-01-01"),
    "left": (read_day, "2000-01-01"),
    "published_on": (read_day, "2000-01-01"),
    "dated_on": (read_day, "2000-01-01"),
}
"""How each field with a day is read, and what stands in for a day that cannot be read."""
_STATED_DAYS: Mapping[str, tuple[Callable[..., Any], str]] = {
    "on": (read_stated, "2000"),
    "left": (read_stated, "2000"),
}
_NO_ENTRY = "00000000-0000-0000-0000-000000000000"
_REGISTERS = ("parties", "issues", "sources")
_PARTIES = ("addressed_to", "on_behalf_of", "parties")


def _name_of(event_field: str | None, names: Mapping[str, str]) -> str | None:
    first, _, rest = (event_field or "").partition(".")
    return f"{names.get(first, first)}.{rest}" if rest else names.get(first, first) or None

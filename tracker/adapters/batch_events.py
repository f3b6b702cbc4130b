"""The events that the rows of a batch stand for, with names resolved to codes and paths."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any, NamedTuple

from tracker.adapters.batch_positions import positions, withdrawals
from tracker.adapters.batch_sections import SECTIONS, Batch, BatchRow, name_in_row
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
            problems += [(name_in_row(name, of_fields), message) for name, message in error.problems]
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

"""The registers for people and as data: lists, and one party, issue or source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.domain.registers.register_records import RegisteredIssue, RegisteredParty, RegisteredSource, Wording
from tracker.domain.registers.registers import options_of
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.memberships import Membership, Memberships
from tracker.reports.answers import Fields, Rows, cell_text
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.wording import day_text

Closings = Mapping[str, Closing]


# --- parties --------------------------------------------------------------------------------------


def party_rows(parties: Iterable[RegisteredParty], members: Memberships) -> Rows:
    """The parties, each with the blocs to which it belongs."""
    rows = [_party_data(record) | {"member_of": tuple(members.get(record.party.party, ()))} for record in parties]
    columns = ("party", "name", "kind", "aliases", "earlier_names", "member_of", "position")
    return _listed(rows, columns, optional=("earlier_names", "member_of"), empty="No party is registered.")


def party_fields(record: RegisteredParty, members: Sequence[Membership]) -> Fields:
    """A party, its blocs and its members, each with the day of joining, and those of before with the day of leaving."""
    code = record.party.party
    data = _party_data(record)
    for of, other, now, before in (
        ("party", "bloc", "member_of", "formerly_member_of"),
        ("bloc", "party", "members", "former_members"),
    ):
        own = [one for one in members if getattr(one, of) == code]
        data[now] = tuple({other: getattr(one, other), "since": one.since} for one in own if one.left is None)
        data[before] = tuple(
            {other: getattr(one, other), "since": one.since, "left": one.left} for one in own if one.left is not None
        )
    return _fields(data)


def _party_data(record: RegisteredParty) -> dict[str, Any]:
    party = record.party
    data = {"party": party.party, "name": party.name, "kind": party.kind, "aliases": party.aliases}
    return data | {"earlier_names": record.earlier_names, "position": record.position}


# --- issues ---------------------------------------------------------------------------------------


def issue_rows(issues: Iterable[RegisteredIssue], closings: Closings) -> Rows:
    """The issues, each with its closing and its earlier wordings."""
    records = list(issues)
    options = _options_by_choice(records)
    rows = [_issue_data(record, closings.get(record.issue.issue), options) for record in records]
    about = ("form", "unit", "own", "options")
    columns = ("issue", "title", "closed", "question", "worded_since", "earlier_wordings", "position", *about)
    shown = ("issue", "title", "asks_for", "closed", "worded_since", "position", "question")  # the longest text last
    before = ["".join(f" ({_wording_text(earlier)})" for earlier in record.earlier) for record in records]
    optional = ("worded_since", "asks_for")
    return _listed(rows, columns, optional=optional, empty="No issue is on record.", headings=shown, behind=before)


def issue_fields(
    record: RegisteredIssue,
    closing: Closing | None,
    options: Iterable[str] = (),
    endings: Sequence[Closing | date] = (),
) -> Fields:
    """An issue, its closing, its earlier wordings and, of a choice, its options.

    People also read of all its `endings` if it was reopened: each closing, and the day of each reopening.
    """
    fields = _fields(_issue_data(record, closing, {record.issue.issue: list(options)}))
    told = "; ".join(map(_ending_text, endings))
    return replace(fields, lines=[*fields.lines, ("closings", told)]) if told else fields


def _ending_text(ending: Closing | date) -> str:
    if isinstance(ending, date):
        return f"reopened {day_text(ending)}"
    return f"{outcome_words(ending)} {day_text(ending.on)}"


def _options_by_choice(records: Iterable[RegisteredIssue]) -> Mapping[str, list[str]]:
    issues = {record.issue.issue: record.issue for record in records}
    return {path: options for path in issues if (options := options_of(path, issues))}


def _issue_data(
    record: RegisteredIssue, closing: Closing | None, options: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    issue = record.issue
    return {
        "issue": issue.issue,
        "title": issue.title,
        "question": issue.question,
        "closed": closing,
        "worded_since": record.wording.since,
        "earlier_wordings": record.earlier,
        "position": record.position,
        "form": issue.form,
        "unit": issue.unit,
        "own": issue.own,
        "options": tuple(options.get(issue.issue, ())),
    }


def _asks_for(row: Mapping[str, Any]) -> str:
    """What an issue that asks no question asks for: an amount in its unit, or one of several options."""
    own = ", each for itself" if row["own"] else ""
    match row["form"]:
        case IssueForm.QUANTITY:
            return f"{row['unit']}{own}"
        case IssueForm.CHOICE:
            return f"choice of {len(row['options'])}"
        case _:
            return own.removeprefix(", ")


# --- sources --------------------------------------------------------------------------------------


def source_rows(sources: Iterable[RegisteredSource]) -> Rows:
    """The sources."""
    rows = [record.source.data() | {"position": record.position} for record in sources]
    shown = ("source", "published_on", "publisher", "title", "position")
    more = ("url", "language", "sha256", "dated_on")
    headings = ("source", "published_on", "dated_on", "publisher", "title", "position")
    return _listed(rows, (*shown, *more), optional=("dated_on",), headings=headings, empty="No source is registered.")


def source_fields(record: RegisteredSource) -> Fields:
    """A source."""
    return _fields(record.source.data() | {"position": record.position})


# --- for people -----------------------------------------------------------------------------------


def _listed(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    optional: Sequence[str],
    empty: str,
    headings: Sequence[str] = (),
    behind: Sequence[str] = (),
) -> Rows:
    """Rows of which people see the `headings` (the columns unless given), optional ones where a row has a value.

    What stands `behind` each row is appended to its last cell.
    """
    filled = {name for name in optional for row in rows if _text(name, row.get(name), row)}
    shown = [name for name in headings or columns if name not in optional or name in filled]
    cells = [[_text(name, row.get(name), row) for name in shown] for row in rows]
    for cell, more in zip(cells, behind, strict=False):
        cell[-1] += more
    return Rows(rows, columns, headings=[_LABELS.get(name, name) for name in shown], cells=cells, empty=empty)


def _fields(data: Mapping[str, Any]) -> Fields:
    lines = [(_LABELS.get(name, name), _text(name, value, data)) for name, value in data.items() if _is_told(value)]
    return Fields(data, lines)


_LABELS = {
    "position": "entry",
    "published_on": "published",
    "earlier_names": "earlier",
    "earlier_wordings": "earlier",
    "member_of": "member of",
    "formerly_member_of": "formerly in",
    "former_members": "formerly",
    "worded_since": "since",
    "asks_for": "asks for",
    "dated_on": "dated",
}
"""The words for columns whose names as data people would stumble over."""


def _is_told(value: Any) -> bool:
    """Whether people read a field: what it lacks, and what goes without saying, they do not."""
    return value not in (None, ()) and value is not False and value is not IssueForm.QUESTION


def _text(name: str, value: Any, row: Mapping[str, Any]) -> str:
    match name:
        case "position":
            return f"@{value}"
        case "earlier_names":
            return "; ".join(f"{earlier.name} @{earlier.position}" for earlier in value)
        case "earlier_wordings":
            return "; ".join(map(_wording_text, value))
        case "member_of" | "members" | "formerly_member_of" | "former_members":
            return "; ".join(map(_membership_text, value))
        case "worded_since" if value is not None:
            return day_text(value)
        case "published_on" if value is not None:
            return day_text(date.fromisoformat(value))
        case "closed" if value is not None:
            return f"{outcome_words(value)} {day_text(value.on)}"
        case "dated_on" if value is not None:
            return day_text(date.fromisoformat(value))
        case "asks_for":
            return _asks_for(row)
        case "options":
            return ", ".join(path.rpartition("/")[2] for path in value)
        case _:
            return cell_text(value)


def _membership_text(membership: str | Mapping[str, Any]) -> str:
    """The other side of a membership, with its days if they are given."""
    if isinstance(membership, str):
        return membership
    other, since, *left = membership.values()
    until = f", left {day_text(left[0])}" if left else ""
    return f"{other} since {day_text(since)}{until}"


def _wording_text(wording: Wording) -> str:
    day = f"since {day_text(wording.since)}" if wording.since else "at first"
    return f"{day}: {wording.title} ({wording.question}) @{wording.position}"

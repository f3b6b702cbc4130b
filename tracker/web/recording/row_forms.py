"""Forms that say what a row of a batch says: statements, withdrawals, milestones, and what registers hold."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.adapters.batch_events import RowEvent, row_events
from tracker.domain.registers.registers import Registers
from tracker.domain.terms.dates import read_day, read_stated, stated_day
from tracker.domain.terms.typed_values import read_number
from tracker.errors import BadEvent, BadValue, TrackerError
from tracker.presenting.replies import replies_on_entries
from tracker.tracker import Tracker
from tracker.web.recording import fields as known
from tracker.web.recording.attempts import MISSING, Attempt, Problem, entry_ids, event_content, refused
from tracker.web.recording.fields import MORE, Field, Sheet, Typing


class RowForm(NamedTuple):
    """A form: its path, its name in the list of forms, the section of a batch, and its fields in three groups."""

    path: str
    name: str
    title: str
    section: str
    main: Sequence[Field]
    evidence: Sequence[Field] = ()
    more: Sequence[Field] = ()

    @property
    def sheet(self) -> Sheet:
        """What its page shows."""
        groups = [("What", self.main), ("Evidence", self.evidence), (MORE, self.more)]
        return Sheet(self.path, self.title, [(name, fields) for name, fields in groups if fields])

    @property
    def fields(self) -> Iterator[Field]:
        """All its fields."""
        yield from (*self.main, *self.evidence, *self.more)


FORMS = (
    RowForm(
        "/record",
        "Statement",
        "Record what a party stated",
        "statements",
        known.STATEMENT,
        known.EVIDENCE,
        known.MORE_OF_STATEMENT,
    ),
    RowForm(
        "/record/withdrawal",
        "Withdrawal",
        "Record that a party no longer holds a position",
        "withdrawals",
        known.WITHDRAWAL,
        known.EVIDENCE,
        known.MORE_OF_WITHDRAWAL,
    ),
    RowForm(
        "/record/milestone",
        "Milestone",
        "Note something that happened and is not a position",
        "milestones",
        known.MILESTONE,
        known.EVIDENCE,
        known.ATTRIBUTED,
    ),
    RowForm("/record/source", "Source", "Register a source", "sources", known.NEW_SOURCE),
    RowForm("/record/party", "Party", "Register a party", "parties", known.NEW_PARTY),
    RowForm("/record/issue", "Issue", "Open an issue", "issues", known.NEW_ISSUE),
)


def attempt_row(form: RowForm, typed: Mapping[str, str], tracker: Tracker, *, by: str, keep: bool) -> Attempt:
    """Try what a form says, or record it if `keep` and it is what was shown before."""
    found: Sequence[RowEvent] = ()
    try:
        row, problems = _row(form, typed, tracker)
        names = tracker.names(stated_day(str(row["on"])).effective if _has_day(form, row) else None)
        try:
            found = row_events(form.section, row, names, lambda: tracker.registers().sources, tracker.entry_id)
        except BadEvent as refusal:
            known_wrong = {field for field, _ in problems}
            problems += [one for one in refusal.problems if one[0] is None or one[0] not in known_wrong]
        if problems:
            raise BadEvent(problems)
        return _attempt(found, row, names, typed, tracker, by=by, keep=keep)
    except TrackerError as refusal:
        return refused(refusal, [one.names for one in found])


def _attempt(
    found: Sequence[RowEvent],
    row: Mapping[str, Any],
    names: Registers,
    typed: Mapping[str, str],
    tracker: Tracker,
    *,
    by: str,
    keep: bool,
) -> Attempt:
    events = [one.event for one in found]
    content = event_content(events)
    keep = keep and typed.get("checked") == content
    ids = entry_ids(typed.get("form_id", ""), content, len(events))
    if keep and len(before := tracker.positions(ids)) == len(ids):
        return Attempt(content=content, recorded=sorted(before.values()))
    results = tracker.record(
        events,
        by=by,
        event_ids=ids,
        anyway="anyway" in typed,
        expected_position=seen_position(typed),
        check_only=not keep,
    )
    how: dict[str, Any] = {"names": names, "on_options": "options" in row, "typed": row}
    return Attempt(
        replies=list(replies_on_entries(results, tracker.today(), check=not keep, **how)),
        content=content,
        recorded=[one.receipt.entry.position for one in results] if keep else (),
    )


def _row(form: RowForm, typed: Mapping[str, str], tracker: Tracker) -> tuple[dict[str, Any], list[Problem]]:
    """The row that a form says, and what is missing or cannot be read."""
    row: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in form.fields:
        text = typed.get(field.name, "").strip()
        if not text and field.required:
            problems.append((field.name, MISSING))
        elif text and field.name != "no_conditions":
            try:
                row[field.name] = read_typed(field, text, tracker.today(), form.section)
            except BadValue as error:
                problems.append((field.name, error.message))
    if typed.get("no_conditions") == "yes":
        if "conditions" in row:
            problems.append(("no_conditions", "Give either conditions, or that there are none any more."))
        row["conditions"] = []
    return row, problems


def read_typed(field: Field, text: str, today: date, section: str = "") -> Any:
    """What a field's text says, as a row of a section has it. Raises BadValue."""
    match field.typing:
        case Typing.ITEMS:
            return [line.strip() for line in text.splitlines() if line.strip()]
        case Typing.NUMBER:
            return read_number(text, least=None)
        case Typing.DAY if section in _STATED or field.name == "stated_on":
            return read_stated(text, today)
        case Typing.DAY:
            return read_day(text, today).isoformat()
        case _:
            return text


_STATED = ("statements", "withdrawals")
"""The sections whose days may be months or years."""


def _has_day(form: RowForm, row: Mapping[str, Any]) -> bool:
    return form.section in (*_STATED, "milestones") and "on" in row


def seen_position(typed: Mapping[str, str]) -> int | None:
    """The log position up to which the sender of a form had seen the record."""
    text = typed.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

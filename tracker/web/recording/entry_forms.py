"""Forms about an entry on record: its correction as was and is, its retraction, and another source for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.log.events import Event, StatementCorroborated
from tracker.domain.log.parsing import event_from
from tracker.domain.report.corrections import RevisionResult
from tracker.domain.terms.amounts import amount_of
from tracker.domain.terms.vocabulary import implied_attribution
from tracker.errors import BadEvent, TrackerError
from tracker.presenting.replies import Reply, notes_on_correction, replies_on_entries
from tracker.presenting.typed_fields import own_field, resolve
from tracker.reports.report.items import field_label
from tracker.reports.tables.entry_table import differing_fields, stances_then
from tracker.reports.tables.new_entry import gather_notes
from tracker.tracker import Tracker
from tracker.usecases.on_record import label
from tracker.web.recording.attempts import MISSING, Attempt, Problem, content_of, entry_ids, event_content, refused
from tracker.web.recording.fields import (
    CORROBORATION,
    MORE,
    NO_CONDITIONS,
    REASON,
    Field,
    Sheet,
    Typing,
    field_of_entry,
)
from tracker.web.recording.form_data import with_one_line_end
from tracker.web.recording.row_forms import read_typed, seen_position


class CorrectedField(NamedTuple):
    """A field of an entry, and what it says as it is typed; nothing where the entry lacks it."""

    field: Field
    was: str


_NOT_TYPED = ("type", "suggestion")
_FIRST = ("party", "bloc", "issue")
"""What an entry is about; what is its kind's own follows, and the evidence comes last."""


def fields_to_correct(says: Event) -> list[CorrectedField]:
    """The fields of an entry as a form has them."""
    data = says.data()
    own = vars(type(says))["__annotations__"]
    names = [name for name in type(says).model_fields if name not in _NOT_TYPED]
    found = []
    for name in sorted(names, key=lambda name: 0 if name in _FIRST else 1 if name in own else 2):
        was = _typed(data.get(name))
        field = field_of_entry(name, field_label(name).replace("_", " ").capitalize())
        # A line of input would lose the breaks in what it shows.
        found.append(CorrectedField(replace(field, typing=Typing.TEXT) if _is_broken(field, was) else field, was))
    return found


def _is_broken(field: Field, was: str) -> bool:
    return field.typing is Typing.LINE and "\n" in was


def _typed(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return with_one_line_end("\n".join(map(str, value))).strip()
        case {"exact": exact}:
            return str(exact)
        case {"at_least": _} | {"at_most": _}:
            return str(amount_of(value.get("at_least"), value.get("at_most")))
        case _:
            return with_one_line_end(str(value)).strip()


def attempt_correction(
    entry: EntryDetail, typed: Mapping[str, str], tracker: Tracker, *, by: str, keep: bool
) -> Attempt:
    """Try a correction of an entry to what a form says, or record it if `keep` and it is what was shown before."""
    name, reason = f"@{entry.entry.position}", typed.get("reason", "").strip()
    try:
        changes, written = _changes(entry, typed, tracker)
        content = content_of(name, changes, reason)
        keep = keep and typed.get("checked") == content
        (event_id,) = entry_ids(typed.get("form_id", ""), content, 1)
        if keep and (before := tracker.positions([event_id])):
            return Attempt(content=content, recorded=list(before.values()))
        how: dict[str, Any] = {"event_id": event_id, "expected_position": seen_position(typed)}
        revised = tracker.correct(name, changes, reason=reason, by=by, check_only=not keep, **how)
        notes = notes_on_correction(revised, changes, written)
        return _revision([revised], content, [*notes], keep=keep)
    except BadEvent as refusal:
        return Attempt(problems=[(own_field(field), sentence) for field, sentence in refusal.problems])
    except TrackerError as refusal:
        return refused(refusal)


def _changes(entry: EntryDetail, typed: Mapping[str, str], tracker: Tracker) -> tuple[dict[str, Any], dict[str, str]]:
    """The new values of fields, and how amounts among them are typed. Raises BadEvent with every problem."""
    says = entry.says
    changes: dict[str, Any] = {}
    written: dict[str, str] = {}
    problems: list[Problem] = [] if typed.get("reason", "").strip() else [("reason", MISSING)]
    names, today = tracker.names(), tracker.today()
    issue = typed.get("issue", "").strip() or getattr(says, "issue", None)
    found = fields_to_correct(says) if says else []
    for field, was in found:
        text = typed.get(field.name, was).strip()
        if text == was:
            continue
        try:
            changes[field.name] = _value(field, text, today, tracker) if text else None
            if text and field.name != "answers":
                changes[field.name] = resolve(field.name, changes[field.name], names, issue)
        except TrackerError as refusal:
            problems.append((field.name, getattr(refusal, "message", str(refusal))))
        if field.name in ("amount", "could_accept"):
            written[field.name] = text
    if typed.get("no_conditions") == "yes":
        changes["conditions"] = []
    if problems:
        raise BadEvent(problems)
    implied = implied_attribution(changes) if any(field.name == "ascribed_by" for field, _ in found) else {}
    return {**implied, **changes}, written


def _value(field: Field, text: str, today: date, tracker: Tracker) -> Any:
    if field.name == "answers":
        return tracker.entry_id(text)
    if field.typing is Typing.FLAG:
        return text == "yes"
    section = "statements" if field.typing is Typing.DAY and field.name in ("stated_on", "on") else ""
    value = read_typed(field, text, today, section)
    return tuple(value) if isinstance(value, list) else value


def attempt_retraction(
    entry: EntryDetail, typed: Mapping[str, str], tracker: Tracker, *, by: str, keep: bool
) -> Attempt:
    """Try the retraction of an entry, or record it if `keep` and it is what was shown before."""
    name, reason = f"@{entry.entry.position}", typed.get("reason", "").strip()
    if not reason:
        return Attempt(problems=[("reason", MISSING)])
    content = content_of(name, reason)
    keep = keep and typed.get("checked") == content
    try:
        seen = seen_position(typed)
        revised = tracker.retract(name, reason=reason, by=by, expected_position=seen, check_only=not keep)
        return _revision(revised, content, [], keep=keep)
    except TrackerError as refusal:
        return refused(refusal)


def _revision(revisions: Sequence[RevisionResult], content: str, more: Sequence[str], *, keep: bool) -> Attempt:
    """What a revision did, or would do."""
    noted = [(revised.entry.position, revised.notes) for revised in revisions]
    gathered = gather_notes(noted, tried=not keep)
    notes = [note for of_one in gathered for note in of_one]
    return Attempt(
        replies=[
            *(Reply(line) for revised in revisions for line in stances_then(revised)),
            *(Reply(note, is_note=True) for note in (*notes, *more)),
        ],
        differences=[difference for revised in revisions for difference in differing_fields(revised)],
        content=content,
        recorded=[revised.entry.position for revised in revisions] if keep else (),
    )


def attempt_corroboration(
    entry: EntryDetail, typed: Mapping[str, str], tracker: Tracker, *, by: str, keep: bool
) -> Attempt:
    """Try another source for a statement, or record it if `keep` and it is what was shown before."""
    try:
        given = dict(_given(CORROBORATION, typed))
        event = event_from(StatementCorroborated, {**given, "target": entry.entry.id})
        content = event_content([event])
        keep = keep and typed.get("checked") == content
        ids = entry_ids(typed.get("form_id", ""), content, 1)
        if keep and (before := tracker.positions(ids)):
            return Attempt(content=content, recorded=list(before.values()))
        results = tracker.record([event], by=by, event_ids=ids, check_only=not keep)
        return Attempt(
            replies=list(replies_on_entries(results, tracker.today(), check=not keep)),
            content=content,
            recorded=[one.receipt.entry.position for one in results] if keep else (),
        )
    except TrackerError as refusal:
        return refused(refusal)


def _given(fields: Sequence[Field], typed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if text := typed.get(field.name, "").strip():
            yield field.name, text


class EntryForm(NamedTuple):
    """A form about an entry: its path, its name, its title, and what tries it."""

    path: str
    name: str
    title: str
    attempt: Callable[..., Attempt]


CORRECTION = EntryForm("/record/correction", "Correct", "Correct {entry}: we erred, no party moved", attempt_correction)
RETRACTION = EntryForm(
    "/record/retraction", "Retract", "Retract {entry}: it should never have been there", attempt_retraction
)
ANOTHER_SOURCE = EntryForm(
    "/record/corroboration", "Add a source", "Record that another source carries {entry}", attempt_corroboration
)
ENTRY_FORMS = (CORRECTION, RETRACTION, ANOTHER_SOURCE)


def sheet_of(form: EntryForm, entry: EntryDetail) -> Sheet:
    """What the page of a form about an entry shows."""
    name = f"@{entry.entry.position}"
    groups: list[tuple[str, Sequence[Field]]] = [("Why", [REASON])]
    was: Mapping[str, str] = {}
    if form is ANOTHER_SOURCE:
        groups = [("Evidence", CORROBORATION)]
    elif form is CORRECTION and entry.says is not None:
        found = fields_to_correct(entry.says)
        was = {field.name: text for field, text in found}
        cleared = [NO_CONDITIONS] if "conditions" in was else []
        silent = [field for field, text in found if not text]
        said = ("What it says", [field for field, text in found if text])
        groups = [said, *groups, (MORE, [*silent, *cleared])]
    about = label(entry.says or entry.entry.event)
    return Sheet(form.path, form.title.format(entry=name), groups, was, entry.entry.position, about)

"""The items of a change report in words: corrections, occurrences, what a correction changed."""

import json
from collections.abc import Iterable
from typing import Any

from tracker.domain.log.kind_registry import Revision
from tracker.domain.report.context import ContextRow
from tracker.domain.report.context_revisions import LateContext
from tracker.domain.report.corrections import Correction, FieldChange, difference
from tracker.domain.terms.amount_wording import bare_amount_text
from tracker.domain.terms.amounts import amount_of
from tracker.domain.timeline.statement import Details, Statement
from tracker.reports.names import CODES, Names
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.wording import day_text, earlier_text, marked_value, stated_text


def correction_text(row: Correction, names: Names = CODES, *, back: str = "") -> str:
    """A correction or retraction of our record in words; no party moved. `back` is said of one that was taken back."""
    said, now_is = corrected_sides(row)
    before, after = row.before, row.after
    was = f"{_pair_on_day(before, names)}: {said}"
    if after is None:
        return f"{was}, was retracted"
    if (after.pair, after.stated_on) != (before.pair, before.stated_on):
        return f"{was}, was corrected to {_pair_on_day(after, names)}: {now_is}"
    if back:
        return f"{was}, was corrected{back}"
    besides = _details_changed(row)
    if now_is == said:
        return f"{was}, had its details corrected{f': {besides}' if besides else ''}"
    return f"{was}, was corrected to {now_is}{f' ({besides})' if besides else ''}"


def _details_changed(row: Correction) -> str:
    """What a correction changed of what a statement says besides its position, field by field."""
    before, after = (json.loads(content or b"{}") for content in (row.content, row.to_content))
    changed = [change for change in difference(before, after) if change.field in Details._fields]
    return difference_text(changed, row.unit) if changed else ""


def _pair_on_day(statement: Statement, names: Names) -> str:
    return f"{names.party(statement.party)} on {names.issue(statement.issue)}, {stated_text(statement.stated_on)}"


def corrected_sides(row: Correction) -> tuple[str, str]:
    """Both values of a correction with their marks; the second is empty for a retraction."""
    before = _side(row.before, row.unit, reworded=row.from_reworded)
    return before, _side(row.after, row.unit, reworded=row.reworded) if row.after else ""


def _side(statement: Statement, unit: str | None, *, reworded: bool) -> str:
    return marked_value(statement, unit) + earlier_text(statement.value, reworded=reworded)


def revised_text(row: Correction | LateContext, names: Names = CODES, *, back: str = "") -> str:
    """A correction or retraction of a statement, or of an occurrence, in words."""
    if isinstance(row, Correction):
        return correction_text(row, names, back=back)
    how = f", {difference_text(row.difference, row.occurrence.unit)}" if row.kind is Revision.CORRECTED else ""
    happened = row.occurrence
    return f"{day_text(happened.on)}: {occurrence_words(happened, names)}: {happened.noun} {row.kind}{how}"


def occurrence_words(row: ContextRow, names: Names = CODES) -> str:
    """An occurrence in words, without its day: of a closing the outcome and, if there is one, its note."""
    if row.outcome is None:
        return context_words(row, names)
    closed = f"{', '.join(map(names.issue, row.issues))} {outcome_words(row, names)}"
    return f"{closed}: {note}" if (note := closing_note(row)) else closed


def context_words(row: ContextRow, names: Names = CODES) -> str:
    """The note of a closing, parties and reopened issues by their names, the title of anything else."""
    if row.outcome is not None:
        return closing_note(row)
    for moved in ("joined", "left"):
        if row.title == f" {moved} ".join(row.parties):
            return f" {moved} ".join(map(names.party, row.parties))
    if row.kind == "succeeded":
        ended, *by = map(names.party, row.parties)
        return f"{ended} was succeeded by {', '.join(by)}"
    if row.kind == "reopened":
        return f"{', '.join(map(names.issue, row.issues))} is open again"
    return row.title


def outcome_text(row: ContextRow, names: Names = CODES) -> str:
    """The outcome of a closing; one that was recorded before its day is only foreseen."""
    outcome = outcome_words(row, names)
    return f"{outcome} (foreseen)" if row.foreseen else outcome


def closing_note(row: ContextRow) -> str:
    """The note of a closing; empty if its title only repeats the issue and the outcome."""
    return "" if row.title in {f"{issue}: {row.outcome}" for issue in row.issues} else row.title


def difference_text(changes: Iterable[FieldChange], unit: str | None = None) -> str:
    """The fields that a correction changed, in words: short ones with both values, long ones by name.

    Amounts are in the `unit` of the quantity.
    """
    return "; ".join(_field_text(change, unit) for change in changes) or "nothing differs"


def _field_text(change: FieldChange, unit: str | None) -> str:
    label = field_label(change.field)
    if change.field not in _SHORT:
        return f"{'other' if label.endswith('s') else 'another'} {label}"
    before, after = (_value_text(change.field, value, unit) for value in (change.before, change.after))
    return f"{label} {before} -> {after}"


def field_label(field: str) -> str:
    """Return what people read for the name of a field."""
    return _LABELS.get(field, field)


def _value_text(field: str, value: Any, unit: str | None) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return bare_amount_text(amount_of(value.get("at_least"), value.get("at_most")), unit)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return stated_text(value) if field in _DATES else str(value)


_DATES = {"stated_on", "on", "published_on", "dated_on"}
_SHORT = {
    *("party", "issue", "stance", "amount", "could_accept", "priority", "red_line", "stated_on", "on", "published_on"),
    *("sequence", "outcome", "source", "speaker", "dated_on"),
}
_LABELS = {
    **{"could_accept": "could accept", "red_line": "red line", "stated_as": "own words", "joint_with": "joint parties"},
    **{"leaves_position_of": "bloc that it leaves", "answers": "ask that it answers", "dated_on": "dated"},
}

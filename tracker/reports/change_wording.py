"""The wording of changes wherever people read them: steps, corrections, late entries, relations."""

from collections.abc import Iterable

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.answers.corrections import Correction, FieldChange
from tracker.domain.answers.learned import LateContext, LateEntry
from tracker.domain.answers.relations import RelationShift
from tracker.domain.answers.report import Report
from tracker.domain.log.kinds import Revision
from tracker.domain.timeline.statement import Statement, Value
from tracker.reports.wording import day_text, stance_before, statement_marks


def marked_stance(change: Change) -> str:
    """The stance of a step, with its marks."""
    return f"{change.to_value}{statement_marks(change.attribution, change.standing)}"


def kind_text(kind: Kind, before: Value | None, value: Value) -> str:
    """A change in words: `conditional -> supports`."""
    if kind in (Kind.REAFFIRMED, Kind.AMENDED):
        return str(value)
    return f"{stance_before(before)} -> {value}"


def correction_text(row: Correction) -> str:
    """A correction or retraction of our record in words; no party moved."""
    was = f"{row.party} on {row.issue}, {day_text(row.on)}: {row.from_value}"
    if row.to_party is None or row.to_issue is None or row.to_on is None or row.to_value is None:
        return f"{was}, was retracted"
    if (row.to_party, row.to_issue, row.to_on) != (row.party, row.issue, row.on):
        now = f"{row.to_party} on {row.to_issue}, {day_text(row.to_on)}: {row.to_value}"
        return f"{was}, was corrected to {now}"
    if row.to_value is row.from_value:
        return f"{was}, had its details corrected"
    return f"{was}, was corrected to {row.to_value}"


def difference_text(changes: Iterable[FieldChange]) -> str:
    """The fields that a correction changed, in words: short ones with both values, long ones by name."""
    return "; ".join(_field_text(change) for change in changes) or "nothing differs"


def _field_text(change: FieldChange) -> str:
    if change.field in _SHORT_FIELDS:
        return f"{change.field} {_short(change.before)} -> {_short(change.after)}"
    return f"another {change.field}"


_SHORT_FIELDS = (
    "party",
    "issue",
    "stance",
    "stated_on",
    "on",
    "published_on",
    "sequence",
    "outcome",
    "source",
    "speaker",
)


def _short(value: object) -> str:
    return "none" if value is None else str(value)


def learned_text(row: LateEntry) -> str:
    """An entry recorded since an earlier report, in words."""
    words = f"{row.summary} ({row.speaker})" if row.speaker else row.summary
    match row.kind:
        case Revision.STATED | Revision.WITHDRAWN:
            what = f"{row.kind} on {day_text(row.on)}, recorded {day_text(row.recorded_at.date())}"
        case Revision.LEFT_OUT:
            what = f"stated on {day_text(row.on)}, not public by that report's cut-off"
        case Revision.CORROBORATED:
            what = f"statement of {day_text(row.on)} corroborated"
        case Revision.RETRACTED:
            what = f"statement of {day_text(row.on)}: {_its(row)}retracted ({row.reason})"
        case _:
            changed = difference_text(row.difference)
            what = f"statement of {day_text(row.on)}: {_its(row)}corrected, {changed} ({row.reason})"
    return f"{what}: {words}"


def _its(row: LateEntry) -> str:
    return "" if row.of == "statement" else f"its {row.of} "


def learned_context_text(row: LateContext) -> str:
    """A milestone or closing of earlier days that was recorded, corrected or retracted since, in words."""
    outcome = f"{', '.join(row.issues)} {row.outcome}: " if row.outcome else ""
    if row.kind is Revision.CORRECTED:
        how = f"{row.of} corrected, {difference_text(row.difference)}: {row.reason}"
    elif row.kind is Revision.RETRACTED:
        how = f"{row.of} retracted: {row.reason}"
    else:
        how = f"recorded {day_text(row.recorded_at.date())}"
    return f"{day_text(row.on)}: {outcome}{row.title} ({how})"


def relation_text(related: RelationShift) -> str:
    """A change of relation between two parties, with their stances before and after, in words."""
    change = related.change
    stood = (_stood(one, now) for one, now in zip(related.before, related.now, strict=True))
    named = " and ".join(change.parties)
    return f"{named} on {change.issue}: {change.from_relation} -> {change.to_relation} ({', '.join(stood)})"


def _stood(before: Statement, now: Statement) -> str:
    was = str(before.value)
    is_now = f"{now.value}{statement_marks(now.attribution, now.standing)}"
    return f"{now.party} {is_now}" if before.value is now.value else f"{now.party} {was} -> {is_now}"


def since_text(report: Report) -> str:
    """The heading of late entries, which an earlier report's reader must know."""
    return f"Learned since log position {report.known_from} about the days up to {day_text(report.from_day)}"

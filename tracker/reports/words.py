"""How answers are worded wherever people read them: glyphs, days, ages, and text made safe to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.domain.changes import Change, Kind
from tracker.domain.learned import Learned, LearnedContext
from tracker.domain.registers import Registers
from tracker.domain.relations import Related, Stood
from tracker.domain.report import Report
from tracker.domain.revisions import Correction, FieldChange, Revision
from tracker.domain.scope import Scope
from tracker.domain.state import Cell, Said
from tracker.domain.visible import plain
from tracker.domain.vocabulary import Attribution, Stance, Standing

STALE_AFTER = 180
"""Days after which a stance that nobody affirmed again is marked as old."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader wants to see of a state.

    `stale_after` is in days; `names` adds each issue's question, `wide` each
    stance's summary with its speaker, source and log position.
    """

    stale_after: int = STALE_AFTER
    names: Registers | None = None
    wide: bool = False


PLAIN = Look()

GLYPHS: dict[Stance | None, str] = {
    Stance.OPPOSES: "x",
    Stance.SCEPTICAL: "-",
    Stance.NEUTRAL: "=",
    Stance.CONDITIONAL: "~",
    Stance.SUPPORTS: "+",
    None: "w",
}
"""A sign for each stance; a withdrawn one has its own."""

NONE = "·"
"""The sign for no stance on record."""

MARKS = {
    "^": "ascribed by another party",
    "?": "inferred, not in the words",
    "°": "remark",
    "!": "contested",
    "<": "its bloc's, for want of its own",
    "†": "not affirmed for {days} days",
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS_A_YEAR = 365.25


def stance_word(stance: Stance | None) -> str:
    """The stance's word; withdrawn for none."""
    return stance.value if stance else "withdrawn"


def stance_before(stance: Stance | None) -> str:
    """The stance that a step started from; both none on record and withdrawn are no stance."""
    return stance.value if stance else "no stance"


def marks(cell: Cell, on: date, stale_after: int = STALE_AFTER) -> str:
    """The marks that a stance in effect carries wherever it shows; old after so many days without affirmation."""
    row = cell.row
    old = row.stance is not None and (on - row.last_stated).days > stale_after
    own = statement_marks(row.attribution, row.standing)
    return own + "!" * row.contested + "<" * (cell.inherited_from is not None) + "†" * old


def affirmed(cell: Cell) -> date:
    """The day since when nothing is heard of a stance: it was last affirmed, or withdrawn."""
    return cell.row.last_stated if cell.row.stance else cell.row.since


def sides(cell: Cell, other: Said, on: date) -> str:
    """Both sides of a contested stance: what was said, by whom and when; by which bloc, if it is inherited."""
    inherited = cell.inherited_from is not None
    one, another = (_side(said, short_day(said.on, on), named=inherited) for said in (cell.said, other))
    return f"{one} against {another}"


def _side(said: Said, day: str, *, named: bool) -> str:
    party = f"{said.party} " if named else ""
    marked = f"{stance_word(said.stance)}{statement_marks(said.attribution, said.standing)}"
    return plain(f"{party}{marked} ({said.speaker or 'no named speaker'}, {day})")


def statement_marks(attribution: Attribution, standing: Standing | None = None) -> str:
    """Whose word it is, if it is not the party's own, and whether it was said in passing."""
    mark = {Attribution.ASCRIBED: "^", Attribution.INFERRED: "?"}.get(attribution, "")
    return mark + "°" * (standing is Standing.REMARK)


def marked_stance(change: Change) -> str:
    """The stance that a step took, with its marks."""
    return f"{stance_word(change.to_stance)}{statement_marks(change.attribution, change.standing)}"


def legend(used: str, stale_after: int = STALE_AFTER) -> str:
    """What the marks among these characters stand for, in a line; empty without any."""
    found = (f"{mark} {meaning}" for mark, meaning in MARKS.items() if mark in used)
    return "   ".join(found).format(days=stale_after)


def left_out(number: int) -> str:
    """That some statements were left out because nothing dated carries them."""
    if number == 1:
        return "1 statement was left out: no dated source puts it on public record."
    return f"{number:,} statements were left out: no dated source puts them on public record."


def day_text(day: date) -> str:
    """A day as people write it: 10 Dec 2019."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day(day: date, on: date) -> str:
    """A day without its year if that is the year spoken of."""
    return day_text(day) if day.year != on.year else f"{day.day} {_MONTHS[day.month - 1]}"


def age(since: date, on: date) -> str:
    """How long ago a day was: in days up to two years, then in years."""
    days = (on - since).days
    return f"{days}d" if days < 2 * _DAYS_A_YEAR else f"{int(days / _DAYS_A_YEAR)}y"


def kind_text(kind: Kind, from_stance: Stance | None, to_stance: Stance | None) -> str:
    """A change in words: `conditional -> supports`."""
    if kind in (Kind.REAFFIRMED, Kind.AMENDED):
        return stance_word(to_stance)
    return f"{stance_before(from_stance)} -> {stance_word(to_stance)}"


def correction_text(row: Correction) -> str:
    """What the record said and what it says instead, in words; it is nobody's movement."""
    was = f"{row.party} on {row.issue}, {day_text(row.on)}: {stance_word(row.from_stance)}"
    if row.to_party is None or row.to_issue is None or row.to_on is None:
        return f"{was}, was retracted"
    if (row.to_party, row.to_issue, row.to_on) != (row.party, row.issue, row.on):
        now = f"{row.to_party} on {row.to_issue}, {day_text(row.to_on)}: {stance_word(row.to_stance)}"
        return f"{was}, was corrected to {now}"
    if row.to_stance is row.from_stance:
        return f"{was}, had its details corrected"
    return f"{was}, was corrected to {stance_word(row.to_stance)}"


def difference_text(changes: Iterable[FieldChange]) -> str:
    """What a correction changed, in words: short values as they were and are, long ones by the field's name."""
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


def learned_text(row: Learned) -> str:
    """What an entry recorded since tells, in words."""
    told = f"{row.summary} ({row.speaker})" if row.speaker else row.summary
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
    return f"{what}: {told}"


def _its(row: Learned) -> str:
    return "" if row.of == "statement" else f"its {row.of} "


def learned_context_text(row: LearnedContext) -> str:
    """A milestone or closing of earlier days, and what became of its entry since, in words."""
    outcome = f"{', '.join(row.issues)} {row.outcome}: " if row.outcome else ""
    if row.kind is Revision.CORRECTED:
        how = f"{row.of} corrected, {difference_text(row.difference)}: {row.reason}"
    elif row.kind is Revision.RETRACTED:
        how = f"{row.of} retracted: {row.reason}"
    else:
        how = f"recorded {day_text(row.recorded_at.date())}"
    return f"{day_text(row.on)}: {outcome}{row.title} ({how})"


def relation_text(related: Related) -> str:
    """Two parties whose relation on an issue changed, and where they stood and stand, in words."""
    change = related.change
    stood = (_stood(one, now) for one, now in zip(related.before, related.now, strict=True))
    named = " and ".join(change.parties)
    return f"{named} on {change.issue}: {change.from_relation} -> {change.to_relation} ({', '.join(stood)})"


def _stood(before: Stood, now: Stood) -> str:
    was = stance_word(before.stance)
    is_now = f"{stance_word(now.stance)}{statement_marks(now.attribution, now.standing)}"
    return f"{now.party} {is_now}" if before.stance is now.stance else f"{now.party} {was} -> {is_now}"


def since_text(report: Report) -> str:
    """The heading of what an earlier report's reader must be told."""
    return f"Learned since log position {report.known_from} about the days up to {day_text(report.from_day)}"


def basis(known_at: str | None, published_by: date | None, position: int, scope: Scope) -> str:
    """What an answer rests on: its filters, its cut-offs and the log position."""
    known = f"known at {known_at}   " if known_at else ""
    public = f"published by {day_text(published_by)}   " if published_by else ""
    return f"{filters_text(scope)}{known}{public}log position {position}"


def filters_text(scope: Scope) -> str:
    """What a query is limited to, in words; empty without a filter."""
    kept = (scope.parties, scope.issues, scope.attributions)
    return "".join(f"only {', '.join(sorted(values))}   " for values in kept if values)


def times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def terms(conditions: tuple[str, ...] | None) -> str:
    """The conditions that a step states, in words; nothing if it mentions none."""
    if conditions is None:
        return ""
    return f"Terms: {'; '.join(conditions)}." if conditions else "Without conditions."


def tail(issue: str, group: str) -> str:
    """An issue's path below a group."""
    return issue.removeprefix(f"{group}/") if group else issue

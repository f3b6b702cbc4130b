"""How answers are worded wherever people read them: glyphs, days, ages, and text made safe to show."""

from datetime import date

from tracker.domain.changes import Change, Kind
from tracker.domain.timeline import InEffect, Step
from tracker.domain.vocabulary import Attribution, Stance, Standing

STALE_AFTER = 180
"""Days after which a stance that nobody affirmed again is marked as old."""

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
    "†": f"not affirmed for {STALE_AFTER} days",
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS_A_YEAR = 365.25


def stance_word(stance: Stance | None) -> str:
    """The stance's word; withdrawn for none."""
    return stance.value if stance else "withdrawn"


def stance_before(stance: Stance | None) -> str:
    """The stance that a step started from; both none on record and withdrawn are no stance."""
    return stance.value if stance else "no stance"


def marks(held: InEffect, on: date) -> str:
    """The marks that a stance in effect carries wherever it shows."""
    old = held.step.stance is not None and (on - held.last_stated).days > STALE_AFTER
    return step_marks(held.step) + "!" * bool(held.contested_by) + "†" * old


def step_marks(step: Step) -> str:
    """The marks of a statement or withdrawal by itself."""
    return statement_marks(step.event.attributed, getattr(step.event, "standing", None))


def statement_marks(attribution: Attribution, standing: Standing | None = None) -> str:
    """Whose word it is, if it is not the party's own, and whether it was said in passing."""
    mark = {Attribution.ASCRIBED: "^", Attribution.INFERRED: "?"}.get(attribution, "")
    return mark + "°" * (standing is Standing.REMARK)


def marked_stance(change: Change) -> str:
    """The stance that a step took, with its marks."""
    return f"{stance_word(change.to_stance)}{statement_marks(change.attribution, change.standing)}"


def legend(used: str) -> str:
    """What the marks among these characters stand for, in a line; empty without any."""
    return "   ".join(f"{mark} {meaning}" for mark, meaning in MARKS.items() if mark in used)


def left_out(number: int) -> str:
    """That some statements were left out because nothing dated carries them."""
    statements = "1 statement was" if number == 1 else f"{number:,} statements were"
    return f"{statements} left out: no dated source puts them on public record."


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


def basis(known_at: str | None, published_by: date | None, position: int) -> str:
    """What an answer rests on: its cut-offs and the log position."""
    known = f"known at {known_at}   " if known_at else ""
    public = f"published by {day_text(published_by)}   " if published_by else ""
    return f"{known}{public}log position {position}"


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

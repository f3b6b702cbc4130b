"""How answers are worded wherever people read them: glyphs, days, ages, and text made safe to show."""

import unicodedata
from datetime import date

from tracker.domain.changes import Kind
from tracker.domain.timeline import InEffect
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
    event = held.step.event
    found = {
        "^": event.attributed is Attribution.ASCRIBED,
        "?": event.attributed is Attribution.INFERRED,
        "°": getattr(event, "standing", None) is Standing.REMARK,
        "!": bool(held.contested_by),
        "†": held.step.stance is not None and (on - held.last_stated).days > STALE_AFTER,
    }
    return "".join(mark for mark, holds in found.items() if holds)


def attribution_mark(attribution: Attribution) -> str:
    return {Attribution.ASCRIBED: "^", Attribution.INFERRED: "?"}.get(attribution, "")


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
    return f"{known}{public}log {position}"


def times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def terms(conditions: tuple[str, ...] | None) -> str:
    """The conditions that a step states, in words; nothing if it mentions none."""
    if conditions is None:
        return ""
    return f"Terms: {'; '.join(conditions)}." if conditions else "Without conditions."


def plain(text: str) -> str:
    """Text that shows as itself: control and direction characters become visible escapes, line ends spaces."""
    if text.isprintable():
        return text
    return "".join(character if _shows(character) else _escape(character) for character in text)


def tail(issue: str, group: str) -> str:
    """An issue's path below a group."""
    return issue.removeprefix(f"{group}/") if group else issue


def _shows(character: str) -> bool:
    return character == " " or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _escape(character: str) -> str:
    if character in "\n\r\t\u2028\u2029":
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""Values of positions as people read them: a stance, an amount with its unit, no figure; each with its sign."""

from collections.abc import Mapping
from typing import TypeGuard

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.terms.amount_wording import YEAR, amount_text, bare_amount_text, movement_text
from tracker.domain.terms.amounts import NO_FIGURE, Amount, NoFigure
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.statement import WITHDRAWN, Statement, Value, Withdrawn

GLYPHS: Mapping[Value, str] = {
    Stance.SUPPORTS: "+",
    Stance.CONDITIONAL: "~",
    Stance.NEUTRAL: "=",
    Stance.SCEPTICAL: "-",
    Stance.OPPOSES: "x",
    NO_FIGURE: "∅",
    WITHDRAWN: "w",
}
"""A sign for each value that is a word, in the legend's order. An amount has none: it shows as it is."""

NO_BREAK = "\u00a0"
"""The space between a sign and its word, where these must not come apart."""

NONE = "·"
"""The sign for no stance on record."""

CONVERTED = "≈"
"""The sign before an amount for which the party used other words (`stated_as`)."""


def glyph_of(value: Value | None) -> str:
    """Return the sign of a value, or of nothing on record; empty for an amount."""
    return NONE if value is None else GLYPHS.get(value, "")


def value_text(value: Value, unit: str | None = None, *, converted: bool = False) -> str:
    """Return a value in words, an amount with its unit: `supports`, `at least 300 USD bn a year`, `no figure`."""
    if not isinstance(value, Amount):
        return str(value)
    return f"{CONVERTED * converted}{amount_text(value, unit)}"


def bare_value_text(value: Value, unit: str | None = None, *, converted: bool = False) -> str:
    """Return a value in words where its unit stands elsewhere."""
    if not isinstance(value, Amount):
        return str(value)
    return f"{CONVERTED * converted}{bare_amount_text(value, unit)}"


def is_position(value: Value | None) -> TypeGuard[Stance | Amount | NoFigure]:
    """Return whether a party holds anything: neither nothing on record nor something withdrawn."""
    return value is not None and not isinstance(value, Withdrawn)


def is_converted(statement: Statement | None) -> bool:
    """Return whether the amount of a statement is our conversion of the party's own words."""
    return statement is not None and statement.details.stated_as is not None


def value_class(value: Value | None) -> str:
    """Return the word by which formats with colours tell kinds of values apart."""
    match value:
        case None:
            return "none"
        case Amount():
            return "amount"
        case NoFigure():
            return "no-figure"
        case _:
            return str(value)


EACH_FOR_ITSELF = "each for itself"
"""What headings say of an issue on which each party answers for itself."""


def unit_heading(unit: str | None) -> str:
    """Return a unit as it stands in a heading; empty without one, and for years, which say what they are."""
    return "" if unit in (None, YEAR) else str(unit)


KIND_SIGNS: Mapping[Kind, str] = {
    Kind.RAISED: "↑",
    Kind.LOWERED: "↓",
    Kind.NARROWED: "→←",
    Kind.WIDENED: "←→",
    Kind.NAMED: "•",
    Kind.UNNAMED: "∅",
}
"""A sign for each kind of change that amounts alone have; of years, `raised` is later and `lowered` earlier."""


def kind_text(kind: Kind, unit: str | None) -> str:
    """Return a kind of change, with its sign if it is one of an amount; of a year, whether it is earlier or later."""
    sign = KIND_SIGNS.get(kind)
    return f"{sign} {kind_word(kind, unit)}" if sign else kind.value


def kind_word(kind: Kind, unit: str | None) -> str:
    """Return a kind of change in a word; of a year, whether it is earlier or later."""
    return _OF_YEARS.get(kind, kind.value) if unit == YEAR else kind.value


_OF_YEARS = {Kind.RAISED: "later", Kind.LOWERED: "earlier"}


def moved_by(change: Change) -> str:
    """Return the size of the movement of an amount, with both ends; empty where no amount moved to another."""
    before, after = change.from_value, change.to_value
    if not isinstance(before, Amount) or not isinstance(after, Amount) or before == after:
        return ""
    old = bare_value_text(before, change.unit, converted=change.from_converted)
    new = bare_value_text(after, change.unit, converted=is_converted(change.statement))
    return movement_text(before, after, change.unit, (old, new))

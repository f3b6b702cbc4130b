"""Amounts written for people: `300`, `at least 1,300`, `100 to 300`, with the unit once (DESIGN section 15).

They are read in `amounts.py`; `typed_amounts.py` beside it refuses what people type that is none.
The unit `year` is a point in time: it is not grouped, and reads `2035`, `from 2030`, `by 2040`, `5 years later`.
"""

from decimal import Decimal

from tracker.domain.terms.amounts import Amount, Course, course, difference

YEAR = "year"
"""The unit of a quantity whose amounts are calendar years."""


def number_text(number: Decimal, unit: str | None) -> str:
    """Return a number with a comma between thousands, unless it is a year; without its unit."""
    return f"{number:f}" if unit == YEAR else f"{number:,f}"


def bare_amount_text(amount: Amount, unit: str | None) -> str:
    """Return an amount without its unit."""
    at_least, at_most = (None if end is None else number_text(end, unit) for end in (amount.at_least, amount.at_most))
    if at_least is None:
        return f"by {at_most}" if unit == YEAR else f"at most {at_most}"
    if at_most is None:
        return f"from {at_least}" if unit == YEAR else f"at least {at_least}"
    return at_least if amount.is_exact else f"{at_least} to {at_most}"


def amount_text(amount: Amount, unit: str | None) -> str:
    """Return an amount with its unit."""
    return with_unit(bare_amount_text(amount, unit), unit)


def with_unit(text: str, unit: str | None) -> str:
    """Return a text of numbers with the unit behind it; a year has none."""
    return text if unit in (None, YEAR) else f"{text} {unit}"


def distance_text(distance: Decimal, unit: str | None) -> str:
    """Return a distance between two amounts, with its unit; between two years in years."""
    if unit == YEAR:
        return f"{distance:,f} year{'' if distance == 1 else 's'}"
    return with_unit(f"{distance:,f}", unit)


def movement_text(old: Amount, new: Amount, unit: str | None, shown: tuple[str, str] | None = None) -> str:
    """Return how an amount departs from an older one that it does not equal, with the size of the movement.

    `raised by 200 USD bn a year (at least 100 -> at least 300)`. The size is that by which the ends moved that both
    state, from the smallest to the largest; a movement that narrows or widens has none. The two amounts may be `shown`
    otherwise than plain, as with marks.
    """
    way = course(old, new)
    word = _OF_YEARS.get(way, way.value) if unit == YEAR else way.value
    before, after = shown or (bare_amount_text(old, unit), bare_amount_text(new, unit))
    ends = f"({before} -> {after})"
    moved = sorted(
        abs(difference(end, begin))
        for begin, end in ((old.at_least, new.at_least), (old.at_most, new.at_most))
        if begin is not None and end is not None and begin != end
    )
    if not moved or way not in (Course.RAISED, Course.LOWERED):
        return f"{word} {ends}" if unit in (None, YEAR) else f"{word} {ends[:-1]} {unit})"
    size = distance_text(moved[-1], unit)
    if moved[0] != moved[-1]:
        size = f"{moved[0]:,f} to {size}"
    return f"{size} {word} {ends}" if unit == YEAR else f"{word} by {size} {ends}"


_OF_YEARS = {Course.RAISED: "later", Course.LOWERED: "earlier"}

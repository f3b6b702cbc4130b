"""What positions are and how they compare: stances, amounts, no figure (DESIGN sections 8 and 15), from plain data.

An amount is its two ends as decimals, None where an end was not stated.
"""

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import Any

DEGREES = {"opposes": -2, "sceptical": -1, "neutral": 0, "conditional": 1, "supports": 2}
NO_FIGURE = "no figure"

Ends = tuple[Decimal | None, Decimal | None]
Value = str | Ends | None
"""A stance, an amount, that no figure was named; None for a withdrawal, and for nothing on record."""
Data = dict[str, Any]
Gap = Decimal | None

_EXACT = Context(prec=60)
_INFINITE = Decimal("Infinity")


def value_of(data: Data | None) -> Value:
    """What a statement's or withdrawal's data say that the party holds."""
    if data is None or "stated_on" not in data:
        return None
    if "stance" in data:
        return str(data["stance"])
    return ends_of(data["amount"]) if "amount" in data else NO_FIGURE


def ends_of(amount: dict[str, str]) -> Ends:
    at_least, at_most = (Decimal(amount[end]) if end in amount else None for end in ("at_least", "at_most"))
    return at_least, at_most


def columns(prefix: str, data: Data | None) -> Data:
    """The three columns of a position: its stance or null, its amount or null, whether it names no figure."""
    data = data or {}
    return {
        f"{prefix}stance": data.get("stance"),
        f"{prefix}amount": data.get("amount"),
        f"{prefix}no_figure": value_of(data) == NO_FIGURE,
    }


# --- two amounts ----------------------------------------------------------------------------------


def infinite(amount: Ends) -> tuple[Decimal, Decimal]:
    """The ends, where one that was not stated is infinite."""
    at_least, at_most = amount
    return -_INFINITE if at_least is None else at_least, _INFINITE if at_most is None else at_most


def contains(wide: Ends, narrow: Ends) -> bool:
    return infinite(wide)[0] <= infinite(narrow)[0] and infinite(narrow)[1] <= infinite(wide)[1]


def gap_between(one: Ends, other: Ends) -> Gap:
    """How far two amounts are apart; None if they share a number."""
    return gap_of((one, other))


def gap_of(values: Iterable[Value]) -> Gap:
    """How far the highest lower end of amounts lies above their lowest upper end; None if it does not."""
    amounts = [infinite(one) for one in values if isinstance(one, tuple)]
    lower = max((at_least for at_least, _ in amounts), default=-_INFINITE)
    upper = min((at_most for _, at_most in amounts), default=_INFINITE)
    return _EXACT.subtract(lower, upper) if lower > upper else None


def text_of(number: Gap) -> str | None:
    """A decimal as events spell it."""
    if number is None:
        return None
    text = f"{number:f}" if number else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def differ(one: Value, other: Value) -> bool:
    """Whether one position contests another: amounts only if they are apart."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return gap_between(one, other) is not None
    return one != other


# --- changes --------------------------------------------------------------------------------------


def kind_of_movement(then: Value, now: Value, terms_then: Any, terms_now: Any) -> str:
    """What a position did to the one before it; the terms are what was in force beside it, and what is."""
    if now is None:
        return "withdrawn"
    if then is None:
        return "new"
    if then == now:
        return "amended" if terms_then != terms_now else "reaffirmed"
    if isinstance(then, tuple) and isinstance(now, tuple):
        return _movement_of_amounts(then, now)
    if NO_FIGURE in (then, now):
        return "named" if then == NO_FIGURE else "unnamed"
    degree, degree_now = DEGREES[str(then)], DEGREES[str(now)]
    if (then == "supports" and degree_now < 0) or (degree < 0 and now == "supports"):
        return "reversed"
    return "towards" if degree_now > degree else "away"


def _movement_of_amounts(then: Ends, now: Ends) -> str:
    both = [(old, new) for old, new in zip(then, now, strict=True) if old is not None and new is not None]
    rose, fell = any(new > old for old, new in both), any(new < old for old, new in both)
    if both:
        if rose and not fell:
            return "raised"
        if fell and not rose:
            return "lowered"
    else:
        bounds = list(zip(infinite(then), infinite(now), strict=True))
        if not any(new < old for old, new in bounds):
            return "raised"
        if not any(new > old for old, new in bounds):
            return "lowered"
    return "narrowed" if contains(then, now) else "widened"


# --- relations ------------------------------------------------------------------------------------


def relation(one: Value, other: Value, *, under_conditions: bool) -> str | None:
    """How two positions relate, if both have relations; `under_conditions` counts for amounts."""
    if one in (None, NO_FIGURE) or other in (None, NO_FIGURE):
        return None
    if isinstance(one, tuple) and isinstance(other, tuple):
        return _relation_of_amounts(one, other, under_conditions=under_conditions)
    both = {one, other}
    if "neutral" in both:
        return "open"
    against = both & {"opposes", "sceptical"}
    if against and both - against:
        return "opposed"
    return "agree_if" if "conditional" in both else "agree"


def _relation_of_amounts(one: Ends, other: Ends, *, under_conditions: bool) -> str:
    if gap_between(one, other) is not None:
        return "apart"
    has_both_ends = all(any(end is not None for end in ends) for ends in zip(one, other, strict=True))
    if not has_both_ends:
        return "open"
    return "overlap_if" if under_conditions else "overlap"


def gap_text(one: Value, other: Value) -> str | None:
    """The gap of two amounts that are apart, as it stands in data."""
    return text_of(gap_between(one, other)) if isinstance(one, tuple) and isinstance(other, tuple) else None

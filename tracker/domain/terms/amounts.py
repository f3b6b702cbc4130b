"""Amounts: ranges of exact decimals, as positions on a quantity state them (DESIGN section 15).

A bound that is missing was not stated; it does not mean that anything will do. Text is read here (`amount_in`), and
refused in `typed_amounts.py`; `amount_wording.py` writes amounts for people. Binary floating point never touches one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import Enum
from functools import lru_cache

from tracker.domain.terms.safe_text import shown
from tracker.errors import BadValue

BEFORE_POINT, AFTER_POINT = 18, 12
"""The most digits of an amount before and after its decimal point."""

_EXACT = Context(prec=BEFORE_POINT + AFTER_POINT + 2)
"""Sums and differences of amounts have at most a digit more than the longest amounts."""

_CANONICAL = re.compile(r"(?!-0$)-?(0|[1-9][0-9]{0,17})(\.[0-9]{0,11}[1-9])?")
_TYPED = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")

WAYS_TO_WRITE_AN_AMOUNT = '300, ">=1300", "<=200" or 100..300'
"""Examples of everything that `amount_in` reads, for help and refusals."""
WAYS_TO_WRITE_A_NUMBER = "digits, perhaps with a decimal point, as in 250 or 1.5"


@dataclass(frozen=True, slots=True)
class Amount:
    """A range of numbers with at least one end; exactly n has n at both. Equal amounts are equal as numbers.

    Its text is how it is typed: `300`, `>=1300`, `<=200`, `100..300`; equal text is an equal amount.
    """

    at_least: Decimal | None
    at_most: Decimal | None

    def __post_init__(self) -> None:
        """Check the ends. Raises BadValue."""
        if self.at_least is None and self.at_most is None:
            raise BadValue("has neither at_least nor at_most. Give one of them, or both.")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise BadValue(f"ends below its beginning: {self}. Write {self.at_most:f}..{self.at_least:f}.")

    def __str__(self) -> str:
        if self.at_least is None:
            return f"<={self.at_most:f}"
        if self.at_most is None:
            return f">={self.at_least:f}"
        return f"{self.at_least:f}" if self.is_exact else f"{self.at_least:f}..{self.at_most:f}"

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.at_least == self.at_most

    def ranges_with(self, other: "Amount") -> Iterator["Amount"]:
        """Yield the smallest range that contains both, and if it has two ends that with the end of the other alone."""
        least, most = min(_lower(self), _lower(other)), max(_upper(self), _upper(other))
        ends = least if least.is_finite() else None, most if most.is_finite() else None
        if ends != (None, None):
            yield Amount(*ends)
        if None not in ends:
            yield Amount(None, most) if _lower(self) <= _lower(other) else Amount(least, None)

    def contains(self, other: "Amount") -> bool:
        """Return whether every number of another amount is one of this; a missing end is infinite."""
        return _lower(self) <= _lower(other) and _upper(other) <= _upper(self)

    def holds(self, number: Decimal) -> bool:
        """Return whether a number lies in the range; a missing end is infinite."""
        return _lower(self) <= number <= _upper(self)

    @property
    def data(self) -> dict[str, str]:
        """The amount as stored, with the ends that were stated."""
        ends = {"at_least": self.at_least, "at_most": self.at_most}
        return {name: f"{end:f}" for name, end in ends.items() if end is not None}


class NoFigure(Enum):
    """The value of a statement on a quantity that names no amount: a position of its own kind, equal to itself."""

    NO_FIGURE = "no figure"

    def __str__(self) -> str:
        return "no figure"


NO_FIGURE = NoFigure.NO_FIGURE


# --- reading --------------------------------------------------------------------------------------


def amount_in(text: str) -> Amount | None:
    """Read an amount in one of the forms of `WAYS_TO_WRITE_AN_AMOUNT`; None if the text is none. Raises BadValue."""
    typed = text.strip()
    sign = typed[:2] if typed[:2] in (">=", "<=") else ""
    one, dots, other = typed.removeprefix(sign).partition(".." if not sign else "\0")
    at_least, at_most = decimal_in(one), decimal_in(other if dots else one)
    if at_least is None or at_most is None:
        return None
    return Amount(None if sign == "<=" else at_least, None if sign == ">=" else at_most)


def decimal_in(text: str) -> Decimal | None:
    """Read digits, perhaps with a sign and a decimal point; None if the text is none. Raises BadValue for too many."""
    match = _TYPED.fullmatch(text.strip())
    if match is None or not (match[2] or match[3]):
        return None
    whole, fraction = match[2].lstrip("0"), (match[3] or "").rstrip("0")
    for digits, most, where in ((whole, BEFORE_POINT, "before"), (fraction, AFTER_POINT, "after")):
        if len(digits) > most:
            raise BadValue(f"{shown(text)} has {len(digits)} digits {where} the point; at most {most} are allowed.")
    plain = f"{whole or '0'}.{fraction}" if fraction else whole or "0"
    return Decimal(f"-{plain}" if match[1] == "-" and plain != "0" else plain)


def stored_decimal(text: object) -> Decimal | None:
    """Read a decimal in its stored spelling, the only one of its number; None for anything else."""
    return Decimal(text) if isinstance(text, str) and _CANONICAL.fullmatch(text) else None


@lru_cache(maxsize=65_536)
def amount_of(at_least: str | None, at_most: str | None) -> Amount:
    """Return the amount with these ends as stored. Raises BadValue."""
    return Amount(*(None if end is None else _end(end) for end in (at_least, at_most)))


def _end(text: str) -> Decimal:
    if (number := stored_decimal(text)) is None:
        raise BadValue(f"{shown(text)} is not a decimal as it is stored.")
    return number


# --- comparing ------------------------------------------------------------------------------------


class Course(Enum):
    """How one amount departs from another that it does not equal."""

    RAISED = "raised"
    LOWERED = "lowered"
    NARROWED = "narrowed"
    WIDENED = "widened"


def course(old: Amount, new: Amount) -> Course:
    """Return how an amount departs from an older one, by the ends that both state, if there are any.

    If there are none, a missing end is infinite. The amounts must differ.
    """
    shared = [
        (before, after)
        for before, after in ((old.at_least, new.at_least), (old.at_most, new.at_most))
        if before is not None and after is not None
    ] or [(_lower(old), _lower(new)), (_upper(old), _upper(new))]
    rose = any(after > before for before, after in shared)
    fell = any(after < before for before, after in shared)
    if rose and not fell:
        return Course.RAISED
    if fell and not rose:
        return Course.LOWERED
    return Course.NARROWED if old.contains(new) else Course.WIDENED


def shared_range(one: Amount, other: Amount) -> Amount | None:
    """Return the numbers that two amounts share; None if there are none. It has the ends that either states."""
    at_least, at_most = max(_lower(one), _lower(other)), min(_upper(one), _upper(other))
    if at_least > at_most:
        return None
    return Amount(at_least if at_least.is_finite() else None, at_most if at_most.is_finite() else None)


def gap(one: Amount, other: Amount) -> Decimal | None:
    """Return the distance between two amounts that share no number; None if they do."""
    at_least, at_most = max(_lower(one), _lower(other)), min(_upper(one), _upper(other))
    return difference(at_least, at_most) if at_least > at_most else None


def difference(number: Decimal, other: Decimal) -> Decimal:
    """Return a number less another, exactly, in its stored spelling."""
    found = _EXACT.subtract(number, other)
    return Decimal(0) if not found else found.normalize(_EXACT)


_INFINITY = Decimal("Infinity")


def _lower(amount: Amount) -> Decimal:
    return -_INFINITY if amount.at_least is None else amount.at_least


def _upper(amount: Amount) -> Decimal:
    return _INFINITY if amount.at_most is None else amount.at_most

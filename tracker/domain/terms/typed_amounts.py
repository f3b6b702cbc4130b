"""Amounts as people type them and as events hold them; what is nearly one is refused with what to write."""

from decimal import Decimal

from tracker.domain.terms.amounts import Amount, amount_in, decimal_in, stored_decimal
from tracker.domain.terms.safe_text import shown
from tracker.errors import BadValue


def read_amount(text: str) -> Amount:
    """Read an amount as people type it (see `WAYS_TO_WRITE_AN_AMOUNT` in `amounts.py`). Raises BadValue."""
    if (amount := amount_in(text)) is None:
        from tracker.domain.terms.amount_advice import how_to_write_amount  # noqa: PLC0415 (for refusals alone)

        raise BadValue(f"{shown(text)} is not an amount: {how_to_write_amount(text)}.")
    return amount


def read_decimal(text: str) -> Decimal:
    """Read a decimal as people type it: digits, perhaps a minus and a decimal point. Raises BadValue."""
    if (number := decimal_in(text)) is None:
        from tracker.domain.terms.amount_advice import how_to_write_number  # noqa: PLC0415 (as above)

        raise BadValue(f"{shown(text)} is not a number: {how_to_write_number(text)}.")
    return number


def checked_decimal(text: str) -> str:
    """Check a decimal as people type it, and return it as it is typed. Raises BadValue."""
    read_decimal(text)
    return text


def parse_decimal(text: object) -> Decimal:
    """Read a decimal in its stored spelling, the only one of its number. Raises BadValue, with that spelling."""
    if (number := stored_decimal(text)) is not None:
        return number
    if not isinstance(text, str):
        raise BadValue(f'{shown(text)} is not a decimal in text. Write it in quotes, for example "300".')
    raise BadValue(f"{shown(text)} is not a decimal as it is stored. Write {read_decimal(text):f}.")

"""How to write what was meant by a text that is nearly an amount, for its refusal (DESIGN section 15).

Bounds in words or other signs, units, marks between digits, other digits and other dashes are understood where they can
mean only one thing. Nothing that is understood here is recorded: people write it anew.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.terms.amounts import (
    WAYS_TO_WRITE_A_NUMBER,
    WAYS_TO_WRITE_AN_AMOUNT,
    Amount,
    amount_in,
    decimal_in,
)
from tracker.errors import BadValue


def how_to_write_amount(typed: str) -> str:
    """Return how an amount is written that a text means, or how amounts are written."""
    if (advice := advice_on(typed)) is not None:
        return advice
    if typed.count("..") > 1:
        return "a range has two ends, as in 100..300"
    return f"write {WAYS_TO_WRITE_AN_AMOUNT}"


def advice_on(typed: str) -> str | None:
    """Return how an amount is written that a text means; None if it plainly means none."""
    meant = _meant(typed)
    return None if meant is None else meant.advice


def how_to_write_number(typed: str) -> str:
    """Return how a number is written that a text means, or how numbers are written."""
    meant = _meant(typed)
    return f"write {WAYS_TO_WRITE_A_NUMBER}" if meant is None or not meant.amount.is_exact else meant.advice


def thousands_note(typed: str) -> str | None:
    """Return a note on an amount with exactly three decimals, such as 1.300, which may be meant as thousands."""
    try:
        read, other = amount_in(typed), amount_in(_without_points(typed))
    except BadValue:
        return None
    if read is None or other is None or read == other:
        return None
    return f"{typed.strip()} is read with a decimal point, as {read}. If thousands are meant, write {_quoted(other)}."


class _Meant(NamedTuple):
    """The amount that a text means: perhaps in a `scale` of its own, such as billions, or with a remark.

    `smaller` is the amount in the next smaller scale, `thousands` what it is if its decimal points part thousands.
    """

    amount: Amount
    remark: str = ""
    scale: str = ""
    smaller: Amount | None = None
    thousands: Amount | None = None

    @property
    def advice(self) -> str:
        """How it is written."""
        if self.smaller is not None:
            return (
                f"write it in the unit of the issue, {_quoted(self.amount)} where that counts {self.scale} and "
                f"{_quoted(self.smaller)} where it counts {_SMALLER[self.scale]}"
            )
        doubt = f" ({_quoted(self.thousands)} if thousands are meant)" if self.thousands else ""
        return f"write {_quoted(self.amount)}{doubt}{self.remark}"


def _meant(typed: str) -> _Meant | None:
    """Return what a text means; None if that is not plain."""
    text = _plain(typed)
    try:
        meant = _read(text)
        if meant is None or (whole := _without_points(text)) == text:
            return meant
        other = _read(whole)
        return meant._replace(thousands=other.amount) if other else meant
    except BadValue:  # more digits than an amount may have
        return None


def _read(text: str) -> _Meant | None:
    numbers = list(_NUMBER.finditer(text))
    values = [_value(one[0]) for one in numbers]
    before, after = (text[: numbers[0].start()], text[numbers[-1].end() :]) if numbers else ("", "")
    match values:
        case [Decimal() as number]:
            return _one_number(before, number, after)
        case [Decimal() as one, Decimal() as other]:
            return _two_numbers(before, one, text[numbers[0].end() : numbers[1].start()], other, after)
        case _:
            return None


def _one_number(before: str, number: Decimal, after: str) -> _Meant | None:
    """Return what one number means with what stands before and after it."""
    sign, before = _taken(_BEFORE, before)
    behind, after = _taken(_BEHIND, after)
    unit = _unit_of((before, after))
    if unit is None or (sign and behind) or (sign == "-" and number.is_signed()):
        return None
    sign = sign or behind
    number = _stored(number.copy_negate() if sign == "-" else number)
    amount = Amount(None if sign in ("<", "<=") else number, None if sign in (">", ">=") else number)
    remark = f", which includes {number:f} itself" if sign in ("<", ">") else ""
    return _with_unit(amount, unit, _NOT_EXACT if sign == "~" else remark)


def _two_numbers(before: str, one: Decimal, between: str, other: Decimal, after: str) -> _Meant | None:
    """Return what two numbers mean with what stands before, between and after them."""
    if not between.strip() and other.is_signed():  # 100 -300
        between, other = "-", other.copy_negate()
    sign, before = _taken(_BEFORE_RANGE, before)
    parts = (_AND if sign == "between" else _TO).split(between)
    unit = _unit_of((before, *parts, after))
    if unit is None or len(parts) != 2:
        return None
    amount = Amount(_stored(min(one, other)), _stored(max(one, other)))
    return _with_unit(amount, unit, _NOT_EXACT if sign == "~" else "")


_NOT_EXACT = ", and in the summary that it is not exact"


def _with_unit(amount: Amount, unit: str, remark: str) -> _Meant:
    if unit in _SMALLER:
        smaller = Amount(*(end if end is None else _stored(end, 3) for end in (amount.at_least, amount.at_most)))
        return _Meant(amount, scale=unit, smaller=smaller)
    return _Meant(amount, ": the unit is that of the issue" if unit else remark)


def _taken(signs: Mapping[str, str], text: str) -> tuple[str, str]:
    """Return the first of these signs or words that stands at an end of a text, and the rest of the text."""
    text = text.strip()
    for word, sign in signs.items():
        if text.startswith(word) and not (word[-1].isalpha() and text[len(word) :][:1].isalpha()):
            return sign, text[len(word) :].strip()
        if text.endswith(word) and not (word[0].isalpha() and text[: -len(word)][-1:].isalpha()):
            return sign, text[: -len(word)].strip()
    return "", text


# --- numbers --------------------------------------------------------------------------------------


def _plain(typed: str) -> str:
    """Return a text in lower case with the digits 0 to 9 and plain signs and spaces, without invisible characters."""
    kept = (character for character in typed if unicodedata.category(character) != "Cf")
    text = "".join(_PLAIN.get(one) or (str(unicodedata.decimal(one)) if one.isdecimal() else one) for one in kept)
    return " ".join(text.lower().split()).strip("\"'“”‘’")


_PLAIN = {
    **dict.fromkeys("−－﹣‐‑–—―", "-"),
    **dict.fromkeys("≥⩾≧", ">="),
    **dict.fromkeys("≤⩽≦", "<="),
    **dict.fromkeys("≈≃≅∼～", "~"),
    **dict(zip("．，＋＜＞＝％’٫٬", ".,+<>=%'.,", strict=True)),
    "…": "...",
    "‥": "..",
}
_NUMBER = re.compile(
    r"(?:(?<!\d)[-+])?(?:\d(?:\d|[,.' _](?=\d))*|(?<![.\d])\.\d+)(?:e[-+]?\d{1,2}(?!\w))?",
    re.ASCII,
)
_DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:([,' _])\d{3})(?:\1\d{3})*(?:\.\d+)?", re.ASCII)
_OF_INDIA = re.compile(r"[-+]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?", re.ASCII)
_COMMA = re.compile(r"[-+]?(?:\d+|[1-9]\d{0,2}(?:([.' _])\d{3})(?:\1\d{3})*),\d+", re.ASCII)
_POINTS = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
_THOUSANDS = re.compile(r"(?<![\d,])(?<!\d\.)([1-9]\d{0,2})\.(\d{3})(?![\d,]|\.\d)", re.ASCII)


def _value(number: str) -> Decimal | None:
    """Return the number that digits with marks between them are; None if that is not plain."""
    if _DECIMAL.fullmatch(number):
        return Decimal(number)
    if _GROUPED.fullmatch(number) or _OF_INDIA.fullmatch(number):
        return Decimal(re.sub("[,' _]", "", number))
    if _COMMA.fullmatch(number):
        return Decimal(re.sub("[.' _]", "", number).replace(",", "."))
    return Decimal(number.replace(".", "")) if _POINTS.fullmatch(number) else None


def _stored(number: Decimal, places: int = 0) -> Decimal:
    """Return a number, its decimal point moved to the right, as amounts hold it. Raises BadValue if it is too long."""
    found = decimal_in(f"{Decimal(f'{number:f}e{places}'):f}")
    assert found is not None  # a number is written in digits
    return found


def _without_points(text: str) -> str:
    return _THOUSANDS.sub(r"\1\2", text)


def _quoted(amount: Amount) -> str:
    """An amount as it is typed, in quotes where a shell or YAML would read a bound as its own."""
    return f"{amount}" if amount.at_least is not None and amount.at_most is not None else f'"{amount}"'


# --- signs, words and units -------------------------------------------------------------------------


def _signs(words: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """The sign for each word, the longest first."""
    found = {word: sign for sign, those in words.items() for word in those}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


_NO_BOUND = ("..", "...")
"""The dots of a range that lacks an end: what is stated is a bound."""
_BEFORE = _signs(
    {
        ">=": (">=", "=>", "> =", "at least", "no less than", "minimum", "min", "min.", "from"),
        "<=": ("<=", "=<", "< =", "at most", "no more than", "maximum", "max", "max.", "up to", "by", *_NO_BOUND),
        ">": (">", "more than", "over", "above", "greater than"),
        "<": ("<", "less than", "under", "below", "fewer than"),
        "~": ("~", "about", "around", "ca", "ca.", "circa", "approx", "approx.", "approximately", "roughly"),
        "=": ("=", "==", "exactly"),
        "-": ("-", "minus"),
    }
)
_BEHIND = _signs(
    {
        ">=": ("+", "or more", "and more", "or above", "and above", "or over", "or higher", "or later", *_NO_BOUND),
        "<=": ("or less", "or fewer", "or below", "or lower", "or earlier"),
        "~": ("or so",),
    }
)
_BEFORE_RANGE = _signs({"~": ("~", "about", "around", "ca.", "circa"), "between": ("between",), "=": ("from",)})
_TO = re.compile(r"\s*(?:\.{2,}|-|~|\b(?:to|until|till|through)\b)\s*")
_AND = re.compile(r"\s*\band\b\s*")

_SCALES = _signs(
    {
        "thousands": ("k", "thousand", "thousands", "tsd"),
        "millions": ("m", "mn", "mio", "mln", "million", "millions"),
        "billions": ("b", "bn", "bln", "billion", "billions", "mrd", "milliard", "milliards"),
        "trillions": ("tn", "trn", "trillion", "trillions"),
    }
)
_SMALLER = {"thousands": "ones", "millions": "thousands", "billions": "millions", "trillions": "billions"}
_NO_UNITS = frozenset(
    [
        *("and", "or", "to", "not", "no", "than", "least", "most", "less", "more", "e", "x", "t"),
        *("crore", "crores", "lakh", "lakhs", "hundred", "hundreds", "dozen", "dozens", "score"),
    ]
)
"""Words beside a number that are no unit, or may be one and may multiply it."""


def _unit_of(texts: Iterable[str]) -> str | None:
    """Return the scale that units in texts name, or `unit`; nothing without one, None for what may be no unit."""
    written = [text for text in texts if text.strip()]
    words = [word for text in written for word in re.findall(r"[^\W\d_]+", text)]
    signs = {sign for text in written for sign in text if not sign.isalpha()} - {*" .²³·/"}
    if any(unicodedata.category(sign) != "Sc" for sign in signs - {*"%‰°"}) or not _NO_UNITS.isdisjoint(words):
        return None
    scales = {_SCALES[word] for word in words if word in _SCALES}
    if len(scales) > 1 or (written and not (words or signs)):
        return None
    return min(scales, default="unit" if written else "")

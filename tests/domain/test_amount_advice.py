"""Texts that are nearly amounts: each refusal has the amount that was meant, in the one way to write it."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.domain.terms.amount_advice import thousands_note
from tracker.domain.terms.typed_amounts import read_amount, read_decimal
from tracker.errors import BadValue

_WRITE = re.compile(r'(?:write|unit of the issue,) "?([-<>=.0-9]*[0-9])"?')
_EXAMPLES = 'write 300, ">=1300"'


def advice(typed: str) -> str:
    """What is said after the colon of a refusal."""
    with pytest.raises(BadValue) as refused:
        read_amount(typed)
    named, colon, said = refused.value.message.partition(" is not an amount: ")
    assert named
    assert colon
    return said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("≥5", 'write ">=5".'),
        ("=< 5", 'write "<=5".'),
        (">5", 'write ">=5", which includes 5 itself.'),
        ("fewer than 5", 'write "<=5", which includes 5 itself.'),
        ("At least 1,300", 'write ">=1300".'),
        ("from 2030", 'write ">=2030".'),
        ("by 2040", 'write "<=2040".'),
        ("5+", 'write ">=5".'),
        ("5 years or more", 'write ">=5": the unit is that of the issue.'),
        ("5..", 'write ">=5".'),
        ("..5", 'write "<=5".'),
        ("100–300", "write 100..300."),
        ("100-300", "write 100..300."),
        ("100 to 300", "write 100..300."),
        ("between 100 and 300", "write 100..300."),
        ("-5--3", "write -5..-3."),
        ("5…6", "write 5..6."),
        ("5..6..7", "a range has two ends, as in 100..300."),
        ("300 USD", "write 300: the unit is that of the issue."),
        ("USD 300", "write 300: the unit is that of the issue."),
        ("$300", "write 300: the unit is that of the issue."),
        ("1.5 °C", "write 1.5: the unit is that of the issue."),
        ("1.300 USD", "write 1.3 (1300 if thousands are meant): the unit is that of the issue."),
        (
            "1.3tn",
            "write it in the unit of the issue, 1.3 where that counts trillions and 1300 where it counts billions.",
        ),
        (
            ">= USD 300 million",
            'write it in the unit of the issue, ">=300" where that counts millions and ">=300000" where it counts '
            "thousands.",
        ),
        ("~300", "write 300, and in the summary that it is not exact."),
        ("1,300", "write 1300."),
        ("1\u202f300", "write 1300."),
        ("1’300.50", "write 1300.5."),
        ("1.300,5", "write 1300.5."),
        ("1.300.000", "write 1300000."),
        ("1,5", "write 1.5."),
        ("0,300", "write 0.3."),
        ("1e9", "write 1000000000."),
        ("1.5E-3", "write 0.0015."),
        ("３００", "write 300."),
        ("٣٠٠", "write 300."),
        ("١٬٣٠٠", "write 1300."),
        ("−5", "write -5."),
        ('">=5"', 'write ">=5".'),
    ],
)
def test_a_refusal_has_the_amount_that_was_meant(typed: str, said: str) -> None:
    assert advice(typed) == said


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            ">=",
            "abc",
            ">=abc",
            "NaN",
            "Infinity",
            "²",
            "½",
            "1/2",
            "0x10",
            "10^9",
            "--5",
            "±5",
            "(5)",
            "5 or 6",
        ),
        *(
            ">=5..6",
            "5..>=6",
            "2024-11-20",
            "5 6",
            "not 5",
            "5 crore",
            "5 t",
            "900 bn to 1.3 tn",
            "1e99",
            f"{10**18}bn",
        ),
    ],
)
def test_what_is_not_plain_has_the_ways_to_write_an_amount(typed: str) -> None:
    assert advice(typed) == 'write 300, ">=1300", "<=200" or 100..300.'


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1,300", "write 1300."), (">=5", "write digits, perhaps with a decimal point, as in 250 or 1.5.")],
)
def test_one_number_is_no_bound(typed: str, said: str) -> None:
    with pytest.raises(BadValue, match=re.escape(f"{typed!r} is not a number: {said}")):
        read_decimal(typed)


# --- laws -----------------------------------------------------------------------------------------


_DIGITS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"]


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A number as people may write it, and as it is stored."""
    whole, minus = draw(st.integers(0, 10**15)), draw(st.booleans())
    decimals = draw(st.sampled_from(["", "5", "25", "0625"]))
    point, mark = draw(st.sampled_from([(".", ""), (".", ","), (",", "."), (".", " "), (",", "\u202f"), (".", "’")]))
    grouped = f"{whole:,}".replace(",", mark) if whole > 999_999 else str(whole)
    digits = draw(st.sampled_from(_DIGITS))
    text = (grouped + (point + decimals if decimals else "")).translate(str.maketrans(_DIGITS[0], digits))
    negative = minus and (whole or decimals)
    stored = f"{'-' if negative else ''}{whole}{'.' + decimals if decimals else ''}"
    return f"{draw(st.sampled_from(['-', '−', '－']))}{text}" if negative else text, stored


_WAYS = {
    ">={}": (">={}", "≥{}", "≥ {}", "=>{}", "at least {}", "No less than {}", "{}+", "{} or more", "{}.."),
    "<={}": ("<={}", "≤{}", "=< {}", "at most {}", "up to {}", "{} or less", "..{}", "max. {}"),
    "{}": ("{}", "={}", "~{}", "about {}", "{} USD", "USD {}", "€{}", "{} °C", "{}%", "{} km/h"),
    "{}..{}": (
        "{}..{}",
        "{} .. {}",
        "{}…{}",
        "{}–{}",
        "{} – {}",
        "{} to {}",
        "between {} and {}",
        "{}~{}",
        "{} to {} years",
    ),
}


@pytest.mark.parametrize(("way", "plain"), [(way, plain) for plain, ways in _WAYS.items() for way in ways])
@given(one=numbers(), other=numbers())
@settings(max_examples=20)
def test_a_text_is_read_as_it_is_meant_or_refused_with_what_is_meant(
    way: str, plain: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    low, high = sorted((one, other), key=lambda number: read_decimal(number[1]))
    typed, meant = way.format(low[0], high[0]), read_amount(plain.format(low[1], high[1]))
    try:
        assert read_amount(typed) == meant
    except BadValue as refused:
        (found,) = _WRITE.findall(refused.message)
        assert read_amount(found) == meant


@given(st.text(st.sampled_from("0123456789０٣²½.,…'’ _+-−–<>=≤≥~$€%eEbntoa/()²\u200f\u202f"), max_size=12))
@example("²")
@example("..")
def test_a_refusal_suggests_only_what_is_taken(typed: str) -> None:
    try:
        read_amount(typed)
    except BadValue as refused:
        for found in [] if _EXAMPLES in refused.message else _WRITE.findall(refused.message.rpartition("'")[2]):
            read_amount(found)


# --- thousands ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1.300", "1.300 is read with a decimal point, as 1.3. If thousands are meant, write 1300."),
        (">= 12.345", '>= 12.345 is read with a decimal point, as >=12.345. If thousands are meant, write ">=12345".'),
        (
            "1.300..1.500",
            "1.300..1.500 is read with a decimal point, as 1.3..1.5. If thousands are meant, write 1300..1500.",
        ),
        ("1.300..2", None),
        ("0.125", None),
        ("1234.567", None),
        ("1.30", None),
        ("1.3000", None),
        ("1300", None),
        ("1,300", None),
    ],
)
def test_three_decimals_may_be_thousands(typed: str, said: str | None) -> None:
    assert thousands_note(typed) == said

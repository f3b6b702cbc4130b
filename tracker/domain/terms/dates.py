"""Days, statement dates of limited precision (a subset of EDTF, ISO 8601-2), and recording instants.

`parse_day` and `stated_day` read what is stored; `read_day` and `read_stated` read what people type.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, Self

from tracker.domain.terms.safe_text import shown
from tracker.errors import BadValue

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EDTF = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?[~?]?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})", re.ASCII)

_CANONICAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)
"""The spelling of an instant in the log, which needs no conversion."""


class StatedDay(NamedTuple):
    """The first day that a statement date can mean, and the last, on which it takes effect."""

    first: date
    effective: date


class WrittenDay(date):
    """The last day of a month or a year that was named instead of a day: `written` is that text, `2004-05` or `1991`.

    It is that day in every comparison and as data, and reads as it was written. What is reckoned from it is a plain
    day, without such a text.
    """

    written = ""

    @classmethod
    def of(cls, day: date, written: str) -> Self:
        """Return a day that reads otherwise."""
        found = cls(day.year, day.month, day.day)
        found.written = written
        return found

    def __str__(self) -> str:
        return self.written or self.isoformat()

    def __reduce__(self) -> tuple[Callable[[date, str], Self], tuple[date, str]]:
        return type(self).of, (date.fromordinal(self.toordinal()), self.written)


def day_as_written(text: str) -> date:
    """Return the last day that a month or a year can mean, as one that reads as it was written; a day as it is."""
    first, last = stated_day(text)
    return last if first == last else WrittenDay.of(last, text)


def parse_day(text: object) -> date:
    """Read one calendar day, `2019-12-10`. Raises BadValue."""
    if type(text) is date:
        return text
    if isinstance(text, str) and _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadValue(f"{text!r} is not a day of the calendar. Write it as YYYY-MM-DD.") from None
    raise BadValue(f"{shown(text)} is not a day. Write it as YYYY-MM-DD, for example 2019-12-10.")


@lru_cache(maxsize=65_536)
def stated_day(text: str) -> StatedDay:
    """Read a statement date: a day, a month (`2019-12`) or a year (`2019`), each optionally with `~` or `?`.

    It may also be an interval of two days (`2015-12-05/2015-12-11`). What is not one day takes effect on its last day.
    Raises BadValue.
    """
    match = _EDTF.fullmatch(text)
    if match is None and "/" in text:
        return _interval(text)
    if match is None:
        raise BadValue(
            f"{shown(text)} is not a date. Write a day (2019-12-10), a month (2019-12) or a year (2019), "
            "perhaps with ~ or ? behind it."
        )
    year, month, day = (None if part is None else int(part) for part in match.groups())
    assert year is not None
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        last_month = 12 if month is None else month
        return StatedDay(first, date(year, last_month, monthrange(year, last_month)[1] if day is None else day))
    except ValueError:
        raise BadValue(f"{text!r} is not a date of the calendar. Check year, month and day.") from None


def _interval(text: str) -> StatedDay:
    first, _, last = text.partition("/")
    if not (_DAY.fullmatch(first) and _DAY.fullmatch(last)):
        raise BadValue(f"{shown(text)} is not an interval of two days, such as 2015-12-05/2015-12-11.")
    found = StatedDay(parse_day(first), parse_day(last))
    if found.first > found.effective:
        raise BadValue(f"{shown(text)} ends before it begins. Write {last}/{first}.")
    return found


def is_interval(text: str) -> bool:
    """Return whether a statement date is an interval of two days."""
    return "/" in text


WAYS_TO_WRITE_A_DAY = "2015-12-05, 5 Dec 2015, 25.12.2015, today, yesterday, 7d or 2w (so long ago)"
"""Examples of everything that `read_day` reads, for help and refusals."""


def read_day(text: str, today: date | None) -> date:
    """Read a day as people type it (see `WAYS_TO_WRITE_A_DAY`), whatever its case.

    Without a `today`, as in a file that is read again on other days, it must not be counted from today.
    Raises BadValue, also where day and month could change places, with both readings.
    """
    words = " ".join(text.split()).lower()
    if (match := re.fullmatch(r"(\d{1,5})([dw])|today|yesterday", words, re.ASCII)) is not None:
        if today is None:
            raise BadValue(f"{shown(text)} is another day whenever the file is read. Write the day itself.")
        days = int(match[1]) * (7 if match[2] == "w" else 1) if match[1] else int(words == "yesterday")
        return days_before(today, days)
    written = _written_day(words)
    try:
        return parse_day(written or text)
    except BadValue as error:
        if written is not None:
            raise BadValue(f"{shown(text)} is not a day of the calendar. Check year, month and day.") from None
        others = WAYS_TO_WRITE_A_DAY.partition(", ")[2]  # the first is in the message
        raise BadValue(f"{error.message} It may also be written {others}.") from None


def read_stated(text: str, today: date | None) -> str:
    """Read a statement date as people type it, and return it as it is stored (see `stated_day`).

    Beyond that form it may be whatever `read_day` reads, or a month such as `Dec 2015`, with `~` or `?` behind it, or
    two days with a slash between them. Raises BadValue.
    """
    if _EDTF.fullmatch(text):
        stated_day(text)
        return text
    bare = text.rstrip()
    if (days := _TWO_DAYS.fullmatch(bare)) is not None:
        interval = "/".join(read_day(day, today).isoformat() for day in days.groups())
        stated_day(interval)
        return interval
    if _TWO_MARKS.search(bare):
        raise BadValue(f"{shown(text)} has two marks behind it. Write one: ~ for about, ? for uncertain.")
    mark = bare[-1:] if bare.endswith(("~", "?")) else ""
    words = " ".join(bare.removesuffix(mark).split())
    if (month := _NAMED_MONTH.fullmatch(words.lower())) is not None and month[1] in _MONTHS:
        return f"{month[2]}-{_MONTHS[month[1]]:02}{mark}"
    try:
        return f"{read_day(words, today).isoformat()}{mark}"
    except BadValue as error:
        if _EDTF_LIKE.fullmatch(words):
            stated_day(text)  # which says what is wrong with a month or a year
        if WAYS_TO_WRITE_A_DAY not in error.message:
            raise  # it is a day, though not one that can be read
        raise BadValue(f"{error.message} A month (2019-12) or a year (2019) will do, perhaps with ~ or ?.") from None


def _written_day(words: str) -> str | None:
    """A day with a month's name, or in numbers with its year first or last, as ISO text; None for any other text."""
    if (match := _NUMBERS.fullmatch(words)) is not None:
        return _day_of_numbers(words, *match.groups()[::2])
    if (match := _YEAR_FIRST.fullmatch(words)) is not None:
        year, _, month, day = match.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    for form in _NAMED_DAYS:
        if (match := form.fullmatch(words)) is not None and match["month"] in _MONTHS:
            return f"{match['year']}-{_MONTHS[match['month']]:02}-{match['day']:0>2}"
    return None


def _day_of_numbers(words: str, first: str, second: str, year: str) -> str:
    """The day of two numbers and a year: which of the two is the month must be plain."""
    one, other = int(first), int(second)
    if one != other and 1 <= one <= 12 and 1 <= other <= 12:
        readings = " or ".join(
            f"{year}-{month:02}-{day:02} ({day} {_MONTH_NAMES[month - 1].capitalize()} {year})"
            for day, month in ((one, other), (other, one))
        )
        raise BadValue(f"{shown(words)} can be read in two ways. Write {readings}.")
    day, month = (one, other) if other <= 12 else (other, one)
    return f"{year}-{month:02}-{day:02}"


_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name[:length]: number for number, name in enumerate(_MONTH_NAMES, 1) for length in (3, 4, len(name))}
"""The number of each month, by its English name or the first three or four letters of it."""
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})(\2)(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})", re.ASCII)
_NAMED_DAYS = (
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -]?(?P<month>[a-z]{3,9})[.,]?[ -]?(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<month>[a-z]{3,9})\.? ?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:, ?| )(?P<year>\d{4})", re.ASCII),
)
_NAMED_MONTH = re.compile(r"([a-z]{3,9})[.,]? ?(\d{4})", re.ASCII)
_TWO_MARKS = re.compile(r"[~?]\s*[~?]$")
_TWO_DAYS = re.compile(r"([^/]{5,})/([^/]{5,})")
"""Two days as an interval; a slash may also stand within a day, between shorter parts."""
_EDTF_LIKE = re.compile(r"\d{4}(-\d{1,2})?", re.ASCII)


def parse_instant(text: object) -> datetime:
    """Read an instant with its zone (RFC 3339) as UTC, to the microsecond. Raises BadValue."""
    if isinstance(text, str) and _CANONICAL.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    elif isinstance(text, str) and _INSTANT.fullmatch(text):
        try:
            return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.upper())).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise BadValue(f"{shown(text)} is not an instant. Write it with its zone, for example 2019-12-10T17:21:00Z.")


def instant_text(instant: datetime) -> str:
    """Return the canonical spelling of a UTC instant: six decimals, Z."""
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


def last_instant(day: date) -> datetime:
    """Return the last microsecond of a day, UTC."""
    return datetime.combine(day, time.max, tzinfo=UTC)


def days_before(day: date, number: int) -> date:
    """Return the day that is `number` days earlier, or the calendar's first."""
    return day - timedelta(number) if day.toordinal() > number else date.min

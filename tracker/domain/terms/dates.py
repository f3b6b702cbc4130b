"""Days, statement dates of limited precision (a subset of EDTF, ISO 8601-2), and recording instants."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

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

    An imprecise date takes effect on its last day. Raises BadValue.
    """
    match = _EDTF.fullmatch(text)
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

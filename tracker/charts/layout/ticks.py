"""Where an axis has its ticks: whole years, quarters, months or days, and round numbers."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from tracker.reports.wording import day_text, short_day


class Tick(NamedTuple):
    """A place on an axis, and the text beside it."""

    at: date | Decimal
    text: str


_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_DAYS = (1, 2, 7, 14)


def day_ticks(first: date, last: date, most: int) -> list[Tick]:
    """Return at most so many ticks from one day to another, as fine as that allows."""
    for days in _DAYS:
        if (last - first).days // days < most:
            return [Tick(day, short_day(day)) for day in _each_day(first, last, days)]
    for months in _MONTHS:
        found = list(_each_month(first, last, months))
        if len(found) <= most:
            return [Tick(day, _month_text(day)) for day in found]
    for years in _YEARS:
        found = [date(year, 1, 1) for year in range(first.year, last.year + 1) if year % years == 0 and year > 0]
        found = [day for day in found if first <= day <= last]
        if len(found) <= most:
            break
    return [Tick(day, str(day.year)) for day in found]


def _each_day(first: date, last: date, step: int) -> Iterator[date]:
    for number in range(0, (last - first).days + 1, step):
        yield first + timedelta(number)


def _each_month(first: date, last: date, step: int) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = date(number // 12, number % 12 + 1, 1)
        if (day.month - 1) % step == 0 and first <= day <= last:
            yield day


def _month_text(day: date) -> str:
    return str(day.year) if day.month == 1 else day_text(day).split(" ")[1]


def number_ticks(first: Decimal, last: Decimal, most: int) -> list[Decimal]:
    """Return at most so many round numbers from one to another."""
    span = last - first
    if not span:
        return [first]
    step = Decimal(1).scaleb(span.adjusted() - 2)
    while span / step > most - 1:
        step = next(step * by for by in (2, Decimal("2.5"), 5, 10) if span / (step * by) <= most - 1 or by == 10)
    start = (first / step).to_integral_value(rounding="ROUND_CEILING")
    return [
        (number * step).normalize()
        for number in _integers(start, (last / step).to_integral_value(rounding="ROUND_FLOOR"))
    ]


def _integers(first: Decimal, last: Decimal) -> Iterator[Decimal]:
    while first <= last:
        yield first
        first += 1

"""Statement dates, days and instants."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.terms.dates import (
    days_before,
    instant_text,
    last_instant,
    parse_day,
    parse_instant,
    read_day,
    read_stated,
    stated_day,
)
from tracker.errors import BadValue


@pytest.mark.parametrize(
    ("text", "first", "effective"),
    [
        ("2019-12-10", date(2019, 12, 10), date(2019, 12, 10)),
        ("2019-12-10?", date(2019, 12, 10), date(2019, 12, 10)),
        ("2019-12", date(2019, 12, 1), date(2019, 12, 31)),
        ("2020-02~", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("9999~", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_an_imprecise_date_takes_effect_on_its_last_day(text: str, first: date, effective: date) -> None:
    assert stated_day(text) == (first, effective)


@pytest.mark.parametrize(
    "text",
    [
        "2019-02-30",
        "2019-13",
        "2019-00",
        "2019-01-00",
        "0000",
        "19-1-1",
        "2019-1",
        "2019-12-10~?",
        "2019/12",
        "",
        "١٩٩٩",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        stated_day(text)


def test_a_day_is_one_day_and_nothing_else() -> None:
    assert parse_day("2019-12-10") == date(2019, 12, 10)
    for other in ("2019-12", "20191210", "2019-12-10T00:00:00Z", 20191210, None):
        with pytest.raises(BadValue):
            parse_day(other)


def test_a_day_of_the_recorded_clock_is_its_last_instant_in_utc() -> None:
    assert instant_text(last_instant(date(2019, 12, 10))) == "2019-12-10T23:59:59.999999Z"


def test_an_instant_needs_its_zone_and_is_kept_in_utc() -> None:
    assert parse_instant("2019-12-10T17:21:00-05:00") == datetime(2019, 12, 10, 22, 21, tzinfo=UTC)
    assert parse_instant("2019-12-10t17:21z") == datetime(2019, 12, 10, 17, 21, tzinfo=UTC)
    for other in ("2019-12-10T17:21:00", "2019-12-10", "0001-01-01T00:00:00+14:00", "now"):
        with pytest.raises(BadValue):
            parse_instant(other)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_has_one_spelling(instant: datetime) -> None:
    assert parse_instant(instant_text(instant)) == instant
    assert len(instant_text(instant)) == 27


def test_days_before_stops_at_the_calendars_first() -> None:
    assert days_before(date(2020, 3, 1), 3) == date(2020, 2, 27)
    assert days_before(date(1, 1, 2), 3) == date.min


TODAY = date(2016, 1, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015-12-05", "2015-12-05"),
        *((text, "2016-01-05") for text in ("today", "Today", " today ", "0d")),
        *((text, "2016-01-04") for text in ("yesterday", "YESTERDAY", "1d")),
        ("7d", "2015-12-29"),
        ("2w", "2015-12-22"),
        *(
            (text, "2015-12-05")
            for text in ("5 Dec 2015", "05 december 2015", "5th Dec. 2015", "5-Dec-2015", "5dec2015")
        ),
        *((text, "2015-12-05") for text in ("Dec 5, 2015", "December 5 2015", "dec. 5th, 2015", "5  Dec   2015")),
        *((text, "2015-09-30") for text in ("30 Sept 2015", "30 sep 2015", "Sep 30, 2015")),
        *((text, "2015-12-12") for text in ("12.12.2015", "12/12/2015", "12-12-2015")),
        *((text, "2015-12-25") for text in ("25.12.2015", "12/25/2015", "25/12/2015", "2015/12/25", "2015.12.25")),
        ("2015-2-3", "2015-02-03"),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: str) -> None:
    assert read_day(text, TODAY).isoformat() == day
    assert read_stated(text, TODAY) == day


@pytest.mark.parametrize("text", ["05.12.2015", "5/12/2015", "12-5-2015"])
def test_a_day_that_can_be_read_in_two_ways_is_refused_with_both(text: str) -> None:
    for read in (read_day, read_stated):
        with pytest.raises(BadValue, match="two ways") as refused:
            read(text, TODAY)
        for reading in ("2015-12-05 (5 December 2015)", "2015-05-12 (12 May 2015)"):
            assert reading in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["5 Dec", "5 Foo 2015", "31.02.2015", "31 Feb 2015", "0/0/2015", "5.12.15", "tomorrow", "7m", "5 Dec 15", ""],
)
def test_the_refusal_of_another_day_says_what_to_write(text: str) -> None:
    for read in (read_day, read_stated):
        with pytest.raises(BadValue, match=r"Check year, month and day\.|today, yesterday, 7d"):
            read(text, TODAY)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        *((text, "2015-12") for text in ("2015-12", "Dec 2015", "december 2015")),
        *((text, "2015-12?") for text in ("2015-12?", "Dec 2015?", "Dec 2015 ?")),
        *((text, "2015-12-05~") for text in ("2015-12-05~", "5 Dec 2015~")),
        ("2015", "2015"),
    ],
)
def test_a_statement_date_may_be_a_month_or_a_year_and_uncertain(text: str, stored: str) -> None:
    assert read_stated(text, TODAY) == stored


@pytest.mark.parametrize("text", ["today", "yesterday", "7d", "2w"])
def test_a_day_in_a_file_is_not_counted_from_today(text: str) -> None:
    with pytest.raises(BadValue, match="Write the day itself"):
        read_stated(text, None)


def test_days_that_the_calendar_lacks_are_refused_as_such() -> None:
    with pytest.raises(BadValue, match="not a day of the calendar"):
        read_day("31.02.2015", TODAY)
    assert read_day("99999w", TODAY) >= date.min


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2015-12-05/2015-12-11", "2015-12-05/2015-12-11"),
        ("5 Dec 2015/11 Dec 2015", "2015-12-05/2015-12-11"),
        ("25.12.2015 / 2015-12-26", "2015-12-25/2015-12-26"),
        ("25/12/2015", "2015-12-25"),
        ("2015/12/25", "2015-12-25"),
    ],
)
def test_two_days_with_a_slash_between_them_are_an_interval(typed: str, stored: str) -> None:
    assert read_stated(typed, None) == stored
    assert stated_day(stored).effective == date.fromisoformat(stored[-10:])


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2015-12-11/2015-12-05", "ends before it begins. Write 2015-12-05/2015-12-11."),
        ("Dec 2015/Jan 2016", "'Dec 2015' is not a day."),
        ("2015-12-05/soonish", "'soonish' is not a day."),
    ],
)
def test_what_is_no_interval_is_refused_by_the_day_at_fault(typed: str, says: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_stated(typed, None)
    assert says in refused.value.message

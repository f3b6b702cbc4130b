"""Statement dates, days and instants."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.terms.dates import days_before, instant_text, last_instant, parse_day, parse_instant, stated_day
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

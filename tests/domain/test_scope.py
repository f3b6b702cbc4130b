"""Cut-offs as people write them."""

from datetime import UTC, datetime

import pytest

from tracker.domain.terms.scope import parse_known_at
from tracker.errors import BadValue


def test_a_moment_of_recording_is_a_position_a_day_or_an_instant() -> None:
    assert parse_known_at("@012").position == 12
    assert parse_known_at("2019-12-10").instant == datetime(2019, 12, 10, 23, 59, 59, 999999, tzinfo=UTC)
    assert parse_known_at("2019-12-10T01:00:00+01:00").text == "2019-12-10T00:00:00.000000Z"


@pytest.mark.parametrize("text", ["@", "@-1", "2019-12", "2019-02-30", "2019-12-10T01:00:00", "yesterday", ""])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="not a moment of recording"):
        parse_known_at(text)

"""What is kept of the entries that were read: as much as there is room for, and never what cannot be read."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from tests.ledger import id_of
from tracker.errors import LogDamaged
from tracker.storage.queries import statement_cache as kept

FIRST, LAST = date(2019, 1, 1), date(2019, 12, 31)
TEXT = """
    a: stated RUS x supports 2018-01-01
    stated USA x opposes 2018-01-01 if=verified
    stated CHN x neutral 2018-01-01
    stated USA x opposes 2018-06-01
    stated RUS x opposes 2019-06-01
    """


@pytest.mark.parametrize("room", range(5))
def test_answers_are_the_same_however_little_is_kept(
    new_tracker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    with new_tracker(TEXT) as tracker:
        expected = tracker.state(LAST).cells, tracker.report(FIRST, LAST)
    monkeypatch.setattr(kept, "_AT_MOST", room)
    with new_tracker(TEXT) as tracker:
        for _ in range(2):
            assert (tracker.state(LAST).cells, tracker.report(FIRST, LAST)) == expected
            assert len(tracker._log.cached._cached) <= room


@pytest.mark.parametrize(
    ("was", "became"), [("supports", "support"), ('"summary"', '"words"'), ("2018-01-01", "2018-13"), ("data", "date")]
)
def test_an_entry_that_cannot_be_read_is_named(new_tracker: Callable[..., Any], was: str, became: str) -> None:
    with new_tracker(TEXT) as tracker:
        position = tracker.positions([id_of("a")])[id_of("a")]
        with closing(sqlite3.connect(tracker._log.backend.path)) as connection:
            connection.execute("DROP TRIGGER log_refuses_update")
            connection.execute("UPDATE log SET line = replace(line, ?, ?) WHERE position = ?", (was, became, position))
            connection.commit()
        with pytest.raises(LogDamaged, match=f"position {position}"):
            tracker.state(FIRST)
        with pytest.raises(LogDamaged, match=f"position {position}"):
            tracker.report(FIRST, LAST)

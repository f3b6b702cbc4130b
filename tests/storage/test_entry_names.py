"""How messages name entries: at their positions for people, by their ids in findings on files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ledger import id_of
from tracker.errors import BadData, BadTarget, NoLongerCounts, UnknownEntry
from tracker.reports.tables.entry_table import entry_fields

pytestmark = pytest.mark.on_both_backends

LEDGER = """
    a: stated RUS a/b supports 2019-12-10
    b: corrected a stance=opposes
"""


def test_people_read_positions(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker, pytest.raises(NoLongerCounts) as refused:
        tracker.retract("@3", reason="x", by="me")
    assert str(refused.value) == "Entry @3 no longer counts: it was corrected. Target the correction @4 instead."


def test_a_finding_on_a_file_names_the_ids_that_stand_in_it(new_tracker: Callable[..., Any], tmp_path: Path) -> None:
    line = {
        "specversion": "1.0",
        "source": "tracker",
        "id": "00000000-0000-7000-8000-000000000001",
        "type": "entry.retracted.v1",
        "time": "2019-12-12T00:00:00Z",
        "recordedby": "me",
        "data": {"target": id_of("a"), "reason": "x"},
    }
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps(line))
    with new_tracker(LEDGER) as tracker, pytest.raises(BadData) as refused:
        tracker.load([file])
    (finding,) = refused.value.findings
    assert f"Entry {id_of('a')} no longer counts" in finding.message
    assert f"Target the correction {id_of('b')}" in finding.message


def test_the_last_entry_goes_by_last(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        assert tracker.show("@last").entry.id == tracker.show("@LAST").entry.id == id_of("b")
        assert tracker.correct("@last", {"summary": "x"}, reason="x", by="me").target.id == id_of("b")
    with new_tracker() as tracker, pytest.raises(UnknownEntry, match="No entry '@last'"):
        tracker.show("@last")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("3", "Did you mean @3?"), ("04", "Did you mean @4?"), ("999", "@4 (the last)"), ("@999", "its last is @4")],
)
def test_a_number_hints_at_the_position_that_was_meant(new_tracker: Callable[..., Any], name: str, hint: str) -> None:
    with new_tracker(LEDGER) as tracker, pytest.raises(BadTarget) as refused:
        tracker.show(name)
    assert hint in str(refused.value)


def test_show_names_other_entries_by_position_and_as_data_by_id(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        corrected, correction = (entry_fields(tracker.show(name)) for name in ("@3", "@4"))
    assert ("counts", "no: corrected by @4") in corrected.lines
    assert ("target", "@3") in correction.lines
    assert corrected.data["ended_by"]["id"] == id_of("b")

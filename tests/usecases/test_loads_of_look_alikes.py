"""Entries of a file to load that look like a statement on record: a load takes them and says so."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ledger import id_of
from tests.usecases.test_on_record import FIRST, ON_RECORD, run
from tracker.domain.timeline.statement import Statement
from tracker.storage.queries import look_alikes
from tracker.storage.queries.statement_cache import read_statement

pytestmark = pytest.mark.on_both_backends


def exported(tracker: Any, file: Path, **changes: str) -> None:
    """The last entry of a log as a colleague would have recorded it."""
    with file.open("wb") as out:
        tracker.export(out)
    line = json.loads(file.read_text().splitlines()[-1])
    line["id"] = id_of("theirs")
    line["data"] |= changes
    file.write_text(json.dumps(line) + "\n")


@pytest.mark.parametrize(
    ("changes", "noted"), [({}, True), ({"summary": "Other words."}, True), ({"speaker": "X"}, False)]
)
def test_a_load_says_what_looks_like_a_statement_on_record(
    new_tracker: Callable[..., Any], tmp_path: Path, changes: dict[str, str], noted: bool
) -> None:
    file = tmp_path / "theirs.jsonl"
    with new_tracker(ON_RECORD) as tracker:
        run(tracker, FIRST)
        exported(tracker, file, **changes)
        loaded = tracker.load([file])
        assert (loaded.appended, loaded.noted) == (1, int(noted))
        for note in loaded.notes:
            assert (note.file, note.line) == (str(file), 1)
            assert "now @7, looks like @6" in note.message
        assert tracker.load([file]).noted == 0


def test_a_load_says_nothing_of_a_look_alike_that_counts_no_longer(
    new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run(tracker, FIRST)
        exported(tracker, tmp_path / "theirs.jsonl")
        tracker.retract("@6", reason="x", by="me")
        assert tracker.load([tmp_path / "theirs.jsonl"]).noted == 0


def test_a_load_reads_what_may_look_alike_once_however_much_was_said_on_a_day(
    new_tracker: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def counted(*row: Any) -> Statement:
        read.append(row)
        return read_statement(*row)

    monkeypatch.setattr(look_alikes, "read_statement", counted)
    file, said = tmp_path / "theirs.jsonl", "stated RUS a/b supports 2020-01-02 speaker="
    with new_tracker(ON_RECORD + "\n".join(f"{said}S{number}" for number in range(60))) as tracker:
        exported(tracker, file)
        one = json.loads(file.read_text())
        theirs = [
            one | {"id": id_of(f"theirs {number}"), "data": one["data"] | {"speaker": f"S{number}"}}
            for number in range(50, 90)
        ]
        file.write_text("".join(json.dumps(line) + "\n" for line in theirs))
        loaded = tracker.load([file])
        assert (loaded.appended, loaded.noted) == (40, 10)
        pairs = [re.search(r"now @(\d+), looks like @(\d+)", note.message) for note in loaded.notes]
        assert {int(found[1]) - int(found[2]) for found in pairs if found} == {10}  # S50 is @56, and again @66
        assert len(read) == 60 + 40

"""The canonical line, and the chain of hashes."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given

from tests.histories import histories
from tests.ledger import entries
from tracker.domain.log.chain import GENESIS, chain_hash
from tracker.domain.log.entries import Draft, Entry, content_hash, draft_of, entry_of, file_line, stored_line, subject
from tracker.errors import BadEvent

LINE: dict[str, Any] = {
    "data": {"party": "RUS", "name": "Russia", "kind": "state"},
    "datacontenttype": "application/json",
    "id": "0190b5a0-0000-7000-8000-00000000ABCD",
    "recordedby": "analyst",
    "source": "tracker",
    "specversion": "1.0",
    "subject": "ignored",
    "time": "2026-11-22T09:30:00+00:00",
    "type": "party.registered.v1",
}


def entry(draft: Draft, position: int = 1) -> Entry:
    assert draft.time is not None
    return Entry(position, draft.id, draft.event, draft.time, draft.recorded_by, draft.origin_time, draft.written)


@given(histories(max_size=15))
def test_lines_are_canonical_json_of_rfc_8785_and_read_back(drafts: list[Draft]) -> None:
    for position, draft in enumerate(drafts, 1):
        one = entry(draft, position)
        line = stored_line(one)
        assert rfc8785.dumps(json.loads(line)) == line.encode()
        assert rfc8785.dumps(json.loads(file_line(one))) == file_line(one)
        assert entry_of(line) == one
        assert draft_of(json.loads(file_line(one))) == draft


def test_any_spelling_of_a_line_is_read_and_written_in_the_one_form() -> None:
    line = json.loads(file_line(entry(draft_of(LINE))))
    assert line["id"] == "0190b5a0-0000-7000-8000-00000000abcd"
    assert line["time"] == "2026-11-22T09:30:00.000000Z"
    assert line["subject"] == "RUS"


def test_the_chain_hash_covers_the_previous_hash_and_the_stored_line_with_its_position() -> None:
    line = stored_line(entry(draft_of(LINE), 7))
    assert json.loads(line)["position"] == 7
    assert chain_hash(GENESIS, line.encode()) == hashlib.sha256(bytes(32) + line.encode()).digest()


def test_content_is_the_same_whatever_the_time_and_the_position() -> None:
    later = draft_of({**LINE, "time": "2027-01-01T00:00:00Z"})
    assert content_hash(entry(draft_of(LINE), 3)) == content_hash(later)
    assert content_hash(later) != content_hash(draft_of({**LINE, "recordedby": "somebody else"}))


def test_the_subject_says_what_an_entry_is_about() -> None:
    log = entries(
        """
        a: stated RUS arms/start supports 2019-12-10
        closed arms/start 2020-01-01 agreed
        source dw
        corroborated a source=dw
        retracted a
        milestone Summit 2020-01-01
        """
    )
    assert [subject(one.event) for one in log[2:]] == [
        "RUS:arms/start",
        "arms/start",
        "dw",
        log[2].id,
        log[2].id,
        None,
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "1"}, "id"),
        ({"time": None}, "time"),
        ({"time": "2026-11-22T09:30:00"}, "time"),
        ({"recordedby": " "}, "recordedby"),
        ({"specversion": "0.3"}, "specversion"),
        ({"source": "elsewhere"}, "source"),
        ({"datacontenttype": "text/plain"}, "datacontenttype"),
        ({"type": "party.registered"}, "type"),
        ({"data": None}, "data"),
        ({"extra": 1}, "extra"),
        ({"data": {"party": "RUS", "name": "Russia", "kind": "stat"}}, "kind"),
    ],
)
def test_a_bad_attribute_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadEvent) as refused:
        draft_of({**LINE, **change})
    assert [name for name, _ in refused.value.problems] == [field]

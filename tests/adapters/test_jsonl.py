"""Events files: every problem with its place, and the one canonical spelling."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ledger import entries
from tracker.adapters import jsonl
from tracker.adapters.jsonl import LONGEST_SPELLING, FileEntry, read_events
from tracker.domain.log.entries import file_line
from tracker.errors import FileUnavailable, Finding

GOOD = [file_line(entry) for entry in entries("party RUS\nissue a/b\nstated RUS a/b supports 2019-12-10")]


def read(tmp_path: Path, content: bytes) -> list[Any]:
    path = tmp_path / "events.jsonl"
    path.write_bytes(content)
    return list(read_events(path))


def test_entries_come_with_their_lines_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    found = read(tmp_path, b"\xef\xbb\xbf" + b"\n\n".join(GOOD))
    assert [(type(item), item.line) for item in found] == [(FileEntry, 1), (FileEntry, 3), (FileEntry, 5)]


def test_any_json_spelling_of_an_entry_is_read(tmp_path: Path) -> None:
    spelled = json.dumps(json.loads(GOOD[2]), indent=None, ensure_ascii=True, sort_keys=False).encode()
    assert read(tmp_path, spelled)[0].draft == read(tmp_path, GOOD[2])[0].draft


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (GOOD[2][:-20], "ends in the middle of an entry"),
        (b"stance: supports", "is not JSON"),
        (b"[]", "is not a JSON object"),
        (b'{"id":1,"id":2}', "has the field 'id' twice"),
        (GOOD[2].replace(b'"Said so."', b'"\\ud800"'), "lone surrogate"),
        (GOOD[2].replace(b"Said so.", b"Said \xe9"), "is not UTF-8 (byte 0xe9"),
        (GOOD[2].replace(b"Said so.", b"\\u0000"), "NUL"),
        (b'{"a":' * 2000, "nested too deeply"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "nested too deeply"),
        (GOOD[2].replace(b"position.stated.v1", b"position.stated.v9"), "Upgrade the tracker"),
        (GOOD[2].replace(b'"summary"', b'"sumary"'), "Did you mean summary?"),
        (b'{"x":"' + b"y" * (LONGEST_SPELLING + 10) + b'"}', "is longer than"),
    ],
)
def test_a_bad_line_is_a_finding_with_its_place_and_the_next_line_is_read(
    tmp_path: Path, line: bytes, says: str
) -> None:
    found = read(tmp_path, GOOD[0] + b"\n" + line + b"\n" + GOOD[1] + b"\n")
    problems = [item for item in found if isinstance(item, Finding)]
    assert {item.line for item in problems} == {2}
    assert [item.message for item in problems if says in item.message] != []
    assert isinstance(found[-1], FileEntry)


def test_a_file_in_another_encoding_is_one_finding(tmp_path: Path) -> None:
    assert len(read(tmp_path, b"\n".join(GOOD).decode().encode("utf-16"))) == 1


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnavailable, match="cannot be read"):
        list(read_events(tmp_path / "none.jsonl"))
    with pytest.raises(FileUnavailable, match="is a folder"):
        list(read_events(tmp_path))


@pytest.mark.parametrize("block", [1, 7, 300, 2_000])
def test_a_file_is_read_the_same_however_it_is_cut_into_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_SPELLING", 500)
    monkeypatch.setattr(jsonl, "_ENDLESS", 10_000)
    monkeypatch.setattr(jsonl, "BLOCK", block)
    lines = [b"\xef\xbb\xbf" + GOOD[0], b"", b"x" * 501, b"x" * 500, GOOD[1], b"\xff\xfe", b"x" * 20_000, GOOD[2]]
    found = [(item.line, getattr(item, "message", "entry")[:14]) for item in read(tmp_path, b"\n".join(lines))]
    expected = [(1, "entry"), (3, "is longer than"), (4, "is not JSON: u"), (5, "entry"), (6, "is not UTF-8 (")]
    assert found == [*expected, (7, "is longer than"), (7, "does not end. ")]


@pytest.mark.parametrize("block", [1, 50, 1_000_000])
def test_a_line_that_is_too_long_behind_a_byte_order_mark_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_SPELLING", 500)
    monkeypatch.setattr(jsonl, "BLOCK", block)
    found = read(tmp_path, b"\xef\xbb\xbf" + b"x" * 600 + b"\n" + GOOD[0])
    assert [item.line for item in found] == [1, 2]

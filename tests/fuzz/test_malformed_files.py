"""Every way in which a file can be malformed, each with the finding that it gets: file, line and reason."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.conftest import Desk
from tests.fuzz.spoiled import EVENTS
from tracker.adapters.jsonl import LONGEST_SPELLING
from tracker.adapters.yaml_nodes import LONGEST_YAML

FOLDER = Path(__file__).parent / "malformed"
FIRST = EVENTS.splitlines()[0]
RUS = EVENTS.splitlines()[2]

FILES = {
    "a-blank-summary.jsonl": (4, "summary: is empty"),
    "a-control-character.jsonl": (4, "is not JSON: unexpected control character"),
    "a-control-character.yaml": (2, "is not YAML: character U+001B"),
    "a-correction-of-nothing-known.jsonl": (5, "replacement.party: is missing"),
    "a-day-that-never-was.jsonl": (4, "stated_on: '2019-02-30' is not a date of the calendar"),
    "a-field-twice.jsonl": (4, "has the field 'stance' twice"),
    "a-leap-second.jsonl": (1, "time: '2016-12-31T23:59:60Z' is not an instant"),
    "a-list-as-key.yaml": (2, "has a list where the name of a field should stand"),
    "a-lone-surrogate.jsonl": (4, "holds a lone surrogate"),
    "a-mark-in-the-middle.jsonl": (2, "byte order mark"),
    "a-merge.yaml": (3, "<<: is not a field of a statement"),
    "a-name-in-lower-case.jsonl": (4, "party: 'rus' is not a party code"),
    "a-newer-type.jsonl": (1, "type: Event type 'source.registered.v7' is a version"),
    "a-number-too-large.jsonl": (4, "is not JSON: number is infinity"),
    "a-party-nobody-registered.jsonl": (4, "party: No party 'RUZ' is registered. Did you mean RUS?"),
    "a-party-that-turns-text-round.jsonl": (4, "party: '\\u202eRUS' is not a party code"),
    "a-program.yaml": (3, "the tag !!python/object/apply:os.system is not read here"),
    "a-binary.yaml": (2, "the tag !!binary is not read here"),
    "a-set.yaml": (2, "the tag !!set is not read here"),
    "a-string.batch.jsonl": (2, "is not a JSON object"),
    "a-tab.yaml": (2, "is not YAML"),
    "a-target-that-is-not-there.jsonl": (1, "target: No entry 'd720e32d-4765-5177-b65b-42dd7f6e6445' is in the log"),
    "a-time-before-the-calendar.jsonl": (1, "time: '0001-01-01T00:00:00+14:00' is not an instant"),
    "a-time-without-zone.jsonl": (1, "time: '2026-11-01T00:01:00' is not an instant"),
    "a-year-before-christ.jsonl": (4, "stated_on: '-0001' is not a date"),
    "an-alias.yaml": (3, "aliases (*name) are not read here"),
    "an-array.jsonl": (1, "is not a JSON object"),
    "an-escaped-nul.jsonl": (4, "summary: holds a NUL character"),
    "an-id-that-is-none.jsonl": (1, "id: '2692bd62' is not a UUID"),
    "an-unknown-attribute.jsonl": (1, "traceparent: is not an attribute of an entry"),
    "an-unknown-field.jsonl": (4, "sumary: is not a field of position.stated.v1. Did you mean summary?"),
    "an-unknown-type.jsonl": (1, "Did you mean source.registered.v1"),
    "another-format.jsonl": (1, "specversion: is '0.3'; this format has '1.0'"),
    "another-key.yaml": (1, "statments: is unknown here"),
    "another-version.yaml": (1, "is not YAML: found incompatible YAML document"),
    "cut-short.batch.jsonl": (1, "Is the line complete?"),
    "data-is-a-list.jsonl": (1, "data: [] is not an object"),
    "deep-text.yaml": (2, "summary: [[[[[[[...]]]]]]] is not text"),
    "digits-of-another-script.jsonl": (4, "is not a date"),
    "field-twice.batch.jsonl": (1, "has the field 'party' twice"),
    "field-twice.yaml": (3, "party: stands twice"),
    "half-a-sequence.jsonl": (4, "sequence: 1.5 is not a whole number"),
    "names-that-are-none.batch.jsonl": (1, "party: {} is not the name of a party"),
    "empty-items.batch.jsonl": (1, "party, item 2: is empty. Fill it in"),
    "no-list.yaml": (1, "statements: is not a list"),
    "no-number.jsonl": (4, "is not JSON"),
    "no-recorder.jsonl": (1, "recordedby: is missing"),
    "not-closed.yaml": (2, "is not YAML: `[` opens here and is not clos"),
    "not-json.jsonl": (2, "is not JSON"),
    "nothing.yaml": (None, "holds no statements"),
    "one-entry-over-many-lines.jsonl": (1, "ends in the middle of an entry"),
    "one-id-two-entries.jsonl": (4, "is already in the log at position 2 with other content"),
    "registered-otherwise.jsonl": (4, "party: The party 'RUS' is registered twice here, with other data: name"),
    "said-in-the-future.jsonl": (4, "stated_on: 9999-12-31 is later than the day of recording"),
    "the-year-10000.jsonl": (4, "stated_on: '10000-01-01' is not a date"),
    "the-year-zero.jsonl": (4, "stated_on: '0000' is not a date of the calendar"),
    "times-that-run-backwards.jsonl": (2, "is earlier than 2026-11-01T00:01:00.000000Z of the entry before it"),
    "truncated.jsonl": (4, "ends in the middle of an entry"),
    "two-documents.yaml": (2, "but found another document"),
    "two-entries-on-a-line.jsonl": (1, "is not JSON: unexpected content after document"),
    "two-who-ascribe.batch.jsonl": (1, "ascribed_by: names several parties"),
    "unknown-field.yaml": (3, "stanze: is not a field of a statement"),
}

LONG = 100 * 2**20
MADE: dict[str, tuple[Callable[[], bytes], int | None, str]] = {
    "utf-16.jsonl": (lambda: EVENTS.decode().encode("utf-16"), 1, "is not UTF-8 (byte 0xff in column 1)"),
    "utf-16-without-mark.jsonl": (lambda: FIRST.decode().encode("utf-16-be"), 1, "holds a NUL character in column 1"),
    "latin-1.jsonl": (lambda: FIRST.replace(b"Press", b"Caf\xe9"), 1, "is not UTF-8 (byte 0xe9"),
    "encoded-surrogate.jsonl": (lambda: FIRST.replace(b"Press", b"\xed\xa0\x80"), 1, "is not UTF-8 (byte 0xed"),
    "zeros.jsonl": (lambda: FIRST + b"\n" + bytes(100), 2, "holds a NUL character in column 1"),
    "lone-carriage-returns.jsonl": (lambda: EVENTS.replace(b"\n", b"\r"), 1, "unexpected content after document"),
    "a-line-of-100-mb.jsonl": (lambda: FIRST + b"\n" + b'"' * LONG, 2, f"is longer than {LONGEST_SPELLING:,} bytes"),
    "a-million-lists.jsonl": (lambda: b"[" * 1_000_000, 1, "is nested too deeply"),
    "a-million-objects.jsonl": (lambda: b'{"data":' * 1_000_000, 1, "is nested too deeply"),
    "lists-in-a-field.jsonl": (lambda: _published_by(b"[" * 500 + b"]" * 500), 1, "is nested too deeply"),
    "a-long-number.jsonl": (lambda: _published_by(b"9" * 5_000), 1, "is not JSON: number is infinity"),
    "one-field-of-100000-twice.jsonl": (lambda: _many(100_000, twice=True), 1, "has the field 'k99999' twice"),
    "100000-unknown-fields.jsonl": (lambda: _many(100_000), 1, "more like these"),
    "a-name-of-900-kb.jsonl": (lambda: b'{"' + b"k" * 900_000 + b'":1}', 1, "kkk...: is not an attribute"),
    "a-line-end-in-a-name.jsonl": (lambda: b'{"\\nevents.jsonl:1: all good":1}', 1, "is not an attribute of an entry"),
    "a-million-lists.yaml": (lambda: b"statements: " + b"[" * 1_000_000, None, "is nested too deeply"),
    "too-long.yaml": (lambda: b"# \n" * LONGEST_YAML, None, f"is longer than {LONGEST_YAML:,} characters of YAML"),
    "a-long-number.batch.jsonl": (lambda: b'{"sequence":' + b"9" * 5_000 + b"}", 1, "too many digits"),
    "a-million-objects.batch.jsonl": (lambda: b'{"party":' * 1_000_000, 1, "is nested too deeply"),
    "a-list-of-a-million.batch.jsonl": (lambda: b'{"party":"' + b"x," * 1_000_000 + b'"}', 1, "No party 'x'"),
    "utf-16.yaml": (lambda: "statements: []".encode("utf-16"), None, "is not UTF-8 (byte 0xff at offset 0)"),
}


def _published_by(value: bytes) -> bytes:
    return FIRST.replace(b'"publisher":"Press"', b'"publisher":' + value)


def _many(number: int, *, twice: bool = False) -> bytes:
    fields = {f"k{index}": 1 for index in range(number)}
    more = f',"k{number - 1}":2' if twice else ""
    return f"{json.dumps(fields)[:-1]}{more}}}".encode()


def refused(desk: Desk, path: Path) -> str:
    """What a malformed file is refused with; a batch by `record`, an events file by `load`."""
    batch = path.suffix == ".yaml" or ".batch." in path.name
    before = desk.export()
    done = desk.run(*(("record", "--from-file") if batch else ("load",)), str(path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert desk.export() == before
    return done.stderr


@pytest.mark.on_both_backends
def test_each_malformed_file_is_refused_with_file_line_and_reason(new_desk: Callable[..., Any]) -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(FILES)
    otherwise = {}
    with new_desk("") as empty, new_desk("") as registered:  # which both stay as they are
        registered.tracker.load([_registers(registered.folder)])
        for name, (line, reason) in FILES.items():
            is_batch = not name.endswith(".jsonl") or ".batch." in name
            told = refused(registered if is_batch else empty, FOLDER / name)
            places = f"{FOLDER / name}:{line}: " if line else f"{FOLDER / name}: "
            if not any(one.startswith(places) and reason in one for one in told.splitlines()):
                otherwise[name] = told
    assert not otherwise


@pytest.mark.parametrize("name", MADE)
def test_what_is_too_large_or_too_odd_for_an_editor_is_refused_likewise(
    name: str, new_desk: Callable[..., Any], tmp_path: Path
) -> None:
    make, line, reason = MADE[name]
    path = tmp_path / name
    path.write_bytes(make())
    with new_desk() as desk:
        told = refused(desk, path)
    place = f"{path}:{line}: " if line else f"{path}: "
    assert any(place in one and reason in one for one in told.splitlines()), told[:1_000]
    assert len(told) < 20_000
    assert max(map(len, told.splitlines())) < 5_000


@pytest.mark.parametrize(
    "command", [("load",), ("record", "--from-file"), ("verify", "--checkpoint"), ("report", "--since")]
)
@pytest.mark.parametrize("what", ["/dev/zero", "a folder", "a loop", "nothing there"])
def test_what_is_no_file_to_read_is_refused_and_not_read_for_ever(
    command: tuple[str, ...], what: str, new_desk: Callable[..., Any], tmp_path: Path
) -> None:
    path = Path(what) if what.startswith("/") else tmp_path / what
    if what == "/dev/zero" and not path.exists():
        pytest.skip("this system has no /dev/zero")
    if what == "a folder":
        path.mkdir()
    if what == "a loop":
        path.symlink_to(path)
    with new_desk() as desk:
        done = desk.run(*command, str(path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert str(path) in done.stderr


def test_a_pipe_is_read_like_a_file(new_desk: Callable[..., Any], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"".join(line + b"\n" for line in (FIRST, RUS)))
    os.close(writing)
    with new_desk("") as desk:
        assert "2 entries appended" in desk.run("load", f"/dev/fd/{reading}").stdout
    os.close(reading)


def test_standard_input_with_bad_lines_is_refused_with_their_places(new_desk: Callable[..., Any]) -> None:
    with new_desk("") as desk:
        done = desk.run("load", "-", stdin=b"{}\n" + FIRST + b"\nstance: supports\n")
    assert done.exit_code == 1
    assert "standard input:1: id: is missing." in done.stderr
    assert "standard input:3: is not JSON" in done.stderr


def test_marks_blank_lines_and_line_ends_of_another_system_do_not_matter(
    new_desk: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\r\n \t\r\n" + EVENTS.replace(b"\n", b"\r\n"))
    with new_desk("") as desk:
        assert desk.run("load", str(path)).exit_code == 0
        assert desk.export() == EVENTS


def _registers(folder: Path) -> Path:
    path = folder / "registers.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in EVENTS.splitlines()[:4]))
    return path

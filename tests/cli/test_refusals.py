"""What bad input gets: one clear sentence, the right exit code, nothing half-written."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
GOOD = ("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", "x")


def record(**changes: str) -> list[str]:
    given = {"party": "RUS", "issue": "start", "stance": "supports", "on": "2019-12-10", "summary": "x", **changes}
    head = [given.pop(name) for name in ("party", "issue", "stance")]
    return ["record", *head, *(part for name, value in given.items() for part in (f"--{name}", value))]


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"party": "RUZ"}, 1, "No party 'RUZ' is registered. Did you mean RUS?"),
        ({"issue": "starts"}, 1, "No issue 'starts' is on record. Did you mean arms/start?"),
        ({"source": "bbc"}, 1, "No source 'bbc' is registered."),
        ({"stance": "suports"}, 2, "Did you mean supports?"),
        ({"act": "offer"}, 2, "Did you mean offers?"),
        ({"on": "2019-02-30"}, 2, "not a date of the calendar"),
        ({"summary": "  "}, 1, "summary: is empty"),
        ({"quote": "a" * 2001}, 1, "quote: has 2,001 characters; at most 2,000"),
        ({"to": "UKR"}, 1, "No party 'UKR' is registered."),
        ({"on": "2999"}, 1, "later than the day of recording"),
    ],
)
def test_a_bad_statement_is_refused_in_one_sentence(desk: Run, changes: dict[str, str], code: int, says: str) -> None:
    refused = desk(*record(**changes))
    assert (refused.code, refused.out) == (code, "")
    assert says in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert json.loads(desk("checkpoint").out)["position"] == 4


@pytest.mark.parametrize(
    "command",
    [
        ("nonsense",),
        ("record",),
        ("record", "RUS", "start"),
        ("state", "--on", "2019-12"),
        ("state", "--known-at", "soon"),
        ("state", "--attribution", "hearsay"),
        ("report",),
        ("report", "--from", "2020-01-02", "--to", "2020-01-01"),
        ("state", "--format", "xml"),
        ("log", "--after", "-1"),
        ("record", "--from-file", "x.yaml", "RUS"),
        ("--wait", "nan", "state"),
    ],
)
def test_wrong_usage_leaves_with_2_and_says_where_help_is(desk: Run, command: tuple[str, ...]) -> None:
    refused = desk(*command)
    assert refused.code == 2
    assert "--help`" in refused.err


def line(desk: Run, **changes: Any) -> str:
    desk(*GOOD)
    stated = json.loads(desk("export").out.splitlines()[-1])
    stated["id"] = "00000000-0000-7000-8000-000000000001"
    for name, value in changes.items():
        if name in stated:
            stated[name] = value
        else:
            stated["data"][name] = value
    return json.dumps(stated)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"colour": "red"}, "events.jsonl:1: colour: is not a field of position.stated.v1"),
        ({"type": "position.stated.v3"}, "events.jsonl:1: type: Event type 'position.stated.v3' is a version"),
        ({"party": "RUZ"}, "events.jsonl:1: party: No party 'RUZ'"),
        ({"stated_on": "2019-02-30"}, "events.jsonl:1: stated_on:"),
        ({"summary": ""}, "events.jsonl:1: summary: is empty"),
    ],
)
def test_a_bad_line_is_named_with_file_line_field_and_reason(
    desk: Run, tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    (tmp_path / "events.jsonl").write_text(line(desk, **changes))
    refused = desk("load", "events.jsonl")
    assert refused.code == 1
    assert says in refused.err
    assert json.loads(desk("checkpoint").out)["position"] == 5


@pytest.mark.parametrize(
    ("content", "says"),
    [(b'{"data":{"party"', "ends in the middle"), (b"\xff\xfe{\x00", "is not UTF-8"), (b"RUS: yes\n", "is not JSON")],
)
def test_a_malformed_file_is_refused(desk: Run, tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "events.jsonl").write_bytes(content)
    refused = desk("load", "events.jsonl")
    assert refused.code == 1
    assert says in refused.err


def test_a_database_that_is_missing_foreign_newer_or_none_is_told_apart(here: Run, tmp_path: Path) -> None:
    assert "Create one with `tracker init`" in here("state").err
    (tmp_path / "tracker.db").write_text("not a database " * 100)
    assert "not a SQLite database" in here("state").err
    (tmp_path / "tracker.db").unlink()
    here("init")
    with sqlite3.connect(tmp_path / "tracker.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    assert "Run `tracker upgrade`" in here("state").err
    with sqlite3.connect(tmp_path / "tracker.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in ("state", "init", "upgrade"):
        refused = here(command, *(("--on", "2020-01-01") if command == "state" else ()))
        assert (refused.code, "made by a newer release" in refused.err) == (1, True)
    assert here("--db", "postgresql://host/db", "state").code == 1
    assert here("--db", ".", "state").code == 1


def test_a_read_only_folder_is_refused_without_a_trace(here: Run, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        folder.chmod(0o500)
        if (folder / "probe").parent.stat().st_uid == 0 or sys.platform == "win32":
            pytest.skip("needs a file system that refuses this user; run as another user than root")
    try:
        refused = here("--db", "locked/tracker.db", "init")
        assert refused.code == 1
        assert "locked/tracker.db cannot be" in refused.err
        assert list(folder.iterdir()) == []
    finally:
        subprocess.run(["umount", str(folder)], capture_output=True, check=False)
        folder.chmod(0o700)


def test_a_path_that_leads_nowhere_is_named(desk: Run, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "stale").symlink_to("gone")
    for command, says in (
        (("state", "--output", "loop"), "circle"),
        (("--db", "loop", "init"), "symbolic links"),
        (("--db", "stale", "init"), "leads nowhere"),
    ):
        refused = desk(*command)
        assert (refused.code, refused.out) == (1, "")
        assert says in refused.err
    for command in (("--db", "a" * 300, "state"), ("--db", "a" * 300, "init")):
        assert "cannot be inspected (File name too long)" in desk(*command).err


@pytest.mark.parametrize(
    "place", ["postgresql://h:port/d", "sqlite:///%00", "sqlite://h:port/d", "postgresql://h/\udcff"]
)
def test_an_address_that_is_none_is_told_apart(here: Run, place: str) -> None:
    for command in ("state", "init"):
        assert "is not a database. Give a file's path" in here("--db", place, command).err


@pytest.mark.parametrize("name", ["\udcff", "\x1b[31m", "@", "0 OR 1", "é", "%"])
def test_an_entry_named_by_anything_else_is_not_found(desk: Run, name: str) -> None:
    for command in (("show", name), ("retract", name, "--reason", "x"), ("corroborate", name, "--source", "dw")):
        refused = desk(*command)
        assert refused.code == 1
        assert refused.err.startswith(f"Error: No entry {name!r} is in the log.")


def test_an_output_file_that_cannot_be_written_is_named(desk: Run, tmp_path: Path) -> None:
    refused = desk("state", "--output", "no/such/folder.txt")
    assert refused.code == 1
    assert "no/such/folder.txt: cannot be written" in refused.err


def test_a_reader_that_goes_away_is_no_error(desk: Run, tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "tracker"
    done = subprocess.run(
        f"{script} log --format json | head -c 1", shell=True, cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.stdout, done.stderr) == (b"[", b"")


def test_an_issue_where_a_party_should_stand_is_named(desk: Any) -> None:
    for command in (("history", "start"), ("explain", "start", "RUS"), ("state", "--party", "start")):
        refused = desk(*command)
        assert refused.code == 1
        assert "No party 'start' is registered, but the issue" in refused.err
        assert "Name the party before the issue, or an issue alone with --issue." in refused.err
    assert "but the issue" not in desk("history", "Rusia").err

"""Standard output in any locale: what programs read is UTF-8, what people read is in the terminal's encoding."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tracker.cli import cli

Run = Callable[..., Any]
SCRIPT = Path(sys.executable).parent / "tracker"
SUMMARY = "Für „Лавров“: é, 中, 😀, \x9b"
ENCODINGS = ("latin-1", "cp1252", "koi8-r", "ascii", "utf-16")


@pytest.fixture
def said(desk: Run) -> Run:
    """A desk with a statement in letters that no eight-bit encoding has together."""
    done = desk("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", SUMMARY, "--source", "dw")
    assert done.code == 0, done.err
    return desk


def printed(encoding: str, *command: str) -> bytes:
    """What a command prints where standard output has an encoding, within this process."""
    out = io.BytesIO()
    stream = io.TextIOWrapper(out, encoding=encoding)
    with patch.dict(os.environ, COLUMNS="200"), redirect_stdout(stream), pytest.raises(SystemExit) as ended:
        cli.main(command)
    assert not ended.value.code
    stream.flush()
    return out.getvalue()


def printed_by_the_installed_script(folder: Path, encoding: str, *command: str) -> bytes:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": encoding, "COLUMNS": "200"}
    done = subprocess.run([SCRIPT, *command], cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_the_same_bytes_in_every_locale(said: Run, encoding: str) -> None:
    out = printed(encoding, "find", "Für", "--format", "json")
    assert json.loads(out.decode("utf-8"))[0]["summary"] == SUMMARY
    assert out == said("find", "Für", "--format", "json").out.encode()


@pytest.mark.parametrize("form", ["csv", "md", "html"])
def test_every_format_but_the_table_is_the_same_bytes_in_every_locale(said: Run, form: str) -> None:
    command = ("state", "--on", "2020-01-01", "--format", form)
    assert printed("koi8-r", *command) == said(*command).out.encode()


def test_exports_and_json_lines_are_the_same_bytes_in_every_locale(said: Run) -> None:
    assert printed("koi8-r", "export") == said("export").out.encode()
    followed = printed("latin-1", "log", "--follow", "--limit", "5", "--format", "json")
    assert [json.loads(line)["position"] for line in followed.decode().splitlines()] == [1, 2, 3, 4, 5]


def test_a_table_is_in_the_encoding_of_the_terminal_with_escapes_for_what_that_lacks(said: Run) -> None:
    out = printed("latin-1", "find", "Für").decode("latin-1")
    assert "Für " in out
    assert "\\u041b" in out


def test_the_installed_script_prints_the_same_bytes(said: Run, tmp_path: Path) -> None:
    for encoding, form in (("latin-1", "table"), ("koi8-r", "json")):
        command = ("find", "Für", "--format", form)
        assert printed_by_the_installed_script(tmp_path, encoding, *command) == printed(encoding, *command)


def test_csv_for_excel_begins_with_a_byte_order_mark(said: Run, tmp_path: Path) -> None:
    plain = said("find", "Für", "--format", "csv").out
    marked = b"\xef\xbb\xbf" + plain.encode()
    assert said("find", "Für", "--excel").out.encode() == marked
    assert said("find", "Für", "--excel", "--output", "answer.csv").code == 0
    assert (tmp_path / "answer.csv").read_bytes() == marked
    assert printed("cp1252", "find", "Für", "--format", "csv", "--excel") == marked
    rows = list(csv.DictReader(io.StringIO((tmp_path / "answer.csv").read_text("utf-8-sig"))))
    assert rows[0]["party"] == "RUS"
    refused = said("show", "@1", "--excel")
    assert (refused.code, "No such option" in refused.err) == (2, True)

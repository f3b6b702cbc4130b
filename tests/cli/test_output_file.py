"""Where --output writes, and in which format: descriptors, pipes, mounted files, long names, endings."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracker.cli.output import Output
from tracker.reports.formats import FORMATS, RENDERERS, Format

Run = Callable[..., Any]
SCRIPT = Path(sys.executable).parent / "tracker"
STATE = ("state", "--on", "2020-01-01")


def shell(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a line of bash in which $T is the program."""
    return subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "T": str(SCRIPT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link", "-"])
def test_output_to_standard_output_goes_on_where_that_stands(installed: Run, tmp_path: Path, name: str) -> None:
    if name.startswith("/") and not Path(name).exists():
        pytest.skip(f"this system has no {name}")
    (tmp_path / "link").symlink_to("/dev/stdout")
    (tmp_path / "log.txt").write_text("before\n")
    done = shell(f"$T checkpoint --output {name} >> log.txt; echo after >> log.txt", tmp_path)
    lines = (tmp_path / "log.txt").read_text().splitlines()
    assert (lines[0], lines[-1], json.loads("\n".join(lines[1:-1]))["position"]) == ("before", "after", 4), done.stderr
    assert not (tmp_path / "-").exists()


def test_output_goes_to_standard_error_pipes_and_process_substitutions(installed: Run, tmp_path: Path) -> None:
    assert '"position": 4' in shell("$T checkpoint --output /dev/stdout | cat", tmp_path).stdout
    assert '"position": 4' in shell("$T checkpoint --output /dev/stderr", tmp_path).stderr
    done = shell(
        "$T checkpoint --output >(cat > copy.json; touch done); while [ ! -e done ]; do sleep 0.05; done", tmp_path
    )
    assert json.loads((tmp_path / "copy.json").read_text())["position"] == 4, done.stderr
    early = shell("$T log --format json --output /dev/stdout | true; echo ${PIPESTATUS[0]}", tmp_path)
    assert (early.stdout, "Traceback" in early.stderr) == ("0\n", False)


def test_output_to_standard_output_that_is_the_database_is_refused(installed: Run, tmp_path: Path) -> None:
    before = (tmp_path / "tracker.db").read_bytes()
    refused = shell("$T checkpoint --output /dev/stdout >> tracker.db", tmp_path)
    assert (refused.returncode, "is the database itself" in refused.stderr) == (1, True)
    assert (tmp_path / "tracker.db").read_bytes() == before


def test_a_named_pipe_is_written_and_stays_one(desk: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe.json").read_text()))
    reader.start()
    assert desk("checkpoint", "--output", "pipe.json").code == 0
    reader.join()
    assert json.loads(read[0])["position"] == 4
    assert (tmp_path / "pipe.json").is_fifo()


@pytest.mark.parametrize("stays", ["mounted", "in a folder that takes no new file"])
def test_a_file_that_cannot_be_replaced_is_overwritten_once_all_is_there(
    desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stays: str
) -> None:
    file = tmp_path / "answer.json"
    file.write_text("something longer than the checkpoint " * 100)
    inode = file.stat().st_ino
    if stays == "mounted":

        def busy(*_: object) -> None:
            raise OSError(16, "Device or resource busy")

        monkeypatch.setattr(Path, "replace", busy)
    else:

        def refused(**_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("tempfile.NamedTemporaryFile", refused)
    assert desk("checkpoint", "--output", "answer.json").code == 0
    assert (json.loads(file.read_text())["position"], file.stat().st_ino) == (4, inode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer.json", "tracker.db"]
    new = desk("checkpoint", "--output", "new.json")
    assert (new.code, (tmp_path / "new.json").exists()) == (1, False)
    assert "new.json: cannot be written (" in new.err


def test_a_mounted_file_is_written_in_place(desk: Run, tmp_path: Path) -> None:
    file, other = tmp_path / "answer.json", tmp_path / "other.json"
    file.touch()
    other.touch()
    if subprocess.run(["mount", "--bind", str(other), str(file)], capture_output=True, check=False).returncode:
        pytest.skip("needs leave to mount")
    try:
        assert desk("checkpoint", "--output", "answer.json").code == 0
    finally:
        subprocess.run(["umount", str(file)], check=True)
    assert json.loads(other.read_text())["position"] == 4
    assert file.read_text() == ""


@pytest.mark.parametrize("length", [240, 250, 255])
def test_names_may_be_as_long_as_the_system_takes_them(desk: Run, tmp_path: Path, length: int) -> None:
    name = "é" * 100 + "n" * (length - 205) + ".json"
    assert desk("checkpoint", "--output", name).code == 0
    assert json.loads((tmp_path / name).read_text())["position"] == 4


def test_a_file_called_minus_is_named_with_its_folder(desk: Run, tmp_path: Path) -> None:
    assert desk("checkpoint", "--output", "./-").out == ""
    assert json.loads((tmp_path / "-").read_text())["position"] == 4


def test_a_tilde_is_the_users_folder(desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for command in (
        ("checkpoint", "--output=~/kept"),
        ("export", "--output=~/all.jsonl"),
        ("verify", "--checkpoint=~/kept"),
    ):
        assert desk(*command).code == 0
    assert desk("backup", "~/kept.db").code == 0
    assert desk("--db", "other.db", "restore", "~/kept.db").code == 0
    assert {path.name for path in (tmp_path / "home").iterdir()} == {"kept", "all.jsonl", "kept.db"}


STARTS = {
    "json": ("[", "{"),
    "csv": ("party,", "position,", "section,"),
    "md": ("#", "|", "**"),
    "html": ("<!doctype html>",),
    "graphml": ("<?xml ",),
}
ENDINGS = {
    ".json": "json",
    ".csv": "csv",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".HTML": "html",
    ".graphml": "graphml",
}
ANSWERS = {
    "state": STATE,
    "report": ("report", "--from", "2019-01-01", "--to", "2020-01-01"),
    "agreement": ("agreement", "--on", "2020-01-01"),
    "log": ("log",),
    "fields": ("show", "@1"),
}


def test_every_format_says_once_what_all_answers_in_it_share() -> None:
    assert set(FORMATS) == {form for forms in RENDERERS.values() for form in forms}
    endings = [ending for form in FORMATS.values() for ending in form.endings]
    assert all(form.endings for form in FORMATS.values())
    assert len(set(endings)) == len(endings)


def test_a_format_is_for_programs_or_for_readers_by_its_row_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in (Format((".x",), is_data=True), Format((".x",), is_document=True), Format((".x",))):
        monkeypatch.setitem(FORMATS, "x", row)
        output = Output(answer="state", form="x", file=None)
        assert (output.is_data, output.cites) == (row.is_data, row.is_document)


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_of_the_file_chooses_the_format(desk: Run, tmp_path: Path, answer: str, ending: str) -> None:
    assert {"table", *STARTS} == {"table", *ENDINGS.values()} == set(FORMATS)
    form, name = ENDINGS[ending], f"answer{ending}"
    done = desk(*ANSWERS[answer], "--output", name)
    if form not in RENDERERS[answer]:
        assert (done.code, (tmp_path / name).exists()) == (2, False)
        assert f"--output {name} asks for {form}, but the formats here are table, json" in done.err
        return
    assert done.code == 0, done.err
    assert (tmp_path / name).read_text().lower().startswith(STARTS[form])
    assert (tmp_path / name).read_bytes() == desk(*ANSWERS[answer], "--format", form).out.encode()


@pytest.mark.parametrize("ending", ["xlsx", "pdf", "yaml"])
def test_an_ending_that_stands_for_what_no_answer_has_is_refused(desk: Run, tmp_path: Path, ending: str) -> None:
    refused = desk(*STATE, "--output", f"answer.{ending}")
    assert (refused.code, refused.out, (tmp_path / f"answer.{ending}").exists()) == (2, "", False)
    assert f"asks for {ending}, but the formats here are {', '.join(RENDERERS['state'])}." in refused.err


def test_an_ending_that_is_no_formats_leaves_the_table(desk: Run, tmp_path: Path) -> None:
    for name in ("answer", "answer.txt", "answer.dat", ".json", "report.html.old"):
        assert desk(*STATE, "--output", name).code == 0
        assert (tmp_path / name).read_text().startswith("On 1 Jan 2020") or "1 Jan 2020" in (
            tmp_path / name
        ).read_text()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--format", "json", "--output", "a.html"), "--format json (json) and --output a.html (html)"),
        (("--format", "table", "--output", "a.md"), "--format table (table) and --output a.md (md)"),
        (("--format", "csv", "--output", "a.txt"), "--format csv (csv) and --output a.txt (table)"),
        (("--format", "json", "--excel"), "--format json (json) and --excel (csv)"),
        (("--excel", "--output", "a.json"), "--excel (csv) and --output a.json (json)"),
    ],
)
def test_a_format_and_an_ending_that_contradict_each_other_are_refused(
    desk: Run, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    refused = desk(*STATE, *options)
    assert (refused.code, refused.out) == (2, "")
    assert f"{says} contradict each other." in refused.err
    assert [path.name for path in tmp_path.iterdir()] == ["tracker.db"]


def test_an_answer_does_not_replace_the_report_that_it_goes_on_from(desk: Run, tmp_path: Path) -> None:
    assert desk(*ANSWERS["report"], "--output", "earlier.json").code == 0
    os.link(tmp_path / "earlier.json", tmp_path / "hard.json")
    (tmp_path / "soft.json").symlink_to("earlier.json")
    before = (tmp_path / "earlier.json").read_bytes()
    for name in ("earlier.json", "./earlier.json", "hard.json", "soft.json"):
        refused = desk("report", "--since", "earlier.json", "--output", name)
        assert (refused.code, refused.out) == (1, "")
        assert f"{Path(name)}: is a file that this command reads. Name another file." in refused.err
    assert (tmp_path / "earlier.json").read_bytes() == before
    assert desk("report", "--since", "earlier.json", "--output", "later.json").code == 0


@pytest.mark.parametrize("address", ["sqlite:///other.db", "https://example.org/state.json"])
def test_an_address_is_no_file(desk: Run, address: str) -> None:
    refused = desk("state", "--format", "json", "--output", address)
    assert refused.code == 1
    assert "is an address. Name a file by its path." in refused.err

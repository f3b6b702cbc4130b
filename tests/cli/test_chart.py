"""The commands below `chart`: formats, files, and refusals."""

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SAID = ("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", "Said so.")


def test_a_chart_is_written_in_the_format_of_its_files_ending(desk: Run, tmp_path: Path) -> None:
    desk(*SAID)
    begins = {"svg": b"<svg ", "png": b"\x89PNG", "html": b"<!doctype html>"}
    for form, begin in begins.items():
        done = desk("chart", "timeline", "start", "--output", f"start.{form}")
        assert (done.code, done.err) == (0, f"Written to start.{form}.\n")
        assert (tmp_path / f"start.{form}").read_bytes().startswith(begin)


def test_a_chart_without_a_file_is_svg_on_standard_output(desk: Run) -> None:
    desk(*SAID)
    done = desk("chart", "matrix", "--on", "2019-12-10", "--no-titles", "--width", "390")
    assert done.out.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 390 ')
    assert "Russia" not in done.out


def test_an_ending_that_is_no_picture_is_refused_and_one_that_is_for_others(desk: Run) -> None:
    done = desk("chart", "matrix", "--output", "x.csv")
    assert (done.code, "asks for csv, but the formats here are svg, png, html" in done.err) == (2, True)
    done = desk("state", "--output", "x.svg")
    assert (done.code, "asks for svg, but the formats here are table" in done.err) == (2, True)


def test_a_chart_without_its_libraries_says_what_to_install(desk: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    done = desk("chart", "matrix")
    assert done.code == 1
    assert done.err == (
        "Error: Charts need the package vl_convert, which is not installed. "
        "Install it with `pip install 'negotiation-tracker[charts]'`.\n"
    )

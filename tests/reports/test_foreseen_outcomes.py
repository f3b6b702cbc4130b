"""Reports for people say of a closing whether it was recorded ahead, and who spoke, alike in every format."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import within_this_process

TEXT = """
    party USA
    issue b
    issue c
    stated USA b opposes 2020-01-09 speaker=Bob
    closed b 2040-01-01 agreed
    closed c 2020-02-01 expired
    """


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_closing_recorded_before_its_day_is_foreseen_and_others_are_not(
    new_database: Callable[..., Any], form: str
) -> None:
    with new_database(TEXT) as (url, _):
        ran = within_this_process(url)("report", "--from", "2020-01-01", "--to", "2041-01-01", "--format", form)
    assert ran.code == 0, ran.err
    assert "agreed (foreseen)" in ran.out
    assert "expired (foreseen)" not in ran.out
    assert "expired" in ran.out


def test_data_says_which_occurrences_were_recorded_ahead(read: Callable[..., str]) -> None:
    text = f"{TEXT}\nmilestone Summit 2041-01-01\nmilestone Talks 2020-03-01"
    report = ("report", "--from", "2020-01-01", "--to", "2041-01-01")
    expected = [("c", False), ("Talks", False), ("b", True), ("Summit", True)]
    rows = json.loads(read(text, *report, form="json"))["context"]
    assert [("".join(row["issues"]) or row["title"], row["foreseen"]) for row in rows] == expected
    in_csv = csv.DictReader(io.StringIO(read(text, *report, form="csv")))
    assert [row["foreseen"] for row in in_csv if row["section"] == "context"] == ["false", "false", "true", "true"]


@pytest.mark.parametrize("form", ["table", "md"])
def test_the_speaker_stands_in_brackets_behind_the_summary(new_database: Callable[..., Any], form: str) -> None:
    with new_database(TEXT) as (url, _):
        ran = within_this_process(url)("report", "--from", "2020-01-08", "--to", "2020-01-10", "--format", form)
    assert " (Bob)" in ran.out

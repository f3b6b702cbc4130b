"""What is stated after an ask shows with its marks, its conditions and its evidence, and on every issue."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import within_this_process

TEXT = """
    party RUS
    party USA
    party FRA
    issue b
    issue b/sub
    stated USA b supports 2020-01-05 act=offers addressed_to=RUS,FRA
    stated RUS b/sub supports 2020-01-07 addressed_to=FRA
    stated RUS b supports 2020-01-08 attribution=inferred
    stated RUS b opposes 2020-01-09 attribution=inferred standing=remark
    stated FRA b conditional 2020-01-09 attribution=ascribed ascribed_by=RUS standing=remark if=peace
    """
ASKS = ("asks", "--on", "2020-03-01", "--all")


@pytest.fixture
def ask(new_database: Callable[..., Any]) -> Any:
    """Asks for the asks of the ledger in a format."""

    def asked(form: str) -> str:
        with new_database(TEXT) as (url, _):
            ran = within_this_process(url)(*ASKS, "--format", form, COLUMNS="200")
        assert ran.code == 0, ran.err
        return str(ran.out)

    return asked


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_an_answer_keeps_its_marks_its_account_its_conditions_and_its_evidence(
    ask: Callable[[str], str], form: str
) -> None:
    shown = " ".join(ask(form).replace("\\", "").split())
    day = "9 Jan 2020" if form == "md" else "9 Jan"
    text = f"FRA on b since: conditional^° ({day}, as RUS says), if: peace"
    assert text in shown
    evidence = shown.partition(text)[2]
    assert evidence.startswith('<sup class="cite">' if form == "html" else " [no source @10]")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_the_last_position_on_each_issue_shows_and_that_on_the_very_issue_first(
    ask: Callable[[str], str], form: str
) -> None:
    shown = " ".join(ask(form).replace("\\", "").split())
    inferred, below = shown.find("RUS on b since: opposes?° ("), shown.find("RUS on b/sub since: supports (")
    assert 0 < inferred < below
    assert "RUS on b since: supports" not in shown


def test_the_data_have_the_answer_and_all_that_was_said_since(ask: Callable[[str], str]) -> None:
    to_france, to_russia = json.loads(ask("json"))
    answer = to_france["answer"]
    assert (answer["standing"], answer["ascribed_by"], answer["conditions"]) == ("remark", "RUS", ["peace"])
    assert (answer["event_id"], answer["position"]) == (to_france["answered_by"], 10)
    assert to_france["said_since"] == []
    since = [(one["issue"], one["stance"], one["attribution"]) for one in to_russia["said_since"]]
    assert since == [("b", "opposes", "inferred"), ("b/sub", "supports", "reported")]
    rows = list(csv.DictReader(io.StringIO(ask("csv"))))
    assert json.loads(rows[0]["answer"]) == answer
    assert json.loads(rows[1]["said_since"]) == to_russia["said_since"]

"""With a cut-off on the published clock, every view shows evidence that was public then, and no other words."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import within_this_process
from tests.questions.forms import in_forms

pytestmark = pytest.mark.on_both_backends

ASKS = "act=asks addressed_to=USA speaker=Lavrov if=x"
TEXT = f"""
    source press 2019-12-11
    source ministry 2019-12-10
    source radio 2019-12-09
    source undated
    party USA
    issue arms/inf
    a: stated RUS arms/start supports 2019-12-09 source=press quote=Secretly translation=Hushed locator=lane {ASKS}
       corroborated a source=ministry quote=Openly translation=Overtly locator=lobby
       corroborated a source=undated quote=Nowhere
    b: stated CHN arms/start opposes 2019-12-09 source=undated quote=Hidden
       corroborated b source=radio
       closed arms/inf 2019-12-08 expired source=undated
    """
BY = ("--published-by", "2019-12-10")
QUESTIONS = (
    ("state", "--on", "2019-12-10", *BY),
    ("state", "--on", "2019-12-10", "--wide", *BY),
    ("report", "--from", "2019-12-01", "--to", "2019-12-10", *BY),
    ("report", "--from", "2019-12-10", "--to", "2019-12-10", "--known-from", "@8", *BY),
    ("history", "--on", "2019-12-10", *BY),
    ("asks", "--on", "2019-12-10", *BY),
    ("conditions", "--on", "2019-12-10", *BY),
    ("explain", "RUS", "start", "--on", "2019-12-10", *BY),
    ("explain", "CHN", "start", "--on", "2019-12-10", *BY),
    ("find", "Said", *BY),
)


@pytest.fixture
def ask(new_database: Callable[..., Any]) -> Any:
    """Asks a question of the ledger."""

    def asked(*question: str) -> str:
        with new_database(TEXT) as (url, _):
            ran = within_this_process(url)(*question)
        assert ran.code == 0, ran.err
        return str(ran.out)

    return asked


@pytest.mark.parametrize(("question", "form"), in_forms(QUESTIONS, "table", "md", "html", "json", "csv"))
def test_no_answer_shows_words_or_sources_that_were_not_public(
    ask: Callable[..., str], question: tuple[str, ...], form: str
) -> None:
    shown = ask(*question, "--format", form)
    for hidden in ("press", "Secretly", "Hushed", "lane", "Hidden", "Nowhere"):
        assert hidden not in shown.replace("Press", "")


def test_the_source_that_was_public_first_stands_in_with_its_words(ask: Callable[..., str]) -> None:
    rows = json.loads(ask("state", "--on", "2019-12-10", *BY, "--format", "json"))
    assert [(row["party"], row["source"], row["speaker"], row["attribution"]) for row in rows] == [
        ("CHN", "radio", None, "direct"),
        ("RUS", "ministry", "Lavrov", "direct"),
    ]
    changes = json.loads(ask("report", "--from", "2019-12-01", "--to", "2019-12-10", *BY, "--format", "json"))
    assert [(row["quote"], row["source"]) for row in changes["changes"]] == [(None, "radio"), ("Openly", "ministry")]
    assert [row["source"] for row in changes["context"]] == [None]
    assert "lobby" in ask("state", "--on", "2019-12-10", *BY, "--wide")


def test_a_statement_shows_its_own_evidence_once_that_is_public(ask: Callable[..., str]) -> None:
    (_, rus) = json.loads(ask("state", "--on", "2019-12-11", "--published-by", "2019-12-11", "--format", "json"))
    assert rus["source"] == "press"


@pytest.mark.parametrize(
    ("words", "by", "found"),
    [
        ("Secretly", "2019-12-10", 0),
        ("Secretly", "2019-12-11", 1),
        ("Openly", "2019-12-10", 1),
        ("lane", "2019-12-10", 0),
        ("Hushed", "2019-12-10", 0),
        ("Hushed", "2019-12-11", 1),
        ("Overtly", "2019-12-10", 1),
        ("Hidden", "2030-01-01", 0),
        ("Lavrov", "2019-12-10", 1),
    ],
)
def test_a_search_looks_through_what_was_public(ask: Callable[..., str], words: str, by: str, found: int) -> None:
    hits = json.loads(ask("find", words, "--published-by", by, "--format", "json"))
    assert len(hits) == found


def test_the_python_api_answers_the_same(new_database: Callable[..., Any]) -> None:
    with new_database(TEXT) as (_, tracker):
        (_, cell) = tracker.state(on="2019-12-10", published_by="2019-12-10").cells
        assert (cell.statement.source, cell.statement.quote, cell.statement.locator) == ("ministry", "Openly", "lobby")
        assert cell.statement.details.translation == "Overtly"
        assert tracker.find("Secretly", published_by="2019-12-10").found == ()

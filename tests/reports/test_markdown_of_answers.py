"""Markdown of asks, of explanations and of one entry; days and labels of the lists beside them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.domain.terms.vocabulary import Stance
from tracker.reports.conditions import is_term, labelled

TEXT = """
    source dw 2019-12-11
    party RUS
    party EUN kind=bloc
    stated USA x conditional 2019-02-01 act=demands addressed_to=RUS quote="Answer us." if=verified
    stated RUS x opposes 2019-03-01 speaker=Lavrov
    started USA EUN 2019-01-05
    """
ON = ("--on", "2019-12-31")
Read = Callable[..., str]


def test_the_quote_of_an_ask_stands_with_what_is_asked_and_not_with_the_answer(read: Read) -> None:
    shown = read(TEXT, "asks", "--all", *ON, form="md")
    row = next(line for line in re.split(r"(?<=\|) (?=\|)", shown) if "Answer us." in line)
    what, answer = row.split("|")[6:8]
    assert "“Answer us.”" in what
    assert "since: opposes" in answer
    assert "Answer us." not in answer


def test_markdown_explains_a_stance(read: Read) -> None:
    shown = read(TEXT, "explain", "RUS", "x", *ON, "--no-titles", form="md")
    assert shown.startswith("# RUS on x, 31 Dec 2019 ")
    for words in ("**stance**: opposes", "**since**: 1 Mar 2019", "@7**: 1 Mar 2019 opposes", "(in effect)", "hash "):
        assert words in shown, words
    nothing = read(TEXT, "explain", "RUS", "x", "--on", "2019-02-28", form="md")
    assert "none on record" in nothing
    assert "not yet said on that day" in nothing


def test_markdown_shows_one_entry_and_one_party(read: Read) -> None:
    assert read(TEXT, "show", "@6", form="md").startswith("# Entry @6 ")
    assert "**quote**: “Answer us.”" in read(TEXT, "show", "@6", form="md")
    assert "**member of**: EUN since 5 Jan 2019" in read(TEXT, "party", "show", "USA", form="md")


def test_lists_of_registers_write_days_as_answers_do(read: Read) -> None:
    assert "11 Dec 2019" in read(TEXT, "source", "list", form="table")
    assert "11 Dec 2019" in read(TEXT, "source", "show", "dw", form="table")
    assert "2019-12-11" in read(TEXT, "source", "list", form="csv")
    assert "EUN since 5 Jan 2019" in read(TEXT, "party", "show", "USA", form="table")


def test_a_condition_without_a_source_has_no_stray_comma(read: Read) -> None:
    assert "named 1 Feb 2019 [no source @6]" in read(TEXT, "conditions", *ON, form="table")


DECISION = Path(__file__).parents[2] / "docs/decisions/0014-views.md"
ROWS = [line.split("|")[1:3] for line in DECISION.read_text().splitlines() if line.startswith("  | ")]
WORDS = [(label.strip(), word) for label, words in ROWS for word in re.findall(r"`([^`]+)`", words)]


@pytest.mark.parametrize(("label", "word"), WORDS)
def test_the_documented_words_choose_the_label_of_a_condition(label: str, word: str) -> None:
    found = f"{word} they agree"
    assert is_term(found) == (label == "terms")
    (shown,) = labelled([found], Stance.SUPPORTS)
    assert shown[0] == {"terms": "terms", "if, unless": "if", "its own word": word}[label]

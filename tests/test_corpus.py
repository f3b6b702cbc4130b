"""The shipped corpus: it loads without a finding, its quotes are short, everything leads to a source."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.conftest import ROOT
from tracker.tracker import Tracker

FILES = sorted((ROOT / "events").glob("*.jsonl"))
ACTS = {
    *("proposes", "demands", "asks", "offers", "accepts", "agrees", "rejects", "reaffirms", "denies", "warns"),
    *("threatens", "welcomes", "criticises", "suspends", "leaves"),
}
"""The glossary's, as its words stand there."""
LINES = [json.loads(line) for file in FILES for line in file.read_bytes().splitlines()]


@pytest.fixture
def corpus(new_tracker: Callable[..., Any]) -> Any:
    with new_tracker(now=datetime.now(UTC)) as tracker:
        loaded = tracker.load(FILES)
        assert (loaded.appended, loaded.findings) == (len(LINES), ())
        yield tracker


def row(tracker: Tracker, on: str, party: str, issue: str) -> Any:
    rows = tracker.state(date.fromisoformat(on)).rows
    return next(found for found in rows if (found.party, found.issue) == (party, f"arms-control/{issue}"))


def test_the_corpus_is_in_canonical_form(corpus: Tracker) -> None:
    out = io.BytesIO()
    corpus.export(out)
    assert out.getvalue() == b"".join(file.read_bytes() for file in FILES)
    assert corpus.verify().sound


def test_quotes_are_at_most_thirty_words() -> None:
    quotes = [line["data"]["quote"] for line in LINES if "quote" in line["data"]]
    assert len(quotes) > 100
    assert [quote for quote in quotes if len(quote.split()) > 30] == []


def test_every_position_and_milestone_leads_to_a_source() -> None:
    kinds = ("position.stated.v1", "milestone.noted.v1", "issue.closed.v1", "statement.corroborated.v1")
    assert [line["data"] for line in LINES if line["type"] in kinds and "source" not in line["data"]] == []


def test_issues_have_questions_and_conditional_stances_their_conditions() -> None:
    opened = [line["data"] for line in LINES if line["type"] == "issue.opened.v1"]
    conditional = [line["data"] for line in LINES if line["data"].get("stance") == "conditional"]
    assert len(opened) > 10
    assert len(conditional) > 10
    assert [data["issue"] for data in opened if not data["question"].endswith("?")] == []
    assert [data["summary"] for data in conditional if not data.get("conditions")] == []


def test_what_was_said_in_washington_is_dated_by_the_day_it_was_said(corpus: Tracker) -> None:
    lavrov = row(corpus, "2019-12-10", "RUS", "new-start/extension")
    assert (lavrov.stance, lavrov.stated_on, lavrov.source) == ("supports", "2019-12-10", "dw-2019-12-11")
    assert row(corpus, "2019-12-10", "USA", "china-inclusion").stance == "supports"
    assert row(corpus, "2019-12-10", "USA", "new-start/extension").attribution == "inferred"
    assert row(corpus, "2019-12-10", "USA", "inf").closed == (date(2019, 8, 2), "terminated")


def test_two_steps_of_one_day_keep_their_order_and_contest_each_other(corpus: Tracker) -> None:
    held = row(corpus, "2023-02-21", "RUS", "new-start/participation")
    assert (held.stance, held.speaker, held.contested) == ("conditional", "Russian Foreign Ministry", True)
    assert row(corpus, "2026-02-12", "RUS", "new-start/limits-after-2026").contested


def test_no_act_of_the_corpus_is_one_that_the_glossary_lacks() -> None:
    acts = {line["data"]["act"] for line in LINES if "act" in line["data"]}
    assert acts <= ACTS
    assert {"leaves", "suspends", "welcomes"} <= acts

"""The climate corpus: amounts, choices, red lines and blocs of real talks, each with its source."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.conftest import ROOT
from tracker.cli.demonstrations import CLIMATE
from tracker.domain.terms.scope import Query, Scope
from tracker.tracker import Tracker

LINES = [json.loads(line) for file in CLIMATE.files() for line in file.read_bytes().splitlines()]
STATED = [line["data"] for line in LINES if line["type"].startswith("position.stated.")]
GOAL = "climate/finance/goal"
README = (ROOT / "events/climate/README.md").read_text()


@pytest.fixture
def corpus(new_tracker: Callable[..., Any]) -> Any:
    with new_tracker(now=datetime.now(UTC)) as tracker:
        loaded = tracker.load(CLIMATE.files())
        assert (loaded.appended, loaded.findings) == (len(LINES), ())
        yield tracker


def values(tracker: Tracker, on: date, issue: str) -> dict[str, str]:
    rows = tracker.state(on, Query(Scope(issues=frozenset({issue})))).rows
    return {row.party: str(row.value) for row in rows if row.issue == issue}


def test_the_climate_corpus_is_in_canonical_form(corpus: Tracker) -> None:
    out = io.BytesIO()
    corpus.export(out)
    assert out.getvalue() == b"".join(file.read_bytes() for file in CLIMATE.files())
    assert corpus.verify().sound


def test_the_files_are_recorded_one_after_the_other() -> None:
    times = [line["time"] for line in LINES]
    assert times == sorted(times)


def test_quotes_are_at_most_thirty_words_and_no_position_is_without_a_source() -> None:
    evidence = [line["data"] for line in LINES if line["type"].partition(".")[0] in ("position", "statement")]
    quotes = [data["quote"] for data in evidence if "quote" in data]
    assert len(quotes) > 80
    assert [quote for quote in quotes if len(quote.split()) > 30] == []
    dated = [line["data"] for line in LINES if line["type"].rpartition(".")[0] in ("milestone.noted", "issue.closed")]
    assert [data for data in (*evidence, *dated) if "source" not in data] == []


def test_every_source_has_an_address() -> None:
    sources = [line["data"] for line in LINES if line["type"].startswith("source.registered")]
    addresses = [data["url"] for data in sources]
    assert len(addresses) == len(set(addresses)) > 100
    assert [
        data["source"] for data in sources if ("-nd-" in f"{data['source']}-") != ("published_on" not in data)
    ] == []


def test_many_parties_speak_in_every_form() -> None:
    assert len(STATED) >= 60
    assert len({data["party"] for data in STATED}) >= 30
    fields = {field for data in STATED for field in data}
    assert fields >= {
        "amount",
        "could_accept",
        "stated_as",
        "red_line",
        "reasons",
        "joint_with",
        "provision",
        "answers",
    }
    assert {data["act"] for data in STATED if "stance" not in data and "amount" not in data} == {"declines"}
    kinds = {line["data"]["kind"] for line in LINES if line["type"].startswith("party.registered")}
    assert kinds == {"state", "bloc", "forum", "other"}


def test_the_readme_says_how_many_statements_have_no_dated_source(corpus: Tracker) -> None:
    query = Query(published_by=date(2026, 11, 27))
    undated = corpus.report(date(2020, 1, 1), date(2024, 12, 31), query).left_out_undated
    assert f"- {undated} of the {len(STATED)} statements have no source with a date" in README


def test_who_wanted_how_much_on_the_last_night(corpus: Tracker) -> None:
    then = values(corpus, date(2024, 11, 21), GOAL)
    assert (then["G77"], then["LMDC"], then["EUN"], then["USA"]) == (">=1300", ">=1300", "no figure", "no figure")
    assert then["DEU"] == "no figure"
    now = values(corpus, date(2024, 11, 23), GOAL)
    assert (now["G77"], now["LMDC"], now["EUN"], now["USA"]) == (">=500", ">=1300", "<=300", "<=300")


def test_the_outcomes_are_a_figure_and_two_wordings(corpus: Tracker) -> None:
    closed = {row.issue: row.closed for row in corpus.state(date(2024, 12, 1)).rows if row.closed is not None}
    assert str(closed[GOAL].amount) == "300"
    assert {issue: end.outcome for issue, end in closed.items() if "/wording/" in issue} == {
        "climate/coal/wording/no-mention": "superseded",
        "climate/coal/wording/phase-down": "agreed",
        "climate/coal/wording/phase-out": "superseded",
        "climate/fossil-fuels/wording/no-mention": "superseded",
        "climate/fossil-fuels/wording/phase-down": "superseded",
        "climate/fossil-fuels/wording/phase-out": "superseded",
        "climate/fossil-fuels/wording/transition-away": "agreed",
    }


def test_both_sides_moved_on_the_last_night(corpus: Tracker) -> None:
    pair = Query(Scope(frozenset({"G77", "USA"}), frozenset({GOAL})))
    before, after = date(2024, 11, 22), date(2024, 11, 23)
    steps = corpus.report(before, after, pair).changes
    assert [(step.party, step.kind) for step in steps] == [("G77", "lowered"), ("USA", "raised")]


def test_a_member_takes_its_blocs_position_and_a_forum_passes_none_on(corpus: Tracker) -> None:
    said_in_dubai = Query(Scope(issues=frozenset({"climate/fossil-fuels/wording/phase-out"})))
    rows = corpus.state(date(2023, 12, 12), said_in_dubai, inherit=True).rows
    holding = {row.party for row in rows}
    assert {"WSM", "FJI", "ZMB", "IRL"} <= holding
    assert not {"JPN", "NOR", "NZL"} & holding

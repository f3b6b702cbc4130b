"""The shipped corpus: it loads without a finding, its quotes are short, everything leads to a source."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.conftest import ROOT
from tracker.domain.terms.scope import KnownAt, Query, Scope
from tracker.domain.terms.vocabulary import Outcome
from tracker.domain.timeline.circumstances import Closing
from tracker.tracker import Tracker

FILES = sorted((ROOT / "events").glob("*.jsonl"))
ACTS = {
    *("proposes", "demands", "asks", "offers", "accepts", "agrees", "rejects", "reaffirms", "denies", "warns"),
    *("threatens", "welcomes", "criticises", "suspends", "leaves"),
    *("votes", "abstains", "cosponsors", "reserves", "dissociates", "declines"),
}
"""The glossary's, as its words stand there."""
LINES = [json.loads(line) for file in FILES for line in file.read_bytes().splitlines()]
FIRST = 396
"""Entries of the first recording, on 2 November 2026; those of the later files correct and complete it."""
FIRST_READING = "ea00fba0a553"
"""The beginning of the log's hash at position 396."""
UNDATED = 2
"""Statements without a dated source; docs/decisions/0012-corpus.md says why."""


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


def recorded(*names: str) -> Iterator[dict[str, Any]]:
    """The data of all versions of the kinds of that name, corrections among them."""
    kinds = {line["id"]: line["type"] for line in LINES}
    for line in LINES:
        if line["type"] == "entry.corrected.v1":
            kinds[line["id"]] = kinds[line["data"]["target"]]  # the kind of the chain's first entry
        if kinds[line["id"]].rpartition(".")[0] in names:
            yield line["data"].get("replacement", line["data"])


def test_the_first_recording_is_never_rewritten() -> None:
    chained = bytes(32)
    lines = [line for file in FILES for line in file.read_bytes().splitlines()][:FIRST]
    for position, line in enumerate(lines, 1):
        stored = json.dumps(
            {**json.loads(line), "position": position}, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        chained = hashlib.sha256(chained + stored.encode()).digest()
    assert chained.hex().startswith(FIRST_READING)


def test_the_files_are_recorded_one_after_the_other_on_days_of_their_own() -> None:
    times = [line["time"] for line in LINES]
    assert times == sorted(times)
    assert sorted({time[:10] for time in times}) == [
        *("2026-11-02", "2026-11-09", "2026-11-12", "2026-11-16", "2026-11-27")
    ]


def test_quotes_are_at_most_thirty_words() -> None:
    kinds = ("position.stated", "position.withdrawn", "statement.corroborated", "issue.closed")
    quotes = [data["quote"] for data in recorded(*kinds) if "quote" in data]
    assert len(quotes) > 200
    assert [quote for quote in quotes if len(quote.split()) > 30] == []


def test_every_position_and_milestone_leads_to_a_source() -> None:
    kinds = ("position.stated", "position.withdrawn", "milestone.noted", "issue.closed", "statement.corroborated")
    assert [data for data in recorded(*kinds) if "source" not in data] == []


def test_every_statement_but_two_has_a_dated_source(corpus: Tracker) -> None:
    report = corpus.report(date(2018, 1, 1), date(2026, 11, 30), Query(published_by=date(2026, 11, 30)))
    assert report.left_out_undated == UNDATED


def test_issues_have_questions_and_conditional_stances_their_conditions() -> None:
    opened = list(recorded("issue.opened"))
    conditional = [data for data in recorded("position.stated") if data.get("stance") == "conditional"]
    assert len(opened) > 10
    assert len(conditional) > 10
    assert [data["issue"] for data in opened if not data["question"].endswith("?")] == []
    assert [data["summary"] for data in conditional if not data.get("conditions")] == []


def test_what_was_said_in_washington_is_dated_by_the_day_it_was_said(corpus: Tracker) -> None:
    lavrov = row(corpus, "2019-12-10", "RUS", "new-start/extension")
    assert (lavrov.stance, lavrov.stated_on, lavrov.source) == ("supports", "2019-12-10", "mid-ru-2019-12-11-2")
    assert row(corpus, "2019-12-10", "USA", "china-inclusion").stance == "supports"
    assert row(corpus, "2019-12-10", "USA", "new-start/extension").attribution == "inferred"
    assert row(corpus, "2019-12-10", "USA", "inf").closed == Closing(date(2019, 8, 2), Outcome.TERMINATED)


def test_two_steps_of_one_day_keep_their_order(corpus: Tracker) -> None:
    report = corpus.report(date(2019, 12, 9), date(2019, 12, 10))
    lavrov = [
        step.source
        for step in report.changes
        if (step.party, step.issue) == ("RUS", "arms-control/new-start/extension")
    ]
    assert lavrov == ["dw-2019-12-11", "mid-ru-2019-12-11-2"]
    assert row(corpus, "2026-02-12", "RUS", "new-start/limits-after-2026").contested


@pytest.mark.parametrize(
    ("on", "party", "issue", "then", "now"),
    [
        ("2019-02-28", "USA", "inf", "conditional", "opposes"),
        ("2020-10-31", "USA", "china-inclusion", "supports", "conditional"),
        ("2020-06-30", "RUS", "china-inclusion", "sceptical", "neutral"),
        ("2023-02-28", "RUS", "new-start/participation", "conditional", "opposes"),
        ("2021-01-31", "RUS", "new-start/extension-terms", "conditional", "supports"),
    ],
)
def test_our_errors_are_corrected_and_what_was_answered_before_stays_answerable(
    corpus: Tracker, on: str, party: str, issue: str, then: str, now: str
) -> None:
    first = Query(known_at=KnownAt("@396", position=FIRST))
    answers = [corpus.state(date.fromisoformat(on), query).rows for query in (first, Query())]
    pair = (party, f"arms-control/{issue}")
    assert [next(r.stance for r in rows if (r.party, r.issue) == pair) for rows in answers] == [then, now]


def test_a_party_that_gives_up_its_position_withdraws_and_is_not_corrected(corpus: Tracker) -> None:
    assert row(corpus, "2025-08-03", "RUS", "inf-moratorium").stance == "conditional"
    assert row(corpus, "2025-08-04", "RUS", "inf-moratorium").stance is None


def test_the_length_of_the_extension_is_on_record_in_years(corpus: Tracker) -> None:
    length = "arms-control/new-start/extension-length"
    report = corpus.report(date(2019, 12, 1), date(2021, 2, 3), Query(Scope(issues=frozenset({length}))))
    russia = [(step.kind, str(step.to_value)) for step in report.changes if step.party == "RUS"]
    assert russia == [
        *[("new", "5"), ("lowered", ">=1"), ("narrowed", "1")],
        *[("raised", "5"), ("reaffirmed", "5")],
    ]
    closed = next(data for data in recorded("issue.closed") if data["issue"] == length)
    assert closed["amount"] == {"at_least": "5", "at_most": "5"}


def test_a_limit_that_is_kept_no_longer_is_a_position_without_a_figure(corpus: Tracker) -> None:
    assert str(row(corpus, "2026-01-31", "RUS", "new-start/warhead-limit").value) == "<=1550"
    assert str(row(corpus, "2026-02-04", "RUS", "new-start/warhead-limit").value) == "no figure"


def test_the_corpus_has_an_example_of_every_kind_of_event() -> None:
    assert {line["type"].rpartition(".")[0] for line in LINES} >= {
        *("party.updated", "membership.started", "membership.ended", "issue.reworded", "issue.closed"),
        *("position.withdrawn", "statement.corroborated", "entry.corrected", "entry.retracted"),
    }


def test_no_act_of_the_corpus_is_one_that_the_glossary_lacks() -> None:
    acts = {data["act"] for data in recorded("position.stated") if "act" in data}
    assert acts <= ACTS
    assert {"accepts", "leaves", "suspends", "welcomes"} <= acts

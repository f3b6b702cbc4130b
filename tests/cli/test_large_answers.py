"""Large answers: data come whole and in parts, and people are shown some thousand cells."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.processes import started_workers
from tracker.adapters.jsonl import write_lines
from tracker.domain.answers.asks import open_conditions
from tracker.domain.log.chain import GENESIS, LogHead, chain_hash
from tracker.domain.terms.scope import Query, Scope
from tracker.errors import LogDamaged
from tracker.questions import entries as reader
from tracker.questions.paged_rows import _render_in_worker
from tracker.reports import answers, state_answer
from tracker.reports.answers import Rows
from tracker.reports.basis import Basis
from tracker.reports.data_formats import render_csv, render_json, to_csv, to_json
from tracker.reports.formats import Rendering
from tracker.reports.tables import entry_table, statement_tables
from tracker.snapshot import Snapshot
from tracker.storage.queries import filters

pytestmark = pytest.mark.on_both_backends

DAY = date(2021, 6, 1)
ROWS = [{"a": number, "b": "é\u202e" * number} for number in range(5)]


def state_rows(snapshot: Snapshot) -> Rows:
    found = snapshot.state_rows(DAY)
    return state_answer.state_rows(found.rows, found.left_out_undated)


def history_rows(snapshot: Snapshot) -> Rows:
    found = snapshot.history_rows(DAY)
    return statement_tables.history_rows(found.rows, Basis(DAY, None, None, Scope(), found.log))


def log_rows(snapshot: Snapshot) -> Rows:
    return entry_table.log_rows(snapshot.log_lines(), snapshot.positions, after=0)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(filters, "_PAGE", 3)
    filters._last_of_page.cache_clear()
    monkeypatch.setattr(answers, "_PART", 2)
    yield
    filters._last_of_page.cache_clear()


LEDGER = "\n".join(
    f"stated {party} {issue} {stance} 2021-0{month}-01"
    for month, stance in ((1, "supports"), (2, "conditional"))
    for issue in ("a", "a/b", "a/b/c", "b", "c/d")
    for party in ("AAA", "BBB", "CCC")
)


@pytest.mark.on_sqlite
@pytest.mark.parametrize("number", range(6))
def test_rows_in_parts_are_the_bytes_of_all_rows_together(number: int) -> None:
    rows = ROWS[:number]
    assert written(render_json(Rows(iter(rows), ()))) == to_json(rows)
    assert list(json.loads(written(render_json(Rows(rows, ()))))) == rows
    assert written(render_csv(Rows(iter(rows), ("a", "b")))) == to_csv(("a", "b"), rows)


def written(rendering: Rendering) -> str:
    assert isinstance(rendering.body, Iterator)
    return "".join(rendering.body)


@pytest.mark.parametrize("answer", [state_rows, log_rows, history_rows])
def test_pages_are_the_same_whoever_reads_and_renders_them(
    new_tracker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, answer: Callable[[Snapshot], Rows]
) -> None:
    monkeypatch.setattr(reader, "CHUNK", 5)
    started = started_workers(monkeypatch)
    with new_tracker(LEDGER) as tracker, tracker.snapshot() as snapshot:
        rows = list(answer(snapshot).rows)
        assert written(render_json(answer(snapshot))) == to_json(rows)
        assert written(render_csv(answer(snapshot))) == to_csv(answer(snapshot).columns, rows)
        assert bool(started) is (snapshot.log_lines().log.file is not None)


@pytest.mark.on_sqlite
def test_a_worker_leaves_pages_alone_once_the_log_has_more_entries(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker, tracker.snapshot() as snapshot:
        found = snapshot.log_lines()
        (page,) = found.pages
        render = partial(_render_in_worker, str(found.log.file), read=found.read, render=lambda rows: repr(list(rows)))
        assert render(expected=found.head, page=page) == repr(list(found.read(found.log, page)))
        assert render(expected=LogHead(found.head.position - 1, found.head.hash), page=page) is None


def test_a_state_and_a_history_read_in_pages_are_those_read_at_once(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker, tracker.snapshot() as snapshot:
        for named in (filters_of(), filters_of("a"), filters_of("b", "a/b"), filters_of("c", party="BBB")):
            assert list(snapshot.state_rows(DAY, named).rows) == list(snapshot.state(DAY, named).rows)
            assert list(snapshot.history_rows(DAY, named).rows) == list(snapshot.history(on=DAY, query=named).changes)


def filters_of(*issues: str, party: str | None = None) -> Query:
    return Query(Scope(frozenset({party} if party else ()), frozenset(issues)))


def test_conditions_are_those_of_the_whole_state(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER + "\nstated AAA c/d supports 2021-03-01 if=x\nwithdrawn BBB c/d 2021-03-02") as tracker:
        for day in (date(2021, 1, 15), DAY):
            assert tracker.conditions(day).open == open_conditions(tracker.state(day).cells)


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_state_that_is_too_large_shows_its_first_issues_and_how_to_narrow_it(
    desk: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(answers, "MOST_CELLS", 1)
    record(desk, "supports", "2021-01-01")
    assert "Only the first" not in desk("state", "--format", form).out
    desk("issue", "add", "arms/zzz", "--title", "Other", "--question", "Should it?")
    desk("record", "RUS", "arms/zzz", "supports", "--on", "2021-01-01", "--summary", "Yes.")
    shown = desk("state", "--format", form).out
    assert "Only the first 1 issues are shown, up to arms/start." in shown.replace("\n", " ").replace("\\", "")
    assert "--issue" in shown.replace("\\", "")
    assert len(json.loads(desk("state", "--format", "json").out)) == 2
    with_named = desk("state", "--issue", "arms/zzz", "--format", form).out
    assert "Only the first" not in with_named


@pytest.mark.parametrize("form", ["table", "md"])
def test_rows_that_are_too_many_are_cut_for_people_alone(
    desk: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    record(desk, "supports", "2021-01-01")
    record(desk, "conditional", "2021-01-02")
    for question in (("history",), ("find", "said"), ("party", "list")):
        assert "Only the first" not in desk(*question, "--format", form).out
        with monkeypatch.context() as patched:
            patched.setattr(answers, "MOST_CELLS", 7)
            assert "Only the first 1 rows are shown." in desk(*question, "--format", form).out
            assert len(json.loads(desk(*question, "--format", "json").out)) == 2


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_report_of_very_many_changes_shows_the_first_of_each_section_and_counts_all(
    desk: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    record(desk, "supports", "2021-01-01")
    desk("record", "USA", "start", "supports", "--on", "2021-01-01", "--summary", "Yes.")
    question = ("report", "--from", "2020-12-31", "--to", "2021-02-01")
    assert "Only the first" not in desk(*question, "--format", form).out
    monkeypatch.setattr(answers, "MOST_CELLS", 3)
    shown = " ".join(desk(*question, "--format", form).out.replace("\\", "").split())
    assert "2 new" in shown
    assert "Only the first 1 of 2 are shown." in shown
    assert "Yes." not in shown
    assert len(json.loads(desk(*question, "--format", "json").out)["changes"]) == 2


@pytest.mark.parametrize("form", ["table", "html"])
def test_an_explanation_of_very_many_entries_shows_the_last_and_the_conclusion(
    desk: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    for day in ("2021-01-01", "2021-01-02"):
        record(desk, "supports", day)
    question = ("explain", "RUS", "start")
    assert "Only the last" not in desk(*question, "--format", form).out
    monkeypatch.setattr(answers, "MOST_CELLS", 3)
    shown = " ".join(desk(*question, "--format", form).out.split())
    assert "2 statements on record" in shown
    assert "Only the last 1 of 2 entries are shown." in shown
    assert len(json.loads(desk(*question, "--format", "json").out)["entries"]) == 2


def record(desk: Callable[..., Ran], stance: str, day: str) -> None:
    assert desk("record", "RUS", "start", stance, "--on", day, "--summary", "Said so.", "--condition", "x").code == 0


@pytest.mark.on_sqlite
def test_an_export_of_lines_that_no_hash_vouches_for_is_read_or_refused(tmp_path: Path) -> None:
    line = (
        '{"data":{"kind":"state","name":"Russia","party":"RUS"},"datacontenttype":"application/json",'
        '"id":"01a20222-28bd-71e7-b844-ffbda5b47c25","position":1,"recordedby":"me","source":"tracker",'
        '"specversion":"1.0","subject":"RUS","time":"2026-01-01T00:00:00.000000Z","type":"party.registered.v1"}'
    )
    out, again = io.BytesIO(), io.BytesIO()
    assert write_lines([(1, line, chain_hash(GENESIS, line.encode()))], out) == 1
    assert write_lines([(1, line, b"other")], again) == 1
    assert out.getvalue() == again.getvalue() == line.replace('"position":1,', "").encode() + b"\n"
    with pytest.raises(LogDamaged):
        write_lines([(1, line[:-5], b"other")], io.BytesIO())


def test_nobody_is_found_says_which_filters_were_asked(desk: Callable[..., Ran]) -> None:
    found = desk("find", "zebra", "--party", "RUS", "--published-by", "2020-01-31").out
    filters = "only RUS   published by 31 Jan 2020   log position 4"
    assert (
        found
        == f"Entries that hold 'zebra'\n{filters}\n\nNothing on record that holds 'zebra' matches what was asked for.\n"
    )

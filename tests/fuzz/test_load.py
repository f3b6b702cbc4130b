"""Whatever is loaded, it is recorded whole and well, or refused with file, line and reason and nothing is kept."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz.conftest import Desk, Tally
from tests.fuzz.spoiled import EVENTS, NEWER, damaged, other_values
from tracker.errors import BadData

pytestmark = pytest.mark.on_both_backends


@pytest.mark.parametrize("spoiled", [other_values, damaged])
def test_a_spoiled_file_is_loaded_whole_or_not_at_all(
    new_desk: Callable[..., Any], tally: Callable[[float], Tally], tmp_path: Path, spoiled: Callable[[], Any]
) -> None:
    ends = tally(0.3)
    path = tmp_path / "events.jsonl"

    @ends.settings
    @example(EVENTS, "")
    @example(NEWER, "")
    @example(EVENTS.replace(b"party", b"parti"), "")
    @given(spoiled(), st.sampled_from(("", "known: party RUS")))
    def loaded(content: bytes, on_record: str) -> None:
        path.write_bytes(content)
        with new_desk(on_record) as desk:
            done = desk.run("load", str(path))
            ends.add("accepted" if done.exit_code == 0 else "refused")
            if done.exit_code == 0:
                desk.holds()
                return
            *findings, summary = done.stderr.splitlines()
            assert "nothing was recorded" in summary
            for finding in findings:
                placed = re.fullmatch(rf"{re.escape(str(path))}:(\d+): .+", finding)
                assert placed, finding
                assert int(placed[1]) in range(1, content.count(b"\n") + 2), finding

    loaded()
    ends.reached("accepted", "refused")


def test_to_keep_going_keeps_exactly_the_good_entries(
    new_desk: Callable[..., Any], tally: Callable[[float], Tally], tmp_path: Path
) -> None:
    ends = tally(0.04)
    path, alone = tmp_path / "events.jsonl", tmp_path / "alone.jsonl"

    def line_by_line(desk: Desk, content: bytes) -> list[Any]:
        """What is on record after each line was loaded by itself."""
        for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
            alone.write_bytes(line)
            with suppress(BadData):
                desk.tracker.load([alone])
        return kept(desk)

    def kept(desk: Desk) -> list[Any]:
        return [(entry.id, entry.event, entry.recorded_by, entry.origin_time) for entry, _ in desk.tracker.entries()]

    @ends.settings
    @example(b"".join(EVENTS.splitlines(keepends=True)[:8]))  # the ninth adds no evidence: it is judged in such a log
    @example(EVENTS + b"{}\n")
    @given(other_values() | damaged())
    def loaded(content: bytes) -> None:
        path.write_bytes(content)
        with (
            new_desk("start: milestone Start 2019-01-01") as desk,
            new_desk("start: milestone Start 2019-01-01") as other,
        ):
            done = desk.run("load", "--keep-going", str(path))
            ends.add("whole" if done.exit_code == 0 else "in part")
            assert kept(desk) == line_by_line(other, content)
            assert (done.exit_code == 0) == (not done.stderr)
            desk.holds()

    loaded()
    ends.reached("whole", "in part")

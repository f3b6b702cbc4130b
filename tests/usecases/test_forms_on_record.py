"""What the forms of issues on record allow, and that corrections keep the form in which they were written."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from tracker.domain.log.entries import Draft
from tracker.domain.log.parsing import parse_event, parse_written
from tracker.errors import TrackerError

_PARTY = ("party.registered.v1", {"party": "AAA", "name": "A", "kind": "state"})
_CHOICE = ("issue.opened.v2", {"issue": "c", "title": "C", "question": "Which?", "form": "choice"})
_OPTION = ("issue.opened.v1", {"issue": "c/x", "title": "X", "question": "Should it be X?"})
_PLEDGES = {"issue": "n", "title": "N", "question": "How much?", "form": "quantity", "unit": "t"}
_SAID = {"party": "AAA", "issue": "n", "stated_on": "2020-01-05", "summary": "s", "amount": {"at_least": "5"}}


@pytest.mark.on_both_backends
def test_an_option_has_no_options_and_own_is_fixed_once_positions_are_on_record(
    new_tracker: Callable[..., Any],
) -> None:
    with new_tracker() as tracker:

        def record(type_name: str, data: dict[str, Any]) -> Any:
            return tracker.record([parse_event(type_name, data)], by="analyst")

        for one in (_PARTY, _CHOICE, _OPTION, ("issue.opened.v2", _PLEDGES), ("position.stated.v2", _SAID)):
            record(*one)
        below = {"issue": "c/x/z", "title": "Z", "question": "Which?"}
        with pytest.raises(TrackerError, match="an option has no options"):
            record("issue.opened.v2", below | {"form": "choice"})
        record("issue.opened.v1", below)
        with pytest.raises(TrackerError, match="answers for itself"):
            tracker.correct("@4", {"own": True}, reason="r", by="analyst")


def test_a_correction_that_names_a_first_version_comes_back_as_it_was_written(new_tracker: Callable[..., Any]) -> None:
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(2)]
    corrected = {"target": ids[0], "type": _PARTY[0], "replacement": _PARTY[1] | {"name": "B"}, "reason": "r"}
    event, written = parse_written("entry.corrected.v2", corrected)
    drafts = [Draft(parse_event(*_PARTY), ids[0], "analyst"), Draft(event, ids[1], "analyst", written=written)]
    with new_tracker(drafts=drafts) as tracker:
        out = io.BytesIO()
        tracker.export(out)
        assert b'"type":"entry.corrected.v2"' in out.getvalue()
        assert tracker.verify().sound

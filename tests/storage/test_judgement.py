"""Rules that judge what people record, and let what was accepted once come back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.databases import Databases
from tests.ledger import id_of
from tracker.domain.log.events import MembershipStarted
from tracker.errors import JoinsItself, RefusedEntries
from tracker.usecases.restore import restore_database

pytestmark = pytest.mark.on_both_backends

BREAKS = """
    party AAA
    self: started AAA AAA 2020-01-01
    fixed: corrected self on=2020-01-02
"""
"""A log that was accepted before there were rules, and breaks every one of them."""
BROKEN = {"self": JoinsItself, "fixed": JoinsItself}


def test_what_breaks_a_rule_is_refused_when_it_is_recorded(new_tracker: Callable[..., Any]) -> None:
    with new_tracker("party AAA") as tracker:
        before = tracker.checkpoint()
        with pytest.raises(RefusedEntries) as refused:
            tracker.record([MembershipStarted(party="AAA", bloc="AAA", on="2020-01-01")], by="me")
        assert isinstance(refused.value.refusals[0][1], JoinsItself)
        assert tracker.checkpoint() == before


def test_a_log_that_breaks_every_rule_comes_back_with_notes(
    new_tracker: Callable[..., Any], databases: Databases, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    with new_tracker(BREAKS) as tracker:
        with file.open("wb") as out:
            tracker.export(out)
        head = tracker.checkpoint()
        ids = {row.entry.id for row in tracker.entries()}
    assert {id_of(name) for name in BROKEN} <= ids
    with databases.empty() as url:
        restored = restore_database(url, file, checkpoint=head, clock=lambda: NOW)
        assert (restored.head, restored.noted) == (head, len(BROKEN))
    with new_tracker() as tracker:
        loaded = tracker.load([file])
        assert (loaded.appended, loaded.noted) == (len(ids), len(BROKEN))
        assert all("cannot be a member of itself" in note.message for note in loaded.notes)
        assert tracker.checkpoint() == head

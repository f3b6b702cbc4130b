"""The same entry may be sent again for ever: after a restart, and to the other back end that took over the log."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.databases import PostgreSQLDatabases, SQLiteDatabases
from tests.ledger import append_all, drafts
from tracker.cli.demonstrations import NUCLEAR
from tracker.domain.log.entries import Draft, content_hash
from tracker.errors import BadData, SameIdOtherContent
from tracker.storage.log.writer import Receipt
from tracker.tracker import Tracker
from tracker.usecases.restore import restore_database

LEDGER = """
    party RUS
    issue a/b
    a: stated RUS a/b supports 2019-12-10
    b: corrected a stance=opposes
    milestone Summit 2019-12-10
    """


@pytest.mark.parametrize("first", ["sqlite", "postgresql"])
def test_a_retry_finds_the_first_position_on_whatever_back_end_the_log_lives(
    first: str, sqlite_databases: SQLiteDatabases, postgresql_databases: PostgreSQLDatabases, tmp_path: Path
) -> None:
    homes = (sqlite_databases, postgresql_databases) if first == "sqlite" else (postgresql_databases, sqlite_databases)
    sent = drafts(LEDGER)
    with homes[0].empty() as url, homes[1].empty() as moved_to:
        with Tracker.open(url, clock=lambda: NOW) as tracker:
            with tracker._log.writing() as log:
                append_all(log, sent)
            tracker.backup(tmp_path / "backup")
        restore_database(moved_to, tmp_path / "backup", clock=lambda: NOW)
        refusals = []
        for place in (url, moved_to):
            for _ in range(2):  # each a restart
                with Tracker.open(place) as tracker, tracker._log.writing() as log:
                    results = append_all(log, [Draft(draft.event, draft.id, draft.recorded_by) for draft in sent])
                assert all(isinstance(result, Receipt) and not result.appended for result in results)
                assert [result.entry.position for result in results if isinstance(result, Receipt)] == [1, 2, 3, 4, 5]
            other = Draft(sent[2].event, sent[4].id, "analyst")
            with Tracker.open(place) as tracker, tracker._log.writing() as log:
                (refused,) = append_all(log, [other])
            assert isinstance(refused, SameIdOtherContent)
            refusals.append(str(refused))
            with Tracker.open(place) as tracker:
                assert tracker.checkpoint().position == len(sent)
        assert refusals[0] == refusals[1]
        assert content_hash(sent[4])[:16] in refusals[0]
        assert content_hash(other)[:16] in refusals[0]


def test_a_load_may_be_repeated_and_names_what_differs(sqlite_databases: SQLiteDatabases, tmp_path: Path) -> None:
    lines = NUCLEAR.files()[0].read_text().splitlines(keepends=True)
    changed = json.loads(lines[-1])
    changed["recordedby"] = "somebody else"
    (tmp_path / "changed.jsonl").write_text("".join([*lines[:-1], json.dumps(changed)]))
    with sqlite_databases.empty() as url:
        for _ in range(3):
            with Tracker.open(url) as tracker:
                tracker.load([NUCLEAR.files()[0]])
                assert tracker.checkpoint().position == len(lines)
        with Tracker.open(url) as tracker, pytest.raises(BadData) as refused:
            tracker.load([tmp_path / "changed.jsonl"])
    (finding,) = refused.value.findings
    assert finding.line == len(lines)
    assert len(set(re.findall(r"\b[0-9a-f]{16}\b", finding.message))) == 2

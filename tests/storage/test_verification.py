"""`verify` finds what was tampered with, wherever it is, and names the position."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracker.domain.entries import LogHead
from tracker.tracker import Tracker

TEXT = """
    party RUS aliases=Moscow
    issue a/b
    source dw 2019-12-11
    a: stated RUS a/b supports 2019-12-10 source=dw if=x
    b: corrected a stance=opposes
    corroborated b source=dw
    stated RUS a/b neutral 2019-12-12 speaker=Ann
    milestone Summit 2019-12-10 parties=RUS
    """


@pytest.fixture
def tampered(new_tracker: Callable[..., Any], tmp_path: Path) -> Callable[[str], list[Any]]:
    def with_statement(*statements: str, checkpoint: LogHead | None = None) -> list[Any]:
        with new_tracker(TEXT) as tracker:
            copy = tmp_path / "tampered.db"
            source = sqlite3.connect(tracker._log._path)
            target = sqlite3.connect(copy)
            source.backup(target)
            for trigger in ("log_refuses_update", "log_refuses_delete", "log_refuses_gaps"):
                target.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                assert target.execute(statement).rowcount > 0, statement
            target.commit()
            target.close()
            source.close()
        with Tracker.open(str(copy)) as tracker:
            return tracker.verify(checkpoint)

    return with_statement


@pytest.mark.parametrize(
    ("statement", "position", "in_log"),
    [
        ("UPDATE log SET line = replace(line, 'supports', 'conditional') WHERE position = 4", 4, True),
        ("UPDATE log SET line = replace(line, ',', ', ') WHERE position = 4", 4, True),
        ("UPDATE log SET hash = x'00' || substr(hash, 2) WHERE position = 4", 4, True),
        ("UPDATE log SET hash = x'00' || x'ff' WHERE position = 4", 4, True),
        ("UPDATE log SET line = CAST(x'7bff7d' AS TEXT) WHERE position = 4", 4, True),
        ("UPDATE statement SET source = CAST(x'ff' AS TEXT) WHERE position = 4", 4, False),
        ("UPDATE log SET id = 'ffffffff-0000-7000-8000-000000000000' WHERE position = 4", 4, True),
        ("UPDATE log SET type = 'position.withdrawn.v1' WHERE position = 4", 4, True),
        ("UPDATE log SET recorded_at = '2030-01-01T00:04:01.000000Z' WHERE position = 4", 4, True),
        ("DELETE FROM log WHERE position = 4", 4, True),
        ("UPDATE statement SET stance = 0 WHERE position = 4", 4, False),
        ("UPDATE statement SET effective_on = '2019-12-11' WHERE position = 5", 5, False),
        ("UPDATE statement SET sequence = 1 WHERE position = 5", 5, False),
        ("UPDATE statement SET rank = 5 WHERE position = 5", 5, False),
        ("UPDATE statement SET attribution = 'direct' WHERE position = 7", 7, False),
        ("UPDATE statement SET source = 'dv' WHERE position = 5", 5, False),
        ("UPDATE statement SET contests_from = '2019-12-01' WHERE position = 7", 7, False),
        ("UPDATE statement SET pair = 7 WHERE position = 7", 7, False),
        ("UPDATE statement SET ended_at = NULL WHERE position = 4", 4, False),
        ("UPDATE statement SET ended_at = 8 WHERE position = 7", 8, False),
        ("DELETE FROM statement WHERE position = 7", 7, False),
        ("INSERT INTO statement SELECT 8, pair, effective_on, sequence, 8, stance, contests_from, attribution, source,"
         " ended_at FROM statement WHERE position = 7", 8, False),
        ("INSERT INTO statement SELECT 9, pair, effective_on, sequence, 9, stance, contests_from, attribution, source,"
         " ended_at FROM statement WHERE position = 7", 9, False),
        ("UPDATE pair SET party = 'USA'", 4, False),
        ("UPDATE pair SET id = 5", 4, False),
        ("INSERT INTO pair VALUES (8, 'a/b', 'USA')", 8, False),
        ("UPDATE corroboration SET source = 'dv'", 6, False),
        ("UPDATE corroboration SET statement_rank = 5", 6, False),
        ("UPDATE corroboration SET ended_at = 7", 8, False),
        ("UPDATE fact SET day = '2019-12-10' WHERE position = 3", 3, False),
        ("UPDATE fact SET key = 'dv' WHERE position = 3", 3, False),
        ("UPDATE fact SET family = 'issue.opened' WHERE position = 3", 3, False),
        ("DELETE FROM fact WHERE position = 8", 8, False),
    ],
)  # fmt: skip
def test_a_change_of_any_column_is_found_at_its_position(
    tampered: Callable[..., list[Any]], statement: str, position: int, in_log: bool
) -> None:
    damage = tampered(statement)
    assert damage
    assert (damage[0].position, damage[0].in_log) == (position, in_log)


def test_a_log_cut_at_its_end_or_rewritten_whole_is_found_by_a_checkpoint(
    tampered: Callable[..., list[Any]], new_tracker: Callable[..., Any]
) -> None:
    with new_tracker(TEXT) as tracker:
        kept = tracker.checkpoint()
    cut = ("DELETE FROM log WHERE position = 8", "DELETE FROM fact WHERE position = 8")
    assert tampered(*cut) == []
    assert "was cut" in tampered(*cut, checkpoint=kept)[0].message
    with new_tracker(TEXT.replace("neutral", "supports")) as rewritten:
        assert rewritten.verify() == []
        assert "rewritten" in rewritten.verify(kept)[0].message


def test_rebuild_mends_projections(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(TEXT) as tracker:
        connection = sqlite3.connect(tracker._log._path)
        for table in ("pair", "statement", "corroboration", "fact"):
            connection.execute(f"DELETE FROM {table}")
        connection.commit()
        connection.close()
        assert tracker.verify() != []
        tracker.rebuild()
        assert tracker.verify() == []

"""`verify` finds what was tampered with, wherever it is, and names the position."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracker.domain.log.chain import LogHead
from tracker.tracker import Tracker
from tracker.usecases.verify import VerifyResult

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


_COPY = (
    "INSERT INTO statement (position, pair, effective_on, sequence, rank, value, states_conditions, lasts, asks, "
    "addressed_to, first_on, contests_from, standing, attribution, source, public_on, evidence_at, ended_at) "
    "SELECT {0}, pair, effective_on, sequence, {0}, value, states_conditions, lasts, asks, "
    "addressed_to, first_on, contests_from, standing, attribution, source, public_on, evidence_at, ended_at "
    "FROM statement WHERE position = 7"
)


@pytest.fixture
def tampered(new_tracker: Callable[..., Any], tmp_path: Path) -> Callable[..., VerifyResult]:
    def with_statement(*statements: str, checkpoint: LogHead | None = None) -> VerifyResult:
        with new_tracker(TEXT) as tracker:
            copy = tmp_path / "tampered.db"
            source = sqlite3.connect(tracker._log.backend.path)
            target = sqlite3.connect(copy)
            source.backup(target)
            triggers = target.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                target.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                if "TRIGGER" not in statement:
                    assert target.execute(statement).rowcount != 0, statement
            for name, sql in triggers:
                if f"DROP TRIGGER {name}" not in statements:
                    target.execute(sql)
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
        ("UPDATE log SET line = 1.5 WHERE position = 4", 4, True),
        ("UPDATE log SET line = '[]' WHERE position = 4", 4, True),
        ("UPDATE log SET line = CAST(line AS BLOB) WHERE position = 4", 4, True),
        ("UPDATE log SET id = CAST(id AS BLOB) WHERE position = 4", 4, True),
        ("UPDATE log SET type = CAST(type AS BLOB) WHERE position = 4", 4, True),
        ("UPDATE log SET hash = 'text' WHERE position = 4", 4, True),
        ("INSERT INTO log SELECT -1, 'x', type, recorded_at, line, hash FROM log WHERE position = 4", 1, True),
        ("INSERT INTO log SELECT 0, 'x', type, recorded_at, line, hash FROM log WHERE position = 4", 1, True),
        ("DROP TRIGGER log_refuses_update", 0, True),
        ("DROP INDEX statement_order", 0, True),
        ("UPDATE statement SET value = 'neutral' WHERE position = 4", 4, False),
        ("UPDATE statement SET value = CAST(x'ff' AS TEXT) WHERE position = 4", 4, False),
        ("UPDATE statement SET effective_on = CAST(effective_on AS BLOB) WHERE position = 4", 4, False),
        ("UPDATE statement SET states_conditions = 0 WHERE position = 4", 4, False),
        ("UPDATE statement SET lasts = 1 WHERE position = 4", 4, False),
        ("UPDATE statement SET answers = id FROM log WHERE statement.position = 4 AND log.position = 1", 4, False),
        ("UPDATE fact SET form = 'choice' WHERE family = 'issue.opened'", 2, False),
        ("UPDATE statement SET pair = 0 WHERE position = 7", 7, False),
        ("UPDATE statement SET pair = 'x' WHERE position = 7", 7, False),
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
        (_COPY.format(8), 8, False),
        (_COPY.format(9), 9, True),
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
    tampered: Callable[..., VerifyResult], statement: str, position: int, in_log: bool
) -> None:
    verified = tampered(statement)
    damage = verified.log if in_log else verified.projections
    assert damage
    assert damage[0].position == position


def test_a_log_cut_at_its_end_or_rewritten_whole_is_found_by_a_checkpoint(
    tampered: Callable[..., VerifyResult], new_tracker: Callable[..., Any]
) -> None:
    with new_tracker(TEXT) as tracker:
        kept = tracker.checkpoint()
    cut = ("DELETE FROM log WHERE position = 8", "DELETE FROM fact WHERE position = 8")
    assert tampered(*cut).sound
    assert "was cut" in tampered(*cut, checkpoint=kept).log[0].message
    assert "was cut" in tampered(cut[0]).log[0].message
    with new_tracker(TEXT.replace("neutral", "supports")) as rewritten:
        assert rewritten.verify().sound
        assert "rewritten" in rewritten.verify(kept).log[0].message


def test_a_damaged_index_is_found_though_every_row_is_right(new_tracker: Callable[..., Any], tmp_path: Path) -> None:
    many = "".join(
        f"stated RUS a/b supports 2019-01-{day:02} speaker=S{n}\n" for n in range(20) for day in range(1, 29)
    )
    with new_tracker(TEXT + many) as tracker:
        tracker.rebuild()
        copy = tmp_path / "index.db"
        source, target = sqlite3.connect(tracker._log.backend.path), sqlite3.connect(copy)
        source.backup(target)
        root = target.execute("SELECT rootpage FROM sqlite_master WHERE name = 'statement_effective'").fetchone()[0]
        size = target.execute("PRAGMA page_size").fetchone()[0]
        target.close()
        source.close()
    stored = bytearray(copy.read_bytes())
    place = stored.index(b"2019-01-15", (root - 1) * size)
    stored[place + 9] ^= 1
    copy.write_bytes(stored)
    with Tracker.open(str(copy)) as tracker:
        assert not tracker.verify().sound

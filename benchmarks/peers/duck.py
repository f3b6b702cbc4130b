"""The peer DuckDB: a table of counting statements asked with `arg_max`, and a table of ready intervals, in one file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.peers.frames import interval_frame, statement_frame
from benchmarks.statements import Statement

ARG_MAX = """
    WITH upto AS (
        SELECT pair, place, coalesce(stance, '') AS stance, effective_on, conditions, speaker
        FROM statement WHERE effective_on <= $on),
    head AS (SELECT pair, max(place) AS place, arg_max(stance, place) AS stance FROM upto GROUP BY pair),
    run AS (
        SELECT pair, coalesce(max(upto.place) FILTER (upto.stance <> head.stance), 0) AS before
        FROM upto JOIN head USING (pair) GROUP BY pair),
    held AS (
        SELECT pair, min(effective_on) AS since, count(*) AS statements, arg_max(conditions, place) AS in_force
        FROM upto JOIN run USING (pair) WHERE place > before GROUP BY pair),
    answer AS (SELECT statement.* FROM statement JOIN head USING (pair, place)),
    contested AS (
        SELECT DISTINCT pair FROM upto JOIN answer USING (pair)
        WHERE upto.place < answer.place AND upto.effective_on >= contests_from
            AND upto.stance NOT IN ('', coalesce(answer.stance, ''))
            AND (answer.speaker IS NULL OR upto.speaker IS DISTINCT FROM answer.speaker))
    SELECT issue, party, stance, since, effective_on, statements, stated_on, summary, coalesce(in_force, []), act,
        standing, speaker, attribution, source, event_id, position, contested.pair IS NOT NULL
    FROM answer JOIN held USING (pair) LEFT JOIN contested USING (pair) ORDER BY issue, party"""

INTERVALS = """
    SELECT issue, party, stance, since, effective_on, statements, stated_on, summary, in_force, act,
        standing, speaker, attribution, source, event_id, position, contested
    FROM interval WHERE valid_from <= $on AND valid_to > $on ORDER BY issue, party"""


class Duck:
    """A file with both tables; answers have the columns of `benchmarks.statements.ANSWER`."""

    def __init__(self, path: Path, statements: list[Statement]) -> None:
        self._connection = duckdb.connect(str(path))
        frames = {"statement": statement_frame(statements), "interval": interval_frame(statements)}
        for table, frame in frames.items():
            handed_over = path.with_suffix(f".{table}.parquet")
            frame.write_parquet(handed_over)
            # By the end of an interval: the last days' answers lie together.
            order = "pair, place" if table == "statement" else "valid_to"
            self._connection.execute(f"CREATE TABLE {table} AS FROM read_parquet('{handed_over}') ORDER BY {order}")
            handed_over.unlink()
        self._connection.execute("CHECKPOINT")

    def arg_max(self, on: date) -> Sequence[tuple[Any, ...]]:
        """Who stands where on a day, from the statements."""
        return self._connection.execute(ARG_MAX, {"on": on}).fetchall()

    def intervals(self, on: date) -> Sequence[tuple[Any, ...]]:
        """The same from the intervals."""
        return self._connection.execute(INTERVALS, {"on": on}).fetchall()

    def close(self) -> None:
        self._connection.close()

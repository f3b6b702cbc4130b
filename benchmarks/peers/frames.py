"""The peer Polars: a frame of counting statements in memory, asked lazily; it hands the statements to DuckDB too."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from benchmarks.statements import ANSWER, Interval, Statement, intervals

_WORDS = pl.List(pl.String)


def statement_frame(statements: Sequence[Statement]) -> pl.DataFrame:
    """The counting statements, ordered by pair and place."""
    return pl.DataFrame(statements, schema_overrides={"conditions": _WORDS}, orient="row", infer_schema_length=None)


def interval_frame(statements: list[Statement]) -> pl.DataFrame:
    """The counting statements, each with its ready answer."""
    ready = pl.DataFrame(
        list(intervals(statements)), schema_overrides={"in_force": _WORDS}, orient="row", infer_schema_length=None
    )
    assert ready.columns == list(Interval._fields)
    return statement_frame(statements).hstack(ready)


class Frame:
    """A frame of counting statements that are kept in memory, in the order of pairs and places."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statement_frame(statements).lazy()

    def state(self, on: date) -> list[tuple[Any, ...]]:
        """Who stands where on a day, as Python objects, in the order of `ANSWER`."""
        upto = self._statements.filter(pl.col("effective_on") <= on)
        begins_run = pl.col("pair").ne(pl.col("pair").shift()) | pl.col("stance").ne_missing(pl.col("stance").shift())
        marked = upto.with_columns(run=begins_run.fill_null(True).cum_sum())
        heads = marked.unique("pair", keep="last", maintain_order=True)
        held = (
            marked.join(heads.select("run"), on="run", how="semi")
            .group_by("run")
            .agg(
                since=pl.col("effective_on").first(),
                statements=pl.len(),
                in_force=pl.col("conditions").drop_nulls().last(),
            )
        )
        about = heads.select("pair", "contests_from", head_place="place", head_stance="stance", head_speaker="speaker")
        contested = (
            upto.select("pair", "place", "effective_on", "stance", "speaker")
            .join(about, on="pair")
            .filter(
                pl.col("place") < pl.col("head_place"),
                pl.col("effective_on") >= pl.col("contests_from"),
                pl.col("stance").is_not_null() & pl.col("stance").ne_missing(pl.col("head_stance")),
                pl.col("head_speaker").is_null() | pl.col("speaker").ne_missing(pl.col("head_speaker")),
            )
            .select("pair")
            .unique()
            .with_columns(contested=pl.lit(True))
        )
        answer = (
            heads.rename({"effective_on": "last_stated"})
            .join(held, on="run", how="left", maintain_order="left")
            .join(contested, on="pair", how="left", maintain_order="left")
            .with_columns(pl.col("contested").fill_null(False), pl.col("in_force").fill_null([]))
            .select(ANSWER)
        )
        return answer.collect().rows()

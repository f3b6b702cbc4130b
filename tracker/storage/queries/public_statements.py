"""Read statements with the evidence that was public at a query's cut-offs.

Equal to `tracker.domain.timeline.publication` on the whole log; property tests compare the two.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import func, true

from tracker.domain.timeline.statement import Statement
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.projections.counting import counts, stored_lines
from tracker.storage.projections.publication import published_on
from tracker.storage.queries.filters import KNOWN_AT, PUBLISHED_BY, Shape
from tracker.storage.queries.statement_cache import StatementCache, read_stored
from tracker.storage.schema import corroboration, statement


def statements_at(
    connection: AnyConnection,
    cached: StatementCache,
    positions: Collection[int],
    shape: Shape,
    values: Mapping[str, Any],
) -> Mapping[int, Statement]:
    """Return the statements at these positions, and perhaps others; all of these must be visible to the query.

    Raises LogDamaged.
    """
    statements = cached.at(connection, positions)
    if not shape.published_by or not positions:
        return statements
    found = {position: statements[position] for position in positions}
    is_replaced: set[int] = set()
    rows = _first_public(known_at=shape.known_at).rows_in(connection, "positions", sorted(found), **values)
    for line, _, first_type, position in rows:
        if position not in is_replaced:
            is_replaced.add(position)
            found[position] = _as_carried(found[position], line, first_type)
    return found


def _as_carried(statement: Statement, line: str, first_type: str) -> Statement:
    """Return a statement with the evidence of a corroboration's stored line."""
    _, data = read_stored(line, first_type)
    return statement.with_evidence(data)


@cache
def _first_public(*, known_at: bool) -> CompiledQuery:
    """Select the public corroborations of statements whose own source was not public, the first to be so first."""
    at = KNOWN_AT if known_at else None
    own = published_on(statement.c.source, at)
    day = published_on(corroboration.c.source, at)
    rows = (
        stored_lines(corroboration)
        .add_columns(statement.c.position)
        .join(statement, statement.c.rank == corroboration.c.statement_rank)
        .where(
            in_list(statement.c.position, name="positions"),
            counts(corroboration, at),
            day <= PUBLISHED_BY,
            func.coalesce(own > PUBLISHED_BY, true()),
        )
    )
    return CompiledQuery(rows.order_by(statement.c.position, day, corroboration.c.rank))

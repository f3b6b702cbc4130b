"""Read the values in effect on a day from the projections, without the statements that state them.

Property tests hold what is concluded from them to a plain replay.
"""

from collections.abc import Collection
from datetime import date
from functools import cache

from sqlalchemy import select

from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.timeline.statement import Pair, Value, value_of
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.queries.filters import Shape, is_in_run, last_day, last_visible, pairs_in, shape_and_values
from tracker.storage.queries.public_statements import statements_at
from tracker.storage.queries.statement_cache import StatementCache
from tracker.storage.schema import pair, statement


def values_on(connection: AnyConnection, scope: Scope, cutoffs: Cutoffs, on: date) -> dict[Pair, Value]:
    """Return the value of each pair in scope on a day (inclusive); a pair with nothing on record has none."""
    shape, values = shape_and_values(scope, cutoffs, last_day(connection, cutoffs, on))
    texts: dict[str, Value] = {}
    found: dict[Pair, Value] = {}
    for issue, party, text in _values(shape).rows(connection, values):
        if (value := texts.get(text)) is None:
            value = texts[text] = value_of(text)
        found[issue, party] = value
    return found


def pairs_under_conditions(
    connection: AnyConnection,
    cached: StatementCache,
    issues: Collection[str],
    scope: Scope,
    cutoffs: Cutoffs,
    on: date,
) -> set[Pair]:
    """Return the pairs of these issues with conditions in force on a day (inclusive)."""
    shape, values = shape_and_values(scope, cutoffs, last_day(connection, cutoffs, on))
    rows = _naming(shape).rows_in(connection, "issues", sorted(issues), **values)
    naming = {position: (issue, party) for issue, party, position in rows}
    statements = statements_at(connection, cached, naming, shape, values)
    return {of_pair for position, of_pair in naming.items() if statements[position].conditions}


# --- the queries -------------------------------------------------------------------------------


@cache
def _values(shape: Shape) -> CompiledQuery:
    found, head = statement.alias("found"), statement.alias("head")
    last = last_visible(found, pair.c.id, shape).label("position")
    held = pairs_in(shape).add_columns(last).subquery("held")
    rows = select(held.c.issue, held.c.party, head.c.value).join_from(held, head, head.c.position == held.c.position)
    return CompiledQuery(rows.order_by(held.c.issue, held.c.party))


@cache
def _naming(shape: Shape) -> CompiledQuery:
    """Select the statement in the run in effect that states its conditions last, of each pair of the issues."""
    found, naming = statement.alias("found"), statement.alias("naming")
    heads = (
        pairs_in(shape)
        .where(in_list(pair.c.issue, name="issues"))
        .add_columns(
            last_visible(found, pair.c.id, shape).label("head"),
            last_visible(naming, pair.c.id, shape, naming.c.states_conditions).label("names"),
        )
        .cte("heads")
        .prefix_with("MATERIALIZED")
    )
    head, named = statement.alias("head"), statement.alias("named")
    rows = (
        select(heads.c.issue, heads.c.party, heads.c.names)
        .join_from(heads, head, head.c.position == heads.c.head)
        .join(named, named.c.position == heads.c.names)
        .where(is_in_run(named, head, shape))
    )
    return CompiledQuery(rows.order_by(heads.c.issue, heads.c.party))

"""Read timelines from the projections: the part of each that a query needs, found by index instead of by replay.

Each answer equals that of `tracker.domain.timeline.timelines` on the whole log; a property test compares the
two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, select, union_all

from tracker.domain.answers.asks import Asking
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.order import place_of
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement
from tracker.domain.timeline.timelines import Timelines
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, Rows, in_list, parameter
from tracker.storage.projections.counting import HERE, latest_first, order, place_in
from tracker.storage.queries.filters import (
    ON,
    Shape,
    is_in_run,
    last_visible,
    pairs_in,
    shape_and_values,
    undated,
    visible,
)
from tracker.storage.queries.public_statements import statements_at
from tracker.storage.queries.statement_cache import StatementCache
from tracker.storage.schema import pair, statement


def timelines(
    connection: AnyConnection, cached: StatementCache, scope: Scope, cutoffs: Cutoffs, *, up_to: date
) -> Timelines:
    """Return each pair's timeline up to a day (inclusive)."""
    shape, values = shape_and_values(scope, cutoffs, up_to)
    rows = _whole(shape).rows(connection, values)
    return Timelines(_by_pair(connection, cached, rows, shape, values), undated(connection, scope, cutoffs, up_to))


def timelines_of_page(
    connection: AnyConnection, shape: Shape, values: Mapping[str, Any], page: Mapping[str, Any]
) -> Iterable[tuple[Statement, ...]]:
    """Return the timelines of one of the `pages` of a query, by issue and party; nothing is cached."""
    rows = _whole(shape._replace(paged=True)).rows(connection, {**values, **page})
    return _by_pair(connection, StatementCache(), rows, shape, values).values()


def window(
    connection: AnyConnection, cached: StatementCache, scope: Scope, cutoffs: Cutoffs, *, after: date, up_to: date
) -> dict[Pair, tuple[Statement, ...]]:
    """Return the statements that took effect after a day and up to another, by pair and place.

    Each pair's begin with the statement in effect on the first day and, before it, those others in its run that state
    what is in force: the last that states conditions, and all that state something else that lasts.
    """
    shape, values = shape_and_values(scope, cutoffs, after)
    rows = _window(shape, listed=False).rows(connection, {**values, "up_to": up_to.isoformat()})
    return _by_pair(connection, cached, rows, shape, values)


def window_on_issues(
    connection: AnyConnection,
    cached: StatementCache,
    issues: Sequence[str],
    scope: Scope,
    cutoffs: Cutoffs,
    *,
    after: date,
    up_to: date,
) -> dict[Pair, tuple[Statement, ...]]:
    """Return the `window` of exactly these issues, also of pairs without a statement between the days."""
    shape, values = shape_and_values(replace(scope, issues=frozenset()), cutoffs, after)
    rows = _window(shape, listed=True).rows_in(connection, "issues", issues, **values, up_to=up_to.isoformat())
    return _by_pair(connection, cached, rows, shape, values)


def issues_of(connection: AnyConnection, parties: Iterable[str], scope: Scope) -> set[str]:
    """Return the issues in scope on which any of these parties ever stated anything, counting or not."""
    shape, values = shape_and_values(replace(scope, parties=frozenset()), Cutoffs(), date.min)
    return {issue for (issue,) in _issues_of(shape).rows_in(connection, "parties", sorted(parties), **values)}


def find_asks(
    connection: AnyConnection, cached: StatementCache, scope: Scope, cutoffs: Cutoffs, *, up_to: date
) -> list[Asking]:
    """Return the visible asks up to a day (inclusive), on the issues in scope, with the withdrawals that end them."""
    shape, values = shape_and_values(replace(scope, parties=frozenset()), cutoffs, up_to)
    rows = _asking(shape).rows(connection, values)
    positions = [position for row in rows for position in row if position is not None]
    statements = statements_at(connection, cached, positions, shape, values)
    return [(statements[ask], None if end is None else statements[end]) for ask, end in rows]


def find_claiming(
    connection: AnyConnection, cached: StatementCache, scope: Scope, cutoffs: Cutoffs, *, up_to: date
) -> list[Statement]:
    """Return the visible statements up to a day (inclusive) that say themselves which ask they answer."""
    shape, values = shape_and_values(scope, cutoffs, up_to)
    found = [position for (position,) in _claiming(shape).rows(connection, values)]
    statements = statements_at(connection, cached, found, shape, values)
    return [statements[position] for position in found]


def find_leaving(
    connection: AnyConnection, cached: StatementCache, scope: Scope, cutoffs: Cutoffs, *, up_to: date
) -> dict[Pair, tuple[Statement, ...]]:
    """Return the timelines up to a day (inclusive) of the pairs whose withdrawals ever left a bloc's position."""
    shape, values = shape_and_values(scope, cutoffs, up_to)
    return _by_pair(connection, cached, _leaving(shape).rows(connection, values), shape, values)


class FindAnswers(Protocol):
    """Finds the positions of a party after an ask that are needed, of all days or between two (inclusive)."""

    def __call__(
        self, ask: Statement, party: str, first: date = date.min, last: date = date.max, /
    ) -> list[Statement]: ...


def find_answers(
    connection: AnyConnection, cached: StatementCache, scope: Scope, cutoffs: Cutoffs, *, up_to: date
) -> FindAnswers:
    """Return what finds a party's visible positions after an ask, on each issue at or below the ask's.

    On each that is the first of all, the last of all, and the first that may answer it (see `asks.answers`).
    """

    def find(ask: Statement, party: str, first: date = date.min, last: date = date.max, /) -> list[Statement]:
        about = Scope(frozenset({party}), frozenset({ask.issue}), scope.attributions)
        shape, values = shape_and_values(about, cutoffs, min(up_to, last))
        day, sequence, rank = max(place_of(ask), (first, _BEFORE_ALL, 0))
        after = {"effective_on": day.isoformat(), "sequence": sequence, "rank": rank}
        of_ask = {"of": ask.issue, "to": f'%"{ask.party}"%'}
        rows = _stated_after(shape).rows(connection, {**values, **after, **of_ask})
        found = sorted({position for row in rows for position in row if position is not None})
        statements = statements_at(connection, cached, found, shape, values)
        return [statements[position] for position in found]

    return find


_BEFORE_ALL = -(2**53)
"""Less than the sequence of any statement."""


def _by_pair(
    connection: AnyConnection, cached: StatementCache, rows: Rows, shape: Shape, values: Mapping[str, Any]
) -> dict[Pair, tuple[Statement, ...]]:
    """Return the statements of rows (issue, party, position) that are ordered by pair and place."""
    positions = [position for *_, position in rows]
    statements = statements_at(connection, cached, positions, shape, values)
    by_pair = groupby(rows, key=lambda row: row[:2])
    return {key: tuple(statements[position] for *_, position in group) for key, group in by_pair}


# --- the queries -------------------------------------------------------------------------------


@cache
def _whole(shape: Shape) -> CompiledQuery:
    pairs = pairs_in(shape).cte("pairs")
    rows = (
        select(pairs.c.issue, pairs.c.party, statement.c.position)
        .join_from(pairs, statement, statement.c.pair == pairs.c.id)
        .where(statement.c.effective_on <= ON, visible(statement, shape))
    )
    return CompiledQuery(rows.order_by(pairs.c.issue, pairs.c.party, *order(statement)))


@cache
def _issues_of(shape: Shape) -> CompiledQuery:
    pairs = pairs_in(shape).where(in_list(pair.c.party, name="parties"))
    return CompiledQuery(pairs.with_only_columns(pair.c.issue).distinct())


@cache
def _window(shape: Shape, *, listed: bool) -> CompiledQuery:
    moved = select(statement.c.pair).where(_within, visible(statement, shape)).distinct()
    found, naming = statement.alias("found"), statement.alias("naming")
    heads = (
        pairs_in(shape)
        .where(in_list(pair.c.issue, name="issues") if listed else pair.c.id.in_(moved))
        .add_columns(
            last_visible(found, pair.c.id, shape).label("head"),
            last_visible(naming, pair.c.id, shape, naming.c.states_conditions).label("names"),
        )
        .cte("heads")
        .prefix_with("MATERIALIZED")
    )
    head, named, lasting = statement.alias("head"), statement.alias("named"), statement.alias("lasting")
    chosen = union_all(
        select(heads.c.issue, heads.c.party, statement.c.position)
        .join_from(heads, statement, statement.c.pair == heads.c.id)
        .where(_within, visible(statement, shape)),
        select(heads.c.issue, heads.c.party, heads.c.head).where(heads.c.head.is_not(None)),
        select(heads.c.issue, heads.c.party, heads.c.names)
        .join_from(heads, head, head.c.position == heads.c.head)
        .join(named, named.c.position == heads.c.names)
        .where(heads.c.names != heads.c.head, is_in_run(named, head, shape)),
        select(heads.c.issue, heads.c.party, lasting.c.position)
        .join_from(heads, head, head.c.position == heads.c.head)
        .join(lasting, and_(lasting.c.pair == heads.c.id, lasting.c.lasts))
        .where(place_in(lasting) < place_in(head), visible(lasting, shape), is_in_run(lasting, head, shape))
        .where(lasting.c.position.is_distinct_from(heads.c.names)),
    ).subquery("chosen")
    rows = select(chosen).join(statement, statement.c.position == chosen.c.position)
    return CompiledQuery(rows.order_by(chosen.c.issue, chosen.c.party, *order(statement)))


@cache
def _asking(shape: Shape) -> CompiledQuery:
    pairs = pairs_in(shape).subquery()
    end = statement.alias("end")
    withdrawal = (
        select(end.c.position)
        .where(
            end.c.pair == statement.c.pair,
            end.c.value == str(WITHDRAWN),
            place_in(end) > place_in(statement),
            end.c.effective_on <= ON,
            visible(end, shape),
        )
        .order_by(*order(end))
        .limit(1)
        .correlate(statement)
        .scalar_subquery()
    )
    rows = (
        select(statement.c.position, withdrawal)
        .join_from(statement, pairs, pairs.c.id == statement.c.pair)
        .where(statement.c.asks, statement.c.effective_on <= ON, visible(statement, shape))
    )
    return CompiledQuery(rows.order_by(statement.c.position))


@cache
def _claiming(shape: Shape) -> CompiledQuery:
    pairs = pairs_in(shape).subquery()
    rows = (
        select(statement.c.position)
        .join_from(statement, pairs, pairs.c.id == statement.c.pair)
        .where(statement.c.answers.is_not(None), statement.c.effective_on <= ON, visible(statement, shape))
    )
    return CompiledQuery(rows.order_by(statement.c.position))


@cache
def _leaving(shape: Shape) -> CompiledQuery:
    pairs, left = pairs_in(shape).cte("pairs"), statement.alias("left")
    leave = (
        select(left.c.position)
        .where(left.c.pair == pairs.c.id, left.c.lasts, left.c.value == str(WITHDRAWN))
        .where(left.c.effective_on <= ON, visible(left, shape))
        .correlate(pairs)
        .exists()
    )
    rows = (
        select(pairs.c.issue, pairs.c.party, statement.c.position)
        .join_from(pairs, statement, statement.c.pair == pairs.c.id)
        .where(leave, statement.c.effective_on <= ON, visible(statement, shape))
    )
    return CompiledQuery(rows.order_by(pairs.c.issue, pairs.c.party, *order(statement)))


@cache
def _stated_after(shape: Shape) -> CompiledQuery:
    def first(*which: ColumnElement[bool], by: Sequence[ColumnElement[Any]] = order(statement)) -> ScalarSelect[Any]:
        return (
            select(statement.c.position)
            .where(
                statement.c.pair == pair.c.id,
                statement.c.value != str(WITHDRAWN),
                place_in(statement) > HERE,
                statement.c.effective_on <= ON,
                visible(statement, shape),
                *which,
            )
            .order_by(*by)
            .limit(1)
            .correlate(pair)
            .scalar_subquery()
        )

    stated = statement.c.attribution != Attribution.INFERRED.value
    addressed = statement.c.addressed_to.like(parameter(statement.c.addressed_to, "to"))
    answer = case((pair.c.issue == parameter(pair.c.issue, "of"), first(stated)), else_=first(stated, addressed))
    return CompiledQuery(pairs_in(shape).with_only_columns(first(), first(by=latest_first(statement)), answer))


_within = and_(
    statement.c.effective_on > ON,
    statement.c.effective_on <= parameter(statement.c.effective_on, "up_to"),
)

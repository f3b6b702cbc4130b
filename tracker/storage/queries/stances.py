"""The stances on a day, found by index, and read from the stored lines without a second check.

Without cut-offs the runs hold the stance in effect and its run. With a cut-off, or a filter by attribution, both are
derived from the statements. A property test compares either answer with the plain replay.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, case, func, literal, select, tuple_

from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.contests import contests
from tracker.domain.timeline.lasting import NOTHING_LASTS, lasting
from tracker.domain.timeline.order import Place
from tracker.domain.timeline.state import Cell, cell_of
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list, parameter
from tracker.storage.projections.counting import HERE, latest_first, order, place_in
from tracker.storage.queries.filters import (
    ON,
    Shape,
    last_day,
    last_visible,
    pages,
    pairs_in,
    shape_and_values,
    visible,
)
from tracker.storage.queries.public_statements import statements_at
from tracker.storage.queries.statement_cache import StatementCache
from tracker.storage.schema import pair, run, statement


def cells(
    connection: AnyConnection,
    cached: StatementCache,
    scope: Scope,
    cutoffs: Cutoffs,
    on: date,
    around: Circumstances,
    *,
    conditional: bool = False,
) -> list[Cell]:
    """Return the state on a day (inclusive), ordered by issue, then party; `around` is what holds beside positions.

    `conditional` leaves the pairs that ever were conditional or stated conditions.
    """
    shape, values = shape_and_values(scope, cutoffs, last_day(connection, cutoffs, on))
    return list(_read_cells(connection, cached, shape._replace(conditional=conditional), values, around))


def each_cell(
    connection: AnyConnection, scope: Scope, cutoffs: Cutoffs, on: date, around: Circumstances
) -> Iterator[Cell]:
    """Yield the state on a day (inclusive) as `cells` returns it, but read page by page; nothing is cached."""
    shape, values = shape_and_values(scope, cutoffs, last_day(connection, cutoffs, on))
    for page in pages(connection, shape, values):
        yield from cells_of_page(connection, shape, values, around, page)


def cells_of_page(
    connection: AnyConnection,
    shape: Shape,
    values: Mapping[str, Any],
    around: Circumstances,
    page: Mapping[str, Any],
) -> Iterator[Cell]:
    """Return the part of a state of one of its `pages`, whose cells are built as they are taken; nothing is cached."""
    return _read_cells(connection, StatementCache(), shape._replace(paged=True), {**values, **page}, around)


def _read_cells(
    connection: AnyConnection,
    cached: StatementCache,
    shape: Shape,
    values: Mapping[str, Any],
    around: Circumstances,
) -> Iterator[Cell]:
    found, others, lasts = runs_in_effect(connection, shape, values)
    positions = [row.position for row in found]
    positions += [row.first for row in found if row.first != row.position]
    positions += [row.conditions_from for row in found if row.conditions_from is not None]
    positions += chain.from_iterable(others.values())
    positions += chain.from_iterable(lasts.values())
    statements = statements_at(connection, cached, positions, shape, values)
    return (_cell(row, others.get(row.position, ()), lasts.get(row.pair, ()), statements, around) for row in found)


def runs_in_effect(connection: AnyConnection, shape: Shape, values: Mapping[str, Any]) -> "RunsInEffect":
    """Return the run in effect of each pair, ordered by issue, then party, and what else may bear on it."""
    found = list(map(RunRow._make, _runs(shape).rows(connection, values)))
    others = {row.position: _others(connection, shape, row, values) for row in found if row.is_contested}
    lasts: dict[int, list[int]] = {}
    for of_pair, position in _lasting(shape).rows(connection, values):
        lasts.setdefault(of_pair, []).append(position)
    return RunsInEffect(found, others, lasts)


def stances_on(
    connection: AnyConnection,
    cached: StatementCache,
    scope: Scope,
    cutoffs: Cutoffs,
    on: date,
    *,
    issues: Sequence[str],
) -> dict[Pair, Statement]:
    """Return the statements in effect on a day (inclusive), by pair: parties in scope, and exactly these issues."""
    shape, values = shape_and_values(scope, cutoffs, last_day(connection, cutoffs, on))
    rows = _last_positions(shape._replace(issues=0)).rows_in(connection, "issues", issues, **values)
    found = [position for (position,) in rows if position is not None]
    statements = statements_at(connection, cached, found, shape, values)
    return {statement.pair: statement for statement in map(statements.__getitem__, found)}


class RunRow(NamedTuple):
    """A pair's run in effect: its first and last statement, and the one that states the conditions in force.

    Statements on the timeline before the place `begins` do not belong to it.
    """

    issue: str
    party: str
    pair: int
    first: int
    begins_on: str
    begins_sequence: int
    begins_rank: int
    statements: int
    position: int
    sequence: int
    rank: int
    conditions_from: int | None
    is_contested: bool
    value: str

    @property
    def begins(self) -> Place:
        """The place at which it begins."""
        begins_on = date.fromisoformat(self.begins_on) if self.begins_on else date.min
        return begins_on, self.begins_sequence, self.begins_rank


class RunsInEffect(NamedTuple):
    """Runs in effect; positions, the last first: what may contest a last statement, and what lasts of a pair."""

    rows: Sequence[RunRow]
    others: Mapping[int, Sequence[int]]
    lasts: Mapping[int, Sequence[int]]


def _cell(
    row: RunRow,
    others: Sequence[int],
    lasts: Sequence[int],
    statements: Mapping[int, Statement],
    around: Circumstances,
) -> Cell:
    """Build the cell of a run; `others` may contest it, what `lasts` may be in force (positions, the last first)."""
    last = statements[row.position]
    return cell_of(
        last,
        first=statements[row.first],
        statements=row.statements,
        conditions_from=None if row.conditions_from is None else statements[row.conditions_from],
        contested_by=tuple(other for at in others if contests(other := statements[at], last)) if others else (),
        lasting=lasting(map(statements.__getitem__, lasts), row.begins) if lasts else NOTHING_LASTS,
        around=around,
    )


# --- the queries -------------------------------------------------------------------------------


@cache
def _runs(shape: Shape) -> CompiledQuery:
    held = _by_runs(shape) if shape.is_plain else _by_statements(shape)
    begins = tuple_(held.c.begins_on, held.c.begins_sequence, held.c.begins_rank)
    head, naming, other = statement.alias("head"), statement.alias("naming"), statement.alias("other")
    names = (
        select(naming.c.position)
        .where(
            naming.c.pair == held.c.pair,
            naming.c.states_conditions,
            place_in(naming) >= begins,
            place_in(naming) <= place_in(head),
            visible(naming, shape),
        )
        .order_by(*latest_first(naming))
        .limit(1)
        .correlate(held, head)
        .scalar_subquery()
    )
    contested = (
        select(other.c.position)
        .where(other.c.pair == held.c.pair, *_may_contest(other, head, begins, shape))
        .correlate(held, head)
        .exists()
    )
    is_contested = and_(held.c.begins_on >= head.c.contests_from, contested)
    columns = (held, head.c.sequence, head.c.rank, names, is_contested, head.c.value)
    rows = select(*columns).join_from(held, head, head.c.position == held.c.position)
    return CompiledQuery(rows.order_by(held.c.issue, held.c.party))


@cache
def _lasting(shape: Shape) -> CompiledQuery:
    pairs = pairs_in(shape).subquery()
    rows = (
        select(statement.c.pair, statement.c.position)
        .join_from(statement, pairs, pairs.c.id == statement.c.pair)
        .where(statement.c.lasts, statement.c.effective_on <= ON, visible(statement, shape))
    )
    return CompiledQuery(rows.order_by(statement.c.pair, *latest_first(statement)))


def _by_runs(shape: Shape) -> CTE:
    """Select each pair's last run that began by the day, and its last statement up to then."""
    chosen = pairs_in(shape).cte("pairs")
    found, later, member = run.alias("found"), statement.alias("later"), statement.alias("member")
    begun = (
        select(found.c.position)
        .where(found.c.pair == chosen.c.id, found.c.effective_on <= ON)
        .order_by(*latest_first(found))
        .limit(1)
        .correlate(chosen)
        .scalar_subquery()
    )
    is_whole = run.c.last_on <= ON
    latest = last_visible(later, chosen.c.id, shape)
    members = (
        select(func.count())
        .where(
            member.c.pair == chosen.c.id,
            place_in(member) >= place_in(run),
            member.c.effective_on <= ON,
            visible(member, shape),
        )
        .correlate(chosen, run)
        .scalar_subquery()
    )
    return _materialized(
        select(
            chosen.c.issue,
            chosen.c.party,
            chosen.c.id.label("pair"),
            run.c.position.label("first"),
            run.c.effective_on.label("begins_on"),
            run.c.sequence.label("begins_sequence"),
            run.c.rank.label("begins_rank"),
            case((is_whole, run.c.statements), else_=members).label("statements"),
            case((is_whole, run.c.last_position), else_=latest).label("position"),
        ).join_from(chosen, run, run.c.position == begun),
        "held",
    )


def _by_statements(shape: Shape) -> CTE:
    """Select each pair's last visible statement up to the day, and its run back to the last other stance."""
    found, other, member = (statement.alias(name) for name in ("found", "other", "member"))
    heads = _materialized(pairs_in(shape).add_columns(last_visible(found, pair.c.id, shape).label("position")), "heads")
    head, end = statement.alias("last"), statement.alias("ends")
    another = (
        select(other.c.position)
        .where(
            other.c.pair == heads.c.id,
            place_in(other) < place_in(head),
            other.c.value != head.c.value,
            visible(other, shape),
        )
        .order_by(*latest_first(other))
        .limit(1)
        .correlate(heads, head)
        .scalar_subquery()
    )
    begins = (func.coalesce(end.c.effective_on, ""), func.coalesce(end.c.sequence, 0), func.coalesce(end.c.rank, 0) + 1)
    since_begins = (place_in(member) >= tuple_(*begins), place_in(member) <= place_in(head))
    in_run = and_(member.c.pair == heads.c.id, *since_begins, visible(member, shape))
    first = select(member.c.position).where(in_run).order_by(*order(member)).limit(1)
    return _materialized(
        select(
            heads.c.issue,
            heads.c.party,
            heads.c.id.label("pair"),
            first.correlate(heads, head, end).scalar_subquery().label("first"),
            *(column.label(f"begins_{name}") for column, name in zip(begins, ("on", "sequence", "rank"), strict=True)),
            select(func.count()).where(in_run).correlate(heads, head, end).scalar_subquery().label("statements"),
            heads.c.position,
        )
        .join_from(heads, head, head.c.position == heads.c.position)
        .outerjoin(end, end.c.position == another),
        "held",
    )


def _materialized(rows: Select[Any], name: str) -> CTE:
    return rows.cte(name).prefix_with("MATERIALIZED")


def _others(connection: AnyConnection, shape: Shape, row: RunRow, values: Mapping[str, Any]) -> list[int]:
    """Return the positions of statements that may contest the stance in effect, the latest first."""
    begins = {"effective_on": row.begins_on, "sequence": row.begins_sequence, "rank": row.begins_rank}
    found = _contesting(shape).rows(connection, {**values, **begins, "pair": row.pair, "of": row.position})
    return [position for (position,) in found]


@cache
def _contesting(shape: Shape) -> CompiledQuery:
    head = statement.alias("head")
    rows = (
        select(statement.c.position)
        .join(head, head.c.position == parameter(head.c.position, "of"))
        .where(
            statement.c.pair == parameter(statement.c.pair),
            *_may_contest(statement, head, HERE, shape),
        )
    )
    return CompiledQuery(rows.order_by(*latest_first(statement)))


def _may_contest(other: FromClause, head: FromClause, begins: Any, shape: Shape) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that a statement of the pair, from before the run, differs from its last one in time."""
    return (
        other.c.effective_on >= head.c.contests_from,
        place_in(other) < begins,
        other.c.value != head.c.value,
        other.c.value != _WITHDRAWN,
        visible(other, shape),
    )


@cache
def _last_positions(shape: Shape) -> CompiledQuery:
    head = last_visible(statement.alias("found"), pair.c.id, shape)
    return CompiledQuery(pairs_in(shape).with_only_columns(head).where(in_list(pair.c.issue, name="issues")))


_WITHDRAWN = literal(str(WITHDRAWN))

"""Find the entries by which something may have moved, the newest first."""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select

from tracker.domain.log.kind_registry import ISSUE_CLOSED, ISSUE_REOPENED
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, parameter
from tracker.storage.queries.filters import Shape, in_issues, pairs_in, shape_and_values
from tracker.storage.schema import fact, log, statement

AT_ONCE = 200
"""How many entries are found at once at most."""
ENDINGS = (ISSUE_CLOSED, ISSUE_REOPENED)


class Moving(NamedTuple):
    """Entries by position: statements in scope, closings and reopenings, and the ranks of those that others revise."""

    stated: frozenset[int]
    endings: frozenset[int]
    revised_statements: dict[int, int]
    revised_endings: dict[int, int]

    @property
    def positions(self) -> list[int]:
        """All positions, the newest first."""
        return sorted({*self.stated, *self.endings, *self.revised_statements, *self.revised_endings}, reverse=True)


def find_moving(connection: AnyConnection, scope: Scope, *, before: int) -> Moving:
    """Return the newest entries before a position, by which something in the scope of parties and issues may move."""
    shape, values = shape_and_values(scope, Cutoffs(), date.max)
    rows = [query.rows(connection, {**values, "before": before}) for query in _queries(shape._replace(attributions=0))]
    newest = sorted({at for found in rows for at, _ in found}, reverse=True)[:AT_ONCE]
    least = newest[-1] if newest else before
    stated, endings, *revised = ({at: rank for at, rank in found if at >= least} for found in rows)
    return Moving(frozenset(stated), frozenset(endings), *revised)


@cache
def _queries(shape: Shape) -> tuple[CompiledQuery, ...]:
    in_scope: list[ColumnElement[bool]] = []
    if shape.parties or shape.issues:
        in_scope.append(statement.c.pair.in_(pairs_in(shape).with_only_columns(pairs_in(shape).selected_columns.id)))
    of_issue: list[ColumnElement[bool]] = [or_(*(fact.c.family == family for family in ENDINGS))]
    if shape.issues:
        of_issue.append(in_issues(fact.c.key, shape))
    first_statement, first_fact = statement.c.position == statement.c.rank, fact.c.position == fact.c.rank
    return (
        _newest(statement.c.position, statement.c.rank, first_statement, *in_scope),
        _newest(fact.c.position, fact.c.rank, first_fact, *of_issue),
        _newest(statement.c.ended_at, statement.c.rank, *in_scope),
        _newest(fact.c.ended_at, fact.c.rank, *of_issue),
    )


def _newest(at: ColumnElement[int], rank: ColumnElement[int], *wanted: ColumnElement[Any]) -> CompiledQuery:
    before = parameter(log.c.position, "before")
    return CompiledQuery(select(at, rank).where(at < before, *wanted).order_by(at.desc()).limit(AT_ONCE))

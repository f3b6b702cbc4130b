"""What was ever on record in the scope of a query, at its cut-offs: the pairs, and the days that may change them."""

from datetime import date
from functools import cache

from sqlalchemy import func, or_, select

from tracker.domain.log.kind_registry import ISSUE_CLOSED, ISSUE_REOPENED, ISSUE_REWORDED, PARTY_SUCCEEDED
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery
from tracker.storage.projections.counting import counts
from tracker.storage.queries.filters import KNOWN_AT, Shape, pairs_in, shape_and_values, visible
from tracker.storage.schema import fact, pair, statement


def pairs_on_record(connection: AnyConnection, scope: Scope, cutoffs: Cutoffs) -> list[tuple[str, str]]:
    """Return the issue and party of every pair of which anything counts on any day, in order."""
    shape, values = shape_and_values(scope, cutoffs, date.max)
    return [(issue, party) for issue, party in _pairs(shape).rows(connection, values)]


def days_of_statements(connection: AnyConnection, scope: Scope, cutoffs: Cutoffs) -> list[tuple[date, int]]:
    """Return every day on which statements took effect, in order, with their number."""
    shape, values = shape_and_values(scope, cutoffs, date.max)
    return [(date.fromisoformat(day), int(number)) for day, number in _days(shape).rows(connection, values)]


def days_of_circumstances(connection: AnyConnection, cutoffs: Cutoffs) -> list[date]:
    """Return the days on which issues were closed, reopened or reworded, and parties succeeded, in order."""
    query = _circumstances(known_at=cutoffs.known_at is not None)
    return [date.fromisoformat(day) for (day,) in query.rows(connection, {"known_at": cutoffs.known_at})]


@cache
def _pairs(shape: Shape) -> CompiledQuery:
    chosen = pairs_in(shape).subquery()
    stated = select(statement.c.position).where(statement.c.pair == chosen.c.id, visible(statement, shape)).exists()
    found = select(chosen.c.issue, chosen.c.party).where(stated)
    return CompiledQuery(found.order_by(chosen.c.issue, chosen.c.party))


@cache
def _days(shape: Shape) -> CompiledQuery:
    of_pairs = select(statement.c.effective_on, func.count()).where(visible(statement, shape))
    if shape.parties or shape.issues:
        of_pairs = of_pairs.where(statement.c.pair.in_(pairs_in(shape).with_only_columns(pair.c.id)))
    return CompiledQuery(of_pairs.group_by(statement.c.effective_on).order_by(statement.c.effective_on))


@cache
def _circumstances(*, known_at: bool) -> CompiledQuery:
    kinds = or_(*(fact.c.family == kind for kind in (ISSUE_CLOSED, ISSUE_REOPENED, ISSUE_REWORDED, PARTY_SUCCEEDED)))
    found = select(fact.c.day).where(kinds, counts(fact, KNOWN_AT if known_at else None))
    return CompiledQuery(found.distinct().order_by(fact.c.day))

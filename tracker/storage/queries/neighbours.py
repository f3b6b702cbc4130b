"""The neighbours of a statement on its pair's timeline: the queries of a writer."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, func, select, union_all

from tracker.domain.answers.changes import HeldBefore
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.vocabulary import Attribution, Standing
from tracker.domain.timeline.statement import NOTHING_IN_FORCE, WITHDRAWN, InForce, Statement, value_of
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list, parameter
from tracker.storage.projections.counting import (
    HERE,
    counts,
    has_value,
    latest_first,
    of_rank,
    order,
    place_in,
    stored_lines,
)
from tracker.storage.projections.runs import Neighbours, StatementPlace
from tracker.storage.queries.filters import ON
from tracker.storage.queries.statement_cache import read_statement, read_statements
from tracker.storage.queries.versions import RecordedVersion, recorded_versions
from tracker.storage.schema import corroboration, pair, statement


class Effect(NamedTuple):
    """What was held right before a new statement, what was then in force, and the statement in effect today.

    What was in force is not looked up where a statement repeats the value before it without any terms.
    """

    before: HeldBefore | None
    in_force: InForce
    now: Statement | None


def effect_of(
    connection: AnyConnection, new: Statement, pair_id: int, at: StatementPlace, around: Neighbours, today: date
) -> Effect:
    """Return the effect of a new statement in its place, by a few index probes, however long the timeline is."""
    before, after = around.before, around.after
    values = {**at._asdict(), "pair": pair_id, "on": today.isoformat()}
    in_force = NOTHING_IN_FORCE
    names_terms = new.conditions is not None or new.details.lasts
    if before is not None and (before.value != at.value or names_terms):
        for *stored, is_interrupted in _NAMING.rows(connection, {**values, "value": before.value}):
            in_force = NOTHING_IN_FORCE if is_interrupted else in_force.after(read_statement(*stored))
    now: Statement | None = new
    if at.effective_on > values["on"] or (after is not None and after.effective_on <= values["on"]):
        found = _IN_EFFECT.row(connection, values)
        now = read_statement(*found) if found else None
    held = None
    if before is not None:
        on = date.fromisoformat(before.effective_on)
        standing = None if before.standing is None else Standing(before.standing)
        value = value_of(before.value)
        converted = isinstance(value, Amount) and _is_converted(connection, before.position)
        held = HeldBefore(new.party, value, Attribution(before.attribution), on, standing, converted)
    return Effect(held, in_force, now)


def _is_converted(connection: AnyConnection, position: int) -> bool:
    """Return whether the amount of the statement at a position is ours for other words of the party."""
    return read_statements(connection, [position])[position].details.stated_as is not None


def find_last_touch(connection: Connection, issue: str, party: str, position: int) -> int | None:
    """Return the last position after `position` at which an entry touched the pair, if any did.

    Statements and withdrawals touch it, their corroborations, corrections from or to it, and retractions.
    """
    of_pair = statement.c.pair.in_(select(pair.c.id).where(pair.c.issue == issue, pair.c.party == party))

    def belongs_at(moment: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition that the corroborated statement belonged to the pair at that position."""
        of_it = of_rank(statement, lambda rank: rank == corroboration.c.statement_rank)
        return exists().where(of_it, of_pair, counts(statement, moment))

    at, ended_at = corroboration.c.position, corroboration.c.ended_at
    touches = union_all(
        select(func.max(statement.c.position).label("at")).where(of_pair, statement.c.position > position),
        select(func.max(statement.c.ended_at)).where(of_pair, statement.c.ended_at > position),
        select(func.max(at)).where(at > position, belongs_at(at)),
        select(func.max(ended_at)).where(ended_at > position, belongs_at(ended_at)),
    ).subquery()
    last: int | None = connection.scalar(select(func.max(touches.c.at)))
    return last


def find_stated_around(connection: AnyConnection, issue: str, on: date) -> list[Statement]:
    """Return the counting statements on an issue whose date is, or covers, a day, in log order."""
    rows = _AROUND.rows(connection, {"issue": issue, "on": on.isoformat()})
    return [read_statement(*row) for row in rows]


def find_stated_after(connection: AnyConnection, source: str, day: date) -> list[Statement]:
    """Return the counting statements that cite a source and cannot have been said by a day, in log order."""
    rows = _CITING.rows(connection, {"source": source, "day": day.isoformat()})
    return [read_statement(*row) for row in rows]


def find_versions(connection: AnyConnection, issue: str, party: str) -> list[RecordedVersion]:
    """Return every version of a pair's statements and withdrawals, also those that no longer count, in log order."""
    return recorded_versions(_VERSIONS.rows(connection, {"issue": issue, "party": party}))


def find_ended(connection: AnyConnection, positions: Sequence[int]) -> list[RecordedVersion]:
    """Return the versions of statements and withdrawals at these positions, in log order."""
    return recorded_versions(_ENDED.rows_in(connection, "positions", positions))


_value = parameter(statement.c.value)
_counting = stored_lines(statement).add_columns(statement.c.position).where(counts(statement))
_of_pair = _counting.where(statement.c.pair == parameter(statement.c.pair))
_IN_EFFECT = CompiledQuery(_of_pair.where(statement.c.effective_on <= ON).order_by(*latest_first(statement)).limit(1))
_CITING = CompiledQuery(
    _counting.where(
        statement.c.source == parameter(statement.c.source),
        statement.c.first_on > parameter(statement.c.first_on, "day"),
    ).order_by(statement.c.position)
)
_AROUND = CompiledQuery(
    _counting.join(pair, pair.c.id == statement.c.pair)
    .where(pair.c.issue == parameter(pair.c.issue), statement.c.effective_on >= ON, statement.c.first_on <= ON)
    .where(statement.c.value != str(WITHDRAWN))
    .order_by(statement.c.position)
)
_other = statement.alias("other")
_interrupted = (
    select(_other.c.position)
    .where(
        _other.c.pair == statement.c.pair,
        place_in(_other) > place_in(statement),
        place_in(_other) < HERE,
        _other.c.value != _value,
        counts(_other),
    )
    .correlate(statement)
    .exists()
)
_of_this = _other.c.pair == parameter(_other.c.pair)
_conditions_from = (
    select(_other.c.position)
    .where(_of_this, _other.c.states_conditions, has_value(_other, _value), place_in(_other) < HERE, counts(_other))
    .order_by(*latest_first(_other))
    .limit(1)
)
_lasting = select(_other.c.position).where(_of_this, _other.c.lasts)
_NAMING = CompiledQuery(
    _counting.add_columns(_interrupted)
    .where(
        statement.c.position.in_(union_all(select(_conditions_from.subquery().c.position), _lasting)),
        has_value(statement, _value),
        place_in(statement) < HERE,
    )
    .order_by(*order(statement))
)
_VERSIONS = CompiledQuery(
    stored_lines(statement)
    .add_columns(statement.c.ended_at)
    .join(pair, pair.c.id == statement.c.pair)
    .where(pair.c.issue == parameter(pair.c.issue), pair.c.party == parameter(pair.c.party))
    .order_by(statement.c.position)
)
_ENDED = CompiledQuery(
    stored_lines(statement)
    .add_columns(statement.c.ended_at)
    .where(in_list(statement.c.position, name="positions"))
    .order_by(statement.c.position)
)

"""What everybody holds on a day, as far as it bears on agreement, without the statements that the state shows.

Of most pairs the run says enough. Lines are read only for what the projections do not hold: conditions, how a neutral
party spoke, other words for an amount, what lasts, and what may contest. A property test compares the answer with that
of the cells of the state.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from tracker.domain.agreement.consensus import Holding
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.terms.vocabulary import Act, Stance
from tracker.domain.timeline.contests import CONTEST_DAYS, contests
from tracker.domain.timeline.lasting import NOTHING_LASTS, Lasting, lasting
from tracker.domain.timeline.statement import WITHDRAWN, Value, value_of
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.projections.counting import counts, latest_first, order, stored_lines
from tracker.storage.queries.filters import ON, Shape, last_day, last_visible, pairs_in, shape_and_values
from tracker.storage.queries.stances import runs_in_effect
from tracker.storage.queries.statement_cache import StatementCache, read_stored
from tracker.storage.schema import log, pair, run, statement

_LONGEST = timedelta(366 + CONTEST_DAYS)
"""No date is less precise than a year, and what contests a statement is at most a few days older than its first day."""


def holdings(
    connection: AnyConnection, cached: StatementCache, scope: Scope, cutoffs: Cutoffs, on: date
) -> dict[str, dict[str, Holding]]:
    """Return what the parties in scope hold on a day (inclusive), by issue and party."""
    shape, values = shape_and_values(scope, cutoffs, last_day(connection, cutoffs, on))
    if shape.is_plain:
        return _of_today(connection, cached, shape, values)
    return _of_visible(connection, cached, shape, values)


def _of_visible(
    connection: AnyConnection, cached: StatementCache, shape: Shape, values: Mapping[str, Any]
) -> dict[str, dict[str, Holding]]:
    """Return what parties hold at cut-offs, and by statements of some attributions alone."""
    rows, others, lasts = runs_in_effect(connection, shape, values)
    needed = {*others, *chain.from_iterable(others.values()), *chain.from_iterable(lasts.values())}
    statements = cached.at(connection, needed)
    stated = _read_data(connection, [row.conditions_from for row in rows if row.conditions_from is not None])
    spoken = _read_data(connection, [row.position for row in rows if row.value not in _PLAIN], _SPOKEN)
    by_issue: dict[str, dict[str, Holding]] = {}
    for row in rows:
        lasting_here = lasts.get(row.pair)
        by_issue.setdefault(row.issue, {})[row.party] = _holding(
            row.party,
            row.value,
            row.position,
            () if row.conditions_from is None else tuple(stated[row.conditions_from]["conditions"]),
            lasting([statements[at] for at in lasting_here], row.begins) if lasting_here else NOTHING_LASTS,
            spoken.get(row.position, _NOTHING),
            contested=any(contests(statements[at], statements[row.position]) for at in others.get(row.position, ())),
        )
    return by_issue


def _of_today(
    connection: AnyConnection, cached: StatementCache, shape: Shape, values: Mapping[str, Any]
) -> dict[str, dict[str, Holding]]:
    """Return what parties hold as of today's record, by the runs that are kept of it."""
    rows = _runs(shape).rows(connection, values)
    runs: _Runs = {row[0]: row for row in rows}
    _end_by_the_day(connection, shape, runs, values)
    found = _Found(
        _conditions(connection, shape, runs, values),
        _lasting(connection, cached, shape, runs, values),
        _contested(connection, cached, runs, _ends_before(rows), values),
        _spoken(connection, runs),
    )
    special = {*found.conditions, *found.lasting, *found.contested}
    by_issue: dict[str, dict[str, Holding]] = {}
    for number, issue, party in _pairs(shape).rows(connection, values):
        if (held := runs.get(number)) is not None:
            *_, value, _, position = held
            if number in special or position in found.spoken:
                holding = _holding(
                    party,
                    value,
                    position,
                    found.conditions.get(number, ()),
                    found.lasting.get(number, NOTHING_LASTS),
                    found.spoken.get(position, _NOTHING),
                    contested=number in found.contested,
                )
            else:
                holding = Holding(party, _VALUES.get(value) or value_of(value), position)
            by_issue.setdefault(issue, {})[party] = holding
    return by_issue


_Run = tuple[int, str, int, int, str, str, int]
"""The run in effect of a pair: the pair, the place where it begins (day, sequence, rank), its value as text, its last
day, and the position of its last statement up to the day. A tuple as it is read: there may be very many.
"""
_Runs = dict[int, _Run]
"""Runs by pair."""


class _Found(NamedTuple):
    """What is in force beside the values, by pair, where it is anything; and how neutral parties spoke, and amounts."""

    conditions: Mapping[int, tuple[str, ...]]
    lasting: Mapping[int, Lasting]
    contested: frozenset[int]
    spoken: Mapping[int, Mapping[str, Any]]


def _holding(
    party: str,
    value: str,
    position: int,
    conditions: tuple[str, ...],
    lasts: Lasting,
    spoken: Mapping[str, Any],
    *,
    contested: bool,
) -> Holding:
    return Holding(
        party,
        _VALUES.get(value) or value_of(value),
        position,
        conditions,
        lasts.could_accept,
        lasts.red_line,
        value == Stance.NEUTRAL and spoken.get("act") == _ACCEPTS,
        contested,
        lasts.left_blocs,
        None,
        "stated_as" in spoken,
    )


_NOTHING: Mapping[str, Any] = {}
_ACCEPTS = Act.ACCEPTS.value
_VALUES: dict[str, Value] = {str(value): value for value in (*Stance, WITHDRAWN)}
_PLAIN = {value for value in _VALUES if value != Stance.NEUTRAL}
"""Values of which nothing but the value counts here, however they were stated."""


def _ends_before(rows: Iterable[_Run]) -> dict[int, str]:
    """Return the last day of the run before the one in effect, by pair, of those that have one."""
    return {now[0]: before[5] for before, now in pairwise(rows) if before[0] == now[0]}


def _end_by_the_day(connection: AnyConnection, shape: Shape, runs: _Runs, values: Mapping[str, Any]) -> None:
    """Give runs that go on after the day the last statement up to it."""
    going_on = [number for number, held in runs.items() if held[5] > values["on"]]
    for number, position in _last_positions(shape).rows_in(connection, "numbers", going_on, **values):
        runs[number] = (*runs[number][:6], position)


def _conditions(
    connection: AnyConnection, shape: Shape, runs: _Runs, values: Mapping[str, Any]
) -> dict[int, tuple[str, ...]]:
    """Return the conditions in force, by pair: those that its last statement with any states, if its run has it."""
    stated = {number: place for number, *place in _stating_conditions(shape).rows(connection, values)}
    naming = {
        position: number
        for number, (*place, position) in stated.items()
        if number in runs and tuple(place) >= runs[number][1:4]
    }
    data = _read_data(connection, naming)
    return {number: tuple(data[position]["conditions"]) for position, number in naming.items()}


def _lasting(
    connection: AnyConnection, cached: StatementCache, shape: Shape, runs: _Runs, values: Mapping[str, Any]
) -> dict[int, Lasting]:
    lasts: dict[int, list[int]] = {}
    for number, position in _stating_what_lasts(shape).rows(connection, values):
        lasts.setdefault(number, []).append(position)
    statements = cached.at(connection, [position for some in lasts.values() for position in some])
    return {
        number: lasting([statements[position] for position in some], _begins(runs[number]))
        for number, some in lasts.items()
        if number in runs
    }


def _begins(held: _Run) -> tuple[date, int, int]:
    _, begins_on, sequence, rank, *_ = held
    return date.fromisoformat(begins_on), sequence, rank


def _contested(
    connection: AnyConnection, cached: StatementCache, runs: _Runs, before: Mapping[int, str], values: Mapping[str, Any]
) -> frozenset[int]:
    """Return the pairs whose position in effect is contested: by a statement from before the run, not long ago."""
    recent = {number for number, last_on in before.items() if last_on >= _earliest(runs[number], values["on"])}
    heads = {runs[number][-1]: number for number in recent}
    rows = _before_runs().rows_in(connection, "positions", sorted(heads), **values)
    rows = [row for row in rows if tuple(row[2:]) < runs[heads[row[0]]][1:4]]
    statements = cached.at(connection, {position for row in rows for position in row[:2]})
    return frozenset(heads[row[0]] for row in rows if contests(statements[row[1]], statements[row[0]]))


def _earliest(held: _Run, on: str) -> str:
    """Return a day before which nothing contests a run's last statement up to a day."""
    last = date.fromisoformat(min(held[5], on))
    return (last - _LONGEST).isoformat() if last - date.min > _LONGEST else ""


def _spoken(connection: AnyConnection, runs: _Runs) -> dict[int, Mapping[str, Any]]:
    """Return the data of statements in effect that accept or state an amount in other words, by position."""
    return _read_data(connection, [held[-1] for held in runs.values() if held[4] not in _PLAIN], _SPOKEN)


def _read_data(
    connection: AnyConnection, positions: Iterable[int], lines: CompiledQuery | None = None
) -> dict[int, Mapping[str, Any]]:
    rows = (lines or _LINES).rows_in(connection, "positions", sorted(positions))
    return {position: read_stored(line, first_type, position)[1] for line, _, first_type, position in rows}


# --- the queries -------------------------------------------------------------------------------


@cache
def _pairs(shape: Shape) -> CompiledQuery:
    return CompiledQuery(pairs_in(shape).order_by(pair.c.issue, pair.c.party))


@cache
def _runs(shape: Shape) -> CompiledQuery:
    columns = (run.c.pair, *order(run), run.c.value, run.c.last_on, run.c.last_position)
    rows = select(*columns).where(run.c.effective_on <= ON, *_in_scope(run.c.pair, shape))
    return CompiledQuery(rows.order_by(run.c.pair, *order(run)))


@cache
def _last_positions(shape: Shape) -> CompiledQuery:
    last = last_visible(statement.alias("found"), pair.c.id, shape)
    return CompiledQuery(select(pair.c.id, last).where(in_list(pair.c.id, name="numbers")))


@cache
def _stating_conditions(shape: Shape) -> CompiledQuery:
    columns = (statement.c.pair, *order(statement), statement.c.position)
    wanted = statement.c.states_conditions, statement.c.effective_on <= ON, counts(statement)
    rows = select(*columns).where(*wanted, *_in_scope(statement.c.pair, shape))
    return CompiledQuery(rows.order_by(statement.c.pair, *order(statement)))


@cache
def _stating_what_lasts(shape: Shape) -> CompiledQuery:
    wanted = statement.c.lasts, statement.c.effective_on <= ON, counts(statement)
    rows = select(statement.c.pair, statement.c.position).where(*wanted, *_in_scope(statement.c.pair, shape))
    return CompiledQuery(rows.order_by(statement.c.pair, *latest_first(statement)))


@cache
def _before_runs() -> CompiledQuery:
    """Select for statements in effect those of their pairs that are recent enough to contest them, with their place."""
    head, other = statement.alias("head"), statement.alias("other")
    wanted = (
        in_list(head.c.position, name="positions"),
        other.c.effective_on >= head.c.contests_from,
        other.c.effective_on <= ON,
        other.c.value != head.c.value,
        counts(other),
    )
    rows = select(head.c.position, other.c.position, *order(other)).join_from(head, other, other.c.pair == head.c.pair)
    return CompiledQuery(rows.where(*wanted).order_by(head.c.position, *latest_first(other)))


def _in_scope(number: Any, shape: Shape) -> Sequence[Any]:
    """Return the condition that a pair is in scope; none where all are, so that a table is read in its own order."""
    if not (shape.parties or shape.issues):
        return ()
    return (number.in_(pairs_in(shape).with_only_columns(pair.c.id)),)


_lines = stored_lines(statement).add_columns(log.c.position).where(in_list(log.c.position, name="positions"))
_LINES = CompiledQuery(_lines)
_spoken_so = (log.c.line.contains(text, autoescape=True) for text in (f'"act":"{_ACCEPTS}"', '"stated_as":'))
_SPOKEN = CompiledQuery(_lines.where(or_(*_spoken_so)))
"""Most lines say neither, and SQL sees it without reading their JSON, in which no text can look like a field."""

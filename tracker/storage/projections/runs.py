"""Maintain the runs: unbroken sequences of equal values among the statements that count today (DESIGN section 6)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    union_all,
    update,
)

from tracker.domain.log.kind_registry import ISSUE_REWORDED
from tracker.domain.timeline.statement import Pair
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import (
    AnyConnection,
    CompiledQuery,
    Rows,
    Sql,
    in_list,
    parameter,
)
from tracker.storage.projections.counting import (
    HERE,
    counts,
    has_value,
    latest_first,
    order,
    place_in,
    place_parameters,
)
from tracker.storage.projections.rows import StatementRow
from tracker.storage.schema import fact, run, statement
from tracker.storage.schema import pair as pairs

_PAIRS_AT_ONCE = 50
"""Number of pairs whose statements are read in one query when their runs are derived."""
_MANY = 100
"""With more changed pairs than this, the runs of all of them are derived anew."""


Pairs = dict[Pair, int | None]
"""Cached ids of pairs; None for a pair without statements."""


class StatementPlace(NamedTuple):
    """A counting statement's place on its pair's timeline, its value, its attribution and its standing."""

    position: int
    effective_on: str
    sequence: int
    rank: int
    value: str
    attribution: str
    standing: str | None


def place_of(row: StatementRow, position: int) -> StatementPlace:
    """Return the place of a new entry's statement or withdrawal."""
    return StatementPlace(position, row.effective_on, row.sequence, position, row.value, row.attribution, row.standing)


class Run(NamedTuple):
    """A row of the table: the place of the first statement, their number, and the last one's day and position."""

    position: int
    pair: int
    effective_on: str
    sequence: int
    rank: int
    value: str
    statements: int
    last_on: str
    last_position: int


class Alike(NamedTuple):
    """The positions of a pair's statements of one day and value: those that count, and those that do no longer.

    They are the candidates for look-alikes; `domain/timeline/look_alikes.py` has the rule.
    """

    counting: list[int]
    ended: list[int]


class Neighbours(NamedTuple):
    """The counting statements right before and after a place, and the positions of those of its day and stance.

    `reworded` says that the issue was reworded at any time; `ended` are the positions of those of its day and stance
    that were corrected or retracted.
    """

    before: StatementPlace | None
    after: StatementPlace | None
    alike: Sequence[int]
    reworded: bool
    ended: Sequence[int] = ()


_ALONE = Neighbours(None, None, (), reworded=False)


def neighbours_query(row: StatementRow, dialect: Dialect) -> Sql:
    """Return the query for the pair and the neighbours of a statement that is newer than all entries."""
    place = place_of(row, _NEWEST)._asdict()
    return _AROUND_NEWEST.bind(dialect, {"issue": row.issue, "party": row.party, **place})


def _neighbours(rows: Rows, alike: Alike) -> Neighbours:
    before, after = (
        next((StatementPlace(*found) for side, *found in rows if side == wanted), None) for wanted in (_BEFORE, _AFTER)
    )
    return Neighbours(before, after, alike.counting, any(side == _REWORDED for side, *_ in rows), alike.ended)


def _alike(rows: Rows) -> Alike:
    return Alike(*([row[1] for row in rows if row[0] == _ALIKE and bool(row[3]) == over] for over in (False, True)))


class Runs:
    """Collects a transaction's changes to the pairs' timelines, and updates their runs at its end.

    A statement added to a pair costs a few index probes, however long the timeline; other changes derive it anew. The
    statements of a pair, day and value are looked up once, however many of them are added.
    """

    def __init__(self, connection: AnyConnection, backend: Backend, pairs: Pairs) -> None:
        self._connection = connection
        self._backend = backend
        self._pairs = pairs
        self._changed: dict[int, StatementPlace | None] = {}
        self._around: dict[int, tuple[StatementPlace, Neighbours]] = {}
        self._alike: dict[int, dict[tuple[str, str], Alike]] = {}

    def add_statement(self, pair: int, place: StatementPlace) -> None:
        """Note a statement added to a pair's timeline."""
        if pair in self._changed:
            self._derive_later(pair)
        else:
            self._changed[pair] = place
        alike = self._alike.get(pair, {}).get(_day_and_value(place))
        if alike is not None:
            alike.counting.append(place.position)

    def mark_changed(self, pair: int) -> None:
        """Note any other change of a pair: a statement removed or replaced."""
        self._derive_later(pair)
        self._alike.pop(pair, None)

    def _derive_later(self, pair: int) -> None:
        self._changed[pair] = None
        self._around.pop(pair, None)

    def find_neighbours(self, row: StatementRow, position: int) -> tuple[int, StatementPlace, Neighbours]:
        """Return the pair of the newest statement or withdrawal, its place on the timeline, and its neighbours.

        The entry of that position need not be added yet. All rows must be written.
        """
        pair, place = self._pairs.get(row.pair), place_of(row, position)
        return (0, place, _ALONE) if pair is None else (pair, place, self._neighbours_of(pair, place))

    def keep_neighbours(self, row: StatementRow, position: int, found: Rows) -> None:
        """Keep the neighbours of the next statement or withdrawal, from the query that was sent with the lock."""
        pair = self._pairs[row.pair] = next((found_pair for side, found_pair, *_ in found if side == _PAIR), None)
        if pair is not None:
            self._keep(pair, place_of(row, position), found, _alike(found))

    def _neighbours_of(self, pair: int, place: StatementPlace) -> Neighbours:
        """Those of a statement before it is added stay valid afterwards, unless the timeline changes otherwise."""
        known = self._around.get(pair)
        if known is not None and known[0] == place:
            return known[1]
        alike = self._alike.get(pair, {}).get(_day_and_value(place))
        query = _AROUND if alike is None else _BESIDE
        found = query.rows(self._connection, {"pair": pair, **place._asdict()})
        return self._keep(pair, place, found, _alike(found) if alike is None else alike)

    def _keep(self, pair: int, place: StatementPlace, found: Rows, alike: Alike) -> Neighbours:
        neighbours = _neighbours(found, alike)
        self._around[pair] = place, neighbours
        self._alike.setdefault(pair, {})[_day_and_value(place)] = alike
        return neighbours

    def finish(self) -> None:
        """Update the runs. All rows of statements must be written."""
        added = {} if len(self._changed) > _MANY else {pair: place for pair, place in self._changed.items() if place}
        for pair, place in added.items():
            self._add(pair, place)
        if others := self._changed.keys() - added.keys():
            derive_runs_of(self._connection, self._backend, sorted(others))
        self._changed.clear()

    def _add(self, pair: int, place: StatementPlace) -> None:
        """Extend the run that a new statement continues or begins, or insert a new run, splitting one if needed."""
        before, after, *_ = self._neighbours_of(pair, place)
        if before is not None and before.value == place.value:
            _CONTINUE.run(self._connection, [{"pair": pair, **before._asdict(), **_as_new(place)}])
        elif after is not None and after.value == place.value:
            _BEGIN.run(self._connection, [{"of": after.position, **_as_new(place)}])
        else:
            if before is not None and after is not None and before.value == after.value:
                self._split(pair, before, after)
            new = Run(place.position, pair, *place[1:5], 1, place.effective_on, place.position)
            self._backend.insert(self._connection, run, [new])

    def _split(self, pair: int, before: StatementPlace, after: StatementPlace) -> None:
        (found,) = _RUN_AT.rows(self._connection, {"pair": pair, **before._asdict()})
        whole = Run(*found)
        begins = {"new_effective_on": whole.effective_on, "new_sequence": whole.sequence, "new_rank": whole.rank}
        span = {"pair": pair, **before._asdict(), **begins}
        ((first,),) = _COUNT.rows(self._connection, span)
        _CUT.run(self._connection, [{"of": whole.position, "statements": first, **_as_new(before)}])
        rest = (whole.statements - first, whole.last_on, whole.last_position)
        self._backend.insert(self._connection, run, [Run(after.position, pair, *after[1:5], *rest)])


def derive_runs_of(connection: AnyConnection, backend: Backend, pairs: Sequence[int]) -> None:
    """Derive the runs of some pairs anew."""
    for chunk in _chunks(pairs):
        _FORGET.run(connection, [{"pairs": list(chunk)}])
        backend.insert(connection, run, list(group_runs(_STATEMENTS_OF.rows_in(connection, "pairs", chunk))))


def derive_runs(connection: Connection, backend: Backend) -> None:
    """Derive all runs into an empty table."""
    for chunk in _chunks(connection.scalars(select(pairs.c.id).order_by(pairs.c.id)).all()):
        found = _STATEMENTS_BETWEEN.rows(connection, {"first": chunk[0], "last": chunk[-1]})
        backend.insert(connection, run, list(group_runs(found)))


def _chunks(pairs: Sequence[int]) -> Iterator[Sequence[int]]:
    return (pairs[start : start + _PAIRS_AT_ONCE] for start in range(0, len(pairs), _PAIRS_AT_ONCE))


def runs_between(connection: Connection, first: int, last: int) -> Iterator[Run]:
    """Yield the runs of the statements that count today of a range of pairs, even of pairs not in the table `pair`."""
    return group_runs(_STATEMENTS_BETWEEN.rows(connection, {"first": first, "last": last}))


def group_runs(counting: Iterable[Sequence[Any]]) -> Iterator[Run]:
    """Group statements, ordered by pair and place, into runs; each row has the pair, value and place."""
    for (pair, value), group in groupby(counting, key=itemgetter(0, 1)):
        members = list(group)
        _, _, position, effective_on, sequence, rank = members[0]
        _, _, last_position, last_on, *_ = members[-1]
        yield Run(position, pair, effective_on, sequence, rank, value, len(members), last_on, last_position)


def _day_and_value(place: StatementPlace) -> tuple[str, str]:
    return place.effective_on, place.value


def _as_new(place: StatementPlace) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in place._asdict().items()}


def _side(number: int, rows: Select[Any]) -> Select[Any]:
    found = rows.subquery()
    return select(literal(number), *found.c)


_BEFORE, _AFTER, _ALIKE, _PAIR, _REWORDED = range(5)
_NEWEST = 2**62
"""A rank after that of every entry."""
_PLACE = (
    statement.c.position,
    *order(statement),
    statement.c.value,
    statement.c.attribution,
    statement.c.standing,
)
"""The columns of a `StatementPlace`."""


def _beside(of: ColumnElement[int], issue: ColumnElement[str]) -> list[Select[Any]]:
    """Select the statements right before and after a place on a pair's timeline, and a rewording."""
    counting = select(*_PLACE).where(statement.c.pair == of, counts(statement))
    before = counting.where(place_in(statement) < HERE).order_by(*latest_first(statement)).limit(1)
    after = counting.where(place_in(statement) > HERE).order_by(*order(statement)).limit(1)
    nothing = (literal(""), literal(0), literal(0), literal(""), literal(""), literal(""))
    rewordings = (fact.c.family == ISSUE_REWORDED, fact.c.key == issue, counts(fact))
    reworded = select(fact.c.position, *nothing).where(*rewordings).limit(1)
    return [_side(number, rows) for number, rows in {_BEFORE: before, _AFTER: after, _REWORDED: reworded}.items()]


def _like(of: ColumnElement[int]) -> Select[Any]:
    """Select a pair's statements of a day and value.

    They have the position at which they stopped counting, or 0, in place of their sequence.
    """
    same_day = statement.c.effective_on == parameter(statement.c.effective_on)
    same_value = has_value(statement, parameter(statement.c.value))
    ended_at = func.coalesce(statement.c.ended_at, 0)
    columns = (ended_at if column is statement.c.sequence else column for column in _PLACE)
    return _side(_ALIKE, select(*columns).where(statement.c.pair == of, same_day, same_value))


_STATEMENTS = (
    select(statement.c.pair, statement.c.value, statement.c.position, *order(statement))
    .where(counts(statement))
    .order_by(statement.c.pair, *order(statement))
)
_between = statement.c.pair.between(parameter(statement.c.pair, "first"), parameter(statement.c.pair, "last"))
_STATEMENTS_BETWEEN = CompiledQuery(_STATEMENTS.where(_between))
_STATEMENTS_OF = CompiledQuery(_STATEMENTS.where(in_list(statement.c.pair, name="pairs")))
_FORGET = CompiledQuery(delete(run).where(in_list(run.c.pair, name="pairs")))
_pair = parameter(statement.c.pair)
_issue_of_pair = select(pairs.c.issue).where(pairs.c.id == _pair).scalar_subquery()
_BESIDE = CompiledQuery(union_all(*_beside(_pair, _issue_of_pair)))
_AROUND = CompiledQuery(union_all(*_beside(_pair, _issue_of_pair), _like(_pair)))
_named = select(pairs.c.id).where(pairs.c.issue == parameter(pairs.c.issue), pairs.c.party == parameter(pairs.c.party))
_found_pair = _side(
    _PAIR, _named.add_columns(literal(""), literal(0), literal(0), literal(""), literal(""), literal(""))
)
_of_named = _named.scalar_subquery()
_AROUND_NEWEST = CompiledQuery(union_all(*_beside(_of_named, parameter(pairs.c.issue)), _like(_of_named), _found_pair))
_in_span = (place_in(statement) >= place_parameters("new_"), place_in(statement) <= HERE)
_COUNT = CompiledQuery(select(func.count()).where(statement.c.pair == _pair, counts(statement), *_in_span))
_begun = run.alias("begun")
_run_at = (
    select(*_begun.c).where(_begun.c.pair == _pair, place_in(_begun) <= HERE).order_by(*latest_first(_begun)).limit(1)
)
_RUN_AT = CompiledQuery(_run_at)
_of = update(run).where(run.c.position == parameter(run.c.position, "of"))
_new = {column: parameter(column, f"new_{column.key}") for column in (run.c.position, *order(run))}
_is_last = run.c.last_position == parameter(run.c.position)
_CONTINUE = CompiledQuery(
    update(run)
    .where(run.c.position == _run_at.with_only_columns(_begun.c.position).scalar_subquery())
    .values(
        statements=run.c.statements + 1,
        last_on=case((_is_last, _new[run.c.effective_on]), else_=run.c.last_on),
        last_position=case((_is_last, _new[run.c.position]), else_=run.c.last_position),
    )
)
_BEGIN = CompiledQuery(_of.values({**_new, run.c.statements: run.c.statements + 1}))
_CUT = CompiledQuery(
    _of.values(statements=bindparam("statements"), last_on=_new[run.c.effective_on], last_position=_new[run.c.position])
)

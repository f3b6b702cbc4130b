"""Keep the runs: the unbroken rows of equal stances among what counts today, a row for each (DESIGN section 6)."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, func, select, tuple_, update

from tracker.domain.events import Position, PositionStated
from tracker.storage.backend import Backend
from tracker.storage.prepared import Prepared, chunks
from tracker.storage.schema import run, statement

_MANY = 100
"""From how many pairs on all their runs are made anew."""


class Place(NamedTuple):
    """A counting step's place on its pair's timeline, and the degree of its stance."""

    position: int
    effective_on: str
    sequence: int
    rank: int
    stance: int | None


def place_of(says: Position, position: int, rank: int) -> Place:
    """The place of a statement or withdrawal that an entry makes."""
    stance = says.stance.degree if isinstance(says, PositionStated) else None
    return Place(position, says.day.effective.isoformat(), says.sequence, rank, stance)


class Run(NamedTuple):
    """A row of the table: the place of the first step, the number of steps, and the last one's day and position."""

    position: int
    pair: int
    effective_on: str
    sequence: int
    rank: int
    stance: int | None
    statements: int
    last_on: str
    last_position: int


class Runs:
    """Collects what a transaction does to the pairs' timelines, and brings their runs up to date at its end.

    A pair that one step is added to costs a few index probes, however long its
    timeline is. Of any other pair that changes, the runs are made anew.
    """

    def __init__(self, connection: Connection, backend: Backend) -> None:
        self._connection = connection
        self._backend = backend
        self._changed: dict[int, Place | None] = {}
        self._around: dict[int, tuple[Place | None, Place | None]] = {}

    def stated(self, pair: int, says: Position, position: int, rank: int) -> None:
        """A step is added to a pair's timeline."""
        place = place_of(says, position, rank)
        self._changed[pair] = None if pair in self._changed else place
        self._around.clear()

    def ended(self, pair: int) -> None:
        """A step of a pair is removed, or replaced."""
        self._changed[pair] = None
        self._around.clear()

    def around(self, pair: int, step: Place) -> tuple[Place | None, Place | None]:
        """The counting steps right before and right after one on a pair's timeline. All rows must be written."""
        if step.position not in self._around:
            asked = {"pair": pair, **step._asdict()}
            before, after = (side.row(self._connection, asked) for side in (_BEFORE, _AFTER))
            self._around[step.position] = (Place(*before) if before else None, Place(*after) if after else None)
        return self._around[step.position]

    def finish(self) -> None:
        """Bring the runs up to date. All rows of statements must be written."""
        added = {} if len(self._changed) > _MANY else {pair: step for pair, step in self._changed.items() if step}
        for pair, step in added.items():
            self._add(pair, step)
        derive(self._connection, self._backend, sorted(self._changed.keys() - added.keys()))
        self._changed.clear()

    def _add(self, pair: int, step: Place) -> None:
        """Put a new step into the run that it continues, at the head of the one that it begins, or between two runs."""
        before, after = self.around(pair, step)
        if before is not None and before.stance == step.stance:
            held = self._run_at(pair, step)
            if held.last_position == before.position:
                held = held._replace(last_on=step.effective_on, last_position=step.position)
            self._continue(held, statements=held.statements + 1)
        elif after is not None and after.stance == step.stance:
            _BEGIN.run(self._connection, [{"of": after.position, **_as_new(step._asdict())}])
        else:
            if before is not None and after is not None and before.stance == after.stance:
                self._split(self._run_at(pair, step), before, after)
            self._insert(Run(step.position, pair, *step[1:], 1, step.effective_on, step.position))

    def _split(self, whole: Run, before: Place, after: Place) -> None:
        ((first,),) = _COUNT.rows(
            self._connection, {**_as_new(whole._asdict()), "pair": whole.pair, **before._asdict()}
        )
        head = whole._replace(last_on=before.effective_on, last_position=before.position)
        self._continue(head, statements=first)
        rest = (whole.statements - first, whole.last_on, whole.last_position)
        self._insert(Run(after.position, whole.pair, *after[1:], *rest))

    def _run_at(self, pair: int, step: Place) -> Run:
        """The last run of a pair that begins with a step or before it."""
        (found,) = _RUN_AT.rows(self._connection, {"pair": pair, **step._asdict()})
        return Run(*found)

    def _continue(self, held: Run, *, statements: int) -> None:
        values = _as_new({"last_on": held.last_on, "last_position": held.last_position, "statements": statements})
        _CONTINUE.run(self._connection, [{"of": held.position, **values}])

    def _insert(self, row: Run) -> None:
        self._backend.insert(self._connection, run, [row])


def derive(connection: Connection, backend: Backend, pairs: Sequence[int]) -> None:
    """Make the runs of some pairs anew."""
    for some in chunks(pairs):
        connection.execute(delete(run).where(run.c.pair.in_(some)))
        if found := list(runs_of(connection, statement.c.pair.in_(some))):
            backend.insert(connection, run, found)


def runs_of(connection: Connection, *wanted: ColumnElement[bool]) -> Iterator[Run]:
    """The runs of some pairs, from the steps that count today."""
    counting = select(statement.c.pair, statement.c.stance, *_place(statement)).where(statement.c.ended_at.is_(None))
    in_order = connection.execute(counting.where(*wanted).order_by(statement.c.pair, *_order(statement)))
    for (pair, stance), members in groupby(in_order, key=lambda step: step[:2]):
        steps = list(members)
        first, last = steps[0], steps[-1]
        begins = (first.effective_on, first.sequence, first.rank)
        yield Run(first.position, pair, *begins, stance, len(steps), last.effective_on, last.position)


def _place(table: Table) -> tuple[ColumnElement[Any], ...]:
    return (table.c.position, *_order(table))


def _order(table: Table) -> tuple[ColumnElement[Any], ...]:
    return table.c.effective_on, table.c.sequence, table.c.rank


def _latest_first(table: Table) -> tuple[ColumnElement[Any], ...]:
    return tuple(column.desc() for column in _order(table))


def _as_new(values: dict[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in values.items()}


def _given(*columns: ColumnElement[Any], prefix: str = "") -> Any:
    return tuple_(*(bindparam(f"{prefix}{column.name}", type_=column.type) for column in columns))


_here = _given(*_order(statement))
_counting = (statement.c.pair == bindparam("pair", type_=statement.c.pair.type), statement.c.ended_at.is_(None))
_one = select(*_place(statement), statement.c.stance).where(*_counting).limit(1)
_BEFORE = Prepared(_one.where(tuple_(*_order(statement)) < _here).order_by(*_latest_first(statement)))
_AFTER = Prepared(_one.where(tuple_(*_order(statement)) > _here).order_by(*_order(statement)))
_COUNT = Prepared(
    select(func.count()).where(
        *_counting,
        tuple_(*_order(statement)) >= _given(*_order(statement), prefix="new_"),
        tuple_(*_order(statement)) <= _here,
    )
)
_RUN_AT = Prepared(
    select(*run.c)
    .where(run.c.pair == bindparam("pair", type_=run.c.pair.type), tuple_(*_order(run)) <= _given(*_order(run)))
    .order_by(*_latest_first(run))
    .limit(1)
)
_of = update(run).where(run.c.position == bindparam("of", type_=run.c.position.type))
_CONTINUE = Prepared(
    _of.values({name: bindparam(f"new_{name}") for name in ("last_on", "last_position", "statements")})
)
_BEGIN = Prepared(
    _of.values(
        {
            **{column: bindparam(f"new_{column.name}") for column in _place(run)},
            run.c.statements: run.c.statements + 1,
        }
    )
)

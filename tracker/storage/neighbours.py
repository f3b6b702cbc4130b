"""What stands around a statement on its pair's timeline: the questions that a writer asks."""

from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from tracker.domain.events import PositionStated
from tracker.domain.timeline import Step
from tracker.storage.schema import corroboration, pair, statement
from tracker.storage.versions import counts, step_of, versions_of


def place_of(connection: Connection, step: Step, today: date) -> tuple[Step | None, tuple[str, ...], Step | None]:
    """What stands around a counting step: the one before it, the conditions in force by then, the one in effect today.

    A few index probes, however long the pair's timeline is.
    """
    pair_id = select(pair.c.id).where(pair.c.issue == step.event.issue, pair.c.party == step.event.party)
    mine = (statement.c.pair == pair_id.scalar_subquery(), counts(statement))
    order = tuple_(statement.c.effective_on, statement.c.sequence, statement.c.rank)
    latest_first = (statement.c.effective_on.desc(), statement.c.sequence.desc(), statement.c.rank.desc())

    def last(*wanted: ColumnElement[bool]) -> Step | None:
        rows = versions_of(statement).where(*mine, *wanted).order_by(*latest_first).limit(1)
        row = connection.execute(rows).one_or_none()
        return step_of(row) if row else None

    def earlier_than(other: Step) -> ColumnElement[bool]:
        day, sequence, rank = other.order
        return order < tuple_(literal(day.isoformat()), literal(sequence), literal(rank))

    before = last(earlier_than(step))
    in_force: tuple[str, ...] = ()
    if before is not None and before.stance is not None and before.stance == step.stance:
        stating = last(earlier_than(step), statement.c.states_conditions)
        other = last(earlier_than(step), statement.c.stance.is_distinct_from(before.stance.degree))
        if stating is not None and (other is None or stating.order > other.order):
            in_force = stating.conditions or ()
    return before, in_force, last(statement.c.effective_on <= today.isoformat())


def touched_after(connection: Connection, issue: str, party: str, position: int) -> int | None:
    """The last position after this one at which an entry touched the pair, if any did.

    A pair is touched by its statements and withdrawals, their corroborations,
    corrections from or to it, and retractions.
    """
    mine = statement.c.pair.in_(select(pair.c.id).where(pair.c.issue == issue, pair.c.party == party))

    def belongs_at(moment: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether what was corroborated belonged to the pair at that position."""
        counted = (statement.c.position <= moment, or_(statement.c.ended_at.is_(None), statement.c.ended_at > moment))
        return exists().where(statement.c.rank == corroboration.c.statement_rank, mine, *counted)

    at, ended_at = corroboration.c.position, corroboration.c.ended_at
    touches = union_all(
        select(func.max(statement.c.position).label("at")).where(mine, statement.c.position > position),
        select(func.max(statement.c.ended_at)).where(mine, statement.c.ended_at > position),
        select(func.max(at)).where(at > position, belongs_at(at)),
        select(func.max(ended_at)).where(ended_at > position, belongs_at(ended_at)),
    ).subquery()
    last: int | None = connection.scalar(select(func.max(touches.c.at)))
    return last


def look_alike(connection: Connection, event: PositionStated) -> str | None:
    """The id of a counting statement of the same party, issue, day, speaker and stance, if there is one."""
    rows = (
        versions_of(statement)
        .join(pair, pair.c.id == statement.c.pair)
        .where(
            pair.c.issue == event.issue,
            pair.c.party == event.party,
            statement.c.effective_on == event.day.effective.isoformat(),
            statement.c.stance == event.stance.degree,
            counts(statement),
        )
        .order_by(statement.c.position)
    )
    for row in connection.execute(rows):
        step = step_of(row)
        if step.day == event.day and step.event.speaker == event.speaker:
            return step.entry.id
    return None

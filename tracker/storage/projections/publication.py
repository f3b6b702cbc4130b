"""When the public could know a statement: `public_on` beside each of its versions, kept up as evidence comes and goes.

A version's evidence is its own source and what corroborates the statement, in
any version (DESIGN section 4). `public_on` is the earliest day of it when the
version last counted; `evidence_at` is the last position at which an entry after
the version's own touched its evidence. A query as of an earlier position works
it out from the evidence itself (`public_as_of`).
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from tracker.domain.log.kinds import SOURCE_REGISTERED
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, chunks
from tracker.storage.projections.counting import counts_at, of_rank
from tracker.storage.schema import corroboration, fact, statement

NEVER = "9999-12-31"
"""Later than every day on which something was published: what has no dated source."""


class PublicDays:
    """Collects which evidence the entries of a transaction touch, and brings `public_on` up to date."""

    def __init__(self, connection: AnyConnection) -> None:
        self._connection = connection
        self._touched: list[tuple[int, int]] = []
        self._sources: list[dict[str, Any]] = []
        self._ranks: set[int] = set()

    def touched(self, rank: int, position: int) -> None:
        """An entry corroborates a statement, or corrects or retracts what does."""
        self._touched.append((rank, position))
        self._ranks.add(rank)

    def source_touched(self, source: str, position: int) -> None:
        """An entry corrects or retracts the registration of a source."""
        self._sources.append({"source": source, "at": position})

    def corrected(self, rank: int) -> None:
        """A statement has a new version, which keeps what corroborates the old one."""
        self._ranks.add(rank)

    def flush(self) -> None:
        """Bring the columns up to date. All rows must be written."""
        if not (self._ranks or self._sources):
            return
        for some in chunks(self._touched):
            _TOUCH.run(self._connection, [{"of": rank, "at": position} for rank, position in some])
        self._touched.clear()
        if self._sources:
            _TOUCH_CITING.run(self._connection, self._sources)
            _PUBLISH_CITING.run(self._connection, self._sources)
            self._sources.clear()
        for ranks in chunks(sorted(self._ranks)):
            _PUBLISH.run(self._connection, [{"of": rank} for rank in ranks])
        self._ranks.clear()


def derive_evidence(connection: Connection) -> None:
    """Work out the columns of all statements whose evidence other entries touched, where none did so far.

    Statements have the day of their own source already. All rows must be written.
    """
    touched = expected_touches().subquery("touched")
    connection.execute(
        update(statement).where(statement.c.position == touched.c.position).values(evidence_at=touched.c.at)
    )
    corroborated = of_rank(statement, lambda rank: rank.in_(select(corroboration.c.statement_rank)))
    redated = select(fact.c.key).where(_redated)
    connection.execute(
        update(statement)
        .where(or_(corroborated, statement.c.source.in_(redated)))
        .values(public_on=public_as_of(statement, LAST_COUNTED))
    )


def public_as_of(table: FromClause, known_at: ColumnElement[int]) -> ColumnElement[Any]:
    """The earliest day of a statement's evidence as known at a position; None if none of it is dated."""
    own = _published_on(table.c.source, known_at)
    corroborated = (
        select(func.min(_published_on(corroboration.c.source, known_at)))
        .where(corroboration.c.statement_rank == table.c.rank, counts_at(corroboration, known_at))
        .correlate(table)
        .scalar_subquery()
    )
    return case((func.coalesce(own, NEVER) <= func.coalesce(corroborated, NEVER), own), else_=corroborated)


def public_by(table: FromClause, known_at: ColumnElement[int] | None, by: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a statement that counted at a position (today, without one) was public by a day."""
    return _public_on(table, known_at) <= by


def is_undated(table: FromClause, known_at: ColumnElement[int] | None) -> ColumnElement[bool]:
    """Whether nothing dated carried a statement that counted at a position (today, without one)."""
    return _public_on(table, known_at).is_(None)


def _public_on(table: FromClause, known_at: ColumnElement[int] | None) -> ColumnElement[Any]:
    if known_at is None:
        return table.c.public_on
    settled = or_(table.c.evidence_at.is_(None), table.c.evidence_at <= known_at)
    return case((settled, table.c.public_on), else_=public_as_of(table, known_at))


def expected_touches() -> Select[Any]:
    """What `evidence_at` should be, for the versions that have one, worked out from all that can touch evidence."""
    at = fact.c.ended_at
    of_rank = union_all(
        select(corroboration.c.statement_rank.label("rank"), corroboration.c.position.label("at")),
        select(corroboration.c.statement_rank, corroboration.c.ended_at),
        select(corroboration.c.statement_rank, at)
        .join_from(fact, corroboration, corroboration.c.source == fact.c.key)
        .where(_redated, corroboration.c.position < at),
    ).subquery("of_rank")
    version = (statement.c.position, statement.c.ended_at)
    firsts = statement.c.position == of_rank.c.rank
    corrected = and_(statement.c.rank == of_rank.c.rank, statement.c.rank != statement.c.position)
    touches = union_all(
        *(select(*version, of_rank.c.at).join_from(of_rank, statement, which) for which in (firsts, corrected)),
        select(*version, at).join_from(fact, statement, statement.c.source == fact.c.key).where(_redated),
    ).subquery("touches")
    when = touches.c.at
    while_it_counted = and_(when > touches.c.position, or_(touches.c.ended_at.is_(None), when < touches.c.ended_at))
    found = select(touches.c.position, func.max(when).label("at")).where(while_it_counted)
    return found.group_by(touches.c.position).order_by(touches.c.position)


def _published_on(source: ColumnElement[Any], known_at: ColumnElement[int]) -> ScalarSelect[Any]:
    """The day on which a source was published, by the first of its counting registrations."""
    registered = fact.alias()
    return (
        select(registered.c.day)
        .where(registered.c.family == SOURCE_REGISTERED, registered.c.key == source, counts_at(registered, known_at))
        .order_by(registered.c.rank)
        .limit(1)
        .correlate_except(registered)
        .scalar_subquery()
    )


_redated = and_(fact.c.family == SOURCE_REGISTERED, fact.c.ended_at.is_not(None))
"""A registration of a source that was corrected or retracted."""
EVIDENCE = {statement.c.public_on, statement.c.evidence_at}
"""The columns that are kept up here."""
LAST_COUNTED = func.coalesce(statement.c.ended_at - 1, literal(2**53))
"""The last position at which a version counts; one that no log reaches, if it still does."""


def _touch(which: ColumnElement[bool]) -> CompiledQuery:
    at: ColumnElement[int] = bindparam("at", type_=statement.c.position.type)
    newest = or_(statement.c.evidence_at.is_(None), statement.c.evidence_at < at)
    there = and_(statement.c.position < at, at <= LAST_COUNTED, newest)
    return CompiledQuery(update(statement).where(which, there).values(evidence_at=at))


_cites = or_(
    statement.c.source == bindparam("source"),
    of_rank(
        statement,
        lambda rank: rank.in_(
            select(corroboration.c.statement_rank).where(
                corroboration.c.source == bindparam("source"),
                corroboration.c.position < bindparam("at", type_=statement.c.position.type),
            )
        ),
    ),
)
_of: ColumnElement[int] = bindparam("of", type_=statement.c.position.type)
_mine = of_rank(statement, lambda rank: rank == _of)
_TOUCH = _touch(_mine)
_TOUCH_CITING = _touch(_cites)
_PUBLISH = CompiledQuery(update(statement).where(_mine).values(public_on=public_as_of(statement, LAST_COUNTED)))
_PUBLISH_CITING = CompiledQuery(update(statement).where(_cites).values(public_on=public_as_of(statement, LAST_COUNTED)))

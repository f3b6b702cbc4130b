"""Publication days: `public_on` of each version of a statement, updated as its evidence changes.

A version's evidence is its own source and the corroborations of the statement, in any version (DESIGN section 4).
`public_on` is the earliest day of its evidence when the version last counted, though not before the first day that it
can mean; `evidence_at` is the last position after the version's own whose entry touched its evidence. A query as of an
earlier position derives the day from the evidence itself (`public_as_of`).
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

from tracker.domain.log.kind_registry import SOURCE_REGISTERED
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, parameter
from tracker.storage.projections.counting import counts, of_rank
from tracker.storage.schema import corroboration, fact, statement

NEVER = "9999-12-31"
"""A day after every publication day, for statements without a dated source."""


class PublicDays:
    """Collects the evidence that the entries of a transaction touch, and updates `public_on`."""

    def __init__(self, connection: AnyConnection) -> None:
        self._connection = connection
        self._touches: list[dict[str, int]] = []
        self._sources: list[dict[str, Any]] = []
        self._ranks: set[int] = set()

    def note_touch(self, rank: int, position: int) -> None:
        """Note an entry that corroborates a statement, or corrects or retracts a corroboration."""
        self._touches.append({"of": rank, "at": position})
        self._ranks.add(rank)

    def note_source_touch(self, source: str, position: int) -> None:
        """Note an entry that corrects or retracts the registration of a source."""
        self._sources.append({"source": source, "at": position})

    def note_correction(self, rank: int) -> None:
        """Note a new version of a statement, which keeps the corroborations of the old one."""
        self._ranks.add(rank)

    def flush(self) -> None:
        """Update the columns. All rows must be written."""
        if self._touches:
            _TOUCH.run(self._connection, self._touches)
            self._touches.clear()
        if self._sources:
            _TOUCH_CITING.run(self._connection, self._sources)
            _PUBLISH_CITING.run(self._connection, self._sources)
            self._sources.clear()
        if self._ranks:
            _PUBLISH.run(self._connection, [{"of": rank} for rank in sorted(self._ranks)])
            self._ranks.clear()


def derive_evidence(connection: Connection) -> None:
    """Derive the columns of all statements whose evidence other entries touched, when none are set yet.

    Statements have the day of their own source already. All rows must be written.
    """
    _TOUCH_ALL.run(connection, [{}])
    _PUBLISH_ALL.run(connection, [{}])


def public_as_of(table: FromClause, known_at: ColumnElement[int]) -> ColumnElement[Any]:
    """Return a statement's publication day as known at a position; NULL if none of its evidence is dated."""
    own = published_on(table.c.source, known_at)
    corroborated = (
        select(func.min(published_on(corroboration.c.source, known_at)))
        .where(corroboration.c.statement_rank == table.c.rank, counts(corroboration, known_at))
        .correlate(table)
        .scalar_subquery()
    )
    earliest = case((func.coalesce(own, NEVER) <= func.coalesce(corroborated, NEVER), own), else_=corroborated)
    return case((earliest < table.c.first_on, table.c.first_on), else_=earliest)


def public_on(table: FromClause, known_at: ColumnElement[int] | None) -> ColumnElement[Any]:
    """Return the publication day of a statement that counted at a position (None is today); NULL if it is undated."""
    if known_at is None:
        return table.c.public_on
    settled = or_(table.c.evidence_at.is_(None), table.c.evidence_at <= known_at)
    return case((settled, table.c.public_on), else_=public_as_of(table, known_at))


def expected_touches() -> Select[Any]:
    """Select the expected `evidence_at` of versions that have one, from all entries that can touch evidence."""
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


def published_on(source: ColumnElement[Any], known_at: ColumnElement[int] | None) -> ScalarSelect[Any]:
    """Return the publication day of a source at a position (today by default), by its first counting registration."""
    registered = fact.alias()
    return (
        select(registered.c.day)
        .where(registered.c.family == SOURCE_REGISTERED, registered.c.key == source, counts(registered, known_at))
        .order_by(registered.c.rank)
        .limit(1)
        .correlate_except(registered)
        .scalar_subquery()
    )


_redated = and_(fact.c.family == SOURCE_REGISTERED, fact.c.ended_at.is_not(None))
"""A registration of a source that was corrected or retracted."""
EVIDENCE = {statement.c.public_on, statement.c.evidence_at}
"""The columns that this module updates."""
LAST_COUNTED = func.coalesce(statement.c.ended_at - 1, literal(2**53))
"""The last position at which a version counts; 2**53, beyond every log, if it still does."""


def _touch(which: ColumnElement[bool]) -> CompiledQuery:
    at = parameter(statement.c.position, "at")
    newest = or_(statement.c.evidence_at.is_(None), statement.c.evidence_at < at)
    there = and_(statement.c.position < at, at <= LAST_COUNTED, newest)
    return CompiledQuery(update(statement).where(which, there).values(evidence_at=at))


_citing = or_(
    statement.c.source == bindparam("source"),
    of_rank(
        statement,
        lambda rank: rank.in_(
            select(corroboration.c.statement_rank).where(
                corroboration.c.source == bindparam("source"),
                corroboration.c.position < parameter(statement.c.position, "at"),
            )
        ),
    ),
)
_of_statement = of_rank(statement, lambda rank: rank == parameter(statement.c.position, "of"))
_TOUCH = _touch(_of_statement)
_TOUCH_CITING = _touch(_citing)
_publishing = update(statement).values(public_on=public_as_of(statement, LAST_COUNTED))
_PUBLISH = CompiledQuery(_publishing.where(_of_statement))
_PUBLISH_CITING = CompiledQuery(_publishing.where(_citing))
_touched = expected_touches().subquery("touched")
_TOUCH_ALL = CompiledQuery(
    update(statement).where(statement.c.position == _touched.c.position).values(evidence_at=_touched.c.at)
)
_PUBLISH_ALL = CompiledQuery(
    _publishing.where(
        or_(
            of_rank(statement, lambda rank: rank.in_(select(corroboration.c.statement_rank))),
            statement.c.source.in_(select(fact.c.key).where(_redated)),
        )
    )
)

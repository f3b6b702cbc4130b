"""Read timelines from the projections: what a query needs of each pair, found by index instead of by replay.

Each answer is one that `tracker.domain.timeline` would give on the whole log; a
property test holds the two together.
"""

from collections.abc import Collection
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from tracker.domain.scope import Cutoffs, Scope, within
from tracker.domain.timeline import Pair, Step, Timelines
from tracker.storage.schema import corroboration, fact, pair, statement
from tracker.storage.versions import counts, step_of, versions_of

_FIRST_DAY = date.min.isoformat()


def timelines(
    connection: Connection,
    scope: Scope,
    cutoffs: Cutoffs,
    *,
    up_to: date,
    anchor: date | None = None,
    moved_after: date | None = None,
) -> Timelines:
    """The end of each pair's timeline, up to a day (inclusive).

    With an `anchor`, a timeline begins early enough to answer for every day
    from the anchor on: with the step before the run in effect on that day, and
    with what contests it. Without one it is whole. With `moved_after`, only
    pairs with a step after that day come back.
    """
    visible = visible_in(scope, cutoffs)
    chosen = pairs_in(scope)
    if moved_after is not None:
        moved = select(statement.c.pair).where(
            statement.c.effective_on > moved_after.isoformat(),
            statement.c.effective_on <= up_to.isoformat(),
            visible(statement),
        )
        chosen = chosen.where(pair.c.id.in_(moved.distinct()))
    pairs = _with_beginning(chosen, visible, anchor)
    rows = (
        versions_of(statement)
        .join(pairs, pairs.c.id == statement.c.pair)
        .add_columns(pairs.c.issue, pairs.c.party)
        .where(
            statement.c.effective_on >= pairs.c.begins,
            statement.c.effective_on <= up_to.isoformat(),
            visible(statement),
        )
        .order_by(pairs.c.issue, pairs.c.party, statement.c.effective_on, statement.c.sequence, statement.c.rank)
    )
    by_pair: dict[Pair, tuple[Step, ...]] = {}
    for (issue, party), group in groupby(connection.execute(rows), key=lambda row: (row.issue, row.party)):
        by_pair[issue, party] = tuple(step_of(row) for row in group)
    return Timelines(by_pair, undated(connection, scope, cutoffs, up_to=up_to))


def pairs_in(scope: Scope) -> Select[Any]:
    """The pairs of the parties and issues in scope."""
    chosen = select(pair.c.id, pair.c.issue, pair.c.party)
    if scope.parties:
        chosen = chosen.where(pair.c.party.in_(sorted(scope.parties)))
    if scope.issues:
        chosen = chosen.where(or_(*(_at_or_below(pair.c.issue, prefix) for prefix in sorted(scope.issues))))
    return chosen


def _at_or_below(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    # Below a prefix is from "prefix/" up to "prefix0", the character after the slash: a range that an index serves.
    return or_(column == prefix, and_(column >= f"{prefix}/", column < f"{prefix}0"))


def visible_in(scope: Scope, cutoffs: Cutoffs) -> Any:
    """What a query lets through: counting, attributed as asked, public by the day asked for."""

    def visible(table: FromClause) -> ColumnElement[bool]:
        wanted = [counts(table, cutoffs.known_at)]
        if scope.attributions:
            wanted.append(table.c.attribution.in_(sorted(scope.attributions)))
        if cutoffs.published_by is not None:
            by = cutoffs.published_by.isoformat()
            wanted.append(has_evidence(table, cutoffs.known_at, lambda published_on: published_on <= by))
        return and_(*wanted)

    return visible


def has_evidence(table: FromClause, known_at: int | None, test: Any) -> ColumnElement[bool]:
    """Whether a statement's own source, or one that corroborates it, was published on a day that passes a test."""
    corroborated = exists().where(
        corroboration.c.statement_rank == table.c.rank,
        counts(corroboration, known_at),
        test(_published_on(corroboration.c.source, known_at)),
    )
    return or_(test(_published_on(table.c.source, known_at)), corroborated)


def _published_on(source: ColumnElement[Any], known_at: int | None) -> ScalarSelect[Any]:
    """The day on which a source was published, by the first of its counting registrations."""
    registered = fact.alias()
    return (
        select(registered.c.day)
        .where(registered.c.family == "source.registered", registered.c.key == source, counts(registered, known_at))
        .order_by(registered.c.rank)
        .limit(1)
        .correlate_except(registered)
        .scalar_subquery()
    )


def _with_beginning(chosen: Select[Any], visible: Any, anchor: date | None) -> CTE:
    """The pairs, each with the day from which its timeline is needed to answer for the anchor and every later day.

    That is the day of the step before the run in effect on the anchor, or the
    day from which the step in effect can be contested, if that is earlier.
    """
    if anchor is None:
        return chosen.add_columns(literal(_FIRST_DAY).label("begins")).cte("pairs")
    held, other, found = statement.alias("held"), statement.alias("other"), statement.alias("found")

    heads = chosen.add_columns(_last_visible(found, found.c.position, pair.c.id, anchor, visible).label("head")).cte(
        "heads"
    )
    heads = heads.prefix_with("MATERIALIZED")
    differing = other.c.stance.is_distinct_from(held.c.stance)
    before = _last_visible(other, other.c.effective_on, heads.c.id, anchor, visible, differing)
    before_the_run = func.coalesce(before, _FIRST_DAY)
    contests_from = func.coalesce(held.c.contests_from, _FIRST_DAY)
    begins = case((before_the_run < contests_from, before_the_run), else_=contests_from)
    return (
        select(heads.c.id, heads.c.issue, heads.c.party, begins.label("begins"))
        .outerjoin_from(heads, held, held.c.position == heads.c.head)
        .cte("pairs")
        .prefix_with("MATERIALIZED")
    )


def _last_visible(
    table: FromClause,
    column: ColumnElement[Any],
    of_pair: ColumnElement[int],
    on: date,
    visible: Any,
    *wanted: ColumnElement[bool],
) -> ScalarSelect[Any]:
    """A column of a pair's last visible step up to a day, among those wanted."""
    return (
        select(column)
        .where(table.c.pair == of_pair, table.c.effective_on <= on.isoformat(), visible(table), *wanted)
        .order_by(table.c.effective_on.desc(), table.c.sequence.desc(), table.c.rank.desc())
        .limit(1)
        .correlate_except(table)
        .scalar_subquery()
    )


def undated(connection: Connection, scope: Scope, cutoffs: Cutoffs, *, up_to: date) -> int:
    """How many steps `published_by` leaves out because none of their evidence is dated."""
    if cutoffs.published_by is None:
        return 0
    public = Scope(scope.parties, scope.issues)
    chosen = pairs_in(public).subquery()
    counted = visible_in(scope, Cutoffs(cutoffs.known_at))
    dated = has_evidence(statement, cutoffs.known_at, lambda published_on: published_on.is_not(None))
    rows = (
        select(func.count())
        .select_from(statement)
        .join(chosen, chosen.c.id == statement.c.pair)
        .where(counted(statement), statement.c.effective_on <= up_to.isoformat(), ~dated)
    )
    return connection.scalar(rows) or 0


def standing(
    connection: Connection, scope: Scope, cutoffs: Cutoffs, on: date, *, issues: Collection[str] | None = None
) -> dict[Pair, Step]:
    """The step in effect on a day (inclusive) for each pair in scope that has one, without the run that it ends.

    With `issues`, only on exactly these; `scope` then filters by party and attribution.
    """
    chosen = pairs_in(scope)
    if issues is not None:
        chosen = pairs_in(Scope(scope.parties)).where(pair.c.issue.in_(sorted(issues)))
    found = statement.alias("found")
    head = _last_visible(found, found.c.position, pair.c.id, on, visible_in(scope, cutoffs))
    heads = chosen.add_columns(head.label("head")).cte("heads").prefix_with("MATERIALIZED")
    rows = (
        versions_of(statement)
        .join(heads, heads.c.head == statement.c.position)
        .add_columns(heads.c.issue, heads.c.party)
        .order_by(heads.c.issue, heads.c.party)
    )
    return {(row.issue, row.party): step_of(row) for row in connection.execute(rows)}


def asking(connection: Connection, scope: Scope, cutoffs: Cutoffs, *, up_to: date) -> list[Step]:
    """The visible statements up to a day (inclusive) that ask something of somebody, on the issues in scope."""
    pairs = pairs_in(Scope(issues=scope.issues)).subquery()
    rows = (
        versions_of(statement)
        .join(pairs, pairs.c.id == statement.c.pair)
        .where(
            statement.c.asks,
            statement.c.effective_on <= up_to.isoformat(),
            visible_in(scope, cutoffs)(statement),
        )
        .order_by(statement.c.position)
    )
    return [step_of(row) for row in connection.execute(rows)]


class Answers:
    """The first statement of a party after an ask, looked up by index; see `tracker.domain.asks.answers_in`."""

    def __init__(self, connection: Connection, scope: Scope, cutoffs: Cutoffs, *, up_to: date) -> None:
        self._connection = connection
        order = (statement.c.effective_on, statement.c.sequence, statement.c.rank)
        self._first_after = (
            versions_of(statement)
            .where(
                statement.c.pair == bindparam("pair"),
                statement.c.stance.is_not(None),
                tuple_(*order) > tuple_(*(bindparam(name) for name in ("day", "sequence", "rank"))),
                statement.c.effective_on <= up_to.isoformat(),
                visible_in(Scope(attributions=scope.attributions), cutoffs)(statement),
            )
            .order_by(*order)
            .limit(1)
        )
        self._pairs: dict[str, list[tuple[str, int]]] = {}

    def __call__(self, ask: Step, addressee: str) -> Step | None:
        """The addressee's first statement on the ask's issue, or on one below it, later than the ask."""
        day, sequence, rank = ask.order
        found = []
        for issue, pair_id in self._of(addressee):
            if within(issue, ask.event.issue):
                after = {"pair": pair_id, "day": day.isoformat(), "sequence": sequence, "rank": rank}
                row = self._connection.execute(self._first_after, after).one_or_none()
                if row is not None:
                    found.append(step_of(row))
        return min(found, key=lambda step: step.order, default=None)

    def _of(self, party: str) -> list[tuple[str, int]]:
        if party not in self._pairs:
            rows = self._connection.execute(select(pair.c.issue, pair.c.id).where(pair.c.party == party))
            self._pairs[party] = [(row.issue, row.id) for row in rows]
        return self._pairs[party]

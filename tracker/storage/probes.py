"""Read the projections: what counts at a cut-off, found by index instead of by replay.

Each answer is one that `tracker.domain.timeline` would give on the whole log; a
property test holds the two together.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
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
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from tracker.domain.admission import Located
from tracker.domain.entries import Entry, entry_of
from tracker.domain.events import Position, PositionStated
from tracker.domain.learned import Earlier
from tracker.domain.scope import Cutoffs, Scope, within
from tracker.domain.timeline import Pair, Step, Timelines, Version, said
from tracker.errors import UnknownEntry
from tracker.storage.schema import corroboration, fact, log, pair, statement, table_of

AT_ONCE = 400
"""How many values one query asks for at the most."""

_root = log.alias("root")
_FIRST_DAY = date.min.isoformat()


def counts(table: FromClause, known_at: int | None = None) -> ColumnElement[bool]:
    """Whether a row counted when the log ended at a position (today, without one)."""
    if known_at is None:
        return table.c.ended_at.is_(None)
    return and_(table.c.position <= known_at, or_(table.c.ended_at.is_(None), table.c.ended_at > known_at))


def locate(connection: Connection, column: ColumnElement[Any], values: Sequence[Any]) -> Iterator[Located]:
    """The entries whose column of the log has one of these values, each in its chain of corrections."""
    for start in range(0, len(values), AT_ONCE):
        found = connection.execute(_LOCATE.where(column.in_(values[start : start + AT_ONCE]))).all()
        enders = {row.ended_at for row in found if row.ended_at is not None}
        ended_by = dict(_id_and_type(connection, list(enders))) if enders else {}
        for row in found:
            first_type = row.first_type or row.type
            entry = entry_of(row.line)
            yield Located(
                entry=entry,
                rank=row.rank or row.position,
                event=said(entry, first_type),
                first_type=first_type,
                ended_by=ended_by.get(row.ended_at),
            )


def located(connection: Connection, event_id: str) -> Located:
    """The entry with this id. Raises UnknownEntry."""
    found = next(locate(connection, log.c.id, [event_id]), None)
    if found is None:
        raise UnknownEntry(event_id)
    return found


_LOCATE = (
    select(
        log.c.type,
        log.c.position,
        log.c.line,
        func.coalesce(statement.c.rank, corroboration.c.rank, fact.c.rank).label("rank"),
        func.coalesce(statement.c.ended_at, corroboration.c.ended_at, fact.c.ended_at).label("ended_at"),
        _root.c.type.label("first_type"),
    )
    .outerjoin_from(log, statement, statement.c.position == log.c.position)
    .outerjoin(corroboration, corroboration.c.position == log.c.position)
    .outerjoin(fact, fact.c.position == log.c.position)
    .outerjoin(_root, _root.c.position == func.coalesce(statement.c.rank, corroboration.c.rank, fact.c.rank))
    .order_by(log.c.position)
)


def _id_and_type(connection: Connection, positions: Sequence[int]) -> Iterator[tuple[int, tuple[str, str]]]:
    wanted = select(log.c.position, log.c.id, log.c.type).where(log.c.position.in_(positions)).order_by(log.c.position)
    for row in connection.execute(wanted):
        yield row.position, (row.id, row.type)


def counting_facts(
    connection: Connection,
    families: Iterable[str],
    *,
    known_at: int | None = None,
    key: str | None = None,
    after: date = date.min,
    up_to: date | None = None,
) -> list[Version]:
    """The counting entries of these kinds that are not about a stance, by rank.

    Only those about one `key`, or of the days after one and up to another, if these are given.
    """
    rows = _versions(fact).where(fact.c.family.in_(list(families)), counts(fact, known_at))
    if key is not None:
        rows = rows.where(fact.c.key == key)
    if up_to is not None:
        rows = rows.where(fact.c.day > after.isoformat(), fact.c.day <= up_to.isoformat())
    return [_version(row) for row in connection.execute(rows.order_by(fact.c.rank))]


def _versions(table: Table) -> Select[Any]:
    """What a version is made from: its line, its rank, and the type of the first entry in its chain."""
    return (
        select(log.c.line, table.c.rank, _root.c.type.label("first_type"))
        .join_from(table, log, log.c.position == table.c.position)
        .join(_root, _root.c.position == table.c.rank)
    )


def counting_corroborations(connection: Connection, of: Located) -> list[Version]:
    """The counting corroborations of a statement or withdrawal in any of its versions, by rank."""
    if not isinstance(of.event, Position):
        return []
    mine = (corroboration.c.statement_rank == of.rank, counts(corroboration))
    rows = _versions(corroboration).where(*mine).order_by(corroboration.c.rank)
    return [_version(row) for row in connection.execute(rows)]


def chain(connection: Connection, located: Located) -> Iterator[Entry]:
    """The entries of a chain of corrections, from the first on."""
    if located.event is None:
        return
    table = table_of(located.event)
    wanted = select(log.c.line).join_from(log, table, table.c.position == log.c.position)
    for line in connection.scalars(wanted.where(table.c.rank == located.rank).order_by(log.c.position)):
        yield entry_of(line)


def _version(row: Any) -> Version:
    entry = entry_of(row.line)
    event = said(entry, row.first_type)
    assert event is not None
    return Version(entry, event, row.rank)


# --- timelines ------------------------------------------------------------------------------------


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
    visible = _visible(scope, cutoffs)
    chosen = _pairs(scope)
    if moved_after is not None:
        moved = select(statement.c.pair).where(
            statement.c.effective_on > moved_after.isoformat(),
            statement.c.effective_on <= up_to.isoformat(),
            visible(statement),
        )
        chosen = chosen.where(pair.c.id.in_(moved.distinct()))
    pairs = _with_beginning(chosen, visible, anchor)
    rows = (
        _versions(statement)
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
        by_pair[issue, party] = tuple(_step(row) for row in group)
    return Timelines(by_pair, undated(connection, scope, cutoffs, up_to=up_to))


def _step(row: Any) -> Step:
    version = _version(row)
    assert isinstance(version.event, Position)
    return Step(version.entry, version.event, version.rank)


def _pairs(scope: Scope) -> Select[Any]:
    chosen = select(pair.c.id, pair.c.issue, pair.c.party)
    if scope.parties:
        chosen = chosen.where(pair.c.party.in_(sorted(scope.parties)))
    if scope.issues:
        chosen = chosen.where(or_(*(_at_or_below(pair.c.issue, prefix) for prefix in sorted(scope.issues))))
    return chosen


def _at_or_below(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    # Below a prefix is from "prefix/" up to "prefix0", the character after the slash: a range that an index serves.
    return or_(column == prefix, and_(column >= f"{prefix}/", column < f"{prefix}0"))


def _visible(scope: Scope, cutoffs: Cutoffs) -> Any:
    """What a query lets through: counting, attributed as asked, public by the day asked for."""

    def visible(table: FromClause) -> ColumnElement[bool]:
        wanted = [counts(table, cutoffs.known_at)]
        if scope.attributions:
            wanted.append(table.c.attribution.in_(sorted(scope.attributions)))
        if cutoffs.published_by is not None:
            by = cutoffs.published_by.isoformat()
            wanted.append(_has_evidence(table, cutoffs.known_at, lambda published_on: published_on <= by))
        return and_(*wanted)

    return visible


def _has_evidence(table: FromClause, known_at: int | None, test: Any) -> ColumnElement[bool]:
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
    chosen = _pairs(public).subquery()
    counted = _visible(scope, Cutoffs(cutoffs.known_at))
    dated = _has_evidence(statement, cutoffs.known_at, lambda published_on: published_on.is_not(None))
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
    chosen = _pairs(scope) if issues is None else _pairs(Scope(scope.parties)).where(pair.c.issue.in_(sorted(issues)))
    found = statement.alias("found")
    head = _last_visible(found, found.c.position, pair.c.id, on, _visible(scope, cutoffs))
    heads = chosen.add_columns(head.label("head")).cte("heads").prefix_with("MATERIALIZED")
    rows = (
        _versions(statement)
        .join(heads, heads.c.head == statement.c.position)
        .add_columns(heads.c.issue, heads.c.party)
        .order_by(heads.c.issue, heads.c.party)
    )
    return {(row.issue, row.party): _step(row) for row in connection.execute(rows)}


def asking(connection: Connection, scope: Scope, cutoffs: Cutoffs, *, up_to: date) -> list[Step]:
    """The visible statements up to a day (inclusive) that ask something of somebody, on the issues in scope."""
    pairs = _pairs(Scope(issues=scope.issues)).subquery()
    rows = (
        _versions(statement)
        .join(pairs, pairs.c.id == statement.c.pair)
        .where(
            statement.c.asks,
            statement.c.effective_on <= up_to.isoformat(),
            _visible(scope, cutoffs)(statement),
        )
        .order_by(statement.c.position)
    )
    return [_step(row) for row in connection.execute(rows)]


class Answers:
    """The first statement of a party after an ask, looked up by index; see `tracker.domain.asks.answers_in`."""

    def __init__(self, connection: Connection, scope: Scope, cutoffs: Cutoffs, *, up_to: date) -> None:
        self._connection = connection
        order = (statement.c.effective_on, statement.c.sequence, statement.c.rank)
        self._first_after = (
            _versions(statement)
            .where(
                statement.c.pair == bindparam("pair"),
                statement.c.stance.is_not(None),
                tuple_(*order) > tuple_(*(bindparam(name) for name in ("day", "sequence", "rank"))),
                statement.c.effective_on <= up_to.isoformat(),
                _visible(Scope(attributions=scope.attributions), cutoffs)(statement),
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
                    found.append(_step(row))
        return min(found, key=lambda step: step.order, default=None)

    def _of(self, party: str) -> list[tuple[str, int]]:
        if party not in self._pairs:
            rows = self._connection.execute(select(pair.c.issue, pair.c.id).where(pair.c.party == party))
            self._pairs[party] = [(row.issue, row.id) for row in rows]
        return self._pairs[party]


# --- parts of the log -----------------------------------------------------------------------------


def ranks_of_pair(connection: Connection, issue: str, party: str) -> set[int]:
    """The ranks of all statements and withdrawals that were ever recorded of a pair, whatever became of them."""
    mine = select(pair.c.id).where(pair.c.issue == issue, pair.c.party == party)
    return set(connection.scalars(select(statement.c.rank).where(statement.c.pair == mine.scalar_subquery())))


def ranks_revised(connection: Connection, *, after: date, up_to: date) -> set[int]:
    """The ranks of what took effect after a day and up to another, in any version, and was corrected or retracted."""
    revised = or_(statement.c.ended_at.is_not(None), statement.c.position != statement.c.rank)
    between = (statement.c.effective_on > after.isoformat(), statement.c.effective_on <= up_to.isoformat())
    return set(connection.scalars(select(statement.c.rank).where(*between, revised)))


def ranks_learned(connection: Connection, scope: Scope, cutoffs: Cutoffs, earlier: Earlier) -> set[int]:
    """The ranks of what took effect in scope in an earlier report's days, and was touched or became public after it."""
    since = earlier.known_at
    own = select(statement.c.rank)
    theirs = select(corroboration.c.statement_rank)
    touched = [
        own.where(statement.c.position > since),
        own.where(statement.c.ended_at > since),
        theirs.where(corroboration.c.position > since),
        theirs.where(corroboration.c.ended_at > since),
    ]
    revised = select(fact.c.key).where(fact.c.family == "source.registered", fact.c.ended_at > since)
    if sources := connection.scalars(revised.distinct()).all():
        touched += [own.where(statement.c.source.in_(sources)), theirs.where(corroboration.c.source.in_(sources))]
    if earlier.published_by is not None:
        by = earlier.published_by.isoformat()
        public = _has_evidence(statement, since, lambda day: day <= by)
        now: ColumnElement[bool] = literal(True)
        if (now_by := cutoffs.published_by) is not None:
            now = _has_evidence(statement, cutoffs.known_at, lambda day: day <= now_by.isoformat())
        touched.append(own.where(~func.coalesce(public, literal(False)), now))
    found = union_all(*touched).subquery()
    there = select(statement.c.rank).where(
        statement.c.rank.in_(select(found.c[0])),
        statement.c.effective_on <= earlier.up_to.isoformat(),
        statement.c.pair.in_(_pairs(scope).with_only_columns(pair.c.id)),
    )
    return set(connection.scalars(there.distinct()))


def facts_since(connection: Connection, families: Iterable[str], since: int) -> set[int]:
    """The ranks of entries of these kinds that were recorded, corrected or retracted after a position."""
    touched = or_(fact.c.position > since, fact.c.ended_at > since)
    return set(connection.scalars(select(fact.c.rank).where(fact.c.family.in_(list(families)), touched)))


def part_of_log(
    connection: Connection,
    *,
    statements: Iterable[int] = (),
    facts: Iterable[int] = (),
    issue: str | None = None,
    up_to: int | None = None,
) -> list[Entry]:
    """The part of the log that is about some statements, in order: enough to replay what became of them.

    It holds every version of the statements and of what corroborates them,
    their corrections and retractions, and the registrations of the sources that
    they cite; likewise the `facts` of some ranks, and what is registered of an
    issue. Only up to a position, with one.
    """
    ranks = sorted(statements)
    positions = _with_ends(connection, statement, statement.c.rank, ranks)
    positions |= _with_ends(connection, corroboration, corroboration.c.statement_rank, ranks)
    cited = _values(connection, statement.c.source, statement.c.rank, ranks)
    cited |= _values(connection, corroboration.c.source, corroboration.c.statement_rank, ranks)
    registered = (fact.c.family == "source.registered",)
    positions |= _with_ends(connection, fact, fact.c.key, sorted(cited), *registered)
    chains = set(facts)
    if issue is not None:
        families = ("issue.opened", "issue.reworded", "issue.closed")
        of_issue = select(fact.c.rank).where(fact.c.family.in_(families), fact.c.key == issue)
        chains |= set(connection.scalars(of_issue))  # by rank: a correction may be about another issue than its target
    positions |= _with_ends(connection, fact, fact.c.rank, sorted(chains))
    found = sorted(position for position in positions if up_to is None or position <= up_to)
    lines: list[Entry] = []
    for some in _chunks(found):
        wanted = select(log.c.line).where(log.c.position.in_(some)).order_by(log.c.position)
        lines += map(entry_of, connection.scalars(wanted))
    return lines


def _with_ends(
    connection: Connection,
    table: Table,
    column: ColumnElement[Any],
    values: Sequence[Any],
    *wanted: ColumnElement[bool],
) -> set[int]:
    """The positions of a projection's rows, and of the entries that ended them."""
    found: set[int] = set()
    for some in _chunks(values):
        rows = connection.execute(select(table.c.position, table.c.ended_at).where(column.in_(some), *wanted))
        for row in rows:
            found.update(position for position in row if position is not None)
    return found


def _values(
    connection: Connection, wanted: ColumnElement[Any], column: ColumnElement[Any], values: Sequence[Any]
) -> set[Any]:
    found: set[Any] = set()
    for some in _chunks(values):
        found.update(connection.scalars(select(wanted).where(column.in_(some), wanted.is_not(None)).distinct()))
    return found


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


# --- questions that a writer asks -----------------------------------------------------------------


def place_of(connection: Connection, step: Step, today: date) -> tuple[Step | None, tuple[str, ...], Step | None]:
    """What stands around a counting step: the one before it, the conditions in force by then, the one in effect today.

    A few index probes, however long the pair's timeline is.
    """
    pair_id = select(pair.c.id).where(pair.c.issue == step.event.issue, pair.c.party == step.event.party)
    mine = (statement.c.pair == pair_id.scalar_subquery(), counts(statement))
    order = tuple_(statement.c.effective_on, statement.c.sequence, statement.c.rank)
    latest_first = (statement.c.effective_on.desc(), statement.c.sequence.desc(), statement.c.rank.desc())

    def last(*wanted: ColumnElement[bool]) -> Step | None:
        rows = _versions(statement).where(*mine, *wanted).order_by(*latest_first).limit(1)
        row = connection.execute(rows).one_or_none()
        return _step(row) if row else None

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
        _versions(statement)
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
        step = _step(row)
        if step.day == event.day and step.event.speaker == event.speaker:
            return step.entry.id
    return None

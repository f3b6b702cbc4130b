"""Who stands where on a day, found by index, and told from the stored lines without checking them again.

Where nothing is cut off the runs tell the stance in effect and its run. With a
cut-off, or a filter by attribution, both are found step by step. Either way a
property test holds the answer to the plain replay.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import CTE, Connection, Select, and_, bindparam, case, func, select, tuple_

from tracker.domain.relations import Stood
from tracker.domain.scope import Cutoffs, Scope
from tracker.domain.state import Cell, Closed, Said, StateRow, contests
from tracker.domain.vocabulary import STANCES, Act, Attribution, Outcome, Standing
from tracker.errors import LogDamaged
from tracker.storage.prepared import Prepared, at_once, many, numbered, padded
from tracker.storage.questions import (
    KNOWN_AT,
    ON,
    Shape,
    Visible,
    last_day,
    last_visible,
    latest_first,
    pairs_in,
    place,
    shape_of,
    values_of,
    visible_in,
)
from tracker.storage.schema import fact, log, pair, run, statement
from tracker.storage.versions import chunks, counts, counts_at


def cells(
    connection: Connection, scope: Scope, cutoffs: Cutoffs, on: date, closed: Mapping[str, Closed]
) -> Iterator[Cell]:
    """The state on a day (inclusive), ordered by issue, then party."""
    shape, values = shape_of(scope, cutoffs), values_of(scope, cutoffs)
    values["on"] = last_day(connection, cutoffs, on).isoformat()
    for found in sorted(_held(shape).rows(connection, values)):
        held = _Held(*found)
        others = tuple(_contesting(connection, shape, held, values)) if held.is_contested else ()
        yield _cell(held, others, closed)


def closed_issues(connection: Connection, cutoffs: Cutoffs, on: date) -> dict[str, Closed]:
    """How each issue that is closed on a day (inclusive) was closed: by its last counting closing up to that day."""
    values = {"on": on.isoformat(), "known_at": cutoffs.known_at}
    found = _closings(known_at=cutoffs.known_at is not None).rows(connection, values)
    return {issue: Closed(date.fromisoformat(day), Outcome(read(line)[1]["outcome"])) for issue, day, line in found}


def standing(
    connection: Connection, scope: Scope, cutoffs: Cutoffs, on: date, issues: Sequence[str]
) -> dict[tuple[str, str], Stood]:
    """Where the parties in scope stood on exactly these issues on a day (inclusive), by issue and party."""
    values = {**values_of(scope, cutoffs), "on": last_day(connection, cutoffs, on).isoformat()}
    shape = shape_of(scope, cutoffs)._replace(issues=0)
    found: dict[tuple[str, str], Stood] = {}
    for some in chunks(issues):
        size = at_once(len(some))
        asked = {**values, **numbered(exact=padded(some, size))}
        for issue, party, stance, day, attribution, standing, source, event_id, position in _standing(shape, size).rows(
            connection, asked
        ):
            found[issue, party] = Stood(
                party,
                STANCES[stance],
                date.fromisoformat(day),
                _ATTRIBUTIONS[attribution],
                _STANDINGS[standing],
                source,
                event_id,
                position,
            )
    return found


class _Held(NamedTuple):
    """A pair's stance in effect: the run that it ends, the statement that it rests on, and the conditions in force."""

    issue: str
    party: str
    pair: int
    since: str
    since_sequence: int
    since_rank: int
    statements: int
    position: int
    on: str
    sequence: int
    rank: int
    stance: int | None
    attribution: str
    line: str
    named_position: int | None
    named_on: str
    named_attribution: str
    named_line: str | None
    is_contested: bool


def _cell(held: _Held, others: Sequence[Said], closed: Mapping[str, Closed]) -> Cell:
    event_id, said = read(held.line)
    stated = held.stance is not None
    conditions: tuple[str, ...] = ()
    named_in = None
    if held.named_position is not None:
        naming = (held.stance, held.named_on, held.named_attribution, held.named_position)
        named_in, conditions = _said(held.party, *naming, held.named_line or held.line)
    last, speaker = date.fromisoformat(held.on), said.get("speaker")
    contested_by = tuple(other for other in others if contests(other, speaker))
    row = StateRow(
        held.party,
        held.issue,
        STANCES[held.stance],
        date.fromisoformat(held.since),
        last,
        held.statements,
        said["stated_on"] if stated else said["on"],
        said["summary"],
        conditions,
        _ACTS[said.get("act")],
        _STANDINGS[said.get("standing", Standing.OFFICIAL)] if stated else None,
        speaker,
        _ATTRIBUTIONS[held.attribution],
        said.get("source"),
        event_id,
        held.position,
        bool(contested_by),
        closed.get(held.issue),
    )
    return Cell(row, (last, held.sequence, held.rank), named_in, contested_by)


def _said(
    party: str, stance: int | None, on: str, attribution: str, position: int, line: str
) -> tuple[Said, tuple[str, ...]]:
    """What a stored statement says, and the conditions that it states."""
    event_id, said = read(line)
    standing = _STANDINGS[said.get("standing", Standing.OFFICIAL)]
    who = (said.get("speaker"), _ATTRIBUTIONS[attribution], standing, said.get("source"))
    conditions = tuple(said.get("conditions", ()))
    return Said(party, STANCES[stance], date.fromisoformat(on), *who, event_id, position), conditions


_ACTS: dict[str | None, Act | None] = {None: None, **{act.value: act for act in Act}}
_ATTRIBUTIONS = {attribution.value: attribution for attribution in Attribution}
_STANDINGS: dict[str | None, Standing | None] = {None: None, **{standing.value: standing for standing in Standing}}


def read(line: str) -> tuple[str, Mapping[str, Any]]:
    """The id of a stored entry, and what it says or puts in its target's place. Raises LogDamaged.

    It was checked when it was appended. Positions and closings have one version
    each; a test holds that, as a later one must be brought up to date here.
    """
    try:
        stored = orjson.loads(line)
        data = stored["data"]
        return stored["id"], data["replacement"] if stored["type"] == "entry.corrected.v1" else data
    except (ValueError, KeyError, TypeError) as error:
        raise LogDamaged(str(error)) from error


# --- the statements -------------------------------------------------------------------------------


@cache
def _held(shape: Shape) -> Prepared:
    visible = visible_in(shape)
    held = (_by_runs if shape.is_plain else _by_steps)(pairs_in(shape), visible)
    head, naming, other = statement.alias("head"), statement.alias("naming"), statement.alias("other")
    begins = (held.c.since, held.c.since_sequence, held.c.since_rank)
    since = place(naming) >= tuple_(*begins)
    names = last_visible(naming, naming.c.position, held.c.pair, visible, naming.c.states_conditions, since)
    contested = (
        select(other.c.position)
        .where(
            other.c.pair == held.c.pair,
            other.c.effective_on >= head.c.contests_from,
            place(other) < tuple_(*begins),
            other.c.stance.is_not(None),
            other.c.stance.is_distinct_from(head.c.stance),
            visible(other),
        )
        .correlate(held, head)
        .exists()
    )
    says, named, its = log.alias("says"), statement.alias("named"), log.alias("its")
    return Prepared(
        select(
            held,
            head.c.effective_on,
            head.c.sequence,
            head.c.rank,
            head.c.stance,
            head.c.attribution,
            says.c.line,
            named.c.position,
            named.c.effective_on,
            named.c.attribution,
            its.c.line,
            contested,
        )
        .join_from(held, head, head.c.position == held.c.position)
        .join(says, says.c.position == held.c.position)
        .outerjoin(named, named.c.position == names)
        .outerjoin(its, and_(its.c.position == named.c.position, named.c.position != held.c.position))
    )


def _by_runs(pairs: Select[Any], visible: Visible) -> CTE:
    """The run that has begun by the day in each pair, and its last step up to then."""
    chosen = pairs.cte("pairs")
    found, later, member = run.alias("found"), statement.alias("later"), statement.alias("member")
    begun = (
        select(found.c.position)
        .where(found.c.pair == chosen.c.id, found.c.effective_on <= ON)
        .order_by(*latest_first(found))
        .limit(1)
        .correlate(chosen)
        .scalar_subquery()
    )
    is_whole = run.c.last_on <= ON
    latest = last_visible(later, later.c.position, chosen.c.id, visible)
    members = (
        select(func.count())
        .where(
            member.c.pair == chosen.c.id,
            place(member) >= tuple_(run.c.effective_on, run.c.sequence, run.c.rank),
            member.c.effective_on <= ON,
            visible(member),
        )
        .correlate(chosen, run)
        .scalar_subquery()
    )
    return (
        select(
            chosen.c.issue,
            chosen.c.party,
            chosen.c.id.label("pair"),
            run.c.effective_on.label("since"),
            run.c.sequence.label("since_sequence"),
            run.c.rank.label("since_rank"),
            case((is_whole, run.c.statements), else_=members).label("statements"),
            case((is_whole, run.c.last_position), else_=latest).label("position"),
        )
        .join_from(chosen, run, run.c.position == begun)
        .cte("held")
        .prefix_with("MATERIALIZED")
    )


def _by_steps(pairs: Select[Any], visible: Visible) -> CTE:
    """The last visible step up to the day in each pair, and where the unbroken row of equal stances began."""
    found, other, early, member = (statement.alias(name) for name in ("found", "other", "early", "member"))
    heads = _materialized(
        pairs.add_columns(last_visible(found, found.c.position, pair.c.id, visible).label("position")), "heads"
    )
    head, end, first = statement.alias("step"), statement.alias("ends"), statement.alias("first")
    another = last_visible(other, other.c.position, heads.c.id, visible, other.c.stance.is_distinct_from(head.c.stance))
    after = tuple_(
        func.coalesce(end.c.effective_on, ""), func.coalesce(end.c.sequence, 0), func.coalesce(end.c.rank, 0)
    )
    begins = (
        select(early.c.position)
        .where(early.c.pair == heads.c.id, place(early) > after, early.c.effective_on <= ON, visible(early))
        .order_by(early.c.effective_on, early.c.sequence, early.c.rank)
        .limit(1)
        .correlate(heads, end)
        .scalar_subquery()
    )
    members = (
        select(func.count())
        .where(member.c.pair == heads.c.id, place(member) > after, member.c.effective_on <= ON, visible(member))
        .correlate(heads, end)
        .scalar_subquery()
    )
    return _materialized(
        select(
            heads.c.issue,
            heads.c.party,
            heads.c.id.label("pair"),
            first.c.effective_on.label("since"),
            first.c.sequence.label("since_sequence"),
            first.c.rank.label("since_rank"),
            members.label("statements"),
            heads.c.position,
        )
        .join_from(heads, head, head.c.position == heads.c.position)
        .outerjoin(end, end.c.position == another)
        .join(first, first.c.position == begins),
        "held",
    )


def _materialized(rows: Select[Any], name: str) -> CTE:
    return rows.cte(name).prefix_with("MATERIALIZED")


def _contesting(connection: Connection, shape: Shape, held: _Held, values: Mapping[str, Any]) -> Iterator[Said]:
    span = {"pair": held.pair, "since": held.since, "sequence": held.since_sequence, "rank": held.since_rank}
    for found in _others(shape).rows(connection, {**values, **span, "of": held.position}):
        yield _said(held.party, *found)[0]


@cache
def _others(shape: Shape) -> Prepared:
    head = statement.alias("head")
    begins = tuple_(*(bindparam(name, type_=column.type) for name, column in _BEGINS.items()))
    rows = (
        select(*_SAYS, log.c.line)
        .join_from(statement, log, log.c.position == statement.c.position)
        .join(head, head.c.position == bindparam("of", type_=head.c.position.type))
        .where(
            statement.c.pair == bindparam("pair", type_=statement.c.pair.type),
            statement.c.effective_on >= head.c.contests_from,
            place(statement) < begins,
            statement.c.stance.is_not(None),
            statement.c.stance.is_distinct_from(head.c.stance),
            visible_in(shape)(statement),
        )
    )
    return Prepared(rows.order_by(*latest_first(statement)))


@cache
def _standing(shape: Shape, issues: int) -> Prepared:
    found = statement.alias("found")
    head = last_visible(found, found.c.position, pair.c.id, visible_in(shape))
    exactly = pair.c.issue.in_(many("exact", pair.c.issue, issues))
    heads = _materialized(pairs_in(shape).where(exactly).add_columns(head.label("head")), "heads")
    columns = (statement.c.stance, statement.c.effective_on, statement.c.attribution, statement.c.standing)
    rows = (
        select(heads.c.issue, heads.c.party, *columns, statement.c.source, log.c.id, statement.c.position)
        .join_from(heads, statement, statement.c.position == heads.c.head)
        .join(log, log.c.position == heads.c.head)
    )
    return Prepared(rows)


@cache
def _closings(*, known_at: bool) -> Prepared:
    closings = (
        select(fact.c.key, fact.c.day, log.c.line)
        .join_from(fact, log, log.c.position == fact.c.position)
        .where(
            fact.c.family == "issue.closed",
            fact.c.day <= ON,
            counts_at(fact, KNOWN_AT) if known_at else counts(fact),
        )
    )
    return Prepared(closings.order_by(fact.c.day, fact.c.rank))


_SAYS = (statement.c.stance, statement.c.effective_on, statement.c.attribution, statement.c.position)
_BEGINS = {"since": statement.c.effective_on, "sequence": statement.c.sequence, "rank": statement.c.rank}

"""The filters and cut-offs of a query as SQL conditions, with parameters for their values."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    text,
    true,
    tuple_,
)

from tracker.domain.terms.numbers import UndatedCount
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, parameter
from tracker.storage.projections.counting import counts, latest_first, place_in
from tracker.storage.projections.publication import public_on
from tracker.storage.schema import CONDITIONAL, log, pair, statement

ON: BindParameter[str] = parameter(statement.c.effective_on, "on")
KNOWN_AT: BindParameter[int] = parameter(log.c.position, "known_at")
PUBLISHED_BY: BindParameter[str] = parameter(statement.c.public_on, "published_by")
"""Parameters of many SQL statements: the day of the query (inclusive), and the cut-offs."""
UP_TO = case((ON < PUBLISHED_BY, ON), else_=PUBLISHED_BY)


class Shape(NamedTuple):
    """The filters and cut-offs that a query has, without their values: these determine its SQL.

    A `conditional` one leaves out pairs that never had conditions; a `paged` one asks for a part of them (`pages`).
    """

    parties: int
    issues: int
    attributions: int
    known_at: bool
    published_by: bool
    conditional: bool = False
    paged: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it selects everything that counts today."""
        return not (self.attributions or self.known_at or self.published_by)


def shape_and_values(scope: Scope, cutoffs: Cutoffs, on: date) -> tuple[Shape, dict[str, Any]]:
    """Return the shape of a query up to a day (inclusive), and the values of its parameters."""
    filters: dict[str, list[str]] = {
        "party": sorted(scope.parties),
        "issue": sorted(scope.issues),
        "attribution": sorted(scope.attributions),
    }
    values: dict[str, Any] = {
        f"{name}{number}": str(value) for name, chosen in filters.items() for number, value in enumerate(chosen)
    }
    values |= {"on": on.isoformat(), "known_at": cutoffs.known_at}
    if cutoffs.published_by is not None:
        values["published_by"] = cutoffs.published_by.isoformat()
    parties, issues, attributions = map(len, filters.values())
    return Shape(parties, issues, attributions, cutoffs.known_at is not None, cutoffs.published_by is not None), values


def visible(table: FromClause, shape: Shape) -> ColumnElement[bool]:
    """Return the condition that a version counts, has an attribution in scope, and was public by the day."""
    known_at = KNOWN_AT if shape.known_at else None
    wanted = [counts(table, known_at)]
    if shape.attributions:
        wanted.append(table.c.attribution.in_(_parameters("attribution", shape.attributions)))
    if shape.published_by:
        wanted.append(public_on(table, known_at) <= PUBLISHED_BY)
    return and_(*wanted)


def pairs_in(shape: Shape) -> Select[Any]:
    """Select the pairs of the parties and issues in scope."""
    chosen = select(pair.c.id, pair.c.issue, pair.c.party)
    if shape.parties:
        chosen = chosen.where(pair.c.party.in_(_parameters("party", shape.parties)))
    if shape.issues:
        chosen = chosen.where(in_issues(pair.c.issue, shape))
    if shape.conditional:
        chosen = chosen.where(pair.c.id.in_(select(statement.c.pair).where(text(CONDITIONAL))))
    if shape.paged:
        chosen = chosen.where(_key("after") < _KEY, _key("through") >= _KEY)
    return chosen


def in_issues(issue: ColumnElement[str], shape: Shape) -> ColumnElement[bool]:
    """Return the condition that an issue is in scope, if the scope names issues."""
    return or_(*(_at_or_below(issue, prefix) for prefix in _parameters("issue", shape.issues)))


_PAGE = 1_000
"""How many pairs are read at once where an answer is read page by page."""
_LAST = "\U0010ffff"
"""A text after every path and code."""
_KEY = tuple_(pair.c.issue, pair.c.party)


def _key(name: str) -> Any:
    return tuple_(parameter(pair.c.issue, f"{name}_issue"), parameter(pair.c.party, f"{name}_party"))


def pages(connection: AnyConnection, shape: Shape, values: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield for each page of the pairs in scope, by issue and party, the parameters of a shape that is `paged`."""
    prefixes = [values[f"issue{number}"] for number in range(shape.issues)]
    after = {"after_issue": min(prefixes, default=""), "after_party": ""}
    end = {"through_issue": max((f"{prefix}0" for prefix in prefixes), default=_LAST), "through_party": ""}
    while (last := _last_of_page(shape).row(connection, {**values, **after, **end})) is not None:
        yield {**after, "through_issue": last[0], "through_party": last[1]}
        after = {"after_issue": last[0], "after_party": last[1]}
    yield after | end


@cache
def _last_of_page(shape: Shape) -> CompiledQuery:
    """Select the last pair of a whole page, by the index of pairs: a filter by issue must not take it apart."""
    in_scope = in_issues(pair.c.issue.concat(""), shape) if shape.issues else true()
    page = pairs_in(shape._replace(issues=0, paged=True)).where(in_scope).order_by(pair.c.issue, pair.c.party)
    return CompiledQuery(page.with_only_columns(pair.c.issue, pair.c.party).limit(1).offset(_PAGE - 1))


def _parameters(name: str, number: int) -> list[BindParameter[str]]:
    """One parameter for each value of a filter: filters are short, and SQLite then plans for a single value."""
    return [parameter(pair.c.issue, f"{name}{at}") for at in range(number)]


def _at_or_below(column: ColumnElement[str], prefix: ColumnElement[str]) -> ColumnElement[bool]:
    # Below a prefix is from "prefix/" up to "prefix0", the character after the slash: a range that an index serves.
    return or_(column == prefix, and_(column >= prefix.concat("/"), column < prefix.concat("0")))


def last_visible(
    table: FromClause, of_pair: ColumnElement[int], shape: Shape, *wanted: ColumnElement[bool]
) -> ColumnElement[int]:
    """Return the position of a pair's last visible statement up to the day that meets the conditions.

    After a day of publication, it searches only the few statements that were public before they took effect.
    """

    def last(*up_to: ColumnElement[bool]) -> ScalarSelect[Any]:
        return (
            select(table.c.position)
            .where(table.c.pair == of_pair, *up_to, visible(table, shape), *wanted)
            .order_by(*latest_first(table))
            .limit(1)
            .correlate_except(table)
            .scalar_subquery()
        )

    if not shape.published_by:
        return last(table.c.effective_on <= ON)
    early = or_(table.c.public_on < table.c.effective_on, table.c.evidence_at.is_not(None))
    return func.coalesce(
        last(table.c.effective_on > PUBLISHED_BY, table.c.effective_on <= ON, early),
        last(table.c.effective_on <= UP_TO),
    )


def is_in_run(earlier: FromClause, head: FromClause, shape: Shape) -> ColumnElement[bool]:
    """Return the condition that no visible statement from an earlier one to the last of its pair has another value."""
    other = statement.alias("other")
    differs = (
        select(other.c.position)
        .where(
            other.c.pair == head.c.pair,
            place_in(other) >= place_in(earlier),
            place_in(other) < place_in(head),
            other.c.value != head.c.value,
            visible(other, shape),
        )
        .correlate(head, earlier)
    )
    return ~differs.exists()


def last_day(connection: AnyConnection, cutoffs: Cutoffs, on: date) -> date:
    """Return a day, at most `on`, up to which everything known at the cut-off took effect.

    No statement is recorded before the first day that its date may mean, except for one day of grace, and no date is
    less precise than a year (DESIGN section 4).
    """
    if cutoffs.known_at is None:
        return on
    found = _RECORDED.row(connection, {"known_at": cutoffs.known_at})
    if found is None:
        return on
    recorded = date.fromisoformat(found[0][: len("2019-12-10")])
    latest = recorded + timedelta(1) if recorded < date.max else recorded
    return min(on, date(latest.year, 12, 31))


def undated(connection: AnyConnection, scope: Scope, cutoffs: Cutoffs, on: date) -> int:
    """Count the statements up to a day that `published_by` leaves out because none of their evidence is dated."""
    if cutoffs.published_by is None:
        return 0
    shape, values = shape_and_values(scope, cutoffs, on)
    ((number,),) = _undated(shape).rows(connection, values)
    first = _undated(shape, listed=True).rows(connection, values) if number else ()
    return UndatedCount(int(number), tuple(position for (position,) in first))


_LISTED = 3
"""How many of the statements that are left out are named."""


@cache
def _undated(shape: Shape, *, listed: bool = False) -> CompiledQuery:
    known_at = KNOWN_AT if shape.known_at else None
    rows: Select[Any] = select(statement.c.position if listed else func.count()).select_from(statement)
    if shape.parties or shape.issues:
        chosen = pairs_in(shape).subquery()
        rows = rows.join(chosen, chosen.c.id == statement.c.pair)
    if known_at is not None:  # by index: undated today, or with evidence that changed since
        rows = rows.where(or_(statement.c.public_on.is_(None), statement.c.evidence_at > known_at))
    otherwise = visible(statement, shape._replace(published_by=False))
    undated = public_on(statement, known_at).is_(None)
    rows = rows.where(otherwise, statement.c.effective_on <= ON, undated)
    return CompiledQuery(rows.order_by(statement.c.position).limit(_LISTED) if listed else rows)


_RECORDED = CompiledQuery(
    select(log.c.recorded_at).where(log.c.position <= KNOWN_AT).order_by(log.c.position.desc()).limit(1)
)

"""Read what is in effect on a day beside positions, and the days of sources, without event models."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, and_, or_, select, text

from tracker.domain.log.kind_registry import (
    ISSUE_CLOSED,
    ISSUE_OPENED,
    ISSUE_REOPENED,
    ISSUE_REWORDED,
    MILESTONE_NOTED,
    PARTY_SUCCEEDED,
    SOURCE_REGISTERED,
    kind_of,
)
from tracker.domain.terms.scope import Cutoffs
from tracker.domain.terms.vocabulary import IssueForm, MilestoneCategory
from tracker.domain.timeline.circumstances import Circumstances, Fact, circumstances
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list, parameter
from tracker.storage.projections.counting import counts, stored_lines
from tracker.storage.queries.filters import KNOWN_AT, ON
from tracker.storage.queries.statement_cache import read_stored
from tracker.storage.schema import MORE_THAN_A_QUESTION, fact


def circumstances_on(connection: AnyConnection, cutoffs: Cutoffs, on: date) -> Circumstances:
    """Return what holds beside positions on a day (inclusive), as known and public at the cut-offs."""
    values = {"on": on.isoformat(), "known_at": cutoffs.known_at}
    known_at = cutoffs.known_at is not None
    facts = [_fact(*row) for row in _happened(known_at=known_at).rows(connection, values)]
    reworded = sorted({found.data["issue"] for found in facts if found.kind.name == ISSUE_REWORDED})
    facts += [_fact(*row) for row in _opened(known_at=known_at).rows_in(connection, "issues", reworded, **values)]
    facts += [_fact(*row) for row in _special(known_at=known_at).rows(connection, values)]
    days: dict[str, date] = {}
    if cutoffs.published_by is not None:
        cited = {str(found.data["source"]) for found in facts if found.data.get("source") is not None}
        days = source_days(connection, cited, known_at=cutoffs.known_at)
    return circumstances(facts, on, days, cutoffs.published_by)


def wordings_of(connection: AnyConnection, issue: str, *, up_to: date) -> Circumstances:
    """Return the wordings of one issue's question up to a day (inclusive), without anything else."""
    values = {"on": up_to.isoformat(), "issue": issue}
    reworded = [_fact(*row) for row in _REWORDED.rows(connection, values)]
    if not reworded:
        return Circumstances()
    opened = [_fact(*row) for row in _opened(known_at=False).rows_in(connection, "issues", [issue])]
    return circumstances([*opened, *reworded], up_to, {})


def source_days(connection: AnyConnection, sources: Iterable[str], *, known_at: int | None) -> dict[str, date]:
    """Return the publication days of the dated ones of these sources, as known at a position (None is today)."""
    rows = _registered(known_at=known_at is not None).rows_in(connection, "sources", sorted(sources), known_at=known_at)
    days: dict[str, str | None] = dict(rows)  # by descending rank, so that the first registration holds
    return {source: date.fromisoformat(day) for source, day in days.items() if day is not None}


def _fact(line: str, rank: int, first_type: str) -> Fact:
    return Fact(kind_of(first_type), rank, read_stored(line, first_type)[1])


_REWORDED = CompiledQuery(
    stored_lines(fact)
    .where(
        fact.c.family == ISSUE_REWORDED, fact.c.key == parameter(fact.c.key, "issue"), fact.c.day <= ON, counts(fact)
    )
    .order_by(fact.c.rank)
)


@cache
def _happened(*, known_at: bool) -> CompiledQuery:
    governments = and_(fact.c.family == MILESTONE_NOTED, fact.c.key == MilestoneCategory.GOVERNMENT.value)
    which = or_(*(fact.c.family == kind for kind in _KINDS), governments)
    wanted = which, fact.c.day <= ON, _counts(known_at=known_at)
    return CompiledQuery(stored_lines(fact).where(*wanted).order_by(fact.c.rank))


@cache
def _opened(*, known_at: bool) -> CompiledQuery:
    wanted = fact.c.family == ISSUE_OPENED, in_list(fact.c.key, name="issues"), _counts(known_at=known_at)
    return CompiledQuery(stored_lines(fact).where(*wanted).order_by(fact.c.rank))


@cache
def _special(*, known_at: bool) -> CompiledQuery:
    """Select the openings of issues that are more than a question, and those of the options of choices."""
    choice, option = fact.alias("choice"), fact.alias("option")
    below = (
        select(option.c.position)
        .join_from(choice, option, option.c.key > choice.c.key.concat("/"))
        .where(option.c.key < choice.c.key.concat("0"))
        .where(choice.c.form == IssueForm.CHOICE.value, option.c.family == ISSUE_OPENED)
    )
    wanted = or_(_MORE_THAN_A_QUESTION, fact.c.position.in_(below)), _counts(known_at=known_at)
    return CompiledQuery(stored_lines(fact).where(*wanted).order_by(fact.c.rank))


@cache
def _registered(*, known_at: bool) -> CompiledQuery:
    wanted = fact.c.family == SOURCE_REGISTERED, in_list(fact.c.key, name="sources"), _counts(known_at=known_at)
    return CompiledQuery(select(fact.c.key, fact.c.day).where(*wanted).order_by(fact.c.rank.desc()))


_KINDS = (ISSUE_CLOSED, ISSUE_REOPENED, ISSUE_REWORDED, PARTY_SUCCEEDED)
_MORE_THAN_A_QUESTION = text(f"fact.{MORE_THAN_A_QUESTION}")


def _counts(*, known_at: bool) -> ColumnElement[bool]:
    return counts(fact, KNOWN_AT if known_at else None)

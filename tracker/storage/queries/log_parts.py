"""Select the part of the log that bears on a query, for the domain to replay instead of the whole log."""

from collections.abc import Iterable
from datetime import date

import orjson
from sqlalchemy import ColumnElement, Connection, false, func, literal, or_, select, true, union_all

from tracker.domain.log.entries import Entry, entry_of
from tracker.domain.log.kind_registry import SOURCE_REGISTERED, Register, kinds_in
from tracker.domain.report.learned import EarlierCut
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.storage.backends.compiled_query import CompiledQuery, Rows, in_list
from tracker.storage.projections.counting import of_rank
from tracker.storage.projections.publication import public_on
from tracker.storage.queries.filters import pairs_in, shape_and_values
from tracker.storage.schema import corroboration, fact, log, pair, statement


def find_ranks_of_pair(connection: Connection, issue: str, party: str) -> set[int]:
    """Return the ranks of all statements and withdrawals ever recorded of a pair, corrected and retracted ones too."""
    pair_ids = select(pair.c.id).where(pair.c.issue == issue, pair.c.party == party)
    return set(connection.scalars(select(statement.c.rank).where(statement.c.pair == pair_ids.scalar_subquery())))


def find_revised_ranks(connection: Connection, *, after: date, up_to: date) -> set[int]:
    """Return the ranks of revised statements of which a version took effect after a day and up to another."""
    revised = or_(statement.c.ended_at.is_not(None), statement.c.position != statement.c.rank)
    between = (statement.c.effective_on > after.isoformat(), statement.c.effective_on <= up_to.isoformat())
    return set(connection.scalars(select(statement.c.rank).where(*between, revised)))


def find_revised_ranks_in(connection: Connection, scope: Scope, cutoffs: Cutoffs, *, up_to: date) -> set[int]:
    """Return the ranks of revised statements of which a version is of a pair in scope and took effect up to a day."""
    revised = or_(statement.c.ended_at.is_not(None), statement.c.position != statement.c.rank)
    shape, values = shape_and_values(scope, cutoffs, up_to)
    pairs = statement.c.pair.in_(pairs_in(shape).with_only_columns(pair.c.id))
    return set(
        connection.scalars(
            select(statement.c.rank).where(pairs, revised, statement.c.effective_on <= up_to.isoformat()), values
        )
    )


def find_revised_facts(connection: Connection, families: Iterable[str], *, after: date, up_to: date) -> set[int]:
    """Return the ranks of revised facts of these kinds of which a version is of a day after one and up to another."""
    revised = or_(fact.c.ended_at.is_not(None), fact.c.position != fact.c.rank)
    between = (fact.c.day > after.isoformat(), fact.c.day <= up_to.isoformat())
    return set(connection.scalars(select(fact.c.rank).where(fact.c.family.in_(list(families)), *between, revised)))


def find_ranks_revised_since(connection: Connection, *, since: int, until: int, up_to: date) -> set[int]:
    """Return the ranks of statements, effective up to a day, of which a version was revised between two positions."""
    ended = statement.c.ended_at > since, statement.c.ended_at <= until
    return set(
        connection.scalars(select(statement.c.rank).where(*ended, statement.c.effective_on <= up_to.isoformat()))
    )


def find_facts_revised_since(
    connection: Connection, families: Iterable[str], *, since: int, until: int, up_to: date
) -> set[int]:
    """Return the ranks of facts of these kinds, of days up to one, of which a version was so revised."""
    ended = fact.c.ended_at > since, fact.c.ended_at <= until
    of_kinds = fact.c.family.in_(list(families)), fact.c.day <= up_to.isoformat()
    return set(connection.scalars(select(fact.c.rank).where(*ended, *of_kinds)))


def find_late_ranks(connection: Connection, scope: Scope, cutoffs: Cutoffs, earlier: EarlierCut) -> set[int]:
    """Return the ranks of statements in scope and within an earlier report's days that changed after it.

    These are the statements that an entry after it touched, and those that became public since.
    """
    since = earlier.known_at
    own = select(statement.c.rank)
    corroborated = select(corroboration.c.statement_rank)
    touched = [
        own.where(statement.c.position > since),
        own.where(statement.c.ended_at > since),
        corroborated.where(corroboration.c.position > since),
        corroborated.where(corroboration.c.ended_at > since),
    ]
    revised = select(fact.c.key).where(fact.c.family == SOURCE_REGISTERED, fact.c.ended_at > since)
    if sources := connection.scalars(revised.distinct()).all():
        touched += [own.where(statement.c.source.in_(sources)), corroborated.where(corroboration.c.source.in_(sources))]
    if earlier.published_by is not None:
        public = public_on(statement, literal(since)) <= literal(earlier.published_by.isoformat())
        now: ColumnElement[bool] = true()
        if cutoffs.published_by is not None:
            known_at = None if cutoffs.known_at is None else literal(cutoffs.known_at)
            now = public_on(statement, known_at) <= literal(cutoffs.published_by.isoformat())
        touched.append(own.where(~func.coalesce(public, false()), now))
    found = union_all(*touched).subquery()
    shape, values = shape_and_values(scope, cutoffs, earlier.up_to)
    changed = select(statement.c.rank).where(
        of_rank(statement, lambda rank: rank.in_(select(found.c[0]))),
        statement.c.effective_on <= earlier.up_to.isoformat(),
        statement.c.pair.in_(pairs_in(shape).with_only_columns(pair.c.id)),
    )
    return set(connection.scalars(changed.distinct(), values))


def find_late_facts(connection: Connection, families: Iterable[str], earlier: EarlierCut) -> set[int]:
    """Return the ranks of facts of these kinds that were recorded, corrected or retracted after an earlier report.

    If that one had a cut-off on the published clock, those of its days too: they may be public since.
    """
    touched = [fact.c.position > earlier.known_at, fact.c.ended_at > earlier.known_at]
    if earlier.published_by is not None:
        touched.append(fact.c.day <= earlier.up_to.isoformat())
    return set(connection.scalars(select(fact.c.rank).where(fact.c.family.in_(list(families)), or_(*touched))))


def read_log_part(
    connection: Connection,
    *,
    statements: Iterable[int] = (),
    facts: Iterable[int] = (),
    issue: str | None = None,
    up_to: int | None = None,
) -> list[Entry]:
    """Return the part of the log about some statements, in order: enough to replay them.

    It holds every version of the statements and of their corroborations, their corrections and retractions; likewise
    the facts with the ranks `facts`, and every fact about an issue; and the registrations of the sources that all these
    cite. With `up_to`, only up to that position.
    """
    ranks = sorted(statements)
    citing = [row for query in (_STATEMENTS, _CORROBORATIONS) for row in query.rows_in(connection, "ranks", ranks)]
    sources = {source for *_, source in citing if source is not None}
    chains = set(facts)
    if issue is not None:
        about = fact.c.family.in_(kinds_in(Register.ISSUE))
        of_issue = select(fact.c.rank).where(about, fact.c.key == issue)
        chains |= set(connection.scalars(of_issue))  # by rank: a correction may be about another issue than its target
    rows = [*citing, *_FACTS.rows_in(connection, "ranks", sorted(chains))]
    sources |= _cited_by(connection, rows[len(citing) :])
    rows += _REGISTRATIONS.rows_in(connection, "sources", sorted(sources))
    positions = {position for row in rows for position in row[:2] if position is not None}
    wanted = sorted(position for position in positions if up_to is None or position <= up_to)
    return [entry_of(line) for (line,) in _LINES.rows_in(connection, "positions", wanted)]


def entries_at(connection: Connection, positions: Iterable[int]) -> list[Entry]:
    """Return the entries at these log positions, in order."""
    return [entry_of(line) for (line,) in _LINES.rows_in(connection, "positions", sorted(positions))]


def _cited_by(connection: Connection, facts: Rows) -> set[str]:
    """Return the sources that versions of facts cite: no projection keeps these."""
    lines = _LINES.rows_in(connection, "positions", sorted(position for position, _ in facts))
    said = (orjson.loads(line)["data"] for (line,) in lines)
    return {data["source"] for one in said if (data := one.get("replacement", one)).get("source") is not None}


_STATEMENTS = CompiledQuery(
    select(statement.c.position, statement.c.ended_at, statement.c.source).where(
        of_rank(statement, lambda rank: in_list(rank, name="ranks"))
    )
)
_CORROBORATIONS = CompiledQuery(
    select(corroboration.c.position, corroboration.c.ended_at, corroboration.c.source).where(
        in_list(corroboration.c.statement_rank, name="ranks")
    )
)
_REGISTRATIONS = CompiledQuery(
    select(fact.c.position, fact.c.ended_at).where(
        fact.c.family == SOURCE_REGISTERED, in_list(fact.c.key, name="sources")
    )
)
_FACTS = CompiledQuery(
    select(fact.c.position, fact.c.ended_at).where(of_rank(fact, lambda rank: in_list(rank, name="ranks")))
)
_LINES = CompiledQuery(select(log.c.line).where(in_list(log.c.position, name="positions")).order_by(log.c.position))

"""Find the entries that hold the words of a search, by the full-text index."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tracker.domain.answers.search import Search, SearchHit, SearchTerm, SearchTerms, find_passage, ranked_terms
from tracker.domain.log.kinds import SOURCE_REGISTERED, kind_of
from tracker.domain.log.texts import texts_of
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.terms.vocabulary import Attribution, attribution_of
from tracker.domain.timeline.statement import Statement
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.projections.counting import counts, of_rank, root
from tracker.storage.projections.publication import published_on
from tracker.storage.queries.filters import (
    KNOWN_AT,
    ON,
    PUBLISHED_BY,
    Shape,
    in_issues,
    pairs_in,
    shape_and_values,
    undated,
    visible,
)
from tracker.storage.queries.statement_cache import StatementCache, read_stored
from tracker.storage.schema import corroboration, entry_words, fact, log, pair, statement


def find(
    connection: AnyConnection,
    cached: StatementCache,
    terms: SearchTerms,
    scope: Scope,
    cutoffs: Cutoffs,
    *,
    up_to: date,
    limit: int,
) -> Search:
    """Return the best hits up to a day (inclusive). Filters by party or attribution leave issues and sources out."""
    shape, values = shape_and_values(scope, cutoffs, up_to)
    found: dict[int, int | None] = {}
    for better in ranked_terms(terms):
        if len(found) <= limit:
            rows = _found(connection.dialect.name, shape).rows(
                connection, {**values, **_match(better), "limit": limit + 1}
            )
            found |= {position: about for position, about in rows if position not in found}
    positions = list(found)[:limit]
    hits = _hits(connection, cached, {position: found[position] for position in positions}, terms)
    left_out = undated(connection, scope, cutoffs, up_to)
    return Search(tuple(hits[position] for position in positions), len(found) > limit, left_out)


# --- the hits -------------------------------------------------------------------------------------


class _HitEntry(NamedTuple):
    position: int
    kind: str
    event_id: str
    data: Mapping[str, Any]


def _hits(
    connection: AnyConnection, cached: StatementCache, found: Mapping[int, int | None], terms: SearchTerms
) -> dict[int, SearchHit]:
    """Read the entries at these positions, each with the position of the statement that it is or is about, if any."""
    statements = cached.at(connection, [about for about in found.values() if about is not None])
    hits = {}
    for position, line, first_type in _LINES.rows_in(connection, "positions", sorted(found)):
        kind, (event_id, data) = kind_of(first_type), read_stored(line, first_type, position)
        stored = _HitEntry(position, _KINDS[kind.name], event_id, data)
        passage = find_passage(terms, texts_of(kind, data))
        about = found[position]
        hits[position] = _registered(stored, *passage) if about is None else _said(stored, statements[about], *passage)
    return hits


_KINDS = {
    "position.stated": "statement",
    "position.withdrawn": "statement",
    "statement.corroborated": "corroboration",
    "issue.opened": "issue",
    "issue.reworded": "issue",
    SOURCE_REGISTERED: "source",
}
"""The words for the kinds of entries that a search finds."""


def _said(stored: _HitEntry, about: Statement, found_in: str, passage: str) -> SearchHit:
    data, is_own = stored.data, stored.position == about.position
    quote = data.get("quote")
    return SearchHit(
        kind=stored.kind,
        party=about.party,
        issue=about.issue,
        on=about.on,
        stated_on=about.stated_on,
        value=about.value,
        event_id=stored.event_id,
        summary=about.summary,
        quote=quote["exact"] if isinstance(quote, dict) else quote,
        source=data.get("source"),
        speaker=about.speaker if is_own else None,
        attribution=about.attribution if is_own else Attribution(attribution_of(data.get("attribution"), quote)),
        found_in=found_in,
        passage=passage,
        position=stored.position,
    )


def _registered(stored: _HitEntry, found_in: str, passage: str) -> SearchHit:
    data = stored.data
    day = data.get("on") or data.get("published_on")
    return SearchHit(
        kind=stored.kind,
        party=None,
        issue=data.get("issue"),
        on=None if day is None else date.fromisoformat(day),
        stated_on=None,
        value=None,
        event_id=stored.event_id,
        summary=data.get("title") or data["question"],
        quote=None,
        source=data.get("source"),
        speaker=None,
        attribution=None,
        found_in=found_in,
        passage=passage,
        position=stored.position,
    )


# --- the query ------------------------------------------------------------------------------------


def _match(terms: SearchTerms) -> dict[str, Any]:
    """Return the parameters of the index: FTS5's expression, and PostgreSQL's with the patterns of phrases."""
    return {
        "fts5": " AND ".join(f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}' for term in terms),
        "tsquery": " & ".join(word for term in terms for word in _lexemes(term)),
        "patterns": [
            f"% {' '.join(term.words)}{'' if term.is_prefix else ' '}%" for term in terms if len(term.words) > 1
        ],
    }


def _lexemes(term: SearchTerm) -> Iterator[str]:
    last = len(term.words) - 1
    return (f"'{word}'{':*' if term.is_prefix and at == last else ''}" for at, word in enumerate(term.words))


class _matches_words(FunctionElement[bool]):
    """The condition that a row of `entry_words` holds all terms: lexemes by its GIN index, phrases by its words."""

    inherit_cache = True

    def __init__(self) -> None:
        super().__init__(entry_words.c.words, bindparam("tsquery"), bindparam("patterns"))


@compiles(_matches_words)
def _render(element: _matches_words, compiler: Any, **options: Any) -> str:
    words, query, patterns = (compiler.process(part, **options) for part in element.clauses)
    lexemes = f"array_to_tsvector(string_to_array({words}, ' ')) @@ CAST(CAST({query} AS text) AS tsquery)"
    return f"({lexemes} AND ' ' || {words} || ' ' LIKE ALL (CAST({patterns} AS text[])))"


def _matching(dialect: str) -> Select[Any]:
    """Select the positions of the entries with the words."""
    if dialect == "sqlite":
        index = table("word_index", column("rowid", Integer))
        return select(index.c.rowid.label("position")).where(
            literal_column("word_index").op("MATCH")(bindparam("fts5"))
        )
    return select(entry_words.c.position).where(_matches_words())


@cache
def _found(dialect: str, shape: Shape) -> CompiledQuery:
    """Select the newest matching entries that are visible, each with the statement that it is or is about, if any."""
    matching = _matching(dialect).subquery("matching")
    own, about = statement.alias("own"), statement.alias("about")
    known_at = KNOWN_AT if shape.known_at else None
    corroborates = [corroboration.c.position == matching.c.position, counts(corroboration, known_at)]
    if shape.published_by:
        corroborates.append(published_on(corroboration.c.source, known_at) <= PUBLISHED_BY)
    of_statement = of_rank(about, lambda rank: rank == corroboration.c.statement_rank)
    position = func.coalesce(own.c.position, about.c.position)
    rows = (
        select(matching.c.position, position)
        .select_from(matching)
        .outerjoin(own, and_(own.c.position == matching.c.position, _in_scope(own, shape)))
        .outerjoin(corroboration, and_(*corroborates))
        .outerjoin(about, and_(of_statement, _in_scope(about, shape)))
    )
    is_shown: ColumnElement[bool] = position.is_not(None)
    if not (shape.parties or shape.attributions):  # issues and sources are of no party, and nobody says them
        registered = and_(fact.c.position == matching.c.position, *_registered_in(shape, known_at))
        rows, is_shown = rows.outerjoin(fact, registered), or_(is_shown, fact.c.position.is_not(None))
    rows = rows.where(is_shown).order_by(matching.c.position.desc())
    return CompiledQuery(rows.limit(bindparam("limit", type_=Integer)))


def _in_scope(version: FromClause, shape: Shape) -> ColumnElement[bool]:
    """Return the condition that a version of a statement is visible, in effect by the day, and of a pair in scope."""
    wanted = [visible(version, shape), version.c.effective_on <= ON]
    if shape.parties or shape.issues:
        wanted.append(pairs_in(shape).where(pair.c.id == version.c.pair).exists())
    return and_(*wanted)


def _registered_in(shape: Shape, known_at: ColumnElement[int] | None) -> list[ColumnElement[bool]]:
    """Return the conditions of issues and sources."""
    wanted = [counts(fact, known_at), or_(fact.c.day.is_(None), fact.c.day <= ON)]
    if shape.issues:
        wanted += [fact.c.family != SOURCE_REGISTERED, in_issues(fact.c.key, shape)]
    if shape.published_by:
        is_opening = and_(fact.c.family != SOURCE_REGISTERED, fact.c.day.is_(None))
        wanted.append(or_(is_opening, fact.c.day <= PUBLISHED_BY))
    return wanted


_rank = func.coalesce(statement.c.rank, corroboration.c.rank, fact.c.rank)
_LINES = CompiledQuery(
    select(log.c.position, log.c.line, root.c.type)
    .outerjoin_from(log, statement, statement.c.position == log.c.position)
    .outerjoin(corroboration, corroboration.c.position == log.c.position)
    .outerjoin(fact, fact.c.position == log.c.position)
    .join(root, root.c.position == _rank)
    .where(in_list(log.c.position, name="positions"))
    .order_by(log.c.position)
)

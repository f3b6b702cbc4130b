"""Find the entries that hold the words of a search, by the full-text index."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tracker.domain.answers.search import Search, SearchHit, SearchTerm, SearchTerms, find_passage, ranked_terms
from tracker.domain.log.chain import LogHead
from tracker.domain.log.kind_registry import SOURCE_REGISTERED, EventKind, kind_of
from tracker.domain.terms.scope import Cutoffs, Listing, Scope
from tracker.domain.terms.vocabulary import Attribution, attribution_of
from tracker.domain.terms.words import searched_words
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.listed import shows_statement
from tracker.domain.timeline.statement import EVIDENCE_FIELDS, Statement, words_of_quote
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.projections.counting import counts, of_rank, root
from tracker.storage.projections.publication import published_on
from tracker.storage.queries.circumstances import circumstances_on
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
from tracker.storage.queries.public_statements import statements_at
from tracker.storage.queries.statement_cache import StatementCache, read_stored
from tracker.storage.schema import corroboration, entry_words, fact, log, pair, statement


def find(
    connection: AnyConnection,
    cached: StatementCache,
    terms: SearchTerms,
    scope: Scope,
    cutoffs: Cutoffs,
    head: LogHead,
    listing: Listing,
    *,
    up_to: date,
    worded_on: date,
    limit: int,
) -> Search:
    """Return the best hits up to a day (inclusive), marked by the wordings of another.

    Filters by party, attribution or what is said leave issues and sources out. `head` is the log position at the
    cut-offs.
    """
    shape, values = shape_and_values(scope, cutoffs, up_to)
    found: dict[int, _Match] = {}
    read = partial(statements_at, connection, cached, shape=shape, values=values)
    for better in ranked_terms(terms):
        if len(found) <= limit:
            number = _ALL if listing else limit + 1
            rows = _best(connection, shape, {**values, **_match(better)}, better, number)
            found |= {row.position: row for row in rows if row.position not in found}
    if listing:
        told = read([match.about for match in found.values() if match.about is not None])
        listed = {at for at, one in told.items() if shows_statement(listing, one)}
        found = {at: match for at, match in found.items() if match.about in listed}
    hits: list[SearchHit] = []
    around = circumstances_on(connection, cutoffs, worded_on)
    best = islice(found.values(), limit)
    while matches := {match.position: match for match in islice(best, _AT_ONCE)}:
        statements = read([match.about for match in matches.values() if match.about is not None])
        read_hits = _hits(connection, matches, statements, terms, around)
        hits += map(read_hits.__getitem__, matches)
    left_out = undated(connection, scope, cutoffs, up_to)
    return Search(head, tuple(hits), len(found) > limit, left_out)


_AT_ONCE = 1_000
"""How many hits are read at once: their lines and statements take more memory than the hits."""
_ALL = 2**31 - 1
"""How many matches are read where a listing, for which there is no index, takes some of them."""


class _Match(NamedTuple):
    """An entry with the words, and the statement that it is or is about, if any.

    Of a statement `with_late_source`, the query's day of publication lets through what another source carried.
    """

    position: int
    about: int | None
    with_late_source: bool


def _best(
    connection: AnyConnection, shape: Shape, values: Mapping[str, Any], terms: SearchTerms, number: int
) -> list[_Match]:
    """Return the newest matches, so many at most, without statements whose public words do not match."""
    limit, matches = number, _found(connection.dialect.name, shape)
    while True:
        rows = list(map(_Match._make, matches.rows(connection, {**values, "limit": limit})))
        late = [row.position for row in rows if row.with_late_source]
        hidden = {stored.position for stored in _read(connection, late) if not _matches_in_public(terms, stored)}
        shown = [row for row in rows if row.position not in hidden]
        if len(shown) >= number or len(rows) < limit:
            return shown[:number]
        limit *= 4


def _matches_in_public(terms: SearchTerms, stored: "_HitEntry") -> bool:
    words = searched_words(text for _, text in _texts(stored, in_public=True))
    return all(term.occurs_in(words) for term in terms)


# --- the hits -------------------------------------------------------------------------------------


class _HitEntry(NamedTuple):
    position: int
    kind: EventKind
    event_id: str
    data: Mapping[str, Any]


def _read(connection: AnyConnection, positions: Iterable[int]) -> Iterator[_HitEntry]:
    for position, line, first_type in _LINES.rows_in(connection, "positions", sorted(positions)):
        yield _HitEntry(position, kind_of(first_type), *read_stored(line, first_type, position))


def _hits(
    connection: AnyConnection,
    found: Mapping[int, _Match],
    statements: Mapping[int, Statement],
    terms: SearchTerms,
    around: Circumstances,
) -> dict[int, SearchHit]:
    """Read the entries that match, by position."""
    hits = {}
    for stored in _read(connection, found):
        match = found[stored.position]
        passage = find_passage(terms, _texts(stored, in_public=match.with_late_source))
        about = None if match.about is None else statements[match.about]
        if about is None:
            hits[stored.position] = _registered(stored, *passage)
        else:
            is_reworded, unit = around.is_reworded(about.issue, about.on), around.unit_of(about.issue)
            hits[stored.position] = _said(stored, about, *passage)._replace(reworded=is_reworded, unit=unit)
    return hits


def _texts(stored: _HitEntry, *, in_public: bool) -> list[tuple[str, str]]:
    """Return an entry's texts; `in_public` those of a statement that another source carried before its own."""
    texts = stored.kind.texts_in(stored.data)
    return [(field, text) for field, text in texts if not (in_public and field in EVIDENCE_FIELDS)]


def _said(stored: _HitEntry, about: Statement, found_in: str, passage: str) -> SearchHit:
    data, is_own = stored.data, stored.position == about.position
    quote = data.get("quote")
    return SearchHit(
        kind=stored.kind.subject,
        party=about.party,
        issue=about.issue,
        on=about.on,
        stated_on=about.stated_on,
        value=about.value,
        event_id=stored.event_id,
        summary=about.summary,
        quote=about.quote if is_own else words_of_quote(quote),
        source=about.source if is_own else data.get("source"),
        speaker=about.speaker if is_own else None,
        attribution=about.attribution if is_own else Attribution(attribution_of(data.get("attribution"), quote)),
        found_in=found_in,
        passage=passage,
        position=stored.position,
        standing=about.standing if is_own else None,
        on_behalf_of=about.on_behalf_of if is_own else (),
        ascribed_by=about.ascribed_by if is_own else None,
        statement=about if is_own else None,
    )


def _registered(stored: _HitEntry, found_in: str, passage: str) -> SearchHit:
    kind, data = stored.kind, stored.data
    day = data.get(kind.day) if kind.day else None
    return SearchHit(
        kind=kind.subject,
        party=data.get("party"),
        issue=data.get("issue"),
        on=None if day is None else date.fromisoformat(day),
        stated_on=None,
        value=None,
        event_id=stored.event_id,
        summary=next(text for _, text in kind.texts_in(data)),
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
    has_late_source: ColumnElement[bool] = false()
    if shape.published_by:
        public_late = func.coalesce(published_on(own.c.source, known_at) > PUBLISHED_BY, true())
        has_late_source = and_(own.c.position.is_not(None), public_late)
    rows = (
        select(matching.c.position, position, has_late_source)
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

"""Read the versions of entries from the projections: those that count at a cut-off, and chains of corrections."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, true

from tracker.domain.log.entries import Entry, entry_of
from tracker.domain.log.events import Event, PositionEvent
from tracker.domain.log.log_view import LocatedEntry
from tracker.domain.terms.scope import Cutoffs
from tracker.domain.timeline.counting import Version, event_in_effect
from tracker.domain.timeline.publication import public_facts
from tracker.errors import UnknownEntry
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, Rows, in_list, parameter
from tracker.storage.projections.counting import counts, of_rank, root, stored_lines
from tracker.storage.projections.rows import TABLES
from tracker.storage.queries.circumstances import source_days
from tracker.storage.schema import corroboration, fact, log, statement


def locate_entries(
    connection: AnyConnection, ids: Sequence[str], *, known_at: int | None = None
) -> Iterator[LocatedEntry]:
    """Yield the entries with these ids, each in its chain of corrections as of a log position (today by default)."""
    found = chains(connection, ids)
    ends = (ended_at for *_, ended_at, _ in found if ended_at is not None)
    ended = [end for end in ends if known_at is None or end <= known_at]
    ended_by = {
        position: (event_id, type_name)
        for position, event_id, type_name in _IDS_AND_TYPES.rows_in(connection, "positions", ended)
    }
    for _, _, line, rank, ended_at, first_type in found:
        entry = entry_of(line)
        yield LocatedEntry(entry, rank, event_in_effect(entry, first_type), first_type, ended_by.get(ended_at))


def locate_entry(connection: Connection, event_id: str, *, known_at: int | None = None) -> LocatedEntry:
    """Return the entry with this id. Raises UnknownEntry."""
    found = next(locate_entries(connection, [event_id], known_at=known_at), None)
    if found is None:
        raise UnknownEntry(event_id)
    return found


def chains(connection: AnyConnection, ids: Sequence[str]) -> Rows:
    """Return the entries with these ids: id, position, line, rank, end, and the type of the chain's first entry."""
    return _CHAINS.rows_in(connection, "ids", ids)


_rank = func.coalesce(statement.c.rank, corroboration.c.rank, fact.c.rank, log.c.position)
_ended_at = func.coalesce(statement.c.ended_at, corroboration.c.ended_at, fact.c.ended_at)
_CHAINS = CompiledQuery(
    select(log.c.id, log.c.position, log.c.line, _rank, _ended_at, func.coalesce(root.c.type, log.c.type))
    .outerjoin_from(log, statement, statement.c.position == log.c.position)
    .outerjoin(corroboration, corroboration.c.position == log.c.position)
    .outerjoin(fact, fact.c.position == log.c.position)
    .outerjoin(root, root.c.position == _rank)
    .where(in_list(log.c.id, name="ids"))
    .order_by(log.c.position)
)
_IDS_AND_TYPES = CompiledQuery(
    select(log.c.position, log.c.id, log.c.type).where(in_list(log.c.position, name="positions"))
)


def counting_facts(
    connection: AnyConnection,
    families: Sequence[str],
    *,
    known_at: int | None = None,
    key: str | None = None,
    after: date = date.min,
    up_to: date | None = None,
) -> list[Version]:
    """Return the counting facts of these kinds (only about `key`, or after a day and up to another), by rank."""
    values = {"families": list(families), "known_at": known_at, "key": key, "after": after.isoformat()}
    values["up_to"] = up_to.isoformat() if up_to else None
    statement = _facts(known_at=known_at is not None, key=key is not None, days=up_to is not None)
    return [version_of(*row) for row in statement.rows(connection, values)]


class RecordedVersion(NamedTuple):
    """A version of an entry that was recorded once: its entry, its content, and its chain's rank."""

    entry: Entry
    event: Event
    rank: int
    counts: bool


def recorded_facts(connection: AnyConnection, families: Sequence[str]) -> list[RecordedVersion]:
    """Return every version of every fact of these kinds, also those that no longer count, in log order."""
    return recorded_versions(_RECORDED_FACTS.rows_in(connection, "families", families))


def recorded_versions(rows: Rows) -> list[RecordedVersion]:
    """Return the versions of rows of `stored_lines` with the position at which they stopped counting behind them."""
    found = ((version_of(line, rank, first_type), ended_at) for line, rank, first_type, ended_at, *_ in rows)
    return [RecordedVersion(one.entry, one.event, one.rank, ended_at is None) for one, ended_at in found]


_RECORDED_FACTS = CompiledQuery(
    stored_lines(fact)
    .add_columns(fact.c.ended_at)
    .where(in_list(fact.c.family, name="families"))
    .order_by(fact.c.position)
)


def public(connection: AnyConnection, facts: Sequence[Version], cutoffs: Cutoffs) -> Iterator[Version]:
    """Yield the facts with a day that were public at a query's cut-offs."""
    cited = {source for fact in facts if (source := getattr(fact.event, "source", None)) is not None}
    days = source_days(connection, cited, known_at=cutoffs.known_at) if cutoffs.published_by else {}
    return public_facts(facts, days, cutoffs.published_by)


@cache
def _facts(*, known_at: bool, key: bool, days: bool) -> CompiledQuery:
    at = parameter(fact.c.position, "known_at") if known_at else None
    wanted: list[ColumnElement[bool]] = [in_list(fact.c.family, name="families"), counts(fact, at)]
    if key:
        wanted.append(fact.c.key == parameter(fact.c.key))
    if days:
        first, last = (parameter(fact.c.day, name) for name in ("after", "up_to"))
        wanted += [fact.c.day > first, fact.c.day <= last]
    return CompiledQuery(stored_lines(fact).where(*wanted).order_by(fact.c.rank))


def counting_corroborations(
    connection: AnyConnection, of: LocatedEntry, *, known_at: int | None = None
) -> list[Version]:
    """Return the counting corroborations of a statement or withdrawal in any of its versions, by rank."""
    if not isinstance(of.event, PositionEvent):
        return []
    return corroborations_by_statement(connection, [of.rank], known_at=known_at)[of.rank]


def corroborations_by_statement(
    connection: AnyConnection, ranks: Sequence[int], *, known_at: int | None = None
) -> dict[int, list[Version]]:
    """Return the counting corroborations of statements and withdrawals of these ranks, by that rank, then their own."""
    found: dict[int, list[Version]] = {rank: [] for rank in ranks}
    values = {} if known_at is None else {"known_at": known_at}
    rows = _corroborations(known_at=known_at is not None).rows_in(connection, "ranks", ranks, **values)
    for *stored, statement_rank in rows:
        found[statement_rank].append(version_of(*stored))
    return found


@cache
def _corroborations(*, known_at: bool) -> CompiledQuery:
    at = parameter(corroboration.c.position, "known_at") if known_at else None
    return CompiledQuery(
        stored_lines(corroboration)
        .add_columns(corroboration.c.statement_rank)
        .where(in_list(corroboration.c.statement_rank, name="ranks"), counts(corroboration, at))
        .order_by(corroboration.c.rank)
    )


def chain(connection: Connection, located: LocatedEntry, *, known_at: int | None = None) -> Iterator[Entry]:
    """Yield the entries of a chain of corrections, from the first on; up to a log position, if one is given."""
    if located.event is None:
        return
    table = TABLES[located.event.event_kind.role]
    wanted = select(log.c.line).join_from(log, table, table.c.position == log.c.position)
    of_chain = of_rank(table, lambda rank: rank == located.rank)
    known = true() if known_at is None else log.c.position <= known_at
    for line in connection.scalars(wanted.where(of_chain, known).order_by(log.c.position)):
        yield entry_of(line)


def version_of(line: str, rank: int, first_type: str) -> Version:
    """Build the version from a row of `stored_lines`."""
    entry = entry_of(line)
    event = event_in_effect(entry, first_type)
    assert event is not None
    return Version(entry, event, rank)

"""Read which issues are registered, and the kinds of parties from their registrations, without event models."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import select

from tracker.domain.log.kind_registry import ISSUE_OPENED, REGISTRATIONS, Register
from tracker.domain.terms.vocabulary import PartyKind
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.projections.counting import counts, stored_lines
from tracker.storage.queries.filters import KNOWN_AT
from tracker.storage.queries.statement_cache import read_stored
from tracker.storage.schema import fact


def registered_issues(connection: AnyConnection, *, known_at: int | None) -> list[str]:
    """Return the paths of the issues registered at a log position (None is today), in order."""
    return [path for (path,) in _issues(known_at=known_at is not None).rows(connection, {"known_at": known_at})]


def kinds_of_parties(
    connection: AnyConnection, parties: Collection[str], *, known_at: int | None
) -> dict[str, PartyKind]:
    """Return the kinds of registered parties, as known at a log position (None is today).

    The first counting registration of a party holds.
    """
    query = _parties(known_at=known_at is not None)
    found: dict[str, PartyKind] = {}
    for line, _, first_type in query.rows_in(connection, "parties", sorted(parties), known_at=known_at):
        _, data = read_stored(line, first_type)
        found.setdefault(data["party"], PartyKind(data["kind"]))
    return found


@cache
def _issues(*, known_at: bool) -> CompiledQuery:
    counting = counts(fact, KNOWN_AT if known_at else None)
    return CompiledQuery(
        select(fact.c.key).where(fact.c.family == ISSUE_OPENED, counting).distinct().order_by(fact.c.key)
    )


@cache
def _parties(*, known_at: bool) -> CompiledQuery:
    registrations = fact.c.family == REGISTRATIONS[Register.PARTY], in_list(fact.c.key, name="parties")
    wanted = *registrations, counts(fact, KNOWN_AT if known_at else None)
    return CompiledQuery(stored_lines(fact).where(*wanted).order_by(fact.c.rank))

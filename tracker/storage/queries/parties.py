"""Read the kinds of parties from their registrations, without event models."""

from collections.abc import Collection
from functools import cache

from tracker.domain.log.kind_registry import REGISTRATIONS, Register
from tracker.domain.terms.vocabulary import PartyKind
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.projections.counting import counts, stored_lines
from tracker.storage.queries.filters import KNOWN_AT
from tracker.storage.queries.statement_cache import read_stored
from tracker.storage.schema import fact


def kinds_of_parties(
    connection: AnyConnection, parties: Collection[str], *, known_at: int | None
) -> dict[str, PartyKind]:
    """Return the kinds of registered parties, as known at a log position (None is today).

    The first counting registration of a party holds.
    """
    query = _registered(known_at=known_at is not None)
    found: dict[str, PartyKind] = {}
    for line, _, first_type in query.rows_in(connection, "parties", sorted(parties), known_at=known_at):
        _, data = read_stored(line, first_type)
        found.setdefault(data["party"], PartyKind(data["kind"]))
    return found


@cache
def _registered(*, known_at: bool) -> CompiledQuery:
    registrations = fact.c.family == REGISTRATIONS[Register.PARTY], in_list(fact.c.key, name="parties")
    wanted = *registrations, counts(fact, KNOWN_AT if known_at else None)
    return CompiledQuery(stored_lines(fact).where(*wanted).order_by(fact.c.rank))

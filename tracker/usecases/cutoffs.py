"""Parts that several answers need, each read within the transaction of one connection."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import Cutoffs, KnownAt, Query, Scope
from tracker.domain.timeline.statement import Statement
from tracker.storage.backends.compiled_query import AnyConnection
from tracker.storage.log import event_log
from tracker.storage.queries.stances import stances_on
from tracker.storage.queries.statement_cache import StatementCache


def cutoffs_of(connection: AnyConnection, query: Query) -> tuple[Cutoffs, LogHead]:
    """The cut-offs as a log position and a day, and the log's last entry at the cut."""
    position = position_of(connection, query.known_at) if query.known_at else None
    return Cutoffs(position, query.published_by), event_log.head(connection, at=position)


def position_of(connection: AnyConnection, known_at: KnownAt) -> int:
    """The log position of a cut-off on the recorded clock."""
    if known_at.position is not None:
        return known_at.position
    assert known_at.instant is not None
    return event_log.position_at(connection, known_at.instant)


def stances(
    connection: Connection, places: Iterable[tuple[str, str, date]]
) -> dict[tuple[str, str, date], Statement | None]:
    """The statement in effect for each issue, party and day, as on record now; None if there is none."""
    found = {}
    cache = StatementCache()  # of its own: a writer's entries may never be committed
    for issue, party, day in places:
        held = stances_on(connection, cache, Scope(frozenset({party})), Cutoffs(), day, issues=[issue])
        found[issue, party, day] = held.get((issue, party))
    return found

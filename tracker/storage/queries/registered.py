"""Read which issues are registered, without event models."""

from functools import cache

from sqlalchemy import select

from tracker.domain.log.kind_registry import ISSUE_OPENED
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery
from tracker.storage.projections.counting import counts
from tracker.storage.queries.filters import KNOWN_AT
from tracker.storage.schema import fact


def registered_issues(connection: AnyConnection, *, known_at: int | None) -> list[str]:
    """Return the paths of the issues registered at a log position (None is today), in order."""
    return [path for (path,) in _issues(known_at=known_at is not None).rows(connection, {"known_at": known_at})]


@cache
def _issues(*, known_at: bool) -> CompiledQuery:
    counting = counts(fact, KNOWN_AT if known_at else None)
    return CompiledQuery(
        select(fact.c.key).where(fact.c.family == ISSUE_OPENED, counting).distinct().order_by(fact.c.key)
    )

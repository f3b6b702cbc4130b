"""List asks and their answers, within one snapshot."""

from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.answers.asks import Ask, asks
from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import Query
from tracker.storage.backends.compiled_query import AnyConnection
from tracker.storage.queries import timelines
from tracker.storage.queries.filters import undated
from tracker.storage.queries.stances import closed_issues
from tracker.storage.queries.statement_cache import StatementCache
from tracker.usecases.cutoffs import cutoffs_of


@dataclass(frozen=True, slots=True)
class Asks:
    """The asks up to a day, the log position that they rest on, and how many statements `published_by` left out."""

    on: date
    log: LogHead
    asks: tuple[Ask, ...]
    left_out_undated: int


def asks_up_to(connection: AnyConnection, cache: StatementCache, day: date, query: Query) -> Asks:
    """The asks between parties up to a day (inclusive), each with its first answer."""
    cutoffs, head = cutoffs_of(connection, query)
    asking = timelines.find_asks(connection, cache, query.scope, cutoffs, up_to=day)
    find = timelines.find_answers(connection, cache, query.scope, cutoffs, up_to=day)
    found = asks(asking, find, query.scope, closed_issues(connection, cutoffs, day), day)
    everybody = replace(query.scope, parties=frozenset())
    return Asks(day, head, found, undated(connection, everybody, cutoffs, day))

"""Explain the stance of a pair on a day, within one snapshot."""

from datetime import date

from sqlalchemy import Connection

from tracker.domain.answers.explanation import Explanation, explain
from tracker.domain.terms.scope import Query
from tracker.domain.timeline.statement import Pair
from tracker.storage.queries import log_parts
from tracker.usecases.cutoffs import cutoffs_of


def explanation_of(connection: Connection, pair: Pair, day: date, query: Query) -> Explanation:
    """Every entry about a pair (issue, party), whether it counts, and the stance on a day (inclusive).

    Of the query's scope only the attributions matter.
    """
    cutoffs, head = cutoffs_of(connection, query)
    ranks = log_parts.find_ranks_of_pair(connection, *pair)
    entries = log_parts.read_log_part(connection, statements=ranks, issue=pair[0])
    return explain(
        entries,
        pair,
        on=day,
        cutoffs=cutoffs,
        attributions=query.scope.attributions,
        known_at=query.known_at.text if query.known_at else None,
        log=head,
    )

"""One read transaction, in which questions are answered."""

from datetime import date
from typing import NamedTuple

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import Cutoffs, KnownAt, Query
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.log import event_log
from tracker.storage.queries.statement_cache import StatementCache


class Reading(NamedTuple):
    """One transaction that reads, with the statements cached from its log and the present day (UTC)."""

    log: Transaction
    cache: StatementCache
    today: date

    def cutoffs_of(self, query: Query) -> tuple[Cutoffs, LogHead]:
        """The cut-offs as a log position and a day, and the log's last entry at the cut."""
        position = self.position_of(query.known_at) if query.known_at else None
        return Cutoffs(position, query.published_by), event_log.head(self.log, at=position)

    def position_of(self, known_at: KnownAt) -> int:
        """The log position of a cut-off on the recorded clock."""
        if known_at.position is not None:
            return known_at.position
        assert known_at.instant is not None
        return event_log.position_at(self.log, known_at.instant)

"""The evidence that was public by a day, for answers with a cut-off on the published clock (DESIGN section 4).

A statement may count because another source carried it before its own did. Then an answer shows that source and its
words: what nobody could read by the day, no answer may quote.
"""

from datetime import date

from tracker.domain.log.events import StatementCorroborated, quoted_words
from tracker.domain.timeline.replay import Replay, is_public, source_days
from tracker.domain.timeline.statement import Statement


class PublicEvidence:
    """The sources that were public by a day (None is any day), and the corroborations that rest on them."""

    def __init__(self, history: Replay, by: date | None) -> None:
        self._by = by
        self._days = source_days(history)
        found: dict[int, tuple[date, int, StatementCorroborated]] = {}
        for version in history.counting if by else ():
            event = version.event
            if isinstance(event, StatementCorroborated) and self.has(event.source):
                candidate = self._days[event.source], version.rank, event
                statement_rank = history.versions[event.target].rank
                found[statement_rank] = min(found.get(statement_rank, candidate), candidate, key=lambda one: one[:2])
        self._first = {rank: event for rank, (_, _, event) in found.items()}

    def has(self, source: str | None) -> bool:
        """Return whether a source was public by the day; what has no source was not."""
        return is_public(self._days.get(source) if source else None, self._by)

    def of(self, statement: Statement) -> Statement:
        """Return a statement with its evidence: its own or, if that was not public, that of the first public source."""
        if self.has(statement.source):
            return statement
        first = self._first.get(statement.rank)
        if first is None:
            return statement.with_evidence(None, None, None)
        return statement.with_evidence(first.source, quoted_words(first.quote), first.locator)

"""The timelines of pairs: their statements in order (DESIGN section 6)."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from tracker.domain.log.events import PositionEvent
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.counting import Replay
from tracker.domain.timeline.order import Timeline, in_order
from tracker.domain.timeline.publication import PublicEvidence, is_public, published_days
from tracker.domain.timeline.statement import Pair, Statement


class Timelines(NamedTuple):
    """The timelines of a query, by pair in order, and how many statements were left out as no dated source has them."""

    by_pair: Mapping[Pair, Timeline]
    undated: int = 0


def timelines(history: Replay, scope: Scope, *, up_to: date, published_by: date | None = None) -> Timelines:
    """Return the statements that took effect up to a day (inclusive), in scope and public by a day, by pair.

    Each has the evidence that was public by then.
    """
    published = {} if published_by is None else published_days(history)
    evidence = PublicEvidence(history, published_by)
    by_pair: dict[Pair, list[Statement]] = {}
    undated = 0
    for version in history.counting:
        if not isinstance(version.event, PositionEvent):
            continue
        statement = version.statement
        if not statement.is_in(scope) or statement.on > up_to:
            continue
        public_on = published.get(version.rank)
        if published_by is not None and public_on is None:
            undated += 1
        if is_public(public_on, published_by):
            by_pair.setdefault(statement.pair, []).append(evidence.of(statement))
    return Timelines({pair: tuple(in_order(by_pair[pair])) for pair in sorted(by_pair)}, undated)

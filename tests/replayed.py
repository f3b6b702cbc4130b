"""Answers by plain replay over the domain's types, for tests to hold what the database picks out to."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date

from tracker.domain.answers.asks import FindAnswer
from tracker.domain.terms.scope import within
from tracker.domain.timeline.in_effect import Timelines, in_effect, last_on
from tracker.domain.timeline.state import Cell, Closing
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement


def state_cells(pairs: Timelines, closed: Mapping[str, Closing], on: date) -> Iterator[Cell]:
    """The state on a day (inclusive), ordered by issue, then party."""
    for (issue, _), timeline in pairs.by_pair.items():
        held = in_effect(timeline, on)
        if held is not None:
            yield held.cell(closed.get(issue))


def stances_on(pairs: Timelines, on: date) -> dict[Pair, Statement]:
    """The statement in effect on a day (inclusive) of each pair that has one."""
    found = ((pair, last_on(timeline, on)) for pair, timeline in pairs.by_pair.items())
    return {pair: statement for pair, statement in found if statement is not None}


def answers_in(pairs: Timelines, on: date) -> FindAnswer:
    """Answers among the timelines of all parties, up to a day (inclusive)."""

    def answer(ask: Statement, addressee: str) -> Statement | None:
        later = []
        for (issue, party), timeline in pairs.by_pair.items():
            if party == addressee and within(issue, ask.issue):
                stated = [one for one in timeline if one.value is not WITHDRAWN and one.on <= on]
                at = bisect_right(stated, ask.place, key=lambda one: one.place)
                later += stated[at : at + 1]
        return min(later, key=lambda one: one.place, default=None)

    return answer

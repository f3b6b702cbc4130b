"""Answers by plain replay over the domain's types, for tests to hold what the database picks out to."""

from collections.abc import Iterator
from datetime import date

from tracker.domain.answers.asks import FindStatements
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.in_effect import Timelines, in_effect, last_on
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Pair, Statement


def state_cells(pairs: Timelines, around: Circumstances, on: date) -> Iterator[Cell]:
    """The state on a day (inclusive), ordered by issue, then party."""
    for timeline in pairs.by_pair.values():
        held = in_effect(timeline, on)
        if held is not None:
            yield held.cell(around)


def stances_on(pairs: Timelines, on: date) -> dict[Pair, Statement]:
    """The statement in effect on a day (inclusive) of each pair that has one."""
    found = ((pair, last_on(timeline, on)) for pair, timeline in pairs.by_pair.items())
    return {pair: statement for pair, statement in found if statement is not None}


def stated_in(pairs: Timelines, on: date) -> FindStatements:
    """All statements of an addressee in the timelines of all parties, up to a day (inclusive)."""

    def stated(_ask: Statement, addressee: str) -> Iterator[Statement]:
        for (_, party), timeline in pairs.by_pair.items():
            if party == addressee:
                yield from (one for one in timeline if one.on <= on)

    return stated

"""The run of equal stances in effect on a day, and its conditions in force (DESIGN section 6).

The faster twins, held to this by laws: `storage/projections/runs.py` keeps the runs of what counts today, and
`storage/queries/stances.py` reads the state from them.
"""

from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.contests import contesting
from tracker.domain.timeline.lasting import Lasting, lasting
from tracker.domain.timeline.order import Timeline, place_of
from tracker.domain.timeline.state import Cell, cell_of
from tracker.domain.timeline.statement import Statement


@dataclass(frozen=True, slots=True)
class StanceInEffect:
    """The stance in effect on a day, and the unbroken run of equal stances that it ends.

    `run` holds the run's statements, the last first; `conditions_from` is the statement that states the conditions in
    force; `contested_by` holds the recent differing statements by other speakers.
    """

    statement: Statement
    run: tuple[Statement, ...]
    conditions_from: Statement | None
    contested_by: tuple[Statement, ...]
    lasting: Lasting

    @property
    def since(self) -> date:
        """The effective day of the first statement in the run."""
        return self.run[-1].on

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions in force."""
        return (self.conditions_from.conditions or ()) if self.conditions_from else ()

    def cell(self, around: Circumstances) -> Cell:
        """Build the cell of the state, with what holds beside positions on that day."""
        return cell_of(
            self.statement,
            first=self.run[-1],
            statements=len(self.run),
            conditions_from=self.conditions_from,
            contested_by=self.contested_by,
            lasting=self.lasting,
            around=around,
        )


def in_effect(timeline: Timeline, on: date) -> StanceInEffect | None:
    """Return the stance in effect on a day (inclusive), or None if nothing was on record by then."""
    known = [statement for statement in timeline if statement.on <= on]
    if not known:
        return None
    last = known[-1]
    run = tuple(takewhile(lambda statement: statement.value == last.value, reversed(known)))
    conditions_from = next((statement for statement in run if statement.conditions is not None), None)
    lasts = lasting(reversed(known), place_of(run[-1]))
    return StanceInEffect(last, run, conditions_from, contesting(known[:-1], last), lasts)

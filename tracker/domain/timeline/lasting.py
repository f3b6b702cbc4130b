"""What holds of a pair's statements beside the conditions in force: red line, priority, what it could accept."""

from collections.abc import Iterable
from typing import NamedTuple

from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.vocabulary import Priority
from tracker.domain.timeline.order import Place, place_of
from tracker.domain.timeline.statement import Statement


class Lasting(NamedTuple):
    """What holds beside the conditions in force: of the run, and of the priority the last that was named at all.

    `left_blocs` are those whose positions the withdrawals of the run left, the last first: none of these is taken.
    """

    could_accept: Amount | None = None
    red_line: bool = False
    priority: Priority | None = None
    left_blocs: tuple[str, ...] = ()


NOTHING_LASTS = Lasting()


def lasting(said: Iterable[Statement], begins: Place) -> Lasting:
    """Return what lasts of a pair's statements up to a day, the last first, in a run that begins at a place.

    Statements that say nothing that lasts may be left out.
    """
    could_accept, red_line, priority = None, None, None
    left: dict[str, None] = {}
    for statement in said:
        details = statement.details
        if details.lasts:
            priority = priority or details.priority
            if place_of(statement) >= begins:
                could_accept = could_accept or details.could_accept
                red_line = details.red_line if red_line is None else red_line
                if details.leaves_position_of is not None:
                    left[details.leaves_position_of] = None
    return Lasting(could_accept, bool(red_line), priority, tuple(left))

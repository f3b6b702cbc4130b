"""What is contested in words: what is in effect, what it stands against, and how to settle it."""

from collections.abc import Mapping

from tracker.domain.agreement.consensus import Holding
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Pair, Statement
from tracker.reports.agreement.words import party_text
from tracker.reports.names import Names
from tracker.reports.positions.details import can_live_with
from tracker.reports.positions.values import bare_value_text, is_converted
from tracker.reports.wording import stated_text

Contests = Mapping[Pair, Cell]
"""The cells of what is contested, by issue and party."""
NO_CONTESTS: Contests = {}


def contested_text(issue: str, held: Holding, contests: Contests, names: Names) -> str:
    """Return a party with both sides of what is contested: `USA 300 (28 Nov) against at most 250 (27 Nov)`."""
    who, cell = party_text(held, names), contests.get((issue, held.party))
    if cell is None:
        return f"{who} {_word(held)} against another statement"
    others = dict.fromkeys(_side(other, cell) for other in cell.contested_by)
    return f"{who} {_side(cell.statement, cell)} against {' and '.join(others)}"


def settling_text(contests: Contests) -> str:
    """Return how to settle what is contested, by the example of the first; empty if only blocs contest it."""
    own = [
        (cell.statement, other)
        for _, cell in sorted(contests.items())
        for other in cell.contested_by
        if other.party == cell.statement.party
    ]
    if not own:
        return ""
    last, other = own[0]
    told = (
        "To settle what is contested, name the speaker of both statements if it is the same one "
        f"(tracker correct @{last.position} --speaker NAME --reason TEXT, and @{other.position})"
    )
    same_day = next((pair for pair in own if pair[0].on == pair[1].on), None)
    if same_day is None:
        return f"{told}."
    last, other = same_day
    later = f"tracker correct @{other.position} --sequence {last.sequence + 1} --reason TEXT"
    return f"{told}; of two of one day, say which came last ({later})."


def _side(stated: Statement, cell: Cell) -> str:
    inherited = f"{stated.party} " if cell.inherited_from is not None and stated.party != cell.inherited_from else ""
    value = bare_value_text(stated.value, cell.unit, converted=is_converted(stated))
    said = "can accept" if can_live_with(stated) else value
    when = ", ".join(filter(None, (stated.speaker, stated_text(stated.stated_on))))
    return f"{inherited}{said} ({when})"


def _word(held: Holding) -> str:
    return "can accept" if held.can_accept else bare_value_text(held.value)

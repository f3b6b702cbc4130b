"""What a statement did to the gap on a quantity, in words."""

from tracker.domain.answers.gaps import GapMove
from tracker.domain.terms.amount_text import distance_text, number_text


def gap_text(moved: GapMove) -> str:
    """What a statement did to the gap between all amounts; empty if there was none before and after."""
    before, after, unit = moved
    if before is None:
        return "" if after is None else f"opened a gap of {distance_text(after, unit)}"
    if after is None:
        return f"closed the gap of {distance_text(before, unit)}"
    if before == after:
        return f"the gap stays at {distance_text(after, unit)}"
    return f"gap {number_text(before, None)} -> {distance_text(after, unit)}"

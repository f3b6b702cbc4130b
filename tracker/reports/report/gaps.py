"""What a statement did to the gap on a quantity, in words."""

from tracker.domain.report.gaps import GapMove
from tracker.domain.terms.amount_text import distance_text, number_text


def gap_text(moved: GapMove) -> str:
    """What a statement did to the gap between all amounts; empty if that stayed as it was."""
    before, after, unit = moved
    if before == after:
        return ""
    if before is None:
        assert after is not None
        return f"opened a gap of {distance_text(after, unit)}"
    if after is None:
        return f"closed the gap of {distance_text(before, unit)}"
    return f"gap {number_text(before, None)} -> {distance_text(after, unit)}"

"""What a statement did to the gap on a quantity, in words."""

from tracker.domain.report.gaps import GapMove
from tracker.domain.terms.amount_wording import distance_text, number_text


def gap_text(moved: GapMove, *, alone: bool) -> str:
    """What a statement did to the gap between all amounts; empty if that stayed as it was.

    Of a joint statement it names the parties where it stands at one of them `alone`.
    """
    together = f", by {', '.join(sorted(moved.parties))} together" if alone and len(moved.parties) > 1 else ""
    return f"{text}{together}" if (text := _moved(moved)) else ""


def _moved(moved: GapMove) -> str:
    before, after, unit = moved[:3]
    if before == after:
        return ""
    if before is None:
        assert after is not None
        return f"opened a gap of {distance_text(after, unit)}"
    if after is None:
        return f"closed the gap of {distance_text(before, unit)}"
    return f"gap {number_text(before, None)} -> {distance_text(after, unit)}"

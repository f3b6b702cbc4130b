"""What became of the options of choices, in words."""

from tracker.domain.report.options import OptionShift
from tracker.domain.timeline.statement import Statement
from tracker.reports.names import CODES, Names
from tracker.reports.positions.details import can_live_with
from tracker.reports.wording import day_text, marked_value, positions_text, stated_text


def option_text(shift: OptionShift, names: Names = CODES) -> str:
    """Say of an option that it fell away, or that nobody opposes it any more, and who made it so."""
    about = f"{names.issue(shift.choice)}, {names.option(shift.option, shift.choice)}"
    if shift.closed is not None:
        return f"{about} fell away: superseded on {day_text(shift.closed.on)}"
    who = "; ".join(_now(stated, names) for stated in shift.left)
    if shift.fell_away:
        return f"{about} fell away: nobody supports it any more ({who})"
    doubts = f"; {', '.join(map(names.party, shift.doubting))} still in doubt" if shift.doubting else ""
    return f"{about}: nobody opposes it any more ({who}{doubts})"


def positions_of(shift: OptionShift) -> str:
    """The log positions of the statements that made it so, to append to the text."""
    return f" [{positions_text([stated.position for stated in shift.left])}]" if shift.left else ""


def _now(stated: Statement, names: Names) -> str:
    held = "can live with it" if can_live_with(stated) else marked_value(stated)
    return f"{names.party(stated.party)} {held} since {stated_text(stated.stated_on)}"

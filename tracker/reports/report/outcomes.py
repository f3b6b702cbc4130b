"""What parties held as issues were closed, in words: their distances from what was agreed."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.report.context import ContextRow
from tracker.domain.report.outcomes import Holdings, distance
from tracker.domain.terms.amount_wording import YEAR, bare_amount_text, distance_text, number_text
from tracker.domain.terms.amounts import Amount
from tracker.domain.timeline.state import Cell
from tracker.reports.names import CODES, Names
from tracker.reports.positions.choices import Attitude, attitude_of, brief_text, choices_of, option_name
from tracker.reports.positions.values import bare_value_text, is_converted
from tracker.reports.wording import day_text, held_marks


class OutcomeBrief(NamedTuple):
    """An outcome, what the parties held on the day of the closing, and the reopening that came after it, if any."""

    closing: ContextRow
    cells: tuple[Cell, ...] = ()
    reopening: ContextRow | None = None

    @property
    def since(self) -> str:
        """Words to append to the day of the closing of an issue that is open again; empty for any other."""
        return f", open again since {day_text(self.reopening.on)}" if self.reopening else ""

    def distances(self, names: Names = CODES) -> str:
        """How far each party was from the outcome, with the marks of what it held.

        It is empty if the outcome has no figure and no option, or nobody held anything.
        """
        held = [cell for cell in self.cells if not cell.row.withdrawn]
        found = _distances(held, self.closing, names) if self.closing.option is None else _stances(held, self, names)
        left = [f"{names.party(cell.row.party)} {_withdrew(cell)}" for cell in self.cells if cell.row.withdrawn]
        return "; ".join(filter(None, (found, ", ".join(dict.fromkeys(left)))))


def outcome_briefs(context: Iterable[ContextRow], holdings: Iterable[Holdings]) -> list[OutcomeBrief]:
    """Gather the closings among occurrences, in order, with what parties held and with the reopening after each."""
    held = {one.closing.event_id: one.cells for one in holdings}
    found: list[OutcomeBrief] = []
    last: dict[tuple[str, ...], int] = {}
    for row in context:
        if row.kind == "closed":
            last[row.issues] = len(found)
            found.append(OutcomeBrief(row, held.get(row.event_id, ())))
        elif row.kind == "reopened" and row.issues in last:
            at = last.pop(row.issues)
            found[at] = found[at]._replace(reopening=row)
    return found


def _distances(cells: Iterable[Cell], closing: ContextRow, names: Names) -> str:
    """Return the distances, the largest first, without the unit: `EUN 100 short (at most 200), IND as asked (300)`."""
    found = ((cell, distance(closing.amount, cell.row.amount)) for cell in cells)
    ordered = sorted(found, key=lambda one: (one[1] is None, -abs(Decimal(one[1] or 0)), one[0].row.party))
    return ", ".join(f"{names.party(cell.row.party)} {_distance(cell, size, closing.unit)}" for cell, size in ordered)


def _distance(cell: Cell, distance: str | None, unit: str | None) -> str:
    value = cell.row.value
    if not isinstance(value, Amount) or distance is None:
        return f"{value}{held_marks(cell)}"
    held, size = bare_value_text(value, unit, converted=is_converted(cell.statement)), Decimal(distance)
    held += held_marks(cell)
    if size and cell.row.could_accept is not None:
        held += f"; could accept {bare_amount_text(cell.row.could_accept, unit)}"
    if not size:
        return f"within its range ({held})" if not value.is_exact else f"as asked ({held})"
    if unit == YEAR:
        return f"{distance_text(abs(size), unit)} {'earlier' if size < 0 else 'later'} ({held})"
    return f"{number_text(abs(size), unit)} {'short' if size < 0 else 'above'} ({held})"


def _stances(cells: Sequence[Cell], brief: OutcomeBrief, names: Names) -> str:
    """Return what parties said of the option that was settled on, and of others.

    Of those that support it only their red lines for others are told.
    """
    option = brief.closing.option
    parties = choices_of(cells, sorted({cell.row.party for cell in cells}))
    by_attitude: dict[Attitude | None, list[str]] = {}
    for row in parties[0].parties if parties else ():
        on_option = next((cell for cell in row.cells if cell.row.issue == option), None)
        on_it = attitude_of(on_option.statement) if on_option else None
        told = on_it is not Attitude.SUPPORTS
        others = tuple(cell for cell in row.cells if cell is not on_option and (told or cell.row.red_line))
        more = brief_text(row._replace(cells=others), held_marks)
        name = f"{names.party(row.party)}{held_marks(on_option) if on_option else ''}"
        by_attitude.setdefault(on_it, []).append(f"{name} ({more})" if more else name)
    lines = [f"{one.words}: {', '.join(by_attitude[one])}" for one in Attitude if one in by_attitude]
    if None in by_attitude:
        lines.append(f"nothing said of it: {', '.join(by_attitude[None])}")
    return "; ".join(lines)


def _withdrew(cell: Cell) -> str:
    left = cell.statement.details.leaves_position_of
    option = f" on {option_name(cell.row.issue, cell.choice)}" if cell.choice else ""
    return (f"left the position of {left}" if left else "withdrew its position") + option

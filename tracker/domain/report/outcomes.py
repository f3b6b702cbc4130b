"""How far each party's position lay from the outcome of an issue that was closed with a figure or an option.

A party's position is the one in effect on the day of the closing (DESIGN section 15).
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.report.context import ContextRow
from tracker.domain.terms.amounts import Amount, gap
from tracker.domain.terms.columns import ForPeople
from tracker.domain.terms.vocabulary import Outcome
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Value


class OutcomeRow(NamedTuple):
    """A party's position on an issue on the day on which that was closed with an amount or an option.

    `held_value` is the position: on the issue or, where an `option` of a choice was the outcome, on that option.
    `distance` is how far a party's amount lies from the outcome's, as text: 0 if they share a number, below zero if it
    lies below; None for a stance and for no figure. `closed_by` is the id of the closing, `event_id` that of the
    statement.
    """

    issue: str
    on: date
    outcome: Outcome
    amount: Amount | None
    option: str | None
    party: str
    held_value: Value
    distance: str | None
    closed_by: str
    event_id: str
    position: int
    unit: ForPeople[str | None] = None
    inherited_from: ForPeople[str | None] = None


class Holdings(NamedTuple):
    """What parties held on the day of a closing, withdrawn positions included: on the issue or its options."""

    closing: ContextRow
    cells: tuple[Cell, ...]


def about(closing: ContextRow) -> str | None:
    """Return the issue on which positions are compared with an outcome; None if it has neither amount nor option."""
    return closing.option or (closing.issues[0] if closing.amount is not None else None)


def outcome_rows(closing: ContextRow, cells: Iterable[Cell]) -> list[OutcomeRow]:
    """Return the positions behind an outcome, of cells of the day of the closing, by party."""
    issue = about(closing)
    assert closing.outcome is not None
    return [
        OutcomeRow(
            closing.issues[0],
            closing.on,
            closing.outcome,
            closing.amount,
            closing.option,
            cell.row.party,
            cell.row.value,
            distance(closing.amount, cell.row.amount),
            closing.event_id,
            cell.row.event_id,
            cell.row.position,
            closing.unit,
            cell.inherited_from,
        )
        for cell in cells
        if cell.row.issue == issue and not cell.row.withdrawn
    ]


def distance(outcome: Amount | None, held: Amount | None) -> str | None:
    """Return how far an amount lies from an outcome, as text (see `OutcomeRow`); None without either."""
    if outcome is None or held is None:
        return None
    size = gap(outcome, held) or Decimal(0)
    below = held.at_most is not None and outcome.at_least is not None and held.at_most < outcome.at_least
    return f"{-size if below else size:f}"

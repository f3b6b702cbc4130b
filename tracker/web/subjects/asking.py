"""What the pages of an issue and of a party share: asks, those that wait for an answer first."""

from collections.abc import Sequence
from typing import Any

from tracker.domain.answers.asks import Ask
from tracker.domain.registers.registers import Registers
from tracker.reports.basis import Basis
from tracker.reports.tables.ask_tables import asks_rows

MOST_ASKS = 40
"""How many asks a list shows; a sentence says where the whole is."""


def ask_lists(asks: Sequence[Ask], basis: Basis, names: Registers) -> dict[str, Any]:
    """The asks of a page in their order, how many are not shown, and the functions by which a template tells them."""
    document = asks_rows(asks, basis, names, with_answered=True).document
    assert document is not None
    told = {name: document.contents[name] for name in ("answer_text", "remarks")}
    ordered = in_order(asks)
    return {"asks": ordered[:MOST_ASKS], "cut_asks": len(ordered) - MOST_ASKS, **told}


def in_order(asks: Sequence[Ask]) -> list[Ask]:
    """Asks that wait for an answer first, then the latest."""
    return sorted(asks, key=lambda ask: (not ask.is_open, -ask.statement.on.toordinal()))

"""Outcomes of issues in words, with the figure or the option that was agreed; and ends of parties."""

from typing import Protocol

from tracker.domain.terms.amount_wording import YEAR, amount_text
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.vocabulary import Outcome
from tracker.domain.timeline.circumstances import Succession
from tracker.reports.names import CODES, Names
from tracker.reports.wording import day_text


class WithOutcome(Protocol):
    """The closing of an issue: its outcome, of a quantity perhaps an amount in its unit, of a choice an option."""

    @property
    def outcome(self) -> Outcome | None: ...
    @property
    def amount(self) -> Amount | None: ...
    @property
    def option(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...


def outcome_words(closing: WithOutcome, names: Names = CODES) -> str:
    """An outcome with what was agreed: `agreed at 300 USD bn a year`, `agreed: Phase-down`."""
    if closing.amount is not None:
        return outcome_at(closing.outcome, closing.amount, closing.unit)
    if closing.option is not None:
        title = names.title(closing.option)
        return f"{closing.outcome}: {closing.option.rpartition('/')[2] if title == closing.option else title}"
    return str(closing.outcome)


def outcome_at(outcome: Outcome | None, amount: Amount, unit: str | None) -> str:
    """An outcome with the amount that was agreed: `agreed at 300 USD bn a year`, `agreed: 2033`."""
    return f"{outcome}{':' if unit == YEAR else ' at'} {amount_text(amount, unit)}"


def succession_text(succession: Succession, names: Names = CODES) -> str:
    """The end of a party, to append to it."""
    return f"succeeded by {', '.join(map(names.party, succession.by))} on {day_text(succession.on)}; no stance passes"

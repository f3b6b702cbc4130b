"""Outcomes of issues in words: with the figure or the option that was agreed, and each party's distance from it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tracker.domain.terms.amount_text import YEAR, amount_text, bare_amount_text, distance_text, number_text
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.vocabulary import Outcome, Stance
from tracker.domain.timeline.circumstances import Succession
from tracker.reports.names import CODES, Names
from tracker.reports.wording import day_text

if TYPE_CHECKING:
    from tracker.domain.answers.context import ContextRow
    from tracker.domain.answers.outcomes import OutcomeRow


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
        before = f"{closing.outcome}: " if closing.unit == YEAR else f"{closing.outcome} at "
        return before + amount_text(closing.amount, closing.unit)
    if closing.option is not None:
        title = names.title(closing.option)
        return f"{closing.outcome}: {closing.option.rpartition('/')[2] if title == closing.option else title}"
    return str(closing.outcome)


class OutcomeBrief(NamedTuple):
    """An outcome, and what the parties held on the day of the closing."""

    closing: "ContextRow"
    rows: "tuple[OutcomeRow, ...]"

    def distances(self, names: Names = CODES) -> str:
        """How far each party was from the outcome; empty if it has no figure and no option, or nobody held anything."""
        if self.closing.amount is not None:
            return _distances(self.rows, self.closing.unit, names)
        return "; ".join(
            f"{stance}: {', '.join(names.party(row.party) for row in self.rows if row.held_value is stance)}"
            for stance in reversed(Stance)
            if any(row.held_value is stance for row in self.rows)
        )


def outcome_briefs(closings: "Iterable[ContextRow]", rows: "Sequence[OutcomeRow]") -> list[OutcomeBrief]:
    """Gather what parties held by closing."""
    by_closing: dict[str, list[OutcomeRow]] = {}
    for row in rows:
        by_closing.setdefault(row.closed_by, []).append(row)
    return [OutcomeBrief(closing, tuple(by_closing.get(closing.event_id, ()))) for closing in closings]


def _distances(rows: "Iterable[OutcomeRow]", unit: str | None, names: Names) -> str:
    """Return the distances, the largest first, without the unit: `EUN 100 short (at most 200), IND as asked (300)`."""
    ordered = sorted(rows, key=lambda row: (row.distance is None, -abs(Decimal(row.distance or 0)), row.party))
    return ", ".join(f"{names.party(row.party)} {_distance(row, unit)}" for row in ordered)


def _distance(row: "OutcomeRow", unit: str | None) -> str:
    if not isinstance(row.held_value, Amount) or row.distance is None:
        return str(row.held_value)
    held, distance = bare_amount_text(row.held_value, unit), Decimal(row.distance)
    if not distance:
        return f"within its range ({held})" if not row.held_value.is_exact else f"as asked ({held})"
    if unit == YEAR:
        return f"{distance_text(abs(distance), unit)} {'earlier' if distance < 0 else 'later'} ({held})"
    return f"{number_text(abs(distance), unit)} {'short' if distance < 0 else 'above'} ({held})"


def succession_text(succession: Succession, names: Names = CODES) -> str:
    """The end of a party, to append to it."""
    return f"succeeded by {', '.join(map(names.party, succession.by))} on {day_text(succession.on)}; no stance passes"

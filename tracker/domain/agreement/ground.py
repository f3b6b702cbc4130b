"""The common ground on a quantity: what all could settle on, how far they are apart, and how a figure fares."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.agreement.zone import Gap, gap_between, overlapping, zone
from tracker.domain.terms.amounts import Amount, gap


class Ground(NamedTuple):
    """The `zone` that all stated amounts share, and the `reach` that all could accept; None if there is none.

    `overlapping` are the sets of parties whose amounts share a number (see `zone.overlapping`), and `gap` the distance
    to be bridged where there is no zone; `reach_gap` is what would be left of it if all went as far as they could.
    """

    zone: Amount | None = None
    reach: Amount | None = None
    overlapping: tuple[tuple[str, ...], ...] = ()
    gap: Gap | None = None
    reach_gap: Gap | None = None


NO_GROUND = Ground()


def ground_of(amounts: Mapping[str, Amount], could_accept: Mapping[str, Amount]) -> Ground:
    """Return the common ground of amounts, and of the wider ranges that some of the parties could accept."""
    furthest = {**amounts, **could_accept}
    return Ground(
        zone(amounts.values()),
        zone(furthest.values()),
        tuple(overlapping(amounts)),
        gap_between(amounts),
        gap_between(furthest),
    )


class Shortfall(NamedTuple):
    """How far a figure lies outside the amount of a party, and outside what it could accept, if it said that.

    `is_above` says that the party's amount begins above the figure.
    """

    party: str
    by: Decimal
    by_could_accept: Decimal | None
    is_above: bool


class AtFigure(NamedTuple):
    """How a figure fares with the parties of a question: each is in one of these.

    Their amount holds it; they could accept it; it falls short of what they want, or goes beyond it; what they want is
    contested; or they named no amount.
    """

    figure: Decimal
    holds: tuple[str, ...]
    could_accept: tuple[str, ...]
    short: tuple[Shortfall, ...]
    contested: tuple[str, ...]
    named_none: tuple[str, ...]


def at_figure(
    figure: Decimal,
    amounts: Mapping[str, Amount],
    could_accept: Mapping[str, Amount],
    contested: Sequence[str],
    parties: Sequence[str],
) -> AtFigure:
    """Return how a figure fares with the parties, in order, some of which state amounts or could accept wider ones."""
    holds = tuple(party for party, amount in amounts.items() if amount.holds(figure))
    accepting = tuple(party for party, wider in could_accept.items() if party not in holds and wider.holds(figure))
    rest = (party for party in amounts if party not in holds and party not in accepting)
    return AtFigure(
        figure,
        holds,
        accepting,
        tuple(_shortfall(figure, party, amounts[party], could_accept.get(party)) for party in rest),
        tuple(contested),
        tuple(party for party in parties if party not in amounts and party not in contested),
    )


def _shortfall(figure: Decimal, party: str, amount: Amount, wider: Amount | None) -> Shortfall:
    point = Amount(figure, figure)
    by = gap(amount, point)
    assert by is not None  # the amount does not hold the figure
    is_above = amount.at_least is not None and amount.at_least > figure
    return Shortfall(party, by, gap(wider, point) if wider else None, is_above)

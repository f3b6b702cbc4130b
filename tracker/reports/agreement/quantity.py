"""A quantity in words: who names which amount, how far they are apart, and how a figure fares."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from tracker.domain.agreement.consensus import Holding, IssueConsensus, PartyClass, Verdict
from tracker.domain.agreement.ground import AtFigure
from tracker.domain.agreement.zone import Gap, zone
from tracker.domain.terms.amount_wording import (
    YEAR,
    amount_text,
    bare_amount_text,
    distance_text,
    number_text,
    with_unit,
)
from tracker.domain.terms.amounts import NO_FIGURE, Amount
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.statement import WITHDRAWN, Value
from tracker.reports.agreement.contests import Contests, contested_text
from tracker.reports.agreement.words import RED_LINE, Line, all_of, closed_text, listed, listed_by_bloc, party_text
from tracker.reports.conditions import conditions_text
from tracker.reports.names import Names
from tracker.reports.positions.values import bare_value_text, unit_heading


def quantity_verdict(one: IssueConsensus) -> str:
    """The verdict on a quantity in words."""
    unit, ground = one.form.unit, one.ground
    missing = sum(len(parties) for name, parties in one.classes.items() if name is not PartyClass.STATED)
    stated = len(one.classes[PartyClass.STATED])
    if closed := one.closed:
        return f"closed: {closed_text(closed)}"
    in_unit = f", in {unit}" if unit_heading(unit) else ""
    contested = len(one.classes[PartyClass.CONTESTED])
    if one.form.own:
        more = f", {contested} more {_is_or_are(contested)} contested" if contested else ""
        in_unit = in_unit if stated else ""
        return f"each party answers for itself: {stated} of {one.parties} named an amount{more}{in_unit}"
    match one.verdict:
        case Verdict.APART:
            assert ground.gap is not None
            return f"apart by {distance_text(ground.gap.size, unit)}"
        case Verdict.AGREED:
            assert ground.zone is not None
            return f"{all_of(one.parties)} {'names' if one.parties == 1 else 'name'} {amount_text(ground.zone, unit)}"
        case Verdict.ZONE:
            assert ground.zone is not None
            return f"{all_of(one.parties)} could settle on {amount_text(ground.zone, unit)}"
        case Verdict.OPEN:
            assert ground.zone is not None
            shared = amount_text(ground.zone, unit)
            if not missing:
                return f"open: {all_of(one.parties)} named an amount, and {shared} suits all of them"
            return f"open: {stated} of {one.parties} named an amount, and {shared} suits all of these"
        case _ if contested:
            return f"no amount is settled: {contested} of {one.parties} {_is_or_are(contested)} contested{in_unit}"
        case _:
            return "nobody named an amount"


def _is_or_are(number: int) -> str:
    return "is" if number == 1 else "are"


def at_heading(one: IssueConsensus) -> str:
    """The heading of a quantity of which a figure is asked about."""
    assert one.at is not None
    unit = one.form.unit
    return f"At {with_unit(number_text(one.at.figure, unit), unit)}"


def at_counts(one: IssueConsensus) -> str:
    """How many parties a figure suits, how many could accept it, want more or less, are contested or named none."""
    at = one.at
    assert at is not None
    contested = len(at.contested)
    sides = [(sum(short.is_above is is_above for short in at.short), is_above) for is_above in (True, False)]
    told = (
        (len(at.could_accept), "could accept it"),
        *(
            (some, f"want{'s' * (some == 1)} {_side_of_figure(one.form.unit, is_above=above)[1]}")
            for some, above in sides
        ),
        (contested, f"{_is_or_are(contested)} contested"),
        (len(at.named_none), "named none"),
    )
    more = "".join(f", {number} {text}" for number, text in told if number)
    return f"{len(at.holds)} of {one.parties} named a range that holds it{more}"


def quantity_lines(one: IssueConsensus, names: Names, contests: Contests) -> Iterator[Line]:
    """Yield how a figure fares if one is asked about, what would bridge a gap, and who names which amount."""
    if one.at is not None:
        yield from _at_lines(one, one.at, names)
        yield from _other_lines(one, names, contests)
    yield from _ground_lines(one, names)
    yield from _amount_lines(one, names)
    if one.at is None:
        yield from _other_lines(one, names, contests)


def _other_lines(one: IssueConsensus, names: Names, contests: Contests) -> Iterator[Line]:
    """Yield who is contested, and who named no amount."""
    yield from _contested_lines(one, names, contests)
    for name, label in _WITHOUT_AMOUNT:
        if parties := one.classes[name]:
            yield Line(label, listed_by_bloc(parties, one.holdings, names), _VALUES.get(name))


_WITHOUT_AMOUNT = (
    (PartyClass.DISSOCIATED, "left its bloc"),
    (PartyClass.NO_FIGURE, "no figure"),
    (PartyClass.SILENT, "silent"),
)
_VALUES: Mapping[PartyClass, Value] = {
    PartyClass.DISSOCIATED: WITHDRAWN,
    PartyClass.NO_FIGURE: NO_FIGURE,
}


def _contested_lines(one: IssueConsensus, names: Names, contests: Contests) -> Iterator[Line]:
    """Yield a line for each party that is contested, with both sides and, of a figure, what it is to that in effect."""
    for party in one.classes[PartyClass.CONTESTED]:
        held = one.holdings[party]
        told = [contested_text(one.issue, held, contests, names)]
        if one.at is not None:
            told.append(_fares(one.at.figure, held))
        if held.conditions:
            told.append(conditions_text(held.conditions, held.value))
        yield Line("contested", ", ".join(told), Stance.SCEPTICAL, RED_LINE if held.red_line else "")


def _fares(figure: Decimal, held: Holding) -> str:
    """Return whether what is in effect holds a figure."""
    if held.amount is None:
        return "what is in effect names none"
    if held.amount.holds(figure):
        return "what is in effect holds it"
    accepts = held.could_accept is not None and held.could_accept.holds(figure)
    return f"what is in effect does not hold it{', but could accept it' if accepts else ''}"


def _amount_lines(one: IssueConsensus, names: Names) -> Iterator[Line]:
    """Yield a line for each amount, the highest first, or for each party that says more than that."""
    held = [one.holdings[party] for party in one.classes[PartyClass.STATED]]
    by_amount: dict[tuple[Amount, bool], list[Holding]] = {}
    for holding in held:
        if holding.amount is not None:
            by_amount.setdefault((holding.amount, holding.is_converted), []).append(holding)
    for amount, is_converted in sorted(by_amount, key=_height, reverse=True):
        label = bare_value_text(amount, one.form.unit, converted=is_converted)
        plain = []
        for holding in by_amount[amount, is_converted]:
            if holding.conditions or holding.could_accept or holding.red_line:
                mark = RED_LINE if holding.red_line else ""
                yield Line(label, _with_terms(holding, one.form.unit, names), None, mark)
            else:
                plain.append(holding.party)
        if plain:
            yield Line(label, listed_by_bloc(plain, one.holdings, names))


def _height(stated: tuple[Amount, bool]) -> tuple[Decimal, Decimal, bool]:
    """The order of amounts by what they ask for: by the lower end or, without one, by the upper end."""
    amount, is_converted = stated
    low = amount.at_least if amount.at_least is not None else Decimal("-Infinity")
    return low, amount.at_most if amount.at_most is not None else Decimal("Infinity"), is_converted


def _with_terms(held: Holding, unit: str | None, names: Names) -> str:
    told = [party_text(held, names)]
    if held.could_accept is not None:
        told.append(f"could accept {bare_amount_text(held.could_accept, unit)}")
    if held.conditions:
        told.append(conditions_text(held.conditions, held.value))
    return ", ".join(told)


def _ground_lines(one: IssueConsensus, names: Names) -> Iterator[Line]:
    """Yield whose the gap is, what could bridge it, and the largest sets of parties that overlap."""
    unit, ground = one.form.unit, one.ground
    if ground.gap is None:
        if ground.reach is not None and ground.reach != ground.zone:
            yield Line("reach", f"all who named an amount could accept {amount_text(ground.reach, unit)}")
        return
    yield Line("gap", _between(ground.gap, one.amounts, unit, names), Stance.OPPOSES)
    if ground.reach is not None:
        yield Line(
            "reach", f"all who named an amount could accept {amount_text(ground.reach, unit)}", Stance.CONDITIONAL
        )
    elif (left := ground.reach_gap) is not None and left != ground.gap:
        furthest = one.amounts | one.could_accept
        between = _between(left, furthest, unit, names)
        text = f"even what they could accept leaves {distance_text(left.size, unit)}: {between}"
        yield Line("reach", text)
    for some in _camps(ground.overlapping, ground.gap):
        shared = zone(one.amounts[party] for party in some)
        assert shared is not None
        yield Line("overlap", f"{listed(some, names)} share {bare_amount_text(shared, unit)}")


def _camps(overlapping: Sequence[tuple[str, ...]], gap: Gap) -> list[tuple[str, ...]]:
    """Return the largest sets of parties that overlap: of all, and on either side of the gap."""
    sets = [some for some in overlapping if len(some) > 1]
    largest = [some for some in sets if len(some) == len(sets[0])][:_SETS]
    on_sides = [next((some for some in sets if set(some) & set(side)), None) for side in (gap.highest, gap.lowest)]
    return [some for some in sets if some in (*largest, *on_sides)]


_SETS = 3
"""How many of the largest overlapping sets people are shown, beside those on the sides of the gap."""


def _between(gap: Gap, amounts: Mapping[str, Amount], unit: str | None, names: Names) -> str:
    """Whose the ends of a gap are, and which."""
    high = bare_amount_text(Amount(amounts[gap.highest[0]].at_least, None), unit)
    low = bare_amount_text(Amount(None, amounts[gap.lowest[0]].at_most), unit)
    return f"{listed(gap.highest, names)} {high}; {listed(gap.lowest, names)} {low}"


def _at_lines(one: IssueConsensus, at: AtFigure, names: Names) -> Iterator[Line]:
    unit = one.form.unit
    if at.holds:
        yield Line("within", listed_by_bloc(at.holds, one.holdings, names), Stance.SUPPORTS)
    if at.could_accept:
        yield Line("could accept", listed_by_bloc(at.could_accept, one.holdings, names), Stance.CONDITIONAL)
    for short in sorted(at.short, key=lambda one: (not one.is_above, one.by, one.party)):
        label, way = _side_of_figure(unit, is_above=short.is_above)
        by = f"{distance_text(short.by, unit)} {way}"
        if short.by_could_accept is not None:
            by = f"{by}, or at least {distance_text(short.by_could_accept, unit)} {way}"
        yield Line(label, f"{party_text(one.holdings[short.party], names)} wants {by}", Stance.OPPOSES)


def _side_of_figure(unit: str | None, *, is_above: bool) -> tuple[str, str]:
    """Return what a figure is to a party whose amount lies above or below it, and which way the party would go."""
    if unit == YEAR:
        return ("too early", "later") if is_above else ("too late", "earlier")
    return ("too low", "more") if is_above else ("too high", "less")

"""Amounts on a day as a picture: the range that each party names, what all share or the gap, the outcome."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from tracker.charts.frame import (
    EDGE,
    NARROWEST_WIDE,
    closing_sentences,
    heading,
    issue_heading,
    sentences,
    told_in_words,
)
from tracker.charts.layout.legend import STROKES, Key, legend, red_line
from tracker.charts.layout.letters import fitted, width_of, wrapped
from tracker.charts.layout.ticks import number_ticks
from tracker.charts.shapes import Box, Dot, Line, Picture, Scale, Shape, Words
from tracker.domain.agreement.consensus import Consensus, Holding, IssueConsensus, PartyClass
from tracker.domain.terms.amount_wording import distance_text, number_text
from tracker.domain.terms.amounts import Amount, difference
from tracker.domain.terms.vocabulary import IssueForm
from tracker.reports.agreement.data import ConsensusAnswer, basis_of_answer
from tracker.reports.agreement.quantity import quantity_verdict
from tracker.reports.agreement.words import counted_parties, listed
from tracker.reports.basis import nothing_found
from tracker.reports.names import Names
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import bare_value_text, unit_heading
from tracker.reports.wording import day_text

NAMES_ROOM, ROW, BAR, ABOVE = 170, 27, 14, 15
MOST_ROWS = 200
"""How many parties' ranges one picture shows."""
FEW = 8
"""How many parties without an amount are named; more are counted."""


def amounts_picture(answer: ConsensusAnswer, width: int) -> Picture:
    """Return the picture of the amounts in an answer, so many pixels wide."""
    names, basis = answer.shown_names, basis_of_answer(answer.found)
    found, cut = _with_amounts(answer.found)
    alone = len(found) == 1
    title = names.title(found[0].issue) if alone else "Amounts"
    shapes, top = heading(title, f"Who named which amount on {day_text(answer.found.on)}", basis, width)
    for one in found:
        more, top = _Ranges(one, names, width).shapes(top + 6, alone=alone)
        shapes += more
    if found:
        keys, top = legend(_keys(found), left=EDGE, right=width - EDGE, top=top + 4)
        shapes += keys
    empty = "" if found else nothing_found("Nobody named an amount.", "No amount on record", basis.scope)
    below, bottom = sentences([empty, *closing_sentences(basis, cut)], width, top + 4)
    told = told_in_words(f"{names.issue(one.issue)}: {quantity_verdict(one)}" for one in found) or empty
    return Picture(title, told, width, bottom + EDGE, (*shapes, *below))


def _with_amounts(found: Consensus) -> tuple[list[IssueConsensus], str]:
    """Return the quantities on which anybody names an amount, the first ones, and a sentence on the others."""
    wanted = [one for one in found.issues if one.form.form is IssueForm.QUANTITY and _named(one)]
    shown, rows = list[IssueConsensus](), 0
    for one in wanted:
        rows += len(_named(one))
        if shown and rows > MOST_ROWS:
            return shown, f"Only the first {len(shown)} of {len(wanted)} issues are drawn. Name an issue to narrow it."
        shown.append(one)
    return shown, ""


def _named(one: IssueConsensus) -> list[Holding]:
    """Return what parties hold that name an amount, contested ones too, the highest first."""
    held = (one.holdings[party] for party in one.holdings)
    return sorted((holding for holding in held if holding.amount is not None), key=_height)


def _height(held: Holding) -> tuple[Decimal, Decimal, str]:
    amount = held.amount
    assert amount is not None
    low = amount.at_least if amount.at_least is not None else Decimal("-Infinity")
    high = amount.at_most if amount.at_most is not None else Decimal("Infinity")
    return -low, -high, held.party


class _Ranges:
    """The ranges on one issue as they are drawn."""

    def __init__(self, one: IssueConsensus, names: Names, width: int) -> None:
        self.one, self.names, self.width = one, names, width
        self.narrow = width < NARROWEST_WIDE
        self.held = _named(one)[:MOST_ROWS]
        left = EDGE if self.narrow else EDGE + NAMES_ROOM
        self.scale = Scale(*_ends(_numbers(one, self.held)), left, width - EDGE)

    def shapes(self, top: float, *, alone: bool) -> tuple[list[Shape], float]:
        """Return the shapes of the issue below a height, and the height at which they end."""
        one, unit = self.one, self.one.form.unit
        found, top = issue_heading(one.issue, unit_heading(unit), self.names, self.width, top, titled=not alone)
        verdict, top = sentences([_capital(quantity_verdict(one))], self.width, top - 5, role="ink")
        begin = top + 14 + ABOVE * len(self._lines())
        row = ROW + (ABOVE if self.narrow else 0)
        end = begin + row * len(self.held) + 2
        found += [*verdict, *self._ticks(begin, end), *self._ground(begin, end)]
        for number, (place, role, words) in enumerate(self._lines()):
            found += self._line(place, role, words, top + 12 + ABOVE * number, end)
        for at, held in enumerate(self.held):
            found += self._row(held, begin + row * at)
        others, end = sentences(self._others(), self.width, end + 2)
        return [*found, *others], end + 6

    def _place(self, number: Decimal) -> float:
        return self.scale.place(number)

    def _ticks(self, begin: float, end: float) -> Iterator[Shape]:
        scale = self.scale
        for number in number_ticks(scale.first, scale.last, max(2, int((scale.right - scale.left) / 90))):
            place = self._place(number)
            if scale.left + 12 < place < scale.right - 12:
                yield Line(place, place, begin - 4, end)
                yield Words(place, begin - 7, number_text(number, self.one.form.unit), "soft", 11, anchor="center")

    def _ground(self, begin: float, end: float) -> Iterator[Shape]:
        """Yield the zone that all amounts share, or the gap between them."""
        ground, unit = self.one.ground, self.one.form.unit
        if (zone := ground.zone) is not None and len(self.one.amounts) > 1:
            left = self.scale.left if zone.at_least is None else self._place(zone.at_least) - 2
            right = self.scale.right if zone.at_most is None else self._place(zone.at_most) + 2
            told = f"All who named an amount share {bare_value_text(zone, unit)}"
            yield Box(left, right, begin - 2, end, "supports", told, edged=False)
        elif (gap := ground.gap) is not None:
            low = min(amount.at_most for amount in self.one.amounts.values() if amount.at_most is not None)
            yield Box(
                self._place(low),
                self._place(low + gap.size),
                begin - 2,
                end,
                "opposes",
                _gap_text(self.one),
                edged=False,
            )

    def _lines(self) -> list[tuple[float, str, str]]:
        """Return the places of the outcome and of the figure asked about, each with its colour and its words."""
        closed, at, found = self.one.closed, self.one.at, list[tuple[float, str, str]]()
        if closed is not None and closed.amount is not None:
            words = f"{outcome_words(closed, self.names)}, {day_text(closed.on)}"
            ends = {end for end in (closed.amount.at_least, closed.amount.at_most) if end is not None}
            found += [(self._place(end), "ink", words) for end in sorted(ends)]
        if at is not None:
            figure = f"at {number_text(at.figure, self.one.form.unit)}"
            if [place for place, *_ in found] == [self._place(at.figure)]:
                place, role, words = found[0]
                return [(place, role, f"{words}; {figure}")]
            found.append((self._place(at.figure), "accent", figure))
        return found

    def _line(self, place: float, role: str, words: str, base: float, end: float) -> Iterator[Shape]:
        yield Line(place, place, base + 4, end, role, dashed=role == "accent", width=1.6)
        half = width_of(words, 11, bold=True) / 2
        at = max(self.scale.left + half, min(self.scale.right - half, place))
        yield Words(at, base, words, role, 11, bold=True, anchor="center")

    def _row(self, held: Holding, top: float) -> Iterator[Shape]:
        amount, unit = held.amount, self.one.form.unit
        assert amount is not None
        name = self.names.name(held.party)
        whose = f"{name} (as {held.through})" if held.through else name
        if self.narrow:
            line = fitted(whose, 12, self.width - 2 * EDGE, bold=True)
            yield Words(EDGE, top + 11, line, "ink", 12, bold=True)
            top += ABOVE
        else:
            lines = wrapped(whose, 12, NAMES_ROOM - 10, bold=True, most=2)
            base = top + (17 if len(lines) == 1 else 11)
            yield from (Words(EDGE, base + 12 * at, line, "ink", 12, bold=True) for at, line in enumerate(lines))
        middle = top + ROW / 2
        if held.could_accept is not None:
            yield from self._wider(held.could_accept, middle)
        contested = held.party in self.one.classes[PartyClass.CONTESTED]
        text = f"{bare_value_text(amount, unit, converted=held.is_converted)}{'!' if contested else ''}"
        told = f"{self.names.party(held.party)}: {text}"
        yield from self._bar(amount, middle, told, held.position, dashed=contested)
        yield from self._label(text, amount, middle, red=held.red_line)

    def _spans(self, amount: Amount) -> tuple[float, float]:
        left = self.scale.left if amount.at_least is None else self._place(amount.at_least)
        right = self.scale.right if amount.at_most is None else self._place(amount.at_most)
        return left, right

    def _bar(self, amount: Amount, middle: float, told: str, entry: int, *, dashed: bool) -> Iterator[Shape]:
        left, right = self._spans(amount)
        top, bottom = middle - BAR / 2, middle + BAR / 2
        yield Box(
            left - 2.5 * (left == right), right + 2.5 * (left == right), top, bottom, "amount", told, entry, dashed
        )
        if amount.at_most is None:
            yield Dot(right - 6, middle, "triangle-right", filled=True, role="amount-ink", size=30)
        if amount.at_least is None:
            yield Dot(left + 6, middle, "triangle-left", filled=True, role="amount-ink", size=30)

    def _wider(self, amount: Amount, middle: float) -> Iterator[Shape]:
        left, right = self._spans(amount)
        yield Line(left, right, middle + BAR / 2 + 3, middle + BAR / 2 + 3, "amount-ink", dashed=True, width=1.6)

    def _label(self, text: str, amount: Amount, middle: float, *, red: bool) -> Iterator[Shape]:
        """Yield the amount in words: in its bar, else beside it, where there is room."""
        left, right = self._spans(amount)
        taken = width_of(text, 11, bold=True) + STROKES * red
        inset = 14
        if taken + 2 * inset <= right - left:
            start = right - inset - taken if amount.at_most is not None else left + 6
        elif right + 8 + taken <= self.scale.right:
            start = right + 8
        else:
            start = left - 8 - taken
        yield Words(start, middle + 4, text, "amount-ink", 11, bold=True)
        if red:
            yield from red_line(start + taken - STROKES + 3, middle)

    def _others(self) -> Iterator[str]:
        for label, name in (("No figure", PartyClass.NO_FIGURE), ("Silent", PartyClass.SILENT)):
            if parties := self.one.classes[name]:
                few = len(parties) <= FEW
                yield f"{label}: {listed(parties, self.names) if few else counted_parties(len(parties))}."
        hidden = len(_named(self.one)) - len(self.held)
        if hidden > 0:
            yield f"{hidden:,} more parties name an amount; tracker consensus lists all."


class _Span(NamedTuple):
    """The least and the greatest number of a scale."""

    first: Decimal
    last: Decimal


def _numbers(one: IssueConsensus, shown: Sequence[Holding]) -> list[Decimal]:
    """Return every number that is drawn."""
    amounts = [amount for held in shown for amount in (held.amount, held.could_accept) if amount is not None]
    if one.closed is not None and one.closed.amount is not None:
        amounts.append(one.closed.amount)
    ends = [end for amount in amounts for end in (amount.at_least, amount.at_most) if end is not None]
    return [*ends, *([one.at.figure] if one.at else [])]


def _ends(numbers: Sequence[Decimal]) -> _Span:
    """Return a span that leaves room beyond either end, where ranges go on."""
    least, most = min(numbers), max(numbers)
    span = difference(most, least) or abs(most) or Decimal(1)
    return _Span(least - span / 6, most + span / 6)


def _gap_text(one: IssueConsensus) -> str:
    gap = one.ground.gap
    return f"Apart by {distance_text(gap.size, one.form.unit)}" if gap else ""


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _keys(found: Sequence[IssueConsensus]) -> Iterator[Key]:
    held = [one for issue in found for one in _named(issue)]
    signs: Mapping[Key, bool] = {
        Key("range that it names", "amount"): True,
        Key("goes on: no end stated", "amount-ink", form="triangle-right", filled=True): any(
            one.amount and None in (one.amount.at_least, one.amount.at_most) for one in held
        ),
        Key("what it could accept", "amount-ink", form="dashes"): any(one.could_accept for one in held),
        Key("what all share", "supports"): any(one.ground.zone and len(one.amounts) > 1 for one in found),
        Key("gap between them", "opposes"): any(one.ground.gap for one in found),
        Key("red line", "line", form="strokes"): any(one.red_line for one in held),
        Key("contested", "soft", "!"): any(one.contested for one in held),
    }
    yield from (key for key, is_shown in signs.items() if is_shown)

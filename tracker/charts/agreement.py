"""How often parties agree as a picture: a heat map of parties by parties, with index and number in each cell."""

from collections.abc import Iterator, Mapping, Sequence

from tracker.charts.frame import EDGE, NARROWEST_WIDE, closing_sentences, heading, sentences, told_in_words
from tracker.charts.layout.legend import Key, legend
from tracker.charts.layout.letters import width_of, wrapped
from tracker.charts.shapes import Box, Picture, Shape, Words
from tracker.domain.agreement.agreement import Agreement, Counts, PairAgreement
from tracker.reports.agreement.matrix import NOTHING, explanation_of, index_text, nobody_meets, title_of
from tracker.reports.agreement.pairs import AgreementAnswer
from tracker.reports.agreement.words import counted_parties

CELL, WIDEST, NAMES_ROOM = 40, 64, 150
MOST_PARTIES = 40
"""How many parties one picture shows."""
HALF = 0.5
"""The index from which on parties agree, or oppose each other, mostly."""


def agreement_picture(answer: AgreementAnswer, width: int) -> Picture:
    """Return the heat map of an answer, so many pixels wide, in as many tables as its columns need."""
    found = answer.found
    title = title_of(found)
    shapes, top = heading(title, "", answer.basis, width)
    if not found.pairs:
        return _empty(answer, title, shapes, width, top)
    parties, cut = shown_parties(found, MOST_PARTIES)
    columns = [party for party in parties if found.scope.includes_party(party)]
    drawn = _HeatMap(answer, width)
    for some in drawn.panels(columns):
        more, top = drawn.panel(parties, some, top)
        shapes += more
    keys, top = legend(_KEYS, left=EDGE, right=width - EDGE, top=top + 2)
    told = explanation_of(found, as_rows=False)
    below, bottom = sentences([f"{told[:1].upper()}{told[1:]}", *closing_sentences(answer.basis, cut)], width, top + 2)
    return Picture(title, told_of(answer), width, bottom + EDGE, (*shapes, *keys, *below))


def _empty(answer: AgreementAnswer, title: str, shapes: Sequence[Shape], width: int, top: float) -> Picture:
    empty = nobody_meets(answer.found)
    below, bottom = sentences([empty, *closing_sentences(answer.basis, "")], width, top + 6)
    return Picture(title, empty, width, bottom + EDGE, (*shapes, *below))


def told_of(answer: AgreementAnswer) -> str:
    """Return the indexes in words."""
    name = answer.shown_names.party
    return told_in_words(
        f"{' and '.join(map(name, pair.parties))}: {index_text(pair.now)}" for pair in answer.found.pairs
    )


def role_of(counts: Counts) -> str:
    """Return the colours of an index: those of stances, from opposes for -1 to supports for +1."""
    index = counts.index
    if index is None or index == 0:
        return "neutral"
    if abs(index) < HALF:
        return "conditional" if index > 0 else "sceptical"
    return "supports" if index > 0 else "opposes"


def shown_parties(found: Agreement, at_most: int) -> tuple[list[str], str]:
    """Return as many parties as one picture shows, each beside those that it agrees with, and a sentence on the cut.

    Of very many, those that share most issues with others.
    """
    shared = dict.fromkeys(found.parties, 0)
    for pair in found.pairs:
        for party in pair.parties:
            shared[party] += max(pair.now.n, pair.before.n if pair.before else 0)
    most = sorted(shared, key=lambda party: (-shared[party], party))[:at_most]
    cut = ""
    if len(shared) > at_most:
        cut = (
            f"Only the {counted_parties(at_most)} of {len(shared):,} that share most issues are drawn. "
            "Name --party to narrow it; tracker agreement has all."
        )
    return _beside_each_other(most, found.pairs), cut


def _beside_each_other(parties: Sequence[str], pairs: Sequence[PairAgreement]) -> list[str]:
    """Return parties in an order in which each follows the one with which it agrees most, of those that are left."""
    index = {pair.parties: pair.now.index or 0 for pair in pairs}

    def likeness(one: str, other: str) -> float:
        return index.get((min(one, other), max(one, other)), 0)

    left, found = list(parties), list[str]()
    while left:
        last = found[-1] if found else left[0]
        following = max(left, key=lambda party: (likeness(last, party), -left.index(party))) if found else last
        left.remove(following)
        found.append(following)
    return found


class _HeatMap:
    """The tables of a heat map as they are drawn."""

    def __init__(self, answer: AgreementAnswer, width: int) -> None:
        self.names, self.width = answer.shown_names, width
        self.room = 56 if width < NARROWEST_WIDE else NAMES_ROOM
        self.pairs: Mapping[tuple[str, ...], PairAgreement] = {pair.parties: pair for pair in answer.found.pairs}
        self.most = max(1, int((width - 2 * EDGE - self.room) / CELL))

    def panels(self, columns: Sequence[str]) -> Iterator[Sequence[str]]:
        """Divide columns among as few tables as hold them, about equally many in each."""
        number = -(-len(columns) // self.most)
        self.cell = min((self.width - 2 * EDGE - self.room) / -(-len(columns) // number), WIDEST)
        each = -(-len(columns) // number)
        yield from (columns[at : at + each] for at in range(0, len(columns), each))

    def panel(self, parties: Sequence[str], columns: Sequence[str], top: float) -> tuple[list[Shape], float]:
        """Return one table below a height, and where it ends."""
        left, base, cell = EDGE + self.room, top + 14, self.cell
        shapes: list[Shape] = []
        for at, party in enumerate(columns):
            size = 12 if width_of(party, 12, bold=True) <= cell else 9
            shapes.append(Words(left + (at + 0.5) * cell, base, party, "ink", size, bold=True, anchor="center"))
        top = base + 6
        for party in parties:
            shapes += self._head(party, top)
            for at, other in enumerate(columns):
                shapes += self._cell(party, other, left + at * cell, top)
            top += HEIGHT
        return shapes, top + 12

    def _head(self, party: str, top: float) -> Iterator[Shape]:
        name = self.names.name(party)
        if name == party or self.room < NAMES_ROOM:
            yield Words(EDGE, top + 20, party, "ink", 12, bold=True)
            return
        lines = wrapped(name, 11, self.room - 8, bold=True, most=2)
        base = top + (20 if len(lines) == 1 else 14)
        yield from (Words(EDGE, base + 12 * at, line, "ink", 11, bold=True) for at, line in enumerate(lines))

    def _cell(self, party: str, other: str, left: float, top: float) -> Iterator[Shape]:
        right, bottom, middle = left + self.cell - 2, top + HEIGHT - 2, left + self.cell / 2 - 1
        pair = self.pairs.get((min(party, other), max(party, other)))
        if party == other or pair is None:
            yield Box(left, right, top, bottom, "faint")
            if party != other:
                yield Words(middle, top + 19, NOTHING, "soft", 11, anchor="center")
            return
        role, told = role_of(pair.now), f"{self.names.party(party)} and {self.names.party(other)}: {_told(pair)}"
        yield Box(left, right, top, bottom, role, told, edged=False)
        before = index_text(pair.before) if pair.before is not None else ""
        below = f"({pair.now.n})" if pair.before is None else f"from {before}" if self.cell > 60 else before
        yield Words(middle, top + 14, index_text(pair.now), f"{role}-ink", 11, bold=True, anchor="center")
        yield Words(middle, top + 26, below, f"{role}-ink", 9, anchor="center")


HEIGHT = 33


def _told(pair: PairAgreement) -> str:
    now = pair.now
    counts = f"{index_text(now)} over {now.n}: {now.agree} agree, {now.agree_if} agree under conditions"
    before = f"; {index_text(pair.before)} before" if pair.before is not None else ""
    return f"{counts}, {now.opposed} opposed, {now.open} open{before}"


_KEYS = (
    Key("agree mostly (from +0.50)", "supports"),
    Key("agree rather", "conditional"),
    Key("neither", "neutral"),
    Key("oppose each other rather", "sceptical"),
    Key("oppose each other mostly (from -0.50)", "opposes"),
)

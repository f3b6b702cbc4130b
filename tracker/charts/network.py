"""How often parties agree as a network: parties in a circle, lines between those that agree or oppose each other."""

from collections.abc import Iterator
from math import cos, pi, sin

from tracker.charts.agreement import HALF, agreement_picture, shown_parties, told_of
from tracker.charts.frame import EDGE, NARROWEST_WIDE, closing_sentences, heading, sentences
from tracker.charts.layout.legend import Key, legend
from tracker.charts.layout.letters import wrapped
from tracker.charts.shapes import Dot, Line, Picture, Shape, Words
from tracker.domain.agreement.agreement import Counts, PairAgreement
from tracker.reports.agreement.matrix import title_of
from tracker.reports.agreement.pairs import AgreementAnswer

MOST = 620
"""The widest circle with its names, in pixels."""
MOST_PARTIES, MOST_NAMED = 24, 14
"""How many parties a network shows, and how many with their names; of more it shows the codes."""
SIDE = 0.25
"""How far beside the middle of the circle, in radii, a name begins there and not above or below its party."""


def network_picture(answer: AgreementAnswer, width: int) -> Picture:
    """Return the network of an answer, so many pixels wide; without two parties that meet, what the heat map says."""
    found = answer.found
    if not found.pairs:
        return agreement_picture(answer, width)
    title = title_of(found)
    shapes, top = heading(title, "", answer.basis, width)
    parties, cut = shown_parties(found, MOST_PARTIES)
    across = min(width - 2 * EDGE, MOST)
    label = (lambda party: party) if len(parties) > MOST_NAMED or width < NARROWEST_WIDE else answer.shown_names.name
    radius = across / 2 - (36 if label(parties[0]) == parties[0] else 100)
    middle = (width / 2, top + radius + 44)
    angles = {party: 2 * pi * at / len(parties) - pi / 2 for at, party in enumerate(parties)}
    places = {party: (middle[0] + radius * cos(by), middle[1] + radius * sin(by)) for party, by in angles.items()}
    drawn = [pair for pair in found.pairs if all(party in places for party in pair.parties)]
    for pair in sorted(drawn, key=lambda pair: abs(pair.now.index or 0)):
        shapes += _tie(pair, *(places[party] for party in pair.parties))
    for party, (at, down) in places.items():
        told = answer.shown_names.party(party)
        shapes.append(Dot(at, down, "circle", filled=True, role="accent", told=told, size=110))
        shapes += _name(label(party), at, down, angles[party])
    top = middle[1] + radius + 44
    keys, top = legend(_KEYS, left=EDGE, right=width - EDGE, top=top)
    below, bottom = sentences([_TOLD, *closing_sentences(answer.basis, cut)], width, top + 2)
    return Picture(title, told_of(answer), width, bottom + EDGE, (*shapes, *keys, *below))


def _tie(pair: PairAgreement, one: tuple[float, float], other: tuple[float, float]) -> Iterator[Line]:
    """Yield the line between two parties, if they agree or oppose each other: the stronger, the wider."""
    index = pair.now.index
    if index:
        width = _width(pair.now)
        yield Line(one[0], other[0], one[1], other[1], _role(index), dashed=index < 0, width=width)


def _role(index: float) -> str:
    return "supports-ink" if index > 0 else "opposes-ink"


def _width(counts: Counts) -> float:
    strong = abs(counts.index or 0) >= HALF
    return min(4.0, 0.4 + 0.4 * (counts.agree + counts.opposed)) if strong else 0.4


def _name(name: str, across: float, down: float, angle: float) -> Iterator[Shape]:
    """Yield the name of a party outside the circle."""
    side = cos(angle)
    anchor = "left" if side > SIDE else "right" if side < -SIDE else "center"
    lines = wrapped(name, 11, 96, bold=True, most=3)
    above = (
        len(lines) - 1 if anchor == "center" and sin(angle) < 0 else 0 if anchor == "center" else (len(lines) - 1) / 2
    )
    base = down + 4 + 15 * sin(angle) - 12 * above
    for number, line in enumerate(lines):
        yield Words(across + 11 * side, base + 12 * number, line, "ink", 11, bold=True, anchor=anchor)


_KEYS = (
    Key("agree: index above 0", "supports-ink", form="stroke"),
    Key("oppose each other: index below 0", "opposes-ink", form="dashes"),
)
_TOLD = "The more issues on which two parties agree, or oppose each other, the wider their line."

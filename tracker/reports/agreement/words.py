"""Parties and lines in the words of answers about agreement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tracker.domain.agreement.consensus import Holding
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.statement import Value
from tracker.reports.names import CODES, Names
from tracker.reports.positions import details
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.wording import day_text

RED_LINE = f"{details.RED_LINE} red line"
"""What is said of a position without which its party will not agree."""
MOST_NAMED = 24
"""How many parties a line names that have nothing to say beyond their class; the others are counted."""


class Line(NamedTuple):
    """A line on some parties: a label, whose sign and colour are those of a value, and what they hold.

    What there is `more` to say stands below the text.
    """

    label: str
    text: str
    value: Value | None = None
    mark: str = ""
    more: str = ""


def counted_parties(number: int, noun: str = "party") -> str:
    """A number of parties in words."""
    plural = "parties" if noun == "party" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def closed_text(closing: Closing, names: Names = CODES) -> str:
    """How and when an issue was closed, with the figure or the option that was agreed."""
    return f"{outcome_words(closing, names)} on {day_text(closing.on)}"


def all_of(number: int) -> str:
    """All parties of a question, with their number."""
    return f"all {number:,} parties" if number != 1 else "the only party"


def listed(parties: Sequence[str], names: Names = CODES) -> str:
    """The names of parties, the first of them if there are very many, with the number of the others."""
    named = ", ".join(map(names.party, parties[:MOST_NAMED]))
    more = len(parties) - MOST_NAMED
    return f"{named} and {more:,} more" if more > 0 else named


def listed_by_bloc(parties: Iterable[str], holdings: Mapping[str, Holding], names: Names = CODES) -> str:
    """The names of parties, behind those with positions of their own the others, with the bloc whose they take."""
    by_bloc: dict[str | None, list[str]] = {None: []}
    for party in parties:
        held = holdings.get(party)
        by_bloc.setdefault(held.through if held else None, []).append(party)
    own = by_bloc.pop(None)
    taken = [f"{listed(some, names)} (as {bloc})" for bloc, some in by_bloc.items()]
    return "; ".join([*([listed(own, names)] if own else []), *taken])


def party_text(held: Holding, names: Names) -> str:
    """The name of a party, with the bloc whose position it takes."""
    return names.party(held.party) + (f" (as {held.through})" if held.through else "")

"""The shape of a history: its size, how its statements are spread, and what its parties and issues are called."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

LAST = datetime(2026, 6, 30, 12, tzinfo=UTC)
"""When the last entry is recorded."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a history is, and how its statements are spread."""

    entries: int
    issues: int = 20
    parties: int = 200
    years: int = 75
    late: float = 0.30
    revised: float = 0.02
    corroborated: float = 0.03
    affirmed: float = 0.80
    """How many statements repeat the pair's stance."""
    sourced: float = 0.20
    """How many statements come with a source of their own; the others share a recent one."""
    steady: int = 0
    """How many pairs only ever affirm one stance: the entries are spread over all pairs alike."""
    quantities: int = 0
    """How many of the issues ask for an amount."""
    seed: int = 1


def with_long_runs(entries: int) -> Shape:
    """A history with about 1,000 statements for each pair, whatever its size; half of the pairs never move."""
    parties = max(2, round(entries / 5_250))
    return Shape(entries, issues=5, parties=parties, sourced=0.01, steady=parties * 5 // 2)


def party_code(number: int) -> str:
    """The code of a party: three letters, as a state's."""
    return "".join(chr(65 + number // 26**place % 26) for place in (2, 1, 0))


def issue_path(number: int, issues: int) -> str:
    """The path of an issue: ten groups, whatever their number."""
    groups = min(10, issues)
    return f"topic-{number % groups}/question-{number // groups}"


def words(chance: random.Random, number: int) -> str:
    """So many words of the trade, at random."""
    return " ".join(chance.choices(_WORDS, k=number))


_TEXT = (
    "treaty talks ceiling verification inspectors warheads moratorium corridor tariff quota emissions baseline finance "
    "ceasefire border delegation clause annex timetable review extension safeguards transparency mandate observers text"
)
_WORDS = _TEXT.split()

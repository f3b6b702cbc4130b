"""How often every two parties agree over the issues on which both hold something (DESIGN section 16)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar, assert_never

from tracker.domain.agreement.pair_counts import (
    PairCounts,
    RelationSets,
    related_on_choice,
    related_on_quantity,
    related_on_question,
)
from tracker.domain.answers.sides import Range
from tracker.domain.terms.amounts import NO_FIGURE, Amount
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import IssueForm, Stance
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.state import Answer
from tracker.domain.timeline.statement import Value


class Position(NamedTuple):
    """What a party holds on an issue that it did not withdraw, and of an amount whether conditions are in force."""

    issue: str
    party: str
    value: Value
    under_conditions: bool = False

    @property
    def has_relations(self) -> bool:
        """Whether it relates to others, as a position without a figure does not."""
        return self.value is not NO_FIGURE


@dataclass(frozen=True, slots=True)
class Counts:
    """On how many issues two parties both hold something, and how they relate on these.

    `n` is the sum of `agree`, `agree_if`, `opposed` and `open`; `same` counts equal stances and equal amounts.
    """

    n: int = 0
    agree: int = 0
    agree_if: int = 0
    opposed: int = 0
    open: int = 0
    same: int = 0

    @property
    def index(self) -> float | None:
        """From -1 (opposed wherever both took a side) to 1 (agreed there); None if they took sides nowhere."""
        sides = self.agree + self.opposed
        return (self.agree - self.opposed) / sides if sides else None

    @property
    def data(self) -> dict[str, int | float | None]:
        """The counts and the index by their names."""
        counted = (self.n, self.agree, self.agree_if, self.opposed, self.open, self.same, self.index)
        return dict(zip(FIELDS, counted, strict=True))


FIELDS = ("n", "agree", "agree_if", "opposed", "open", "same", "index")
"""What data say of two parties on a day, in order."""

NOTHING_SHARED = Counts()


class PairAgreement(NamedTuple):
    """Two parties, in order, and their counts on the day and, where two days are compared, on the earlier one."""

    parties: tuple[str, str]
    now: Counts
    before: Counts | None = None

    @property
    def difference(self) -> dict[str, int | float | None]:
        """By how much each count, and the index, rose since the earlier day; None if either day has no index."""
        then, now = (NOTHING_SHARED if self.before is None else self.before).data, self.now.data
        return {name: _less(now[name], then[name]) for name in FIELDS}


def _less(number: float | None, other: float | None) -> float | None:
    return None if number is None or other is None else number - other


@dataclass(frozen=True, slots=True)
class Agreement(Answer):
    """How often parties agree on a day and, where two days are compared, on an earlier one (`after`).

    `parties` are those in scope that hold anything on either day, and those that share an issue with one of them, in
    order. `pairs` are by parties, of which at least one is in scope; two that share no issue are none.
    """

    on: date
    after: date | None
    parties: tuple[str, ...]
    pairs: tuple[PairAgreement, ...]


def pair_agreements(
    positions: Sequence[Position], before: Sequence[Position] | None, scope: Scope, around: Circumstances
) -> tuple[PairAgreement, ...]:
    """Return the counts of every two parties of which either is in scope, by parties.

    The positions are those on a day, and those before on an earlier one, if two are compared.
    """
    now = counts(positions, around)
    then = None if before is None else counts(before, around)
    found = sorted(now.keys() | (then or {}).keys())
    return tuple(
        PairAgreement(pair, now.get(pair, NOTHING_SHARED), None if then is None else then.get(pair, NOTHING_SHARED))
        for pair in found
        if any(map(scope.includes_party, pair))
    )


def counts(positions: Iterable[Position], around: Circumstances) -> dict[tuple[str, str], Counts]:
    """Return the counts of every two parties that hold something on an issue, by parties in order.

    What has no relations does not count, nor does an issue on which each party answers for itself. The options of a
    choice count together, as one issue.
    """
    held = [one for one in positions if one.has_relations and not around.is_own(one.issue)]
    parties = sorted({one.party for one in held})
    numbers = {party: number for number, party in enumerate(parties)}
    by_issue: dict[str, list[Position]] = {}
    for one in held:
        by_issue.setdefault(around.choice_of(one.issue) or one.issue, []).append(one)
    sums = PairCounts(len(parties))
    for issue, of_issue in by_issue.items():
        sums.add(_related(around.form_of(issue), of_issue, numbers))
    return {
        (party, parties[other]): Counts(n, agree, agree_if, opposed, n - agree - agree_if - opposed, same)
        for party, number in numbers.items()
        for other, (n, agree, agree_if, opposed, same) in enumerate(sums.of_party(number))
        if other > number and n
    }


def _related(form: IssueForm, positions: Iterable[Position], numbers: Mapping[str, int]) -> Iterator[RelationSets]:
    """Yield how the parties with positions on an issue relate."""
    match form:
        case IssueForm.CHOICE:
            stances: dict[str, set[tuple[str, Stance]]] = {}
            for one in positions:
                if isinstance(one.value, Stance):
                    stances.setdefault(one.party, set()).add((one.issue, one.value))
            return related_on_choice(_members((frozenset(some), numbers[party]) for party, some in stances.items()))
        case IssueForm.QUANTITY:
            amounts = ((one, numbers[one.party]) for one in positions)
            return related_on_quantity(
                _members(
                    (Range(one.value, one.under_conditions), number)
                    for one, number in amounts
                    if isinstance(one.value, Amount)
                )
            )
        case IssueForm.QUESTION:
            return related_on_question(
                _members((one.value, numbers[one.party]) for one in positions if isinstance(one.value, Stance))
            )
        case _:
            assert_never(form)


T = TypeVar("T")


def _members(held: Iterable[tuple[T, int]]) -> dict[T, list[int]]:
    """Return the numbers of the parties by what they hold."""
    found: dict[T, list[int]] = {}
    for one, number in held:
        found.setdefault(one, []).append(number)
    return found

"""How often parties agree: what counts on which issue, and that counting all at once is counting one by one."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.agreement.agreement import Counts, PairAgreement, Position, counts, pair_agreements
from tracker.domain.agreement.pair_counts import PairCounts, related_on_quantity
from tracker.domain.answers.sides import Range, Relation, relation
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.circumstances import Circumstances, Form
from tracker.domain.timeline.statement import value_of

BETWEEN = ("RUS", "USA")
AROUND = Circumstances(
    forms={
        "goal": Form(IssueForm.QUANTITY, "bn"),
        "pledges": Form(IssueForm.QUANTITY, "bn", own=True),
        "wording": Form(IssueForm.CHOICE),
    },
    options={"wording": ["wording/down", "wording/out"]},
)


def positions(*lines: str) -> list[Position]:
    """Read what parties hold: `RUS goal >=3 if` is an amount under conditions."""
    found = []
    for line in lines:
        party, issue, value, *terms = line.split()
        found.append(Position(issue, party, value_of(value.replace("_", " ")), bool(terms)))
    return found


def between(*lines: str) -> Counts | None:
    return counts(positions(*lines), AROUND).get(BETWEEN)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("supports", "supports", Counts(n=1, agree=1, same=1)),
        ("opposes", "sceptical", Counts(n=1, agree=1)),
        ("supports", "conditional", Counts(n=1, agree_if=1)),
        ("conditional", "conditional", Counts(n=1, agree_if=1, same=1)),
        ("conditional", "opposes", Counts(n=1, opposed=1)),
        ("neutral", "supports", Counts(n=1, open=1)),
        ("neutral", "neutral", Counts(n=1, open=1, same=1)),
    ],
)
def test_stances_count_as_their_relation(one: str, other: str, expected: Counts) -> None:
    assert between(f"RUS x {one}", f"USA x {other}") == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1..3", "2..4", Counts(n=1, agree=1)),
        ("1..3", "2..4 if", Counts(n=1, agree_if=1)),
        ("3", "3", Counts(n=1, agree=1, same=1)),
        ("3 if", "3", Counts(n=1, agree_if=1, same=1)),
        ("3", "4", Counts(n=1, opposed=1)),
        (">=3", "<=2 if", Counts(n=1, opposed=1)),
        (">=3", ">=5", Counts(n=1, open=1)),
        ("<=3", "<=3", Counts(n=1, open=1, same=1)),
        (">=3", "<=3", Counts(n=1, agree=1)),
    ],
)
def test_amounts_count_by_what_they_share(one: str, other: str, expected: Counts) -> None:
    assert between(f"RUS goal {one}", f"USA goal {other}") == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("RUS wording/out supports", "USA wording/out supports", "USA wording/down opposes"),
            Counts(n=1, agree=1),
        ),
        (
            tuple(f"{one} supports" for one in ("RUS wording/down", "RUS wording/out", "USA wording/out")),
            Counts(n=1, agree=1),
        ),
        (
            ("RUS wording/out supports", "USA wording/out opposes", "RUS wording/down opposes"),
            Counts(n=1, opposed=1),
        ),
        (("RUS wording/out supports", "USA wording/out sceptical"), Counts(n=1, open=1)),
        (("RUS wording/out conditional", "USA wording/out supports"), Counts(n=1, open=1)),
        (("RUS wording/out opposes", "USA wording/out opposes"), Counts(n=1, open=1, same=1)),
        (("RUS wording/out supports", "USA wording/down supports"), Counts(n=1, open=1)),
    ],
)
def test_a_choice_counts_once_by_its_options(lines: tuple[str, ...], expected: Counts) -> None:
    assert between(*lines) == expected


def test_what_has_no_relation_does_not_count() -> None:
    assert between("RUS goal no_figure", "USA goal no_figure") is None
    assert between("RUS pledges 3", "USA pledges 3") is None
    assert between("RUS x supports", "USA y supports") is None


def test_the_index_weighs_agreement_against_opposition_alone() -> None:
    found = between(
        *(f"{party} {issue} supports" for party in BETWEEN for issue in ("a", "b", "c")),
        *("RUS d supports", "USA d opposes", "RUS e neutral", "USA e neutral", "RUS f conditional", "USA f supports"),
    )
    assert found == Counts(n=6, agree=3, agree_if=1, opposed=1, open=1, same=4)
    assert found.index == 0.5
    assert Counts(n=2, agree_if=1, open=1).index is None


def test_two_days_show_both_and_the_difference() -> None:
    before = positions("RUS x opposes", "USA x supports", "CHN x supports", "CHN y supports", "RUS y supports")
    now = positions("RUS x supports", "USA x supports")
    found = pair_agreements(now, before, Scope(frozenset({"RUS"})), AROUND)
    assert found == (
        PairAgreement(("CHN", "RUS"), Counts(), Counts(n=2, agree=1, opposed=1, same=1)),
        PairAgreement(BETWEEN, Counts(n=1, agree=1, same=1), Counts(n=1, opposed=1)),
    )
    assert [pair.difference["index"] for pair in found] == [None, 2.0]
    assert found[0].difference["n"] == -2


AMOUNTS = st.builds(
    lambda low, wide, ends: Amount(low if "l" in ends else None, low + wide if "u" in ends else None),
    st.decimals(-3, 3, places=1),
    st.sampled_from((0, 1, 3)),
    st.sampled_from(("lu", "lu", "l", "u")),
)


@given(st.lists(st.builds(Range, AMOUNTS, st.booleans()), min_size=2, max_size=12))
def test_amounts_sorted_by_their_ends_relate_as_every_two_do(held: list[Range]) -> None:
    groups: dict[Range, list[int]] = {}
    for number, one in enumerate(held):
        groups.setdefault(one, []).append(number)
    sums = PairCounts(len(held))
    sums.add(related_on_quantity(groups))
    for (number, one), (other_number, other) in combinations(enumerate(held), 2):
        found = relation(one, other)
        counted = (found is Relation.OVERLAP, found is Relation.OVERLAP_IF, found is Relation.APART)
        assert list(sums.of_party(number))[other_number] == (1, *counted, one.amount == other.amount)

"""How parties stand to each other, and where that changed."""

from datetime import date

import pytest

from tests.ledger import entries
from tracker.domain.relations import Relation, relation, relation_changes
from tracker.domain.replayed import stood_on
from tracker.domain.scope import Scope
from tracker.domain.timeline import replay, timelines
from tracker.domain.vocabulary import Stance

FIRST, LAST, EVERYTHING = date(2019, 1, 1), date(2019, 12, 31), Scope()
TEXT = """
    stated RUS x supports 2018-01-01
    stated USA x opposes 2018-01-01
    stated CHN x neutral 2018-01-01
    stated DEU x supports 2019-02-01
    stated USA x conditional 2019-03-01
    """


def rows(scope: Scope = EVERYTHING, text: str = TEXT) -> list[tuple[tuple[str, str], str, str]]:
    pairs = timelines(replay(entries(text)), Scope(), up_to=LAST)
    found = relation_changes(stood_on(pairs, FIRST), stood_on(pairs, LAST), scope)
    return [(one.change.parties, one.change.from_relation, one.change.to_relation) for one in found]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Stance.SUPPORTS, Stance.CONDITIONAL, Relation.AGREE),
        (Stance.OPPOSES, Stance.SCEPTICAL, Relation.AGREE),
        (Stance.SUPPORTS, Stance.SCEPTICAL, Relation.OPPOSED),
        (Stance.NEUTRAL, Stance.OPPOSES, Relation.OPEN),
        (Stance.NEUTRAL, Stance.NEUTRAL, Relation.OPEN),
    ],
)
def test_a_relation_is_a_matter_of_sides(one: Stance, other: Stance, expected: Relation) -> None:
    assert relation(one, other) is relation(other, one) is expected


def test_only_parties_present_on_both_days_have_a_relation_that_can_change() -> None:
    assert rows() == [(("RUS", "USA"), "opposed", "agree")]


def test_one_party_in_scope_is_enough() -> None:
    assert len(rows(Scope(frozenset({"RUS"})))) == len(rows(Scope(frozenset({"USA"})))) == 1
    assert rows(Scope(frozenset({"CHN"}))) == []


def test_a_withdrawal_ends_a_relation_without_changing_it() -> None:
    assert rows(text=TEXT + "withdrawn RUS x 2019-06-01") == []

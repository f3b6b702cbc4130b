"""How parties stand to each other, and where that changed."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger import entries
from tests.replayed import all_held_on
from tracker.domain.answers.sides import CAMP, Relation, relation
from tracker.domain.report.relations import Holding, HoldingsOnDay, RelationShift, relation_changes
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.statement import WITHDRAWN, Pair, statement_from
from tracker.domain.timeline.timelines import timelines

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
    found = relation_changes(all_held_on(pairs, FIRST), all_held_on(pairs, LAST), scope, Circumstances())
    return [(one.change.parties, one.change.from_relation, one.change.to_relation) for one in found]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Stance.SUPPORTS, Stance.SUPPORTS, Relation.AGREE),
        (Stance.SUPPORTS, Stance.CONDITIONAL, Relation.AGREE_IF),
        (Stance.CONDITIONAL, Stance.CONDITIONAL, Relation.AGREE_IF),
        (Stance.CONDITIONAL, Stance.OPPOSES, Relation.OPPOSED),
        (Stance.CONDITIONAL, Stance.SCEPTICAL, Relation.OPPOSED),
        (Stance.NEUTRAL, Stance.CONDITIONAL, Relation.OPEN),
        (Stance.OPPOSES, Stance.SCEPTICAL, Relation.AGREE),
        (Stance.SUPPORTS, Stance.SCEPTICAL, Relation.OPPOSED),
        (Stance.NEUTRAL, Stance.OPPOSES, Relation.OPEN),
        (Stance.NEUTRAL, Stance.NEUTRAL, Relation.OPEN),
    ],
)
def test_a_relation_is_a_matter_of_sides(one: Stance, other: Stance, expected: Relation) -> None:
    assert related(one, other) is related(other, one) is expected


def test_only_parties_present_on_both_days_have_a_relation_that_can_change() -> None:
    assert rows() == [(("RUS", "USA"), "opposed", "agree_if")]


def test_one_party_in_scope_is_enough() -> None:
    assert len(rows(Scope(frozenset({"RUS"})))) == len(rows(Scope(frozenset({"USA"})))) == 1
    assert rows(Scope(frozenset({"CHN"}))) == []


def test_a_withdrawal_ends_a_relation_without_changing_it() -> None:
    assert rows(text=TEXT + "withdrawn RUS x 2019-06-01") == []


PARTIES = "ABCDEFG"
PAIRS = st.sampled_from([(issue, party) for issue in ("x", "y") for party in PARTIES])
STANDINGS = st.dictionaries(PAIRS, st.none() | st.sampled_from(Stance))
SCOPES = st.sets(st.sampled_from(PARTIES), max_size=2).map(lambda parties: Scope(frozenset(parties)))


def stood(where: dict[Pair, Stance | None]) -> dict[Pair, Holding]:
    return {
        pair: Holding(
            statement_from(
                "position.stated",
                {"issue": pair[0], "party": pair[1], "stance": "neutral", "stated_on": "2019-01-01", "summary": "So."},
            )._replace(value=stance or WITHDRAWN)
        )
        for pair, stance in where.items()
    }


def related(one: Stance, other: Stance) -> Relation:
    camps = CAMP[one], CAMP[other]
    assert None not in camps
    return relation(camps[0] or 0, camps[1] or 0)


def every_two(then: HoldingsOnDay, now: HoldingsOnDay, scope: Scope) -> Iterator[RelationShift]:
    for pair, other in combinations(sorted(then.keys() & now.keys()), 2):
        held = then[pair], then[other], now[pair], now[other]
        four = tuple(one.statement.stance for one in held)
        if pair[0] != other[0] or not (scope.includes_party(pair[1]) or scope.includes_party(other[1])):
            continue
        if four[0] and four[1] and four[2] and four[3]:
            before, after = related(four[0], four[1]), related(four[2], four[3])
            if before is not after:
                yield RelationShift(
                    pair[0],
                    (pair[1], other[1]),
                    (held[0].statement, held[2].statement),
                    (held[1].statement, held[3].statement),
                    before,
                    after,
                    False,
                )


@given(STANDINGS, STANDINGS, SCOPES)
def test_the_changes_are_those_that_looking_at_every_two_parties_finds(
    then: dict[Pair, Stance | None], now: dict[Pair, Stance | None], scope: Scope
) -> None:
    before, after = stood(then), stood(then | now)
    expected = tuple(every_two(before, after, scope))
    assert relation_changes(before, after, scope, Circumstances()) == expected


@given(STANDINGS, STANDINGS, st.integers(-50, 50), st.integers(-50, 50))
def test_the_changes_are_looked_at_as_those_of_a_tuple(
    then: dict[Pair, Stance | None], now: dict[Pair, Stance | None], start: int, stop: int
) -> None:
    found = relation_changes(stood(then), stood(then | now), EVERYTHING, Circumstances())
    rows = tuple(found)
    assert (len(found), bool(found), hash(found), repr(found)) == (len(rows), bool(rows), hash(rows), repr(rows))
    assert (found[start:stop], list(reversed(found))) == (rows[start:stop], list(reversed(rows)))
    assert [found[at] for at in range(-len(rows), len(rows))] == [*rows, *rows]
    assert found != [*rows]
    for outside in (len(rows), -len(rows) - 1):
        with pytest.raises(IndexError):
            found[outside]

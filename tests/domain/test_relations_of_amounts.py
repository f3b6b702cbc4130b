"""How parties stand to each other on a quantity, and what movements do to the gap, held to the definitions."""

from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.answers.sides import Range, Relation, gap_of, relation
from tracker.domain.report.gaps import gap_moves
from tracker.domain.report.relations import Holding, held_on, relation_changes
from tracker.domain.terms.amounts import NO_FIGURE
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.typed_amounts import read_amount
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.circumstances import Circumstances, Form
from tracker.domain.timeline.order import place_of
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement, statement_from, value_of

QUANTITY = Circumstances(forms={"x": Form(IssueForm.QUANTITY, "USD bn"), "y": Form(IssueForm.QUANTITY, "t", own=True)})


@pytest.mark.parametrize(
    ("one", "other", "expected", "gap"),
    [
        ("<=200", ">=1300", "apart", "1100"),
        ("1", "1.5", "apart", "0.5"),
        ("1", "1", "overlap", None),
        ("<=200", ">=100", "overlap", None),
        ("<=200", "<=300", "open", None),
        (">=200", "250..300", "overlap", None),
        ("<=200", "<=300 if", "open", None),
        ("<=200 if", ">=100", "overlap_if", None),
        ("<=200 if", ">=1300", "apart", "1100"),
        ("100..200", "200..300", "overlap", None),
    ],
)
def test_amounts_are_apart_or_overlap_or_leave_an_end_open(one: str, other: str, expected: str, gap: str) -> None:
    sides = [Range(read_amount(text.removesuffix(" if")), text.endswith(" if")) for text in (one, other)]
    for pair in (sides, sides[::-1]):
        assert relation(*pair) is Relation(expected)
        found = gap_of(*pair)
        assert (found and f"{found:f}") == gap


AMOUNTS = ("1", "2", "3", "1..2", "1..3", ">=1", ">=2.5", "<=2", "<=0.5", str(NO_FIGURE), str(WITHDRAWN))
POSITIONS = st.tuples(st.sampled_from(AMOUNTS), st.booleans())
HELD = st.dictionaries(st.tuples(st.sampled_from("xy"), st.sampled_from("ABCDE")), POSITIONS)


def stood(where: dict[Pair, tuple[str, bool]]) -> dict[Pair, Holding]:
    return {pair: Holding(stated(*pair, text), under) for pair, (text, under) in where.items()}


def stated(issue: str, party: str, text: str, day: str = "2019-01-01", number: int = 0, **more: Any) -> Statement:
    data = {"issue": issue, "party": party, "stance": "neutral", "stated_on": day, "summary": "So.", **more}
    read = statement_from("position.stated", data, rank=number, position=number, event_id=f"{number}")
    return read._replace(value=value_of(text))


def by_definition(one: tuple[str, bool], other: tuple[str, bool]) -> tuple[str, str | None] | None:
    """The relation of two positions and their gap, from the ends as they are written; None where there is none."""
    if not all(text[0] in "<>0123456789" for text, _ in (one, other)):
        return None
    ends = [ends_of(text) for text, _ in (one, other)]
    lower, upper = [end for end, _ in ends if end is not None], [end for _, end in ends if end is not None]
    if not lower or not upper:
        return "open", None
    distance = max(lower) - min(upper)
    if distance > 0:
        return "apart", f"{distance.normalize():f}"
    return ("overlap_if" if one[1] or other[1] else "overlap"), None


def ends_of(text: str) -> tuple[Decimal | None, Decimal | None]:
    if text[0] in "<>":
        end = Decimal(text[2:])
        return (end, None) if text[0] == ">" else (None, end)
    least, _, most = text.partition("..")
    return Decimal(least), Decimal(most or least)


@given(HELD, HELD, st.sets(st.sampled_from("ABCDE"), max_size=2))
def test_the_changes_are_those_that_every_two_parties_have_by_definition(
    then: dict[Pair, tuple[str, bool]], now: dict[Pair, tuple[str, bool]], parties: set[str]
) -> None:
    now = then | now
    expected = []
    for one, other in combinations(sorted(p for i, p in then if i == "x"), 2):
        before, after = (by_definition(held["x", one], held["x", other]) for held in (then, now))
        in_scope = not parties or {one, other} & parties
        if before and after and in_scope and before[0] != after[0]:
            expected.append((("x", (one, other)), before, after))
    found = relation_changes(stood(then), stood(now), Scope(frozenset(parties)), QUANTITY)
    rows = [row.change for row in found]
    assert len(found) == len(rows)
    assert expected == [
        ((row.issue, row.parties), (row.from_relation, row.from_gap), (row.to_relation, row.to_gap)) for row in rows
    ]
    assert {row.unit for row in found} <= {"USD bn"}


STEPS = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(AMOUNTS), st.integers(1, 9)), max_size=9)


@given(STEPS, st.integers(0, 9))
def test_what_a_statement_did_to_the_gap_is_the_difference_of_the_gaps_before_and_after(
    steps: list[tuple[str, str, int]], after: int
) -> None:
    said = [stated("x", party, text, f"2019-01-{day:02}", at) for at, (party, text, day) in enumerate(steps, 1)]
    said.sort(key=place_of)
    held: dict[str, str] = {}
    expected = []
    for one in said:
        before = gap_by_definition(held)
        held[one.party] = str(one.value)
        if one.on.day > after:
            expected.append((one.event_id, (before, gap_by_definition(held))))
    timelines = [[one for one in said if one.party == party] for party in "ABC"]
    found = gap_moves(timelines, after=date(2019, 1, after) if after else date(2018, 12, 31))
    assert [(key, (move.before, move.after)) for key, move in found] == expected


def gap_by_definition(held: dict[str, str]) -> Decimal | None:
    ends = [ends_of(text) for text in held.values() if text[0] in "<>0123456789"]
    lower, upper = [end for end, _ in ends if end is not None], [end for _, end in ends if end is not None]
    return max(lower) - min(upper) if lower and upper and max(lower) > min(upper) else None


def test_conditions_are_in_force_from_the_last_of_a_run_of_equal_amounts_that_states_any() -> None:
    timeline = [
        stated("x", "A", "5", "2019-01-01", 1, conditions=["a"]),
        stated("x", "A", "6", "2019-01-02", 2),
        stated("x", "A", "6", "2019-01-03", 3, conditions=["b"]),
        stated("x", "A", "6", "2019-01-04", 4),
        stated("x", "A", "6", "2019-01-05", 5, conditions=[]),
    ]
    found = [held_on(timeline, date(2019, 1, day)) for day in range(1, 6)]
    assert [held and held.under_conditions for held in found] == [True, False, True, True, False]
    assert held_on(timeline, date(2018, 1, 1)) is None

"""What the classes of a question, the amounts of a quantity and the options of a choice come to (DESIGN section 16)."""

from decimal import Decimal

import pytest

from tracker.domain.agreement.consensus import Holding, IssueConsensus, Issues, PartyClass, Verdict, consensus_on_issue
from tracker.domain.agreement.ground import Shortfall
from tracker.domain.agreement.zone import Gap
from tracker.domain.terms.typed_amounts import read_amount
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.circumstances import Form
from tracker.domain.timeline.statement import value_of

A_QUESTION = Form()
A_QUANTITY = Form(IssueForm.QUANTITY, "bn")


def holding(party: str, text: str) -> Holding:
    """Read what a party holds: a value, and words for all else: `supports red if:it`, `>=3 could:>=2`."""
    value, *more = text.split()
    words = {name: words for name, _, words in (word.partition(":") for word in more)}
    return Holding(
        party,
        value_of("no figure") if value == "no_figure" else value_of(value),
        position=1,
        conditions=(words["if"],) if "if" in words else (),
        could_accept=read_amount(words["could"]) if "could" in words else None,
        red_line="red" in words,
        can_accept="accepts" in words,
        contested="contested" in words,
        left=("EUN",) if "left" in words else (),
        through=words.get("through"),
    )


def asked(form: Form, held: dict[str, str], *silent: str, at: str | None = None) -> IssueConsensus:
    holdings = {"x": {party: holding(party, text) for party, text in held.items()}}
    parties = sorted({*held, *silent})
    return consensus_on_issue("x", Issues({"x": form}, {}), holdings, parties, {}, Decimal(at) if at else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("supports", PartyClass.SUPPORTS),
        ("conditional", PartyClass.CONDITIONAL),
        ("neutral accepts", PartyClass.CAN_ACCEPT),
        ("neutral", PartyClass.UNDECIDED),
        ("supports accepts", PartyClass.SUPPORTS),
        ("sceptical", PartyClass.SCEPTICAL),
        ("opposes", PartyClass.OPPOSES),
        ("opposes contested", PartyClass.CONTESTED),
        ("withdrawn contested", PartyClass.CONTESTED),
        ("withdrawn left", PartyClass.DISSOCIATED),
        ("withdrawn", PartyClass.SILENT),
    ],
)
def test_a_party_is_in_exactly_one_class_of_a_question(text: str, expected: PartyClass) -> None:
    found = asked(A_QUESTION, {"RUS": text}, "USA")
    assert [name for name, parties in found.classes.items() if "RUS" in parties] == [expected]
    assert "USA" in found.classes[PartyClass.SILENT]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">=3", PartyClass.STATED),
        ("no_figure", PartyClass.NO_FIGURE),
        ("3 contested", PartyClass.CONTESTED),
        ("withdrawn left", PartyClass.DISSOCIATED),
        ("withdrawn", PartyClass.SILENT),
    ],
)
def test_a_party_is_in_exactly_one_class_of_a_quantity(text: str, expected: PartyClass) -> None:
    found = asked(A_QUANTITY, {"RUS": text})
    assert [name for name, parties in found.classes.items() if parties] == [expected]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (("supports", "opposes", "sceptical"), Verdict.OBJECTED),
        (("supports", "sceptical"), Verdict.DOUBTED),
        (("supports", "supports contested"), Verdict.DOUBTED),
        (("supports", "withdrawn left"), Verdict.DOUBTED),
        (("supports", "supports"), Verdict.ALL_SUPPORT),
        (("supports", "neutral accepts"), Verdict.NO_OBJECTION),
        (("supports", "withdrawn"), Verdict.NO_OBJECTION),
        (("conditional", "neutral"), Verdict.NO_OBJECTION),
        (("neutral accepts", "neutral"), Verdict.NONE),
        ((), Verdict.NONE),
    ],
)
def test_the_verdict_on_a_question(held: tuple[str, ...], expected: Verdict) -> None:
    assert asked(A_QUESTION, {f"P{number}": text for number, text in enumerate(held)}).verdict is expected


def test_a_party_that_says_nothing_keeps_all_from_supporting() -> None:
    assert asked(A_QUESTION, {"RUS": "supports"}, "USA").verdict is Verdict.NO_OBJECTION


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((">=3", "<=2"), Verdict.APART),
        (("3", "3"), Verdict.AGREED),
        ((">=3", ">=3"), Verdict.AGREED),
        (("3", "3", "no_figure"), Verdict.OPEN),
        (("1..4", "3..9"), Verdict.ZONE),
        (("1..4", "<=3", "no_figure"), Verdict.OPEN),
        ((">=3", ">=4"), Verdict.OPEN),
        (("no_figure", "3 contested"), Verdict.NONE),
        (("3", "4", "9 contested"), Verdict.APART),
    ],
)
def test_the_verdict_on_a_quantity(held: tuple[str, ...], expected: Verdict) -> None:
    assert asked(A_QUANTITY, {f"P{number}": text for number, text in enumerate(held)}).verdict is expected


def test_a_contested_amount_is_no_part_of_the_zone_or_the_gap() -> None:
    found = asked(A_QUANTITY, {"RUS": "1..3", "USA": "2..5", "CHN": ">=9 contested"})
    assert found.ground.zone == read_amount("2..3")
    assert found.ground.gap is None


def test_the_reach_takes_what_parties_could_accept_and_else_their_amounts() -> None:
    found = asked(A_QUANTITY, {"RUS": ">=300 could:>=200", "USA": "<=250"})
    assert (found.ground.zone, found.ground.reach) == (None, read_amount("200..250"))
    assert found.ground.gap is not None
    assert found.ground.gap == Gap(Decimal(50), ("RUS",), ("USA",))


def test_on_issues_of_their_own_parties_have_no_zone_and_no_verdict() -> None:
    found = asked(Form(IssueForm.QUANTITY, "bn", own=True), {"RUS": "3", "USA": "<=2"})
    assert found.verdict is None
    assert found.ground == asked(A_QUANTITY, {}).ground


def test_a_figure_is_held_accepted_missed_contested_or_unanswered() -> None:
    held = {
        "AAA": "200..300",
        "BBB": "<=200 could:<=250",
        "CCC": ">=1300",
        "DDD": "<=100 could:<=150",
        "EEE": "250 contested",
        "FFF": "no_figure",
    }
    at = asked(A_QUANTITY, held, "GGG", at="250").at
    assert at is not None
    assert (at.holds, at.could_accept, at.contested, at.named_none) == (("AAA",), ("BBB",), ("EEE",), ("FFF", "GGG"))
    assert at.short == (
        Shortfall("CCC", Decimal(1050), None, True),
        Shortfall("DDD", Decimal(150), Decimal(100), False),
    )


def test_conditions_of_whoever_does_not_object_count() -> None:
    assert asked(A_QUESTION, {"RUS": "supports if:verified"}).under_conditions
    assert asked(A_QUESTION, {"RUS": "conditional"}).under_conditions
    assert asked(A_QUESTION, {"RUS": "sceptical if:costly"}).under_conditions
    assert not asked(A_QUESTION, {"RUS": "opposes if:costly", "USA": "supports"}).under_conditions
    assert asked(A_QUANTITY, {"RUS": "3 if:verified"}).under_conditions


def test_red_lines_conditions_and_whose_position_it_is_stand_by_party() -> None:
    found = asked(A_QUESTION, {"USA": "opposes red if:costly", "DEU": "supports red through:EUN"})
    assert found.red_lines == ("DEU", "USA")
    assert [(held.party, held.conditions) for held in found.conditions] == [("USA", ("costly",))]
    assert found.through == {"DEU": "EUN"}


def choice(**options: dict[str, str]) -> IssueConsensus:
    holdings = {
        f"x/{name}": {party: holding(party, text) for party, text in held.items()} for name, held in options.items()
    }
    parties = sorted({party for held in holdings.values() for party in held})
    issues = Issues({"x": Form(IssueForm.CHOICE)}, {"x": sorted(holdings)})
    return consensus_on_issue("x", issues, holdings, parties, {})


@pytest.mark.parametrize(
    ("out", "down", "expected"),
    [
        ({"AAA": "supports"}, {"BBB": "supports"}, ("x/down", "x/out")),
        ({"AAA": "supports", "BBB": "opposes"}, {"BBB": "supports"}, ("x/down",)),
        ({"AAA": "supports", "BBB": "sceptical"}, {"BBB": "supports"}, ("x/down",)),
        ({"AAA": "supports", "BBB": "neutral contested"}, {"BBB": "supports"}, ("x/down",)),
        ({"AAA": "conditional"}, {"BBB": "supports"}, ("x/down",)),
        ({"AAA": "supports red"}, {"BBB": "supports"}, ("x/out",)),
        ({"AAA": "opposes red"}, {"BBB": "supports"}, ("x/down",)),
        ({"AAA": "supports red"}, {"BBB": "supports red"}, ()),
        ({"AAA": "supports red"}, {"AAA": "supports"}, ("x/down", "x/out")),
        ({"AAA": "supports red"}, {"AAA": "supports red"}, ("x/down", "x/out")),
        ({"AAA": "supports red"}, {"AAA": "neutral accepts", "BBB": "supports"}, ("x/down", "x/out")),
        ({"AAA": "supports red"}, {"AAA": "neutral", "BBB": "supports"}, ("x/out",)),
    ],
)
def test_an_option_is_unopposed_if_somebody_supports_it_and_nobody_is_against_it(
    out: dict[str, str], down: dict[str, str], expected: tuple[str, ...]
) -> None:
    found = choice(out=out, down=down)
    assert (found.verdict, found.unopposed) == (None, expected)
    assert [option.issue for option in found.options] == ["x/down", "x/out"]


def test_an_option_names_whose_red_lines_for_another_rule_it_out() -> None:
    down, out = choice(out={"AAA": "supports red"}, down={"AAA": "opposes", "BBB": "conditional red"}).options
    assert (down.rival_red_lines, out.rival_red_lines) == (("AAA",), ("BBB",))
    of_two = choice(out={"AAA": "supports red contested"}, down={"AAA": "supports red"}).options
    assert [one.rival_red_lines for one in of_two] == [(), ()]
    assert asked(A_QUESTION, {"AAA": "supports red"}).rivals is None

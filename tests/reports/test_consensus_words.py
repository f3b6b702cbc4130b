"""Who could agree as people read it: who still objects, to what, and what would be needed."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import within_this_process
from tests.reports.views import Ask
from tracker.domain.log.entries import Draft
from tracker.domain.log.parsing import parse_event
from tracker.reports.agreement import brief

DAY = "2024-11-20"


def negotiation() -> list[Draft]:
    """A night of a conference: an amount, a choice, a question, and what is left of a bloc."""
    said = {"summary": "Said so.", "stated_on": DAY}
    parties = {"EUN": "bloc", "COP": "forum", **dict.fromkeys(("DEU", "POL", "USA", "IND", "CHN", "NOR"), "state")}
    goal = {"issue": "goal", **said}
    events: list[tuple[str, dict[str, Any]]] = [
        *(("party.registered.v2", {"party": code, "name": f"P {code}", "kind": parties[code]}) for code in parties),
        ("issue.opened.v2", {"issue": "goal", "title": "Goal", "question": "?", "form": "quantity", "unit": "bn"}),
        ("issue.opened.v2", {"issue": "coal", "title": "Coal", "question": "Which?", "form": "choice"}),
        *(("issue.opened.v1", {"issue": f"coal/{one}", "title": one, "question": "?"}) for one in ("out", "down")),
        ("issue.opened.v1", {"issue": "fund", "title": "Fund", "question": "Should it be?"}),
        ("issue.opened.v1", {"issue": "quiet", "title": "Quiet", "question": "Should it be?"}),
        *(("membership.started.v1", {"party": one, "bloc": "EUN", "on": "2000-01-01"}) for one in ("DEU", "POL")),
        ("position.stated.v2", {"party": "IND", **goal, "amount": {"at_least": "1300"}, "red_line": True}),
        ("position.stated.v2", {"party": "EUN", **goal, "amount": {"at_least": "200", "at_most": "300"}}),
        (
            "position.stated.v2",
            {
                **{"party": "USA", **goal, "amount": {"at_most": "200"}, "could_accept": {"at_most": "250"}},
                "conditions": ["others pay too"],
            },
        ),
        ("position.stated.v2", {"party": "NOR", **goal, "act": "declines"}),
        ("position.stated.v1", {"party": "IND", "issue": "coal/down", "stance": "supports", **said}),
        ("position.stated.v1", {"party": "USA", "issue": "coal/down", "stance": "neutral", "act": "accepts", **said}),
        ("position.stated.v2", {"party": "CHN", "issue": "coal/out", "stance": "opposes", **said}),
        ("position.stated.v1", {"party": "EUN", "issue": "coal/out", "stance": "supports", **said}),
        (
            "position.stated.v2",
            {**said, "party": "CHN", "issue": "fund", "stance": "opposes", "conditions": ["it is voluntary"]}
            | {"red_line": True},
        ),
        ("position.stated.v1", {"party": "USA", "issue": "fund", "stance": "sceptical", **said}),
        ("position.stated.v1", {"party": "EUN", "issue": "fund", "stance": "supports", **said}),
        *(
            (
                "position.withdrawn.v2",
                {"party": "POL", "issue": issue, "on": DAY, "summary": "Left.", "leaves_position_of": "EUN"},
            )
            for issue in ("fund", "goal")
        ),
    ]
    ids = (f"00000000-0000-0000-0000-{number:012}" for number in range(len(events)))
    return [Draft(parse_event(*event), event_id, "analyst") for event, event_id in zip(events, ids, strict=True)]


@pytest.fixture
def ask(new_database: Callable[..., Any]) -> Any:
    """Asks who could agree on that day, and says what is printed."""

    def asked(*args: str, columns: int = 100, on: tuple[str, ...] = ("--on", DAY), code: int = 0) -> str:
        with new_database(drafts=negotiation()) as (url, _):
            ran = within_this_process(url)("consensus", *args, *on, COLUMNS=str(columns))
        assert ran.code == code, ran.err
        return str(ran.err if code else ran.out)

    return asked


def test_who_objects_comes_first_with_what_would_be_needed(ask: Callable[..., str]) -> None:
    shown = ask()
    assert "Of 4 issues: 2 objected to, 1 without objection, 1 without a word." in shown
    assert "fund: objected to: 1 of 6 opposes it, 2 more have doubts" in shown
    assert "x opposes        CHN, unless: it is voluntary [‖ red line]" in shown
    assert "w left its bloc  POL left the position of EUN" in shown
    order = [shown.index(text) for text in ("Objected to\n", "fund:", "goal:", "Nobody objects\n", "coal:", "quiet:")]
    assert order == sorted(order)


def test_a_gap_is_shown_with_whose_it_is_and_what_could_bridge_it(ask: Callable[..., str]) -> None:
    shown = " ".join(ask("goal").split())
    assert "goal: apart by 1,100 bn" in shown
    assert "x gap IND at least 1,300; USA at most 200" in shown
    assert "even what they could accept leaves 1,050 bn: IND at least 1,300; USA at most 250" in shown
    assert "overlap EUN, USA share 200" in shown
    assert "at most 200 USA, could accept at most 250, if: others pay too" in shown
    assert "∅ no figure NOR" in shown


def test_at_a_figure_each_party_is_within_short_or_unnamed(ask: Callable[..., str]) -> None:
    shown = " ".join(ask("goal", "--at", "250").split())
    told = "At 250 bn: 1 of 5 named a range that holds it, 1 could accept it, 1 wants more, 2 named none."
    assert told in shown
    assert "Objected to" not in shown
    assert shown.index("At 250 bn goal:") > shown.index(told)
    assert "+ within EUN ~ could accept USA x too low IND wants 1,050 bn more" in shown
    assert "x too high USA wants 100 bn less" in " ".join(ask("goal", "--at", "300").split())


def test_at_a_figure_who_named_none_left_a_bloc_or_is_silent_stands_apart(ask: Callable[..., str]) -> None:
    shown = " ".join(ask("goal", "--at", "250", "--of", "EUN,NOR,POL,CHN", "--inherit").split())
    assert "w left its bloc POL" in shown
    assert "∅ no figure NOR silent CHN" in shown


def test_a_choice_shows_first_what_nobody_opposes(ask: Callable[..., str]) -> None:
    shown = ask("coal")
    assert "coal: nobody opposes down" in shown
    assert shown.index("  down: no objection") < shown.index("  out: objected to")
    assert "= can accept  USA" in shown


def test_a_bloc_speaks_for_its_members_with_inheritance(ask: Callable[..., str]) -> None:
    shown = ask("--of", "EUN", "--inherit")
    assert "the 2 members of EUN" in shown
    assert "+ supports       DEU (as EUN)" in shown
    assert "w left its bloc  POL left the position of EUN" in shown
    without = ask("fund", "--of", "EUN")
    assert "silent" in without
    assert "EUN speaks for members that are silent here: --inherit counts these with their blocs." in without
    assert "--inherit" not in ask("fund", "--of", "EUN", "--inherit") + ask("quiet", "--of", "EUN")


@pytest.mark.parametrize("width", [40, 60, 80])
def test_it_fits_narrow_terminals(ask: Callable[..., str], width: int) -> None:
    assert max(map(len, ask(columns=width).splitlines())) <= width


@pytest.mark.parametrize("form", ["md", "html"])
def test_documents_name_parties_and_issues(ask: Callable[..., str], form: str) -> None:
    shown = ask("--format", form).replace("\\", "")
    assert "P CHN (CHN), unless: it is voluntary" in shown
    assert "Goal (goal)" in shown
    assert "left the position of EUN" in shown


def test_csv_has_a_row_for_each_option_and_plain_lists(ask: Callable[..., str]) -> None:
    rows = {row["issue"]: row for row in csv.DictReader(io.StringIO(ask("--format", "csv")))}
    assert list(rows) == ["coal", "coal/down", "coal/out", "fund", "goal", "quiet"]
    assert rows["coal"]["unopposed"] == "coal/down"
    assert rows["goal"]["stated"] == "EUN 200..300; IND >=1300; USA <=200"
    assert (rows["goal"]["gap"], rows["goal"]["gap_at_least"], rows["goal"]["gap_at_most"]) == ("1100", "IND", "USA")
    assert rows["fund"]["conditions"] == "CHN: it is voluntary"


def test_a_series_tells_the_days_on_which_anything_changed(ask: Callable[..., str]) -> None:
    span = ("--from", "2024-11-18", "--to", "2024-11-25")
    shown = ask("fund", on=span)
    assert "18 Nov 2024  nobody supports or opposes it" in shown
    assert "20 Nov 2024  objected to: 1 of 4 opposes it, 2 more have doubts" in shown
    assert "now supports: EUN; sceptical: USA; opposes: CHN; left its bloc: POL" in " ".join(shown.split())
    days = json.loads(ask("fund", "--format", "json", on=span))
    assert [(day["on"], day["verdict"], day["counts"]["opposes"]) for day in days] == [
        ("2024-11-18", "none", 0),
        (DAY, "objected", 1),
    ]


def test_a_series_names_the_parties_in_each_class_on_every_day(ask: Callable[..., str]) -> None:
    span = ("--from", DAY, "--to", "2024-11-25")
    (fund,) = json.loads(ask("fund", "--format", "json", on=span))
    named = {name: fund[name] for name in ("supports", "sceptical", "opposes", "dissociated")}
    assert named == {"supports": ["EUN"], "sceptical": ["USA"], "opposes": ["CHN"], "dissociated": ["POL"]}
    assert {name: len(fund[name]) for name in fund["counts"]} == fund["counts"]
    (goal,) = json.loads(ask("goal", "--format", "json", on=span))
    assert goal["stated"][0] == {"party": "EUN", "amount": {"at_least": "200", "at_most": "300"}}
    (row,) = csv.DictReader(io.StringIO(ask("goal", "--format", "csv", on=span)))
    assert (row["stated"], row["stated_parties"]) == ("3", "EUN 200..300; IND >=1300; USA <=200")
    words = " ".join(ask("goal", on=("--from", "2024-11-19", "--to", DAY)).split())
    assert "now 200 to 300: EUN; at least 1,300: IND; at most 200: USA; no figure: NOR; left its bloc: POL" in words


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_people_are_shown_the_first_issues_of_very_many(
    ask: Callable[..., str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(brief, "MOST_LINES", 8)
    shown = ask("--format", form)
    assert "Only 1 of 4 issues are shown. Name an issue or --of some parties" in shown.replace("\\", "")
    assert "goal" not in shown.lower()
    assert len(json.loads(ask("--format", "json"))) == 4


@pytest.mark.parametrize(
    ("args", "on", "code", "sentence"),
    [
        (("fund", "--at", "3"), (), 1, "A figure is compared with the amounts on a quantity, and none is asked about."),
        (("goal", "--at", "1e9"), (), 2, "'1e9' is not a number: write 1000000000."),
        (("goal", "--at", "3"), ("--from", DAY), 2, "--at asks about one day"),
        ((), ("--from", DAY, "--on", DAY), 2, "--on asks about one day"),
        ((), ("--to", DAY), 2, "--to goes with --from"),
        ((), ("--from", DAY, "--to", "2024-11-01"), 2, "lies before"),
        (("--of", "EUN,XYZ"), (), 1, "No party 'XYZ' is registered."),
        (("nothing",), (), 1, "'nothing'"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    ask: Callable[..., str], args: tuple[str, ...], on: tuple[str, ...], code: int, sentence: str
) -> None:
    assert sentence in ask(*args, on=on, code=code)


YEARS = """
    issue end form=quantity unit=year title=End question="By when?"
    issue pledge form=quantity unit=bn own=yes title=Pledge question="How much?"
    stated EUN end 2035 2024-11-20
    stated IND end <=2030 2024-11-20
    stated USA pledge 5 2024-11-20
    """


def test_a_year_is_too_early_or_too_late(read: Ask) -> None:
    shown = " ".join(read(YEARS, "consensus", "end", "--at", "2032", "--on", DAY, form="table").split())
    assert "x too early EUN wants 3 years later x too late IND wants 2 years earlier" in shown
    assert "At 2032: 0 of 2 named a range that holds it, 1 wants later, 1 wants earlier." in shown
    assert "more" not in shown


def test_no_figure_is_asked_about_where_each_answers_for_itself(new_database: Callable[..., Any]) -> None:
    with new_database(YEARS) as (url, _):
        refused = within_this_process(url)("consensus", "pledge", "--at", "5", "--on", DAY)
        assert (refused.code, refused.out) == (1, "")
        assert "On pledge each party answers for itself: no figure is asked of all. Leave out --at." in refused.err
        assert within_this_process(url)("consensus", "--at", "2032", "--on", DAY).code == 0


CONTESTED = """
    issue goal form=quantity unit=bn title=Goal question="How much?"
    issue text form=choice title=Text question="Which?"
    issue text/out title=out question="Should it be?"
    issue text/down title=down question="Should it be?"
    stated USA goal <=250 2024-11-19
    stated USA goal 300 2024-11-20
    stated RUS goal - 2024-11-20 act=declines
    stated CHN text/out supports 2024-11-20 red_line=yes
    stated CHN text/down opposes 2024-11-19
    stated CHN text/down neutral 2024-11-20 act=accepts
    """


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_both_sides_of_what_is_contested_are_shown(read: Ask, form: str) -> None:
    shown = " ".join(read(CONTESTED, "consensus", "--no-titles", "--on", DAY, form=form).replace("\\", "").split())
    assert "USA 300 (20 Nov 2024) against at most 250 (19 Nov 2024)" in shown
    assert "o amount is settled: 1 of 3 is contested, in bn" in shown
    assert "nobody named an amount" not in shown
    assert "CHN can accept (20 Nov 2024) against opposes (19 Nov 2024)" in shown
    assert "ruled out" not in shown


def test_how_to_settle_what_is_contested_is_said_once(read: Ask) -> None:
    shown = " ".join(read(CONTESTED, "consensus", "--on", DAY, form="table").split())
    assert shown.count("To settle what is contested") == 1
    assert "--speaker NAME --reason TEXT" in shown
    assert "--sequence" not in shown
    one_day = CONTESTED.replace("2024-11-19", DAY)
    assert "--sequence 1 --reason TEXT" in read(one_day, "consensus", "--on", DAY, form="table").replace("\n", " ")
    assert "To settle" not in read(YEARS, "consensus", "--on", DAY, form="table")


@pytest.mark.parametrize(
    ("figure", "told"), [("300", "what is in effect holds it"), ("200", "what is in effect does not hold it")]
)
def test_at_a_figure_what_is_contested_says_whether_it_holds_that(read: Ask, figure: str, told: str) -> None:
    shown = " ".join(read(CONTESTED, "consensus", "goal", "--at", figure, "--on", DAY, form="table").split())
    assert f"against at most 250 (19 Nov 2024), {told}" in shown
    assert f"At {figure} bn: 0 of 2 named a range that holds it, 1 is contested, 1 named none." in shown


def test_a_member_of_blocs_that_differ_shows_both_and_no_way_to_settle_it(read: Ask) -> None:
    text = """
        party AAA kind=bloc
        party BBB kind=bloc
        started USA AAA 2000-01-01
        started USA BBB 2000-01-01
        stated AAA arms/start supports 2024-11-01
        stated BBB arms/start opposes 2024-11-10
        """
    shown = " ".join(read(text, "consensus", "--of", "USA", "--inherit", "--on", DAY, form="table").split())
    assert "USA (as BBB) opposes (10 Nov 2024) against AAA supports (1 Nov 2024)" in shown
    assert "To settle" not in shown

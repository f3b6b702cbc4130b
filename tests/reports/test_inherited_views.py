"""What members take from their blocs as people read it: marked as the bloc's, and counted once."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import within_this_process
from tests.reports.test_html import Page

MEMBERS = [f"M{number:02}" for number in range(27)]
TEXT = "\n".join(
    [
        *(f"started {member} EUN 2019-01-01" for member in MEMBERS),
        "stated EUN x supports 2019-02-01",
        "stated RUS x opposes 2019-02-01",
        "stated M00 x opposes 2019-03-01 speaker=Ann",
        "turn: stated EUN x opposes 2019-04-01 on_behalf_of=M01",
        "ended M26 EUN 2019-05-01",
        "started NEW EUN 2019-06-01",
    ]
)
FORMS = ("table", "md", "html")
REPORT = ("report", "--inherit", "--from", "2019-03-31", "--to", "2019-12-31")

Ask = Callable[..., str]


@pytest.fixture
def ask(new_database: Callable[..., Any]) -> Any:
    def asked(*question: str, text: str = TEXT) -> str:
        with new_database(text) as (url, _):
            ran = within_this_process(url)(*question, COLUMNS="100")
        assert ran.code == 0, ran.err
        text = str(ran.out)
        return " ".join((Page(text).text if "html" in question else text.replace("\\", "")).split())

    return asked


@pytest.mark.parametrize("form", FORMS)
def test_members_that_move_with_their_bloc_are_named_with_it_and_counted_once(ask: Ask, form: str) -> None:
    shown = ask(*REPORT, "--format", form, "--no-titles")
    assert "2 positions moved, 1 new, 1 change of relations" in shown
    assert f"with it 25 members without a position of their own: {', '.join(MEMBERS[1:26])}" in shown
    assert shown.count("M03") == 1
    assert "EUN and 25 members (supports -> opposes)".replace(">", "&gt;" if form == "md" else ">") in shown


def test_data_has_a_row_for_every_member_with_the_bloc_and_the_days_of_membership(ask: Ask) -> None:
    report = json.loads(ask(*REPORT, "--format", "json"))
    turned = [row for row in report["changes"] if row["kind"] == "reversed"]
    assert [(row["party"], row["inherited_from"]) for row in turned] == [
        ("EUN", None),
        *((member, "EUN") for member in MEMBERS[1:]),
    ]
    assert {row["member_until"] for row in turned} == {None, "2019-04-30"}
    assert len(report["net"]) == 28


@pytest.mark.parametrize("form", FORMS)
def test_a_blocs_words_in_a_history_are_named_as_the_blocs(ask: Ask, form: str) -> None:
    shown = ask("history", "M26", "x", "--inherit", "--format", form, "--no-titles", text=TEXT)
    assert shown.count("EUN's (member 1 Jan 2019 to 30 Apr 2019): Said so.") == 2
    assert "for M01" in shown
    assert "M26 left EUN" in shown
    assert "its bloc's, for want of its own" in shown
    joined = ask("history", "NEW", "x", "--inherit", "--format", form, "--no-titles")
    assert "EUN's of 1 Apr 2019 (member since 1 Jun 2019; joined EUN): Said so." in joined


def test_an_asked_for_member_stands_for_itself(ask: Ask) -> None:
    shown = ask(*REPORT, "--party", "M03")
    assert "M03 on x: supports< -> opposes<" in shown
    assert "EUN's (member since 1 Jan 2019): Said so." in shown


def test_a_saved_report_goes_on_with_inheritance(ask: Ask, new_database: Callable[..., Any], tmp_path: Any) -> None:
    with new_database(TEXT) as (url, _):
        run = within_this_process(url)
        saved = tmp_path / "report.json"
        saved.write_text(run(*REPORT[:4], "--to", "2019-04-30", "--format", "json").out)
        later = json.loads(run("report", "--since", str(saved), "--to", "2019-12-31", "--format", "json").out)
        plain = json.loads(run("report", "--from", "2019-04-30", "--to", "2019-12-31", "--format", "json").out)
    assert later["inherit"]
    assert [(row["party"], row["kind"]) for row in later["changes"]] == [("M26", "lost"), ("NEW", "new")]
    assert "inherit" not in plain
    assert plain["changes"] == []


CONTESTED = """
    started FRA EUN 2000-01-01
    started FRA NATO 2000-01-01
    stated EUN x conditional 2020-01? attribution=inferred
    stated NATO x opposes 2020-01-10
    """


@pytest.mark.parametrize("form", ["table", "html"])
def test_an_inherited_stance_is_explained_with_its_bloc_its_day_and_its_contest(ask: Ask, form: str) -> None:
    question = ("explain", "FRA", "x", "--on", "2020-03-31", "--inherit")
    shown = ask(*question, "--format", form, text=CONTESTED)
    assert "EUN (below)" in shown
    assert "January 2020?" in shown
    assert "31 Jan 2020" not in shown
    assert "EUN conditional? (no named speaker, January 2020?) against NATO opposes" in shown
    data = json.loads(ask(*question, "--format", "json", text=CONTESTED))
    assert data["conclusion"]["contested"]
    assert len(data["contested_by"]) == 1


WORDS = """
    party USA
    party FRA
    party DEU
    party EUN kind=bloc
    started FRA EUN 2000-01-01
    started DEU EUN 2000-01-01
    stated EUN x supports 2020-01-10 summary="Warming is real." act=demands addressed_to=USA locator=p7 speaker=Ann
    stated USA x opposes 2020-01-11 summary=No.
    """
ON = ("state", "--on", "2020-03-31", "--inherit", "--no-titles")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wide", [("--wide",), ()])
def test_a_blocs_words_show_once_as_its_own(ask: Ask, form: str, wide: tuple[str, ...]) -> None:
    for parties in ((), ("--party", "FRA", "--party", "DEU")):
        shown = ask(*ON, *wide, *parties, "--format", form, text=WORDS)
        assert shown.count("Warming is real.") == (0 if form == "table" and not wide else 1)


def test_members_words_are_shown_as_those_of_their_bloc(ask: Ask) -> None:
    both = ask(*ON, "--wide", text=WORDS)
    assert "EUN (demands, to USA): Warming is real. (Ann, 10 Jan) [no source, p7 @" in both
    assert "from EUN (demands" not in both
    alone = ask(*ON, "--wide", "--party", "FRA", "--party", "DEU", text=WORDS)
    assert "from EUN (demands, to USA): Warming is real. (Ann, 10 Jan) [no source, p7 @" in alone
    page = ask(*ON, "--wide", "--party", "DEU", "--format", "html", text=WORDS)
    assert "from EUN (demands, to USA) Warming is real." in page


def test_markdown_names_the_bloc_in_a_members_row(ask: Ask) -> None:
    shown = ask(*ON, "--wide", "--format", "md", text=WORDS)
    assert "| demands | USA | p7 | Warming is real. (Ann) |" in shown
    assert shown.count("| | | | from EUN |") == 2
    alone = ask(*ON, "--party", "DEU", "--format", "md", text=WORDS)
    assert "| from EUN: Warming is real. (Ann) |" in alone


def test_a_blocs_words_show_once_in_tables_one_below_the_other(ask: Ask) -> None:
    many = "\n".join(f"party M{number:02}\nstarted M{number:02} EUN 2000-01-01" for number in range(30))
    for form in ("table", "html"):
        assert ask(*ON, "--wide", "--format", form, text=f"{WORDS}{many}").count("Warming is real.") == 1
        folded = f"{WORDS}{many}\nclosed x 2020-03-01 agreed"
        assert ask(*ON, "--format", form, text=folded).count("Warming is real.") == (form == "html")

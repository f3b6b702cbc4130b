"""What statements say besides their position, as people see it: red lines, priorities, reasons, joint statements."""

import pytest

from tests.reports.views import Ask

TEXT = """
    party POL
    party EUN kind=bloc
    source lm 2024-11-12
    issue goal form=quantity unit="USD bn"
    stated G77 goal >=1300 2024-11-01 red_line=yes priority=high reasons="adaptation needs;fair shares" note=hallway
    stated EUN goal 200..300 2024-11-05/2024-11-11 could_accept=100..400 provision="paragraph 8" source=lm quote=Deux translation=Two language=fr tags=night
    stated USA net-zero opposes 2024-11-02 act=reserves
    started POL EUN 2004-05-01
    withdrawn POL net-zero 2024-11-03 leaves_position_of=EUN
    """  # noqa: E501
JOINT = """
    party EUN
    party USA
    issue goal form=quantity unit="USD bn"
    stated EUN goal 300 2024-11-05 joint_with=EUN,USA
    stated USA goal 300 2024-11-05 joint_with=EUN,USA
    """
DAYS = ("--from", "2024-10-31", "--to", "2024-11-20")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_red_line_has_a_sign_in_the_state_with_its_legend(read: Ask, form: str) -> None:
    shown = read(TEXT, "state", "--on", "2024-11-20", form=form)
    assert "‖" in shown
    assert "‖ red line" in shown
    assert "‖" not in read("stated EUN trade supports 2024-11-01", "state", "--on", "2024-11-20", form=form)


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("view", ["state", "history", "report", "explain G77 goal"])
def test_every_view_says_what_else_was_said(read: Ask, form: str, view: str) -> None:
    days = DAYS if view == "report" else ("--on", "2024-11-20")
    shown = read(TEXT, *view.split(), *days, form=form)
    assert "high" in shown
    assert "adaptation needs; fair shares" in shown
    if not view.startswith("explain"):
        assert "could accept 100 to 400 USD bn" in shown
        assert "leaves the position of EUN" in shown


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("view", ["history --issue goal", "report", "explain EUN goal"])
def test_a_translation_stands_beside_the_original(read: Ask, form: str, view: str) -> None:
    days = DAYS if view == "report" else ("--on", "2024-11-20")
    if (view, form) == ("history --issue goal", "table"):
        pytest.skip("a history on a terminal has no quotes")
    shown = read(TEXT, *view.split(), *days, form=form)
    assert "“Deux”" in shown
    assert "[fr] (our translation: “Two”)" in shown


def test_show_has_the_translation_behind_the_quote_and_amounts_with_their_unit(read: Ask) -> None:
    shown = read(TEXT, "show", "@7", form="table")
    assert "quote “Deux” language fr translation “Two”" in shown
    assert "amount 200 to 300 USD bn" in shown
    assert "could_accept 100 to 400 USD bn" in shown


@pytest.mark.parametrize(
    ("dated", "words"),
    [
        ("2024-11-05/2024-11-11", "5-11 Nov"),
        ("2024-10-28/2024-11-02", "28 Oct-2 Nov"),
        ("2023-12-30/2024-01-02", "30 Dec 2023-2 Jan 2024"),
    ],
)
def test_an_interval_names_what_its_days_share_once(read: Ask, dated: str, words: str) -> None:
    assert words in read(f"stated EUN trade supports {dated}", "history", form="table")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_joint_statement_is_one_thing_with_all_who_made_it(read: Ask, form: str) -> None:
    shown = read(JOINT, "report", *DAYS, form=form)
    assert shown.count("Said so.") == 1
    assert "jointly" in shown
    state = read(JOINT, "state", "--on", "2024-11-20", form=form).replace("**", "").replace("on goal, ", "")
    assert "EUN, USA stated jointly" in state


@pytest.mark.parametrize("view", ["history", "find said"])
def test_lists_have_a_joint_statement_in_one_line(read: Ask, view: str) -> None:
    shown = read(JOINT, *view.split(), form="table")
    assert "EUN, USA jointly" in shown
    assert shown.count("Said so.") == 1


@pytest.mark.parametrize("view", ["history", "find said"])
def test_a_joint_statement_that_is_recorded_otherwise_stays_apart_with_a_mark(read: Ask, view: str) -> None:
    shown = read(JOINT.replace("USA goal 300", "USA goal 250"), *view.split(), form="table")
    assert shown.count("Said so.") == 2
    assert "300 USD bn&" in shown
    assert "jointly with USA" in shown
    assert "jointly with EUN" in shown
    assert "& stated jointly" in shown


def test_what_each_party_said_besides_is_told_by_party(read: Ask) -> None:
    text = JOINT.replace("joint_with=EUN,USA\n    stated USA", "joint_with=EUN,USA priority=high\n    stated USA")
    assert "EUN: priority high" in read(text, "history", form="table")


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize(
    ("view", "day"), [("report", ("--from", "2024-11-05", "--to", "2024-11-20")), ("history", ("--on", "2024-11-20"))]
)
def test_a_step_tells_what_another_position_ends_without_a_word_on_it(
    read: Ask, view: str, day: tuple[str, ...], form: str
) -> None:
    text = """
        party EUN kind=bloc
        party POL
        issue goal form=quantity unit="USD bn"
        started POL EUN 2004-05-01
        stated EUN goal <=300 2024-11-05 could_accept=<=400 red_line=yes if="by 2035;grants"
        stated EUN goal <=300 2024-11-06
        stated EUN goal 300 2024-11-10 if=grants
        """
    ended = "no longer in force: could accept at most 400; a red line"
    for more in ((), ("--inherit", "--party", "POL")):
        shown = read(text, view, *day, *more, form=form)
        assert shown.count(ended) == 1, more
        assert "by 2035; grants" not in shown.partition(ended)[2]
    kept = text.replace("if=grants", "if=grants could_accept=<=400 red_line=yes")
    assert "no longer in force" not in read(kept, view, *day, form=form)
    withdrawn = text.replace("stated EUN goal 300 2024-11-10 if=grants", "withdrawn EUN goal 2024-11-10")
    assert "no longer in force" not in read(withdrawn, view, *day, form=form)

"""Days beside what a member takes from its bloc: as they were recorded, and of the party that they are about."""

import csv
import io
import json
from collections.abc import Callable

import pytest

TEXT = """
    party FRA
    party EUN kind=bloc
    issue t/a
    started FRA EUN 2000-01-01
    stated EUN t/a supports 2019-01-09
    stated FRA t/a opposes 2020-01-03
    withdrawn FRA t/a "2020-06?"
    milestone Commission 2021-01-01 category=government parties=EUN
    milestone Cabinet 2022-01-01 category=government parties=FRA
    """
THROUGH = """
    party TUV
    party AOSIS kind=bloc name=AOSIS
    party G77 kind=bloc name=G77
    issue t/b
    started TUV AOSIS 2000-01-01
    started AOSIS G77 2010-01-01
    stated G77 t/b opposes 2019-01-09
    """
FORMS = ("table", "md", "html")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "view", [("history", "FRA", "t/a"), ("report", "--from", "2020-05-01", "--to", "2020-07-01")], ids=" ".join
)
def test_what_a_member_takes_as_it_withdraws_is_dated_as_the_withdrawal_is(
    read: Callable[..., str], view: tuple[str, ...], form: str
) -> None:
    shown = read(TEXT, *view, "--inherit", form=form)
    assert "June 2020?" in shown
    assert "30 Jun 2020" not in shown


@pytest.mark.parametrize("form", FORMS)
def test_a_bloc_that_a_party_is_in_through_another_names_that_one(read: Callable[..., str], form: str) -> None:
    shown = read(THROUGH, "history", "TUV", "t/b", "--inherit", form=form)
    assert "through AOSIS since 1 Jan 2010" in shown
    assert "member since" not in shown


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("view", [("state",), ("explain", "TUV", "t/b")], ids=" ".join)
def test_a_stance_taken_through_another_bloc_says_so(
    read: Callable[..., str], view: tuple[str, ...], form: str
) -> None:
    shown = read(THROUGH, *view, "--on", "2020-01-01", "--inherit", "--no-titles", form=form)
    assert shown.count("G77 through AOSIS") == 1


@pytest.mark.parametrize(
    "view",
    [("history", "--on", "2020-01-01"), ("report", "--from", "2018-12-31", "--to", "2020-01-01")],
    ids=" ".join,
)
def test_rows_name_the_bloc_that_a_party_is_in_another_through(read: Callable[..., str], view: tuple[str, ...]) -> None:
    expected = {"G77": None, "AOSIS": None, "TUV": "AOSIS"}
    found = json.loads(read(THROUGH, *view, "--inherit", form="json"))
    rows = found["changes"] if view[0] == "report" else found
    assert {row["party"]: row["through"] for row in rows} == expected
    in_csv = csv.DictReader(io.StringIO(read(THROUGH, *view, "--inherit", form="csv")))
    shown = {row["party"]: row["through"] or None for row in in_csv if row.get("section", "changes") == "changes"}
    assert shown == expected


def test_a_state_and_an_explanation_have_it_as_data_too(read: Callable[..., str]) -> None:
    on = ("--on", "2020-01-01", "--inherit")
    held = json.loads(read(THROUGH, "state", *on, form="json"))
    expected = {"G77": (None, None), "AOSIS": ("G77", None), "TUV": ("G77", "AOSIS")}
    assert {row["party"]: (row["inherited_from"], row["through"]) for row in held} == expected
    rows = csv.DictReader(io.StringIO(read(THROUGH, "state", *on, form="csv")))
    assert {row["party"]: row["through"] for row in rows} == {"G77": "", "AOSIS": "", "TUV": "AOSIS"}
    why = json.loads(read(THROUGH, "explain", "TUV", "t/b", *on, form="json"))
    assert (why["inherited_from"], why["through"], why["inherited"]["through"]) == ("G77", "AOSIS", None)


@pytest.mark.parametrize("form", FORMS)
def test_a_new_government_is_that_of_the_party_that_stated(read: Callable[..., str], form: str) -> None:
    state = ("state", "--on", "2023-01-01", "--inherit", "--no-titles")
    shown = read(TEXT, *state, form=form)
    assert "last stated before its government of 1 Jan 2021" in shown
    assert "EUN, FRA" not in shown
    assert "last stated before EUN's government of 1 Jan 2021" in read(TEXT, *state, "--party", "FRA", form=form)


@pytest.mark.parametrize("form", FORMS)
def test_steps_and_headlines_name_the_bloc_whose_government_is_new(read: Callable[..., str], form: str) -> None:
    text = f"{TEXT}\nstated EUN t/a opposes 2022-02-01\nmilestone Next 2022-03-01 category=government parties=EUN"
    before, after = (f"last stated before EUN's government of 1 {month}" for month in ("Jan 2021", "Mar 2022"))
    report = ("report", "--from", "2020-12-31", "--to", "2023-01-01", "--inherit", "--no-titles")
    shown = read(text, *report, "--party", "FRA", form=form)
    assert (shown.count(before), shown.count(after)) == (1, 1)
    assert "its government" not in shown
    both = read(text, *report, form=form)
    assert both.count("last stated before its government of 1 Mar 2022") == 1
    history = read(text, "history", "FRA", "t/a", "--on", "2023-01-01", "--inherit", form=form)
    assert (history.count(f"the stance before it was {before}"), history.count(after)) == (1, 1)
    assert "its government" not in history

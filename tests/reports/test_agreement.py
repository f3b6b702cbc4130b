"""How often parties agree, as a matrix, as rows and as a network."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import within_this_process
from tests.reports.views import Ask
from tracker.reports.agreement.graphml import NAMESPACE
from tracker.reports.answers import MOST_CELLS

TEXT = """
    party RUS kind=state name="Russia <&>" aliases=Moscow
    issue wording form=choice title=Wording question="Which?"
    issue wording/out title=Out question="Should it?"
    issue goal form=quantity unit="USD bn" title=Goal question="How much?"
    stated RUS arms/start supports 2019-12-10
    stated USA arms/start opposes 2019-12-10
    stated USA arms/start supports 2020-12-10
    stated CHN trade neutral 2019-12-10
    stated RUS trade supports 2019-12-10
    stated RUS goal 100 2019-12-10
    stated USA goal >=300 2019-12-10
    stated RUS wording/out supports 2019-12-10
    stated CHN wording/out supports 2019-12-10
    stated FRA arms/inf supports 2019-12-10
    """
ON, DAYS = ("--on", "2019-12-31"), ("--from", "2019-12-31", "--to", "2020-12-31")


def test_a_matrix_has_the_index_of_every_two_parties_and_their_issues(ask: Ask) -> None:
    shown = ask("agreement", *ON, text=TEXT)
    rows = {line.split("  ")[0]: " ".join(line.split()) for line in shown.splitlines() if line[:3].isupper()}
    assert rows == {
        "CHN": "CHN · +1.00 (2) ·",
        "FRA": "FRA · · ·",
        "RUS": "RUS +1.00 (2) · -1.00 (2)",
        "USA": "USA · · -1.00 (2)",
    }


def test_two_days_show_what_became_of_the_index(ask: Ask) -> None:
    shown = ask("agreement", *DAYS, text=TEXT)
    assert "-1.00 -> 0.00" in shown
    assert "Agreement 31 Dec 2019 -> 31 Dec 2020, 4 parties" in shown
    listed = ask("agreement", *DAYS, "--rows", text=TEXT, width=100)
    assert "RUS, USA  -1.00 -> 0.00  2  0 -> 1  0         2 -> 1   0     0 -> 1" in listed
    assert listed.index("CHN, RUS") < listed.index("RUS, USA")


def test_many_parties_fold_into_tables_that_fit_and_the_first_are_shown(new_database: Callable[..., Any]) -> None:
    parties = [f"P{number:02}" for number in range(70)]
    said = "\n".join(f"stated {party} arms/start supports 2019-12-10" for party in parties)
    with new_database(said) as (url, _):
        ran = within_this_process(url)("agreement", COLUMNS="80")
        shown = ran.out
        assert max(map(len, shown.splitlines())) <= 80
        assert "of 70 are shown." in shown
        assert shown.count("+1.00 (1)") <= MOST_CELLS
        few = within_this_process(url)("agreement", "--party", "P03", "--party", "P69", COLUMNS="80").out
        assert few.count("+1.00 (1)") == 2 * 69
        assert len(json.loads(within_this_process(url)("agreement", "--format", "json").out)) == 70 * 69 / 2


def test_parties_named_show_with_all_others(ask: Ask) -> None:
    shown = ask("agreement", *ON, "--party", "USA", text=TEXT)
    assert "only USA" in shown
    assert "CHN" not in shown
    assert "RUS  -1.00 (2)" in shown


def test_nobody_in_common_says_so(read: Ask) -> None:
    for form in ("table", "md", "html"):
        shown = read("stated RUS x supports 2019-12-10", "agreement", form=form)
        assert "Nobody holds anything on an issue on which another party does." in shown
    assert json.loads(read("stated RUS x supports 2019-12-10", "agreement", form="json")) == []


@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("how", [(), ("--rows",)])
def test_documents_show_names_indexes_and_what_they_rest_on(read: Ask, form: str, how: tuple[str, ...]) -> None:
    shown = read(TEXT, "agreement", *ON, *how, form=form)
    for text in (
        "Agreement on 31 Dec 2019, 4 parties",
        "(RUS)",
        "-1.00",
        "+1.00",
        "agree - opposed",
        "og position",
        "both ends stated",
    ):
        assert text in shown, text


def test_rows_of_csv_have_a_column_for_each_party_and_numbers_as_they_are(read: Ask) -> None:
    rows = list(csv.DictReader(io.StringIO(read(TEXT, "agreement", *ON, form="csv"))))
    assert rows[1] == {
        **{"party": "RUS", "other": "USA", "n": "2", "agree": "0", "agree_if": "0"},
        **{"opposed": "2", "open": "0", "same": "0", "index": "-1.0"},
    }
    compared = list(csv.DictReader(io.StringIO(read(TEXT, "agreement", *DAYS, form="csv"))))
    assert [row["difference_index"] for row in compared] == ["0.0", "1.0"]


@pytest.mark.parametrize("how", [ON, DAYS, (*ON, "--no-titles")])
def test_a_network_is_graphml_with_what_the_rows_say(read: Ask, how: tuple[str, ...]) -> None:
    text = read(TEXT, "agreement", *how, form="graphml")
    root = ElementTree.fromstring(text.encode())
    space = {"g": NAMESPACE}
    assert root.tag == f"{{{NAMESPACE}}}graphml"
    keys = {key.get("id"): (key.get("for"), key.get("attr.type")) for key in root.findall("g:key", space)}
    (graph,) = root.findall("g:graph", space)
    assert graph.get("edgedefault") == "undirected"
    nodes = {node.get("id"): _data(node) for node in graph.findall("g:node", space)}
    assert list(nodes) == ["CHN", "FRA", "RUS", "USA"]
    assert nodes["RUS"]["name"] == ("RUS" if "--no-titles" in how else "Russia <&>")
    assert {data["kind"] for data in nodes.values()} == {"state"}
    edges = [(edge.get("source"), edge.get("target"), _data(edge)) for edge in graph.findall("g:edge", space)]
    read_numbers = {"int": int, "double": float}
    rows = json.loads(read(TEXT, "agreement", *how[: 4 if how == DAYS else 2], form="json"))
    assert [
        {"parties": [one, other], **{name: read_numbers[str(keys[name][1])](text) for name, text in data.items()}}
        for one, other, data in edges
    ] == [{name: value for name, value in row.items() if value is not None} for row in rows]
    assert all(keys[name][0] == "edge" for *_, data in edges for name in data)


def _data(element: ElementTree.Element) -> dict[str, str]:
    return {str(data.get("key")): data.text or "" for data in element.findall(f"{{{NAMESPACE}}}data")}


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--to", "2020-01-01"), "--to goes with --from: say from which day."),
        (("--on", "2020-01-01", "--from", "2019-01-01"), "Leave one out."),
        (("--from", "2020-01-01", "--to", "2019-01-01"), "--to 2019-01-01 lies before --from 2020-01-01. Swap them."),
    ],
)
def test_days_that_contradict_each_other_are_refused(
    new_database: Callable[..., Any], args: tuple[str, ...], told: str
) -> None:
    with new_database(TEXT) as (url, _):
        refused = within_this_process(url)("agreement", *args)
    assert (refused.code, refused.out) == (2, "")
    assert told in refused.err


@pytest.mark.parametrize("how", [(), ("--rows",)])
def test_the_heads_of_numbers_stay_on_narrow_screens(new_database: Callable[..., Any], how: tuple[str, ...]) -> None:
    """Rows of other lists become blocks there and lose their heads."""
    with new_database(TEXT) as (url, _):
        page = within_this_process(url)("agreement", *ON, *how, "--format", "html").out
    assert set(re.findall(r'<table class="([^"]*)">', page)) == {"list square"}
    narrow = page[page.index("@media screen and (max-width: 50rem)") :]
    rules = [line for line in narrow[: narrow.index("\n}")].splitlines() if line.startswith("  .list")]
    assert len(rules) == 4
    assert all(part.startswith(".list:not(.square)") for rule in rules for part in re.findall(r"\.list\S*", rule))

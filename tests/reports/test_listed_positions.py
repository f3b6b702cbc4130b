"""Which rows an answer shows by priority, red line, tag, condition, reason or note, and that the rest still counts."""

import json
from typing import Any

import pytest

from tests.reports.views import Ask

TEXT = """
    party USA
    party CHN
    stated RUS trade opposes 2019-01-01 priority=high red_line=yes tags=steel,Autos reasons="Costs jobs" summary="No it"
    stated RUS trade opposes 2019-02-01 if="tariffs end;quotas stay" note="Check the minutes" summary="Still no, it."
    stated USA trade supports 2019-01-01 priority=low if="All sign" tags=steel act=asks addressed_to=RUS summary="Do it"
    stated CHN trade conditional 2019-01-15 if="tariffs fall" summary="If so, it."
    late: stated CHN trade supports 2019-03-01 tags=steel summary="Yes now, it."
    corrected late summary="Yes by now, it."
    """
ON = ("--on", "2019-12-31")
FILTERS = {
    ("--priority", "high"): "only priority: high",
    ("--priority", "low,high"): "only priority: high, low",
    ("--red-line",): "only red lines: yes",
    ("--tag", "STEEL"): "only tags: STEEL",
    ("--condition", "tariffs end"): "only conditions: tariffs end",
    ("--reason", "jobs"): "only reasons: jobs",
    ("--note", "minutes"): "only notes: minutes",
}


def parties(answer: str) -> list[str]:
    return [row["party"] for row in json.loads(answer)]


@pytest.mark.parametrize(
    ("narrowed", "state", "history"),
    [
        (("--priority", "high"), ["RUS"], ["RUS"]),
        (("--priority", "high,low"), ["RUS", "USA"], ["RUS", "USA"]),
        (("--red-line",), ["RUS"], ["RUS"]),
        (("--tag", "steel"), ["CHN", "USA"], ["CHN", "RUS", "USA"]),
        (("--tag", "autos"), [], ["RUS"]),
        (("--tag", "autos", "--tag", "Steel"), ["CHN", "USA"], ["CHN", "RUS", "USA"]),
        (("--tag", "stee"), [], []),
        (("--condition", "TARIFFS"), ["RUS"], ["CHN", "RUS"]),
        (("--condition", "tariffs quotas"), [], []),
        (("--condition", "sign", "--priority", "low"), ["USA"], ["USA"]),
        (("--condition", "sign", "--priority", "high"), [], []),
        (("--reason", "costs jobs"), [], ["RUS"]),
        (("--note", "the minutes"), ["RUS"], ["RUS"]),
    ],
)
def test_a_state_lists_what_is_in_force_and_a_history_what_a_statement_says(
    ask: Ask, narrowed: tuple[str, ...], state: list[str], history: list[str]
) -> None:
    assert parties(ask("state", *ON, *narrowed, "--format", "json", text=TEXT)) == state
    assert parties(ask("state", *ON, *narrowed, "--inherit", "--format", "json", text=TEXT)) == state
    assert parties(ask("history", *ON, *narrowed, "--format", "json", text=TEXT)) == history
    assert sorted(parties(ask("find", "it", *narrowed, "--format", "json", text=TEXT))) == history
    with_conditions = [party for party in state if party != "CHN"]
    assert parties(ask("conditions", *ON, *narrowed, "--format", "json", text=TEXT)) == with_conditions
    asking = [party for party in history if party == "USA"]
    assert parties(ask("asks", "--all", *ON, *narrowed, "--format", "json", text=TEXT)) == asking


def report(ask: Ask, *narrowed: str) -> dict[str, Any]:
    days = ("--from", "2019-01-10", "--to", "2019-12-31", "--known-from", "@6")
    found: dict[str, Any] = json.loads(ask("report", *days, *narrowed, "--format", "json", text=TEXT))
    return found


def test_a_report_lists_steps_and_what_goes_with_them(ask: Ask) -> None:
    whole, narrowed = report(ask), report(ask, "--tag", "steel")
    assert [(row["party"], row["kind"]) for row in whole["changes"]] == [
        ("CHN", "new"),
        ("CHN", "towards"),
        ("RUS", "amended"),
    ]
    assert [(row["party"], row["kind"]) for row in narrowed["changes"]] == [("CHN", "towards")]
    assert narrowed["changes"][0] in whole["changes"]
    assert (narrowed["net"], narrowed["corrections"]) == (whole["net"], whole["corrections"])
    assert [row["party"] for row in whole["learned"]] == ["USA"]
    assert narrowed["learned"] == whole["learned"]
    other = report(ask, "--note", "minutes")
    assert [row["party"] for row in other["changes"]] == ["RUS"]
    assert other["net"] == other["corrections"] == other["learned"] == other["relations"] == []


def test_the_filters_of_a_report_say_what_it_lists_and_only_then(ask: Ask) -> None:
    plain: dict[str, Any] = {"parties": [], "issues": [], "attributions": []}
    assert report(ask)["filters"] == plain
    narrowed = report(ask, "--tag", "steel", "--red-line", "--priority", "high", "--act", "asks")["filters"]
    assert narrowed == plain | {"acts": ["asks"], "tags": ["steel"], "priorities": ["high"], "red_line": True}


VIEWS = (
    ("state", *ON),
    ("history", *ON),
    ("find", "it"),
    ("asks", *ON),
    ("conditions", *ON),
    ("report", "--from", "2018-12-31", "--to", "2019-12-31"),
)


@pytest.mark.parametrize("view", VIEWS, ids=" ".join)
@pytest.mark.parametrize("narrowed", FILTERS, ids=" ".join)
def test_a_heading_names_what_is_listed(ask: Ask, view: tuple[str, ...], narrowed: tuple[str, ...]) -> None:
    words = FILTERS[narrowed]
    assert words in ask(*view, *narrowed, text=TEXT, width=200)
    assert words in ask(*view, *narrowed, "--format", "md", text=TEXT, width=200)
    if view[0] != "find":
        assert words in ask(*view, *narrowed, "--format", "html", text=TEXT, width=200)


def test_a_list_keeps_the_conclusions_of_the_whole(ask: Ask) -> None:
    whole = json.loads(ask("state", *ON, "--format", "json", text=TEXT))
    narrowed = json.loads(ask("state", *ON, "--red-line", "--format", "json", text=TEXT))
    assert narrowed == [row for row in whole if row["party"] == "RUS"]
    assert [(row["statements"], row["priority"], row["red_line"]) for row in narrowed] == [(2, "high", True)]
